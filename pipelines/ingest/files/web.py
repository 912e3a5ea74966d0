"""A web page to its main text and metadata, by trafilatura (Barbaresi 2021)."""

import codecs
import html
import logging
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from pipelines.ingest.files.decoding import decoded, wide_encoding
from pipelines.ingest.files.reading import MARKS
from pipelines.ingest.files.record import Unusable, metadata_of

META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*(?P<meta>[A-Za-z0-9_:.-]{1,40})"
    rb"|<\?xml[^>]{0,80}encoding=[\"'](?P<xml>[A-Za-z0-9_:.-]{1,40})",
    re.I,
)
"""What a page calls its encoding, as in ``<?xml version="1.0" encoding="cp1251"?>``. Matches ``<meta charset="koi8-r">``, not ``<p>charset=x``."""

HEAD = 4096
"""Bytes in which a page must say its encoding; the standard gives 1,024, and pages are late."""

MOST_TAGS = 100_000
"""Tags up to which the main text is picked out of a page; a bound for cost."""
MOST_CHARACTERS = 8 << 20
"""Beyond either, the tree of a page costs more than ten seconds and 400 MB: its text is taken without one."""

PAGE_ENCODINGS = frozenset(
    [
        "ascii",
        "big5",
        "big5hkscs",
        "cp1125",
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "cp437",
        "cp850",
        "cp852",
        "cp855",
        "cp866",
        "cp874",
        "cp932",
        "cp949",
        "cp950",
        "euc_jis_2004",
        "euc_jp",
        "euc_kr",
        "gb18030",
        "gb2312",
        "gbk",
        "hz",
        "iso2022_jp",
        "iso2022_kr",
        "iso8859-1",
        "iso8859-2",
        "iso8859-3",
        "iso8859-4",
        "iso8859-5",
        "iso8859-6",
        "iso8859-7",
        "iso8859-8",
        "iso8859-9",
        "iso8859-10",
        "iso8859-11",
        "iso8859-13",
        "iso8859-14",
        "iso8859-15",
        "iso8859-16",
        "johab",
        "koi8-r",
        "koi8-t",
        "koi8-u",
        "kz1048",
        "mac-cyrillic",
        "mac-greek",
        "mac-latin2",
        "mac-roman",
        "mac-turkish",
        "ptcp154",
        "shift_jis",
        "shift_jis_2004",
        "shift_jisx0213",
        "tis-620",
        "utf-8",
        "utf-8-sig",
    ]
)
"""Python's names of the encodings that a page may be believed to be in, when it or its server says so. Python knows others
under names that a page may hold too: some turn bytes into anything (rot13, zip, unicode_escape), one always fails
(undefined). UTF-16 is none: a page whose declaration can be read in ASCII is not in it, and one that is shows it by its bytes.
"""


def known_encoding(label: str | None) -> str | None:
    """The encoding that a page or its server names; null when it names none that pages are written in."""
    try:
        name = codecs.lookup(label).name if label else None
    except (LookupError, ValueError):
        return None
    return name if name in PAGE_ENCODINGS else None


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
    data, notes = _without_nul(data)
    page, more = _decoded_page(data, what, charset)
    notes += more
    if not page.strip():
        raise Unusable(f"{what} is empty: fill it or take it out.")
    page = _without_inner_subset(page)
    found, problem = _main_text(page)
    metadata, more = metadata_of(found.fields)
    notes = [*notes, *more]
    if not problem:
        return Page(found.text, metadata, notes)
    text = found.text or bare_text(page)
    if not text.strip():
        raise Unusable(
            f"{what} shows no text: the page may be filled in by scripts. Save the text that you see as .txt."
        )
    return Page(text, metadata, [*notes, f"{problem}, so all text of the page is taken."])


def _without_nul(data: bytes) -> tuple[bytes, list[str]]:
    """A page without its NUL bytes, as browsers read it, and a note; UTF-16 and UTF-32, and what is binary, unchanged."""
    n_nul = data.count(b"\x00")
    if not n_nul or n_nul * MOST_NUL > len(data) or data.startswith(MARKED_WIDE) or wide_encoding(data):
        return data, []
    return data.replace(b"\x00", b""), [f"{n_nul:,} NUL byte(s), which are no characters, are left out."]


MOST_NUL = 10
"""A page of which more than one byte in so many is NUL is in another encoding, or binary."""

MARKED_WIDE = tuple(mark for mark, encoding in MARKS if encoding != "utf-8")


def _decoded_page(data: bytes, what: str, charset: str | None) -> tuple[str, list[str]]:
    """The page as text, and notes; what its server says of its encoding is believed before what it says itself."""
    m = META_CHARSET.search(data[:HEAD])
    own = (m["meta"] or m["xml"]).decode("ascii") if m else None
    page, _, note = decoded(data, what, known_encoding(charset) or known_encoding(own))
    notes = [note] if note else []
    label = charset or own
    if label and known_encoding(label) is None and label.lower().replace("_", "-") not in UNBELIEVED:
        notes.append(f"{label[:40]} is no encoding that we know, so the encoding was found from the text.")
    return page, notes


UNBELIEVED = frozenset(("utf-16", "utf-16le", "utf-16be", "utf-32", "utf-7", "unicode"))
"""Encodings that there are and that a page's word is not taken for."""


class _Found(NamedTuple):
    """What trafilatura made of a page: its text, which may be empty, and what it says of itself."""

    text: str = ""
    fields: Mapping[str, Any] = MappingProxyType({})


def _main_text(page: str) -> tuple[_Found, str | None]:
    """The main text of a page; else all that can be had with why it is not the main text: a sentence without its end."""
    if len(page) > MOST_CHARACTERS or page.count("<") > MOST_TAGS:
        return _Found(), "The page is too large for its main text to be picked out"
    if _most_attributes(page) > MOST_ATTRIBUTES:
        return _Found(), "A tag of the page has too many attributes for its main text to be picked out"
    try:
        return _extracted(page)
    except MemoryError:
        raise
    except Exception as error:  # the libraries fail on some pages; what a page shows can be had without them
        return _Found(), f"The main text could not be picked out ({type(error).__name__})"


def _extracted(page: str) -> tuple[_Found, str | None]:
    import trafilatura
    from lxml.html import fromstring

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it complains of, our notes and reasons say
    tree = trafilatura.load_html(page)
    if tree is not None and _depth(tree) >= PARSER_DEPTH:  # the parser left out all that came after
        tree = fromstring(page.encode("utf-8", "replace"), parser=_deep_parser())
        if _depth(tree) > MOST_DEPTH:
            return _Found(), "The tags of the page stand too deep in one another for its main text to be picked out"
    if tree is None:  # no page to the parser: a fragment, or tags nested without end
        return _Found(), NO_MAIN_TEXT
    # a day is taken from what the page says of itself: one that is guessed from its words (their first year, say) is none
    dates = {"original_date": True, "extensive_search": False}
    found: Any = trafilatura.bare_extraction(
        tree, with_metadata=True, include_comments=False, date_extraction_params=dates
    )
    fields = _fields(found) if found is not None else {}
    if found is not None and (found.text or "").strip():
        return _Found(found.text, fields), None
    return _Found(trafilatura.html2txt(tree), fields), NO_MAIN_TEXT


PARSER_DEPTH = 250
"""A little under how deep tags may stand in one another before libxml2 leaves out the rest of the page, silently (256)."""

MOST_DEPTH = 500
"""How deep they may stand for the main text to be picked out: the time grows with the square of it (1,000: a second)."""


def _depth(tree: Any) -> int:
    """How deep the elements of a tree stand in one another."""
    from lxml import etree

    most = depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        most = max(most, depth)
    return most


@cache
def _deep_parser() -> Any:
    """The parser of trafilatura without the limits of libxml2 that a page may reach."""
    from lxml.html import HTMLParser

    return HTMLParser(
        collect_ids=False,
        default_doctype=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )


MOST_ATTRIBUTES = 2_000
"""How many attributes a tag may have, for the parser's time grows with their square (5,000: 0.4 s)."""

TAG = re.compile(r"<[a-z](?P<inner>(?:=\s*+(?:\"[^\"]*+\"|'[^']*+')|[^>])*+)", re.I)
"""A tag up to its end, which is no ``>`` inside quotation marks: ``<a title="x > y"``; not ``< b``."""

QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")


def _most_attributes(page: str) -> int:
    """How many attributes a tag of the page has at most, as far as that may be more than ``MOST_ATTRIBUTES``; else 0."""
    long = (m["inner"] for m in TAG.finditer(page) if len(m["inner"]) > MOST_ATTRIBUTES)
    return max((len(QUOTED.sub(" ", inner).replace("/", " ").split()) for inner in long), default=0)


DOCTYPE = re.compile(r"<!doctype\b[^<>\[]{0,400}(?=\[)", re.I)
INNER_SUBSET = re.compile(r"\[(?:[^\]<]|<!--.*?-->|<(?:\"[^\"]*+\"|'[^']*+'|[^<>\"'])*+>)*+\]\s{0,100}(?=>)", re.S)
"""What a DOCTYPE declares in brackets: ``[ <!ENTITY a "x > y"> ]``. HTML parsers end the DOCTYPE at the first ``>`` in it.
Matches ``[<!ENTITY a "b">]>``, not ``[a]``."""


def _without_inner_subset(page: str) -> str:
    m = DOCTYPE.search(page, 0, HEAD)
    inner = INNER_SUBSET.match(page, m.end()) if m else None
    return page[: inner.start()] + page[inner.end() :] if inner else page


NO_MAIN_TEXT = "No main text stood out"

MARKUP = re.compile(
    r"<!--.*?(?:--!?>|\Z)"
    r"|<(?P<hidden>script|style|noscript|template|head)\b[^<>]*>.*?(?:</(?P=hidden)\b[^<>]*>|\Z)"
    r"|</?[a-z][^<>]*>|<[!?][^<>]*>",
    re.I | re.S,
)
"""Tags, comments, declarations, and what stands in scripts: all that a page does not show. ``a < b`` and ``<3`` are no tags.
Each alternative ends at the next ``<`` or eats all that it looked at, so that no text is looked at twice.
Matches ``<b>``, not ``a < b``."""

LONG_REFERENCE = re.compile(r"&#(?:x[0-9a-f]{7,}|[0-9]{8,});?", re.I)
"""``&#99999999999;``: a reference to a character that there is none of; Python refuses to read very long numbers."""


def bare_text(page: str) -> str:
    """All that stands between tags outside scripts, a line for each piece; empty where that has no letter and no digit.

    It is for what is no page to a parser (a fragment, tags nested without end), and the same in every version of Python.
    """
    shown = html.unescape(LONG_REFERENCE.sub("\ufffd", MARKUP.sub("\n", page)))
    lines = [line for raw in shown.split("\n") if (line := raw.strip())]
    return "\n".join(lines) if any(c.isalnum() for line in lines for c in line) else ""


def _fields(found: Any) -> dict[str, Any]:
    return {
        "title": found.title,
        "author": found.author,
        "publisher": found.sitename,
        "url": found.url,
        "language": found.language,
        "published_on": found.date if isinstance(found.date, str | date) else None,
    }
