"""When a text was published, where its record does not say: a date line, a dateline, a label, a copyright year, the text's own evidence.

Works on words alone and runs before any parsing. What stands in chrome (a member's join date, a page's clock, a
counter) never counts. A day found in the text is ``text``; anything narrowed down from other evidence is ``inferred``.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from functools import cache, partial
from itertools import pairwise
from unicodedata import normalize

from pipelines.ingest.datelines import dateline_of
from pipelines.ingest.document import Segment
from pipelines.ingest.given import LANGUAGES, month_names
from pipelines.ingest.layout.segments import header_field
from pipelines.lexicon.entries import entries
from pipelines.timewords.find import find, finder
from pipelines.timewords.meaning import Calendar
from pipelines.timewords.numbers import ordinal

_LANGUAGES = tuple(language for language in LANGUAGES if language not in ("ca", "en", "is"))
"""Languages whose dates are read here: English ones are found by the rules of its own; Catalan and Icelandic ones not yet."""
"""Languages whose month and weekday names are known in date lines: texts are often translated, their date lines not."""

_EDGE_LINES = 4
"""How many lines at either end of a text may hold its date line."""

_MAX_LINE = 160
"""A longer line is prose, whose dates are its matter and not its own."""


@dataclass(frozen=True, slots=True)
class Publication:
    """The day of publication or the range it lies in.

    ``on`` is null when the day is not known; ``basis`` is ``text``, ``inferred`` or null (nothing found);
    ``earliest_on`` and ``latest_on`` bound the day, inclusive, either may be null; the evidence stands at
    ``[start_char, end_char)`` of the text (code points), null when there is none.
    """

    on: date | None = None
    basis: str | None = None
    earliest_on: date | None = None
    latest_on: date | None = None
    start_char: int | None = None
    end_char: int | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the text outside chrome, with its offset and the kind of segment it stands in."""

    start: int
    text: str
    kind: str


def publication_date(text: str, segments: Sequence[Segment], title: str | None = None) -> Publication:
    """The day on which a text says it was published, or the range that its own words allow; nothing found is all null.

    ``segments`` tell what is chrome; without any the whole text counts. ``title`` is searched last, for a full date.
    """
    if found := _mail_header(text):
        return found
    lines = list(_lines(text, segments))
    edges = lines[:_EDGE_LINES] + lines[max(_EDGE_LINES, len(lines) - _EDGE_LINES) :]
    bylines = [line for line in lines if line.kind == "byline" and line not in edges]
    told = _last_day_told(lines)
    year_told = cache(partial(_last_year_told, lines))
    for test in (_label_line, _date_line, _stamp_line, _dateline):
        for line in (*bylines, *edges, *_under_bylines(lines)):
            if (found := test(line)) and not _told_later(found, told, year_told):
                return found
    if (found := _date_before_prose(lines)) and not _told_later(found, told, year_told):
        return found
    if title and (day := _only_full_date(title)):
        found = Publication(day[0], "text", day[0], day[0], None, None, title)
        if not _told_later(found, told, year_told):
            return found
    return (told and _day_after(told, edges)) or _copyright(lines) or _anniversary(text, lines) or told or Publication()


_BYLINE = re.compile(r"^by\s+(?:the\s+)?[A-Z][^.!?]{2,60}$", re.IGNORECASE)
_WEATHER = re.compile(r"^[-–+]?\d{1,3}(?:\.\d)?\s*°?\s*[CF]$")


def _under_bylines(lines: Sequence[_Line]) -> list[_Line]:
    """The lines right below a "By ..." anywhere in the text."""
    return [line for above, line in pairwise(lines) if _BYLINE.match(above.text)]


_LATER = timedelta(days=60)
"""By how much a text may speak of a day after the one it bears: dates of events ahead are told in the past by mistake."""


def _told_later(found: Publication, told: Publication | None, year_told: Callable[[], int]) -> bool:
    """Whether a text speaks of what came long after the day it seems to bear, which then is another's ("Est. May 19, 1883")."""
    if found.on is None:
        return False
    if told is not None and told.earliest_on is not None and told.earliest_on > found.on + _LATER:
        return True
    if found.on.year >= _PRESS_TODAY:
        return False
    return year_told() > found.on.year + 1


def _last_year_told(lines: Sequence[_Line]) -> int:
    """The latest year in which a text tells that something happened, 0 where it tells none."""
    told = (line.text for line in lines if _TOLD.search(line.text))
    return max((int(match["year"]) for line in told for match in _IN_YEAR.finditer(line)), default=0)


_PRESS_TODAY = 1990
"""A text that bears an earlier day is a reprint, or the day is not its own: only then a bare year told in it is asked for."""

_IN_YEAR = re.compile(r"\b(?:in|of|since|during)\s+(?P<year>(?:19|20)\d\d)(?![\d,-])")


def _day_after(told: Publication, lines: Sequence[_Line]) -> Publication | None:
    """The first day after the last one told that a dateline without a year names ("OSLO, Oct. 29 /Wire/ --"); inferred.

    More than a season between the two leaves the year open.
    """
    last = told.earliest_on
    for line in lines:
        words, found = find(line.text[:100])
        dateline = dateline_of(line.text[:120])
        for expression in found:
            meaning = expression.meaning
            if not isinstance(meaning, Calendar) or not (meaning.month and meaning.day) or meaning.year or last is None:
                continue
            start, end = words.starts[expression.first], words.ends[expression.last - 1]
            alone = len(re.findall(r"[^\W\d_]{4,}", line.text[:start] + line.text[end:])) <= 1
            if not alone and not (dateline and dateline.place_end <= start and end <= dateline.end):
                continue
            day = _next_such_day(meaning, last)
            if day is not None:
                return Publication(
                    day, "inferred", day, day, line.start + start, line.start + end, line.text[start:end]
                )
    return None


_A_SEASON = timedelta(days=120)


def _next_such_day(meaning: Calendar, after: date) -> date | None:
    """The first day of that month and number on or after a day, if it comes soon and on the weekday that is named."""
    for year in (after.year, after.year + 1):
        try:
            day = date(year, meaning.month or 1, meaning.day or 1)
        except ValueError:
            continue
        if after <= day <= after + _A_SEASON and meaning.weekday in (None, day.isoweekday()):
            return day
    return None


def _mail_header(text: str) -> Publication | None:
    """The date in the header of a mail (RFC 5322), which is the text's first lines and says who wrote it or of what."""
    fields: dict[str, tuple[int, int]] = {}
    at = len(text) - len(text.lstrip())
    while match := header_field().match(text, at):
        end = text.find("\n", match.end())
        end = end if end >= 0 else len(text)
        fields.setdefault(match["field"].lower(), (match.end(), end))
        at = end + 1
    dated = fields.get("date") or fields.get("sent")
    if dated is None or not fields.keys() & {"from", "subject"}:
        return None
    start, end = dated
    value = text[start:end]
    try:
        on = parsedate_to_datetime(value).date()
    except (ValueError, OverflowError):  # no date, or none that a calendar holds
        found = _full_dates(value)
        if len(found) != 1:
            return None
        on = found[0][0]
    return Publication(on, "text", on, on, start, end, value)


def _lines(text: str, segments: Sequence[Segment]) -> Iterator[_Line]:
    """The lines outside chrome that are not empty; those under "Joined" or "Member since" are the member's, not the text's."""
    before = ""
    starts = [part.start_char for part in segments]
    for match in re.finditer(r"[^\n]+", text):
        line = match.group().strip()
        if not line:
            continue
        start = match.start() + match.group().index(line[0])
        at = bisect_right(starts, start) - 1
        kind = segments[at].kind if at >= 0 and start < segments[at].end_char else "body"
        member = _MEMBER.search(before) or _MEMBER.search(line)
        before = line
        if (
            kind in ("chrome", "reply_quote", "quotation")
            or member
            or _WEATHER.match(text[match.end() : match.end() + 40].strip()[:9].split("\n")[0])
        ):
            continue
        yield _Line(start, line, kind)


_MEMBER = re.compile(
    r"^\W*(?:joined|join date|member since|registered|registration|messages|posts|reputation|last (?:seen|visit|login))\b",
    re.IGNORECASE,
)
"""Matches ``Joined: May 2021``, not ``They joined``."""
_LABEL = re.compile(
    r"\b(?:published|posted|updated|last (?:updated|modified)|first published|issued|released|date|dated|created|submitted|publication date|published on|uploaded)\b\W{0,3}(?:on|at)?\W{0,2}(?P<rest>.{4,60})",
    re.IGNORECASE,
)
"""Matches ``Published on 3 May 2021``, not ``Publisher: Nord``."""


def _full_dates(line: str) -> list[tuple[date, int, int]]:
    """Every complete date of a line: the day, and where it stands in the line."""
    words, found = find(line)
    days = []
    for expression in found:
        meaning = expression.meaning
        if (
            isinstance(meaning, Calendar)
            and meaning.year
            and meaning.month
            and meaning.day
            and not meaning.before_christ
            and not meaning.century_open
        ):
            try:
                day = date(meaning.year, meaning.month, meaning.day)
            except ValueError:
                continue
            if meaning.other is None and 1800 <= day.year <= 2100:
                days.append((day, words.starts[expression.first], words.ends[expression.last - 1]))
    return days or _foreign_dates(line)


def _only_full_date(line: str) -> tuple[date, int, int] | None:
    days = _full_dates(line)
    return days[0] if days and all(day[0] == days[0][0] for day in days) else None


_FOREIGN = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})\.?º?\s+(?:de\s+)?(?P<month>[^\W\d_]{2,})\.?,?\s+(?:de\s+|del\s+)?(?P<year>(?:19|20)\d\d)(?!\d)"
)
"""Matches ``3 de mayo de 2021``, not ``3 de mayo``."""


def _foreign_dates(line: str) -> list[tuple[date, int, int]]:
    days = []
    for match in _FOREIGN.finditer(line):
        month = month_names(_LANGUAGES).get(normalize("NFC", match["month"].lower()))  # "ΜΑΪ́ΟΥ" falls apart
        if month:
            try:
                days.append((date(int(match["year"]), month, int(match["day"])), match.start(), match.end()))
            except ValueError:
                continue
    return days


def _made(line: _Line, day: tuple[date, int, int]) -> Publication:
    on, start, end = day
    return Publication(on, "text", on, on, line.start + start, line.start + end, line.text[start:end])


def _label_line(line: _Line) -> Publication | None:
    """A label before a date ("Published: 16 March 2022"), or a byline with one."""
    label = _LABEL.search(line.text[:_MAX_LINE])
    if len(line.text) > _MAX_LINE and (label is None or label.start() > 0):
        return None
    if label:
        days = [day for day in _full_dates(line.text[:_MAX_LINE]) if day[1] >= label.start()]
        if len(line.text) > _MAX_LINE:
            days = [day for day in days if day[1] <= label.start("rest") + 1]
        if days and days[0][1] - label.end("rest") <= 0 and days[0][1] - label.start("rest") <= 25:
            return _made(line, days[0])
    if line.kind == "byline" and (found := _only_full_date(line.text)):
        return _made(line, found)
    return None


def _date_line(line: _Line) -> Publication | None:
    """A line that is a date and little else: "16.03.2022.", "Minsk, Wednesday, 16 March 2022, 14:05"."""
    if len(line.text) > 80:
        return None
    day = _only_full_date(line.text)
    if day is None:
        return None
    rest = line.text[: day[1]] + " " + line.text[day[2] :]
    words = re.findall(r"[^\W\d_]+", rest)
    lower = sum(word.islower() and len(word) > 3 for word in words)
    if line.text[-1] in ".!?" and len(words) > 2:
        return None
    life = any(word.lower() in _OF_ANOTHER for word in words)
    return _made(line, day) if len(words) <= 5 and lower <= 1 and not life else None


_STAMP = re.compile(r"(?<![\w-])(?P<day>(?:19|20)\d\d-\d\d-\d\d)T\d\d:\d\d")


def _stamp_line(line: _Line) -> Publication | None:
    """A time that a machine wrote (ISO 8601, "2011-12-07T17:29:40+0300"), the only such day in its line but for its zero."""
    found = {match["day"]: match for match in _STAMP.finditer(line.text) if match["day"] != "1970-01-01"}
    if len(found) != 1:
        return None
    (value, match) = found.popitem()
    try:
        on = date.fromisoformat(value)
    except ValueError:
        return None
    return _made(line, (on, match.start("day"), match.end("day")))


_OF_ANOTHER = frozenset(["born", "died", "founded", "established", "est", "since", "released", "incorporated"])
"""Words beside a date that is somebody's or something's, not the text's."""


def _dateline(line: _Line) -> Publication | None:
    """A place and a date before the first dash of a paragraph ("KYIV, March 11, 2022 (Agency) -").

    Two dates around the dash are a life ("(May 2, 1872 - November 23, 1896)").
    """
    head = line.text[:120]
    found = dateline_of(head)
    if found is None:
        return None
    days = _full_dates(head[: found.end])
    if len(days) != 1 or len(_full_dates(head[: found.end + 30])) > 1:
        return None
    return _made(line, days[0])


def _date_before_prose(lines: Sequence[_Line]) -> Publication | None:
    """A full date that opens the first paragraph without belonging to its first sentence ("June 8, 2010 The agency said").

    A chronology has many such lines, and none of them is its date.
    """
    opening = [found for line in lines if (found := _opening_date(line))]
    first = lines[:_EDGE_LINES]
    return opening[0] if len(opening) == 1 and any(opening[0].start_char == line.start for line in first) else None


def _opening_date(line: _Line) -> Publication | None:
    if not re.match(r"[^\W\d_]{3,}\.?,?\s+\d|\d{1,2}\s|[^\W\d_]{3,},?\s+[^\W\d_]{3,}\s+\d", line.text):
        return None
    for day in _full_dates(line.text[:60]):
        if day[1] == 0 and re.match(r"\s+[\"“'‘`]*[A-Z]", line.text[day[2] :]):
            return _made(line, day)
    return None


_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\W{0,4}(?:[^\W\d]+\W+){0,4}?(?P<year>(?:19|20)\d\d)(?:\s*[-–]\s*(?P<last>(?:19|20)\d\d))?",
    re.IGNORECASE,
)
"""Matches ``Copyright Nord Wire 2021``, not ``Nord Wire 2021``."""


def _copyright(lines: Sequence[_Line]) -> Publication | None:
    """A copyright year at the end of the text bounds the day by that year."""
    for line in reversed(lines[-6:]):
        if match := _COPYRIGHT.search(line.text):
            year = int(match["last"] or match["year"])
            return Publication(
                None,
                "inferred",
                date(year, 1, 1),
                date(year, 12, 31),
                line.start + match.start(),
                line.start + match.end(),
                match.group(),
            )
    return None


_ANNIVERSARY = re.compile(
    r"\b(?P<number>[\w-]{1,30})\s+anniversary\b[^.!?\n]{0,120}?\b(?:founded|signed|established|created|born|formed|adopted|held|began|launched|concluded|in)\b[^.!?\n\d]{0,40}\b(?P<year>1[89]\d\d|20\d\d)\b",
    re.IGNORECASE,
)
"""Matches ``the tenth anniversary of the treaty, signed in 1990``, not ``the tenth anniversary of the treaty``."""


def _anniversary(text: str, lines: Sequence[_Line]) -> Publication | None:
    """The year in which a text was written that marks "the twentieth anniversary of the pact signed in 2002"."""
    for line in lines:
        for match in _ANNIVERSARY.finditer(line.text):
            number = _ordinal(match["number"])
            if number and 1 <= number <= 300:
                year = int(match["year"]) + number
                start = line.start + match.start()
                return Publication(
                    None,
                    "inferred",
                    date(year, 1, 1),
                    date(year, 12, 31),
                    start,
                    start + len(match.group()),
                    text[start : start + len(match.group())],
                )
    return None


def _ordinal(form: str) -> int | None:
    parts = re.findall(r"\d+(?:st|nd|rd|th)|[a-z]+", form.lower())
    known = finder().lexicon.rows["number"]
    if parts and all(
        part[0].isdigit() or (part in known and known[part]["kind"] in ("ordinal", "tens")) for part in parts
    ):
        return ordinal(parts, finder().lexicon)
    return None


_TOLD = re.compile(
    r"\b(?:was|were|had|did|has been|have been|[a-z]{3,}ed|came|went|said|told|began|took|made|met|won|lost|left|fell|rose|held|became)\b"
)
"""Matches ``they voted``, not ``they vote``."""


def _last_day_told(lines: Sequence[_Line]) -> Publication | None:
    """The latest complete date of which the text speaks in the past: it was written on that day or after."""
    latest: tuple[date, int, int] | None = None
    for line in lines:
        if not re.search(r"(?:19|20)\d\d", line.text):
            continue
        for day, start, end in _full_dates(line.text):
            sentence = line.text[max(0, start - 90) : end + 90]
            if _TOLD.search(sentence) and not _ahead(sentence) and (latest is None or day > latest[0]):
                latest = (day, line.start + start, line.start + end)
    if latest is None:
        return None
    day, start, end = latest
    line = next(line for line in lines if line.start <= start < line.start + len(line.text))
    return Publication(None, "inferred", day, None, start, end, line.text[start - line.start : end - line.start])


@cache
def _ahead_pattern() -> re.Pattern[str]:
    words = "|".join(re.escape(row["form"]) for row in entries("future_words"))
    return re.compile(rf"\b(?:will|would|shall|by|{words})\b", re.IGNORECASE)


def _ahead(sentence: str) -> bool:
    return _ahead_pattern().search(sentence) is not None
