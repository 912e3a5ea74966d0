"""What a document knows about time before and while it is read: its day, its manner (news, narrative, post), the times named so far."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TypeGuard

from spacy.tokens import Token

from pipelines.extract.anchoring.period import Period
from pipelines.language.parsed import Parsed
from pipelines.lexicon.entries import entries, group
from pipelines.timewords.find import Expression, finder
from pipelines.timewords.meaning import Calendar, Length, Meaning, Relative
from pipelines.timewords.words import Lexicon, Words

_CLIMB = 8
"""How many heads above a date are asked for their tense: more lead out of its clause."""

_POST_WORDS = 60
"""Words and marks up to which a text of no known genre is taken for a post (of the 742 tweets of the development set all)."""

_MOST_IN_BRACKETS = 12
"""Weekdays in one pair of brackets, at most."""


@dataclass(slots=True)
class TimeContext:
    """A document being read from its first word to its last.

    ``manner`` is ``news`` (partial dates hang on the publication date), ``narrative`` (on the last date named) or
    ``post`` (short and informal: news, with bare parts of the day).
    """

    parsed: Parsed
    words: Words
    manner: str
    published_on: date | None
    found: Sequence[Expression] = ()
    day_first: bool | None = None
    is_parsed: bool = True
    quarters: dict[int, tuple[Period, str]] = field(default_factory=dict)
    named: list[tuple[int, Period, str]] = field(default_factory=list)
    _latest: dict[str, int] = field(default_factory=dict)
    _noted: int = 0
    _firsts: list[int] = field(default_factory=list)
    _sentence_starts: list[int] = field(default_factory=list)
    _offsets: list[int] = field(default_factory=list)
    _surnames: frozenset[str] | None = None

    @property
    def counts(self) -> Container[str]:
        """The words that count, "three", "few"."""
        return self.lexicon.rows["number"]

    @property
    def lexicon(self) -> Lexicon:
        """The temporal words."""
        return finder().lexicon

    @property
    def last(self) -> Period | None:
        """The time named last."""
        return self.named[-1][1] if self.named else None

    def last_of(self, *grains: str) -> Period | None:
        """The time named last that is of one of these kinds."""
        at = self.last_named(*grains)
        if at is not None:
            return self.named[at][1]
        return None

    def token(self, word: int) -> Token | None:
        """The parser's token at a word; null where there is no parse."""
        doc = self.parsed.doc
        if not self._offsets:
            self._offsets.extend(token.idx for token in doc)
        at = bisect_right(self._offsets, self.words.starts[word]) - 1
        return doc[at] if 0 <= at < len(doc) else None

    @property
    def surnames(self) -> frozenset[str]:
        """The words behind the first of a person's name.

        Reads the tokens: a name that a line break cuts in two has no place in spaCy's own list of names.
        """
        if self._surnames is None:
            self._surnames = frozenset(
                token.text for token in self.parsed.doc if token.ent_type_ == "PERSON" and token.ent_iob_ == "I"
            )
        return self._surnames

    def top(self, expression: Expression) -> Token | None:
        """The expression's token that hangs on a word outside it; null where there is no parse."""
        if not self.is_parsed:
            return None
        first, last = self.token(expression.first), self.token(expression.last - 1)
        if first is None or last is None:
            return first
        inside = first.doc[first.i : last.i + 1]
        return next((token for token in inside if not first.i <= token.head.i <= last.i), last)

    def tense(self, expression: Expression, *, aims: bool = False) -> str | None:
        """``past``, ``present``, ``ahead`` or ``future``: when the verb speaks that governs an expression; null when none says.

        With ``aims`` an infinitive looks ahead too ("emails to sway the Nov. 8 vote"); without it what governs it speaks.
        """
        token = self.top(expression)
        return None if token is None else tense(token, aims=aims)

    def commands(self, expression: Expression) -> bool:
        """Whether the sentence asks for something to be done ("Meet us on Saturday")."""
        token = self.top(expression)
        for _ in range(_CLIMB):
            if token is None or token.head.i == token.i:
                break
            token = token.head
        if token is None or token.tag_ != "VB" or token.dep_ != "ROOT":
            return False
        return not any(child.dep_ in ("nsubj", "nsubj:pass", "aux", "aux:pass", "mark") for child in token.children)

    def same_sentence(self, one: int, other: int) -> bool:
        """Whether two words stand in one sentence."""
        return self._sentence(one) == self._sentence(other)

    def _sentence(self, word: int) -> int:
        starts = self._sentence_starts
        if not starts:
            starts.extend(sentence.start_char for sentence in self.parsed.sentences)
        return bisect_right(starts, self.words.starts[word])

    def opens(self, expression: Expression) -> bool:
        """Whether the expression stands first in its sentence, or second behind one word ("In 1941")."""
        at = self._sentence(expression.first)
        return expression.first < 2 or self._sentence(expression.first - 2) != at

    def between(self, one: Expression, other: Expression) -> str:
        """The words between two expressions, joined by a space."""
        return " ".join(self.words.forms[one.last : other.first])

    def text_of(self, expression: Expression) -> str:
        """The expression as it stands in the text."""
        return self.words.text[self.words.starts[expression.first] : self.words.ends[expression.last - 1]]

    def _index(self, expression: Expression) -> int:
        if len(self._firsts) != len(self.found):
            self._firsts = [other.first for other in self.found]
        return bisect_left(self._firsts, expression.first)

    def borrowed_year(self, expression: Expression) -> tuple[int, str, bool] | None:
        """The year that the next date of a pair or list lends ("between March and April 1918"), its words, and whether it is BC."""
        at = self._index(expression)
        for follower in self.found[at + 1 : at + 4]:
            if not _LINK.fullmatch(self.between(expression, follower)):
                return None
            meaning = follower.meaning
            if (
                isinstance(meaning, Calendar)
                and meaning.year
                and not meaning.century_open
                and (meaning.month or meaning.season or meaning.quarter)
            ):
                own = expression.meaning
                later = isinstance(own, Calendar) and own.month and meaning.month and own.month > meaning.month
                before = later and self.between(expression, follower) != "and" and not meaning.before_christ
                return meaning.year - (1 if before else 0), self.text_of(follower), meaning.before_christ
            expression = follower
        return None

    def story(self, expression: Expression) -> tuple[Period, str] | None:
        """The date named last, where the story and not the publication date completes a partial one.

        So it is in a narrative, and in news when the last date stands in the same sentence and is years away.
        """
        if not self.named:
            return None
        word, period, why = self.named[-1]
        if self.manner == "narrative":
            ahead = self.published_on is None and self.tense(expression) in ("future", "ahead", "present")
            return None if ahead else self._told()
        if self.published_on is None:
            return self._lent(expression)
        away = abs(period.first.year - self.published_on.year) > 1
        if (
            away
            and period.grain in ("day", "month", "year", "season", "quarter")
            and self._sentence(expression.first) - self._sentence(word) <= 1
        ):
            weekday = isinstance(expression.meaning, Calendar) and expression.meaning.weekday
            compared = word > 0 and self.words.forms[word - 1] in ("since", "than")
            near = (
                self.same_sentence(expression.first, word) and not compared and not self._near_publication(expression)
            )
            if not weekday and near and self.tense(expression) not in ("future", "ahead", "present"):
                return period, why
        return None

    def _lent(self, expression: Expression) -> tuple[Period, str] | None:
        """In news of an unknown day: only a date in the same sentence lends its year, and only to a date in the past.

        Measured on the development news without their day: of 109 dates that hung on the one named last 90 were wrong.
        """
        word, period, why = self.named[-1]
        weekday = (
            isinstance(expression.meaning, Calendar) and expression.meaning.weekday and not expression.meaning.month
        )
        fine = period.grain in ("day", "month") and self.same_sentence(expression.first, word)
        return (period, why) if fine and not weekday and self.tense(expression) == "past" else None

    def _told(self) -> tuple[Period, str]:
        """Where the story stands: its last date of a month or finer, or a bare year named since that moves it on.

        A bare year long before (a war's earlier cause, a founding) is an aside and leaves the story where it was.
        """
        last = self.named[-1]
        at = self.last_named("day", "week", "month", "season", "quarter")
        if at is not None:
            word, period, why = self.named[at]
            away = last[1].first.year - period.first.year
            if away == 0 or away < -8 or last[0] == word:
                return period, why
        return last[1], last[2]

    def last_named(self, *grains: str) -> int | None:
        """Where in ``named`` the last time of one of these kinds stands; null when there is none."""
        for at in range(self._noted, len(self.named)):
            self._latest[self.named[at][1].grain] = at
        self._noted = len(self.named)
        return max((self._latest[grain] for grain in grains if grain in self._latest), default=None)

    def _near_publication(self, expression: Expression) -> bool:
        """Whether a day and month fall within six weeks of publication, which writers need not date."""
        meaning = expression.meaning
        if (
            not isinstance(meaning, Calendar)
            or meaning.month is None
            or meaning.day is None
            or self.published_on is None
        ):
            return False
        return _days_away(meaning.month, meaning.day, self.published_on) <= 45

    def quarter_in_talk(self, expression: Expression) -> tuple[Period, str] | None:
        """The quarter that this sentence or the two before compare something with ("a year earlier")."""
        here, at = self._sentence(expression.first), self._index(expression)
        for n in range(at - 1, -1, -1):
            other = self.found[n]
            meaning = other.meaning
            if here - self._sentence(other.first) > 4:
                return None
            if isinstance(meaning, Length) and meaning.grain == "month" and here - self._sentence(other.first) <= 1:
                return None
            if other.first in self.quarters:
                return self.quarters[other.first]
        return None

    def ended(self, expression: Expression) -> Expression | None:
        """The date at which a quarter or period ended or ends ("the quarter ended Sept. 30")."""
        at = self._index(expression)
        follower = self.found[at + 1] if at + 1 < len(self.found) else None
        if follower is None or self.between(expression, follower) not in ("ended", "ending", "that ended", "ended on"):
            return None
        meaning = follower.meaning
        return follower if isinstance(meaning, Calendar) and meaning.month else None

    def day_behind(self, expression: Expression) -> Expression | None:
        """The day that follows a time of day and its like in another zone ("9 a.m. (1400 GMT) Friday", "9 a.m. Oslo time on")."""
        at = self._index(expression)
        for follower in self.found[at + 1 : at + 3]:
            meaning = follower.meaning
            if not _TO_THE_DAY.fullmatch(self.between(expression, follower)):
                return None
            if isinstance(meaning, Relative):
                return follower if meaning.grain == "day" and meaning.anchor == "publication" else None
            if not isinstance(meaning, Calendar) or meaning.clock is None:
                return follower if isinstance(meaning, Calendar) and (meaning.weekday or meaning.day) else None
            if meaning.weekday or meaning.day:
                return follower
            expression = follower
        return None

    def any_such(self, expression: Expression) -> bool:
        """Whether an article says that any such day is meant ("on a Sunday"), unless it belongs to a noun ("a Sunday paper")."""
        forms, first = self.words.forms, expression.first
        article = forms[first] in ("a", "an") or (first > 0 and forms[first - 1] in ("a", "an"))
        return article and self.manner != "post" and not self.modifies(expression)

    def beside_event(self, expression: Expression) -> bool:
        """Whether a weekday is counted from an event ("the Monday after the vote")."""
        forms, first, last = self.words.forms, expression.first, expression.last
        the = forms[first] == "the" or (first > 0 and forms[first - 1] == "the")
        return the and forms[last : last + 1] in (["after"], ["before"], ["following"], ["preceding"])

    def in_brackets(self, expression: Expression) -> list[Expression]:
        """The dates that a weekday in brackets stands behind ("15 March (Tuesday)"), or that stand in brackets behind it."""
        at = self._index(expression)
        behind = self.found[at + 1] if at + 1 < len(self.found) else None
        if behind is not None and self.between(expression, behind) == "(":
            return [behind]
        first = max(0, at - _MOST_IN_BRACKETS)
        while at > first and self.between(self.found[at - 1], self.found[at]) in ("-", "to", "and", ","):
            at -= 1
        if not at or self.between(self.found[at - 1], self.found[at]) != "(":
            return []
        return list(self.found[max(0, at - 2) : at])

    def begun(self, expression: Expression) -> Expression | None:
        """The month that begins a range of which the expression is the end, both without a year ("between March and May")."""
        at = self._index(expression)
        other = self.found[at - 1] if at else None
        if other is None or not isinstance(other.meaning, Calendar) or not isinstance(expression.meaning, Calendar):
            return None
        first, last = other.meaning, expression.meaning
        plain = first.month and not first.year and first.step is None and first.within is None
        if not plain or bool(first.day) != bool(last.day):
            return None
        gap = self.between(other, expression)
        before = self.words.forms[other.first - 1] if other.first else ""
        return (
            other if gap in ("to", "-", "through", "until", "till") or (gap == "and" and before == "between") else None
        )

    def apposed(self, expression: Expression) -> Expression | None:
        """The date that says right behind a step which day it is ("a week later, on March 22"; "the same day, 5 May")."""
        at = self._index(expression)
        follower = self.found[at + 1] if at + 1 < len(self.found) else None
        if follower is None or self.between(expression, follower) not in (",", ", on", "on", "(", ", the"):
            return None
        meaning = follower.meaning
        return follower if isinstance(meaning, Calendar) and meaning.day and meaning.month else None

    def partner(self, expression: Expression) -> tuple[Expression, int] | None:
        """The other weekday of a range ("from Monday to Thursday") and on which side it stands: -1 before, 1 behind."""
        at = self._index(expression)
        for side in (-1, 1):
            if not 0 <= at + side < len(self.found):
                continue
            other = self.found[at + side]
            first, last = (other, expression) if side < 0 else (expression, other)
            meaning = other.meaning
            if not isinstance(meaning, Calendar) or not meaning.weekday or meaning.day or meaning.step is not None:
                continue
            if self.between(first, last) in ("to", "-", "through", "until", "till"):
                return other, side
        return None

    def named_ahead(self, expression: Expression, grain: str) -> tuple[Period, str] | None:
        """A year that the same sentence names after the expression ("that year ...; it was 1974")."""
        at = self._index(expression)
        for follower in self.found[at + 1 : at + 3]:
            meaning = follower.meaning
            if not self.same_sentence(expression.first, follower.first):
                return None
            if (
                grain == "year"
                and isinstance(meaning, Calendar)
                and meaning.year
                and not meaning.century_open
                and not (meaning.decade or meaning.century)
            ):
                return Period("year", date(meaning.year, 1, 1)), self.text_of(follower)
        return None

    def event_follows(self, expression: Expression) -> bool:
        """Whether "the day after" goes on with the event it counts from."""
        forms = self.words.forms
        return expression.last < len(forms) and (forms[expression.last].isalpha() or forms[expression.last] == "'")

    def modifies(self, expression: Expression) -> bool:
        """Whether the expression is a modifier of the noun right behind it."""
        last = self.token(expression.last - 1)
        if last is None or not self.is_parsed or last.i + 1 >= len(last.doc) or not last.nbor(1).is_alpha:
            return False
        first = self.token(expression.first) or last
        for token in last.doc[first.i : last.i + 1]:
            head = token.head
            between = last.doc[last.i + 1 : head.i]
            if head.i > last.i and head.pos_ in ("NOUN", "PROPN") and token.dep_ not in ("det", "case", "nmod:poss"):
                return all(word.pos_ not in ("PUNCT", "CCONJ", "ADP", "VERB", "AUX") for word in between)
        return False

    def distributes(self, expression: Expression) -> bool:
        """Whether "a year" says how often: "40 million a year", "four flights a week"."""
        forms, at = self.words.forms, expression.first
        if not at or forms[at] not in ("a", "an") or expression.last - at != 2:
            return False
        token = self.token(at - 1)
        return token is not None and token.tag_ in ("NN", "NNS", "CD", "$") and token.idx == self.words.starts[at - 1]

    def event_of(self, expression: Expression) -> tuple[str, str] | None:
        """The event that a length counts from ("a week after the failed landing"): ``after`` or ``before``, and its words."""
        forms, words = self.words.forms, self.words
        at = expression.last
        if at + 1 >= len(forms) or forms[at] not in ("after", "before") or not forms[at + 1][0].isalpha():
            return None
        token = self.token(at + 1)
        if token is None or not self.is_parsed:
            return forms[at], words.text[words.starts[at + 1] : words.ends[at + 1]]
        start = token.idx
        while token.head.i > token.i:
            token = token.head
        end = token.idx + len(token)
        for child in token.rights:
            if child.dep_.startswith("nmod") and child.right_edge.i - token.i <= 5:
                end = child.right_edge.idx + len(child.right_edge)
        for n in range(at + 1, len(forms)):
            if words.starts[n] >= end:
                break
            if not forms[n][0].isalnum() and forms[n] not in ("'s", "-"):
                end = min(end, words.ends[n - 1])
                break
        return forms[at], words.text[start : max(words.ends[at + 1], end)]

    def ends_now(self, expression: Expression) -> bool:
        """Whether a duration ends at publication: "after ten months of war" with a verb in the present."""
        forms = self.words.forms
        before = forms[expression.first - 1] if expression.first else ""
        after = forms[expression.last] if expression.last < len(forms) else ""
        return before == "after" and after == "of" and self.tense(expression) == "present"

    def begins_now(self, expression: Expression) -> bool:
        """Whether a duration leads ahead from publication ("he will leave in two days", "in two days' time")."""
        forms, last = self.words.forms, expression.last
        if not expression.first or forms[expression.first - 1] != "in" or self.manner == "narrative":
            return False
        tense = self.tense(expression)
        return tense == "future" or (tense != "past" and forms[last : last + 2] in (["'", "time"], ["'s", "time"]))

    def whole_of(self, expression: Expression) -> Expression | None:
        """The time of which a length is a part: "2021" in "the last four months of 2021"."""
        at = self._index(expression)
        follower = self.found[at + 1] if at + 1 < len(self.found) else None
        return follower if follower and self.between(expression, follower) in ("of", "in") else None


_TO_THE_DAY = re.compile(r"[()]|to|-|until|till|and|(?:and|to) (?:\w+ ){1,2}at|(?:[^\W\d]+ ){1,2}time(?: on)?")
"""Matches ``until``, not ``because``."""
_LINK = re.compile(r"(?:to|and|-|or|until|till|through|,|/|and in|, and|to the|and the|and early|and late)")
"""Matches ``and early``, not ``because``."""


@cache
def _future_words() -> frozenset[str]:
    return frozenset(row["form"] for row in entries("future_words"))


def tense(token: Token, *, aims: bool = False) -> str | None:
    """The tense of the nearest verb above a token that shows one.

    "Due", "scheduled" and the like are as good as a future; a "would", and an infinitive that ``aims``, only lean
    forward: ``ahead``.
    """
    ahead = False
    for _ in range(_CLIMB):
        if token.lower_ in _future_words():
            return "past" if _had_been(token) else "future"
        said = _verb_tense(token)
        if said in ("ahead", "infinitive"):
            ahead = ahead or aims or said == "ahead"
        elif said == "present" and token.head.lower_ in _future_words():
            return "future"
        elif said is not None:
            return "ahead" if ahead and said != "future" else said
        if token.head.i == token.i:
            break
        token = token.head
    return "ahead" if ahead else None


def _had_been(word: Token) -> bool:
    """Whether what was ahead lay behind already ("it had been due on Friday")."""
    return any(child.lower_ in ("had", "’d", "'d") for owner in (word, word.head) for child in owner.children)


def _verb_tense(verb: Token) -> str | None:
    helpers = [child for child in verb.children if child.dep_ in ("aux", "aux:pass", "cop")]
    forms = {helper.lower_ for helper in helpers}
    if forms & {"will", "shall", "'ll", "’ll", "wo"}:
        return "future"
    if "could" in forms and _denied(verb):
        return "past"
    if forms & {"would", "might", "should", "must", "can", "could", "may"}:
        return "past" if forms & {"have"} else "ahead"
    if any(child.lower_ == "to" and child.dep_ in ("mark", "aux") for child in verb.children):
        return "infinitive"
    if forms & {"has", "have", "'ve", "’ve", "had", "was", "were", "did"}:
        return "past"
    for helper in helpers:
        if helper.tag_ == "VBD":
            return "past"
        if helper.tag_ in ("VBZ", "VBP"):
            if verb.tag_ == "VBG" and verb.lower_ == "going":
                return "future"
            return "present"
    if verb.tag_ == "VBD" or (verb.tag_ == "VBN" and not helpers and verb.dep_ != "xcomp"):
        return "past"  # "to get hurt" speaks as its verb does, a participle that modifies ("a deal signed") of the past
    if verb.tag_ in ("VBZ", "VBP"):
        return "present"
    return None


_DENIALS = group("time_contexts", "denial")


def _denied(verb: Token) -> bool:
    """Whether a verb or its subject is denied ("neither he nor she could be found")."""
    for child in verb.children:
        if child.lower_ in _DENIALS:
            return True
        if child.dep_.startswith("nsubj") and any(word.lower_ in _DENIALS for word in child.children):
            return True
    return False


def manner(parsed: Parsed, words: Words, found: Sequence[Expression], published_on: date | None) -> str:
    """How the document tells its story, from the story itself.

    A narrative names years other than its own and hardly any day by its distance from today; news does the reverse.
    """
    n_words = len(words.starts)
    years = deictic = 0
    for expression in found:
        if expression.first and words.forms[expression.first - 1] == "since":
            continue  # "the highest since May 2022" compares and tells nothing
        years += _years_told(expression.meaning, published_on)
        deictic += _days_told(expression.meaning, published_on)
    if published_on is None and not deictic:
        return "narrative" if years > 1 else "news"
    reported = parsed.document.genre not in ("forum_post", "other")
    if n_words <= _POST_WORDS and not reported:
        return "narrative" if years and not deictic else "post"
    enough = 10 if deictic or reported else 4
    return "narrative" if years > 4 * deictic and years >= enough else "news"


def _is_past_year(meaning: Meaning, published_on: date | None) -> TypeGuard[Calendar]:
    """Whether a year is named that was over before last year began; every year where publication is unknown."""
    if not isinstance(meaning, Calendar) or not meaning.year:
        return False
    return published_on is None or meaning.year < published_on.year - 1


def _years_told(meaning: Meaning, published_on: date | None) -> int:
    """How much a time speaks for a narrative: a past year once, "May 1998" twice, "'98" not."""
    if not _is_past_year(meaning, published_on):
        return 0
    if meaning.bare:
        return 1
    return 0 if meaning.century_open else 2 if meaning.month else 1


def _days_told(meaning: Meaning, published_on: date | None) -> int:
    """How much a time speaks for news: "Monday", "last May", "two days ago", and a date within ten days of publication."""
    if isinstance(meaning, Relative):
        return int(meaning.anchor == "publication")
    if not isinstance(meaning, Calendar):
        return 0
    told = int(meaning.step is not None and not meaning.from_context)
    has_year = meaning.year and (not meaning.century_open or meaning.bare)
    if has_year and (not meaning.bare or _is_past_year(meaning, published_on)):
        return told
    if meaning.weekday and not meaning.month:
        return told + 1
    if meaning.month and meaning.day and published_on is not None:
        return told + int(_days_away(meaning.month, meaning.day, published_on) <= 10)
    return told


def _days_away(month: int, day: int, from_day: date) -> int:
    """Days between a day of the year and a date, whichever year brings them nearest; February counts 29 days."""
    there, here = 31 * month + day, 31 * from_day.month + from_day.day
    away = abs(there - here)
    return min(away, 372 - away)
