"""What is known about a text besides its words: from its record, else read from its layout, else null."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pipelines.ingest.datelines import author_in_dateline, dateline_of
from pipelines.ingest.document import Segment
from pipelines.ingest.files.record import FIELDS
from pipelines.ingest.languages import language_of
from pipelines.ingest.layout.bylines import byline_name
from pipelines.ingest.layout.chrome import alternatives, as_listed
from pipelines.ingest.layout.forum import POSTED, is_member_card
from pipelines.ingest.layout.segments import header_field
from pipelines.lexicon.calendar_names import weekday_names
from pipelines.lexicon.entries import alternation

RIGHTS_HOLDER = re.compile(
    r"(?:©|\(c\)|copyright)\s*+(?:©|\(c\))?\s*+(?:\d{4}(?:\s*[-–]\s*\d{4})?)\s*+,?\s*+(?P<name>[A-Z][^.,|\n]{2,40}?)(?=[.,|\n]|$)",
    re.I,
)
"""Matches ``© 2021 Nord Wire.``, not ``© Nord Wire``."""


def describe(text: str, segments: Sequence[Segment], record_metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Title, author, publisher, url, published_on, genre (with ``genre_basis``: what decided it) and language of a document.

    What the record gives stands as given. Else: the title is the layout's; the author is who a byline, a forum member's card
    or a mail's head names; the publisher is the agency of a dateline or the holder of the copyright that a notice names;
    the genre is read from the layout (member's card: forum_post; outlets and what they write: press_review; an agency's
    dateline: wire; a page's own word for opinion, or a signed text whose writer says "I" and what he or she thinks: op_ed; a
    dateline without agency, or a titled text that tells what others said these days: news) and else ``other``; the language
    (ISO 639-1) is detected. Null where none of this is there. ``published_on`` and ``url`` are the record's alone.
    """
    given = {name: record_metadata.get(name) for name in FIELDS if name != "id"}
    parts = [(part, text[part.start_char : part.end_char]) for part in segments]
    agency = _agency(parts)
    title, author = given["title"] or _title(parts), given["author"] or _author(parts)
    genre, basis = (given["genre"], "metadata") if given["genre"] else _genre(parts, agency, title, author)
    return given | {
        "title": title,
        "author": author,
        "publisher": given["publisher"] or agency or _rights_holder(parts),
        "genre": genre,
        "genre_basis": basis,
        "language": given["language"] or language_of(" ".join(t for part, t in parts if part.kind != "chrome")),
    }


Parts = Sequence[tuple[Segment, str]]


def _title(parts: Parts) -> str | None:
    title = next((text for part, text in parts if part.kind == "title"), None)
    return " ".join(title.split()) if title else None


def _author(parts: Parts) -> str | None:
    for (part, text), (after, below) in zip(parts, [*parts[1:], (None, "")], strict=False):
        if part.kind == "byline" and part.speaker is None:
            if name := byline_name(text):
                return _without_role(" ".join(name.split()))
            if m := POSTED.fullmatch(text):
                return m["name"]
            if after is not None and after.kind == "chrome" and is_member_card(below):
                return text
        if part.kind == "chrome" and (m := POSTED.fullmatch(text)):
            return m["name"]
        if part.kind == "chrome" and (m := header_field().match(text)) and m["field"].lower() == "from":
            return text[m.end() :].split("<")[0].strip(" \"'[]") or None
    first = next((text for part, text in parts if part.kind == "body"), "")
    return author_in_dateline(first)


def _without_role(name: str) -> str:
    return re.split(r"\s*[,/|]\s*|\s+for\s", name)[0].strip()


def _agency(parts: Parts) -> str | None:
    """The agency in the dateline that the running text begins with (its first paragraph may be a headline with a full stop)."""
    begin = [text for part, text in parts if part.kind == "body"][:2]
    for text in (*begin, *(text for part, text in parts if part.kind == "byline")):
        if (found := dateline_of(text)) is not None and found.agency:
            return found.agency
    return None


def _rights_holder(parts: Parts) -> str | None:
    for part, text in parts:
        if (
            part.kind == "chrome"
            and (m := RIGHTS_HOLDER.search(text))
            and not m["name"].lower().startswith(("by ", "all "))
        ):
            return m["name"].strip()
    return None


def _genre(parts: Parts, agency: str | None, title: str | None, author: str | None) -> tuple[str, str | None]:
    """The genre that the layout or the words show, and which evidence decided; ``other`` and null where none does."""
    if any(part.kind == "chrome" and is_member_card(text) for part, text in parts):
        return "forum_post", "card"
    outlets = {part.speaker for part, _ in parts if part.kind == "byline" and part.speaker}
    if len(outlets & {part.speaker for part, _ in parts if part.kind == "quotation"}) > 1:
        return "press_review", "outlets"
    if agency:
        return "wire", "agency"
    if any(part.kind in ("chrome", "byline") and opinion_word().search(as_listed(text)) for part, text in parts):
        return "op_ed", "opinion_word"
    if title and _opinion_label().match(as_listed(title)):
        return "op_ed", "opinion_word"
    is_mail = sum(part.kind == "chrome" and bool(header_field().match(text)) for part, text in parts) > 1
    if any(part.kind == "reply_quote" for part, _ in parts) and not is_mail:
        return "forum_post", "replies"
    first = next((text for part, text in parts if part.kind == "body"), "")
    if dateline_of(first) is not None:
        return "news", "dateline"
    if title is None or is_mail:
        return "other", None
    own = _own_words(parts)
    if author and _argues(own):
        return "op_ed", "first_person"
    return ("news", "reporting") if _reports(own) else ("other", None)


@cache
def _these_days() -> re.Pattern[str]:
    """A weekday, or a day or week told from today."""
    days = alternation(day.capitalize() for day in weekday_names())
    return re.compile(rf"\b(?:{days}|yesterday|today|tomorrow|this (?:morning|week|month)|last (?:night|week|month))\b")


@cache
def _opinion_label() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives('op_ed')})\s*[:|–—]")


def _argues(own: str) -> bool:
    """Whether the writer speaks as "I" and says what he or she thinks: no report does both."""
    return len(FIRST_PERSON.findall(own)) >= 3 and bool(THINKS.search(own))


def _reports(own: str) -> bool:
    """Whether the writer tells what others said these days, and is hardly ever "I" (a quotation in single marks may be)."""
    return len(FIRST_PERSON.findall(own)) < 2 and len(SAID.findall(own)) > 1 and bool(_these_days().search(own))


def _own_words(parts: Parts) -> str:
    """The running text outside quotation marks; empty where it is short, a speech, a letter or a conversation."""
    prose = " ".join(text for part, text in parts if part.kind == "body")
    is_conversation = any(part.kind == "body" and TURN.match(text) for part, text in parts)
    if len(prose.split()) < MOST_SHORT or SPOKEN.search(prose) or is_conversation:
        return ""
    return QUOTED.sub(" ", prose)


MOST_SHORT = 80
"""Words under which a text is too short to tell an opinion piece from a remark."""

QUOTED = re.compile(r"[\"“„«][^\"“”„«»]{1,1500}[\"”“»]")
FIRST_PERSON = re.compile(r"\b(?:I|me|my|mine|myself)\b")
THINKS = re.compile(
    r"\b(?:I (?:\w+ly )?(?:think|believe|doubt|wonder|suspect|fear|hope|argue|submit|disagree|object|would rather|would not|do not (?:say|believe|think)"
    r"|don['’]t (?:say|believe|think)|am (?:convinced|sure|afraid|not convinced))|in my (?:view|opinion|judgment|judgement|book)|to my mind"
    r"|(?:we|they|government|minister|council|ministers|parliament|politicians) (?:should|ought to|must)\b|let us|let['’]s be)\b"
)
"""Matches ``I firmly believe``, not ``they believed``."""
SAID = re.compile(r"\b(?:said|told|announced|reported|stated|added|[Aa]ccording to)\b")
"""Matches ``she said``, not ``she sang``."""
SPOKEN = re.compile(r"\b(?:ladies and gentlemen|thank you|dear \w+|yours (?:sincerely|faithfully|truly))\b", re.I)
"""Matches ``Ladies and gentlemen``, not ``the lady``."""
TURN = re.compile(r"(?:Q|A|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2})\s?:\s")


@cache
def opinion_word() -> re.Pattern[str]:
    """A word by which a page says that it holds opinion."""
    return re.compile(rf"\b(?:{alternatives('op_ed')})\b")
