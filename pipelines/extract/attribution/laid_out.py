"""What the layout says about speakers: quotations whose speaker stands in a line above."""

from collections.abc import Sequence

from pipelines.extract.attribution.attribution import Attribution
from pipelines.extract.attribution.nesting import Nest
from pipelines.extract.attribution.tree import Span, Tree

ABOVE = 20_000
"""Characters above a quotation in which the line that names its speaker is looked for: a long thread, not a whole book."""


def layout_quotations(tree: Tree, drafts: Sequence[Attribution]) -> list[Attribution]:
    """Claims for quotation segments that no cue in the text covers: the outlet's in a press review, the quoted poster's.

    The source is the line that names the speaker, where it stands before the quotation. A block of lines that begin with
    ">" is a reply even where the layout does not say so.
    """
    text = tree.parsed.document.text
    made: list[Attribution] = []
    nest = Nest([(draft, draft.content) for draft in drafts if draft.source or draft.rule == "run"])
    replies = {segment.start_char for segment in tree.parsed.segments if segment.kind == "reply_quote"}
    for segment in tree.parsed.segments:
        if segment.kind not in ("quotation", "reply_quote"):
            continue
        size = segment.end_char - segment.start_char
        near = nest.touching(segment.start_char, segment.end_char)
        holders = [draft for draft in near if _shared(draft, segment.start_char, segment.end_char) > 0.6 * size]
        if any(draft.source for draft in holders):
            for draft in holders:
                draft.speaker = draft.speaker or segment.speaker
                draft.quoted = True
            continue
        if segment.speaker is None and segment.start_char in replies:
            continue
        source: list[Span] = []
        head: int | None = None
        if segment.speaker:
            at = text.rfind(segment.speaker, max(0, segment.start_char - ABOVE), segment.start_char)
            if at < 0:
                at = text.find(segment.speaker, segment.start_char, segment.end_char)
            if at >= 0:
                source = [(at, at + len(segment.speaker))]
                tokens = tree.tokens_in(*source[0])
                head = tokens[-1] if tokens else None
        if not source:
            continue
        for draft in holders:  # the same words, read as a quotation without a speaker
            draft.content = []
        made.append(
            Attribution(
                rule="reply" if segment.kind == "reply_quote" else "layout",
                act="speech",
                content=[(segment.start_char, segment.end_char)],
                source=source,
                head=head,
                speaker=segment.speaker,
                quoted=True,
                confidence=0.9,
            )
        )
    return made


def _shared(draft: Attribution, start: int, end: int) -> int:
    """Characters of a claim's content inside ``[start, end)``."""
    return sum(max(0, min(e, end) - max(s, start)) for s, e in draft.content)
