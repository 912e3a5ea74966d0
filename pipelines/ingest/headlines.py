"""Titles and headings: short lines above running text, told apart from names, stamps, mastheads and lists."""

import re

from pipelines.ingest.blocks import CLOSING, OPENING, Block
from pipelines.ingest.forum import is_member_card
from pipelines.ingest.paragraphs import TERMINAL


def title(blocks: list[Block], genre: str | None) -> None:
    """The first line that is no sentence above the running text, or of those above a byline; its like are headings."""
    if genre == "forum_post" or any(block.kind == "chrome" and is_member_card(block.text) for block in blocks):
        return
    if any(block.kind == "title" for block in blocks):
        return
    groups: list[list[Block]] = [[]]
    dated: list[Block] | None = None
    for block in blocks:
        if block.kind is None and not _is_headline(block, 30):
            break
        if block.kind is None:
            groups[-1].append(block)
        elif groups[-1]:
            dated = dated or (groups[-1] if block.kind == "byline" else None)
            groups.append([])
    above = [block for group in groups for block in group]
    rest = [block for block in blocks if block.kind is None or block.kind == "quotation"]
    if not above or len(above) > 5 or not any(block.is_prose for block in rest[len(above) :]):
        return
    title = (dated or groups[0])[0]
    for block in above:
        block.kind = "title" if block is title else "heading"


def headings(blocks: list[Block]) -> None:
    """Short lines without a full stop between running text and running text; at most two, one under the other."""
    inner = [block for block in blocks if block.kind != "chrome" and (block.kind != "byline" or block.speaker)]
    found: list[Block] = []
    for at in range(len(inner) - 2, 0, -1):
        block, before, after = inner[at], inner[at - 1], inner[at + 1]
        if (
            block.kind is not None
            or block.marker
            or not _is_headline(block, 14)
            or TERMINAL.search(block.text.rstrip("?"))
        ):
            continue
        heads_prose = after.is_prose and after.kind in (None, "quotation")
        heads_heading = after.kind == "heading" and at + 2 < len(inner) and inner[at + 2].is_prose
        if (heads_prose or heads_heading) and (
            before.kind in ("title", "heading", "byline") or before.is_prose or before.n_words <= 3
        ):
            block.kind = "heading"
            found.append(block)
    if all(block.text.endswith("?") for block in found):  # questions alone are the text's own, or an interview's
        for block in found:
            block.kind = None


def _is_headline(block: Block, most_words: int) -> bool:
    """One line of few words that begins as a sentence does and does not end as one, unless in a question or in title case."""
    text = block.text
    if (
        block.n_words > most_words
        or ("\n" in text and not block.joined)
        or not (text[0].isupper() or text[0].isdigit() or text[0] in OPENING)
    ):
        return False
    if re.search(r"[.!?]\s+[A-Z]", re.sub(r"\b(?:[A-Z]|[A-Z][a-z]{1,3})\.", "", text)) or not any(
        c.isalpha() for c in text
    ):
        return False
    if "@" in text or (text[0] in OPENING and not any(mark in text[1:] for mark in CLOSING)):
        return False
    if re.match(r"[QA]\b[.:]?", text) and block.n_words > 2:  # an interview's question or answer
        return False
    if re.search(rf"\.[{CLOSING}]*$", text):
        longer = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
        return len(longer) >= 3 and sum(word[0].isupper() for word in longer) >= 0.8 * len(longer)
    return not re.search(rf"[,;:…!–—-][{CLOSING}]*$|\?[{CLOSING}]+$", text)
