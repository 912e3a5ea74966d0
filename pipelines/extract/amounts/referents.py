"""What a figure is about: the noun it counts, and the thing it counts or measures, found through the dependency tree.

"A fine of €5m" is about the fine, "prices rose 3%" about prices, "90% of the population" about the population,
"a 60 km/h wind" about the wind, "Maria Ivanova, 44" about her. A pronoun is no referent: it names nothing.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from pipelines.extract.amounts.bounds import STEPS, change_nouns, change_verbs
from pipelines.lexicon.calendar_names import calendar_names
from pipelines.lexicon.entries import entries, group

Span = tuple[int, int]

_NOMINAL = frozenset({"NOUN", "PROPN"})
_LEFT_PARTS = frozenset(
    {
        "amod",
        "compound",
        "nmod:poss",
        "nmod",
        "flat",
        "nummod",
        "nmod:unmarked",
        "det",
        "punct",
        "advmod",
        "goeswith",
        "obl:unmarked",
        "conj",
        "dep",
    }
)
_MODIFIES = frozenset(
    {
        "compound",
        "nummod",
        "amod",
        "nmod:unmarked",
        "nmod",
        "dep",
        "nmod:poss",
        "obl:unmarked",
        "det",
        "advmod",
        "nmod:desc",
    }
)
_HOLDERS = group("figure_words", "holder")
_BEATING = group("figure_words", "beating")
_TIMES = group("figure_words", "period")
_IN_IDIOM = group("figure_words", "idiom")
"""What may stand behind "$5m in" and is not what the money is in."""
_EMPTY = group("figure_words", "says_nothing")


def noun_phrase(doc: Doc, noun: Token, figure: Span) -> Span | None:
    """Tokens ``[start, end)`` of the phrase a noun heads, without articles, relative clauses or the figure itself."""
    start, end = _phrase_start(noun, figure), _phrase_end(noun, figure)
    while start > 1 and doc[start - 1].text == "-" and not (doc[start - 1].whitespace_ or doc[start - 2].whitespace_):
        if figure[0] <= start - 2 < figure[1]:
            break
        start -= 2  # "the 21-year-old's contract"
    while end < len(doc) and doc[end].ent_iob_ == "I" and not figure[0] <= end < figure[1]:
        end += 1  # "shares of Research in Motion"
    while start < noun.i and _opens_nothing(doc[start], noun):
        start += 1
    return (start, end) if end > start else None


_LONGEST_PART = 8
"""Tokens of the longest modifier that belongs to a phrase."""


def _crosses(child: Token, figure: Span) -> bool:
    """Whether the figure stands in what the token heads."""
    return child.left_edge.i < figure[1] and child.right_edge.i >= figure[0]


def _phrase_start(noun: Token, figure: Span) -> int:
    """Where the modifiers right before a noun begin: "its insured losses"."""
    start = noun.i
    for child in reversed(list(noun.lefts)):
        is_part = child.dep_ in _LEFT_PARTS and child.right_edge.i + 1 == start and not _crosses(child, figure)
        has_preposition = child.dep_ == "nmod" and any(c.dep_ == "case" for c in child.lefts)
        if not is_part or has_preposition or start - child.left_edge.i > _LONGEST_PART:
            break
        start = child.left_edge.i
    return start


def _phrase_end(noun: Token, figure: Span) -> int:
    """Where the names and complements right behind a noun end: "shares of Gazprom", "a 33 % increase in profit"."""
    end = noun.i + 1
    is_change = noun.lemma_.lower() in change_nouns()
    for child in noun.rights:
        right, first = child.right_edge.i + 1, child.left_edge
        if first.i != end or _crosses(child, figure):
            break
        is_complement = child.dep_ == "nmod" and (
            first.lower_ == "of" or (is_change and first.lower_ == "in" and child.pos_ == "NOUN")
        )
        is_name = child.dep_ in ("flat", "compound") or (child.dep_ == "punct" and child.tag_ == "HYPH")
        if is_name or (is_complement and right - end <= _LONGEST_PART):
            end = right
            continue
        if child.dep_ == "nmod" and first.lower_ == "of" and child.i - end <= 4:
            end = child.i + 1  # "number of people", and not the clause that says which
        break
    return end


def _opens_nothing(token: Token, noun: Token) -> bool:
    """Whether a phrase that begins with the token is the same without it: an article, a quotation mark, "only"."""
    return (
        (token.dep_ == "advmod" and token.head.i == noun.i)
        or token.tag_ in ("DT", "PDT", "WDT", "WRB", "''", "``", "HYPH", ":", ",", "-LRB-")
        or token.is_space
        or not any(map(str.isalnum, token.text))
    )


def holds(noun: Token, figure: Span) -> bool:
    """Whether the noun only introduces what is counted: "a total of 400 men"."""
    following = noun.doc[noun.i + 1 : noun.i + 2].text
    return noun.lemma_.lower() in _HOLDERS and following == "of" and noun.i < figure[0] <= noun.right_edge.i


def measured(noun: Token, figure: Span) -> Token:
    """What "worth" and "magnitude" stand for: "€200 worth of tin" is about tin, "a magnitude 6 quake" about the quake."""
    if noun.lower_ == "magnitude":
        following = noun.doc[figure[1] : figure[1] + 1]
        shaken = [noun.head, *following] if noun.dep_ in _MODIFIES else following
        return next((t for t in shaken if t.i != noun.i and t.pos_ == "NOUN"), noun)
    if noun.lower_ != "worth":
        return noun
    of = (c for c in noun.rights if c.dep_ == "nmod" and _is_name_or_noun(c) and not _overlaps(c, figure))
    return next(of, noun)


def moved(doc: Doc, first: int, taken: Container[int]) -> Token | None:
    """The noun before an "up" or "down" in front of the figure: "JD Sports, down 1.95p", "Blackmores up 9.4 per cent"."""
    at = first - 1
    while at > 0 and doc[at].lower_ in ("by", "about", "around", "nearly", "almost", "some", "just", "roughly"):
        at -= 1
    if at < 1 or doc[at].lower_ not in ("up", "down"):
        return None
    subject = _subject(doc[at], (first, first + 1))
    if subject is not None:
        return subject
    before = doc[at - 1] if doc[at - 1].text != "," else doc[max(0, at - 2)]
    if before.i in taken:
        return before
    while before.dep_ in ("flat", "compound") and before.head.i < before.i:
        before = before.head
    return before if _is_name_or_noun(before) else None


def _overlaps(token: Token, figure: Span) -> bool:
    return figure[0] <= token.i < figure[1]


def _is_name_or_noun(token: Token) -> bool:
    return token.pos_ in _NOMINAL and token.lower_ not in _EMPTY and not token.like_num


def referent_of(doc: Doc, head: Token, figure: Span, is_counted: bool, kind: str) -> Token | None:
    """The head noun of what the figure is about, or null. ``is_counted``: the figure already names what it counts."""
    inside = _complement(head, figure)
    if inside is not None and (not is_counted or head.lemma_.lower() in _MEASURES):
        return inside
    if (
        head.dep_ in _MODIFIES
        and head.head.i > head.i
        and _is_name_or_noun(head.head)
        and not _overlaps(head.head, figure)
        and not any(c.dep_ == "case" and c.i >= figure[1] and c.lower_ != "of" for c in head.head.lefts)
    ) and (kind != "age" or "," not in [token.text for token in head.doc[figure[1] : head.head.i]]):
        return head.head
    if kind == "age" and (person := _person_before(doc, figure)) is not None:
        return person
    if kind == "age" and head.dep_ == "nmod":
        is_of = any(child.dep_ == "case" and child.lower_ == "of" for child in head.lefts)
        person = head.head.head if head.head.lemma_ == "age" else head.head  # "children under the age of 5"
        is_said = head.pos_ == "NUM" or person.i != head.head.i
        return person if is_of and is_said and _is_name_or_noun(person) else None
    return _climb(head, figure, is_counted, kind)


def _person_before(doc: Doc, figure: Span) -> Token | None:
    at = figure[0] - 1
    if (at > 0 and doc[at].text == ",") or (at > 0 and doc[at].lower_ in ("aged", "age")):
        at -= 1
    else:
        return None
    token = doc[at]
    while token.dep_ in ("flat", "compound") and token.head.i < token.i:
        token = token.head
    return token if token.pos_ in _NOMINAL else None


_MEASURES = group("figure_words", "measure")
_PARTS = frozenset(
    {
        "each",
        "all",
        "some",
        "most",
        "many",
        "one",
        "both",
        "none",
        "either",
        "neither",
        "any",
        "much",
        "half",
        "few",
        "rest",
    }
)


def _complement(head: Token, figure: Span) -> Token | None:
    """The noun behind "of" (or "in", for money): "60 per cent of its revenue", "$1 billion in costs"."""
    following = head.doc[figure[1]] if figure[1] < len(head.doc) else None
    if following is not None:
        if following.lower_ == "worth":  # "€200 worth of tin"
            return next((c for c in following.rights if _has_case(c, "of") and _is_name_or_noun(c)), None)
        for read in (_behind_of, _behind_lost, _behind_in):
            if (thing := read(following, head, figure)) is not None:
                return thing
    return next((child for child in head.rights if _completes(child, head, figure)), None)


def _behind_of(following: Token, _: Token, figure: Span) -> Token | None:
    """As in "60 per cent of its revenue"."""
    is_of = following.lower_ == "of" and following.dep_ == "case" and following.head.i > figure[1]
    return following.head if is_of and _is_name_or_noun(following.head) else None


_LOSING = frozenset(["lose", "earn", "gain", "raise", "save", "miss", "forgo"])


def _behind_lost(following: Token, _: Token, __: Span) -> Token | None:
    """As in "$18 billion lost from exports"."""
    if following.tag_ != "VBN" or following.lemma_ not in _LOSING:
        return None
    return next((c for c in following.rights if c.dep_ == "obl" and _is_name_or_noun(c) and not c.ent_type_), None)


def _behind_in(following: Token, head: Token, figure: Span) -> Token | None:
    """As in "caused $8 billion in insured losses"; not "to $441 in late trading"."""
    if following.lower_ != "in" or not _is_money(head, figure) or _has_place(head):
        return None
    thing = following.head
    return thing if thing.i > following.i and thing.tag_ in ("NN", "NNS") and _may_be_paid_for(thing) else None


def _completes(child: Token, head: Token, figure: Span) -> bool:
    """Whether what hangs on the figure in the tree stands behind "of", or behind "in" for money."""
    if _overlaps(child, figure) or child.dep_ not in ("nmod", "obl") or not _is_name_or_noun(child):
        return False
    case = next((c.lower_ for c in child.lefts if c.dep_ == "case"), "")
    if case != "in":
        return case == "of"
    is_paid = child.tag_ in ("NNS", "NN") and head.text in "$£€" and not _has_place(head)
    return is_paid and _may_be_paid_for(child)


_TAKING = group("figure_words", "taking")
_SPANS = group("figure_words", "span")
_TELLING = group("figure_words", "telling")


@cache
def _reporting() -> frozenset[str]:
    """Lemmas of verbs of speech and thought."""
    return frozenset(
        row["form"] for row in entries("speech_cues") if row["pos"] == "verb" and row["value"] in ("speech", "thought")
    )


@dataclass(frozen=True, slots=True)
class _Sought:
    """What the referent is sought of: the figure's tokens and its head, whether it names what it counts, its kind."""

    head: Token
    figure: Span
    is_counted: bool
    kind: str


@dataclass(frozen=True, slots=True)
class _Found:
    """The end of a climb: the referent, or null where the figure is about nothing."""

    referent: Token | None


@dataclass(frozen=True, slots=True)
class _GoOn:
    """No answer at this governor: climb on, and keep ``holder`` for the case that nothing better comes."""

    holder: Token | None = None


_Answer = _Found | _GoOn | None
"""What a rule says of one governor; null: it does not apply, ask the next rule."""

_MOST_STEPS = 6
"""Governors that a climb passes at most."""


def _climb(head: Token, figure: Span, is_counted: bool, kind: str) -> Token | None:
    """The referent among the governors of the figure, nearest first, as the rules for nouns and for verbs find it."""
    sought = _Sought(head, figure, is_counted, kind)
    for i in range(*figure):
        if (subject := _subject(head.doc[i], figure)) is not None:
            return subject
    if any(is_about_nothing(sought) for is_about_nothing in _ABOUT_NOTHING):
        return None
    if is_counted and head.dep_.startswith("obl"):
        return (_object(head.head, figure) or _subject(head.head, figure)) if _amounts_to(head) else None
    token, holder = head, None
    for _ in range(_MOST_STEPS):
        if token.dep_ == "ROOT" or token.head.i == token.i:
            break
        answer = None if _overlaps(token.head, figure) else _answer_at(token, sought)
        if isinstance(answer, _Found):
            return answer.referent
        if answer is not None and answer.holder is not None:
            holder = answer.holder
        token = token.head
    return holder


def _answer_at(token: Token, sought: _Sought) -> _Answer:
    """What the first rule that applies says of the token's governor."""
    governor = token.head
    if governor.pos_ in _NOMINAL or governor.tag_ in ("NN", "NNS", "NNP", "NNPS"):
        rules = _AT_NOUN
    elif governor.pos_ in ("VERB", "AUX", "ADJ", "ADV", "ADP", "NUM", "SYM"):
        rules = _AT_VERB
    else:
        return None
    return next((answer for rule in rules if (answer := rule(token, sought)) is not None), None)


def _found(referent: Token | None) -> _Found | None:
    return None if referent is None else _Found(referent)


# What makes a figure one about nothing


def _is_each_time(sought: _Sought) -> bool:
    """As in "every two years"."""
    first = sought.figure[0]
    return sought.kind == "duration" and first > 0 and sought.head.doc[first - 1].lower_ in ("every", "each")


def _is_when(sought: _Sought) -> bool:
    """As in "in the past two months", and "in two days they left": when it was, not how long."""
    return sought.kind == "duration" and (_is_time_frame(sought.head, sought.figure) or _is_fronted(sought.head))


def _is_whole_in_front(sought: _Sought) -> bool:
    """As in "Of the additional €1.35 billion, the auditors attribute ..."."""
    return _is_fronted(sought.head) and _has_case(sought.head, "of")


def _is_whole_of_part(sought: _Sought) -> bool:
    """As in "one of the 12"."""
    head = sought.head
    return head.dep_ == "nmod" and _has_case(head, "of") and head.head.lower_ in _PARTS


def _is_itself_subject(sought: _Sought) -> bool:
    """As in "€5m was paid"."""
    return sought.head.dep_.startswith("nsubj") and not _overlaps(sought.head.head, sought.figure)


def _is_fronted(head: Token) -> bool:
    return head.dep_.startswith("obl") and head.i < head.head.i


_ABOUT_NOTHING: tuple[Callable[[_Sought], bool], ...] = (
    _is_each_time,
    _is_when,
    _is_whole_in_front,
    _is_whole_of_part,
    _is_itself_subject,
)


# Rules for a governor that is a noun

_ATTACHED = frozenset(
    [
        "nmod",
        "appos",
        "nmod:unmarked",
        "dep",
        "parataxis",
        "nmod:poss",
        "nummod",
        "compound",
        "amod",
        "obl",
        "obl:unmarked",
        "advmod",
        "list",
        "orphan",
    ]
)
"""Relations by which a figure says something of the noun above it."""


def _noun_of_clause(token: Token, _: _Sought) -> _Answer:
    """As in "a fine exceeding €5m", which is about the fine."""
    if not token.dep_.startswith("acl"):
        return None
    return _Found(token.head if _is_name_or_noun(token.head) else None)


def _past_span(token: Token, sought: _Sought) -> _Answer:
    """As in "in the space of four minutes": the space is none of the things that last."""
    is_span = sought.kind == "duration" and token.head.lemma_.lower() in _SPANS
    return _GoOn() if is_span and token.dep_ in _ATTACHED else None


def _past_holder(token: Token, _: _Sought) -> _Answer:
    """As in "prices rose to a record of $5", about prices; but "eclipses the record of $159bn" is about the record."""
    noun = token.head
    if token.dep_ != "nmod" or noun.lemma_.lower() not in _HOLDERS or noun.dep_ == "ROOT":
        return None
    is_beaten = noun.dep_ == "obj" and noun.head.lemma_.lower() in _BEATING
    return _Found(noun) if is_beaten else _GoOn(holder=noun)


def _past_time(token: Token, _: _Sought) -> _Answer:
    """As in "inflation in January of 6 %", about inflation."""
    is_time = token.dep_ == "nmod" and token.head.dep_ != "obj" and _is_time(token.head)
    return _GoOn() if is_time else None


def _noun_before_tax(token: Token, _: _Sought) -> _Answer:
    """As in "a profit before tax of €5m", about the profit."""
    return _found(_without(token.head)) if token.dep_ == "nmod" and _has_case(token, "of") else None


def _subject_of_level(token: Token, sought: _Sought) -> _Answer:
    """As in "the depth was 30 % below the average", about the depth."""
    is_attached = token.dep_ in _ATTACHED and token.dep_ != "nmod"
    return _found(_predicated(token.head, sought.figure)) if is_attached else None


def _noun_itself(token: Token, _: _Sought) -> _Answer:
    """As in "a fine of €5m", about the fine."""
    return _Found(token.head) if token.dep_ in _ATTACHED and _is_name_or_noun(token.head) else None


def _subject_above(token: Token, sought: _Sought) -> _Answer:
    """As in "prices rose 3%", and with a noun for the verb "the fine is a matter of €5m"."""
    return _found(_subject(token.head, sought.figure))


_Rule = Callable[[Token, _Sought], _Answer]

_AT_NOUN: tuple[_Rule, ...] = (
    _noun_of_clause,
    _past_span,
    _past_holder,
    _past_time,
    _noun_before_tax,
    _subject_of_level,
    _noun_itself,
    _subject_above,
)


# Rules for a governor that is a verb, or anything else that has a subject


def _nobody_who_says(token: Token, _: _Sought) -> _Answer:
    """As in "it was €5m, the minister said": who says it is not what it is about."""
    verb = token.head
    is_told = token.dep_ in ("ccomp", "parataxis") and verb.lemma_.lower() in _reporting()
    return _Found(None) if is_told and not any(child.dep_ == "nsubj:pass" for child in verb.lefts) else None


def _nobody_who_tells(token: Token, _: _Sought) -> _Answer:
    """As in "she mentioned €5m", and "prices rose, he added, by 3%"."""
    verb, lemma = token.head, token.head.lemma_.lower()
    is_aside = verb.dep_ == "parataxis" and lemma in _reporting()
    is_told = (lemma in _TELLING or is_aside) and token.dep_ in ("obj", "obl", "ccomp", "dep")
    return _Found(None) if is_told else None


def _controller(token: Token, sought: _Sought) -> _Answer:
    """As in "expects rates to peak at 7 %", "sees it averaging 7 %": the object of the verb above."""
    if token.dep_ not in ("xcomp", "advcl") or sought.is_counted:
        return None
    controller = next((c for c in token.head.rights if c.dep_ == "obj" and c.i < sought.head.i), None)
    if controller is None or (token.dep_ == "advcl" and controller.i != token.i - 1):
        return None
    return _Found(controller if _is_name_or_noun(controller) else None)


def _taken_from(token: Token, _: _Sought) -> _Answer:
    """As in "wiped $340m from its value", about the value."""
    if token.dep_ != "obj" or token.head.lemma_.lower() not in _TAKING:
        return None
    obliques = (c for c in token.head.rights if c.dep_ == "obl" and _is_name_or_noun(c))
    return _found(next((c for c in obliques if _has_case(c, "from")), None))


def _object_beside(token: Token, sought: _Sought) -> _Answer:
    """As in "raised the price by 3%", about the price; "for two hours" measures no object, "to two hours" does."""
    may_measure = sought.kind != "duration" or _has_case(token, "to")
    is_measure = token.dep_.startswith("obl") and not sought.is_counted and may_measure
    return _found(_object(token.head, sought.figure)) if is_measure else None


def _noun_that_totals(token: Token, _: _Sought) -> _Answer:
    """As in "contracts totaling $10 billion", about the contracts."""
    verb = token.head
    is_sum = verb.tag_ == "VBG" and verb.lemma_ in ("total", "average", "cost") and token.dep_ == "obj"
    return _Found(verb.nbor(-1)) if is_sum and verb.i > 0 and _is_name_or_noun(verb.nbor(-1)) else None


def _noun_of_who(token: Token, sought: _Sought) -> _Answer:
    """As in "a plant that cost €5m", about the plant; any other subject that is no noun names nothing."""
    subjects = (child for child in token.head.children if child.dep_ in ("nsubj", "nsubj:pass", "expl"))
    is_closed = any(not _overlaps(child, sought.figure) for child in subjects)
    return _Found(_antecedent(token.head)) if is_closed else None


def _noun_of_participle(token: Token, _: _Sought) -> _Answer:
    """As in "a plant valued at €5m", about the plant."""
    verb = token.head
    return _Found(verb.head) if verb.dep_.startswith("acl") and _is_name_or_noun(verb.head) else None


_AT_VERB: tuple[_Rule, ...] = (
    _nobody_who_says,
    _nobody_who_tells,
    _controller,
    _taken_from,
    _object_beside,
    _noun_that_totals,
    _subject_above,
    _noun_of_who,
    _noun_of_participle,
)


_FRAMES = group("figure_words", "frame")


def _is_time(noun: Token) -> bool:
    is_time = noun.lemma_.lower() in _TIMES or noun.lower_ in calendar_names()
    return is_time and any(
        c.dep_ == "case" and c.lower_ in ("in", "during", "for", "over", "since", "from") for c in noun.lefts
    )


def _is_time_frame(head: Token, figure: Span) -> bool:
    """Whether a length of time only says when: "in the past two months" measures nothing."""
    return any(t.lower_ in _FRAMES for t in head.doc[max(0, figure[0] - 2) : figure[0]]) and head.dep_.startswith(
        ("obl", "nmod")
    )


_COMING = group("figure_words", "coming")


def _amounts_to(head: Token) -> bool:
    """Whether a counted noun with a preposition says how much the subject is: "rose to 138 people", "led by 5 points".

    Some of those that are named already ("comes to 300 of her men") are no measure of anything else.
    """
    verb = head.head
    if _is_part(head):
        return False
    if head.lemma_.lower() in STEPS and _has_case(head, "by"):
        return True
    if verb.pos_ != "VERB" or any(child.dep_ in ("nsubj:pass", "aux:pass") for child in verb.children):
        return False
    if _has_case(head, "by"):
        return True
    lemma = verb.lemma_.lower()
    if any(child.dep_ == "obj" for child in verb.children):
        return False  # "cut the power to 437,000 customers"
    return (_has_case(head, "to") or _has_case(head, "from")) and (lemma in change_verbs() or lemma in _COMING)


def _is_part(head: Token) -> bool:
    """Whether a number is taken out of something known: "300 of her men"."""
    wholes = (child for child in head.children if child.dep_ == "nmod" and child.i > head.i and _has_case(child, "of"))
    return any(inner.dep_ in ("nmod:poss", "det") for whole in wholes for inner in whole.lefts)


def _predicated(noun: Token, figure: Span) -> Token | None:
    """The subject of a noun with a preposition behind the figure that is the predicate: "was 30 % below the average"."""
    if not any(child.dep_ == "case" and child.i >= figure[1] for child in noun.lefts):
        return None
    return _subject(noun, figure)


def _may_be_paid_for(noun: Token) -> bool:
    """Whether "$5m in" the noun is money of that kind: "in damages", and neither "in spring" nor "in total"."""
    return noun.lemma_.lower() not in _TIMES | _IN_IDIOM and noun.lower_ not in calendar_names()


_COINS = frozenset({"$", "£", "€", "cent", "penny", "pence", "dollar", "euro", "ruble", "rouble", "yuan", "yen"})


def _is_money(head: Token, figure: Span) -> bool:
    return head.text in "$£€" or any(t.lemma_.lower() in _COINS for t in head.doc[figure[0] : figure[1]])


def _without(noun: Token) -> Token | None:
    """The noun that stands before "before tax and interest": "a profit before tax of €5m" is about the profit."""
    inner = noun.head if noun.dep_ == "conj" else noun
    excluded = inner.dep_ == "nmod" and any(_has_case(inner, w) for w in ("before", "after", "excluding", "without"))
    return inner.head if excluded and _is_name_or_noun(inner.head) else None


def _has_place(token: Token) -> bool:
    """As in "to $441 in late trading": where it came to, so that what follows "in" is no part of it."""
    return any(child.dep_ == "case" and child.lower_ in ("to", "at", "from", "by") for child in token.lefts)


def _has_case(token: Token, word: str) -> bool:
    return any(child.dep_ == "case" and child.lower_ == word for child in token.lefts)


def _subject(verb: Token, figure: Span) -> Token | None:
    for child in verb.lefts:
        if child.dep_ not in ("nsubj", "nsubj:pass", "nsubj:outer") or _overlaps(child, figure):
            continue
        if child.lower_ in _PARTS:
            return next((c for c in child.rights if c.dep_ == "nmod" and _is_name_or_noun(c)), None)
        if child.lower_ in ("it", "they"):
            return _meant(child)
        if (
            _is_name_or_noun(child)
            or child.tag_ in ("JJS", "JJR", "JJ")
            or (child.like_num and child.i > 0 and child.nbor(-1).pos_ in ("PROPN", "NOUN"))
        ):
            return child
    return None


def _meant(pronoun: Token) -> Token | None:
    """The nearest subject before "it" or "they" in the sentence that agrees with it in number, or null."""
    plural = pronoun.lower_ == "they"
    for i in range(pronoun.i - 1, pronoun.sent.start - 1, -1):
        token = pronoun.doc[i]
        is_role = token.dep_.startswith(("nsubj", "obj")) and _is_name_or_noun(token) and token.ent_type_ != "PERSON"
        if is_role and (token.tag_ in ("NNS", "NNPS")) == plural:
            return token
    return None


def _antecedent(verb: Token) -> Token | None:
    """The noun that a relative clause's "which" or "who" stands for."""
    relative = any(child.dep_.startswith("nsubj") and child.tag_ in ("WDT", "WP") for child in verb.children) or any(
        child.dep_.startswith("nsubj") and child.lower_ == "that" for child in verb.children
    )
    if relative and verb.dep_.startswith("acl") and _is_name_or_noun(verb.head):
        return verb.head
    return None


def _object(verb: Token, figure: Span) -> Token | None:
    for child in verb.rights:
        if child.dep_ == "obj" and not _overlaps(child, figure) and _is_name_or_noun(child):
            return child
    return None
