"""Figures: numbers in words and digits, their units, bounds and referents, and which numbers are no figures at all."""
