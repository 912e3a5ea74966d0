"""What a page, a forum or a mail puts around a text: crumbs, counters, captions, invitations, notices.

Each test looks at the shape of one block of text and at words of ``seeds/lexicon/chrome.csv``. Running prose must never
pass one of them, so a single word never decides: a notice must begin the block, an invitation needs something to join.
"""

import re
from functools import cache, lru_cache

from pipelines.lexicon.entries import alternation, entries


def chrome_in(block: str) -> str | None:
    """Which chrome this block (a paragraph or a line) is, null when it belongs to the text.

    ``furniture`` (crumbs, counters, invitations, notices, buttons), ``caption``, ``address`` (nothing but one) or ``rule`` (no
    letter or digit in it).
    """
    if len(block) > MOST_CHARACTERS:
        return None if any(c.isalnum() for c in block[:MOST_CHARACTERS]) and not _is_icons(block) else "rule"
    line = as_listed(block)
    if not any(c.isalnum() for c in line):
        return "rule"
    line = line.lstrip(POINTERS)
    n_words = line.count(" ") + 1
    if n_words > MOST_WORDS:
        return "furniture" if _is_icons(block) else None
    if ADDRESS.fullmatch(line):
        return "address"
    if _is_caption(line, n_words):
        return "caption"
    is_furniture = (
        line.strip(EDGES) in words("whole")
        or _is_crumbs(line)
        or _is_pages(line)
        or _is_menu(block, n_words)
        or bool(COMMENTS_ON.match(line))
        or _is_icons(block)
        or bool(_counter().fullmatch(line.strip(" .:|·•-–—")))
        or _is_buttons(line, n_words)
        or _is_bar(block)
        or _is_notice(line, n_words)
        or _is_invitation(line, n_words)
        or (n_words <= 40 and bool(COPYRIGHT.match(line)))
    )
    return "furniture" if is_furniture else None


def is_rights_notice(block: str, is_last: bool) -> bool:
    """Whether the block forbids to copy the text. News may tell of such things too, so at the end of a text it takes three
    words for it; elsewhere two, and the caller asks for other chrome beside it.
    """
    if len(block) > MOST_CHARACTERS:
        return False
    line = as_listed(block)
    n_forbids = sum(form in line for form in words("forbids"))
    n_words = n_forbids + sum(form in line for form in words("rights"))
    return line.count(" ") < 60 and n_forbids > 0 and n_words >= (3 if is_last else 2)


@lru_cache(maxsize=1024)
def as_listed(block: str) -> str:
    """The block in lower case, on one line, with straight quotation marks: what the lexicon's forms are compared with."""
    return " ".join(block.translate(STRAIGHT).lower().split())


@cache
def alternatives(value: str) -> str:
    """The lexicon's forms of this value as a pattern, longest first."""
    return alternation(words(value))


@cache
def words(value: str) -> frozenset[str]:
    """The lexicon's forms of this value."""
    return frozenset(row["form"] for row in entries("chrome") if row["value"] == value)


MOST_CHARACTERS = 800
"""What is longer is running text, whatever it begins with; the longest notice met has 420."""

MOST_WORDS = 80
"""More are running text, whatever they begin or end with."""

STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "})
EDGES = " \t.:…!*|-–—_»«›‹>→←↓↑▼▲•·()[]"
POINTERS = " \t|·•►▶▼→»👉👇☞✅⚡️🔗📩🔔❗"
CRUMB = re.compile(r"\s*(?:»|›|‹|→|::|\s>\s|\s/\s|\s\|\s)\s*")
CRUMB_MARKS = ("»", "›", "‹", "→", "::", ">", "/", "|")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
COPYRIGHT = re.compile(r"(?:©|\(c\)\s*\d|copyright\s*(?:©|\(c\)|\d{4}))")
REPORTS = re.compile(r"\b(?:said|says|say|told|asked|asks|wrote|writes|added|called|he|she|they)\b")
"""Matches ``he said so``, not ``lamps``."""
PERSONAL = re.compile(
    r"\b(?:us|our|my|newsletters?|daily|weekly|free|updates|mailing list|нас|нам|наш|unseren?|notre|nuestr[ao])\b|@\w"
)
"""Matches ``our newsletter``, not ``lamps``."""


def _is_crumbs(line: str) -> bool:
    """``Home » World » Title``: parts by a mark of rank, beginning at a root, or three parts by a mark that only crumbs use."""
    parts = [part for part in CRUMB.split(line) if part] if any(mark in line for mark in CRUMB_MARKS) else []
    if len(parts) < 2 or any(len(part.split()) > 6 for part in parts[:-1]):
        return False
    return parts[0].strip(EDGES) in words("root") or (len(parts) > 2 and any(mark in line for mark in "»›‹"))


@cache
def _counter() -> re.Pattern[str]:
    # Nothing is read again in another way (atomic groups): "likes 1 likes 1 likes" may be cut in two ways at every word.
    one = rf"(?>\d[\d.,' ]*[km]?\s*(?:{alternatives('counter')})|(?:{alternatives('counter')})\s*+:?\s*+\(?\d[\d.,]*+[km]?\)?)"
    return re.compile(rf"{one}(?:[\s|·•,/-]*+{one})*+(?:,?\s*+(?:edited\s*+)?(?:at\s*+)?\d{{1,2}}:\d\d)?")


def _is_pages(line: str) -> bool:
    """``1 2 3 next »``, ``Page 1 of 4``, ``#17``: the numbers of pages or of a post, and words that stand beside them."""
    if POST_NUMBER.fullmatch(line):
        return True
    tokens = re.findall(r"[^\W\d_]+|\d+", line) if len(line) < 80 else []
    n_numbers = sum(token.isdigit() for token in tokens)
    return 1 < n_numbers < len(tokens) and all(token.isdigit() or token in words("page") for token in tokens)


POST_NUMBER = re.compile(r"(?:post )?# ?\d{1,5}(?: \(permalink\))?")


COMMENTS_ON = re.compile(r"(?:\d+|one|no) (?:thoughts?|responses?|comments?|replies|reply) (?:on|to):? [\"']")
"""Matches ``3 thoughts on "Lamps"``, not ``3 thoughts on lamps``."""


def _is_menu(block: str, n_words: int) -> bool:
    """Ten words or more with capitals and no end, three of them such as menus are made of (``Home``, ``Contact``, ``Sport``)."""
    if n_words < 10 or block.rstrip()[-1] in '.!?:;,…"”’':
        return False
    longer = [word for word in re.findall(r"[^\W\d_]+", block) if len(word) > 3]
    if not longer:
        return False
    known = {word.lower() for word in longer} & (words("whole") | words("root") | words("section"))
    return len(known) > (1 if longer[0].lower() in words("root") else 2) and sum(
        word[0].isupper() for word in longer
    ) >= 0.9 * len(longer)


def _is_icons(block: str) -> bool:
    """What a page shows to those who do not see its pictures: the word icon, again and again."""
    return block.lower().count("icon") > 5 and 12 * block.lower().count("icon") > block.count(" ")


def _is_buttons(line: str, n_words: int) -> bool:
    """``12 Reply Share Report``: words that are buttons each, and numbers."""
    if not 1 < n_words <= 8:
        return False
    tokens = [token for token in re.split(r"[\s|·•]+", line) if token]
    known = [token in words("whole") or token in words("counter") for token in tokens]
    return any(known) and all(is_known or token.isdigit() for token, is_known in zip(tokens, known, strict=True))


def _is_bar(block: str) -> bool:
    """``Sign in    Subscribe``: buttons side by side, by gaps or strokes, all of them known."""
    if "|" not in block and "\t" not in block and "  " not in block:
        return False
    parts = [as_listed(part).strip(EDGES) for part in re.split(r"\t|\s*\|\s*| {2,}", block.strip())]
    return len(parts) > 1 and all(part in words("whole") or part in words("root") for part in parts if part)


@cache
def _notices() -> tuple[str, ...]:
    return tuple(words("notice"))


def _is_notice(line: str, n_words: int) -> bool:
    if line.startswith(_notices()) or (n_words <= 40 and any(form in line for form in words("part"))):
        return True
    m = _label().match(line)
    label = m[0] if m else ""
    rest = line[len(label) :].strip(" .…")
    if label.endswith((":", ",")):
        return rest.count(" ") < 14 and not line.endswith((".", "!"))
    return bool(label) and rest.count(" ") < 6 and not re.search(r"(?:[!?\"]|[^\W\d_]{2}\.)$", line)


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives('label')})(?!\w)")


def _is_invitation(line: str, n_words: int) -> bool:
    if n_words > 20 or not _invites().match(line):
        return False
    if REPORTS.search(line) or not PERSONAL.search(line):
        return False
    return any(re.search(rf"\b{re.escape(form)}\b", line) for form in words("topic"))


@cache
def _invites() -> re.Pattern[str]:
    return re.compile(rf"(?:please )?(?:{alternatives('act')})(?:\b|(?<=@))")


def _is_caption(line: str, n_words: int) -> bool:
    is_quotation = line.startswith('"') and line.count('"') > 1
    if is_quotation:
        return False
    return bool(_agency_photo().search(line)) or (n_words <= 60 and bool(_caption().search(line)))


@cache
def _agency_photo() -> re.Pattern[str]:
    """``(UPN Photo/Ana Lund)`` or ``[Photo/Agencies]`` at the end of a caption of any length."""
    return re.compile(rf"[(\[][^()\[\]]{{0,20}}\b(?:{alternatives('credit')})\s*[/:][^()\[\]]{{2,40}}[)\]][. ]*$")


@cache
def _caption() -> re.Pattern[str]:
    credit = rf"(?:^|[\s,.;(|/])(?:{alternatives('credit')})(?: credits?| by)?\s*[:/]\s*[^:.!?]{{2,60}}[).]*$"
    credit += rf"|[.|(]\s*(?:{alternatives('credit')}) (?:by|courtesy(?: of)?):? [^.!?]{{2,40}}[)|. ]*$"
    stock = rf"(?:[/|(©–—-]|[.,]\s)\s*(?:via )?(?:{alternatives('stock')})[).]*$"
    return re.compile(f"{credit}|{stock}")
