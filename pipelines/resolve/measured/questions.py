"""The question that a figure answers, as a key: what is measured, whose, where, and said how.

Two figures are compared only when their keys are equal, so a key holds everything that would make them answers to
different questions. Where the text does not give enough for a key there is none: a wrong grouping is worse than none.

Three forms, after how news states quantities:

- an opinion: a share of a people for or against something ("90 % of the population are against sending troops");
- an event: so many of a kind to whom something happened somewhere ("23 pirates were arrested off Aden");
- a measure: an amount of a named thing of a named owner ("Poland's budget deficit was 5 %").

What has none of these may still be said again by its number alone, when that is long (``same_numbers``).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipelines.identity import SEPARATOR
from pipelines.ingest.document import Row
from pipelines.lexicon.calendar_names import calendar_names
from pipelines.lexicon.entries import entries, group
from pipelines.lexicon.person_words import person_words
from pipelines.resolve.measured.dimensions import dimension
from pipelines.resolve.measured.same_numbers import key_of, same_numbers
from pipelines.resolve.measured.whereabouts import (
    lead_place,
    place_behind,
    place_in,
    places,
    places_of,
    words_in,
)

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A figure's key, the days within which two statements of it may be compared, and words for a label."""

    key: Key
    window_days: int
    label: str


OPINION_DAYS, MEASURE_DAYS, CHANGE_DAYS, EVENT_DAYS = 730, 92, 10, 14

_STOP = re.compile(r"(?:[.!?…][\"”’»)]*\s+(?=[\"“«(]?[A-ZÀ-ÞА-Я])|\n\s*\n|\n(?=\S))")
"""Matches ``lamps. They``, not ``5.5 lamps``."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_FUNCTION_WORDS = group("question_words", "function")
_PEOPLE = {
    "person": "people",
    "persons": "people",
    "civilian": "civilian",
    "death": "people",
    "fatality": "people",
    "casualty": "people",
}


@cache
def _words(kind: str) -> Mapping[str, str]:
    return {row["form"]: row["value"] for row in entries("quantity_words") if row["kind"] == kind}


def stem(word: str) -> str:
    """The word without its commonest endings, in lower case: enough to match "export", "exports" and "exported"."""
    word = word.lower().removesuffix("'s").removesuffix("’s")
    for ending in ("ings", "ing", "ied", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
    return word


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence that holds ``[start, end)`` begins and ends, by punctuation alone."""
    left, first = max(0, start - 600), max(0, start - 600)
    for m in _STOP.finditer(text, left, start):
        first = m.end()
    after = _STOP.search(text, end, min(len(text), end + 600))
    return first, after.start() + 1 if after is not None else min(len(text), end + 600)


_NEIGHBOURS = 2
"""Figures on either side whose words are not taken for this one's."""


def questions_in(figures: Sequence[Row], document: Row, not_held: Collection[str] = frozenset()) -> list[Row]:
    """The questions that a document's figures answer: one row per figure that has one.

    ``figures`` are the document's rows of the figures table, ``document`` its row of the documents table, of which
    ``text`` and ``published_on`` are read. ``figure_id`` says whose question it is; ``key`` is equal for equal
    questions; ``window_days`` is how far apart two answers may have been said; ``label`` words for it;
    ``is_held`` is false where the figure stands in one of the claims ``not_held``: denied, doubted, asked, or not said.
    """
    lead = lead_place(document["text"])
    ordered = sorted(
        (row for row in figures if not row["is_chrome"]), key=lambda row: (row["start_char"], row["end_char"])
    )
    found: dict[str, Question] = {}
    for i, figure in enumerate(ordered):
        near = ordered[max(0, i - _NEIGHBOURS) : i] + ordered[i + 1 : i + _NEIGHBOURS + 1]
        question = question_of(figure, [(row["start_char"], row["end_char"]) for row in near], document, lead)
        if question is not None:
            found[figure["figure_id"]] = question
    found |= _by_number(ordered, found, document)
    return [
        {
            "figure_id": figure["figure_id"],
            "key": SEPARATOR.join(found[figure["figure_id"]].key),
            "window_days": found[figure["figure_id"]].window_days,
            "label": found[figure["figure_id"]].label,
            "is_held": figure.get("claim_id") not in not_held,
        }
        for figure in ordered
        if figure["figure_id"] in found
    ]


def _by_number(figures: Sequence[Row], found: Mapping[str, Question], document: Row) -> dict[str, Question]:
    """The questions of figures that have none of their own, from the same number elsewhere (``same_numbers``)."""
    questions: dict[str, Question] = {}
    for same in same_numbers(figures):
        told = {found[figure["figure_id"]] for figure in same if figure["figure_id"] in found}
        if len({question.key for question in told}) > 1:
            continue
        label = max((figure["referent"] or figure["unit_text"] or "" for figure in same), key=len)
        shared = (
            min(told, key=lambda q: q.label)
            if told
            else Question(key_of(same, document["document_id"]), EVENT_DAYS, label)
        )
        questions |= {figure["figure_id"]: shared for figure in same if figure["figure_id"] not in found}
    return questions


def question_of(
    figure: Row, others: Iterable[tuple[int, int]], document: Row, lead: str | None = None
) -> Question | None:
    """The question a figure answers, or null when the text does not make it plain.

    ``others`` are the spans of the document's other figures near by: words beyond them speak of those. ``lead`` is the one
    place that the document begins with, null when it begins with none or several.
    """
    text = document["text"]
    begin, stop = sentence_around(text, figure["start_char"], figure["end_char"])
    low = max([begin, *(e for _, e in others if begin <= e <= figure["start_char"])])
    high = min([stop, *(s for s, _ in others if figure["end_char"] <= s <= stop)])
    scene = _Scene(figure, text, begin, stop, low, high, _year(text[begin:stop], document), lead)
    if _is_cut(text, figure):
        return None  # the referent is only the beginning of "Hard Drive-High-end"
    if _COMPARED.match(text, figure["end_char"]):
        return None  # "44 percent less than a year before" is no share
    if is_share(figure):
        return _opinion(scene) or _share(scene)
    if figure["kind"] in ("count", "vague_count") and (figure["unit"] or _is_toll(scene)):
        return _event(scene)
    if figure["referent"] and figure["kind"] not in ("age", "multiple", "rank"):
        return _measure(scene)
    return None


_COMPARED = re.compile(r"\s(?:less|more|fewer|higher|lower|larger|smaller|above|below)\b")
"""Matches ``40 fewer lamps``, not ``40 lamps``."""


def _is_cut(text: str, figure: Row) -> bool:
    """Whether the referent ends inside a hyphened word, so that it does not say all."""
    end = figure["referent_end_char"]
    return end is not None and text[end : end + 1] in ("-", "‐", "‑") and text[end + 1 : end + 2].isalpha()


def is_share(figure: Row) -> bool:
    """Whether the figure is a part of a whole: a percentage or fraction of something, or a majority without a number."""
    if figure["change"] is not None:
        return False
    return (
        figure["kind"] in ("percent", "fraction") and figure["unit"] not in ("percentage point", "basis point")
    ) or (figure["kind"] == "vague_count" and figure["value"] is None)


@dataclass(frozen=True, slots=True)
class _Scene:
    """A figure in its sentence ``[begin, stop)``; ``[low, high)`` is the stretch without another figure in it."""

    figure: Row
    text: str
    begin: int
    stop: int
    low: int
    high: int
    year: str
    lead: str | None = None


def _year(sentence: str, document: Row) -> str:
    """The years the sentence names, where they are not the document's own."""
    published = document.get("published_on")
    return " ".join(sorted({y for y in _YEAR.findall(sentence) if published is None or int(y) != published.year}))


def _content(words: Iterable[str]) -> list[str]:
    return [stem(w) for w in words if w.lower() not in _FUNCTION_WORDS and not w.isdigit() and len(w) > 2]


_OTHER = re.compile(
    r"\b(?:elsewhere|another|separate\w*|also|other|previous\w*|earlier|last|similar|abroad|worldwide|globally|every|each)\b",
    re.I,
)
"""Words with which a sentence may speak of something that happened elsewhere or at another time. Matches ``elsewhere``, not ``here``."""

_WHERE_IT_HAPPENED = frozenset({"death", "injury", "missing", "destruction", "rescue", "infection", "flight"})
_COUNTED_BY_NAME = re.compile(
    r"\s(?:people\s)?(?P<word>dead|injured|wounded|missing|homeless|deaths|injuries|fatalities)\b"
)
"""Matches ``40 people missing``, not ``40 lamps``."""

_DEATHS = r"\bnumber of (?:dead|deaths|fatalities|victims)\b"
_INJURIES = r"\bnumber of (?:injured|wounded|injuries)\b"
_COUNTED_BEFORE = re.compile(rf"(?:{_DEATHS}|{_INJURIES})[^,;:]{{0,24}}$", re.I)


def _is_toll(scene: "_Scene") -> bool:
    """Whether a bare number counts people by what happened to them: "64 dead", "the death toll rose to 91"."""
    return scene.figure["unit"] is None and _toll(scene) is not None


def _toll(scene: "_Scene") -> str | None:
    m = _COUNTED_BY_NAME.match(scene.text, scene.figure["end_char"])
    if m is not None:
        return _words("frame").get(m["word"])
    counted = _COUNTED_BEFORE.search(scene.text[scene.low : scene.figure["start_char"]])
    about = (counted[0] if counted else scene.figure["referent"] or "").lower()
    if scene.figure["value"] is None or not float(scene.figure["value"]).is_integer():
        return None
    if re.search(rf"\bdeath toll\b|{_DEATHS}", about):
        return "death"
    return "injury" if re.search(_INJURIES, about) else None


def _where(scene: _Scene) -> str | None:
    """The place the figure is about: named in its words, behind it in the sentence, else before it."""
    figure, text = scene.figure, scene.text
    return (
        place_in(text, figure["start_char"], figure["end_char"], False)
        or place_in(text, figure["end_char"], scene.high, False)
        or place_in(text, scene.low, figure["start_char"], True)
        or place_in(text, scene.begin, figure["start_char"], True)
    )


def _group(scene: _Scene) -> tuple[str, str | None] | None:
    """Whose share it is: the group, and its country when it is a whole people ("citizens", "Belarusians")."""
    figure, text = scene.figure, scene.text
    whole = figure["referent"] or ""
    if figure["kind"] in ("fraction", "vague_count") and figure["unit"] and figure["unit"] != "percent":
        whole = figure["unit"]
        if " of " in figure["text"]:
            whole = figure["text"].split(" of ", 1)[1]
    words = [w for w, _ in words_in(whole, 0, len(whole)) if w.lower() not in _FUNCTION_WORDS]
    if not words or whole.lower().startswith(("his ", "her ", "its ", "their ", "my ", "our ")):
        return None
    plain = [w for w in words if w.lower() not in places()]
    named = [p for w in words if (p := places().get(w.lower())) is not None]
    if not plain or (len(plain) == 1 and plain[0].lower() in _words("populace")):
        country = named[0] if named else None
        if country is None:
            country = (
                place_behind(text, max(figure["end_char"], figure["referent_end_char"] or 0))
                or place_in(text, scene.begin, figure["start_char"], True)
                or place_in(text, max(0, scene.begin - 300), scene.begin, True)
            )
        return ("people", country) if country is not None else None
    return " ".join(sorted({stem(w) for w in plain})), named[0] if named else None


def _opinion(scene: _Scene) -> Question | None:
    group = _group(scene)
    if group is None:
        return None
    figure, text = scene.figure, scene.text
    ahead = words_in(text, figure["end_char"], scene.high if scene.high - figure["end_char"] > 25 else scene.stop)[:24]
    found = _stance([w for w, _ in ahead])
    if found is None:
        return None
    stance, index = found
    topic = _topic([w for w, _ in ahead[index + 1 :]])
    if topic is None:
        topic = _topic([w for w, _ in words_in(text, scene.begin, figure["start_char"])][::-1], known_only=True)
    if topic is None:
        before, _ = sentence_around(text, max(0, scene.begin - 3), max(1, scene.begin - 2))
        topic = _topic([w for w, _ in words_in(text, before, scene.begin)][::-1], known_only=True)
    if topic is None or (group[1] is None and not _is_of_persons(group[0])):
        return None
    label = " ".join(text[figure["start_char"] : scene.high].split()[:14])
    return Question(("opinion", group[0], group[1] or "", stance, topic, scene.year), OPINION_DAYS, label)


def _is_of_persons(group: str) -> bool:
    """Whether a group in stems is one of persons: what vaccines are 98 % effective against is no opinion."""
    return not set(group.split()).isdisjoint(_persons()) and set(group.split()).isdisjoint(_hollow())


@cache
def _persons() -> frozenset[str]:
    nouns = set(person_words()) | {"people", "respondent", "household", "population"}
    return frozenset(stem(noun) for noun in nouns | {f"{noun}s" for noun in nouns})


def _stance(words: list[str]) -> tuple[str, int] | None:
    for i, word in enumerate(words):
        stance = _words("stance").get(word.lower())
        if stance is None:
            continue
        turned = any(
            w.lower() in _words("negation") or w.lower().endswith(("n't", "n’t")) for w in words[max(0, i - 3) : i]
        )
        return ({"oppose": "support", "support": "oppose"}[stance] if turned else stance), i
    return None


def _topic(words: list[str], known_only: bool = False) -> str | None:
    """What the opinion is on: the first word of a known topic, else the first two content words."""
    for word in words[:14] if not known_only else words[:30]:
        topic = _words("topic").get(word.lower())
        if topic is not None:
            return topic
    if known_only:
        return None
    named = [
        stem(w)
        for w in words[:6]
        if w.lower() not in _FUNCTION_WORDS
        and w.lower() not in places()
        and w.lower() not in ("country", "either", "it")
    ]
    return " ".join(named[:2]) if len(named) >= 2 else None


def _share(scene: _Scene) -> Question | None:
    """A share of a named whole that does something: "40 percent of Jordan's exports go to Iraq"."""
    group = _group(scene)
    if group is None or (not scene.figure["referent"] and scene.figure["kind"] == "percent"):
        return None
    whole, country = group
    country = country or _where(scene)
    behind = max(scene.figure["end_char"], scene.figure["referent_end_char"] or 0)
    does = _content(w for w, _ in words_in(scene.text, behind, min(scene.high, behind + 60)))[:2]
    if country is None or len(does) < 2:
        return None
    label = " ".join(scene.text[scene.figure["start_char"] : scene.high].split()[:12])
    return Question(("share", whole, country, *does, scene.year), MEASURE_DAYS, label)


def _frame(scene: _Scene) -> str | None:
    """What is said to happen: the frame word nearest to the figure, between its neighbours."""
    figure, frames = scene.figure, _words("frame")
    behind = [w.lower() for w, _ in words_in(scene.text, figure["end_char"], scene.high)][:10]
    before = [w.lower() for w, _ in words_in(scene.text, scene.low, figure["start_char"])][::-1][:6]
    distances = [(float(i), frames[w]) for i, w in enumerate(behind) if w in frames]
    distances += [(i + 0.5, frames[w]) for i, w in enumerate(before) if w in frames]
    return min(distances)[1] if distances else None


def _event(scene: _Scene) -> Question | None:
    figure = scene.figure
    unit: str = figure["unit"] or "people"
    frame = _words("frame").get(f"{unit}s") if unit in ("death", "injury") else _toll(scene) or _frame(scene)
    where = _where(scene)
    if frame in _WHERE_IT_HAPPENED:
        named = places_of(scene.text, scene.begin, scene.stop)
        is_same = not named and _OTHER.search(scene.text, scene.begin, scene.stop) is None
        where = where or (named.pop() if len(named) == 1 else scene.lead if is_same else None)
    if (
        frame is None
        or where is None
        or " of " in figure["text"]
        or (figure["unit"] and figure["unit_text"] is None and figure["referent"] is None and _toll(scene) is None)
    ):
        return None  # "two of the three victims", "12 of them": parts
    inside = [w for w, _ in words_in(figure["text"], 0, len(figure["text"]))]
    nouns = {w.lower() for w in unit.split()} | {(figure["unit_text"] or "").lower()}
    traits = sorted(
        {
            stem(w)
            for w in inside
            if w[0].isalpha()
            and w.lower() not in _words("neutral")
            and w.lower() not in nouns
            and not _is_number(w)
            and w.lower() not in places()
        }
    )
    label = " ".join(scene.text[figure["start_char"] : scene.high].split()[:12])
    return Question(("event", frame, _PEOPLE.get(unit, unit), where, *traits, scene.year), EVENT_DAYS, label)


@cache
def _number_words() -> frozenset[str]:
    return frozenset(row["form"] for row in entries("numerals"))


def _is_number(word: str) -> bool:
    return word.lower() in _number_words() or stem(word) in _number_words() or word.lower() in ("k", "bn", "m")


@cache
def _hollow() -> frozenset[str]:
    """Stems of words that say that something is measured, and not what."""
    return frozenset(map(stem, _words("hollow")))


def _measure(scene: _Scene) -> Question | None:
    figure = scene.figure
    about = figure["referent"]
    words = [w for w, _ in words_in(about, 0, len(about))]
    plain = [w for w in words if w.lower().removesuffix("'s").removesuffix("’s") not in places()]
    what = sorted(set(_content(plain)))
    if set(what) <= _hollow():
        return None  # "the number has risen to 7 million" does not say of what
    owner = _owner(scene, words)
    if (
        not what
        or owner is None
        or about.lower().startswith(("his ", "her ", "its ", "their ", "my ", "our ", "your "))
    ):
        return None
    frame = _frame(scene) or ""
    if all(
        w[0].isupper() for w in words if w.lower() not in _FUNCTION_WORDS
    ):  # only a name: what it did tells what is measured
        did = _content(w for w, _ in words_in(scene.text, scene.low, figure["start_char"]) if not w[0].isupper())[-1:]
        if not did:
            return None
        frame = did[0]
    change = figure["change"] or ""
    unit = dimension(figure)[0]
    return Question(
        ("measure", unit, " ".join(what), owner, frame, change, scene.year),
        CHANGE_DAYS if change else MEASURE_DAYS,
        about,
    )


def _is_no_name(word: str) -> bool:
    """Whether a capital makes the word no owner: the name of a month, or of what is measured ("GDP")."""
    return word.lower() in calendar_names() or word.lower().removesuffix("'s").removesuffix("’s") in _words("indicator")


def _owner(scene: _Scene, words: list[str]) -> str | None:
    """Whose measure: the name in the referent, else the place named in the figure's own stretch of the sentence."""
    names = [w.removesuffix("'s").removesuffix("’s") for w in words if w[0].isupper() and not _is_no_name(w)]
    lowered = [places().get(n.lower()) for n in names]
    for place in lowered:
        if place is not None:
            return place
    at = scene.figure["referent_start_char"]
    if names and (
        len(names) > 1
        or scene.text[max(0, at - 2) : at].strip(" \n\t\"'“‘") not in ("", ".", ":", "-", "–", "—", "*", "•")
    ):
        return " ".join(n.lower() for n in names)
    return _where(scene)
