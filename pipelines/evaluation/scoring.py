"""Rows against annotated texts: what was found, and how much of it is right.

**Figures** are paired one to one where spans overlap, the longest common part first. ``value`` asks for both ends of a range (a vague
amount counts as right when it is found; minor units of money may stand in the major one); ``unit``, ``bound``, ``change`` and
``referent`` ask for the value too. Units agree over spellings, plurals and what is counted per ("bbl/day", "barrels");
"nearly" is both approx and less_than; referents agree in a word of three letters or more, and none is right where the gold has
none outside the quantity ("200 vendors"). ``speaker``: of figures with the right value inside a claim, the share whose
innermost claim has an overlapping source.

**Claims** are paired one to one where the contents' intersection is at least half of their union and the sources overlap (or both
are missing): ``main``, as PolNeAR is scored (Newell et al. 2018). ``content`` leaves the sources aside; ``speech`` counts acts
of speech alone. ``status`` and ``stance`` are shares of the pairs of ``main``. ``named``: of its pairs whose speaker has a
name in the text, the share whose entity has a name that ends like it; ``misnamed``: the share whose entity is another.

**Names** are right with their exact span and type; ``untyped`` leaves the type aside.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipelines.evaluation.annotations import GoldClaim, GoldDocument, GoldFigure, Span
from pipelines.ingest.document import Row

ALIKE = 0.5
"""The least part of the union of two contents that both cover; the guidelines' annotators agreed at it on 98 claims of 100."""


class Part(NamedTuple):
    """One number of the report: a measure of a table; ``measure`` may name a kind behind a colon (``kind:direct``)."""

    table: str
    measure: str


class Miss(NamedTuple):
    """One thing that is missing, too many or wrong: what the gold has, what the rows have (null where there is nothing)."""

    document: str
    table: str
    what: str
    gold: Any
    found: Any


@dataclass
class Tally:
    """Counts by part: right ones, those in the gold and those in the rows; and the misses they come from."""

    right: Counter[Part] = field(default_factory=Counter)
    gold: Counter[Part] = field(default_factory=Counter)
    found: Counter[Part] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)
    n_words: int = 0
    n_documents: int = 0

    def count(self, table: str, measure: str, right: int, gold: int, found: int | None = None) -> None:
        """Adds to one part; ``found`` is null for a share of the gold's, which has no precision."""
        part = Part(table, measure)
        self.right[part] += right
        self.gold[part] += gold
        if found is not None:
            self.found[part] += found

    def add(self, other: "Tally") -> None:
        """Adds what another counted."""
        for mine, its in ((self.right, other.right), (self.gold, other.gold), (self.found, other.found)):
            mine.update(its)
        self.misses += other.misses
        self.n_words += other.n_words
        self.n_documents += other.n_documents

    def parts(self) -> list[Part]:
        """What was measured: each part that the gold or the rows have something of."""
        return sorted(part for part in self.gold if self.gold[part] or self.found[part])

    def precision(self, part: Part) -> float | None:
        """Of the rows, the per cent that are right; null for a share and where there is no row."""
        return 100 * self.right[part] / self.found[part] if self.found[part] else None

    def recall(self, part: Part) -> float | None:
        """Of the gold, the per cent that is found right; null where the gold has none."""
        return 100 * self.right[part] / self.gold[part] if self.gold[part] else None

    def score(self, part: Part) -> float:
        """F1 (twice the right ones, by all there are on both sides), or the share where there is no precision; in per cent."""
        whole = self.gold[part] + self.found[part] if part in self.found else self.gold[part]
        times = 2 if part in self.found else 1
        return 100 * times * self.right[part] / whole if whole else 0.0


class Rows(NamedTuple):
    """The rows of one document, and the names of every entity (its name and aliases) by id."""

    figures: Sequence[Row]
    claims: Sequence[Row]
    mentions: Sequence[Row]
    names_of: Mapping[str, Sequence[str]]


def scored(document: GoldDocument, rows: Rows) -> Tally:
    """The counts of one document."""
    tally = Tally(n_words=len(document.text.split()), n_documents=1)
    _figures(document, rows, tally)
    _claims(document, rows, tally)
    _names(document, rows, tally)
    return tally


def paired(n_gold: int, n_found: int, weight: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """Pairs one to one, the heaviest first; what weighs nothing is no pair. Positions in the gold and in what was found."""
    candidates = [(weight(i, j), i, j) for i in range(n_gold) for j in range(n_found)]
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    pairs = []
    for weighs, i, j in sorted(candidates, key=lambda one: (-one[0], one[1], one[2])):
        if weighs > 0 and i not in taken_gold and j not in taken_found:
            taken_gold.add(i)
            taken_found.add(j)
            pairs.append((i, j))
    return pairs


# ---------------------------------------------------------------- figures


def _figures(document: GoldDocument, rows: Rows, tally: Tally) -> None:
    gold, text = document.figures, document.text
    found = [row for row in rows.figures if not row["is_chrome"]]
    pairs = paired(
        len(gold),
        len(found),
        lambda i, j: min(gold[i].span.end, found[j]["end_char"]) - max(gold[i].span.start, found[j]["start_char"]),
    )
    right: Counter[str] = Counter(found=len(pairs))
    _note_unpaired(
        document,
        tally,
        "figures",
        pairs,
        [text[figure.span.start : figure.span.end] for figure in gold],
        [[row["text"], row["value"], row["unit"]] for row in found],
    )
    sources = {row["claim_id"]: _spans(row["source_spans"]) for row in rows.claims}
    n_claimed = n_speakers = 0
    for i, j in pairs:
        figure, row = gold[i], found[j]
        answers = {"value": _same_value(figure, row)}
        if answers["value"]:
            answers |= {
                "unit": same_unit(figure.unit, row["unit"]) or same_unit(figure.unit, row["canonical_unit"]),
                "bound": figure.modifier == row["modifier"]
                or {figure.modifier, row["modifier"]} == {"approx", "less_than"},
                "change": figure.change == row["change"],
                "referent": _same_referent(figure, row, text),
            }
            if (owner := _innermost(document.claims, figure.span)) is not None:
                n_claimed += 1
                n_speakers += _overlap(owner.source, sources.get(row["claim_id"], ()))
        for name, is_right in answers.items():
            right[name] += is_right
            if not is_right:
                given = [text[figure.span.start : figure.span.end], figure.value, figure.value_max, figure.unit]
                given += [
                    figure.modifier,
                    figure.change,
                    " … ".join(text[span.start : span.end] for span in figure.referent),
                ]
                got = [
                    row[column] for column in ("text", "value", "value_max", "unit", "modifier", "change", "referent")
                ]
                tally.misses.append(Miss(document.id, "figures", name, given, got))
    for name in ("found", "value", "unit", "bound", "change", "referent"):
        tally.count("figures", name, right[name], len(gold), len(found))
    tally.count("figures", "speaker", n_speakers, n_claimed)


def _same_value(gold: GoldFigure, row: Row) -> bool:
    if gold.value is None or (row["value"] is None and gold.value_max is not None):
        return True
    is_money = gold.unit is not None and re.fullmatch("[A-Z]{3}", gold.unit) is not None
    in_major = is_money and row["value"] is not None and _near(gold.value, row["value"] / 100)
    both = _near(gold.value, row["value"]) and _near(gold.value_max, row["value_max"])
    return both or in_major or _near(gold.value, row["canonical_value"])


def _near(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1e-6 * max(1.0, abs(one), abs(other))


UNITS = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "euros": "eur", "dollars": "usd", "fraction": "", "bbl": "barrel",
    "l": "litre", "liter": "litre", "t": "ton", "tonne": "ton", "btc": "bitcoin", "year of age": "year", "ng": "nanogram", "dead": "death",
}  # fmt: skip
"""Spellings of one unit, which annotators and rows may choose between."""


def plain_unit(unit: str | None) -> str:
    """What is counted, in one spelling, without what it is counted per; empty for none."""
    name = re.split(r"/| per ", (unit or "").replace("_", " ").lower())[0].strip()
    name = UNITS.get(name, name)
    return UNITS.get(name, re.sub(r"(?<=[a-z]{2})s$", "", name))


def same_unit(one: str | None, other: str | None) -> bool:
    """Whether two units are one, or end in one word ("school child", "child")."""
    first, second = plain_unit(one), plain_unit(other)
    return first == second or bool(first and second and first.split()[-1] == second.split()[-1])


def _words(text: str | None) -> set[str]:
    """Words of three letters or more, without their plural."""
    found = re.findall(r"[^\W\d_]{3,}", (text or "").lower())
    return {re.sub(r"(ies|s)$", "", word) for word in found} - {"the", "and", "for", "that", "with", "from"}


def _same_referent(gold: GoldFigure, row: Row, text: str) -> bool:
    words = set().union(*(_words(text[span.start : span.end]) for span in gold.referent))
    outside = (text[span.start : gold.span.start] + " " + text[gold.span.end : span.end] for span in gold.referent)
    is_inside = not any(map(_words, outside))
    return bool(words & _words(row["referent"])) or (is_inside and not row["referent"])


def _innermost(claims: Sequence[GoldClaim], span: Span) -> GoldClaim | None:
    """The shortest claim with a source whose content holds the span; null where none does."""
    holding = [
        claim
        for claim in claims
        if claim.source and any(part.start <= span.start and span.end <= part.end for part in claim.content)
    ]
    return min(holding, key=lambda claim: sum(part.end - part.start for part in claim.content), default=None)


# ---------------------------------------------------------------- claims


def _claims(document: GoldDocument, rows: Rows, tally: Tally) -> None:
    gold, found, text = document.claims, rows.claims, document.text
    content = [
        _characters(_spans(row["content_spans"]) or (Span(row["start_char"], row["end_char"]),)) for row in found
    ]
    source = [_spans(row["source_spans"]) for row in found]
    wanted = [_characters(claim.content) for claim in gold]

    def alike(i: int, j: int) -> float:
        share = len(wanted[i] & content[j]) / max(1, len(wanted[i] | content[j]))
        return share if share >= ALIKE else 0.0

    def main(i: int, j: int) -> float:
        agree = _overlap(gold[i].source, source[j]) or not (gold[i].source or source[j])
        return alike(i, j) if agree else 0.0

    pairs = paired(len(gold), len(found), main)
    _note_unpaired(
        document,
        tally,
        "claims",
        pairs,
        [
            [claim.kind, claim.act, *(_quoted(text, spans) for spans in (claim.source, claim.cue, claim.content))]
            for claim in gold
        ],
        [[row[column] for column in ("kind", "act", "source_text", "cue_text", "text")] for row in found],
    )
    tally.count("claims", "main", len(pairs), len(gold), len(found))
    tally.count("claims", "content", len(paired(len(gold), len(found), alike)), len(gold), len(found))
    is_speech = [claim.act == "speech" for claim in gold], [row["act"] == "speech" for row in found]
    both = sum(is_speech[0][i] and is_speech[1][j] for i, j in pairs)
    tally.count("claims", "speech", both, sum(is_speech[0]), sum(is_speech[1]))
    paired_gold = {i for i, _ in pairs}
    for i, claim in enumerate(gold):
        tally.count("claims", f"kind:{claim.kind}", i in paired_gold, 1)
        tally.count("claims", f"act:{claim.act}", i in paired_gold, 1)
    _polarity([(gold[i], found[j]) for i, j in pairs], document, tally)
    _speakers([(gold[i], found[j]) for i, j in pairs], document, rows, tally)


def _polarity(pairs: Sequence[tuple[GoldClaim, Row]], document: GoldDocument, tally: Tally) -> None:
    """Status and stance of paired claims; ``not said`` and ``with a stance``: F1 of what is not plain, over the pairs."""
    for column, plain, rest in (("status", "said", "not said"), ("stance", None, "with a stance")):
        answers = [(getattr(claim, column), None if row[column] == "asserts" else row[column]) for claim, row in pairs]
        right = [one == other for one, other in answers]
        tally.count("claims", column, sum(right), len(pairs))
        n_both = sum(one == other != plain for one, other in answers)
        tally.count(
            "claims", rest, n_both, sum(one != plain for one, _ in answers), sum(other != plain for _, other in answers)
        )
        for (claim, row), is_right in zip(pairs, right, strict=True):
            if not is_right:
                given = [
                    getattr(claim, column),
                    _quoted(document.text, claim.cue),
                    _quoted(document.text, claim.content),
                ]
                tally.misses.append(Miss(document.id, "claims", column, given, [row[column], row["rule"]]))


def _speakers(pairs: Sequence[tuple[GoldClaim, Row]], document: GoldDocument, rows: Rows, tally: Tally) -> None:
    text = document.text
    bodies = [name.span for name in document.names if name.type in ("PERSON", "ORG", "GPE", "NORP")]
    named = {text[span.start : span.end].split()[-1].lower() for span in bodies}
    n = n_right = n_wrong = 0
    for claim, row in pairs:
        last = claim.speaker.split()[-1].lower() if claim.speaker else None
        if last is None or last not in named:
            continue
        given = rows.names_of.get(row["source_entity_id"], ())
        is_right = any(last in name.lower().split() for name in given)
        n, n_right, n_wrong = n + 1, n_right + is_right, n_wrong + bool(given and not is_right)
        if not is_right:
            got = [given[0] if given else None, row["source_text"]]
            tally.misses.append(Miss(document.id, "claims", "named", claim.speaker, got))
    tally.count("claims", "named", n_right, n)
    tally.count("claims", "misnamed", n_wrong, n)


# ---------------------------------------------------------------- names


def _names(document: GoldDocument, rows: Rows, tally: Tally) -> None:
    found = {Span(row["start_char"], row["end_char"]): row["type"] for row in rows.mentions if row["form"] == "name"}
    gold = {name.span: name.type for name in document.names}
    right = {span for span, kind in gold.items() if found.get(span) == kind}
    tally.count("mentions", "typed", len(right), len(gold), len(found))
    tally.count("mentions", "untyped", len(gold.keys() & found.keys()), len(gold), len(found))
    by_type: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for span, kind in gold.items():
        by_type[kind][0] += span in right
        by_type[kind][1] += 1
    for kind in found.values():
        by_type[kind][2] += 1
    for kind, counts in by_type.items():
        tally.count("mentions", f"type:{kind}", *counts)
    for span in sorted(gold.keys() | found.keys()):
        if gold.get(span) != found.get(span):
            what = "missed" if span not in found else "too many" if span not in gold else "type"
            words = document.text[span.start : span.end]
            tally.misses.append(Miss(document.id, "mentions", what, [words, gold.get(span)], [words, found.get(span)]))


# ---------------------------------------------------------------- shared


def _spans(given: Iterable[Mapping[str, int]] | None) -> tuple[Span, ...]:
    return tuple(Span(span["start_char"], span["end_char"]) for span in (() if given is None else given))


def _characters(spans: Iterable[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


def _overlap(one: Iterable[Span], other: Sequence[Span]) -> bool:
    return any(a.start < b.end and b.start < a.end for a in one for b in other)


def _quoted(text: str, spans: Iterable[Span]) -> str:
    return " … ".join(text[span.start : span.end] for span in spans)


def _note_unpaired(
    document: GoldDocument,
    tally: Tally,
    table: str,
    pairs: Sequence[tuple[int, int]],
    gold: Sequence[Any],
    found: Sequence[Any],
) -> None:
    in_gold, in_found = {i for i, _ in pairs}, {j for _, j in pairs}
    tally.misses += [Miss(document.id, table, "missed", one, None) for i, one in enumerate(gold) if i not in in_gold]
    tally.misses += [
        Miss(document.id, table, "too many", None, one) for j, one in enumerate(found) if j not in in_found
    ]
