"""Rules by kind of expression. Each has a name and an example that it must match; ``find`` tries them in order."""
