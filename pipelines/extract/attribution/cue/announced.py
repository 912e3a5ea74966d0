"""What a line that ends with a colon announces: the paragraph below it, where no quotation marks say so."""

from collections.abc import Iterator, Sequence

from pipelines.extract.attribution.attribution import Attribution
from pipelines.extract.attribution.cue.clausal import speaker_of
from pipelines.extract.attribution.cue.complements import verb_cue
from pipelines.extract.attribution.cue.cue_spans import cue_spans, cue_tokens, status_of
from pipelines.extract.attribution.cue.subjects import RELATIVES, source_spans
from pipelines.extract.attribution.nesting import Nest
from pipelines.extract.attribution.tree import QUOTES, Span, Tree

LEAST = 4
"""Words that an announced paragraph has at least."""
LONGEST_LABEL = 10
"""Words of a line that only names its speaker: "Nordlift finance chief Mia Holm:"."""


def announced(tree: Tree, drafts: Sequence[Attribution]) -> Iterator[Attribution]:
    """Claims for paragraphs below a line such as "On her blog Holm wrote:" or "Nordlift chief Mia Holm:"."""
    text = tree.parsed.document.text
    nest = Nest([(draft, draft.content) for draft in drafts if draft.source])
    for (start, end), (below, last) in zip(tree.blocks, tree.blocks[1:], strict=False):
        said = text[below:last].rstrip()
        if not text[start:end].rstrip().endswith(":") or said[:1] in QUOTES or said[:1] in "—–-•*>" or said[-1:] == ":":
            continue
        if len(said.split()) < LEAST or below in tree.titles or _is_taken(nest, below, below + len(said)):
            continue
        colon = tree.tokens_in(start, start + len(text[start:end].rstrip()))[-1]
        draft = _of_verb(tree, colon) or _of_label(tree, start, colon)
        if draft is not None:
            draft.content = [(below, below + len(said))]
            draft.quoted = not any(mark in said for mark in '“”«»"')
            yield draft


def _is_taken(nest: Nest[Attribution], start: int, end: int) -> bool:
    """Whether somebody already speaks most of a paragraph."""
    near = nest.touching(start, end)
    return any(sum(max(0, min(e, end) - max(s, start)) for s, e in one.content) > 0.6 * (end - start) for one in near)


def _of_verb(tree: Tree, colon: int) -> Attribution | None:
    """The draft of the last cue before a colon: "wrote on Friday:"."""
    first, _ = tree.bounds[tree.sentence[colon]]
    for verb in range(colon - 1, max(first - 1, colon - 16), -1):
        if tree.tag[verb] not in ("VBD", "VBZ", "VBP", "VBG") or tree.pos[verb] == "AUX":
            continue
        cue = verb_cue(tree, verb)
        if cue is None or cue.act != "speech" or "s" not in cue.frames:
            return None
        head = speaker_of(tree, verb)
        if head is None or tree.lower[head] in RELATIVES:
            return None
        return Attribution(
            rule="block",
            act="speech",
            content=[],
            cue=cue_spans(tree, [*cue_tokens(tree, verb), *([colon] if colon == verb + 1 else [])]),
            source=source_spans(tree, head, verb),
            head=head,
            cue_token=verb,
            status=status_of(tree, verb, head),
            stance=cue.stance,
            confidence=0.7,
        )
    return None


def _of_label(tree: Tree, start: int, colon: int) -> Attribution | None:
    """The draft of a line that only names a person before its colon."""
    words = [i for i in tree.tokens_in(start, tree.start[colon]) if not tree.space[i]]
    if not 0 < len(words) <= LONGEST_LABEL or tree.ent[words[-1]] != "PERSON" or any(tree.is_verb(i) for i in words):
        return None
    source: Span = (tree.start[words[0]], tree.end[words[-1]])
    return Attribution(
        rule="block",
        act="speech",
        content=[],
        cue=[(tree.start[colon], tree.end[colon])],
        source=[source],
        head=words[-1],
        cue_token=colon,
        confidence=0.7,
    )
