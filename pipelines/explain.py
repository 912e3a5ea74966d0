"""Why the rows of a text are what they are: its parse, the rules that found each row, those that wanted one and lost.

A text is read anew, alone: ids of entities are left out, and what other documents told the resolver is not known here.
"""

import json
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from textwrap import wrap
from typing import Any

from pipelines.at_once import Given, parsed_of, tables_of
from pipelines.ingest.document import Row
from pipelines.language.parsed import Parsed
from pipelines.lost import Lost, noted

WIDTH = 100
"""Columns of a line in a terminal."""
KEYS = {"mentions": "mention_id", "dates": "date_id", "figures": "figure_id", "claims": "claim_id"}
"""The tables whose rows stand in a sentence, and their ids, in the order in which they are told."""
WHY = {
    "mentions": ("type", "form", "confidence"),
    "dates": ("rule", "type", "value", "anchor", "anchor_text", "modifier", "alternative_value"),
    "figures": ("rule", "value", "value_max", "unit", "unit_basis", "modifier", "change", "referent", "kind"),
    "claims": (
        "rule",
        "kind",
        "act",
        "source_text",
        "source_kind",
        "speaker",
        "cue_text",
        "status",
        "stance",
        "said_on_start",
        "confidence",
    ),
}
"""What of a row says how it came to be; null ones are left out."""


@dataclass(frozen=True)
class Word:
    """A token: its text, part of speech, the type of the name it stands in (null for none), its relation, and its head."""

    text: str
    tag: str
    name: str | None
    relation: str
    head: str | None
    depth: int


@dataclass
class Sentence:
    """A sentence with its tree, its rows by table, and what rules wanted of it and did not get; it begins at ``start``."""

    start: int
    text: str
    segment: str
    words: list[Word]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)


@dataclass
class Explanation:
    """The sentences that were asked for; ``fault`` is the traceback of an extractor that failed on this text, null for none."""

    sentences: list[Sentence]
    about: dict[str, Any]
    fault: str | None = None


def explained(given: Given, asked: tuple[int, int] | None = None) -> Explanation:
    """How the rows of a text came to be; of the sentences that ``asked`` touches alone, if it is given (code points)."""
    parsed = parsed_of(given)
    fault = None
    tables: Mapping[str, Sequence[Row]] = {}
    with noted() as lost:
        try:
            tables = tables_of([parsed])
        except Exception:  # whatever an extractor raises is what is explained
            fault = traceback.format_exc()
    document = parsed.document
    about = {
        name: getattr(document, name)
        for name in (
            "title",
            "publisher",
            "author",
            "published_on",
            "published_basis",
            "genre",
            "genre_basis",
            "language",
        )
        if getattr(document, name) is not None
    }
    found = [
        _sentence(parsed, sentence.start_char, sentence.end_char, tables, lost)
        for sentence in parsed.sentences
        if asked is None or (sentence.start_char < asked[1] and asked[0] < sentence.end_char)
    ]
    return Explanation(found, about, fault)


def _sentence(
    parsed: Parsed, start: int, end: int, tables: Mapping[str, Sequence[Row]], lost: Iterable[Lost]
) -> Sentence:
    text = parsed.document.text
    tokens = [token for token in parsed.doc if start <= token.idx < end and not token.is_space]
    words = []
    for token in tokens:
        is_root = token.head.i == token.i
        depth = sum(1 for _ in token.ancestors)
        words.append(
            Word(
                token.text, token.tag_, token.ent_type_ or None, token.dep_, None if is_root else token.head.text, depth
            )
        )
    names = {row["mention_id"]: row for row in tables.get("mentions", ())}
    rows = {}
    for table in KEYS:
        here = [row for row in tables.get(table, ()) if start <= row["start_char"] < end]
        rows[table] = [row | _speaker(row, names) if table == "claims" else row for row in here]
    return Sentence(
        start,
        text[start:end],
        parsed.kind_at(start),
        words,
        rows,
        list(dict.fromkeys(one for one in lost if start <= one.start < end)),
    )


def _speaker(row: Row, mentions: Mapping[str, Row]) -> dict[str, str | None]:
    """The name that a claim's source is, or is led back to: "he" -> Ana Berg."""
    mention = mentions.get(row["source_mention_id"] or "")
    meant = mentions.get((mention or {}).get("antecedent_id") or "")
    if meant is not None and mention is not None:
        return {"speaker": f"{meant['text']} ({mention['form']} led back, {mention['confidence']:.2f})"}
    return {"speaker": mention["text"] if mention is not None and mention["form"] == "name" else None}


# ---------------------------------------------------------------- told


def as_lines(found: Explanation, marked: str | None = None) -> Iterator[str]:
    """The explanation for a terminal; the row with the id ``marked`` has an arrow before it."""
    if found.about:
        yield from wrap("Read as " + ", ".join(f"{name} {value}" for name, value in found.about.items()) + ".", WIDTH)
    if found.fault is not None:
        yield "An extractor failed on this text, and a run leaves out what it failed on:"
        yield from found.fault.rstrip().split("\n")
    for number, sentence in enumerate(found.sentences, 1):
        yield ""
        yield from wrap(f"{number}. {' '.join(sentence.text.split())}", WIDTH, subsequent_indent="   ")
        if sentence.segment != "body":
            yield f"   in a segment of kind {sentence.segment}"
        yield ""
        yield from _tree(sentence.words)
        for table, rows in sentence.rows.items():
            if rows:
                yield ""
                yield f"   {table}"
            for row in rows:
                yield from _row(table, row, is_marked=row[KEYS[table]] == marked)
        if sentence.lost:
            yield ""
            yield "   wanted and lost"
        for one in sentence.lost:
            words = sentence.text[one.start - sentence.start : one.end - sentence.start]
            yield f"     {one.table:9}“{words}”  by {one.rule}: {one.why}"


def _tree(words: Sequence[Word]) -> Iterator[str]:
    """The tokens in their order, indented by their depth: what hangs on a word stands further right."""
    for word in words:
        left = "  " * min(word.depth, 12) + word.text
        hangs = f"{word.relation} of {word.head}" if word.head is not None else word.relation
        yield f"     {left:38} {word.tag:6} {word.name or '':9} {hangs}".rstrip()


def _row(table: str, row: Row, *, is_marked: bool) -> Iterator[str]:
    shown = [f"{name} {row[name]}" for name in WHY[table] if row.get(name) is not None and row.get(name) != ""]
    text = " ".join(str(row["text"]).split())
    arrow = "->" if is_marked else "  "
    yield f"  {arrow} “{text if len(text) <= 80 else text[:78] + ' …'}”"
    yield from wrap(" · ".join(shown), WIDTH - 7, initial_indent=" " * 7, subsequent_indent=" " * 7)


def merges_told(name: str, merges: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Why the names of one entity are one, and which others were kept apart; a row of ``entity_merges`` each."""
    yield f"{name}: what was decided about its names"
    for row in merges:
        verb = {"same": "is", "different": "is not"}.get(row["decision"], "may be")
        score = "" if row["score"] is None else f", score {row['score']:.2f}"
        yield f"  {row['name_a']} {verb} {row['name_b']}  by {row['rule']}{score}"
        if row["evidence"]:
            yield from wrap(str(row["evidence"]), WIDTH - 6, initial_indent=" " * 6, subsequent_indent=" " * 6)


def as_json(found: Explanation) -> str:
    """The explanation as one JSON object."""
    return json.dumps(asdict(found), indent=1, ensure_ascii=False, default=str)
