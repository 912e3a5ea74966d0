"""What words of time say by themselves, before any calendar: words, numbers, grammar and rules.

``find`` reads a text and returns spans with a meaning (``meaning``); ``ingest`` dates documents by them, ``extract.anchoring``
hangs them on a calendar.
"""
