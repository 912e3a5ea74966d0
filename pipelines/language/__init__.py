"""Text to spaCy ``Doc``: tokens, sentences, tags, lemmas, dependencies and names, by the model in ``seeds/model``."""

from pipelines.language.analysis import analyse

__all__ = ["analyse"]
