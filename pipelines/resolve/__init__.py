"""Across documents: which names are one entity, which figures answer one question."""
