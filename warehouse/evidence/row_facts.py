"""What is known of a row, as blocks that a terminal or a page lays out: passage, speaker, time, place, links."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import duckdb

from warehouse.calling import UNBROKEN, command, warehouse_of
from warehouse.evidence import wording
from warehouse.evidence.lookups import (
    KEYS,
    Found,
    claims,
    figures,
    find,
    innermost_claim,
    row,
    rows,
    segment_at,
    sentences,
)
from warehouse.evidence.passages import Mark, Piece, line_number, one_line, pieces, window

FEW = 12
"""Linked rows that are listed; the number of the others is told, with the query that lists them."""


@dataclass(frozen=True)
class Head:
    """What kind of row this is, its id, and what it says in a few words."""

    kind: str
    ident: str
    words: str


@dataclass(frozen=True)
class Fact:
    """One labelled statement; an empty label goes on with the one before."""

    label: str
    words: str


@dataclass(frozen=True)
class Passage:
    """A stretch of a text with its marks; whether text was cut off before and after; the place, where it is told."""

    pieces: tuple[Piece, ...]
    is_cut_before: bool
    is_cut_after: bool
    place: str = ""


@dataclass(frozen=True)
class Links:
    """Rows to follow: id and words for each of the first few; how many there are in all; the query that lists them."""

    label: str
    items: tuple[tuple[str, str], ...]
    total: int
    query: str = ""
    is_counted: bool = True


Block = Head | Fact | Passage | Links


def facts(database: duckdb.DuckDBPyConnection, ident: str) -> list[Block]:
    """The blocks that show a row of any table, found by its id (or a record by its source_id).

    Raises:
        Unknown: no row has this id.
    """
    table, found = find(database, ident)
    sheet = Sheet(database)
    SHOWN[table](sheet, found)
    return sheet.blocks


@dataclass
class Sheet:
    """The blocks of one row, being gathered."""

    database: duckdb.DuckDBPyConnection
    blocks: list[Block] = field(default_factory=list)

    def head(self, kind: str, ident: str, words: str) -> None:
        """What the row is."""
        self.blocks.append(Head(kind, ident, words))

    def say(self, label: str, words: str | None) -> None:
        """One labelled statement; nothing when there is nothing to say."""
        if words:
            self.blocks.append(Fact(label, words))

    def passage(
        self,
        text: str,
        span: tuple[int, int],
        marks: Sequence[Mark],
        within: tuple[int, int] | None,
        place: str = "",
    ) -> None:
        """The sentences ``within`` around a span, with the marks."""
        low, high = window(text, *span, *(within or span))
        shown = tuple(pieces(text, low, high, marks))
        self.blocks.append(Passage(shown, bool(text[:low].strip()), bool(text[high:].strip()), place))

    def listing(self, label: str, items: Sequence[tuple[str, str]], total: int | None = None, query: str = "") -> None:
        """Linked rows under a label; nothing when there are none."""
        if items:
            self.blocks.append(Links(label, tuple(items[:FEW]), len(items) if total is None else total, query))

    def follow(self, links: Iterable[tuple[str, str | None, str]]) -> None:
        """Single rows to follow: what each is to this one, its id, what it says."""
        listed = [(ident, f"{label}: {words}" if words else label) for label, ident, words in links if ident]
        if listed:
            self.blocks.append(Links("Linked to", tuple(listed), len(listed), is_counted=False))


# ---------------------------------------------------------------- what several kinds share


def _document(sheet: Sheet, document_id: str) -> Found:
    found = row(sheet.database, "documents", document_id)
    assert found is not None, f"document {document_id} is missing"
    return found


def _passage(sheet: Sheet, document: Found, found: Found, marks: Sequence[Mark] | None = None) -> None:
    """The row's own passage, marked."""
    start, end = found["start_char"], found["end_char"]
    within = sentences(sheet.database, document["document_id"], start, end)
    marks = [Mark(start, end, "this")] if marks is None else marks
    low = min([start, *(mark.start for mark in marks)])
    high = max([end, *(mark.end for mark in marks)])
    sheet.passage(document["text"], (low, high), marks, within)


def _source(sheet: Sheet, document: Found, found: Found, claim: Found | None) -> None:
    """Who says it: the claim that holds it with all that report it, else the layout's speaker, else the author."""
    if claim is not None:
        sheet.say("Said by", f"{wording.speaker(claim)}: {wording.manner(claim)}")
        for parent in _parents(sheet, claim):
            sheet.say("as told by", f"{wording.speaker(parent)}: {wording.manner(parent)}")
        said = wording.said_on(claim)
        sheet.say("Said on", said or "the text does not say")
        return
    segment = segment_at(sheet.database, document["document_id"], found["start_char"])
    if segment is not None and segment["kind"] == "chrome":
        sheet.say("Said by", "nobody: it stands in page furniture")
        return
    if segment is not None and segment["speaker"]:
        country = f" ({segment['speaker_country']})" if segment["speaker_country"] else ""
        sheet.say("Said by", f"{segment['speaker']}{country}, whose words this part of the layout holds")
        return
    author = document["author"] or document["publisher"]
    sheet.say("Said by", f"{author}, in the text's own voice" if author else "the text's own voice; no author is known")


def _parents(sheet: Sheet, claim: Found) -> Iterator[Found]:
    """The claim that reports this one, the one that reports that, and so on outwards."""
    seen = {claim["claim_id"]}
    while claim["parent_claim_id"] and claim["parent_claim_id"] not in seen:
        found = claims(sheet.database, "c.claim_id = ?", claim["parent_claim_id"])
        if not found:
            return
        claim = found[0]
        seen.add(claim["claim_id"])
        yield claim


def _place(sheet: Sheet, document: Found, found: Found | None = None) -> None:
    """Where it stands: record, title, line, characters, day of publication."""
    at = ""
    if found is not None:
        line = line_number(document["text"], found["start_char"])
        at = f", line {line:,}, characters {found['start_char']:,} to {found['end_char']:,}"
    sheet.say("Stands in", f"{document['source_id']}{at}")
    sheet.say("Title", document["title"])
    by = ", ".join(name for name in (document["author"], document["publisher"]) if name)
    sheet.say("By", by)
    sheet.say("Published", wording.published(document))


def _home(found: Found, document: Found) -> list[tuple[str, str | None, str]]:
    """The links every row with a span has: its sentence and its document."""
    return [
        ("its sentence", found.get("sentence_id"), ""),
        ("its document", document["document_id"], document["title"] or document["source_id"]),
    ]


def _claim_item(claim: Found) -> tuple[str, str]:
    return claim["claim_id"], f"{wording.speaker(claim)}: “{one_line(claim['text'], 160)}”"


def _figure_item(figure: Found) -> tuple[str, str]:
    of = f" of {figure['referent']}" if figure["referent"] else ""
    who = f", {wording.speaker(figure)}" if figure["source_kind"] else ", in the text's own voice"
    who += "".join(f", {words}" for words in wording.standing(figure))
    return figure["figure_id"], f"“{figure['text']}” = {wording.amount(figure)}{of}{who}"


def _date_item(found: Found) -> tuple[str, str]:
    return found["date_id"], f"“{found['text']}” = {_when(found)}"


def _when(found: Found) -> str:
    """A date row's value in words, or as TIMEX3 where no calendar days are fixed."""
    return wording.days(found["start_on"], found["end_on"]) or f"{found['type'].lower()} {found['value']}"


INSIDE = "document_id = ? AND start_char >= ? AND end_char <= ?"


def _inside(sheet: Sheet, document_id: str, start: int, end: int, skip: str | None = None) -> None:
    """Claims, figures, dates and names that stand in ``[start, end)``."""
    at = (document_id, start, end)
    inner = claims(sheet.database, f"{_of('c')} ORDER BY c.start_char, c.end_char", *at)
    sheet.listing("Claims in it", [_claim_item(claim) for claim in inner if claim["claim_id"] != skip])
    counted = figures(sheet.database, f"{_of('f')} AND NOT f.is_chrome ORDER BY f.start_char", *at)
    sheet.listing("Figures in it", [_figure_item(figure) for figure in counted])
    dated = rows(sheet.database, f"SELECT * FROM dates WHERE {INSIDE} AND NOT is_chrome ORDER BY start_char", *at)
    sheet.listing("Dates in it", [_date_item(found) for found in dated])
    _names(sheet, INSIDE, at)


def _of(alias: str) -> str:
    return re.sub(r"\b(\w+ [=<>])", rf"{alias}.\1", INSIDE)


def _names(sheet: Sheet, condition: str, values: Sequence[object]) -> None:
    """The entities named where the condition on mentions holds."""
    query = f"""
        SELECT e.entity_id, e.name, e.type, n FROM entities e JOIN
            (SELECT entity_id, count(*) AS n FROM mentions WHERE {condition} GROUP BY entity_id) USING (entity_id)
        ORDER BY n DESC, e.name, e.entity_id"""
    found = rows(sheet.database, query, *values)
    items = [
        (
            name["entity_id"],
            f"{name['name']}, {wording.MENTION_TYPES[name['type']]}, {wording.plural(name['n'], 'mention')}",
        )
        for name in found
    ]
    sheet.listing("Entities in it", items)


def _count(sheet: Sheet, query: str, *values: object) -> int:
    found = sheet.database.execute(query, list(values)).fetchone()
    return int(found[0]) if found else 0


# ---------------------------------------------------------------- one function a kind


def _show_claim(sheet: Sheet, found: Found) -> None:
    claim = claims(sheet.database, "c.claim_id = ?", found["claim_id"])[0]
    document = _document(sheet, claim["document_id"])
    sheet.head("claim", claim["claim_id"], f"{wording.speaker(claim)}: {wording.manner(claim)}")
    marks = [
        Mark(span["start_char"], span["end_char"], role)
        for role, spans in (("source", "source_spans"), ("cue", "cue_spans"), ("this", "content_spans"))
        for span in claim[spans] or ()
    ]
    near = [mark for mark in marks if mark.role == "this" or _is_near(mark, claim)]
    _passage(sheet, document, claim, near)
    sheet.say("Said by", f"{wording.speaker(claim)} ({wording.SOURCE_KINDS[claim['source_kind']]})")
    if len(near) < len(marks) and claim["source_text"]:
        sheet.say(
            "", f"named as “{claim['source_text']}” on line {line_number(document['text'], claim['source_start_char'])}"
        )
    for parent in _parents(sheet, claim):
        sheet.say("as told by", f"{wording.speaker(parent)}: {wording.manner(parent)}")
    sheet.say("Cue", claim["cue_text"] or "no words attribute it: layout or marks do")
    sheet.say("Said on", wording.said_on(claim) or "the text does not say")
    _place(sheet, document, claim)
    parent_id, entity_id = claim["parent_claim_id"], claim["source_entity_id"]
    links = [
        ("the speaker", entity_id, claim["speaker_name"] or ""),
        ("the mention that stands for the speaker", claim["source_mention_id"], ""),
        ("the claim that reports it", parent_id, ""),
        *_home(claim, document),
    ]
    sheet.follow(links)
    reported = claims(sheet.database, "c.parent_claim_id = ? ORDER BY c.start_char, c.end_char", claim["claim_id"])
    sheet.listing("It reports", [_claim_item(inner) for inner in reported])
    counted = figures(sheet.database, "f.claim_id = ? ORDER BY f.start_char", claim["claim_id"])
    sheet.listing("Figures in it", [_figure_item(figure) for figure in counted])
    at = (claim["document_id"], claim["start_char"], claim["end_char"])
    dated = rows(sheet.database, f"SELECT * FROM dates WHERE {INSIDE} ORDER BY start_char", *at)
    sheet.listing("Dates in it", [_date_item(one) for one in dated])
    _names(sheet, INSIDE, at)


def _is_near(mark: Mark, claim: Found) -> bool:
    """Whether a source or cue stands close enough to the content to be shown in one passage."""
    return bool(mark.end >= claim["start_char"] - 600 and mark.start <= claim["end_char"] + 600)


def _show_figure(sheet: Sheet, found: Found) -> None:
    document = _document(sheet, found["document_id"])
    of = f" of {found['referent']}" if found["referent"] else ""
    sheet.head(
        "figure", found["figure_id"], f"“{found['text']}” = {wording.amount(found)}{of} ({_spaced(found['kind'])})"
    )
    _passage(sheet, document, found)
    near = claims(sheet.database, "c.claim_id = ?", found["claim_id"]) if found["claim_id"] else []
    _source(sheet, document, found, near[0] if near else None)
    _place(sheet, document, found)
    quantity = row(sheet.database, "quantities", found["quantity_id"])
    sheet.follow(
        [
            ("the claim it stands in", found["claim_id"], ""),
            (
                "the speaker",
                near[0]["source_entity_id"] if near else None,
                near[0]["speaker_name"] or "" if near else "",
            ),
            ("what it measures", found["quantity_id"], _measured(quantity) if quantity else ""),
            *_home(found, document),
        ],
    )
    others = figures(
        sheet.database,
        "f.quantity_id = ? AND f.figure_id <> ? ORDER BY f.document_id, f.start_char",
        found["quantity_id"],
        found["figure_id"],
    )
    sheet.listing("Others on the same", [_figure_item(other) for other in others])


def _spaced(word: str) -> str:
    return word.replace("_", " ")


def _measured(quantity: Found) -> str:
    label = quantity["label"] or "something the texts do not name"
    n_figures = wording.plural(quantity["n_figures"], "figure")
    return f"{label}: {n_figures}" + (
        f", {wording.AGREEMENTS[quantity['agreement']]}" if quantity["n_figures"] > 1 else ""
    )


def _show_quantity(sheet: Sheet, found: Found) -> None:
    span = ""
    if found["lowest"] is not None:
        low, high = wording.number(found["lowest"]), wording.number(found["highest"])
        span = f"; from {low} to {high}" if low != high else f"; {low}"
        span += f" {found['unit']}" if found["unit"] else ""
    sheet.head("quantity", found["quantity_id"], _measured(found) + span)
    same = figures(
        sheet.database,
        "f.quantity_id = ? ORDER BY f.value DESC NULLS LAST, f.document_id, f.start_char",
        found["quantity_id"],
    )
    for figure in same[:FEW]:
        _brief(sheet, figure, *_figure_item(figure))
    if len(same) > FEW:
        query = f"FROM figures_compared WHERE quantity_id = '{found['quantity_id']}'"
        sheet.listing("All of them", [_figure_item(figure) for figure in same], query=query)


def _brief(sheet: Sheet, found: Found, ident: str, words: str) -> None:
    """A row to follow, and its sentence with its span marked, and where that is."""
    sheet.blocks.append(Links("", ((ident, words),), 1, is_counted=False))
    document = _document(sheet, found["document_id"])
    start, end = found["start_char"], found["end_char"]
    first, last = sentences(sheet.database, document["document_id"], start, end) or (start, end)
    within = max(first, start - 200), min(last, end + 200)
    place = f"{document['source_id']}, line {line_number(document['text'], start):,}"
    text = document["text"][: within[1]]
    sheet.passage(text, (start, end), [Mark(start, end, "this")], within, place)


def _show_date(sheet: Sheet, found: Found) -> None:
    document = _document(sheet, found["document_id"])
    sheet.head("date", found["date_id"], f"“{found['text']}” = {_when(found)}")
    _passage(sheet, document, found)
    sheet.say(
        "TIMEX3", f"{found['type']} {found['value']}" + (f", mod {found['modifier']}" if found["modifier"] else "")
    )
    sheet.say("EDTF", found["edtf"])
    anchor = wording.ANCHORS[found["anchor"]] + (f" ({found['anchor_text']})" if found["anchor_text"] else "")
    sheet.say("Resolved", anchor)
    sheet.say("Or else", found["alternative_value"])
    claim = innermost_claim(sheet.database, found["document_id"], found["start_char"], found["end_char"])
    _source(sheet, document, found, claim)
    _place(sheet, document, found)
    other = rows(
        sheet.database,
        "SELECT * FROM dates WHERE document_id = ? AND range_id = ? AND date_id <> ?",
        found["document_id"],
        found["range_id"],
        found["date_id"],
    )
    sheet.follow(
        [
            ("the claim it stands in", claim["claim_id"] if claim else None, wording.speaker(claim) if claim else ""),
            *(("the other end of its range", end["date_id"], end["text"]) for end in other),
            *_home(found, document),
        ],
    )


def _show_mention(sheet: Sheet, found: Found) -> None:
    document = _document(sheet, found["document_id"])
    entity = row(sheet.database, "entities", found["entity_id"])
    whom = entity["name"] if entity else "not resolved to an entity"
    kind = wording.MENTION_TYPES[found["type"]]
    sheet.head("mention", found["mention_id"], f"“{found['text']}” ({found['form']}, {kind}) = {whom}")
    _passage(sheet, document, found)
    if found["confidence"] < 1:
        sheet.say("Sure to", f"{found['confidence']:.0%}")
    claim = innermost_claim(sheet.database, found["document_id"], found["start_char"], found["end_char"])
    _source(sheet, document, found, claim)
    _place(sheet, document, found)
    antecedent = row(sheet.database, "mentions", found["antecedent_id"])
    sheet.follow(
        [
            ("who it is", found["entity_id"], whom),
            ("what it stands for", found["antecedent_id"], antecedent["text"] if antecedent else ""),
            ("the claim it stands in", claim["claim_id"] if claim else None, wording.speaker(claim) if claim else ""),
            *_home(found, document),
        ],
    )
    made = claims(sheet.database, "c.source_mention_id = ? ORDER BY c.start_char, c.end_char", found["mention_id"])
    sheet.listing("It is the source of", [_claim_item(claim) for claim in made])


DECISIONS = {"same": "One", "different": "Not one", "unsure": "Unsure"}


def _show_entity(sheet: Sheet, found: Found) -> None:
    ident = found["entity_id"]
    counts = f"{wording.plural(found['n_mentions'], 'mention')} in {wording.plural(found['n_documents'], 'document')}"
    sheet.head("entity", ident, f"{found['name']}, {wording.MENTION_TYPES[found['type']]}, {counts}")
    aliases = rows(
        sheet.database,
        "SELECT text, count(*) AS n FROM mentions WHERE entity_id = ? AND form = 'name' GROUP BY text ORDER BY n DESC, text",
        ident,
    )
    sheet.say("Names", "; ".join(f"{alias['text']} ({alias['n']:,})" for alias in aliases[: 2 * FEW]))
    sheet.say("Wikidata", found["wikidata_id"])
    sheet.say("Was also", ", ".join(found["former_ids"]))
    where = """
        SELECT m.*, row_number() OVER (PARTITION BY m.document_id ORDER BY m.start_char) AS nth, d.published_on
        FROM mentions m JOIN documents d USING (document_id) WHERE m.entity_id = ? AND m.form = 'name'
        QUALIFY nth = 1 ORDER BY d.published_on NULLS LAST, m.document_id LIMIT 3"""
    for mention in rows(sheet.database, where, ident):
        _brief(sheet, mention, mention["mention_id"], f"“{mention['text']}”")
    reasons = rows(
        sheet.database, "SELECT * FROM entity_merges WHERE entity_id = ? ORDER BY name_a, name_b, rule", ident
    )
    for reason in reasons[: 2 * FEW]:
        why = f" ({reason['evidence']})" if reason["evidence"] else ""
        names = f"{reason['name_a']} / {reason['name_b']}"
        sheet.say(DECISIONS[reason["decision"]], f"{names}: {_spaced(reason['rule'])}{why}")
    n_claims = _count(sheet, "SELECT count(*) FROM claims WHERE source_entity_id = ?", ident)
    said = claims(
        sheet.database,
        f"c.source_entity_id = ? ORDER BY d.published_on, c.document_id, c.start_char LIMIT {FEW}",
        ident,
    )
    listing_query = f"FROM claims_with_speakers WHERE speaker_entity_id = '{ident}'"
    sheet.listing("It says", [_claim_item(claim) for claim in said], n_claims, listing_query)
    beside = rows(
        sheet.database,
        f"""
        WITH here AS (SELECT DISTINCT sentence_id FROM mentions WHERE entity_id = $id)
        SELECT e.entity_id, e.name, count(DISTINCT m.sentence_id) AS n
        FROM mentions m JOIN here USING (sentence_id) JOIN entities e USING (entity_id)
        WHERE m.entity_id <> $id GROUP BY ALL ORDER BY n DESC, e.name LIMIT {FEW}""".replace("$id", "?"),
        ident,
        ident,
    )
    sheet.listing(
        "Named beside it",
        [(other["entity_id"], f"{other['name']} ({wording.plural(other['n'], 'sentence')})") for other in beside],
    )


def _show_sentence(sheet: Sheet, found: Found) -> None:
    document = _document(sheet, found["document_id"])
    sheet.head("sentence", found["sentence_id"], "")
    _passage(sheet, document, found)
    claim = innermost_claim(sheet.database, found["document_id"], found["start_char"], found["end_char"])
    _source(sheet, document, found, claim)
    _place(sheet, document, found)
    links = [("its layout part", found["segment_id"], ""), *_home(found | {"sentence_id": None}, document)]
    sheet.follow(links)
    _inside(sheet, found["document_id"], found["start_char"], found["end_char"])


def _show_segment(sheet: Sheet, found: Found) -> None:
    document = _document(sheet, found["document_id"])
    sheet.head("segment", found["segment_id"], _spaced(found["kind"]))
    _passage(sheet, document, found)
    _source(sheet, document, found, None)
    _place(sheet, document, found)
    sheet.follow(_home(found, document))
    _inside(sheet, found["document_id"], found["start_char"], found["end_char"])


def _show_document(sheet: Sheet, found: Found) -> None:
    ident = found["document_id"]
    sheet.head("document", ident, found["title"] or found["source_id"])
    text = found["text"]
    start = next((at for at, char in enumerate(text) if not char.isspace()), 0)
    sheet.passage(text, (start, min(start + 1, len(text))), [], (start, min(start + 300, len(text))))
    _place(sheet, found)
    sheet.say(
        "Kind", f"{_spaced(found['genre'])}, language {found['language'] or 'not known'}, {found['n_words']:,} words"
    )
    sheet.say("Address", found["url"])
    show = command(f"show {ident} --html", warehouse_of(sheet.database)).replace(" ", UNBROKEN)
    sheet.say("Whole text", f"{show} writes it as a page with everything marked")
    copies = [
        ("a document with the same text but for marks and furniture", found["duplicate_of"], ""),
        *(
            ("has the same text but for marks and furniture", copy["document_id"], copy["source_id"])
            for copy in rows(
                sheet.database, "SELECT document_id, source_id FROM documents WHERE duplicate_of = ?", ident
            )
        ),
    ]
    sheet.follow(copies)
    records = rows(
        sheet.database, "SELECT source_id, status FROM sources WHERE document_id = ? ORDER BY source_id", ident
    )
    others = [
        (record["source_id"], record["status"]) for record in records if record["source_id"] != found["source_id"]
    ]
    sheet.listing("Records with exactly this text", others)
    _inside(sheet, ident, 0, len(text))


def _show_record(sheet: Sheet, found: Found) -> None:
    """A record of ``sources``: where it was found, and what became of it."""
    if found["status"] == "ok":
        _show_document(sheet, _document(sheet, found["document_id"]))
        return
    words = {"duplicate": "a record whose text another holds too", "quarantined": "no text could be had from it"}
    sheet.head("record", found["source_id"], words[found["status"]])
    sheet.say("Why", found["reason"])
    sheet.say("Note", found["note"])
    sheet.say("File", f"{found['path']} ({found['format']})")
    sheet.say("Size", f"{found['n_bytes']:,} bytes" if found["n_bytes"] is not None else "could not be read")
    sheet.say("First seen", f"{found['first_seen_at']:%Y-%m-%d %H:%M} UTC")
    sheet.follow([("the document that holds its text", found["document_id"], "")])


SHOWN: dict[str, Callable[[Sheet, Found], None]] = {
    "claims": _show_claim,
    "figures": _show_figure,
    "quantities": _show_quantity,
    "dates": _show_date,
    "mentions": _show_mention,
    "entities": _show_entity,
    "sentences": _show_sentence,
    "segments": _show_segment,
    "documents": _show_document,
    "sources": _show_record,
}
assert SHOWN.keys() == KEYS.keys()
