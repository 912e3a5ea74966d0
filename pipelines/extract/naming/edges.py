"""Where names begin and end: the model's spans, or runs of capitals where there is no model, cut and mended.

Titles, articles, possessives and brackets stand outside a name, particles (von, de, bin, al-) inside; two names joined by
``and`` or a hyphen are two; a line break ends a name.
"""

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate

import numpy as np
from spacy.tokens import Doc

from pipelines.extract.naming.gazetteer import (
    calendar_words,
    head_kind,
    is_demonym,
    known_long_names,
    known_type,
    particles,
    place_kind,
    title_kind,
    type_of_words,
    types_beside,
)
from pipelines.lexicon.entries import either, entries, group
from pipelines.lexicon.given_names import is_given_name
from pipelines.lexicon.legal_forms import legal_end, legal_tail
from pipelines.lexicon.plain import plain

OUTER = ' \t\n\r\f\v\u00a0\u200b\u200e\u200f\u2060\ufeff"“”«»„‹›‘`,;:!?•*_~<>=|/\\-–—…^'
POSSESSIVE = re.compile(r"(?:['’´`]\s?s|['’´`])$")
ADDRESS = re.compile(
    r"(?<![^\s<>\"])[^\s<>\"][^\s<>\"@]*+@\S{1,255}\.\S+|https?://\S+|www\.\S+"
    r"|(?<![\w-])[\w-]++\.(?:com|org|net|info|gov|edu|html?|docx?|pdf|jpe?g|png|gif|mp[34])\b(?:/\S*)?",
    re.IGNORECASE,
)
"""An e-mail or web address, or the name of a file (``ana@example.org``, ``www.example.org/a``, ``report.pdf``), but no ``3 @ 5``.

An address begins where nothing that may belong to one stands before it, and is asked for only there: else a run of letters
without a blank is read once from each of them.

Matches ``ana@example.org``, not ``ana at example``."""
JOINED_PLACES = re.compile(r"^(?P<left>[^\W\d_][\w.' ]*?)\s?[-–/]\s?(?P<right>[^\W\d_][\w.' ]*)$")
"""Matches ``Oslo–Bergen``, not ``Oslo``."""
COMMON_TAIL = re.compile(r"(?<=[a-z]) (?P<word>[a-z]{4,})$")
"""A common noun behind a place's name that is no part of it: the Minsk-Moscow ``express``."""
ACRONYM_AND_NOUN = re.compile(r"(?P<name>[A-Z]{2,6}) (?P<word>[a-z]{4,})")
ARTICLES = ("Al", "Ar", "As", "Az", "Ash", "Ad", "An", "El")
"""The Arabic article as it is written inside a name: something stands before it, and always something after it."""
NO_WORDS = group("name_words", "no_name")
BEGINS, GOES_ON = 3, 1
"""What spaCy writes in ``ENT_IOB`` for a name's first token and for those after it."""
STANCE = re.compile(r"(?:pro|anti|counter|non|ex|post|pre)(?:[-‑–](?=[A-Z])|$)")
ACRONYM = re.compile(r"^(?:[A-Z]{2,}[\w&/]*|(?:[A-Z][a-z]?){2,}|(?:[A-Z]\.){2,})$")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A name at ``[start, end)`` (code points): its label (PERSON, ORG, LOC, NORP) and how sure that is, 0 to 1."""

    start: int
    end: int
    label: str
    confidence: float


def touching(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """Those of ``spans`` (in order, none inside another) that share a character with ``[start, end)``."""
    at = bisect_right(spans, start, key=lambda span: span.end)
    found = []
    while at < len(spans) and spans[at].start < end:
        found.append(spans[at])
        at += 1
    return found


def from_model(doc: Doc) -> list[Span]:
    """The names that the language model marked, also across a line end that the layout took for a soft one."""
    spans: list[Span] = []
    last = -2
    for at in np.flatnonzero(np.isin(doc.to_array("ENT_IOB"), (BEGINS, GOES_ON))).tolist():
        token = doc[at]
        if token.is_space:
            continue
        going_on = last >= 0 and all(word.is_space for word in doc[last + 1 : at])
        last, end = at, token.idx + len(token)
        if token.ent_iob == GOES_ON and going_on and spans[-1].label == token.ent_type_:
            spans[-1] = replace(spans[-1], end=end)
        else:
            spans.append(Span(token.idx, end, token.ent_type_, 0.9))
    return spans


def without_addresses(text: str, spans: list[Span]) -> list[Span]:
    """The spans that touch no web or e-mail address, or stop before one."""
    addresses = [match.span() for match in ADDRESS.finditer(text)]
    ends = [end for _, end in addresses]
    kept = []
    for span in spans:
        first = bisect_right(ends, span.start)
        if first == len(addresses) or addresses[first][0] >= span.end:
            kept.append(span)
        elif addresses[first][0] > span.start:
            kept.append(replace(span, end=addresses[first][0]))
    return kept


def trimmed(text: str, span: Span) -> Span | None:
    """The span without quotes, brackets, articles, possessive and punctuation around it; null when nothing is left."""
    start, end = span.start, span.end
    while True:
        before = (start, end)
        while start < end and (text[start] in OUTER or text[start] in ")]}'’.&" or text[start].isspace()):
            start += 1
        while start < end and (text[end - 1] in OUTER or text[end - 1] in "([{" or text[end - 1].isspace()):
            end -= 1
        if end - start > 2 and (match := POSSESSIVE.search(text, start, end)) and text[end - 1] != "s":
            end = match.start()
        elif end - start > 2 and re.search(r"['’´`]\s?s$", text[start:end]):
            end = start + re.search(r"\s?['’´`]\s?s$", text[start:end]).start()  # type: ignore[union-attr]
        if text[end - 1 : end] in (")", "]", "}") and not re.search(r"[(\[{]", text[start:end]):
            end -= 1
        if text[start : start + 1] in ("(", "[", "{"):
            start += 1
        if start >= end:
            return None
        if (
            text[end - 2 : end] == ".."
            or re.fullmatch(r"[A-Z][A-Za-z]*[A-Z]\.", text[start:end])
            or (text[end - 1 : end] == "." and span.label == "PERSON" and len(text[start:end].split()[-1]) > 4)
        ):
            end -= 1
        if (match := re.match(r"(?:the|a|an|both|this|that|its|his|her|our|their)\s+(?=\S)", text[start:end])) or (
            match := re.match(r"(?:The|A|An|This|Both|Our|Their|His|Her)\s+(?=\S)", text[start:end])
        ):
            start += match.end()
        if (start, end) == before:
            break
    return replace(span, start=start, end=end) if end > start and any(c.isalnum() for c in text[start:end]) else None


def cut(text: str, span: Span) -> list[Span]:
    """The parts of a span that holds more than one name: split at blank lines, brackets and, for people, at ``and``."""
    words = text[span.start : span.end]
    if span.label == "PERSON" and re.fullmatch(r"[^\W\d_][\w'’-]+, [^\W\d_][\w'’.-]+", words):
        return [span]
    pattern = r"\s*[\n\r]\s*[\n\r]\s*|\s*[()\[\]{}|;]\s*|\s*[\"“”]?<"
    if span.label == "PERSON":
        pattern += r"|\s+[a-z]{4,}\s*\n\s*"  # what they do, at the end of a line that the next name opens
        pattern += r"|\s*,?\s+(?:and|und|y|with|vs\.?)\s+|\s*[&/]\s*|\s*,\s+(?!Jr|Sr|I{2,3}\b)|\s+(?=U\.\s?S\.)"
    if span.label != "ORG":
        pattern += r"|['’]s(?=\s+[a-z])[^\n]*"
    pieces, at = [], 0
    for match in re.finditer(pattern, words):
        pieces.append((at, match.start()))
        at = match.end()
    pieces.append((at, len(words)))
    parts = [replace(span, start=span.start + a, end=span.start + b) for a, b in pieces if b > a]
    return [piece for part in parts for piece in _cut_places(text, part)]


def _cut_places(text: str, span: Span) -> list[Span]:
    """Minsk-Moscow is two places, Kremlin-backed and anti-Kremlin one name and a stance."""
    words = text[span.start : span.end]
    if match := STANCE.match(words):
        return _cut_places(text, replace(span, start=span.start + match.end())) if match.end() < len(words) else []
    if match := re.search(
        r"[-–](?:led|backed|based|held|born|run|made|controlled|era|style|wide|owned|friendly|like|leaning)$", words
    ):
        left = words[: match.start()]
        label = "LOC" if span.label == "ORG" and place_kind(left) else span.label
        return [replace(span, end=span.start + match.start(), label=label)]
    common = COMMON_TAIL.search(words) if span.label == "LOC" and words[0].isupper() else None
    if common and not head_kind(common["word"].capitalize()):
        return _cut_places(text, replace(span, end=span.start + common.start()))
    acronym = ACRONYM_AND_NOUN.fullmatch(words) if span.label == "ORG" else None
    if acronym and not head_kind(acronym["word"].capitalize()):
        return [replace(span, end=span.start + acronym.end("name"))]
    match = JOINED_PLACES.match(words)
    if (
        span.label in ("LOC", "ORG")
        and match
        and all(place_kind(match[side]) or is_demonym(match[side]) for side in ("left", "right"))
    ):
        return [
            replace(span, start=span.start + match.start(side), end=span.start + match.end(side), label="LOC")
            for side in ("left", "right")
        ]
    if span.label == "ORG" and (match := re.match(r"(?P<left>.+?),?\s+and\s+(?P<right>[^,]+)$", words)):
        left, right = match["left"], match["right"]
        one_word_head = right.split()[0]
        if ((ACRONYM.match(right) or known_type(right)) and len(left.split()) > 1) or (
            place_kind(right) and place_kind(left)
        ):
            return halves(span, match)
        if (
            type_of_words(left.split()) == "ORG"
            and type_of_words(right.split()) == "ORG"
            and " of " in right
            and head_kind(one_word_head)
        ):
            return halves(span, match)
    return [span]


def halves(span: Span, match: re.Match[str]) -> list[Span]:
    return [
        replace(span, start=span.start + match.start(side), end=span.start + match.end(side))
        for side in ("left", "right")
    ]


def without_title(text: str, span: Span) -> Span:
    """A person's name without the titles, roles and nationality before it: ``Lithuanian Foreign Minister Novak`` is Novak."""
    if span.label != "PERSON":
        return span
    words = [(match.start() + span.start, match[0]) for match in re.finditer(r"\S+", text[span.start : span.end])]
    at, titled = 0, -1
    while at < len(words) - 1:
        word = words[at][1].rstrip(",")
        kind = title_kind(word)
        if kind and not (
            kind == "role-part"
            and titled < 0
            and title_kind(words[at + 1][1]) is None
            and not is_demonym(words[at + 1][1])
        ):
            titled = at
        elif not (is_demonym(word) or (word.islower() and word not in particles())):
            break
        at += 1
    at = max(at, titled + 1) if titled >= 0 else 0
    return replace(span, start=words[at][0]) if at else span


def extended(text: str, span: Span) -> Span:
    """A person's or body's name with the particles before it: ``von der Leyen``, ``al-Sharaa``, at a sentence's start too."""
    holy = HOLY.search(text, max(0, span.start - 9), span.start) if span.label == "PERSON" else None
    if holy and is_given_name(text[span.start : span.end]):
        return replace(span, start=holy.start())
    syllable = SYLLABLE.match(text, span.end) if span.label == "PERSON" else None
    if syllable and text[span.start : span.end].split()[0] in _korean_surnames():
        span = replace(span, end=syllable.end())
    while match := re.search(
        r"(?:^|(?<=[\s(\"“«‘]))(?P<particle>[A-Za-z]{2,5})(?:[ ]|[-‑])$", text[max(0, span.start - 7) : span.start]
    ):
        particle = match["particle"]
        arabic = (
            particle.casefold() in ("al", "el", "ul", "as", "ar", "ash", "at", "az", "an", "ad")
            and text[span.start - 1] in "-‑"
        )
        spaced = (
            particle.casefold() in particles()
            and particle.casefold() not in ("el", "la", "le", "da", "ben")
            and text[span.start - 1] == " "
        )
        if not (
            arabic
            or (
                spaced
                and span.label == "PERSON"
                and (particle.islower() or _begins_sentence(text, span.start - len(particle) - 1))
            )
        ):
            break
        if particle == "de" and span.label != "PERSON":
            break
        span = replace(span, start=span.start - len(particle) - 1)
    return span


HOLY = re.compile(r"\b(?:Prophet|Imam) $")
"""What belongs to the name of the one who is known by a given name alone: Prophet Muhammad is no other Muhammad."""
SYLLABLE = re.compile(r"-[a-z]{2,5}\b")


@cache
def _korean_surnames() -> frozenset[str]:
    return frozenset(row["form"] for row in entries("east_asian_surnames") if row["value"] == "Korean")


def _begins_sentence(text: str, at: int) -> bool:
    while at and text[at - 1] in ' "“«‘(':
        at -= 1
    return not at or text[at - 1] in ".!?\n:”"


UNIT = re.compile(
    r"(?:(?:U\.S\.|US|U\.K\.|UK)\s)?\d{1,3}(?:st|nd|rd|th)(?:\s[A-Z][\w-]+){0,4}?\s"
    rf"(?:{either('name_words', 'unit')})\b"
    r"(?:\sGroup\b)?"
    r"|\d{1,3}(?:st|nd|rd|th)(?:\s(?:separate|special|assault|attack|mechani[sz]ed|motori[sz]ed|motor|rifle|tank|airborne|air|guards|infantry|"
    r"artillery|marine|naval|mountain|jaeger|operations|territorial|defen[cs]e|missile)){0,5}"
    r"\s(?:army|division|brigade|battalion|regiment|corps|squadron)\b"
)
"""Matches ``the 3rd Rifle Brigade``, not ``the 3rd of May``."""


NUMBERED = re.compile(r"-[A-Z]{2,}\b|(?<=[A-Z]) \d{1,3}\b(?! ?(?:percent|%|[a-z]{3,}s\b))")
"""Matches ``-NT``, not ``-nt``."""
SITE = re.compile(
    r"(?<![\w@/.-])(?P<name>[\w-]{2,30}\.(?:org|com|net|info|tv|eu|by|ru|ua|pl|lt|lv|de|uk|us|ge|kz))"
    r"(?=\s\([A-Z]{2}\)|,?\s(?:said|says|writes|wrote|reports|reported|notes|noted|believes|claims|claimed|adds|quotes|quoted|argues|comments|observes)\b)"
)
"""Matches ``zubrin.by reported``, not ``zubrin.by is down``."""
QUOTED = re.compile(r"[\"“«](?P<name>[A-Z][\w'’-]*(?:\s[A-Z][\w'’-]*){0,3})[\"”»]")


def completed(text: str, doc: Doc, spans: list[Span]) -> list[Span]:
    """Spans that stopped short, made whole, and bodies that only their surroundings tell.

    Whole: names of several words that lists know, numbered units, ``CTF 50``, ``ABC-DEF``, ``Kingdom of X``. New: a site that
    writes or says something, a name in quotes beside the word for what it is (the portal "X", the "X" group).
    """
    whole = [Span(m.start(), m.end(), "ORG", 0.8) for m in UNIT.finditer(text)]
    whole = [w for w in whole if touching(spans, w.start, w.end)]
    whole += [Span(start, end, "ORG", 0.75) for start, end in known_long_names(text)]
    whole += [Span(m.start("name"), m.end("name"), "ORG", 0.6) for m in (*SITE.finditer(text), *_quoted(text))]
    whole = [
        w
        for w in whole
        if not any(s.start < w.start < s.end or s.start < w.end < s.end for s in touching(spans, w.start, w.end))
    ]
    spans = sorted(_outside(spans, whole) + _longest(whole))
    found: list[Span] = []
    for span in numbered(text, spans):
        gap = text[found[-1].end : span.start] if found else ""
        if span.label == "LOC" and gap in (" of ", " "):
            before = text[found[-1].start : found[-1].end]
            states = before.removesuffix(" of").split()[-1] in (
                "Kingdom",
                "Republic",
                "Emirate",
                "Commonwealth",
                "State",
            )
            if states and (gap == " of " or before.endswith(" of")):
                found[-1] = replace(found[-1], end=span.end, label="LOC")
                continue
        found.append(span)
    starts: list[int] = doc.to_array("IDX").tolist()
    found = _whole(text, doc, starts, found)
    wide = [_widened(doc, _tokens(starts, span), _with_given_name(text, span, found), found) for span in found]
    return [_lengthened(doc, text, _tokens(starts, span), span, found) for span in wide]


def _tokens(starts: list[int], span: Span) -> slice:
    """The tokens that a span touches, from where all tokens begin (``Doc.char_span`` walks through the whole text)."""
    return slice(bisect_right(starts, span.start) - 1, bisect_left(starts, span.end))


def _outside(spans: list[Span], whole: list[Span]) -> list[Span]:
    """The spans that lie in none of the whole ones."""
    whole = sorted(whole)
    starts = [span.start for span in whole]
    reach = list(accumulate((span.end for span in whole), max))
    kept = []
    for span in spans:
        before = bisect_right(starts, span.start)
        if not before or reach[before - 1] < span.end:
            kept.append(span)
    return kept


def numbered(text: str, spans: list[Span]) -> list[Span]:
    """The spans (in order), bodies with the number, second acronym or legal form that is theirs: ``CTF 50``, ``Nordtel Inc.``"""
    found = []
    for at, span in enumerate(spans):
        limit = spans[at + 1].start if at + 1 < len(spans) else len(text)
        if span.label == "ORG":
            acronym = ACRONYM.match(text[span.start : span.end])
            match = (acronym and NUMBERED.match(text, span.end, limit)) or legal_tail().match(text, span.end, limit)
            span = replace(span, end=match.end()) if match else span
        found.append(span)
    return found


def _quoted(text: str) -> list[re.Match[str]]:
    """Capitalised words in quotes beside a word that says what kind of body they name."""
    found = []
    for match in QUOTED.finditer(text):
        voices = types_beside(text[max(0, match.start() - 30) : match.start()], text[match.end() : match.end() + 30])
        if any(label == "ORG" and weight > 1 for label, weight in voices):
            found.append(match)
    return found


def _longest(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        if not touching(kept, span.start, span.end):
            insort(kept, span)
    return kept


GLUED = re.compile(r"(?<=[\s(])[-–—](?P<given>[A-Z][^\W\d_]{2,})[ ]$")


def _with_given_name(text: str, span: Span, spans: list[Span]) -> Span:
    """A surname with the given name before it that a dash glued to the word before: ``-Anna Novak``."""
    if span.label != "PERSON" or " " in text[span.start : span.end]:
        return span
    match = GLUED.search(text, max(0, span.start - 22), span.start)
    if match is None or not is_given_name(match["given"]) or touching(spans, match.start("given"), span.start):
        return span
    return replace(span, start=match.start("given"))


def _widened(doc: Doc, tokens: slice, span: Span, spans: list[Span]) -> Span:
    """A body's or place's name with the capitalised word before it that the model left out: ``Combined Joint Task Force``."""
    if span.label not in ("ORG", "LOC"):
        return span
    if tokens.start == 0:
        return span
    before = doc[tokens.start - 1]
    article = doc[tokens.start].text in ARTICLES
    several = span.label == "ORG" and tokens.stop - tokens.start > 1
    if (
        (several or article)
        and before.tag_ in ("NNP", "NNPS", "JJ", "VBN")
        and before.text[:1].isupper()
        and before.is_alpha
        and not before.is_sent_start
        and before.whitespace_
        and not title_kind(before.text)
        and not is_demonym(before.text)
        and not touching(spans, before.idx, before.idx + 1)
        and plain(before.text) not in calendar_words()
    ):
        return replace(span, start=before.idx)
    return span


AREAS = group("name_words", "area")
"""Words that make a place's name the name of another place, and hardly ever stand capitalised behind one for another reason."""


def _lengthened(doc: Doc, text: str, tokens: slice, span: Span, spans: list[Span]) -> Span:
    """A name with the capitalised word after it that the model left out: a surname after a given name, ``World Health`` Organisation."""
    words = text[span.start : span.end].split()
    if tokens.stop >= len(doc) or not doc[tokens.stop - 1].whitespace_:
        return span
    after = doc[tokens.stop]
    headed = span.label == "ORG" and len(words) > 1 and head_kind(after.text) == "ORG"
    if (
        after.tag_ not in (("NNP", "NNPS", "NN", "NNS") if headed else ("NNP", "NNPS"))
        or not after.text[:1].isupper()
        or not after.is_alpha
        or touching(spans, after.idx, after.idx + 1)
        or title_kind(after.text)
        or plain(after.text) in calendar_words()
    ):
        return span
    end = after.idx + len(after)
    if words[-1] in ARTICLES and span.label != "PERSON":
        fits: bool | None = len(words) > 1
    elif span.label == "PERSON":
        half = (len(words) == 1 and is_given_name(words[0])) or (
            len(words) > 1 and re.fullmatch(r"[A-Z]\.", words[-1]) and is_given_name(words[0])
        )
        fits = half and not head_kind(after.text) and not place_kind(after.text) and len(after) > 1
    elif span.label == "ORG":
        fits = head_kind(after.text) == "ORG" and not head_kind(words[-1])
    else:
        town = head_kind(after.text) in ("GPE", "LOC") and after.text in AREAS and not is_demonym(words[-1])
        fits = place_kind(text[span.start : end]) is not None or (town and not head_kind(words[-1]))
    return replace(span, end=end) if fits else span


TAIL = re.compile(r"(?:\s+(?:of|in|to|for|and|the|by|with|on|at|from|or|de|&))+$")
LEADS_ON = re.compile(r"\b(?:of|for|the|to|and)$")
COMMON_HEAD = re.compile(r"(?:[a-z]+ of )(?:the )?(?=[A-Z])")


def _leads_to(doc: Doc, at: int, end: int) -> int:
    """Where the capitalised words end that begin at this token, with ``of`` and what follows it; ``end`` when there are none."""
    while at < len(doc) and doc[at].tag_ in ("NNP", "NNPS") and doc[at].text[:1].isupper() and doc[at - 1].whitespace_:
        end = doc[at].idx + len(doc[at])
        at += 1
        if (
            at + 1 < len(doc)
            and doc[at].text == "of"
            and doc[at + 1].text[:1].isupper()
            and head_kind(doc[at - 1].text)
        ):
            at += 1
    return end


def _whole(text: str, doc: Doc, starts: list[int], spans: list[Span]) -> list[Span]:
    """The spans that end on a small word (``Grand Lodge of``) with the name it leads to, or without it; no common noun before a place."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].end > span.start:
            continue
        words = text[span.start : span.end]
        if span.label == "LOC" and (match := COMMON_HEAD.match(words)):
            span = replace(span, start=span.start + match.end())
        elif match := TAIL.search(words):
            stem = words[: match.start()]
            end = span.end
            if span.label != "PERSON" and LEADS_ON.search(words) and not legal_end().search(stem):
                end = _leads_to(doc, _tokens(starts, span).stop, end)
            span = replace(span, end=end if end > span.end else span.start + match.start())
        if span.end > span.start:
            found.append(span)
    return found
