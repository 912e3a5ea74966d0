"""Text to spaCy ``Doc``: tokens, sentences, tags, lemmas, dependencies and names, by the model in ``seeds/model``."""

import os

# onnxruntime, from 1.29 on, notes what it runs in the user's home folder and sends it to its makers, unless this is set
# before it is imported. hearsay tells nobody what it reads.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

from pipelines.language.analysis import analyse

__all__ = ["analyse"]
