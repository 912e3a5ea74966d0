"""A web page to its main text and metadata, by trafilatura (Barbaresi 2021)."""

import logging
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any, NamedTuple

from pipelines.ingest.decoding import decoded
from pipelines.ingest.record import Unusable, metadata_of

META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})|<\?xml[^>]{0,80}encoding=[\"']([A-Za-z0-9_:.-]{1,40})",
    re.I,
)
HEAD = 4096


class Page(NamedTuple):
    """The main text of a page, its metadata as keyword arguments of ``Record``, and notes."""

    text: str
    metadata: dict[str, Any]
    notes: list[str]


def page_of(data: bytes, what: str, charset: str | None = None) -> Page:
    """The main text of an HTML page; ``charset`` is what the server called its encoding, else the page itself may say.

    Where no main text stands out, all text of the body is taken, and a note says so.

    Raises:
        Unusable: the page holds no text at all, or is no text file.
    """
    import trafilatura
    from lxml import etree

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it complains of, our notes and reasons say
    m = META_CHARSET.search(data[:HEAD])
    html, _, note = decoded(data, what, charset or ((m[1] or m[2]).decode("ascii") if m else None))
    notes = [note] if note else []
    if not html.strip():
        raise Unusable(f"{what} is empty.")
    try:
        tree = trafilatura.load_html(html)
        found: Any = (
            None if tree is None else trafilatura.bare_extraction(tree, with_metadata=True, include_comments=False)
        )
        metadata, more = metadata_of(_fields(found)) if found is not None else ({}, [])
        if found is not None and (found.text or "").strip():
            return Page(found.text, metadata, notes + more)
        text = ("" if tree is None else trafilatura.html2txt(html)) or _bare_text(html)
    except (etree.LxmlError, ValueError, RecursionError) as error:
        raise Unusable(
            f"{what} cannot be read as HTML ({type(error).__name__}): save the page again, or its text as .txt."
        ) from None
    if not text.strip():
        raise Unusable(
            f"{what} shows no text: the page may be filled in by scripts. Save the text that you see as .txt."
        )
    return Page(text, metadata, [*notes, *more, "No main text stood out, so all text of the page is taken."])


def _bare_text(html: str) -> str:
    """All that stands between tags outside scripts, for what is no page to a parser: a fragment, or tags nested without end."""
    shown = _Shown()
    shown.feed(html)
    shown.close()
    lines = [line for raw in "".join(shown.pieces).split("\n") if (line := raw.strip())]
    return "\n".join(lines) if any(c.isalnum() for line in lines for c in line) else ""


class _Shown(HTMLParser):
    """The text of a page, a line for each piece between tags."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (the signature is the library's)
        self.hidden = self.hidden or (tag if tag in ("script", "style", "noscript", "template", "head") else "")
        self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = "" if tag == self.hidden else self.hidden
        self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(data)


def _fields(found: Any) -> dict[str, Any]:
    return {
        "title": found.title,
        "author": found.author,
        "publisher": found.sitename,
        "url": found.url,
        "language": found.language,
        "published_on": found.date if isinstance(found.date, str | date) else None,
    }
