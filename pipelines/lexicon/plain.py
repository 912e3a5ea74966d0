"""The form in which names are looked up in lists."""

from functools import lru_cache

from anyascii import anyascii


@lru_cache(maxsize=1 << 16)
def plain(name: str) -> str:
    """Lower-case, without accents, apostrophes and a leading article; white space single."""
    text = anyascii(name) if not name.isascii() else name
    text = " ".join(text.replace("'", "").casefold().split())
    return text.removeprefix("the ")
