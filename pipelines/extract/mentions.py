"""Names in a document: one row per mention of a person, body, place, people, event, product or work.

The language model proposes PERSON, ORG and LOC; here the proposals are mended (``pipelines.extract.spans``), made consistent
within the document (every mention of a name has the label most of them have; a full name introduces its short forms; a
heading in capitals is no evidence), completed (names seen once are found everywhere in the document, words for peoples,
acronyms defined in the text) and typed finely by lists and by their own words (``pipelines.extract.gazetteer``).
"""

import itertools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Doc

from pipelines.extract.capitals import from_capitals
from pipelines.extract.gazetteer import (
    LEGAL_FORM,
    demonym_words,
    head_kind,
    is_demonym,
    is_given_name,
    known_type,
    place_kind,
    plain,
    title_kind,
    type_of_words,
    types_beside,
)
from pipelines.extract.no_names import named
from pipelines.extract.spans import ACRONYM, ADDRESS, Span, completed, from_model, numbered, tidied, touching
from pipelines.identity import span_id
from pipelines.ingest.document import Row
from pipelines.language.parsed import Parsed, Sentence
from pipelines.territories import get_territory

IN_BRACKETS = re.compile(r"\s?\((?:[\"“«]|hereinafter |or |the |known as )?(?P<short>[^\W\d_][\w&/.-]{1,9})[\"”»]?\)")
LONG_BEFORE = re.compile(r"\((?P<long>[A-Z][^()\n]{6,90})\)")
LONGEST_FORM = 1000
"""Characters before a short form in brackets in which its twelve words at most are looked for."""
WORD = re.compile(r"[^\W_][\w'’.]*")
SMALL_WORD = re.compile(r"[^\W\d_]+")
NEXT_WORD = re.compile(r"\s(?P<word>\w+)")
WORD_START = re.compile(r"(?<![\w@#.])\w+")
HASHTAG = re.compile(r"(?<!\w)#(?P<word>[^\W\d_]\w+)")
PROPER_TAGS = frozenset(("NNP", "NNPS"))
HOUSES = frozenset(("house", "center", "centre", "mall", "hotel", "camp"))
"""Words for buildings that as often name the body in them (Random House, Hurricane Center): they speak for no type."""
SMALL = frozenset(["the", "of", "for", "and", "on", "in", "at", "to", "a", "an", "de", "la"])


def names_in(parsed: Parsed) -> list[Row]:
    """One row of ``mentions`` per name, ``form`` ``name``, in order of place, none overlapping another.

    ``entity_id`` is null until the names of all documents are resolved, ``antecedent_id`` is always null for names.
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
        for span in completed(doc, spans)
        if parsed.kind_at(span.start) != "chrome" and not _country_code(text, span)
    ]
    spans = _without_things(parsed, named(text, spans))
    spans = _with_definitions(parsed, spans)
    shouted = _shouted(parsed)
    spans = _consistent(parsed, spans, shouted)
    spans = numbered(text, _repeated(parsed, spans, shouted))
    spans = _with_peoples(parsed, spans)
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
    people = [row for row in names if row["type"] == "PERSON"]
    for first, second in itertools.pairwise(people):
        between = text[first["end_char"] : second["start_char"]]
        words = second["text"].split()
        if (
            between in (" and ", " & ")
            and len(words) > 1
            and " " not in first["text"]
            and is_given_name(first["text"])
            and is_given_name(words[0])
        ):
            rows.append(
                {
                    "document_id": document_id,
                    "long": f"{first['text']} {words[-1]}",
                    "short": first["text"],
                    "start_char": first["start_char"],
                }
            )
    return sorted(rows, key=lambda row: row["start_char"])


def _definitions(parsed: Parsed, spans: Iterable[Span]) -> list[tuple[Span, Span]]:
    """Pairs of a long name and the short form in brackets behind it, or the other way round."""
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
    return found


def _is_thing(text: str, start: int, end: int, short: str, by_end: Mapping[int, Span]) -> bool:
    """Whether a long form is the name of a thing, not of a body: in small letters, or marked by nobody and without a body's word."""
    words = text[start:end].split()
    if words[-1][0].islower():
        return True
    return end not in by_end and type_of_words(words) is None and not known_type(short)


def _without_things(parsed: Parsed, spans: list[Span]) -> list[Span]:
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


def _with_definitions(parsed: Parsed, spans: list[Span]) -> list[Span]:
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


def _shouted(parsed: Parsed) -> frozenset[str]:
    """The ids of the sentences that are headings, or in capitals throughout: no evidence for names."""
    return frozenset(sentence.sentence_id for sentence in parsed.sentences if _shouts(parsed, sentence))


def _shouts(parsed: Parsed, sentence: Sentence) -> bool:
    if sentence.segment.kind in ("title", "heading"):
        return True
    letters = [c for c in parsed.document.text[sentence.start_char : sentence.end_char] if c.isalpha()]
    return len(letters) > 8 and sum(c.isupper() for c in letters) > 0.7 * len(letters)


def _titled(text: str, start: int) -> bool:
    match = re.search(r"(?P<word>[\w.-]+)\s$", text[max(0, start - 25) : start])
    return bool(match) and (title_kind(match["word"]) or "role-part") != "role-part"  # type: ignore[index]


def _consistent(parsed: Parsed, spans: list[Span], shouted: frozenset[str]) -> list[Span]:
    """Every mention of a name labelled as most of them are; lists and full names vote too."""
    text = parsed.document.text
    votes: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    surnames: set[str] = set()
    known: set[str] = set()
    for span in spans:
        words = text[span.start : span.end]
        sentence = parsed.sentence_at(span.start)
        weight = 0.3 if sentence.sentence_id in shouted else 1.0
        votes[plain(words)][span.label] += weight
        if span.label == "PERSON" and _titled(text, span.start):
            votes[plain(words)]["PERSON"] += 1.5 * weight
        before, after = (
            text[max(sentence.start_char, span.start - 30) : span.start],
            text[span.end : min(sentence.end_char, span.end + 30)],
        )
        for label, voices in types_beside(before, after):
            votes[plain(words)][label] += voices * weight
        if " " not in words and before.endswith(('"', "“", "«")) and after.startswith(('"', "”", "»")):
            votes[plain(words)]["ORG"] += 1.5 * weight
        if ACRONYM.match(words) and words.isupper() and 2 < len(words) < 7 and weight == 1.0:
            votes[plain(words)]["ORG"] += 1.2 if span.label == "PERSON" else 0.8
        if span.label == "ORG" and LEGAL_FORM.search(words):
            votes[plain(LEGAL_FORM.sub("", words).rstrip(" ,"))]["ORG"] += 1.5 * weight
        if known_type(words):
            known.add(plain(words))
        parts = words.split()
        if span.label == "PERSON" and 1 < len(parts) < 5:
            surnames.add(plain(parts[-1]))
            votes[plain(parts[-1])]["PERSON"] += 1.5 * weight
            if is_given_name(parts[0]):
                votes[plain(parts[0])]["PERSON"] += 0.5 * weight
    chosen: dict[str, str] = {}
    for name, labels in votes.items():
        if place_kind(name.title()) and not is_given_name(name) and name not in surnames:
            labels["LOC"] += 1.5
        if type_of_words(name.title().split()) in ("FAC", "LOC") and not HOUSES & set(name.split()):
            labels["LOC"] += 1.5
        if name in known and name not in surnames:
            labels["ORG"] += 2 * sum(labels.values())
        label, top = max(labels.items(), key=lambda item: (item[1], item[0] == "ORG", item[0]))
        chosen[name] = label if list(labels.values()).count(top) == 1 else ""
    agreed = []
    for span in spans:
        name = plain(text[span.start : span.end])
        label = chosen[name] or span.label
        both = name in surnames and place_kind(name.title())  # Washington the man and Washington the city in one text
        kind = type_of_words(text[span.start : span.end].split())
        if kind in ("ORG", "EVENT") and not place_kind(name.title()):
            label = "ORG"
        agreed.append(
            span if both or label == span.label else replace(span, label=label, confidence=min(span.confidence, 0.75))
        )
    return agreed


def _repeated(parsed: Parsed, spans: list[Span], shouted: frozenset[str]) -> list[Span]:
    """The spans, and the same letters elsewhere in the document: a name seen is a name everywhere."""
    text, doc = parsed.document.text, parsed.doc
    tokens = {token.idx: token for token in doc}
    ends = {token.idx + len(token): token for token in doc}
    seen: defaultdict[str, list[Span]] = defaultdict(list)
    for span in spans:
        if parsed.sentence_at(span.start).sentence_id not in shouted:
            seen[text[span.start : span.end]].append(span)
    taken = bytearray(len(text))
    for span in spans:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    for match in ADDRESS.finditer(text):
        taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    found = list(spans)
    lower = {token.text for token in doc if token.is_lower}
    beginnings: defaultdict[str, list[int]] = defaultdict(list)
    for match in WORD_START.finditer(text):
        beginnings[match[0]].append(match.start())
    for name in sorted(seen, key=lambda name: (-len(name), name)):
        if len(name) < 2 or not name[0].isupper() or (len(name) < 3 and not name.isupper()):
            continue
        if " " not in name and head_kind(name) and not known_type(name):
            continue
        places = _places(text, name, beginnings)
        label = Counter(span.label for span in seen[name]).most_common(1)[0][0]
        several = " " in name or ACRONYM.match(name) is not None
        if not several and len(seen[name]) * 3 < len(places):
            continue
        for start in places:
            end = start + len(name)
            if any(taken[start:end]) or parsed.kind_at(start) == "chrome":
                continue
            first, last = tokens.get(start), ends.get(end)
            if first is None or last is None:
                continue
            if not several and ((first.tag_ and first.tag_ not in PROPER_TAGS) or first.text.casefold() in lower):
                continue
            if name.isupper() and not several and parsed.sentence_at(start).sentence_id in shouted:
                continue
            if not several and (_capital(doc, first.i - 1) or _capital(doc, last.i + 1)):
                continue
            taken[start:end] = b"\1" * len(name)
            found.append(Span(start, end, label, 0.7))
    for match in HASHTAG.finditer(text):
        start, end = match.span("word")
        if not any(taken[start:end]) and (match["word"] in seen or place_kind(match["word"])):
            label = seen[match["word"]][0].label if match["word"] in seen else "LOC"
            found.append(Span(start, end, label, 0.6))
    return sorted(found)


def _places(text: str, name: str, beginnings: Mapping[str, list[int]]) -> list[int]:
    """Where a name stands as whole words, from where each word begins (a search for each name would be the square of the text)."""
    first = WORD_START.match(name)
    found: list[int] = []
    for start in beginnings.get(first[0], ()) if first else ():
        end = start + len(name)
        ends_word = end >= len(text) or not (text[end].isalnum() or text[end] == "_")
        if ends_word and text.startswith(name, start) and not (found and start < found[-1] + len(name)):
            found.append(start)
    return found


def _capital(doc: Doc, at: int) -> bool:
    """Whether the neighbouring token is a capitalised proper noun, so that a single word is only part of a longer name."""
    if not 0 <= at < len(doc):
        return False
    token = doc[at]
    return bool(token.text[:1].isupper() and token.tag_ in PROPER_TAGS and not title_kind(token.text))


def _with_peoples(parsed: Parsed, spans: list[Span]) -> list[Span]:
    """The words for peoples, faiths and movements (NORP), where no name covers them, and in place of a name that is only one."""
    text, doc = parsed.document.text, parsed.doc
    kept = [replace(span, label="NORP") if is_demonym(text[span.start : span.end]) else span for span in spans]
    taken = {i for span in kept for i in range(span.start, span.end)}
    for token in doc:
        if token.text not in demonym_words() or token.idx in taken:
            continue
        end = token.idx + len(token)
        following = NEXT_WORD.match(text, end)
        if following and is_demonym(f"{token.text} {following['word']}"):
            end = following.end()
        elif not is_demonym(token.text):
            continue
        if parsed.kind_at(token.idx) == "chrome" or text[token.idx - 1 : token.idx] == "@":
            continue
        taken.update(range(token.idx, end))
        kept.append(Span(token.idx, end, "NORP", 0.8))
    return sorted(kept)


def _fine(text: str, span: Span) -> Span:
    """The span with its fine type: LOC told apart into GPE, LOC and FAC, ORG into ORG and EVENT."""
    if span.label in ("PERSON", "NORP"):
        return span
    words = text[span.start : span.end].split()
    kind = type_of_words(words)
    if span.label == "LOC":
        return replace(span, label=place_kind(" ".join(words)) or (kind if kind in ("LOC", "FAC", "GPE") else "GPE"))
    return replace(span, label="EVENT") if kind == "EVENT" and span.label == "ORG" else span
