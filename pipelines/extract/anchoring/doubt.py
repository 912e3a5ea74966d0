"""Between the first step and the second: which candidates are no dates at all: surnames and verbs (May, march, Sun), counted things (2000 soldiers), names of events.

Looks at the neighbouring words first and at the parse (tags, names) where there is one.
"""

from functools import cache

from spacy.tokens import Token

from pipelines.extract.anchoring.context import TimeContext
from pipelines.extract.anchoring.titles import begins_place, in_name, quoted_title, titled
from pipelines.extract.bare_years import counts
from pipelines.lexicon.entries import entries, group
from pipelines.timewords.find import Expression
from pipelines.timewords.meaning import Anaphor, Calendar, Length, Meaning, Reference, Relative, Repeat
from pipelines.timewords.rules.calendar import events
from pipelines.timewords.words import Lexicon

_BEFORE_YEAR = group("time_contexts", "before_year")
_BEFORE_DATE = group("time_contexts", "before_date")
_NOUN_BEFORE = group("time_contexts", "before_noun")
"""Words before "tomorrow" and the like that make a noun of it ("imagine a tomorrow without war")."""

_OWN = group("time_contexts", "owner")
"""Words before a decade of somebody's life ("in his mid-20s")."""


def credible(expression: Expression, context: TimeContext, lexicon: Lexicon) -> bool:
    """Whether a candidate is a temporal expression where it stands."""
    meaning = expression.meaning
    first = context.words.forms[expression.first]
    if (
        isinstance(meaning, Calendar)
        and meaning.decade
        and meaning.century_open
        and _near(expression, context)[0] in _OWN
    ):
        return False
    start = context.words.starts[expression.first]
    if start and context.words.text[start - 1] in "#@":
        return False
    if first == "that" and isinstance(meaning, Calendar):
        token = context.token(expression.first)
        if token is not None and token.tag_ == "IN":
            return False
    if titled(expression, context) or quoted_title(expression, context):
        return False
    if isinstance(meaning, Relative) and meaning.grain == "day" and _near(expression, context)[0] in _NOUN_BEFORE:
        return False
    match meaning:
        case Repeat():
            return _repeat(expression, context)
        case Calendar():
            return _calendar(meaning, expression, context, lexicon)
        case Length():
            return _length(meaning, expression, context)
        case Anaphor():
            return _anaphor(meaning, expression, context)
        case Reference():
            return _reference(expression, context)
    return True


def _near(expression: Expression, context: TimeContext) -> tuple[str, str]:
    forms = context.words.forms
    before = forms[expression.first - 1] if expression.first else ""
    after = forms[expression.last] if expression.last < len(forms) else ""
    return before, after


def _raw(expression: Expression, context: TimeContext) -> str:
    return context.text_of(expression)


def _calendar(meaning: Calendar, expression: Expression, context: TimeContext, lexicon: Lexicon) -> bool:
    """Whether a date is one: one that its words make sure is doubted as a name only, a bare one by what it names."""
    if meaning.decade and meaning.century_open and _of_weather(expression, context):
        return False
    if not meaning.bare:
        return not meaning.holiday or _feast(meaning, expression, context)
    if meaning.year is not None and not (meaning.month or meaning.decade or meaning.season):
        return _year(meaning, expression, context)
    if meaning.decade:
        return _near(expression, context)[0] in ("the", "early", "late", "mid", "-")
    if meaning.clock is not None and not (meaning.weekday or meaning.day or meaning.holiday):
        return _clock(meaning, expression, context)
    if meaning.weekday and not meaning.day:
        return _weekday(expression, context, lexicon)
    if meaning.month:
        if meaning.day:
            return _month_and_day(meaning, expression, context, lexicon)
        return _month(expression, context, lexicon)
    if meaning.season:
        return _season(expression, context)
    if meaning.weekend:
        return context.manner == "post"
    return not meaning.day or _day_alone(meaning, expression, context)


def _feast(meaning: Calendar, expression: Expression, context: TimeContext) -> bool:
    """As in "Easter", and not "easter" in the news, "Noel Green", "Christmas Island"; "easter morning" is one by its time of day."""
    raw = _raw(expression, context)
    if any(char.isupper() or char.isdigit() for char in raw):
        return not (in_name(expression, context, "PERSON") or begins_place(expression, context))
    return (context.manner == "post" and len(raw) > 3) or meaning.clock is not None


_BEFORE_MONTH_AND_DAY = group("time_contexts", "before_month_and_day")
"""Words before a date in figures: "on 3/4"."""
_BEFORE_DAY = group("time_contexts", "before_day")
"""Words before a day without its month: "by the 5th"."""


def _month_and_day(meaning: Calendar, expression: Expression, context: TimeContext, lexicon: Lexicon) -> bool:
    """As in "on 3/4", and anywhere in a post, unless a unit follows ("3/4 cup")."""
    before, after = _near(expression, context)
    if context.manner == "post" and meaning.other is None and not lexicon.known(after, "unit"):
        return True
    return before in _BEFORE_MONTH_AND_DAY


def _day_alone(meaning: Calendar, expression: Expression, context: TimeContext) -> bool:
    """As in "by the 5th", and not "of the 5th floor"."""
    is_known = meaning.modifier in (None, "APPROX") and _near(expression, context)[0] in _BEFORE_DAY
    return is_known and not context.modifies(expression)


_WEATHER = group("time_contexts", "weather")


def _of_weather(expression: Expression, context: TimeContext) -> bool:
    """Whether a decade counts degrees ("highs in the 70s")."""
    return bool(_WEATHER & set(context.words.forms[max(0, expression.first - 4) : expression.first]))


def _year(meaning: Meaning, expression: Expression, context: TimeContext) -> bool:
    """A four-digit number is a year after a preposition, in brackets, before a noun that is not counted; not a sum, a code or a crowd."""
    assert isinstance(meaning, Calendar)
    before, after = _near(expression, context)
    if before in _labels() or after in _COUNTED or _is_code(expression, context):
        return False
    if meaning.century_open:
        return (
            before in _BEFORE_SHORT_YEAR or _right_of(expression, context) in ",.)"
        )  # or nothing, at the end of the text
    if _counts_or_names(before, expression, context):
        return False
    return _is_likely(meaning.year or 0, before, expression, context)


_COUNTED = group("time_contexts", "counted")
"""Words behind a number that it counts."""
_BEFORE_SHORT_YEAR = group("time_contexts", "before_short_year")
"""Words before a year of two digits: "summer '68", "the class of '80"."""
_BEFORE_FAR_YEAR = group("time_contexts", "before_far_year")
"""Words before a year that lies far from ours: "in 1066"."""


def _right_of(expression: Expression, context: TimeContext) -> str:
    end = context.words.ends[expression.last - 1]
    return context.words.text[end : end + 1]


def _is_code(expression: Expression, context: TimeContext) -> bool:
    """As in "$1998", "1998%", "1998th", "12-1998": a sum, or a piece of a longer name."""
    text, start = context.words.text, context.words.starts[expression.first]
    left, right = text[start - 1 : start], _right_of(expression, context)
    if (left and left in "$£€¥#&=+_\\") or (right and right in "%°_="):
        return True
    if right.isalpha() and not right.isupper():
        return True
    is_joined = bool(left) and left in "-–" and text[start - 2 : start - 1].isdigit()
    return is_joined and not text[start - 5 : start - 1].isdigit()


def _counts_or_names(before: str, expression: Expression, context: TimeContext) -> bool:
    """As in "1998 women came", "route 1998": the tree makes it the number of a plural, or of the noun in front."""
    token = context.token(expression.first)
    if token is None or not context.is_parsed:
        return False
    head = token.head
    is_name = head.i == token.i - 1 and head.tag_ == "NN" and head.is_lower and before != "year"
    return is_name or counts(token, context.words.text)


def _is_likely(year: int, before: str, expression: Expression, context: TimeContext) -> bool:
    """Whether a number so far from ours is a year where it stands: "in 1066", "the 1873 treaty", and not "at 1530" in a post."""
    if not 1900 <= year <= 2035:
        if context.manner == "post" and before in ("at", "till", "until", "by", "abt", "lost"):
            return False
        is_marked = before in _BEFORE_YEAR or _right_of(expression, context) in ",.);-"
        if not is_marked and context.manner != "narrative" and not context.modifies(expression):
            return False
    return 1400 <= year <= 2100 or (before in _BEFORE_FAR_YEAR and 1000 <= year <= 2199)


def _clock(meaning: Calendar, expression: Expression, context: TimeContext) -> bool:
    assert meaning.clock is not None
    before, after = _near(expression, context)
    raw = _raw(expression, context)
    if meaning.clock.part is None and len(raw) == 4 and raw.isdigit():
        return context.manner == "post"
    if meaning.clock.part is None and before in ("(", "") and after == ")" and not meaning.clock.meridiem_known:
        return not _stamps(expression, context)
    if meaning.clock.part is None:
        return not (before in ("-", "/") and after in ("-", "/"))
    if after == "of" and context.words.forms[expression.last - 1] in ("dawn", "dusk", "sunset", "twilight"):
        return False  # "the dawn of an age"; the dawn of a day is joined to it
    if context.manner == "post":
        return before not in ("good", "happy", "nice", "great") or True
    if meaning.modifier:
        return True
    if context.manner == "narrative" and before == "at" and expression.last - expression.first == 1:
        return True
    return after == "of" and expression.last - expression.first > 1


def _weekday(expression: Expression, context: TimeContext, lexicon: Lexicon) -> bool:
    words = context.words
    at = next(
        (n for n in range(expression.first, expression.last) if lexicon.known(words.forms[n], "weekday")),
        expression.first,
    )
    raw, row = words.text[words.starts[at] : words.ends[at]], lexicon.known(words.forms[at], "weekday")
    before, after = _near(expression, context)
    if row is not None and row["ambiguous"]:
        if before in ("on", "this", "last", "next", "every", "by", "until", "till", "or") or lexicon.known(
            before, "weekday"
        ):
            return raw[0].isupper() or before not in ("by", "on")
        if lexicon.known(after, "weekday") or lexicon.known(after, "daypart"):
            return True
        token = context.token(expression.last - 1)
        free = token is None or token.dep_ not in ("compound", "amod", "nsubj", "flat")
        return (
            raw[0].isupper()
            and context.manner == "post"
            and free
            and before != "the"
            and not in_name(expression, context, "PERSON", "ORG", "LOC")
        )
    return raw[0].isupper() or context.manner == "post"


def _month(expression: Expression, context: TimeContext, lexicon: Lexicon) -> bool:
    """Whether a word is a month; "may", "march" and the like are other words and names too."""
    raw, form = _raw(expression, context), context.words.forms[expression.last - 1]
    before, after = _near(expression, context)
    row = lexicon.known(form, "month")
    if after in events():
        return False
    if row is not None and row["ambiguous"]:
        return _doubtful_month(expression, context, lexicon)
    if not raw[0].isupper() and not raw.startswith("the "):
        return context.manner == "post" or before in _BEFORE_DATE
    return before in _BEFORE_DATE or not in_name(expression, context, "PERSON")


_BEFORE_MONTH = frozenset(["in", "since", "last", "next"])
"""Words before "May" that make it the month, whoever is called so."""
_WHEN = _BEFORE_MONTH | {"until"}
"""The same, and "until May", which may be until she comes."""


def _doubtful_month(expression: Expression, context: TimeContext, lexicon: Lexicon) -> bool:
    """As in "in May", "May and June"; not "May Smith", "the march of", "Theresa May said"."""
    raw, (before, after) = _raw(expression, context), _near(expression, context)
    token, is_capital = context.token(expression.last - 1), raw[0].isupper()
    is_placed = is_capital and before in _WHEN
    if is_capital and token is not None and _begins_name(token, lexicon):
        return False
    if before in _ARTICLES and (before != "the" or after in ("of", "for", "to")):
        return False
    if after in ("of", "for") and not is_placed:
        return False
    if before in _BEFORE_DATE and (is_capital or before in _WHEN):
        return before in _BEFORE_MONTH or raw not in context.surnames
    if is_capital and _beside_month(expression, context, lexicon):
        return True
    if token is None or not context.is_parsed or not is_capital or len(raw) <= 3:
        return False
    return raw not in context.surnames and not _is_no_month(token, expression, context)


_ARTICLES = frozenset(["the", "a", "an", "annual", "'", '"', "`"])


def _begins_name(token: Token, lexicon: Lexicon) -> bool:
    """As in "May Smith", and not "May June"."""
    follower = token.nbor(1) if token.i + 1 < len(token.doc) else None
    if follower is None or not follower.text[:1].isupper() or follower.tag_ != "NNP":
        return False
    return not lexicon.known(follower.lower_, "month")


def _is_no_month(token: Token, expression: Expression, context: TimeContext) -> bool:
    """Whether the tree makes "May" a verb or somebody: no name, a subject, beside another name, or in a person's name."""
    if token.tag_ != "NNP" or token.dep_ in ("nsubj", "nsubj:pass", "ROOT"):
        return True
    is_beside = (token.i and token.nbor(-1).tag_ == "NNP") or (
        token.i + 1 < len(token.doc) and token.nbor(1).tag_ == "NNP"
    )
    return bool(is_beside) or in_name(expression, context, "PERSON")


def _stamps(expression: Expression, context: TimeContext) -> bool:
    """Whether a clock in brackets counts from the start of a recording ("Speaker 1 (00:05):")."""
    text, end = context.words.text, context.words.ends[expression.last]
    return text[end : end + 1] in (":", "\n", "")


def _beside_month(expression: Expression, context: TimeContext, lexicon: Lexicon) -> bool:
    """Whether a dash ties the word to another month ("Jan-Feb 2017")."""
    forms, first, last = context.words.forms, expression.first, expression.last
    if forms[last : last + 1] in (["-"], ["/"]) and last + 1 < len(forms):
        return lexicon.known(forms[last + 1], "month") is not None
    return first > 1 and forms[first - 1] in ("-", "/") and lexicon.known(forms[first - 2], "month") is not None


@cache
def _labels() -> frozenset[str]:
    return frozenset(row["form"] for row in entries("label_words"))


def _season(expression: Expression, context: TimeContext) -> bool:
    raw, form = _raw(expression, context).lower(), context.words.forms[expression.last - 1]
    before, after = _near(expression, context)
    if after in events():
        return False
    if form not in ("fall", "spring"):
        token = context.token(expression.last - 1)
        if token is None or not context.is_parsed:
            return True
        return not in_name(expression, context, "PERSON", "LOC")
    if raw.startswith("the ") and form == "fall" and after == "of":
        return False
    token = context.token(expression.last - 1)
    tagged = token is not None and context.is_parsed
    if tagged and token is not None and (token.pos_ == "VERB" or in_name(expression, context, "PERSON", "LOC")):
        return False
    if form == "fall":
        return before in (
            "in",
            "last",
            "next",
            "this",
            "during",
            "since",
            "by",
            "until",
            "early",
            "late",
            "every",
            "throughout",
            "over",
        ) and (raw.startswith("the") or before != "in" or after in (",", "."))
    return before in _BEFORE_DATE or raw.startswith("the ") or (tagged and token is not None and token.tag_ == "NNP")


def _length(meaning: Length, expression: Expression, context: TimeContext) -> bool:
    forms = context.words.forms
    before, after = _near(expression, context)
    if after == "old" and meaning.grain == "year":
        return False
    if _numbered(expression, context):
        return context.manner == "post"
    if expression.last - expression.first == 1 and meaning.count is None:
        if before == "-" or after == "-":
            return False
        if context.manner == "post":
            token = context.token(expression.first)
            return token is None or token.tag_ in ("NN", "NNS", "NNP", "NNPS")
        if not forms[expression.first].endswith("s"):
            return False
        return before in ("for", "in", "within") and after != "of"
    return True


def _numbered(expression: Expression, context: TimeContext) -> bool:
    """Whether the words are "Day 3" or "first year", which hardly ever say when."""
    first, last = context.words.forms[expression.first], context.words.forms[expression.last - 1]
    if expression.last - expression.first != 2:
        return False
    ordinal = context.lexicon.known(first, "number")
    return (
        last.isdigit()
        or (first[0].isdigit() and first[-2:] in ("st", "nd", "rd", "th"))
        or bool(ordinal and ordinal["kind"] == "ordinal")
    )


def _repeat(expression: Expression, context: TimeContext) -> bool:
    """Whether a repetition says when ("the report is annual") or only names a thing ("annual meeting", "the daily Dawn")."""
    if expression.last - expression.first == 1 and _is_paper(expression, context):
        return False
    if expression.last - expression.first > 1 or context.words.forms[expression.first] not in (
        "annual",
        "quarterly",
        "monthly",
        "biannual",
        "biennial",
        "semiannual",
        "everyday",
        "yearly",
    ):
        return True
    token = context.token(expression.first)
    return token is None or token.dep_ not in ("amod", "compound") or context.manner == "post"


def _is_paper(expression: Expression, context: TimeContext) -> bool:
    """Whether "daily" or "weekly" is a newspaper or begins a name ("the liberal daily Dawn", "the Daily Post")."""
    token = context.token(expression.first)
    known = context.words.forms[expression.first] in ("daily", "weekly", "monthly")
    if token is None or not known or not context.is_parsed or (context.manner == "post" and token.text[0].isupper()):
        return False
    follower = token.nbor(1) if token.i + 1 < len(token.doc) else None
    named = follower is not None and follower.text[0].isupper() and follower.tag_ in ("NNP", "NNPS", "NN")
    return token.tag_ in ("NN", "NNS", "NNP") or (named and (token.text[0].isupper() or token.tag_ == "JJ"))


def _anaphor(meaning: Anaphor, expression: Expression, context: TimeContext) -> bool:
    forms = context.words.forms[expression.first : expression.last]
    before, after = _near(expression, context)
    if meaning.strict and meaning.grain == "day" and meaning.modifier == "END" and before == "at" and after == ",":
        return False  # "at the end of the day, ..." is an opinion, not an hour
    if meaning.strict and meaning.grain == "quarter" and after == "of":
        return False  # a fourth of something
    if not meaning.strict and meaning.grain in ("period", "moment"):
        return context.manner == "narrative"
    if not meaning.strict or meaning.modifier or meaning.grain in ("quarter", "period"):
        return True
    if meaning.clock is not None:
        return context.manner == "post"
    if context.manner == "post":
        return True
    if len(forms) > 2:
        return True
    match meaning.grain:
        case "year":
            if context.manner == "post" and before in ("of", "in", "for", "this"):
                return True
            return after in ("ended", "ending", "earlier", "before") or (
                before in ("for", "in", "during") and after not in ("of", "when", "that", "before", "after")
            )
        case "week" | "month":
            event = after in ("before", "after", "following", "leading", "since", "when", "of")
            return before in ("for", "during", "of", "in", "over") and not event
        case "day":
            return (before in ("in", "of") and forms[0] == "the" and after in (".", ",", ";")) or (
                context.manner == "post" and before in ("for", "of")
            )
    return False


def _reference(expression: Expression, context: TimeContext) -> bool:
    form = " ".join(context.words.forms[expression.first : expression.last])
    if form in ("former", "recent"):
        return context.manner == "narrative"
    if form == "now":
        return context.words.forms[expression.last : expression.last + 2] not in (["and", "then"], ["and", "again"])
    if form in ("once", "previously", "shortly", "soon", "presently"):
        return False
    if form == "future":
        return context.manner != "news"
    if form in ("the past", "past"):
        _, after = _near(expression, context)
        return after not in context.counts and not context.modifies(expression)
    if form == "one day":
        return context.tense(expression) == "future"
    return True
