"""What forums put around posts: members' cards, the lines that name a poster, posts quoted in posts."""

import re
from functools import cache

from pipelines.ingest.blocks import OPENING, Block
from pipelines.ingest.chrome import alternatives, plain, words


def _titled(value: str) -> str:
    """The lexicon's forms of this value, each word with a capital or without."""
    return re.sub(r"(?<![A-Za-z])[a-z]", lambda m: f"[{m[0].upper()}{m[0]}]", alternatives(value))


@cache
def field_label() -> re.Pattern[str]:
    """How a field of a member's card begins; the whole card's pattern is slow, and most texts have none."""
    first_words = {form.split()[0].capitalize() for form in words("member")}
    return re.compile(rf"\b(?:{'|'.join(sorted(first_words))})\b[^.?!\n]{{0,20}}[\n:\d-]")


@cache
def member_card() -> re.Pattern[str]:
    """A member's card in a forum: name, rank, and at least two of: rank, date of joining, number of messages ..."""
    dates = (
        r"[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}",
        r"\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?,? \d{4}",
        r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}",
        r"[A-Z][a-z]{2,8}\.? \d{4}",
    )
    value = rf"(?:(?:[A-Z][a-z]{{2,8}},? )?(?:{'|'.join(dates)})(?:,? \d\d?:\d\d(?: ?[ap]m)?)?|[+-]?\d[\d,.]*\d[kKmM]?|\d[kKmM]?|[^\W\d][^\n\d]{{1,30}}(?=\n|$))"
    field = rf"[-•*|·,]?\s*(?:{_titled('member')})\s*[:–-]?\s*(?:[-•*]\s*)?{value}[ \t]*\n?"
    card = rf"(?:(?:{_titled('rank')})\s*(?:{field}\s*)+|(?:{field}\s*){{2,}})"
    return re.compile(rf"^[ \t]*(?:(?P<name>[^\W\d][^\n:.!?,;]{{1,29}}?)\s*)?(?P<card>{card})", re.MULTILINE)


def is_member_card(text: str) -> bool:
    """Whether this is what stands under a member's name in a forum: rank, date of joining, number of messages ..."""
    return bool(member_card().match(text))


def posts(blocks: list[Block]) -> None:
    """In a thread of several posters, what others than the first wrote is theirs: their quotation, as the thread shows it."""
    poster: str | None = None
    first: str | None = None
    for at, block in enumerate(blocks):
        name = _poster(blocks, at)
        if name is not None:
            poster, first = name, first or name
        elif block.kind is None and poster != first:
            block.kind, block.speaker = "quotation", poster


def _poster(blocks: list[Block], at: int) -> str | None:
    """Who writes what follows: a name above a member's card, or ``posted by ana_l``; null when the block tells none."""
    block = blocks[at]
    if block.kind in ("byline", "chrome") and (m := POSTED.fullmatch(block.text)):
        return m["name"]
    if block.kind == "byline" and block.speaker is None:
        below = blocks[at + 1] if at + 1 < len(blocks) else None
        if below is not None and below.kind == "chrome" and is_member_card(below.text):
            return block.text
    return None


POSTED = re.compile(
    r"[*_ ]*(?i:posted|started|written|asked) by:? (?P<name>[\w.-]{2,30})(?P<counts>(?:[,|·• ]+\d[\d.,]*k? [a-z]{4,9})*)[*_. ]*"
)
"""The line above a post that names its poster, and may count replies and views."""

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
        header = reply_header().fullmatch(block.text) if block.kind is None else None
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
        if plain(blocks[i].text).startswith("click to expand"):
            return i
        if i > at + 1 and reply_header().fullmatch(blocks[i].text):
            break
    return at + 2 if is_sure else at


@cache
def reply_header() -> re.Pattern[str]:
    handle = r"(?P<handle>[\w.-]*[\d_][\w.-]*)|[^\W\d][\w.'-]*(?: [^\W\d][\w.'-]*){0,2}"
    when = r"(?:\([аa]\))?(?:\s+on\s[^\n]{4,40}|\s*\([^)\n]{4,30}\))?"
    wrote = rf"(?:On\b[^\n]{{6,60}}?,\s+)?(?P<name>{handle})(?:\s*<[^>\n]*>)?\s+(?:{alternatives('reply')}){when}\s*:\s*(?P<arrow>↑(?:\s*[^\n]{{6,40}})?)?"
    quoting = (
        r"(?P<quoting>(?i:quote from:|originally posted by:?))\s+(?P<poster>[^\n:]{2,30}?)(?:\s+on\s[^\n]{4,40})?:?"
    )
    return re.compile(f"{wrote}|{quoting}")
