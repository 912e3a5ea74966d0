"""The layout of a text: title, byline, headings, body, quotations, quoted replies and chrome, told apart by shape and position.

Chrome (``pipelines.ingest.chrome``) is what no fact may be taken from, so precision comes first: what is not plainly
something else is body.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pipelines.ingest.bylines import byline_name, is_byline, is_stamp
from pipelines.ingest.chrome import alternatives, chrome_in, is_rights_notice, plain, words
from pipelines.ingest.document import Segment
from pipelines.ingest.paragraphs import MARKER, TERMINAL, paragraphs

OPENING = "“„«‟\"‘'‹「"
CLOSING = "”“»\"’'›」"


@dataclass(slots=True)
class Block:
    """A paragraph on its way to a segment: ``kind`` is null until a rule names it."""

    start: int
    end: int
    text: str
    kind: str | None = None
    speaker: str | None = None
    country: str | None = None
    chrome: str | None = None
    joined: bool = False
    """Whether it was put together of lines that the page broke."""
    marker: int = 0
    """Length of the list marker (and the space after it) that it begins with; ``chrome`` is which chrome it is."""

    @property
    def n_words(self) -> int:
        return len(self.text.split())

    @property
    def is_prose(self) -> bool:
        """Whether it reads as running text: a sentence with its end, or many words."""
        n_words = self.n_words
        return n_words >= 25 or (n_words >= 6 and bool(TERMINAL.search(self.text)))


def segments_of(text: str, genre: str | None = None) -> list[Segment]:
    """The layout parts of a text in order: they do not overlap, and together hold everything but white space.

    ``genre`` is the contract's, where it is known: it lets a forum post quote without marks, and a press review name its
    outlets without a stroke. A body segment is one paragraph, a quotation may be several. A quotation's ``speaker`` is the
    outlet or columnist that the line above it names, a quoted reply's is its poster; that line is a byline with the same
    speaker. A list marker is a chrome segment of its own.
    """
    blocks = _mended(text, _blocks(text))
    _front_matter(blocks)
    _bylines(blocks)
    _mail_head(blocks)
    _signature(blocks)
    _quoted_mail(blocks)
    _chrome(blocks)
    _replies(blocks, genre)
    _press(blocks, genre)
    _markers(blocks)
    _tail(blocks)
    _between(blocks)
    _posts(blocks)
    _title(blocks, genre)
    _headings(blocks)
    return list(_segments(text, blocks))


def _blocks(text: str) -> Iterator[Block]:
    """Members' cards of a forum, and the paragraphs between them."""
    at = 0
    for m in _member().finditer(text) if _field_label().search(text) else ():
        yield from (Block(p.start, p.end, text[p.start : p.end]) for p in paragraphs(text, at, m.start()))
        if m["name"]:
            yield Block(m.start("name"), m.end("name"), m["name"], "byline")
        yield Block(m.start("card"), m.start("card") + len(m["card"].rstrip()), m["card"].rstrip(), "chrome")
        at = m.end()
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


def _is_rest(a: Block, b: Block) -> bool:
    if (
        a.kind is not None
        or len(a.text) < 40
        or not b.text[0].islower()
        or not (a.text[-1].isalpha() or a.text[-1] == ",")
    ):
        return False
    return not (chrome_in(a.text) or is_byline(a.text) or is_stamp(b.text) or _reply_header().fullmatch(b.text))


def breaks_off(line: str, following: str) -> bool:
    """Whether the first line ends, and the second begins, in the middle of a sentence."""
    if len(line) < 20 or "|" in line or TERMINAL.search(line) or line[0] in "•*>-#" or following[0] in "•*>-#|":
        return False
    return following[0].islower() or line[-1] == "," or line.split()[-1] in words("open")


def _goes_on(a: Block, line: str, b: Block, width: int) -> bool:
    """Whether the line ``b`` goes on with the block ``a``, whose last line is ``line``, in a text wrapped at about ``width``."""
    if a.kind is not None or b.text[0] in "•*>-#|" or MARKER.match(b.text) or _reply_header().fullmatch(b.text):
        return False
    if a.n_words <= 4 and not byline_name(a.text) and byline_name(f"{a.text} {b.text}"):  # "By Rory" / "McAllister"
        return a.text.lower().split()[0] in words("byline")
    if not width or TERMINAL.search(line) or len(line) < 0.3 * width or len(line) > 1.5 * width:
        return False
    if not (breaks_off(line, b.text) or len(line) > 0.7 * width):
        return False
    return not (chrome_in(line) or chrome_in(b.text) or is_byline(line) or is_byline(b.text))


def _titled(value: str) -> str:
    """The lexicon's forms of this value, each word with a capital or without."""
    return re.sub(r"(?<![A-Za-z])[a-z]", lambda m: f"[{m[0].upper()}{m[0]}]", alternatives(value))


@cache
def _field_label() -> re.Pattern[str]:
    """How a field of a member's card begins; the whole card's pattern is slow, and most texts have none."""
    first_words = {form.split()[0].capitalize() for form in words("member")}
    return re.compile(rf"\b(?:{'|'.join(sorted(first_words))})\b[^.?!\n]{{0,20}}[\n:\d-]")


@cache
def _member() -> re.Pattern[str]:
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
    return bool(_member().match(text))


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


def _posts(blocks: list[Block]) -> None:
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
            if byline_name(block.text) or (at_edge and is_byline(block.text)):
                block.kind = "byline"
            elif m := POSTED.fullmatch(block.text):
                block.kind, block.chrome = ("chrome", "furniture") if m["counts"] else ("byline", None)


POSTED = re.compile(
    r"[*_ ]*(?i:posted|started|written|asked) by:? (?P<name>[\w.-]{2,30})(?P<counts>(?:[,|·• ]+\d[\d.,]*k? [a-z]{4,9})*)[*_. ]*"
)
"""The line above a post that names its poster, and may count replies and views."""

QUOTED = re.compile(rf">[ \t]*[{OPENING}][^\n]*")


def _replies(blocks: list[Block], genre: str | None) -> None:
    """Quoted posts: lines that begin with ``>``, and what stands under ``ana_l said: ↑`` up to ``Click to expand``."""
    set_off = [block for block in blocks if block.kind is None and block.text.startswith(">")]
    if set_off and genre != "forum_post" and all(QUOTED.match(block.text) for block in set_off):
        for block in set_off:  # a quotation set off from an article: "> “Nobody knew,” said the auditor."
            block.marker = len(block.text) - len(block.text[1:].lstrip())
    for at, block in enumerate(blocks):
        if block.marker and block.text.startswith(">"):
            continue
        header = _reply_header().fullmatch(block.text) if block.kind is None else None
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
        if i > at + 1 and _reply_header().fullmatch(blocks[i].text):
            break
    return at + 2 if is_sure else at


@cache
def _reply_header() -> re.Pattern[str]:
    handle = r"(?P<handle>[\w.-]*[\d_][\w.-]*)|[^\W\d][\w.'-]*(?: [^\W\d][\w.'-]*){0,2}"
    when = r"(?:\([аa]\))?(?:\s+on\s[^\n]{4,40}|\s*\([^)\n]{4,30}\))?"
    wrote = rf"(?:On\b[^\n]{{6,60}}?,\s+)?(?P<name>{handle})(?:\s*<[^>\n]*>)?\s+(?:{alternatives('reply')}){when}\s*:\s*(?P<arrow>↑(?:\s*[^\n]{{6,40}})?)?"
    quoting = (
        r"(?P<quoting>(?i:quote from:|originally posted by:?))\s+(?P<poster>[^\n:]{2,30}?)(?:\s+on\s[^\n]{4,40})?:?"
    )
    return re.compile(f"{wrote}|{quoting}")


OUTLET = re.compile(
    r"(?P<name>[^\n/()]{2,60}?)\s*\((?P<country>[A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)*)\)\s*(?P<stroke>[/:])?"
)


def _press(blocks: list[Block], genre: str | None) -> None:
    """Press reviews: ``La Stampa (IT) /``, perhaps a heading and an introduction, then what the outlet writes in quotation marks."""
    lines = {at: m for at, block in enumerate(blocks) if block.kind is None and (m := OUTLET.fullmatch(block.text))}
    lines = {
        at: m
        for at, m in lines.items()
        if (m["stroke"] or genre == "press_review" or len(lines) > 1) and _quotes_follow(blocks, at)
    }
    for at, m in lines.items():
        speaker, country = m["name"].strip(), m["country"]
        end = next((i for i in lines if i > at), len(blocks))
        blocks[at].kind, blocks[at].speaker, blocks[at].country = "byline", speaker, country
        is_open = False
        for block in blocks[at + 1 : end]:
            if block.kind is not None:
                continue
            if is_open or block.text[0] in OPENING:
                block.kind, block.speaker, block.country = "quotation", speaker, country
                is_open = not re.search(rf"[{CLOSING}][.,]?$", block.text)
            elif not block.is_prose and not block.text.endswith(":"):
                block.kind = "heading"


def _quotes_follow(blocks: list[Block], at: int) -> bool:
    return any(block.text[0] in OPENING for block in blocks[at + 1 : at + 4])


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


def _between(blocks: list[Block]) -> None:
    """At most three short lines between furniture and furniture, with text above them, belong to the page too."""
    named = [at for at, block in enumerate(blocks) if block.chrome == "furniture"]
    for before, after in pairwise(named):
        inner = blocks[before + 1 : after]
        if len(inner) <= 3 and any(block.kind is None and block.is_prose for block in blocks[:before]):
            for block in inner:
                if block.kind is None and not block.is_prose and block.n_words <= 8 and not block.text.endswith("?"):
                    block.kind = "chrome"


def _title(blocks: list[Block], genre: str | None) -> None:
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


def _headings(blocks: list[Block]) -> None:
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
