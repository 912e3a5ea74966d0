"""Lines that say who wrote a text and when: bylines, datelines that stand alone, stamps."""

import re
from functools import cache

from pipelines.ingest.datelines import dateline_of
from pipelines.ingest.layout.chrome import MOST_CHARACTERS, alternatives, as_listed, words
from pipelines.lexicon.calendar_names import month_names, weekday_names
from pipelines.lexicon.given_names import is_given_name
from pipelines.lexicon.outlets import is_known_outlet

AGO = re.compile(
    r"(?:\d+|an?) (?:second|sec|minute|min|hour|hr|day|week|month|year)s?(?:,? \d+ (?:hour|day|week|month)s?)? ago",
    re.I,
)
"""Matches ``3 hours ago``, not ``ago``."""


def is_byline(line: str) -> bool:
    """Whether a line names an author (``By Ana Lund``), a day (``16.03.2022.``) or a place of news, and nothing else.

    A day may stand beside the section or the page of a paper: ``World · 3 May 2021``, ``3 May 2021 - Page 1``.
    """
    if len(line) > MOST_CHARACTERS:
        return False
    if is_stamp(line) or as_listed(line).strip(" |:·•-–—") in words("byline"):
        return True
    dateline = dateline_of(line.strip())
    stands_alone = dateline is not None and dateline.end == len(line.strip())
    return bool(stands_alone or byline_name(line) or _beside_stamp(line) or _is_head(line))


def byline_name(line: str) -> str | None:
    """The author that a byline names: ``Ana Lund`` of ``By Ana Lund, Oslo``; null when the line is no byline.

    The words of the name begin with capitals, but for particles (``de``, ``and``), which in a heading in title case begin with
    capitals too. A user's name is believed only beside a day: ``Posted on 3 May 2021 by ana_l``, ``ana_l · 2 days ago``.
    """
    line = line.strip()
    first, *others = re.split(r";\s+", line)  # "Reporting by Ana Lund; Editing by Tom Field"
    if others and len(line) < 200:
        names = [byline_name(part) for part in (first, *others)]
        return names[0] if all(names) else None
    for pattern in _dated_bylines():
        m = pattern.fullmatch(line.removesuffix("."))
        is_dated = m and (AGO.fullmatch(m["when"]) or is_stamp(m["when"]))
        if m and is_dated and words("stamp").isdisjoint(as_listed(m["name"]).split()):  # not "Last Updated May 3, 2021"
            return m["name"].strip()
    m = next((m for p in _bylines() if (m := p.fullmatch(line.removesuffix("."))) and _has_role(m, line)), None)
    if not m:
        label = _beside_stamp(line)
        return label if label and is_person(label) else None
    name = COUNTED.sub("", m["name"].strip())
    if not 2 <= len(name.split()) <= 12 and not is_known_outlet(name):
        return None
    return name if all(_in_a_name(token) for token in name.split()) else None


COUNTED = re.compile(r"(?<=[^\W\d_]{3})\d+$")
"""The number of comments, glued to the name before it."""


def is_person(line: str) -> bool:
    """Whether a line is the name of a person and nothing else: two to four words, the first of them a known first name."""
    tokens = line.split()
    return (
        2 <= len(tokens) <= 4
        and tokens[0][0].isupper()
        and is_given_name(tokens[0])
        and all(NAME.fullmatch(token) or token in words("particle") for token in tokens[1:])
        and NAME.fullmatch(tokens[-1]) is not None
    )


NAME = re.compile(r"[^\W\d_](?:\.|[^\W\d_][\w'’-]*)")


def _beside_stamp(line: str) -> str | None:
    """What stands beside a day in a line that holds nothing else: a section, a page, an author; null for other lines."""
    line = line.strip()
    if len(line) > LONGEST_STAMPED:
        return None
    for pattern in BESIDE:
        m = pattern.fullmatch(line)
        if m and is_stamp(m["when"]) and LABEL.fullmatch(m["label"].strip(" -")):
            return m["label"].strip(" -")
    return None


def _is_head(line: str) -> bool:
    """Whether a line is three or more such things: ``3 May 2021 10:15 | Updated 11:20 GMT - PORTO``, ``Source: UPN | 3 May 2021``."""
    parts = [part for part in APART.split(line) if part] if len(line) <= 120 else []
    days = [is_stamp(part) for part in parts]
    if len(parts) < 2 or not any(days):
        return False
    return all(
        is_day or is_hour(UPDATED.sub("", part)) or FIELD.fullmatch(part)
        for part, is_day in zip(parts, days, strict=True)
    )


APART = re.compile(r"\s*[|•·»]\s*|\s[-–—/]\s")
UPDATED = re.compile(r"^(?:last )?(?:updated|modified|published|posted):? ", re.I)
FIELD = re.compile(r"(?:[A-Z][a-z]+: )?[^\W\d_][\w.'’&-]*(?: [\w.'’&-]+){0,2}(?<![.!?:])")
"""Matches ``Source: Nord Wire``, not ``!``."""

BESIDE = (
    re.compile(r"(?P<label>\S.{1,40}?)\s*(?:[|•·»]|\s[-–—/]\s|\s{2})\s*(?P<when>.{6,60})"),
    re.compile(r"(?P<when>.{6,60}?)\s*(?:[|•·»]|\s[-–—/]\s|\s{2})\s*(?P<label>\S.{1,40})"),
    re.compile(r"(?P<label>[A-Z].{1,40}?),? (?P<when>.{6,50}\d[:.]\d\d\b.{0,10})"),
)
LONGEST_STAMPED = 200
"""Characters of a line with a day and a label beside it: 40 and 60 of words, and as many of white space between them as tables have."""
LABEL = re.compile(r"[^\W\d_][\w.'’&-]*(?: [\w.'’&-]+){0,2}(?<![.!?:])")


def _in_a_name(token: str) -> bool:
    if token in words("particle"):
        return True
    word = token.lower().strip(".,")
    return token[0].isupper() and word not in words("particle") | month_names() | weekday_names()


def _has_role(m: re.Match[str], line: str) -> bool:
    """Whether what follows a name is a place or an office: a few words, and no end of a sentence after others than these."""
    found = re.findall(r"[^\W\d_]+", m["role"] or "")
    return len(found) <= 6 and not (
        line.endswith(".") and any(w[0].islower() and w not in words("particle") for w in found)
    )


@cache
def _bylines() -> tuple[re.Pattern[str], ...]:
    """A name and perhaps a role; and the same with as many names as the line holds."""
    name = r"[^\W\d_][\w.'’-]*"
    begin = rf"(?i:{alternatives('byline')})(?:\s*:)?\s+"
    role = r"(?P<role>\s*[,|/–—]\s*[\w.,'’&\s-]{0,60})?"
    return tuple(re.compile(rf"{begin}(?P<name>{name}(?:,?\s+(?:{name}|&))*{most}){role}") for most in ("?", ""))


@cache
def _dated_bylines() -> tuple[re.Pattern[str], ...]:
    """An author beside a day: the day first, the author first, and a user's name alone."""
    name = r"(?P<name>[\w.'’/-]+(?: [\w.'’-]+){0,3}?)"
    apart = r"(?:\s*[»·•,|–—-]\s*|\s+on\s+|\s+(?=\d))"
    return (
        re.compile(rf"(?P<when>.{{6,60}}?)\s+(?i:by)\s+{name}"),
        re.compile(rf"(?i:{alternatives('byline')})\s+{name}{apart}(?P<when>\S.{{5,60}})"),
        re.compile(rf"{name}\s*[·•|]\s*(?P<when>{AGO.pattern})", re.I),
        re.compile(
            r"(?P<name>[^\W\da-z_][\w.'’-]*(?: [^\W\da-z_][\w.'’-]*){1,3})\s+(?P<when>(?i:published|posted|updated)\b.{6,60})"
        ),
    )


def is_stamp(line: str) -> bool:
    """Whether a line says when and nothing else: ``16.03.2022.``, ``Updated: 3 May 2021, 10:15 GMT``, ``2 hours ago``."""
    if DAY.fullmatch(as_listed(line)) or is_hour(line):
        return True
    found = re.findall(r"[^\W\d_]+|\d+", as_listed(line))
    if not 2 <= len(found) <= 14 or not any(word in month_names() or NUMERIC_DATE.search(line) for word in found):
        return False
    known = words("stamp") | month_names() | weekday_names()
    return sum(word.isdigit() for word in found) >= 2 and all(word.isdigit() or word in known for word in found)


def is_hour(line: str) -> bool:
    """Whether a line is an hour of the day or an age and nothing else, as above posts and in live reports."""
    if len(line) > 60:
        return False
    found = as_listed(line).strip(" -–—•·|.")
    if line.startswith("«") and line.endswith("»"):  # above the posts of a forum
        return is_stamp(line.strip("«» "))
    if m := HOUR.fullmatch(found):
        letters = re.findall(r"[^\W\d_]+", m["rest"])
        return (":" in found or bool(letters)) and all(word in words("stamp") for word in letters)
    m = AGO.search(found)
    return m is not None and m.end() == len(found) and all(w in words("stamp") for w in found[: m.start()].split())


HOUR = re.compile(r"(?:[01]?\d|2[0-3])[:.][0-5]\d(?::[0-5]\d)?(?P<rest>(?:[ .]*[^\W\d_]+){0,4}\.?)")
"""Matches ``10:30 GMT``, not ``10:75``."""


DAY = re.compile(
    r"(?:[^\W\d_]{2,12},? )?(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2}\.? [^\W\d_]{3,10}\.?,? \d{4}(?: ?(?:г|р|года|року)\.?)?)\W*"
)
"""Matches ``3 May 2021``, not ``3 lamps``."""
NUMERIC_DATE = re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b")
