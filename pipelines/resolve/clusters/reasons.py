"""Why names were put together or kept apart: collected while names are compared, written out as rows at the end."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from pipelines.lexicon.entries import entries
from pipelines.resolve.alike.bodies import acronym_letters
from pipelines.resolve.alike.romanise import fold
from pipelines.resolve.clusters.book import Book, Name
from pipelines.resolve.clusters.columns import HALF, Numbers
from pipelines.resolve.clusters.judging import Scores

NOTEWORTHY = 0.1  # below, two names are not even alike
UNSURE = 0.4
"""From here to ``SAME`` a pair is told to people as undecided."""
KEPT_APART = 5  # pairs on record for one name of those that were found different
PAIRS_AT_ONCE = 1 << 16


class Reason(NamedTuple):
    """One decision on two names (indices). Null ``evidence``: how far the two are spread; ``dated`` goes before that."""

    a: int
    b: int
    decision: str
    rule: str
    score: float
    evidence: str | None = None
    dated: str = ""


class Reasons:
    """The reasons for rows of ``entity_merges``, in the order in which they were found."""

    def __init__(self, book: Book) -> None:
        """No reasons yet."""
        self.book = book
        self.found: list[Reason] = []

    def add(self, a: int, b: int, decision: str, rule: str, score: float, evidence: str | None = None) -> None:
        """One decision on two names."""
        self.found.append(Reason(a, b, decision, rule, score, evidence))

    def judged(self, a: int, b: int, score: float, together: bool) -> None:
        """Two names that are alike enough; together unless the rest of their clusters spoke against it."""
        if together:
            one, other = self.book.names[a], self.book.names[b]
            dated = renaming_of(one, other)
            rule = "old and new names" if dated else rule_of(one, other)
            self.found.append(Reason(a, b, "same", rule, score, None, "".join(f"{line}; " for line in dated)))
        else:
            self.add(a, b, "different", "cluster veto", score, "alike, but other names of the two clusters are not")

    def apart(self, ones: Numbers, others: Numbers, scores: Scores) -> None:
        """Pairs that share letters but not enough; of those that surely differ, a few for each name are enough."""
        worth = np.flatnonzero(scores >= NOTEWORTHY)
        seen: Counter[int] = Counter()
        for a, b, score in zip(ones[worth].tolist(), others[worth].tolist(), scores[worth].tolist(), strict=True):
            n_a, n_b = seen[a], seen[b]
            if score >= UNSURE or (n_a < KEPT_APART and n_b < KEPT_APART):
                seen[a] = n_a + 1
                seen[b] = n_b + 1 + (a == b)
                if score >= UNSURE:
                    self.found.append(Reason(a, b, "unsure", "names do not decide", score))
                else:
                    self.found.append(Reason(a, b, "different", "names differ", score))

    def evidence(self) -> Iterator[str]:
        """What speaks for each reason, in order."""
        lengths = self.book.found_in.lengths.tolist()
        names = self.book.names
        for start in range(0, len(self.found), PAIRS_AT_ONCE):
            piece = self.found[start : start + PAIRS_AT_ONCE]
            for reason, both in zip(piece, self._shared(piece), strict=True):
                if reason.evidence is not None:
                    yield reason.evidence
                    continue
                a, b = reason.a, reason.b
                yield (
                    f"{reason.dated}{names[a].n} and {names[b].n} mentions in {lengths[a]} and {lengths[b]} documents, "
                    f"{both} shared"
                )

    def _shared(self, reasons: Sequence[Reason]) -> list[int]:
        """How many documents have both names."""
        found_in = self.book.found_in
        a, b = (np.array([reason[side] for reason in reasons], dtype=np.int64) for side in (0, 1))
        n_documents = found_in.lengths
        fewer = np.where(n_documents[a] <= n_documents[b], a, b)
        pair, document = found_in.of(fewer)
        wanted = (a + b - fewer)[pair] << HALF | document
        all_pairs = np.repeat(np.arange(len(n_documents)), n_documents) << HALF | found_in.values
        at = np.searchsorted(all_pairs, wanted)
        is_there = at < len(all_pairs)
        is_there[is_there] = all_pairs[at[is_there]] == wanted[is_there]
        shared: list[int] = np.bincount(pair[is_there], minlength=len(reasons)).tolist()
        return shared


def rule_of(a: Name, b: Name) -> str:
    if a.key == b.key:
        return "same letters"
    if a.group == "PERSON":
        return "spellings of one name"
    if a.group == "PLACE":
        return "names of one place"
    return "acronym" if acronym_letters(a.text) or acronym_letters(b.text) else "words of one name"


@cache
def _renamings() -> dict[str, str]:
    """Folded old name of a place or body to when it changed (``renamed 2018``)."""
    return {
        fold(row["form"]): row["source"].removeprefix("own: ")
        for lexicon in ("place_names", "organisation_names")
        for row in entries(lexicon)
        if row["source"].startswith("own: renamed")
    }


def renaming_of(a: Name, b: Name) -> list[str]:
    """What lexicons say of when one of the two names was given up; empty where they say nothing."""
    if a.group not in ("ORG", "PLACE"):
        return []
    return [f"{name.text}: {_renamings()[name.key]}" for name in (a, b) if name.key in _renamings()]
