"""One document's names made to agree: every mention of a name labelled as most are, and found wherever its letters stand."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from spacy.tokens import Doc

from pipelines.extract.naming.capitals import SURNAME
from pipelines.extract.naming.edges import ACRONYM, ADDRESS, Span
from pipelines.extract.naming.gazetteer import (
    calendar_words,
    head_kind,
    is_demonym,
    known_type,
    particles,
    place_kind,
    surely_place,
    title_kind,
    type_of_words,
)
from pipelines.extract.naming.no_names import names_nothing
from pipelines.extract.naming.votes import ARTICLE, Chosen, elected, heads_dateline
from pipelines.ingest.datelines import dateline_of
from pipelines.language.parsed import Parsed, Sentence
from pipelines.lexicon.entries import group
from pipelines.lexicon.given_names import is_given_name
from pipelines.lexicon.plain import plain
from pipelines.lexicon.territories import get_territory

WORD_START = re.compile(r"(?<![\w@#.])\w+")
HASHTAG = re.compile(r"(?<!\w)#(?P<word>[^\W\d_]\w+)")
STANCE = re.compile(r"(?<![\w-])(?:pro|anti|counter|non|ex|post|pre)[-‑](?P<name>[A-Z][\w’']*[^\W\d_])", re.IGNORECASE)
"""Matches ``pro-Zubrin``, not ``pro bono``."""
WHO = re.compile(r", (?:who|whose)\b| (?:himself|herself)\b")
PREPOSITION = re.compile(
    r",\s$|\b(?:in|from|at|to|of|near|between|for|with|outside|inside|around|across)\s(?:the\s)?$", re.IGNORECASE
)
"""Matches ``lives in the ``, not ``lives on ``."""
WHERE = re.compile(r"\b(?:in|at|near|inside|outside|across)\s$", re.IGNORECASE)
DIRECTIONS = group("name_words", "direction")
BLOCS = frozenset(("West", "East"))
BLOC = re.compile(r"\b(?:the|collective)\s$", re.IGNORECASE)
"""What stands before a direction that means countries: ``the West``."""
GOES_ON = re.compile(r"[ -](?:of\b|[A-Z])")
IN_BRACKETS = re.compile(r" \((?P<inside>[^()\n]{2,60})\)")
PARTY = re.compile(r"(?<![\w-])[A-Z]{2,6}(?![\w-])")
PROPER_TAGS = frozenset(("NNP", "NNPS"))


def shouted_sentences(parsed: Parsed) -> frozenset[str]:
    """The ids of the sentences that are headings, or in capitals throughout: no evidence for names."""
    return frozenset(sentence.sentence_id for sentence in parsed.sentences if _shouts(parsed, sentence))


def _shouts(parsed: Parsed, sentence: Sentence) -> bool:
    if sentence.segment.kind in ("title", "heading") or is_title_case(parsed, sentence):
        return True
    text = parsed.document.text[sentence.start_char : sentence.end_char]
    n_letters = sum(map(str.isalpha, text))
    return n_letters > 8 and sum(map(str.isupper, text)) > 0.7 * n_letters


def is_title_case(parsed: Parsed, sentence: Sentence) -> bool:
    """Whether a sentence is a line of its own in which nearly every long word is capitalised: a headline, in whatever part it stands."""
    text = parsed.document.text
    before = text[max(0, sentence.start_char - 40) : sentence.start_char].rstrip(" \t*•>-")
    after = text[sentence.end_char : sentence.end_char + 40].lstrip(" ")
    alone = (not before or before[-1] == "\n") and (not after or after[0] == "\n")
    words = LONG_WORD.findall(text, sentence.start_char, sentence.end_char)
    ends = text[sentence.end_char - 1] in ".:;,"
    return alone and not ends and len(words) > 3 and sum(word[0].isupper() for word in words) > 0.8 * len(words)


def without_headline_words(parsed: Parsed, spans: list[Span], shouted: frozenset[str]) -> list[Span]:
    """The spans without the single words of headlines that the text itself writes small, and that no running sentence has as a name."""
    text = parsed.document.text
    told = {plain(text[s.start : s.end]) for s in spans if parsed.sentence_at(s.start).sentence_id not in shouted}
    told |= {plain(part) for s in spans if " " in (words := text[s.start : s.end]) for part in words.split()}
    alone = [s for s in spans if " " not in text[s.start : s.end] and plain(text[s.start : s.end]) not in told]
    if not alone:
        return spans
    small = set(SMALL_WORD.findall(text))
    common = {
        s
        for s in alone
        if (word := text[s.start : s.end]).casefold() in small
        and word.istitle()
        and not (place_kind(word) or known_type(word))
    }
    return [s for s in spans if s not in common or parsed.sentence_at(s.start).sentence_id not in shouted]


SMALL_WORD = re.compile(r"(?<![\w@#/.-])[a-zà-ÿ]{3,}(?![\w@])")
LONG_WORD = re.compile(r"(?<![\w’'])[^\W\d_]{4,}")


def consistent(parsed: Parsed, spans: list[Span], shouted: frozenset[str]) -> list[Span]:
    """Every mention of a name labelled as most of them are; lists and full names vote too."""
    text = parsed.document.text
    chosen = elected(parsed, spans, shouted)
    people = {span.end for span in spans if span.label == "PERSON"}
    agreed = []
    for span in spans:
        label = _label_here(text, span, chosen, people)
        agreed.append(
            span if label == span.label else replace(span, label=label, confidence=min(span.confidence, 0.75))
        )
    return agreed


def _label_here(text: str, span: Span, chosen: Chosen, people: set[int]) -> str:
    """The label of one mention: that of its name, unless what stands beside it says otherwise.

    A name that is both somebody's and a place's, Washington, keeps the label it was found with.
    """
    words = text[span.start : span.end]
    name = plain(words)
    both = name in chosen.surnames and place_kind(name.title())
    label = span.label if both else chosen.labels[name] or span.label
    if type_of_words(words.split()) in ("ORG", "EVENT") and not place_kind(name.title()):
        return "ORG"
    if label != "LOC" and words.isupper() and heads_dateline(text, span):
        return "LOC"
    if label == "LOC" and (_is_somebody(text, span) or (words in chosen.given and _is_called(text, span))):
        return "PERSON"
    if _is_agency(text, span) or (label == "LOC" and _is_somebodys(text, span, people)):
        return label if place_kind(words) else "ORG"
    return label


def _is_somebody(text: str, span: Span) -> bool:
    """Whether a name of one word is told to be a person by what follows: ``Washington, who led the army``."""
    return (
        text.find(" ", span.start, span.end) < 0
        and WHO.match(text, span.end) is not None
        and not (text[span.start - 4 : span.start] == "and " and surely_place(text[span.start : span.end]))
        and PREPOSITION.search(text, max(0, span.start - 12), span.start) is None
    )


def _is_called(text: str, span: Span) -> bool:
    """Whether a first name that the model took for a place is one here: nothing says where, and no list knows such a place."""
    words = text[span.start : span.end]
    return not (place_kind(words) or known_type(words) or WHERE.search(text, max(0, span.start - 12), span.start))


def _is_somebodys(text: str, span: Span, people: set[int]) -> bool:
    """Whether a name stands in brackets right behind a person's, as their party does: ``Jan Novak (Lewica)``."""
    return (
        text[span.start - 2 : span.start] == " ("
        and text[span.end : span.end + 1] in (")", ",")
        and span.start - 2 in people
    )


def _is_agency(text: str, span: Span) -> bool:
    """Whether a name stands in the brackets of a dateline: ``MINSK (Zubrin Press) - The march ...``."""
    if text[span.start - 2 : span.start] not in (" (", " /"):
        return False
    found = dateline_of(text, text.rfind("\n", 0, span.start) + 1)
    return found is not None and found.agency_start == span.start


def repeated(parsed: Parsed, spans: list[Span], shouted: frozenset[str]) -> list[Span]:
    """The spans, and the same letters elsewhere in the document: a name seen is a name everywhere.

    So are the surname and the given name of a person seen in full, and the bodies and places that lists know by one word, where
    they stand as proper nouns; names behind ``pro-`` and ``anti-``; and the words of hashtags that are names.
    """
    text = parsed.document.text
    spans = _grown(text, spans)
    taken = _Taken(text, spans)
    seen: defaultdict[str, list[Span]] = defaultdict(list)
    for span in spans:
        if parsed.sentence_at(span.start).sentence_id not in shouted:
            seen[text[span.start : span.end]].append(span)
    beginnings: defaultdict[str, list[int]] = defaultdict(list)
    for match in WORD_START.finditer(text):
        beginnings[match[0]].append(match.start())
    labels = {name: Counter(span.label for span in held).most_common(1)[0][0] for name, held in seen.items()}
    parts = _parts(text, spans, labels)
    known = {word: kind for word in beginnings if word not in labels and (kind := _known(word))}
    words = _Words(parsed, shouted, {word for word in beginnings if word.islower()})
    found = list(spans)
    for name, places in _worth_looking_for(text, labels | parts | known, beginnings, known):
        several = " " in name or ACRONYM.match(name) is not None
        if name in labels and not several and name not in BLOCS and len(seen[name]) * 3 < len(places):
            continue  # a word that is mostly no name
        for start in places:
            end = start + len(name)
            if taken.holds(start, end) or parsed.kind_at(start) == "chrome":
                continue
            if words.name_at(name, start, several, named=name in labels, part=name in parts):
                taken.take(start, end)
                found.append(Span(start, end, labels.get(name) or parts.get(name) or known[name], 0.7))
    found += _parties(text, spans, taken)
    found += _behind_stances(text, taken, known | parts | labels)
    found += _in_hashtags(text, taken, seen)
    return sorted(found)


class _Taken:
    """Which characters of a document are names already, or parts of an address."""

    def __init__(self, text: str, spans: list[Span]) -> None:
        self.flags = bytearray(len(text))
        for span in spans:
            self.take(span.start, span.end)
        for match in ADDRESS.finditer(text):
            self.take(*match.span())

    def take(self, start: int, end: int) -> None:
        """Marks the characters of ``[start, end)``."""
        self.flags[start:end] = b"\1" * (end - start)

    def holds(self, start: int, end: int) -> bool:
        """Whether one of these characters is marked."""
        return any(self.flags[start:end])


def _worth_looking_for(
    text: str, names: Mapping[str, str], beginnings: Mapping[str, list[int]], known: Mapping[str, str]
) -> Iterator[tuple[str, list[int]]]:
    """The names that may be told from other words by their letters, longest first, and where each stands.

    None of small letters, unless lists know it; none of two letters, unless both are capitals; no word for a body, ``Council``.
    """
    everywhere = places_of(text, names, beginnings)
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if len(name) < 2 or not (name[0].isupper() or name in known) or (len(name) < 3 and not name.isupper()):
            continue
        if " " in name or not head_kind(name) or known_type(name):
            yield name, everywhere.get(name, [])


def _parties(text: str, spans: list[Span], taken: _Taken) -> Iterator[Span]:
    """Parties in brackets behind their members: ``Jan Novak (ZLP, Lund)``."""
    for span in spans:
        inside = IN_BRACKETS.match(text, span.end) if span.label == "PERSON" else None
        for match in PARTY.finditer(text, *inside.span("inside")) if inside else ():
            other = names_nothing(match[0]) or place_kind(match[0]) or _is_code(match[0])
            if not (taken.holds(*match.span()) or other):
                yield Span(*match.span(), "ORG", 0.6)


def _behind_stances(text: str, taken: _Taken, labels: Mapping[str, str]) -> Iterator[Span]:
    """Names behind a prefix: ``pro-Zubrin``, ``anti-Novak``."""
    for match in STANCE.finditer(text):
        word = match["name"]
        if taken.holds(*match.span("name")) or not word[0].isupper():
            continue
        label = "NORP" if is_demonym(word) else labels.get(word) or _known(word)
        if label or SURNAME.search(word):
            yield Span(*match.span("name"), label or "PERSON", 0.6)


def _in_hashtags(text: str, taken: _Taken, seen: Mapping[str, list[Span]]) -> Iterator[Span]:
    """Names and places that are the word of a hashtag: ``#Zubrin``."""
    for match in HASHTAG.finditer(text):
        word = match["word"]
        if not taken.holds(*match.span("word")) and (word in seen or place_kind(word)):
            yield Span(*match.span("word"), seen[word][0].label if word in seen else "LOC", 0.6)


def _grown(text: str, spans: list[Span]) -> list[Span]:
    """The spans (in order), those that stop inside a longer name of the document as long as that: ``Zubrin`` of ``Zubrin Studios``."""
    longer: defaultdict[str, dict[str, Span]] = defaultdict(dict)
    for span in spans:
        words = text[span.start : span.end]
        if " " in words and span.label in ("ORG", "LOC"):
            longer[words.partition(" ")[0]].setdefault(words, span)
    lengths = {first: sorted({len(name) for name in names}, reverse=True) for first, names in longer.items()}
    grown: list[Span] = []
    for at, span in enumerate(spans):
        limit = spans[at + 1].start if at + 1 < len(spans) else len(text)
        words = text[span.start : span.end]
        first = words.partition(" ")[0]
        for end in (span.start + length for length in lengths.get(first, ()) if length > len(words)):
            whole = longer[first].get(text[span.start : end])
            goes_on = text[span.end : span.end + 1] == " " and end <= limit and not text[end : end + 1].isalnum()
            if whole is not None and goes_on and span.label != "PERSON":
                span = replace(span, end=end, label=whole.label)
                break
        grown.append(span)
    return grown


class _Words:
    """The words of one document, asked whether they can be a name that was seen elsewhere."""

    def __init__(self, parsed: Parsed, shouted: frozenset[str], lower: set[str]) -> None:
        self.parsed, self.shouted, self.lower = parsed, shouted, lower
        places = parsed.doc.to_array(["IDX", "LENGTH"])
        self.starts = dict(zip(places[:, 0].tolist(), range(len(places)), strict=True))
        self.ends = dict(zip(places.sum(axis=1).tolist(), range(len(places)), strict=True))

    def name_at(self, name: str, start: int, several: bool, named: bool, part: bool) -> bool:
        """Whether these letters, at this offset, are whole words that stand as a name.

        ``several``: the name has several words or is an acronym; ``named``: it was found as a name; ``part``: it is a surname or a
        given name of somebody found. A name of several words is one wherever it stands; any other must be a proper noun and no
        part of a longer one, and a word that the document also writes small is a name only inside a sentence.
        """
        text, end = self.parsed.document.text, start + len(name)
        doc, first_at, last_at = self.parsed.doc, self.starts.get(start), self.ends.get(end)
        if first_at is None or last_at is None:
            return False
        first = doc[first_at]
        if several and named:
            return True
        bloc = name in BLOCS
        if bloc and (not BLOC.search(text, max(0, start - 12), start) or GOES_ON.match(text, end)):
            return False
        shouted = self.parsed.sentence_at(start).sentence_id in self.shouted
        inside = (part or named or bloc) and not first.is_sent_start and not shouted
        if not inside and first.tag_ and first.tag_ not in PROPER_TAGS:
            return False
        if not several and not inside and first.text.casefold() in self.lower:
            return False
        if name.isupper() and shouted:
            return False
        return not (_capital(doc, first_at - 1) or _capital(doc, last_at + 1))


def _is_code(letters: str) -> bool:
    """Whether these are the letters of a country or of a state of the United States: FR, TX."""
    code = letters.lower()
    return len(code) == 2 and (get_territory(code) is not None or get_territory(f"us-{code}") is not None)


def _parts(text: str, spans: list[Span], labels: Mapping[str, str]) -> dict[str, str]:
    """The surnames, and the given names that lists know, of the people named in full; not those that are names already."""
    parts: dict[str, str] = {}
    for span in spans:
        words = text[span.start : span.end].split()
        if span.label != "PERSON" or not 1 < len(words) < 5:
            continue
        last = ARTICLE.sub("", words[-1])
        if len(last) > 2 and last.isalpha() and words[-2] not in particles():
            parts[last] = "PERSON"
        if is_given_name(words[0]) and not is_given_name(words[-1]):
            parts[words[0]] = "PERSON"
    return {name: label for name, label in parts.items() if name not in labels and plain(name) not in calendar_words()}


def _known(word: str) -> str | None:
    """The type of a body or a place that lists know by this one word; null for any other, and for words that name nothing."""
    if len(word) < 2 or word.islower() or names_nothing(word):
        return None
    kind = known_type(word) if len(word) > 2 or word in ("UN", "EU", "AP", "FT") else None
    if kind is None and len(word) > 3 and surely_place(word) and word not in DIRECTIONS - BLOCS:
        return "LOC"
    return kind


def places_of(text: str, names: Iterable[str], beginnings: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Where each of the names stands as whole words, in order; names that stand nowhere are left out.

    ``beginnings`` tells where each word begins. All names are looked for at once, by their first word and their length: a
    look for each of them would be the square of a text that names many who share a first name.
    """
    by_first: defaultdict[str, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name in names:
        if first := WORD_START.match(name):
            by_first[first[0]][len(name)].add(name)
    found: defaultdict[str, list[int]] = defaultdict(list)
    for word, of_length in by_first.items():
        for start in beginnings.get(word, ()):
            for length, held in of_length.items():
                end = start + length
                name = text[start:end]
                ends_word = end >= len(text) or not (text[end].isalnum() or text[end] == "_")
                if ends_word and name in held and not (found[name] and start < found[name][-1] + length):
                    found[name].append(start)
    return dict(found)


def _capital(doc: Doc, at: int) -> bool:
    """Whether the neighbouring token is a capitalised proper noun, so that a single word is only part of a longer name."""
    if not 0 <= at < len(doc):
        return False
    token = doc[at]
    return bool(token.text[:1].isupper() and token.tag_ in PROPER_TAGS and not title_kind(token.text))
