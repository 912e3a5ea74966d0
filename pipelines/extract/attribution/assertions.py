"""The author's own checkable statements: sentences with a figure or a calendar date that nobody else says."""

import re
from collections.abc import Iterator, Sequence

from pipelines.extract.attribution.attribution import Attribution
from pipelines.extract.attribution.tree import CLAUSAL, Span, Tree
from pipelines.ingest.document import Row
from pipelines.lexicon.calendar_names import capital_month_pattern

STATING = frozenset({"body", "title", "heading"})
_CALENDAR = re.compile(r"\d{4}|XXXX-(?:\d\d|W)")
_NAMED_DAY = re.compile(rf"\d|\b{capital_month_pattern()}\b")


def assertions(
    tree: Tree, drafts: Sequence[Attribution], figures: Sequence[Row], dates: Sequence[Row]
) -> Iterator[list[Span]]:
    """The content of every assertion: the sentence, or where it also reports others, the clause around the figure.

    Questions, chrome, bylines and quotations state nothing of the author's; a date that only says when somebody spoke
    makes no assertion.
    """
    parsed, text = tree.parsed, tree.parsed.document.text
    taken, said = bytearray(len(text) + 1), bytearray(len(text) + 1)
    for draft in drafts:
        if draft.parent is None and not draft.author:
            for start, end in (*draft.content, *draft.cue, *draft.source):
                taken[start:end] = b"\x01" * (end - start)
            for start, end in draft.content:
                said[start:end] = b"\x01" * (end - start)
    seen: set[tuple[Span, ...]] = set()
    cues = {draft.cue_token for draft in drafts}
    has_parse = parsed.doc.has_annotation("DEP")
    tells: dict[
        int, bool
    ] = {}  # sentence's first token -> whether it says something, asked once however many figures it holds
    for at in sorted(_places(figures, dates)):
        sentence = parsed.sentence_at(at)
        first, last = sentence.start_char, sentence.end_char
        in_source = taken[at] and not said[at]
        if (taken[at] and not in_source) or sentence.segment.kind not in STATING or not first <= at < last:
            continue
        if text[first:last].rstrip("\"”»’') ")[-1:] == "?":
            continue
        tokens = range(sentence.start, sentence.end)
        if sentence.start not in tells:
            tells[sentence.start] = (
                any(tree.is_verb(i) for i in tokens)
                if has_parse
                else sum(tree.text[i][:1].isalpha() for i in tokens) >= 4
            )
        if not tells[sentence.start]:
            continue
        content = [(first, last)]
        if in_source:
            content = tree.spans(_whole(tree, [i for i in tokens if not said[tree.start[i]]]))
        elif any(taken[first:last]):
            clause = _clause(tree, tree.at(at), cues)
            kept = _whole(tree, [i for i in clause if not said[tree.start[i]]])
            content = tree.spans(kept)
            if not any(tree.is_verb(i) for i in kept):
                continue
        if content and tuple(content) not in seen:
            seen.add(tuple(content))
            yield content


def _whole(tree: Tree, tokens: list[int]) -> list[int]:
    """The tokens without the words at their end that only led up to what was taken out: "when", "to", "and"."""
    while tokens and (
        tree.dep[tokens[-1]] in ("mark", "cc", "case", "punct", "advmod") and tree.head[tokens[-1]] not in tokens
    ):
        tokens = tokens[:-1]
    return tokens


def _places(figures: Sequence[Row], dates: Sequence[Row]) -> set[int]:
    """Where the figures and the calendar dates of the text itself begin."""
    found = {row["start_char"] for row in figures if not row.get("is_chrome")}
    for row in dates:
        if (
            row.get("type") == "DATE"
            and not row.get("is_chrome")
            and _CALENDAR.match(str(row.get("value") or ""))
            and _NAMED_DAY.search(row.get("text") or "")
        ):
            found.add(row["start_char"])
    return found


def _clause(tree: Tree, token: int, cues: set[int | None]) -> list[int]:
    """The tokens of the smallest clause around a token that is no part of a reporting clause alone."""
    at = token
    while tree.head[at] != at and not (tree.is_clause(at) and tree.dep[at] in (*CLAUSAL, "conj")):
        at = tree.head[at]
    if at in cues:
        return []
    return tree.subtree(at)
