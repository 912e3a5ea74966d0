"""Temporal expressions in three visible steps: find them, normalise what each says, anchor it to the calendar.

``find`` reads the words and returns spans with a meaning (``meaning``) that no calendar has touched yet;
``normalise`` turns a settled meaning into TIMEX3, EDTF and a calendar interval; ``anchor`` decides what a meaning
hangs on: itself, the publication date, a date the text named before, an event, or nothing.
"""
