"""Which marks attribute: quotations, how far they reach and who speaks them."""
