"""What forums put around posts: members' cards, the lines that name a poster, posts quoted in posts."""

import re
from collections.abc import Iterable
from functools import cache
from itertools import islice
from typing import NamedTuple

from pipelines.ingest.layout.blocks import OPENING, Block
from pipelines.ingest.layout.bylines import AGO, is_person, is_stamp
from pipelines.ingest.layout.chrome import alternatives, as_listed, words


def _titled(value: str) -> str:
    """The lexicon's forms of this value, each word with a capital or without."""
    return re.sub(r"(?<![A-Za-z])[a-z]", lambda m: f"[{m[0].upper()}{m[0]}]", alternatives(value))


@cache
def _field_label() -> re.Pattern[str]:
    """How a field of a member's card begins; the whole card's pattern is slow, and most texts have none."""
    first_words = {form.split()[0].capitalize() for form in words("member")}
    return re.compile(rf"\b(?:{'|'.join(sorted(first_words))})\b[^.?!\n]{{0,20}}[\n:\d-]")


@cache
def _labelled_card() -> re.Pattern[str]:
    """A member's card in a forum: name, rank, and at least two of: rank, date of joining, number of messages ..."""
    value = rf"(?:(?:[A-Z][a-z]{{2,8}},? )?(?:{DATES})(?:,? \d\d?:\d\d(?: ?[ap]m)?)?|[+-]?\d[\d,.]*\d[kKmM]?|\d[kKmM]?|[^\W\d][^\n\d]{{1,30}}(?=\n|$))"
    field = rf"[-•*|·,]?{GAP}(?:{_titled('member')}){GAP}[:–-]?{GAP}(?:[-•*]{GAP})?{value}[ \t]*\n?"
    card = rf"(?:(?:{_titled('rank')}){GAP}(?:{field}{GAP})+|(?:{field}{GAP}){{2,}})"
    return re.compile(rf"^[ \t]*(?:(?P<name>[^\W\d][^\n:.!?,;]{{1,29}}?){GAP})?(?P<card>{card})", re.MULTILINE)


GAP = r"\s{0,40}+"
"""White space between the parts of a card: so much at most, and given back to no other part, or blank lines without end take for ever."""


DATES = "|".join(
    (
        r"[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}",
        r"\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?,? \d{4}",
        r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}",
        r"[A-Z][a-z]{2,8}\.? \d{4}",
    )
)
"""The day or the month on which a member joined, as cards write it."""

DATE_LINE = re.compile(rf"^[ \t]*(?:{DATES})[ \t]*$", re.MULTILINE)
NUMBERS = re.compile(r"(?:\n[ \t]*\d[\d.,]*[kKmM]?[ \t]*(?=\n|$))*")
BARE_CARD = re.compile(rf"(?:[^\n]{{2,30}}\n){{0,3}}[ \t]*(?:{DATES})[ \t]*{NUMBERS.pattern}")


class Card(NamedTuple):
    """A member's card: from where to where it reaches, the span of the name in it (null when it has none), and of the rest."""

    start: int
    end: int
    name: tuple[int, int] | None
    card_start: int
    card_end: int


def is_member_card(text: str) -> bool:
    """Whether this is what stands under a member's name in a forum: rank, date of joining, number of messages ..."""
    return bool(_labelled_card().match(text)) or (
        bool(BARE_CARD.fullmatch(text)) and (_has_rank(text) or len(NUMBER_LINE.findall(text)) > 1)
    )


RANK_LINE = re.compile(r"[^\W\d_][\w'’-]*(?: [\w'’-]+){0,3}")
NUMBER_LINE = re.compile(r"^[ \t]*\d[\d.,]*[kKmM]?[ \t]*$", re.MULTILINE)


def _has_rank(text: str) -> bool:
    return any(as_listed(line) in words("rank") for line in text.split("\n"))


def cards(text: str) -> list[Card]:
    """The members' cards in a text, in order: fields with their labels, or a date under a rank or over bare numbers."""
    found = [_labelled(text, m) for m in _labelled_card().finditer(text)] if _field_label().search(text) else []
    found += [card for m in DATE_LINE.finditer(text) if (card := _bare(text, m.start(), m.end()))]
    return apart(found)


def apart(found: Iterable[Card]) -> list[Card]:
    """Of cards that overlap the first, which of those with the same span is the one that was found first."""
    kept: list[Card] = []
    for card in sorted(found, key=lambda card: (card.start, card.end)):
        if not kept or card.start >= kept[-1].end:
            kept.append(card)
    return kept


A_PAGE = 50_000
"""Characters around a card in which its poster's name is looked for a second time: a page of a thread, not a whole forum."""


def _labelled(text: str, m: re.Match[str]) -> Card:
    card_end = m.start("card") + len(m["card"].rstrip())
    if not m["name"]:
        return Card(m.start(), m.end(), None, m.start("card"), card_end)
    above = text.rfind("\n", 0, m.start() - 1) + 1 if text[m.start() - 1 : m.start()] == "\n" else m.start()
    upper = text[above : m.start()].strip()
    page = text[max(0, above - A_PAGE) : above + A_PAGE]
    if " " in m["name"] and _is_poster(upper) and page.count(upper) > 1 and not is_person(m["name"]):
        start = text.index(upper, above)  # the name, and under it a rank that the forum gave
        return Card(start, m.end(), (start, start + len(upper)), m.start("name"), card_end)
    return Card(m.start(), m.end(), m.span("name"), m.start("card"), card_end)


def _is_poster(line: str) -> bool:
    """Whether a line may be a poster's name: a handle, or two or three words with capitals."""
    tokens = line.split()
    if len(line) > 30 or not tokens or not all(re.fullmatch(r"[\w.'’-]+", token) for token in tokens):
        return False
    if len(tokens) == 1:
        return bool(re.search(r"[\d_]|[a-z][A-Z]", line))
    return len(tokens) < 4 and all(token[0].isupper() for token in tokens) and not line.endswith(".")


def _bare(text: str, start: int, end: int) -> Card | None:
    """The card around a line that is a date: ranks above it, numbers (messages, points) below it; null when it is none."""
    numbers = NUMBERS.match(text, end)
    last = numbers.end() if numbers else end
    n_numbers = text.count("\n", end, last)
    first, is_ranked = start, False
    for _ in range(3):
        above = text.rfind("\n", 0, first - 1) + 1 if first > 1 else first
        line = text[above : first - 1].strip() if above < first else ""
        is_rank = as_listed(line) in words("rank")
        if not line or not (is_rank or (n_numbers > 1 and len(line) <= 30 and RANK_LINE.fullmatch(line))):
            break
        first, is_ranked = above, is_ranked or is_rank
    if n_numbers < 2 and not is_ranked:
        return None
    name = re.compile(r"(?P<name>[^\n]+)\n[ \t]*\n?$").search(text, max(0, first - 40), first)
    if (
        name
        and 1 < len(name["name"].strip()) <= 30
        and (" " not in name["name"].strip() or _is_poster(name["name"].strip()))
    ):
        at = name.start("name") + len(name["name"]) - len(name["name"].lstrip())
        return Card(at, last, (at, at + len(name["name"].strip())), first, last)
    return Card(first, last, None, first, last)


def is_card(block: Block) -> bool:
    """Whether this block was named a member's card, or is chrome of its shape."""
    return block.kind == "chrome" and is_member_card(block.text)


def posts(blocks: list[Block]) -> None:
    """In a thread of several posters, what others than the first wrote is theirs: their quotation, as the thread shows it."""
    writer: str | None = None
    first: str | None = None
    for at, block in enumerate(blocks):
        name = poster(blocks, at)
        if name is not None:
            writer, first = name, first or (name if at == 0 or not _is_comment(blocks, at) else "")
        elif block.kind is None and at and is_card(blocks[at - 1]) and is_stamp(block.text):
            block.kind = "byline"
        elif block.kind is None and writer != first and writer:
            block.kind, block.speaker = "quotation", writer


def _is_comment(blocks: list[Block], at: int) -> bool:
    """Whether a poster's line stands under text that is another's, as comments do under an article."""
    return bool(blocks[at].poster) and any(block.kind is None and block.is_prose for block in islice(blocks, at))


def poster(blocks: list[Block], at: int) -> str | None:
    """Who writes what follows: a name above a member's card, or ``posted by ana_l``; null when the block tells none."""
    block = blocks[at]
    if block.poster:
        return block.poster
    if block.kind in ("byline", "chrome") and (m := POSTED.fullmatch(block.text)):
        return m["name"]
    if block.kind == "byline" and block.speaker is None:
        below = blocks[at + 1] if at + 1 < len(blocks) else None
        if below is not None and is_card(below):
            return block.text
    return None


def comments(blocks: list[Block]) -> None:
    """Lines above comments: ``ana_l said...``, ``Tom Field says:`` over a day, ``ana_l · 2 days ago``, ``Post by ana_l » 3 May``."""
    for at, block in enumerate(blocks):
        if block.kind in (None, "byline") and (name := _commenter(blocks, at)):
            block.kind, block.poster = "byline", name


def _commenter(blocks: list[Block], at: int) -> str | None:
    text = blocks[at].text
    below = blocks[at + 1].text if at + 1 < len(blocks) else ""
    if len(text) > 80:
        return None
    if (m := COMMENT.fullmatch(text)) and (m["dots"] or is_stamp(below)):
        return m["name"]
    if m := POST_BY.fullmatch(text):
        return m["name"] or m["writer"]
    m = AGED.fullmatch(text)
    return m["name"] if m else None


COMMENT = re.compile(r"(?P<name>[^\W_][^\n:,;.!?]{1,30}?) (?:said|says|wrote|commented) ?(?:(?P<dots>\.\.\.|…)|:)")
"""Matches ``ana_l wrote:``, not ``ana_l thinks:``."""
AGED = re.compile(rf"(?P<name>[\w.'’-]+(?: [\w.'’-]+){{0,2}})\s*[·•|]\s*{AGO.pattern}", re.I)
POST_BY = re.compile(r"(?i:post by)(?: (?P<name>[^\n»]{2,30}?) »|: (?P<writer>[^\n»]{2,30}?) on) .{8,40}")
"""Matches ``Post by ana_l » 3 May 2021``, not ``Post by ana_l``."""


POSTED = re.compile(
    r"[*_ ]*(?i:posted|started|written|asked) by:? (?P<name>[\w.-]{2,30})(?P<counts>(?:[,|·• ]+\d[\d.,]*k? [a-z]{4,9})*)[*_. ]*"
)
"""The line above a post that names its poster, and may count replies and views. Matches ``Posted by: ana_l``, not ``Posted in May``."""

QUOTED = re.compile(rf">[ \t]*[{OPENING}][^\n]*")


def replies(blocks: list[Block], genre: str | None) -> None:
    """Quoted posts: lines that begin with ``>``, and what stands under ``ana_l said: ↑`` up to ``Click to expand``."""
    set_off = [block for block in blocks if block.kind is None and block.text.startswith(">")]
    if set_off and genre != "forum_post" and all(QUOTED.match(block.text) for block in set_off):
        for block in set_off:  # a quotation set off from an article: "> “Nobody knew,” said the auditor."
            block.marker = len(block.text) - len(block.text[1:].lstrip())
    for at, block in enumerate(blocks):
        if block.marker and block.text.startswith(">"):
            continue
        header = reply_header_in(block.text) if block.kind is None else None
        if block.kind is None and block.text.startswith(">") and len(blocks) > 1:
            block.kind = "reply_quote"
            block.speaker = blocks[at - 1].speaker if at and blocks[at - 1].kind == "reply_quote" else None
        elif header and at + 1 < len(blocks):
            is_sure = genre == "forum_post" or any(header[group] for group in ("arrow", "handle", "quoting"))
            end = _end_of_reply(blocks, at, is_sure)
            if end > at:
                block.kind, block.speaker = "byline", (header["name"] or header["poster"]).strip()
            for quoted in blocks[at + 1 : end]:
                if quoted.kind is None:
                    quoted.kind, quoted.speaker = "reply_quote", block.speaker


def _end_of_reply(blocks: list[Block], at: int, is_sure: bool) -> int:
    """Where the post ends that is quoted under the header at ``at`` (exclusive); ``at`` itself when nothing is quoted."""
    if blocks[at + 1].text.startswith(">"):
        return next((i for i in range(at + 1, len(blocks)) if not blocks[i].text.startswith(">")), len(blocks))
    for i in range(at + 1, min(at + 40, len(blocks))):
        if as_listed(blocks[i].text).startswith("click to expand"):
            return i
        if i > at + 1 and reply_header_in(blocks[i].text):
            break
    return at + 2 if is_sure else at


def reply_header_in(line: str) -> re.Match[str] | None:
    """The line that names whose post is quoted below it, null when it is none; a long line is not even looked at."""
    return _reply_header().fullmatch(line) if len(line) <= MOST_OF_A_HEADER else None


MOST_OF_A_HEADER = 250
"""Characters of the head of a reply: a name, a day, an address."""


@cache
def _reply_header() -> re.Pattern[str]:
    handle = r"(?P<handle>[\w.-]*[\d_][\w.-]*)|[^\W\d][\w.'-]*(?: [^\W\d][\w.'-]*){0,2}"
    when = r"(?:\([аa]\))?(?:\s+on\s[^\n]{4,40}|\s*\([^)\n]{4,30}\))?"
    wrote = rf"(?:On\b[^\n]{{6,60}}?,\s+)?(?P<name>{handle})(?:\s*<[^>\n]*>)?\s+(?:{alternatives('reply')}){when}\s*:\s*(?P<arrow>↑(?:\s*[^\n]{{6,40}})?)?"
    quoting = (
        r"(?P<quoting>(?i:quote from:|originally posted by:?))\s+(?P<poster>[^\n:]{2,30}?)(?:\s+on\s[^\n]{4,40})?:?"
    )
    return re.compile(f"{wrote}|{quoting}")
