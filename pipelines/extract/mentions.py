"""Names in a document: one row per mention of a person, body, place, people, event, product or work.

The language model proposes PERSON, ORG and LOC; here the proposals are mended (``pipelines.extract.naming.edges``), made consistent
within the document (every mention of a name has the label most of them have; a full name introduces its short forms; a
heading in capitals is no evidence), completed (names seen once are found everywhere in the document, words for peoples,
acronyms defined in the text) and typed finely by lists and by their own words (``pipelines.extract.naming.gazetteer``).
"""

import re
from dataclasses import replace

import numpy as np

from pipelines.extract.naming.agreement import consistent, repeated, shouted_sentences, without_headline_words
from pipelines.extract.naming.capitals import from_capitals
from pipelines.extract.naming.damaged import repaired
from pipelines.extract.naming.edges import Span, completed, from_model, numbered
from pipelines.extract.naming.gazetteer import demonym_hashes, is_demonym, known_type, place_kind, type_of_words
from pipelines.extract.naming.headed import called, headed
from pipelines.extract.naming.neighbours import tidied
from pipelines.extract.naming.no_names import named
from pipelines.extract.naming.products import with_events, with_laws, with_products, with_ships
from pipelines.extract.naming.short_forms import with_definitions, without_things
from pipelines.identity import span_id
from pipelines.ingest.document import Row
from pipelines.language.parsed import Parsed
from pipelines.lexicon.entries import either
from pipelines.lexicon.territories import get_territory

HALVES = ("South", "North", "East", "West")
"""Words that a country and its people begin with: the ``South`` of South Korean is no place of its own."""
TWO_PEOPLES = re.compile(rf"\b(?:{either('name_words', 'two_peoples')})[-‑]")
NEXT_WORD = re.compile(r"\s(?P<word>\w+)")


def names_in(parsed: Parsed) -> list[Row]:
    """One row of ``mentions`` per name, ``form`` ``name``, in order of place, none overlapping another.

    ``entity_id`` is null until the names of all documents are resolved, ``claim_id`` until the claims are known; ``antecedent_id`` is always
    null for names.
    ``confidence`` (0 to 1) falls where the lists overruled the model, where a name was only found again by its letters, and
    where there was no model. Names in chrome are left out.
    """
    text, document_id = parsed.document.text, parsed.document.document_id
    rows: list[Row] = []
    for span in names(parsed):
        sentence = parsed.sentence_at(span.start)
        rows.append(
            {
                "mention_id": span_id(document_id, "mentions", span.start, span.end),
                "document_id": document_id,
                "sentence_id": sentence.sentence_id,
                "start_char": span.start,
                "end_char": span.end,
                "text": text[span.start : span.end],
                "type": span.label,
                "form": "name",
                "antecedent_id": None,
                "entity_id": None,
                "claim_id": None,
                "confidence": round(span.confidence, 2),
            }
        )
    return rows


def names(parsed: Parsed) -> list[Span]:
    """The names as spans with their fine type."""
    if not parsed.sentences:
        return []
    doc, text = parsed.doc, parsed.document.text
    marked = from_model(doc)
    spans = tidied(text, marked if marked or doc.has_annotation("DEP") else from_capitals(doc))
    spans = [
        span
        for span in completed(text, doc, spans)
        if parsed.kind_at(span.start) != "chrome" and not _country_code(text, span)
    ]
    shouted = shouted_sentences(parsed)
    loud = [(s.start_char, s.end_char) for s in parsed.sentences if s.sentence_id in shouted]
    spans = headed(text, doc, doc.to_array("IDX").tolist(), named(text, spans), loud)
    spans = without_things(parsed, called(text, doc, spans, loud) if doc.has_annotation("DEP") else spans)
    spans = with_definitions(parsed, spans)
    spans = consistent(parsed, without_headline_words(parsed, spans, shouted), shouted)
    spans = with_laws(text, with_products(text, with_ships(text, spans)))
    spans = repeated(parsed, spans, shouted)
    spans = numbered(text, with_events(text, spans))
    spans = _with_peoples(parsed, repaired(text, spans))
    return [_fine(text, span) for span in spans]


def _country_code(text: str, span: Span) -> bool:
    """Whether a span is only the code of a country in brackets, as press reviews put it behind a source: ``Zubrin Post (PL)``."""
    code = text[span.start : span.end]
    bracketed = text[span.start - 1 : span.start] == "(" and text[span.end : span.end + 1] == ")"
    return (
        bracketed
        and len(code) == 2
        and code.isupper()
        and get_territory(code.lower()) is not None
        and not known_type(code)
    )


def _with_peoples(parsed: Parsed, spans: list[Span]) -> list[Span]:
    """The words for peoples, faiths and movements (NORP), where no name covers them, and in place of a name that is only one."""
    text, doc = parsed.document.text, parsed.doc
    kept = [replace(span, label="NORP") if _is_people(text[span.start : span.end]) else span for span in spans]
    kept = [
        span
        for span in kept
        if not (
            _half_of_people(text, span) or (span.label == "NORP" and _alone_on_its_line(text, span.start, span.end))
        )
    ]
    taken = {i for span in kept for i in range(span.start, span.end)}
    for at in np.flatnonzero(np.isin(doc.to_array("ORTH"), demonym_hashes())).tolist():
        token = doc[at]
        if token.idx in taken:
            continue
        end = token.idx + len(token)
        following = NEXT_WORD.match(text, end)
        if following and is_demonym(f"{token.text} {following['word']}"):
            end = following.end()
        elif not is_demonym(token.text) or _alone_on_its_line(text, token.idx, end):
            continue
        if parsed.kind_at(token.idx) == "chrome" or text[token.idx - 1 : token.idx] == "@":
            continue
        first = TWO_PEOPLES.search(text, max(0, token.idx - 9), token.idx)
        start = first.start() if first and first.start() not in taken else token.idx
        taken.update(range(start, end))
        kept.append(Span(start, end, "NORP", 0.8))
    return sorted(kept)


def _half_of_people(text: str, span: Span) -> bool:
    """Whether a direction was taken for a place that only begins the word for a people: the ``South`` of South Korean."""
    half = text[span.start : span.end]
    word = NEXT_WORD.match(text, span.end) if half in HALVES else None
    return word is not None and is_demonym(f"{half} {word['word']}")


def _alone_on_its_line(text: str, start: int, end: int) -> bool:
    """Whether a word makes a line of its own, as a language does in the menu of a page."""
    return text[start - 1 : start] in ("", "\n") and text[end : end + 1] in ("", "\n", "\r")


def _is_people(name: str) -> bool:
    first = TWO_PEOPLES.match(name)
    return is_demonym(name[first.end() :] if first else name)


def _fine(text: str, span: Span) -> Span:
    """The span with its fine type: LOC told apart into GPE, LOC and FAC, ORG into ORG and EVENT."""
    if span.label not in ("LOC", "ORG"):
        return span
    words = text[span.start : span.end].split()
    kind = type_of_words(words)
    if span.label == "LOC":
        if kind is None and len(words) > 1 and words[-1].islower():  # the Zubrin desert, the Zubrin mosque
            kind = type_of_words([*words[:-1], words[-1].capitalize()])
        if kind is None and len(words) == 2 and "LOC" in map(place_kind, words):  # the Western Pacific
            kind = "LOC"
        return replace(span, label=place_kind(" ".join(words)) or (kind if kind in ("LOC", "FAC", "GPE") else "GPE"))
    return replace(span, label="EVENT") if kind == "EVENT" and span.label == "ORG" else span
