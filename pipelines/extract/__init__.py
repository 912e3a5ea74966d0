"""One document at a time: Doc to rows, pure functions."""
