"""Short forms that a text explains itself: acronyms in brackets (after Schwartz and Hearst, 2003), a surname shared by two."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipelines.extract.naming.aliases import glosses, handles
from pipelines.extract.naming.edges import ACRONYM, Span, touching
from pipelines.extract.naming.gazetteer import known_type, type_of_words
from pipelines.ingest.document import Row
from pipelines.language.parsed import Parsed
from pipelines.lexicon.given_names import is_given_name

IN_BRACKETS = re.compile(r"\s?\((?:[\"“«]|hereinafter |or |the |known as )?(?P<short>[^\W\d_][\w&/.-]{1,9})[\"”»]?\)")
"""Matches `` (hereinafter NPW)``, not `` (in short)``."""
LONG_BEFORE = re.compile(r"\((?P<long>[A-Z][^()\n]{6,90})\)")
LONGEST_FORM = 1000
"""Characters before a short form in brackets in which its twelve words at most are looked for."""
WORD = re.compile(r"[^\W_][\w'’.]*")
SMALL_WORD = re.compile(r"[^\W\d_]+")
SMALL = frozenset(["the", "of", "for", "and", "on", "in", "at", "to", "a", "an", "de", "la"])


def definitions_in(parsed: Parsed, names: Sequence[Row]) -> list[Row]:
    """Short forms that the document itself explains, one row each: ``document_id``, ``long``, ``short``, ``start_char``.

    ``Shanghai Cooperation Organisation (SCO)`` gives the acronym; ``Sergey and Yulia Petrov`` gives ``Sergey Petrov`` for the
    ``Sergey`` at ``start_char``. ``start_char`` is where the short form stands. Acronyms after Schwartz and Hearst (2003).
    """
    text, document_id = parsed.document.text, parsed.document.document_id
    rows = [
        {
            "document_id": document_id,
            "long": text[long.start : long.end],
            "short": text[short.start : short.end],
            "start_char": short.start,
        }
        for long, short in _definitions(
            parsed, [Span(row["start_char"], row["end_char"], row["type"], 1.0) for row in names]
        )
    ]
    rows += _shared_surnames(text, document_id, [row for row in names if row["type"] == "PERSON"])
    return sorted(rows, key=lambda row: row["start_char"])


def _shared_surnames(text: str, document_id: str, people: Sequence[Row]) -> list[Row]:
    """``Sergey Petrov`` for the first of ``Sergey and Yulia Petrov``, and for each of ``Anna, Olga and Ivan Sidorov`` before the last."""
    rows = []
    for at, last in enumerate(people):
        words = last["text"].split()
        if len(words) < 2 or not is_given_name(words[0]):
            continue
        gaps: tuple[str, ...] = (" and ", " & ", ", and ")
        for before in range(at - 1, -1, -1):
            first, second = people[before], people[before + 1]
            between = text[first["end_char"] : second["start_char"]]
            if between not in gaps or " " in first["text"] or not is_given_name(first["text"]):
                break
            rows.append(
                {
                    "document_id": document_id,
                    "long": f"{first['text']} {words[-1]}",
                    "short": first["text"],
                    "start_char": first["start_char"],
                }
            )
            gaps = (", ",)
    return rows


def _definitions(parsed: Parsed, spans: Iterable[Span]) -> list[tuple[Span, Span]]:
    """Pairs of a long name and the short form in brackets behind it, or the other way round; glosses and handles too."""
    text = parsed.document.text
    by_end = {span.end: span for span in spans}
    found = []
    for match in IN_BRACKETS.finditer(text):
        short = match["short"]
        if not ACRONYM.match(short) or parsed.kind_at(match.start()) == "chrome":
            continue
        before = by_end.get(match.start())
        start = _long_form(text, match.start(), short)
        if start is None and before is not None and len(short) > 2 and _spells(text[before.start : before.end], short):
            start = before.start
        if start is None or _is_thing(text, start, match.start(), short, by_end):
            continue
        label = before.label if before is not None and before.label != "PERSON" else "ORG"
        found.append(
            (Span(start, match.start(), label, 0.9), Span(match.start("short"), match.end("short"), label, 0.9))
        )
    for match in LONG_BEFORE.finditer(text):
        before = by_end.get(_word_end(text, match.start()))
        if before is not None and ACRONYM.match(text[before.start : before.end]) and before.label != "PERSON":
            short = text[before.start : before.end]
            if _initials(match["long"]) & {short.replace(".", "").casefold()}:
                found.append((Span(match.start("long"), match.end("long"), before.label, 0.9), before))
    ordered = sorted(by_end.values())
    return found + glosses(text, ordered) + handles(text, ordered)


def _is_thing(text: str, start: int, end: int, short: str, by_end: Mapping[int, Span]) -> bool:
    """Whether a long form is the name of a thing, not of a body: in small letters, or marked by nobody and without a body's word."""
    words = text[start:end].split()
    if words[-1][0].islower():
        return True
    return end not in by_end and type_of_words(words) is None and not known_type(short)


def without_things(parsed: Parsed, spans: list[Span]) -> list[Span]:
    """The spans without the short forms that the text explains as words for things: ``compact fluorescent light (CFL)``."""
    text = parsed.document.text
    by_end = {span.end: span for span in spans}
    things: set[str] = set()
    for match in IN_BRACKETS.finditer(text):
        short = match["short"]
        if not ACRONYM.match(short) or known_type(short):
            continue
        start = _long_form(text, match.start(), short)
        if start is None:
            start = _small_long_form(text, match.start(), short)
        if start is not None and _is_thing(text, start, match.start(), short, by_end):
            things.add(short)
    return [span for span in spans if text[span.start : span.end].removesuffix("s") not in things] if things else spans


def _small_long_form(text: str, end: int, short: str) -> int | None:
    """Where the words in small letters begin whose initials are the short form; null when there are none."""
    letters = short.rstrip("s").casefold()
    words = [(match.start(), match[0]) for match in SMALL_WORD.finditer(text, max(0, end - 120), end)][-len(letters) :]
    if len(words) == len(letters) > 1 and "".join(word[0] for _, word in words).casefold() == letters:
        return words[0][0]
    return None


def _word_end(text: str, at: int) -> int:
    """Where the last word before this offset ends."""
    while at and text[at - 1].isspace():
        at -= 1
    return at


def _initials(name: str) -> set[str]:
    words = [word for word in re.split(r"[\s\-/]+", name) if word[:1].isalnum()]
    return {
        "".join(word[0] for word in chosen).casefold()
        for chosen in (words, [w for w in words if w.casefold() not in SMALL])
    }


def _spells(long: str, short: str) -> bool:
    """Whether the letters of the short form stand in the long one in order, the first at its start."""
    letters = [c for c in short.casefold() if c.isalnum()]
    folded = long.casefold().removeprefix("the ")
    at = 0
    for letter in letters:
        at = folded.find(letter, at) + 1
        if at == 0:
            return False
    return folded[:1] == letters[0] and len(long.split()) > 1


def _long_form(text: str, end: int, short: str) -> int | None:
    """Where the words begin whose initials are the short form, capitalised but for small words; null when there are none."""
    letters = (
        "".join(c for c in short if c.isalnum())
        .casefold()
        .removesuffix("s" if short[-1:] == "s" and short[:-1].isupper() else "")
    )
    line = text.rfind("\n", max(0, end - LONGEST_FORM), end) + 1 or max(0, end - LONGEST_FORM)
    words = [(match.start(), match[0]) for match in WORD.finditer(text, line, end)][-12:]
    for skipping in (True, False):
        at = len(letters)
        start = None
        for position, word in reversed(words):
            if at == 0:
                break
            if word.casefold() == letters[at - 1] or (
                word[0].casefold() == letters[at - 1] and (word[0].isupper() or (word in SMALL and not skipping))
            ):
                at -= 1
                start = position
            elif not (skipping and word.casefold() in SMALL):
                break
        if at == 0 and start is not None and text[start].isupper():
            return start
    return None


def with_definitions(parsed: Parsed, spans: list[Span]) -> list[Span]:
    """The long and short forms that the text defines, added or put in place of the pieces found there."""
    ordered = list(spans)
    for long, short in _definitions(parsed, spans):
        for span in (long, short):
            overlapping = touching(ordered, span.start, span.end)
            if any(other.start < span.start or other.end > span.end for other in overlapping):
                continue
            label = span.label
            if span is short and overlapping and overlapping[0].label == "LOC":
                label = "LOC"
            at = bisect_right(ordered, span.start, key=lambda other: other.end)
            ordered[at : at + len(overlapping)] = [replace(span, label=label)]
    return ordered
