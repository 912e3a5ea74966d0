"""A row back in its text: the passage, what is marked in it, and why the row is there; for the terminal and as a page."""
