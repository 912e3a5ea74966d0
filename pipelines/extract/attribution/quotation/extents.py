"""How far a content goes where quotation marks stand near it, and spans without holes."""

from bisect import bisect_right
from collections.abc import Sequence

from pipelines.extract.attribution.attribution import Attribution
from pipelines.extract.attribution.quotes import Quotation
from pipelines.extract.attribution.tree import Span, Tree, hull, merged


def widen(drafts: Sequence[Attribution], quotations: Sequence[Quotation], blocks: Sequence[Span], tree: Tree) -> None:
    """Makes content and quotation marks agree: a quotation is reported as a whole, and what is said in one ends in it."""
    outer = [one for one in quotations if one.depth == 0]
    starts = [one.start for one in outer]
    text = tree.parsed.document.text
    begins = [begin for begin, _ in blocks]
    for draft in drafts:
        _end_with_reply(draft, blocks, begins)
        _take_dash(draft, text)
    for draft in drafts:
        at = draft.cue[0][0] if draft.cue else -1
        k = bisect_right(starts, at) - 1 if at >= 0 else -1
        if k >= 0 and at < outer[k].end:
            _keep_inside(draft, outer[k], text)
        else:
            spans = [_with_marks(span, outer, starts) for span in draft.content]
            draft.content = merged(spans, text) if spans != draft.content else draft.content


def _end_with_reply(draft: Attribution, blocks: Sequence[Span], begins: Sequence[int]) -> None:
    """Ends a content with the block it begins in where one of its spans runs over the block's end, as a reply's does."""
    k = bisect_right(begins, draft.content[0][0]) - 1
    if k >= 0 and any(blocks[k][0] <= start < blocks[k][1] < end for start, end in draft.content):
        close = blocks[k][1]
        draft.content = [(start, min(end, close)) for start, end in draft.content if start < close]


def _take_dash(draft: Attribution, text: str) -> None:
    """Begins a content with the dash that opens its line: "— We are ready, she said."."""
    start, end = draft.content[0]
    before = text[:start].rstrip(" \u00a0")[-1:] if start else ""
    if before and before in "—–―":
        dash = text.rfind(before, 0, start)
        if not text[:dash].rstrip(" \t") or text[:dash].rstrip(" \t")[-1] == "\n":
            draft.content[0] = (dash, end)


def _keep_inside(draft: Attribution, holder: Quotation, text: str) -> None:
    """Ends a content whose cue stands inside marks with the stop before they close, and keeps it inside them."""
    begin, close = holder.inner
    first, last = hull(draft.content)
    if first <= begin + 1 and text[last:close].strip() in (".", "!", "?", "…"):
        draft.content[-1] = (draft.content[-1][0], len(text[:close].rstrip()))
    if not draft.quoted and (first < begin or last > close) and holder.closed:
        inside = [(max(s, begin), min(e, close)) for s, e in draft.content if s < close and e > begin]
        draft.content = inside or draft.content


def _with_marks(span: Span, outer: Sequence[Quotation], starts: Sequence[int]) -> Span:
    """A span as long as the quotations that it begins or ends in: of "“We are" the marks are part."""
    start, end = span
    k = bisect_right(starts, end) - 1
    if k >= 0 and start <= outer[k].start < end <= outer[k].end:
        end = outer[k].end
    k = bisect_right(starts, start) - 1
    if k >= 0 and outer[k].start < start < outer[k].end and end <= outer[k].end + 1:
        start = outer[k].start
    return start, end


def without(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """Spans minus the holes."""
    out = list(spans)
    for start, end in holes:
        cut: list[Span] = []
        for s, e in out:
            if e <= start or s >= end:
                cut.append((s, e))
                continue
            if s < start:
                cut.append((s, start))
            if e > end:
                cut.append((end, e))
        out = cut
    return out
