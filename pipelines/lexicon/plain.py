"""The form in which names are looked up in lists."""

from anyascii import anyascii


def plain(name: str) -> str:
    """Lower-case, without accents, apostrophes and a leading article; white space single."""
    text = anyascii(name) if not name.isascii() else name
    text = " ".join(text.replace("'", "").casefold().split())
    return text.removeprefix("the ")
