"""Mentions: names as the encoder saw them and as lexicons know them, their edges, their types and what they are short for."""
