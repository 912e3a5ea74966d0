"""Titles and headings: short lines above running text, told apart from names, stamps, mastheads and lists."""

import re

from pipelines.ingest.layout.blocks import CLOSING, CREDITED, OPENING, Block
from pipelines.ingest.layout.bylines import is_person
from pipelines.ingest.layout.chrome import EDGES, as_listed, words
from pipelines.ingest.layout.forum import is_card, poster
from pipelines.ingest.layout.paragraphs import TERMINAL
from pipelines.lexicon.outlets import is_outlet_line


def title(blocks: list[Block], genre: str | None) -> None:
    """The first line that is no sentence above the running text, or of those above a byline; its like are headings.

    A line that stands there twice is the title. The section, the paper's own name and a person's name beside a title are
    none. In a forum it is the last such line above the first post.
    """
    if any(block.kind == "title" for block in blocks) or _repeated(blocks):
        return
    if _is_forum(blocks, genre):
        return
    above, dated = _lines_above(blocks)
    named = {id(block) for block in above}
    has_prose = any(b.is_prose for b in blocks if b.kind in (None, "quotation") and id(b) not in named)
    if len(above) > MOST_ABOVE or not has_prose:
        return
    lines = _without_labels(above)
    if not lines or len(lines) > 5:
        return
    of_date = [block for block in dated if block.kind is None]
    chosen = next((block for block in lines if [b.text for b in lines].count(block.text) > 1), (of_date or lines)[0])
    for block in lines:
        block.kind = "title" if block is chosen else "heading"


def _is_forum(blocks: list[Block], genre: str | None) -> bool:
    """Whether these are posts, whose first is no title; names the thread's, where one stands above the first post."""
    first_post = next((at for at in range(len(blocks)) if poster(blocks, at) is not None), None)
    if first_post is not None:
        _thread_title(blocks[:first_post])
    return first_post is not None or genre == "forum_post" or any(is_card(block) for block in blocks)


def _lines_above(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """The short lines above the running text, and those of them that stand right above the first byline (else the first ones)."""
    groups: list[list[Block]] = [[]]
    dated: list[Block] | None = None
    for block in blocks:
        if block.kind is None and not (_is_headline(block, 30) and not (groups[0] and block.text.endswith("."))):
            break
        if block.kind is None:
            groups[-1].append(block)
        elif groups[-1]:
            dated = dated or (groups[-1] if block.kind == "byline" else None)
            groups.append([])
    return [block for group in groups for block in group], dated or groups[0]


MOST_ABOVE = 12
"""Short lines above the running text from which on they are a list or a table, with no title to be found among them."""


def _thread_title(above: list[Block]) -> None:
    end = next((at for at, block in enumerate(above) if block.kind is None and block.is_prose), len(above))
    lines = [b for b in above[:end] if b.kind is None and b.n_words > 1 and _is_headline(b, 30)]
    if lines:
        lines[-1].kind = "title"


def _repeated(blocks: list[Block]) -> bool:
    """Names a title that stands twice above the running text, as in the page's head and over the article; false if none does.

    Short lines above it and between the two belong to the page.
    """
    doubled = [at for at in range(len(blocks) - 1) if _twin(blocks, at) == at + 1]
    for at in doubled if len(doubled) > 2 else []:  # a list of links, each with its picture's title
        for block in blocks[at : at + 2]:
            block.kind, block.chrome = "chrome", "furniture"
    first, second = next(((at, twin) for at in range(min(len(blocks), 25)) if (twin := _twin(blocks, at))), (0, 0))
    prose = [
        at for at, block in enumerate(blocks) if block.kind is None and block.is_prose and at not in (first, second)
    ]
    if not second or not prose or prose[0] < second:
        return False
    top = blocks[: second + 1]
    is_longer = top[first].text != top[second].text  # "Storm | News | The Coast Post", and then the title alone
    for at, block in enumerate(top[:second]):
        if block.kind is None and at != first and block.n_words <= 6 and not is_person(block.text):
            block.kind, block.chrome, block.marker = "chrome", "furniture", 0
        elif block.kind is None and at != first:
            block.kind = "byline" if is_person(block.text) else "heading"
    top[first].kind, top[second].kind = ("chrome", "title") if is_longer else ("title", "heading")
    return True


def _twin(blocks: list[Block], at: int) -> int:
    """Where the same line stands again, further down but above the running text; 0 when it does not."""
    text = blocks[at].text
    if blocks[at].kind is not None or not 3 <= blocks[at].n_words <= 30 or not any(c.islower() for c in text):
        return 0
    for i in range(at + 1, min(at + 15, len(blocks))):
        other = blocks[i]
        if other.kind is None and text.startswith(other.text):
            rest = text[len(other.text) :]
            return i if not rest or (other.n_words > 3 and HEAD_END.match(rest)) else 0
    return 0


HEAD_END = re.compile(r"\s*[|–—»]\s|\s-\s|\s::?\s")


def _without_labels(lines: list[Block]) -> list[Block]:
    """The lines without those that name the section, the paper or the writer, as long as another line is left."""
    left = list(lines)
    for at, block in enumerate(lines):
        if len(left) > 1 and as_listed(block.text).strip(EDGES) in words("section"):
            is_under_name = at == 1 and len(left) > 2 and lines[0] in left and lines[0].n_words <= 3
            labels = [lines[0], block] if is_under_name else [block]  # the paper's name stands above its section
        elif is_outlet_line(block.text) and any(other.n_words > 3 for other in lines[at + 1 :]):
            labels = [block]
        else:
            labels = []
            if len(left) > 1 and is_person(block.text):
                block.kind = "byline"
                left.remove(block)
        for label in labels:
            label.kind, label.chrome = "chrome", "furniture"
            left.remove(label)
    return left


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
        if _is_of_list(inner, at):
            continue
        if (heads_prose or heads_heading) and (
            before.kind in ("title", "heading", "byline") or before.is_prose or before.n_words <= 3
        ):
            block.kind = "heading"
            found.append(block)
    if all(
        block.text.endswith("?") and not _is_title_case(block.text) for block in found
    ):  # questions alone are the text's own, or an interview's
        for block in found:
            block.kind = None


def _is_of_list(blocks: list[Block], at: int) -> bool:
    """Whether the line stands under two or more others of its kind: then it is an item, unless it is longer and has no number."""
    above = 0
    while above < min(at, 2) and blocks[at - above - 1].kind is None and not blocks[at - above - 1].is_prose:
        above += 1
    if above and ITEM.search(blocks[at].text) and ITEM.search(blocks[at - 1].text):
        return True
    return above > 1 and (blocks[at].n_words < 4 or any(c.isdigit() for c in blocks[at].text))


LIVE = re.compile(r"(?:[01]?\d|2[0-3])[:.]?[0-5]\d ?(?:[ap]m)?\s*[–—-]\s")
"""The hour that an item of a live report begins with: ``0355 – The port is shut``."""

ITEM = re.compile(r"\w:? \d[\d.,]*%?$")
"""A line of results: ``Lib Dems: 8``, ``LAB 232``."""


def _is_headline(block: Block, most_words: int) -> bool:
    """One line of few words that begins as a sentence does and does not end as one, unless in a question or in title case."""
    text = CREDITED.sub("", block.text)
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
    if "@" in text or LIVE.match(text) or (text[0] in OPENING and not any(mark in text[1:] for mark in CLOSING)):
        return False
    if re.match(r"[QA]\b[.:]?", text) and block.n_words > 2:  # an interview's question or answer
        return False
    if re.search(rf"\.[{CLOSING}]*$", text):
        return _is_title_case(text)
    return not re.search(rf"[,;:…!–—-][{CLOSING}]*$|\?[{CLOSING}]+$", text)


def _is_title_case(text: str) -> bool:
    longer = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
    return len(longer) >= 3 and sum(word[0].isupper() for word in longer) >= 0.8 * len(longer)
