"""Who is meant: a speaker given by a pronoun, a description or a possessive, led back to a name."""
