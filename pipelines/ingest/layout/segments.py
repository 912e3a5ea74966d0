"""The layout of a text: title, byline, headings, body, quotations, quoted replies and chrome, told apart by shape and position.

Chrome (``pipelines.ingest.layout.chrome``) is what no fact may be taken from, so precision comes first: what is not plainly
something else is body.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from pipelines.ingest.document import Segment
from pipelines.ingest.layout.blocks import CLOSING, Block
from pipelines.ingest.layout.bylines import AGO, byline_name, is_byline, is_hour, is_person, is_stamp
from pipelines.ingest.layout.chrome import (
    EDGES,
    MOST_CHARACTERS,
    alternatives,
    as_listed,
    chrome_in,
    is_rights_notice,
    words,
)
from pipelines.ingest.layout.forum import POSTED, cards, comments, posts, replies, reply_header_in
from pipelines.ingest.layout.headlines import headings, title
from pipelines.ingest.layout.paragraphs import MARKER, TERMINAL, paragraphs
from pipelines.ingest.layout.press import press


def segments_of(text: str, genre: str | None = None) -> list[Segment]:
    """The layout parts of a text in order: they do not overlap, and together hold everything but white space.

    ``genre`` is the contract's, where it is known: it lets a forum post quote without marks, and a press review name its
    outlets without a stroke. A body segment is one paragraph, a quotation may be several. A quotation's ``speaker`` is the
    outlet or columnist that the line above it names, a quoted reply's is its poster; that line is a byline with the same
    speaker. A list marker is a chrome segment of its own.
    """
    blocks = _mended(text, _blocks(text))
    _front_matter(blocks)
    _teasers(blocks)
    _bylines(blocks)
    _mail_head(blocks)
    comments(blocks)
    _signature(blocks)
    _quoted_mail(blocks)
    _chrome(blocks)
    _menu(blocks)
    replies(blocks, genre)
    press(blocks, genre)
    _markers(blocks)
    _tail(blocks)
    _links(blocks)
    _between(blocks)
    _signed(blocks)
    posts(blocks)
    title(blocks, genre)
    headings(blocks)
    return list(_segments(text, blocks))


def _blocks(text: str) -> Iterator[Block]:
    """Members' cards of a forum, and the paragraphs between them."""
    at = 0
    for card in cards(text):
        yield from (Block(p.start, p.end, text[p.start : p.end]) for p in paragraphs(text, at, card.start))
        if card.name:
            start, end = card.name
            yield Block(start, end, text[start:end], "byline")
        yield Block(card.card_start, card.card_end, text[card.card_start : card.card_end], "chrome")
        at = card.end
    yield from (Block(p.start, p.end, text[p.start : p.end]) for p in paragraphs(text, at))


def _mended(text: str, blocks: Iterable[Block]) -> list[Block]:
    """The blocks, with paragraphs put together that the page broke in two: no end before, lower case after.

    Where many lines break in the middle of a sentence the whole text is wrapped, at no fixed width, and a line without an
    end goes on in the next whatever that begins with.
    """
    given = list(blocks)
    lines = [(a, b) for a, b in pairwise(given) if text[a.end : b.start].strip(" \t\r") == "\n"]
    broken = [a for a, b in lines if a.kind is None and b.kind is None and breaks_off(a.text, b.text)]
    width = (
        max((len(a.text) for a in broken), default=0)
        if len(broken) >= MOST_BROKEN and 4 * len(broken) >= len(lines)
        else 0
    )
    whole: list[Block] = []
    line = ""
    for block in given:
        adjoins = bool(whole) and text[whole[-1].end : block.start].strip(" \t\r") == "\n"
        if (
            whole
            and block.kind is None
            and (_is_rest(whole[-1], block) or (adjoins and _goes_on(whole[-1], line, block, width)))
        ):
            whole[-1].end = block.end
            whole[-1].text, whole[-1].joined = text[whole[-1].start : block.end], True
        else:
            whole.append(block)
        line = block.text
    return whole


MOST_BROKEN = 4
"""Lines that break in the middle of a sentence, from which on a text counts as wrapped."""


MOST_JOINED = 20_000
"""Characters from which on a paragraph is put together no further: what is longer is a table or a list, or damaged."""


def _is_rest(a: Block, b: Block) -> bool:
    if (
        a.kind is not None
        or not 40 <= len(a.text) <= MOST_JOINED
        or (b.n_words < 4 and not TERMINAL.search(b.text))
        or not b.text[0].islower()
        or not (a.text[-1].isalpha() or a.text[-1] == ",")
    ):
        return False
    if len(a.text) <= MOST_CHARACTERS and (chrome_in(a.text) or is_byline(a.text)):
        return False
    return not (is_stamp(b.text) or reply_header_in(b.text))


def breaks_off(line: str, following: str) -> bool:
    """Whether the first line ends, and the second begins, in the middle of a sentence."""
    if len(line) < 20 or "|" in line or TERMINAL.search(line) or line[0] in "•*>-#" or following[0] in "•*>-#|":
        return False
    return following[0].islower() or line[-1] == "," or line.split()[-1] in words("open")


def _goes_on(a: Block, line: str, b: Block, width: int) -> bool:
    """Whether the line ``b`` goes on with the block ``a``, whose last line is ``line``, in a text wrapped at about ``width``."""
    if a.kind is not None or len(a.text) > MOST_JOINED or b.text[0] in "•*>-#|" or MARKER.match(b.text):
        return False
    if reply_header_in(b.text):
        return False
    if (
        len(a.text) < 80 and a.n_words <= 4 and not byline_name(a.text) and byline_name(f"{a.text} {b.text}")
    ):  # "By Rory" / "McAllister"
        return a.text.lower().split()[0] in words("byline")
    if not width or TERMINAL.search(line) or len(line) < 0.3 * width or len(line) > 1.5 * width:
        return False
    if not (breaks_off(line, b.text) or len(line) > 0.7 * width):
        return False
    return not (chrome_in(line) or chrome_in(b.text) or is_byline(line) or is_byline(b.text))


# --- rules, in the order in which they are asked: each names blocks that no rule before it named ----------------------


def _chrome(blocks: list[Block]) -> None:
    """Blocks that their shape and words show to be chrome, and notices about rights beside them."""
    if len(blocks) < 2:  # a text of one paragraph is its own
        return
    for block in blocks:
        if block.kind is None and (chrome := chrome_in(block.text)):
            block.kind, block.chrome = "chrome", chrome
    for at, block in enumerate(blocks):
        is_last = at + 1 == len(blocks)
        beside = is_last or any(near.chrome for near in blocks[max(0, at - 1) : at + 2])
        if block.kind is None and beside and is_rights_notice(block.text, is_last):
            block.kind, block.chrome = "chrome", "furniture"


def _menu(blocks: list[Block]) -> None:
    """A run of five or more short lines above the running text, a third of which only menus hold: the others are links too."""
    run: list[Block] = []
    for block in blocks[:MOST_OF_A_MENU]:
        if block.kind is None and block.is_prose:
            return
        if block.n_words <= 5 and (block.chrome == "furniture" or (block.kind is None and is_link(block.text))):
            run.append(block)
            continue
        known = [at for at, b in enumerate(run) if b.chrome or as_listed(b.text).strip(EDGES) in words("section")]
        links = run[known[0] : known[-1] + 1] if known else []  # a title may stand at either end
        if len(links) > 4 and 3 * len(known) >= len(links):
            for link in links:
                link.kind, link.chrome = "chrome", "furniture"
        run = []


MOST_OF_A_MENU = 120
"""Links of a menu that are looked at together; a bound for cost."""


def is_link(line: str) -> bool:
    """Whether a line may be a link of a menu: no end of a sentence, no number, a capital in front."""
    return line[0].isupper() and not TERMINAL.search(line) and not any(c.isdigit() for c in line)


def _mail_head(blocks: list[Block]) -> None:
    """The head of a mail: at least two fields in a row; what the subject says is left for the title."""
    run: list[Block] = []
    for block in [*blocks, None]:
        if block is not None and block.kind in (None, "byline") and header_field().match(block.text):
            run.append(block)
            continue
        for item in run if len(run) > 1 else []:
            m = header_field().match(item.text)
            if m and m["field"].lower() == "subject" and m.end() < len(item.text):
                item.marker = m.end()
            else:
                item.kind = "chrome"
        run = []


ORIGINAL = re.compile(
    r"-{2,}\s*(?:original message|forwarded (?:message|by)|ursprüngliche nachricht|исходное сообщение)\b.*", re.I
)
"""Matches ``-----Original Message-----``, not ``Original Message``."""


def _quoted_mail(blocks: list[Block]) -> None:
    """What stands under ``-----Original Message-----`` is another's."""
    at = next((at for at, block in enumerate(blocks) if ORIGINAL.fullmatch(block.text)), len(blocks))
    speaker = None
    for block in blocks[at:]:
        m = header_field().match(block.text)
        if block.kind is None and m is None and not ORIGINAL.fullmatch(block.text):
            block.kind, block.speaker = "reply_quote", speaker
            continue
        if m and m["field"].lower() == "from":
            speaker = block.text[m.end() :].split("<")[0].strip(" \"'[]") or None
        block.kind, block.chrome, block.marker = "chrome", "furniture", 0


def _front_matter(blocks: list[Block]) -> None:
    """The fields between two rules that a Markdown file begins with; what ``title`` says is left for the title."""
    if not blocks or blocks[0].text != "---":
        return
    end = next((at for at, block in enumerate(blocks[1:31], 1) if block.text == "---"), None)
    if end is None or not all(FRONT.match(block.text) for block in blocks[1:end]):
        return
    for block in blocks[1:end]:
        m = FRONT.match(block.text)
        if m and m["field"].lower() == "title" and m["value"].strip("\"' "):
            block.kind, block.marker = "title", m.start("value")
        elif not is_byline(block.text):
            block.kind, block.chrome = "chrome", "furniture"


FRONT = re.compile(r"(?P<field>[A-Za-z][\w-]{0,30}):[ \t]*(?P<value>.*)")


def _signature(blocks: list[Block]) -> None:
    """What stands under ``--`` at the end of a mail: at most six lines."""
    at = next((at for at in range(len(blocks) - 1, 0, -1) if blocks[at].text == "--"), None)
    below = blocks[at + 1 :] if at is not None else []
    if 0 < len(below) <= 6 and not any(block.is_prose for block in below):
        for block in below:
            if block.kind is None:
                block.kind, block.chrome = "chrome", "furniture"


@cache
def header_field() -> re.Pattern[str]:
    """A field of a mail's head: ``From:``, ``Subject:`` ..."""
    return re.compile(rf"(?P<field>(?i:{alternatives('header')})):[ \t]*")


def _bylines(blocks: list[Block]) -> None:
    """Lines that name the author, anywhere; days and datelines that stand alone, near the beginning or the end."""
    if len(blocks) < 2:
        return
    for at, block in enumerate(blocks):
        if block.kind is None and block.n_words <= 16:
            at_edge = at < 12 or at >= len(blocks) - 3
            if byline_name(block.text) or is_hour(block.text) or (at_edge and is_byline(block.text)):
                block.kind = "byline"
            elif m := POSTED.fullmatch(block.text):
                block.kind, block.chrome = ("chrome", "furniture") if m["counts"] else ("byline", None)


def _markers(blocks: list[Block]) -> None:
    """List markers: numbers at the beginning of paragraphs that count up from 1."""
    numbered = [(block, m) for block in blocks if block.kind is None and (m := MARKER.match(block.text))]
    runs: list[list[tuple[Block, re.Match[str]]]] = [[]]
    for block, m in numbered:
        if int(m["number"]) == len(runs[-1]) + 1:
            runs[-1].append((block, m))
        elif m["number"] == "1":
            runs.append([(block, m)])
    for run in runs:
        for block, m in run if len(run) > 1 else []:
            block.marker = m.end()
    for block in blocks:
        if block.kind is None and not block.marker and (m := re.match(r"[•▪●◦*]\s+|#{1,6}\s+(?=\S)", block.text)):
            block.marker = m.end()
            if m[0][0] == "#":
                block.kind = "heading" if any(before.kind == "title" for before in blocks) else "title"


def _tail(blocks: list[Block]) -> None:
    """After the running text and the first furniture below it, lines that are no sentences belong to the page."""
    last = max((at for at, block in enumerate(blocks) if block.kind != "chrome" and block.is_prose), default=None)
    if last is None:
        return
    below = next((at for at in range(last + 1, len(blocks)) if blocks[at].chrome == "furniture"), len(blocks))
    for block in blocks[below:]:
        if block.kind == "byline" and not is_stamp(block.text):  # another post begins
            return
        if block.kind is None and not block.marker and not re.search(rf"[.!?…][{CLOSING})\]]*$", block.text):
            block.kind = "chrome"


def _teasers(blocks: list[Block]) -> None:
    """Three or more headlines with their ages: ``Port shut for a week - 2 hours ago``."""
    teasers = [block for block in blocks if block.kind is None and block.n_words <= 25 and TEASER.search(block.text)]
    for block in teasers if len(teasers) > 2 else []:
        block.kind, block.chrome = "chrome", "furniture"


def _links(blocks: list[Block]) -> None:
    """A list at the end of a text that nothing introduces: links."""
    last = max(
        (at for at, block in enumerate(blocks) if block.kind is None and TERMINAL.search(block.text)), default=None
    )
    if last is None or not blocks[last].is_prose or blocks[last].text.endswith(":"):
        return
    below = [block for block in blocks[last + 1 :] if block.kind is None]
    items = [block for block in below if LINK.match(block.text)]
    if len(items) < LEAST_LINKS or 3 * len(items) < 2 * len(below) or any(block.n_words > 14 for block in below):
        return
    if 4 * sum(any(c.isdigit() for c in block.text) for block in below) <= len(below):  # else it is a list of results
        for block in below:
            block.kind, block.chrome, block.marker = "chrome", "furniture", 0


TEASER = re.compile(rf"^(?:\S+ ){{3,}}\S+\s[-–—|•·]\s+{AGO.pattern}$", re.I)
LINK = re.compile(r"[-•▪●◦*»›]\s*\w")
LEAST_LINKS = 5
"""Items from which on a list at the end of a text counts as links: a list that belongs to the text is introduced, or shorter."""


def _signed(blocks: list[Block]) -> None:
    """A person's name alone under the running text is its writer's."""
    text = [block for block in blocks if block.kind != "chrome"]
    if len(text) > 1 and text[-1].kind is None and text[-2].is_prose and is_person(text[-1].text.lstrip("-–— ")):
        text[-1].kind = "byline"


def _between(blocks: list[Block]) -> None:
    """At most three short lines between furniture and furniture, with text above them, belong to the page too."""
    named = [at for at, block in enumerate(blocks) if block.chrome == "furniture"]
    text = next((at for at, block in enumerate(blocks) if block.kind is None and block.is_prose), len(blocks))
    for before, after in pairwise(named):
        inner = blocks[before + 1 : after]
        if any(block.kind is None and block.is_prose for block in inner):
            continue
        if len(inner) <= 3 and text < before:
            for block in inner:
                if block.kind is None and block.n_words <= 8 and block.text[-1] not in "?:":
                    block.kind = "chrome"


def _segments(text: str, blocks: list[Block]) -> Iterator[Segment]:
    """The blocks as segments: a marker apart from its item, the paragraphs of one quotation together."""
    held: Segment | None = None
    for block in blocks:
        start = block.start
        if held and held.kind == block.kind in ("quotation", "reply_quote") and held.speaker == block.speaker:
            held = Segment(held.start_char, block.end, held.kind, held.speaker, held.speaker_country)
            continue
        if held:
            yield held
            held = None
        if block.marker:
            marker = text[start : start + block.marker].rstrip()
            yield Segment(start, start + len(marker), "chrome")
            start += block.marker
            start += len(text[start : block.end]) - len(text[start : block.end].lstrip())
        if start < block.end:
            held = Segment(start, block.end, block.kind or "body", block.speaker, block.country)
    if held:
        yield held
