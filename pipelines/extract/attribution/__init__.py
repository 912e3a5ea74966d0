"""Parts of the claims extractor: quotation marks, cues, spans, sources and what pronouns refer to."""
