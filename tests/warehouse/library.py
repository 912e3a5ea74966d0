"""A small warehouse made by hand: what the reading side is tried on, without any extraction."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipelines.identity import digest, span_id
from schemas import ALL, BY_NAME
from warehouse import catalogue
from warehouse.snapshots import DATABASE, Draft, publish

SEEN = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


@dataclass
class Text:
    """One document being annotated by the words that stand in it."""

    library: "Library"
    document_id: str
    source_id: str
    text: str

    def span(self, words: str, after: str = "") -> tuple[int, int]:
        """Where these words stand (the first time after ``after``)."""
        start = self.text.index(words, self.text.index(after) if after else 0)
        return start, start + len(words)

    def _sentence(self, at: int) -> str | None:
        for row in self.library.rows["sentences"]:
            if row["document_id"] == self.document_id and row["start_char"] <= at < row["end_char"]:
                return str(row["sentence_id"])
        return None

    def _row(self, table: str, key: str, span: tuple[int, int], *more: object, **columns: Any) -> str:
        start, end = span
        ident = span_id(self.document_id, table, start, end, *more)
        row = {
            key: ident,
            "document_id": self.document_id,
            "sentence_id": self._sentence(start),
            "start_char": start,
            "end_char": end,
            "text": self.text[start:end],
        }
        self.library.add(table, row | columns)
        return ident

    def mention(self, words: str, entity: str | None, type: str = "PERSON", after: str = "", **columns: Any) -> str:  # noqa: A002
        """A mention; its entity is made when it is new."""
        entity_id = self.library.entity(entity, type, words, self.document_id) if entity else None
        given = {
            "type": type,
            "form": "name",
            "antecedent_id": None,
            "entity_id": entity_id,
            "claim_id": None,
            "confidence": 1.0,
        }
        return self._row("mentions", "mention_id", self.span(words, after), **(given | columns))

    def claim(
        self, content: str, source: str | None = None, cue: str | None = None, entity: str | None = None, **columns: Any
    ) -> str:
        """A claim by its words."""
        start, end = self.span(content)
        at = self.span(source) if source else None
        cued = self.span(cue) if cue else None
        given = {
            "parent_claim_id": None,
            "kind": "indirect",
            "act": "speech",
            "content_spans": [{"start_char": start, "end_char": end}],
            "source_text": source,
            "source_start_char": at and at[0],
            "source_end_char": at and at[1],
            "source_spans": [{"start_char": at[0], "end_char": at[1]}] if at else [],
            "source_kind": "named" if entity else "group" if source else "author",
            "source_mention_id": None,
            "source_entity_id": self.library.entity_id(entity) if entity else None,
            "cue_text": cue,
            "cue_spans": [{"start_char": cued[0], "end_char": cued[1]}] if cued else [],
            "said_on_start": None,
            "said_on_end": None,
            "said_on_date_id": None,
            "status": "said",
            "stance": "asserts",
            "rule": "clause",
            "confidence": 1.0,
            "saying_id": None,
        }
        return self._row("claims", "claim_id", (start, end), cue, **(given | columns))

    def figure(
        self, words: str, value: float | None, unit: str | None, about: str, after: str = "", **columns: Any
    ) -> str:
        """A figure; ``about`` is the label of the quantity it belongs to."""
        start, end = self.span(words, after)
        inside = [
            row
            for row in self.library.rows["claims"]
            if row["document_id"] == self.document_id and row["start_char"] <= start and end <= row["end_char"]
        ]
        inner = min(inside, key=lambda row: row["end_char"] - row["start_char"], default=None)
        given = {
            "value": value,
            "value_max": None,
            "unit": unit,
            "unit_text": unit,
            "unit_basis": unit and "written",
            "kind": "count",
            "modifier": None,
            "change": None,
            "part": None,
            "referent": None,
            "referent_start_char": None,
            "referent_end_char": None,
            "canonical_value": None,
            "canonical_value_max": None,
            "canonical_unit": None,
            "rule": "unit",
            "claim_id": inner and inner["claim_id"],
            "quantity_id": digest("quantity", about),
            "is_chrome": False,
        }
        row = given | columns
        if row["quantity_id"] is not None:
            self.library.quantity(about, row, self.document_id)
        return self._row("figures", "figure_id", (start, end), **row)

    def date(
        self, words: str, start: date | None, end: date | None, value: str, after: str = "", **columns: Any
    ) -> str:
        """A temporal expression."""
        given = {
            "type": "DATE",
            "value": value,
            "edtf": value if start else None,
            "start_on": start,
            "end_on": end,
            "modifier": None,
            "anchor": "explicit" if start else "none",
            "anchor_text": None,
            "alternative_value": None,
            "range_id": None,
            "relation": None,
            "offset_value": None,
            "quantifier": None,
            "frequency": None,
            "claim_id": None,
            "rule": "calendar",
            "is_chrome": False,
        }
        return self._row("dates", "date_id", self.span(words, after), **(given | columns))


@dataclass
class Library:
    """Rows of every table, and their publication."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in BY_NAME})

    def add(self, table: str, row: dict[str, Any]) -> None:
        """One more row."""
        self.rows[table].append(row)

    def text(self, source_id: str, text: str, chrome: tuple[str, ...] = (), **columns: Any) -> Text:
        """A document with its record, a segment a line, a sentence where a mark and a space end one."""
        ident = digest("document", source_id)
        sha = hashlib.sha256(text.encode()).hexdigest()
        self.record(source_id, "ok", None, ident, bytes_sha256=sha, n_bytes=len(text.encode()))
        given = {
            "document_id": ident,
            "source_id": source_id,
            "content_sha256": sha,
            "title": None,
            "publisher": None,
            "author": None,
            "published_on": None,
            "published_basis": None,
            "published_earliest_on": None,
            "published_latest_on": None,
            "genre": "news",
            "genre_basis": "metadata",
            "language": "en",
            "url": None,
            "n_chars": len(text),
            "n_words": len(text.split()),
            "duplicate_of": None,
            "text": text,
        }
        self.add("documents", given | columns)
        for line in re.finditer(r"[^\n]*\S[^\n]*", text):
            start, end = line.span()
            kind = "title" if line[0] == columns.get("title") else "chrome" if line[0] in chrome else "body"
            segment_id = span_id(ident, "segments", start, end)
            spanned = {"document_id": ident, "start_char": start, "end_char": end, "text": line[0]}
            self.add(
                "segments",
                {"segment_id": segment_id, **spanned, "kind": kind, "speaker": None, "speaker_country": None},
            )
            for part in re.finditer(r"\S.*?(?:[.!?][”\"]?(?=\s)|$)", line[0], re.DOTALL):
                low, high = start + part.start(), start + part.end()
                row = {
                    "sentence_id": span_id(ident, "sentences", low, high),
                    "document_id": ident,
                    "segment_id": segment_id,
                }
                self.add(
                    "sentences", row | {"start_char": low, "end_char": high, "text": text[low:high], "copy_of": None}
                )
        return Text(self, ident, source_id, text)

    def record(self, source_id: str, status: str, reason: str | None, document_id: str | None, **columns: Any) -> None:
        """A row of ``sources``."""
        given = {
            "source_id": source_id,
            "path": source_id,
            "format": source_id.rpartition(".")[2],
            "n_bytes": None,
            "bytes_sha256": None,
            "status": status,
            "reason": reason,
            "note": None,
            "document_id": document_id,
            "batch": document_id and "all",
            "first_seen_at": SEEN,
        }
        self.add("sources", given | columns)

    def entity_id(self, name: str) -> str:
        """The id of an entity by its name."""
        return digest("entity", name)

    def entity(self, name: str, kind: str, alias: str, document_id: str) -> str:
        """Count one more mention of an entity, which is made when it is new."""
        ident = self.entity_id(name)
        row = next((row for row in self.rows["entities"] if row["entity_id"] == ident), None)
        if row is None:
            row = {"entity_id": ident, "name": name, "type": kind, "aliases": [], "n_mentions": 0, "n_documents": 0}
            row |= {"first_document_id": document_id, "wikidata_id": None, "former_ids": [], "_documents": set()}
            self.rows["entities"].append(row)
        row["n_mentions"] += 1
        row["_documents"].add(document_id)
        row["n_documents"] = len(row["_documents"])
        if alias not in row["aliases"]:
            row["aliases"].append(alias)
        return ident

    def quantity(self, label: str, figure: dict[str, Any], document_id: str) -> None:
        """Count one more figure of a quantity, which is made when it is new."""
        ident = digest("quantity", label)
        row = next((row for row in self.rows["quantities"] if row["quantity_id"] == ident), None)
        if row is None:
            row = {"quantity_id": ident, "label": label, "kind": figure["kind"], "unit": figure["unit"], "n_figures": 0}
            row |= {"n_documents": 0, "lowest": None, "highest": None, "agreement": "single", "_documents": set()}
            self.rows["quantities"].append(row)
        row["n_figures"] += 1
        row["_documents"].add(document_id)
        row["n_documents"] = len(row["_documents"])
        values = [value for value in (figure["value"], figure["value_max"]) if value is not None]
        known = [value for value in (row["lowest"], row["highest"], *values) if value is not None]
        if known:
            row["lowest"], row["highest"] = min(known), max(known)
        if row["n_figures"] > 1:
            row["agreement"] = "vague" if len(known) < 2 else "agree" if row["lowest"] == row["highest"] else "differ"

    def publish(self, warehouse: Path) -> Path:
        """Write and publish everything as a snapshot; returns the warehouse."""
        draft = Draft(warehouse, "test")
        frames = {}
        for model in ALL:
            rows = [
                {name: value for name, value in row.items() if not name.startswith("_")}
                for row in self.rows[model.table_name()]
            ]
            rows.sort(key=lambda row: tuple("" if row[name] is None else row[name] for name in model.about().order))
            frames[model] = model.frame(rows)
        draft.write("all", "", frames)
        catalogue.build(draft.folder, draft.folder / DATABASE)
        state = digest("state", repr(sorted(self.rows)))
        draft.finish(state)
        publish(warehouse, state)
        return warehouse


def filled() -> Library:
    """The library the tests look at: people at odds over how many want something, a hostile text, a broken record."""
    library = Library()
    one = library.text(
        "harbour.txt",
        "Nine in ten want the ferry back\n\n"
        "The mayor of Brindle, Odile Marsh, said on 3 May 2024 that 90% of residents wanted the ferry back. "
        "“We asked everyone,” she said. According to Marsh, the council believes that 1.2 million crowns would be enough.\n\n"
        "Subscribe for 5 crowns a month\n",
        chrome=("Subscribe for 5 crowns a month",),
        title="Nine in ten want the ferry back",
        publisher="Brindle Courier",
        author="Petra Lund",
        published_on=date(2024, 5, 4),
        published_basis="text",
    )
    one.mention("Odile Marsh", "Odile Marsh")
    one.mention("Marsh", "Odile Marsh", after="According to")
    she = one.mention("she", "Odile Marsh", form="pronoun", after="everyone,”", confidence=0.9)
    one.mention("Brindle", "Brindle", "GPE")
    one.claim(
        "90% of residents wanted the ferry back",
        "The mayor of Brindle, Odile Marsh",
        "said",
        "Odile Marsh",
        said_on_start=date(2024, 5, 3),
        said_on_end=date(2024, 5, 3),
    )
    one.claim("We asked everyone", "she", "said", "Odile Marsh", kind="direct", source_mention_id=she, confidence=0.9)
    outer = one.claim(
        "the council believes that 1.2 million crowns would be enough", "Marsh", "According to", "Odile Marsh"
    )
    one.claim(
        "1.2 million crowns would be enough",
        "the council",
        "believes",
        act="thought",
        parent_claim_id=outer,
        confidence=0.8,
    )
    residents = one.span("residents")
    one.figure(
        "90%", 90.0, "percent", "residents who want the ferry back", kind="percent",
        referent="residents", referent_start_char=residents[0], referent_end_char=residents[1],
    )  # fmt: skip
    one.figure("1.2 million crowns", 1.2e6, "CZK", "cost of the ferry", kind="money")
    one.figure("5 crowns", 5.0, "CZK", "subscription", kind="money", is_chrome=True, quantity_id=None)
    one.date("3 May 2024", date(2024, 5, 3), date(2024, 5, 3), "2024-05-03")

    two = library.text(
        "pier.md",
        "A survey by the Harbour Union in April 2024 found at least 75 percent in favour. "
        "Most residents are for it, the union's Jan Tolle claims.\n",
        publisher="Pier Notes",
        published_earliest_on=date(2024, 4, 1),
        published_latest_on=date(2024, 4, 30),
        published_basis="inferred",
    )
    two.mention("Harbour Union", "Harbour Union", "ORG")
    two.mention("Jan Tolle", "Jan Tolle")
    two.claim("at least 75 percent in favour", "A survey by the Harbour Union", "found", source_kind="document")
    two.claim("Most residents are for it", "the union's Jan Tolle", "claims", "Jan Tolle", status="possible")
    two.figure(
        "at least 75 percent", 75.0, "percent", "residents who want the ferry back", kind="percent", modifier="at_least"
    )
    two.figure("Most residents", None, "resident", "residents who want the ferry back", kind="vague_count")
    two.date("April 2024", date(2024, 4, 1), date(2024, 4, 30), "2024-04")

    hostile = library.text(
        "odd.html",
        "<script>document.title='owned'</script><img src=x onerror=alert(1)>\n"
        '=HYPERLINK("http://example.invalid","x") said \u202ederorrim\u202c \x1b[31mred\x1b[0m \x07 bell '
        + "w" * 10_000
        + " </textarea>**bold** [link](http://example.invalid) $x^2$ :smile: 40% & done.\n",
        title="<b onmouseover=alert(1)>Odd \u202etitle</b>",
        publisher="`rm -rf` & <i>Sons</i>",
        published_on=date(2024, 5, 6),
        published_basis="metadata",
    )
    hostile.mention("<script>", "<script>alert(1)</script>", "ORG")
    hostile.claim("\u202ederorrim\u202c \x1b[31mred\x1b[0m", '=HYPERLINK("http://example.invalid","x")', "said")
    hostile.claim("w" * 10_000, None, None, kind="assertion")
    hostile.figure("40%", 40.0, "percent", "=1+1", kind="percent")

    library.add(
        "entity_merges",
        {
            "name_a": "Odile Marsh",
            "name_b": "Marsh",
            "entity_id": library.entity_id("Odile Marsh"),
            "decision": "same",
            "rule": "surname_in_document",
            "score": 0.93,
            "evidence": "the only person of this surname in the document",
        },
    )
    marsh = next(row for row in library.rows["entities"] if row["name"] == "Odile Marsh")
    marsh["former_ids"].append(library.entity_id("Marsh"))
    library.record("copy.txt", "duplicate", "Exactly the same text as harbour.txt.", one.document_id, n_bytes=10)
    library.record("broken.html", "quarantined", "It holds no text: 12 bytes of a picture.", None, n_bytes=12)
    return library
