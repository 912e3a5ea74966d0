"""A document as one HTML file: its text with claims, figures, dates and names marked, and lists of all of them.

The file needs nothing else: no script at all, no picture, no font, no address. A content security policy in it forbids
the browser to run or to fetch anything, so that what a text holds stays text even if a mistake were made here.
Every mark shows its normalised value on hover and on keyboard focus; without a mouse, Tab goes from mark to mark.
"""

import base64
import hashlib
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import jinja2
from markupsafe import Markup, escape

from warehouse.evidence import wording
from warehouse.evidence.lookups import Found, claims, figures, row, rows
from warehouse.evidence.passages import acts, harmless, line_number, one_line, visible

HERE = Path(__file__).resolve().parent
LAYERS = ("claim", "figure", "date", "entity")
"""What is marked, outermost first where two have the same characters."""


@dataclass(frozen=True)
class Note:
    """One mark: characters ``[start, end)``, its layer, the row it stands for, and what it says when asked."""

    start: int
    end: int
    layer: str
    ident: str
    words: str
    style: str = ""


def page(database: duckdb.DuckDBPyConnection, document_id: str, *, theme: str = "", focus: str = "") -> str:
    """The HTML file of a document.

    ``theme`` is ``dark`` or ``light`` (else the reader's system decides); the row with the id ``focus`` stands out.

    Raises:
        KeyError: there is no such document.
    """
    document = row(database, "documents", document_id)
    if document is None:
        raise KeyError(document_id)
    found = _Rows(database, document)
    style = (HERE / "page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _template().render(
        document=document,
        published=wording.published(document),
        blocks=list(_blocks(document["text"], found.segments, found.notes(), focus)),
        claims=found.tree(),
        n_claims=len(found.claims),
        figures=found.figures,
        dates=found.dates,
        entities=found.entities(),
        chrome=any(segment["kind"] == "chrome" for segment in found.segments),
        theme=theme,
        style=Markup(style),  # noqa: S704 - our own file
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )


def brief(text: str, limit: int = 300) -> str:
    """A text on one line, cut at ``limit`` characters."""
    return one_line(text, limit)


def environment(folder: Path) -> jinja2.Environment:
    """Templates of this folder, which escape all they are given and make it harmless, with the words every page shares."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: harmless(value) if type(value) is str else value,
    )
    made.filters |= {
        "amount": wording.amount,
        "speaker": wording.speaker,
        "manner": wording.manner,
        "spaced": lambda word: word.replace("_", " "),
        "brief": brief,
        "when": when,
    }
    return made


@cache
def _template() -> jinja2.Template:
    return environment(HERE).get_template("page.html.jinja")


def when(found: Found) -> str:
    """A date row's value in words, or as TIMEX3 where no calendar days are fixed."""
    return wording.days(found["start_on"], found["end_on"]) or f"{found['type'].lower()} {found['value']}"


class _Rows:
    """Everything that is marked in one document."""

    def __init__(self, database: duckdb.DuckDBPyConnection, document: Found) -> None:
        ident = document["document_id"]
        place = "ORDER BY start_char, end_char"
        self.document = document
        self.segments = rows(database, f"SELECT * FROM segments WHERE document_id = ? {place}", ident)
        self.claims = claims(database, "c.document_id = ? ORDER BY c.start_char, c.end_char DESC, c.claim_id", ident)
        self.figures = figures(database, "f.document_id = ? ORDER BY f.start_char, f.end_char", ident)
        self.dates = rows(database, f"SELECT * FROM dates WHERE document_id = ? {place}", ident)
        self.mentions = rows(
            database,
            "SELECT m.*, e.name FROM mentions m LEFT JOIN entities e USING (entity_id) "
            "WHERE m.document_id = ? ORDER BY m.start_char, m.end_char",
            ident,
        )
        self.by_id = {claim["claim_id"]: claim for claim in self.claims}

    def notes(self) -> list[Note]:
        """Every mark, in the order of the text, what is around before what is inside."""
        made = [*self._claim_notes(), *self._figure_notes(), *self._date_notes(), *self._mention_notes()]
        return sorted(made, key=lambda note: (note.start, -note.end, LAYERS.index(note.layer), note.ident))

    def _claim_notes(self) -> Iterator[Note]:
        for claim in self.claims:
            words = self._told(claim)
            for span in claim["content_spans"] or ():
                yield Note(span["start_char"], span["end_char"], "claim", claim["claim_id"], words, claim["kind"])

    def _told(self, claim: Found) -> str:
        """Who says a claim and how, who tells that, and when it was said."""
        lines = [f"{wording.speaker(claim)}: {wording.manner(claim)}"]
        seen, outer = {claim["claim_id"]}, self.by_id.get(claim["parent_claim_id"])
        while outer is not None and outer["claim_id"] not in seen:
            lines.append(f"as told by {wording.speaker(outer)}")
            seen.add(outer["claim_id"])
            outer = self.by_id.get(outer["parent_claim_id"])
        said = wording.days(claim["said_on_start"], claim["said_on_end"])
        return "\n".join([*lines, *([f"said on {said}"] if said else []), f"claim {claim['claim_id']}"])

    def _figure_notes(self) -> Iterator[Note]:
        for figure in self.figures:
            of = f" of {figure['referent']}" if figure["referent"] else ""
            lines = [f"{wording.amount(figure)}{of} ({figure['kind'].replace('_', ' ')})"]
            if figure["claim_id"]:
                lines.append(", ".join([f"said by {wording.speaker(figure)}", *wording.standing(figure)]))
            lines.append(f"figure {figure['figure_id']}")
            yield Note(figure["start_char"], figure["end_char"], "figure", figure["figure_id"], "\n".join(lines))

    def _date_notes(self) -> Iterator[Note]:
        for found in self.dates:
            anchor = wording.ANCHORS[found["anchor"]] + (f" ({found['anchor_text']})" if found["anchor_text"] else "")
            words = f"{when(found)}\n{found['type']} {found['value']}, {anchor}\ndate {found['date_id']}"
            yield Note(found["start_char"], found["end_char"], "date", found["date_id"], words)

    def _mention_notes(self) -> Iterator[Note]:
        for mention in self.mentions:
            whom = mention["name"] or "not resolved to an entity"
            entity = f"\nentity {mention['entity_id']}" if mention["entity_id"] else ""
            words = f"{whom}, {wording.MENTION_TYPES[mention['type']]}\nby {mention['form']}{entity}"
            yield Note(
                mention["start_char"], mention["end_char"], "entity", mention["mention_id"], words, mention["form"]
            )

    def tree(self) -> list[dict[str, Any]]:
        """The claims, each with those it reports."""
        below: dict[str | None, list[Found]] = defaultdict(list)
        for claim in self.claims:
            parent = claim["parent_claim_id"]
            below[parent if parent in self.by_id and parent != claim["claim_id"] else None].append(claim)
        seen: set[str] = set()

        def grown(parent: str | None) -> list[dict[str, Any]]:
            new = [claim for claim in below[parent] if claim["claim_id"] not in seen]
            seen.update(claim["claim_id"] for claim in new)
            return [
                {
                    "row": claim,
                    "said": wording.days(claim["said_on_start"], claim["said_on_end"]),
                    "line": line_number(self.document["text"], claim["start_char"]),
                    "below": grown(claim["claim_id"]),
                }
                for claim in new
            ]

        return grown(None)

    def entities(self) -> list[dict[str, Any]]:
        """The entities named here, most mentioned first, with the forms of their names and the first mention."""
        named: dict[str, dict[str, Any]] = {}
        for mention in self.mentions:
            if mention["entity_id"] is None:
                continue
            fresh = {
                "name": mention["name"],
                "type": mention["type"],
                "n": 0,
                "forms": {},
                "first": mention["mention_id"],
            }
            entity = named.setdefault(mention["entity_id"], fresh | {"entity_id": mention["entity_id"]})
            entity["n"] += 1
            entity["forms"][mention["text"]] = None
        for entity in named.values():
            entity["kind"] = wording.MENTION_TYPES[entity["type"]]
            entity["forms"] = ", ".join(entity["forms"])
        return sorted(named.values(), key=lambda entity: (-entity["n"], entity["name"]))


@dataclass(frozen=True)
class Block:
    """One layout part, its text woven with its marks."""

    kind: str
    speaker: str
    html: Markup


def _blocks(text: str, segments: Sequence[Found], notes: Sequence[Note], focus: str) -> Iterator[Block]:
    """The layout parts in order; what no part holds, unless it is only white space, is a part of its own."""
    named: set[str] = set()
    waiting = deque(notes)
    open_notes: list[Note] = []
    for low, high, kind, speaker in _parts(text, segments):
        while waiting and waiting[0].start < high:
            open_notes.append(waiting.popleft())
        open_notes = [note for note in open_notes if note.end > low]
        yield Block(kind, speaker, weave(text, low, high, open_notes, named, focus))


def _parts(text: str, segments: Sequence[Found]) -> Iterator[tuple[int, int, str, str]]:
    """Every part that is not empty, as (first character, one past the last, kind, speaker)."""
    at = 0
    for segment in segments:
        start, end = segment["start_char"], segment["end_char"]
        if text[at:start].strip():
            yield at, start, "other", ""
        if max(start, at) < end:
            where = f" ({segment['speaker_country']})" if segment["speaker_country"] else ""
            speaker = f"{segment['speaker']}{where}" if segment["speaker"] else ""
            yield max(start, at), end, segment["kind"], speaker
        at = max(at, end)
    if text[at:].strip():
        yield at, len(text), "other", ""


def weave(text: str, low: int, high: int, notes: Sequence[Note], named: set[str], focus: str = "") -> Markup:
    """The stretch ``[low, high)`` with its marks as nested elements; where two overlap, one is split.

    ``named`` holds the rows whose first mark has been made: only that one can be linked to and takes the focus.
    """
    inside = [note for note in notes if note.start < high and note.end > low]
    starts: dict[int, list[Note]] = defaultdict(list)
    edges = {low, high}
    for note in inside:
        starts[max(note.start, low)].append(note)
        edges |= {max(note.start, low), min(note.end, high)}
    out: list[str] = []
    stack: list[Note] = []
    for at, after in pairwise(sorted(edges)):
        opening = list(starts[at])
        ended = [depth for depth, note in enumerate(stack) if note.end <= at]
        if ended:
            out += ["</span>"] * (len(stack) - ended[0])
            opening += [note for note in stack[ended[0] :] if note.end > at]
            stack = stack[: ended[0]]
        for note in sorted(opening, key=lambda note: (-note.end, note.start, LAYERS.index(note.layer))):
            out.append(_opened(note, named, focus))
            stack.append(note)
        out.append(shown(text[at:after]))
    out += ["</span>"] * len(stack)
    return Markup("".join(out))  # noqa: S704 - every part of it is escaped


def _opened(note: Note, named: set[str], focus: str) -> str:
    """The tag that opens a mark; its continuation after a split is no stop for the keyboard."""
    style = f"mark {note.layer} {note.style}".rstrip() + (" here" if note.ident == focus else "")
    words = str(escape(harmless(note.words)))
    if note.ident in named:
        return f'<span class="{escape(style)}" data-note="{words}">'
    named.add(note.ident)
    ident = escape(note.ident)
    return f'<span class="{escape(style)}" id="at-{ident}" tabindex="0" data-note="{words}" aria-description="{words}">'


def shown(text: str) -> str:
    """Text escaped for HTML, with what would act on the page (control characters, bidi marks) as small labels."""
    if text.isprintable():
        return str(escape(text))
    text = text.replace("\r\n", "\n").replace("\r", " ")
    return "".join(
        f'<span class="control">{escape(visible(char))}</span>' if char != "\t" and acts(char) else str(escape(char))
        for char in text
    )
