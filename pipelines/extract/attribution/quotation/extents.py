"""How far a content goes where quotation marks stand near it, and spans without holes."""

from bisect import bisect_right
from collections.abc import Sequence

from pipelines.extract.attribution.draft import Draft
from pipelines.extract.attribution.quotes import Quotation
from pipelines.extract.attribution.tree import Span, Tree, hull, merged


def widen(drafts: Sequence[Draft], quotations: Sequence[Quotation], blocks: Sequence[Span], tree: Tree) -> None:
    """Makes content and quotation marks agree: a quotation is reported as a whole, and what is said in one ends in it."""
    outer = [one for one in quotations if one.depth == 0]
    starts = [one.start for one in outer]
    text = tree.parsed.document.text
    begins = [begin for begin, _ in blocks]
    for draft in drafts:
        k = bisect_right(begins, draft.content[0][0]) - 1
        if k >= 0 and any(blocks[k][0] <= s < blocks[k][1] < e for s, e in draft.content):  # a reply's block ends it
            close = blocks[k][1]
            draft.content = [(s, min(e, close)) for s, e in draft.content if s < close]
        start, end = draft.content[0]
        before = text[:start].rstrip(" \u00a0")[-1:] if start else ""
        if before and before in "—–―":
            dash = text.rfind(before, 0, start)
            if not text[:dash].rstrip(" \t") or text[:dash].rstrip(" \t")[-1] == "\n":
                draft.content[0] = (dash, end)
    for draft in drafts:
        at = draft.cue[0][0] if draft.cue else -1
        holder = outer[bisect_right(starts, at) - 1] if at >= 0 and bisect_right(starts, at) else None
        if holder is not None and at < holder.end:
            first, last = hull(draft.content)
            if first <= holder.inner[0] + 1 and text[last : holder.inner[1]].strip() in (".", "!", "?", "…"):
                ends = len(text[: holder.inner[1]].rstrip())  # the cue stands inside the marks, so does the stop
                draft.content[-1] = (draft.content[-1][0], ends)
            if not draft.quoted and (first < holder.inner[0] or last > holder.inner[1]) and holder.closed:
                draft.content = [
                    (max(s, holder.inner[0]), min(e, holder.inner[1]))
                    for s, e in draft.content
                    if s < holder.inner[1] and e > holder.inner[0]
                ] or draft.content
            continue
        spans: list[Span] = []
        for start, end in draft.content:
            k = bisect_right(starts, end) - 1
            if k >= 0 and outer[k].start < end <= outer[k].end and outer[k].start >= start:
                end = outer[k].end
            k = bisect_right(starts, start) - 1
            if (
                k >= 0
                and outer[k].start < start < outer[k].end
                and end <= outer[k].end + 1
                and not outer[k].start <= at < outer[k].end
            ):
                start = outer[k].start
            spans.append((start, end))
        draft.content = merged(spans, text) if spans != draft.content else draft.content


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
