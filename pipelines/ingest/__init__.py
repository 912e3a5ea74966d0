"""Bytes in, documents and their layout out."""
