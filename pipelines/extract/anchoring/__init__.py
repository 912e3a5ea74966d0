"""What an expression of time hangs on: itself, the publication date, a date the text named before, an event, or nothing.

``timewords.find`` reads the words and returns spans with a meaning that no calendar has touched; ``doubt`` drops what is no
time; ``anchor`` decides what a meaning hangs on; ``normalise`` turns it into TIMEX3, EDTF and a calendar interval. They run in
this order.
"""
