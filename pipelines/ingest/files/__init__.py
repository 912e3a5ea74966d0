"""Bytes in files to records: formats, encodings, archives, tables, pages; what cannot be read is a rejection with its reason."""
