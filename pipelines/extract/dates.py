"""One row per temporal expression: what it says (TIMEX3, EDTF), which days it covers, and what it was hung on.

Follows TimeML's TIMEX3 (Saurí et al., TimeML Annotation Guidelines 1.2.1) for spans, types, values and modifiers, and
ISO 8601-2 for ``edtf``. The work is done by ``pipelines.timewords``: find, anchor, normalise.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from pipelines.extract.anchoring.anchor import Anchored, anchored
from pipelines.extract.anchoring.context import TimeContext, manner
from pipelines.extract.anchoring.doubt import credible
from pipelines.extract.anchoring.normalise import edtf, interval
from pipelines.extract.anchoring.partial import of_year
from pipelines.extract.anchoring.story import Told, asides
from pipelines.identity import digest, span_id
from pipelines.ingest.document import Row
from pipelines.language.parsed import Parsed
from pipelines.lost import lose
from pipelines.timewords.find import Expression, find, finder, without_article
from pipelines.timewords.meaning import Anaphor, Calendar, Relative
from pipelines.timewords.words import Words

_RELATIONS = {"since": "since", "until": "until", "till": "until", "before": "before", "after": "after", "by": "by"}


def dates_in(parsed: Parsed) -> list[Row]:
    """The temporal expressions of a document, in order: rows of the table ``dates``.

    ``start_on`` and ``end_on`` are the first and last day, inclusive, null where the text fixes none; ``value`` is TIMEX3;
    ``edtf`` is null for references ("now"), sets and what EDTF cannot say. ``anchor`` says what a time was hung on and
    ``anchor_text`` names it (words of the text, or the publication date). ``alternative_value`` is the other reading of an
    ambiguous date, ``range_id`` is shared by the two ends of a range, ``relation`` is how the sentence relates to the date
    (since, until, before, after, by), ``offset_value`` the signed distance of a time that hangs on another one.
    ``rule`` names what found it. ``claim_id`` is null: a later step knows it.
    """
    words, found = find(parsed.document.text)
    document = parsed.document
    if (
        document.published_on is not None
        or document.published_earliest_on is None
        or document.published_latest_on is None
    ):
        return _rows(parsed, words, found, document.published_on)
    first, last = (
        _rows(parsed, words, found, day) for day in (document.published_earliest_on, document.published_latest_on)
    )
    return first if first == last else _agreeing(_rows(parsed, words, found, None), first, last)


def _agreeing(unanchored: Sequence[Row], first: Sequence[Row], last: Sequence[Row]) -> list[Row]:
    """The rows that come out the same at both ends of the range of publication; where they differ, those without an anchor."""
    ends = {row["date_id"]: row for row in last}
    agreed = {
        row["date_id"]: row
        for row in first
        if (other := ends.get(row["date_id"]))
        and row["value"] == other["value"]
        and row["start_on"] == other["start_on"]
    }
    return [agreed.get(row["date_id"], row) for row in unanchored]


def _rows(parsed: Parsed, words: Words, found: Sequence[Expression], published_on: date | None) -> list[Row]:
    text = words.text
    context = TimeContext(parsed, words, manner(parsed, words, found, published_on), published_on)
    context.is_parsed = parsed.doc.has_annotation("DEP")
    context.found = found = [expression for expression in found if _credible(expression, context)]
    context.found = found = [
        without_article(expression, words, modifies=context.modifies(expression))
        if words.forms[expression.first] in ("the", "a", "an")
        else expression
        for expression in found
    ]
    context.day_first = _day_first(found)
    kinds = _Kinds(parsed)
    aside = asides(_told(found, context)) if context.manner == "narrative" else frozenset()
    rows: list[Row] = []
    ranges = _ranges(found, words, parsed.document.document_id)
    for expression in found:
        start, end = _span(expression, words)
        is_chrome = kinds.at(start) == "chrome"
        time = anchored(expression, context)
        told = not (context.manner == "narrative" and time.anchor == "publication") and not _compared(
            expression, context
        )
        if expression.first in aside:
            told = False
        if time.period is not None and told and not is_chrome and time.type in ("DATE", "TIME"):
            context.named.append((expression.first, time.period, text[start:end]))
            if time.period.grain == "quarter" and isinstance(expression.meaning, Calendar):
                context.quarters[expression.first] = (time.period, text[start:end])
        rows.append(
            _row(parsed, start, end, time, is_chrome, ranges.get(expression.first), _relation(expression, words))
            | {"rule": expression.rule}
        )
    return rows


def _credible(expression: Expression, context: TimeContext) -> bool:
    if credible(expression, context, finder().lexicon):
        return True
    start, end = _span(expression, context.words)
    lose("dates", start, end, expression.rule, "doubted: no time where it stands")
    return False


def _told(found: Sequence[Expression], context: TimeContext) -> list[Told]:
    """The full dates of a narrative, for its main line to be found."""
    full = []
    for expression in found:
        meaning = expression.meaning
        if not isinstance(meaning, Calendar) or meaning.year is None or meaning.century_open or meaning.before_christ:
            continue
        if meaning.decade or meaning.century or meaning.other is not None:
            continue
        try:
            period = of_year(meaning, meaning.year)
        except ValueError:
            continue
        if period is not None:
            full.append(Told(expression.first, period, context.opens(expression)))
    return full


def _compared(expression: Expression, context: TimeContext) -> bool:
    """Whether a time only looks back ("up from 3 million a year earlier"), to where the story does not move."""
    meaning = expression.meaning
    if context.manner == "narrative":
        return isinstance(meaning, Relative | Anaphor) and (meaning.count or 0) < 0
    if expression.first and context.words.forms[expression.first - 1] in ("since", "than"):
        return True
    if isinstance(meaning, Anaphor) and meaning.count < 0:
        return True
    return isinstance(meaning, Relative) and meaning.counted and meaning.grain == "year" and meaning.count == -1


def _row(
    parsed: Parsed, start: int, end: int, time: Anchored, is_chrome: bool, range_id: str | None, relation: str | None
) -> Row:
    document = parsed.document
    days = interval(time)
    sentences = parsed.sentences
    return {
        "date_id": span_id(document.document_id, "dates", start, end),
        "document_id": document.document_id,
        "sentence_id": parsed.sentence_at(start).sentence_id if sentences else None,
        "start_char": start,
        "end_char": end,
        "text": document.text[start:end],
        "type": time.type,
        "value": time.value,
        "edtf": edtf(time),
        "start_on": days[0] if days else None,
        "end_on": days[1] if days else None,
        "modifier": time.modifier,
        "anchor": time.anchor,
        "anchor_text": time.anchor_text,
        "claim_id": None,
        "is_chrome": is_chrome,
        "alternative_value": time.alternative,
        "range_id": range_id,
        "relation": relation,
        "offset_value": time.offset,
        "quantifier": time.quantifier,
        "frequency": time.frequency,
    }


class _Kinds:
    """The segment kinds of a document, asked for in rising order of offset."""

    def __init__(self, parsed: Parsed) -> None:
        self._segments, self._at = parsed.segments, 0

    def at(self, char: int) -> str:
        """The kind of the segment at this offset; ``body`` where none covers it."""
        segments = self._segments
        while self._at < len(segments) and segments[self._at].end_char <= char:
            self._at += 1
        if self._at < len(segments) and segments[self._at].start_char <= char:
            return segments[self._at].kind
        return "body"


def _span(expression: Expression, words: Words) -> tuple[int, int]:
    """Offsets; the dot of a last "Feb." is left out where it ends the sentence as well."""
    start, end = words.starts[expression.first], words.ends[expression.last - 1]
    text = words.text
    if text[end - 1 : end + 1] == "..":
        return start, end - 1
    if text[end - 1] == "." and words.forms[expression.last - 1].isalpha():
        rest = text[end : end + 40].lstrip()
        if not rest or rest[0].isupper() or rest[0] in "\"'“”‘’)":
            end -= 1
    return start, end


def _day_first(found: Sequence[Expression]) -> bool | None:
    """The order of day and month that the document's unambiguous numeric dates show; null when they show none or both."""
    orders = {True: 0, False: 0}
    for expression in found:
        meaning = expression.meaning
        if isinstance(meaning, Calendar) and meaning.numeric is not None and meaning.other is None:
            orders[meaning.numeric] += 1
    if bool(orders[True]) == bool(orders[False]):
        return None
    return bool(orders[True])


def _relation(expression: Expression, words: Words) -> str | None:
    before = words.forms[expression.first - 1] if expression.first else ""
    return _RELATIONS.get(before)


def _ranges(found: Sequence[Expression], words: Words, document_id: str) -> dict[int, str]:
    """First words of the expressions that begin or end a range, with the range's id."""
    made: dict[int, str] = {}
    for one, two in pairwise(found):
        gap = " ".join(words.forms[one.last : two.first])
        before = words.forms[one.first - 1] if one.first else ""
        through = gap in (
            "to",
            "-",
            "until",
            "till",
            "through",
            "to the",
            "up to",
            "and" if before == "between" else "to",
        )
        if one.first in made or not (one.linked or through) or not _kin(one, two):
            continue
        made[one.first] = made[two.first] = digest(
            document_id, "ranges", words.starts[one.first], words.ends[two.last - 1]
        )
    return made


def _kin(one: Expression, two: Expression) -> bool:
    return isinstance(one.meaning, Calendar) == isinstance(two.meaning, Calendar) and type(one.meaning) is not None
