"""Which words attribute: the cue, its subject (the source) and its complement (the content)."""
