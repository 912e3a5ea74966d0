"""A page over the tables, for readers who will not write SQL first (Streamlit; the ``dashboard`` extra)."""
