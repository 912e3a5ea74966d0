"""Whose words stand between the quotation marks where no verb says it: led up to by a colon, or signed."""

import re

from pipelines.extract.attribution.attribution import Attribution
from pipelines.extract.attribution.cue.cue_spans import cue_spans
from pipelines.extract.attribution.cue.cues import Cue, cues
from pipelines.extract.attribution.cue.subjects import SUBJECTS, noun_class, source_spans
from pipelines.extract.attribution.quotes import Quotation
from pipelines.extract.attribution.tree import Tree

PAUSES = frozenset({",", "?", "!", "…", "...", "—", "–", "--", "-", "."})
"""Punctuation between a quotation and who speaks it."""


def led_by_colon(tree: Tree, quote: Quotation, before: list[int]) -> Attribution | None:
    """A quotation after a colon without a verb of saying: "El Noticiero is sceptical: ..." or a bare name."""
    if not before or tree.text[before[-1]] != ":":
        return None
    top = before[0]
    while tree.head[top] in before and tree.head[top] != top:
        top = tree.head[top]
    head = tree.child(top, *SUBJECTS)
    words = [i for i in before if tree.text[i] not in PAUSES and tree.text[i] != ":"]
    if not words:
        return None
    if head is None or head not in before:
        said = tree.lower[words[-1]].removesuffix("s")
        if (
            len(words) > 1
            and not tree.ent[words[-1]]
            and "s" in cues("verb").get(said, Cue("", "", frozenset())).frames
        ):
            return _noun_cue(tree, quote, words, before[-1])
        if any(tree.is_verb(i) for i in words) or len(words) > 8:
            return None
        if not any(tree.ent[i] or noun_class(tree, i) for i in words):
            return None
        start, end = tree.start[words[0]], tree.end[words[-1]]
        named = next((i for i in reversed(words) if tree.ent[i]), words[-1])
        return Attribution("colon", "speech", [(quote.start, quote.end)], [(tree.start[before[-1]], tree.end[before[-1]])],
                     [(start, end)], named, before[-1], quoted=True, confidence=0.8)  # fmt: skip
    if not (tree.ent[head] or tree.pos[head] == "PRON" or noun_class(tree, head)):
        return None
    cue = [i for i in before if i > tree.subtree(head)[-1]]
    return Attribution("colon", "speech", [(quote.start, quote.end)], cue_spans(tree, cue), source_spans(tree, head, top),
                 head, top, quoted=True, confidence=0.7)  # fmt: skip


def _noun_cue(tree: Tree, quote: Quotation, words: list[int], colon: int) -> Attribution:
    """A name and a verb that the tagger took for a noun: "Kurier Poranny comments:"."""
    named = next((i for i in reversed(words[:-1]) if tree.ent[i]), words[-2])
    return Attribution("colon", "speech", [(quote.start, quote.end)], [(tree.start[words[-1]], tree.end[colon])],
                 [(tree.start[words[0]], tree.end[words[-2]])], named, words[-1], quoted=True, confidence=0.85)  # fmt: skip


def signed_with(tree: Tree, quote: Quotation, signed: re.Match[str]) -> Attribution | None:
    """A quotation with the speaker's name after a dash or in brackets."""
    start, end = signed.span("name")
    tokens = [i for i in tree.tokens_in(start, end) if not tree.space[i]]
    if not tokens or not tree.text[tokens[0]][:1].isupper() or sum(tree.pos[i] == "VERB" for i in tokens):
        return None
    bracketed = "dash" not in signed.re.groupindex
    if bracketed and not any(tree.pos[i] == "PROPN" for i in tokens):
        return None
    name = signed["name"].rstrip()
    if name.endswith(".") and len(name) > 3 and name[-3:-2].islower():
        name = name[:-1]  # the sentence's stop, not an abbreviation's
    return Attribution(
        "signature", "speech", [(quote.start, quote.end)], [] if bracketed else [signed.span("dash")],
        [(start, start + len(name))], tokens[-1] if not tree.ent[tokens[0]] else tokens[0],
        None if bracketed else tokens[0] - 1, quoted=True, confidence=0.85,
    )  # fmt: skip
