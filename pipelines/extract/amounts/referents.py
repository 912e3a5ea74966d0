"""What a figure is about: the noun it counts, and the thing it counts or measures, found through the dependency tree.

"A fine of €5m" is about the fine, "prices rose 3%" about prices, "90% of the population" about the population,
"a 60 km/h wind" about the wind, "Maria Ivanova, 44" about her. A pronoun is no referent: it names nothing.
"""

from collections.abc import Container
from functools import cache

from spacy.tokens import Doc, Token

from pipelines.extract.amounts.bounds import STEPS, change_nouns, change_verbs
from pipelines.lexicon.entries import entries

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
_HOLDERS = frozenset(
    [
        "average",
        "total",
        "maximum",
        "minimum",
        "median",
        "mean",
        "record",
        "low",
        "high",
        "level",
        "rate",
        "limit",
        "amount",
        "lot",
        "pair",
    ]
)
_BEATING = frozenset({"exceed", "top", "beat", "surpass", "eclipse", "break", "pass", "best"})
_TIMES = frozenset({"hour", "day", "week", "weekend", "month", "quarter", "year", "decade", "season", "period"})
_IN_IDIOM = frozenset(
    [
        "total",
        "addition",
        "return",
        "turn",
        "part",
        "advance",
        "favour",
        "favor",
        "court",
        "prison",
        "jail",
        "bail",
        "exchange",
        "trading",
        "trade",
        "value",
        "size",
        "dispute",
        "question",
        "circulation",
        "hand",
        "office",
        "effect",
    ]
)
"""What may stand behind "$5m in" and is not what the money is in."""
_EMPTY = frozenset(
    {
        "there",
        "it",
        "this",
        "that",
        "he",
        "she",
        "they",
        "we",
        "i",
        "you",
        "one",
        "who",
        "which",
        "what",
        "these",
        "those",
        "him",
        "them",
        "us",
        "me",
        "her",
        "s",
        "someone",
        "everyone",
        "anyone",
        "nobody",
        "others",
        "both",
        "q",
        "a",
    }
)


def noun_phrase(doc: Doc, noun: Token, figure: Span) -> Span | None:
    """Tokens ``[start, end)`` of the phrase a noun heads, without articles, relative clauses or the figure itself."""
    start, end = noun.i, noun.i + 1
    for child in reversed(list(noun.lefts)):
        edge = child.left_edge.i
        if (
            child.dep_ not in _LEFT_PARTS
            or child.right_edge.i + 1 != start
            or (edge < figure[1] and child.right_edge.i >= figure[0])
        ):
            break
        if child.dep_ == "nmod" and any(c.dep_ == "case" for c in child.lefts):
            break
        if start - edge > 8:
            break
        start = edge
    is_change = noun.lemma_.lower() in change_nouns()  # "a 33 % increase in profit"
    for child in noun.rights:
        right = child.right_edge.i + 1
        if child.left_edge.i != end or (child.left_edge.i < figure[1] and right > figure[0]):
            break
        if (
            child.dep_ in ("flat", "compound")
            or (child.dep_ == "punct" and child.tag_ == "HYPH")
            or (child.dep_ == "nmod" and child.left_edge.lower_ == "of" and right - end <= 8)
            or (
                is_change
                and child.dep_ == "nmod"
                and child.left_edge.lower_ == "in"
                and right - end <= 8
                and child.pos_ == "NOUN"
            )
        ):
            end = right
        elif (
            child.dep_ == "nmod" and child.left_edge.i == end and child.left_edge.lower_ == "of" and child.i - end <= 4
        ):
            end = child.i + 1  # "number of people", and not the clause that says which
            break
        else:
            break
    while start > 1 and doc[start - 1].text == "-" and not (doc[start - 1].whitespace_ or doc[start - 2].whitespace_):
        if figure[0] <= start - 2 < figure[1]:
            break
        start -= 2  # "the 21-year-old's contract"
    while end < len(doc) and doc[end].ent_iob_ == "I" and not figure[0] <= end < figure[1]:
        end += 1  # "shares of Research in Motion"
    while start < noun.i and (
        (doc[start].dep_ == "advmod" and doc[start].head.i == noun.i)
        or doc[start].tag_ in ("DT", "PDT", "WDT", "WRB", "''", "``", "HYPH", ":", ",", "-LRB-")
        or doc[start].is_space
        or not any(map(str.isalnum, doc[start].text))
    ):
        start += 1
    return (start, end) if end > start else None


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


_MEASURES = frozenset(
    [
        "count",
        "category",
        "type",
        "kind",
        "copy",
        "piece",
        "case",
        "load",
        "batch",
        "shipment",
        "bottle",
        "pack",
        "packet",
        "box",
        "bag",
        "set",
        "round",
        "sheet",
        "sack",
        "unit",
        "crate",
        "truckload",
        "form",
        "sort",
        "item",
        "bit",
        "slice",
        "series",
        "block",
    ]
)
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
    if (
        following is not None
        and following.lower_ == "of"
        and following.dep_ == "case"
        and following.head.i > figure[1]
        and _is_name_or_noun(following.head)
    ):
        return following.head
    if following is not None and following.lower_ == "worth":  # "€200 worth of tin"
        of = (c for c in following.rights if _has_case(c, "of") and _is_name_or_noun(c))
        return next(of, None)
    if (
        following is not None
        and following.tag_ == "VBN"
        and following.lemma_ in ("lose", "earn", "gain", "raise", "save", "miss", "forgo")
    ):
        lost = next((c for c in following.rights if c.dep_ == "obl" and _is_name_or_noun(c) and not c.ent_type_), None)
        if lost is not None:  # "$18 billion lost from exports"
            return lost
    if following is not None and following.lower_ == "in" and _is_money(head, figure) and not _has_place(head):
        thing = following.head  # "caused $8 billion in insured losses"
        if thing.i > following.i and thing.tag_ in ("NN", "NNS") and _may_be_paid_for(thing):
            return thing
    for child in head.rights:
        if _overlaps(child, figure) or child.dep_ not in ("nmod", "obl") or not _is_name_or_noun(child):
            continue
        case = next((c.lower_ for c in child.lefts if c.dep_ == "case"), "")
        if case == "of" or (
            case == "in"
            and child.tag_ in ("NNS", "NN")
            and head.text in "$£€"
            and not _has_place(head)
            and _may_be_paid_for(child)
        ):
            return child
    return None


_TAKING = frozenset({"wipe", "slash", "shave", "knock", "cut", "trim", "erase", "strip"})
_SPANS = frozenset({"space", "matter", "course", "period", "span"})
_TELLING = frozenset({"say", "think", "claim", "speak", "tell", "talk", "mention", "believe", "guess"})


@cache
def _months() -> frozenset[str]:
    return frozenset(row["form"].rstrip(".") for row in (*entries("months"), *entries("weekdays"), *entries("seasons")))


@cache
def _reporting() -> frozenset[str]:
    """Lemmas of verbs of speech and thought."""
    return frozenset(
        row["form"] for row in entries("speech_cues") if row["pos"] == "verb" and row["value"] in ("speech", "thought")
    )


def _climb(head: Token, figure: Span, is_counted: bool, kind: str) -> Token | None:
    token, steps, holder = head, 0, None
    for i in range(figure[0], figure[1]):
        subject = _subject(head.doc[i], figure)
        if subject is not None:
            return subject
    if kind == "duration" and figure[0] > 0 and head.doc[figure[0] - 1].lower_ in ("every", "each"):
        return None
    if kind == "duration" and (_is_time_frame(head, figure) or (head.dep_.startswith("obl") and head.i < head.head.i)):
        return None
    if head.dep_.startswith("obl") and head.i < head.head.i and _has_case(head, "of"):
        return None  # "Of the additional €1.35 billion, the auditors attribute ..."
    if head.dep_ == "nmod" and _has_case(head, "of") and head.head.lower_ in _PARTS:
        return None  # "one of the 12"
    if head.dep_.startswith("nsubj") and not _overlaps(head.head, figure):
        return None
    if is_counted and head.dep_.startswith("obl"):
        return (_object(head.head, figure) or _subject(head.head, figure)) if _amounts_to(head) else None
    while token.dep_ != "ROOT" and token.head.i != token.i and steps < 6:
        relation, governor = token.dep_, token.head
        steps += 1
        if _overlaps(governor, figure):
            token = governor
            continue
        if governor.pos_ in _NOMINAL or governor.tag_ in ("NN", "NNS", "NNP", "NNPS"):
            if relation.startswith("acl"):
                return governor if _is_name_or_noun(governor) else None
            if relation in (
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
            ):
                if kind == "duration" and governor.lemma_.lower() in _SPANS:
                    token = governor  # "in the space of four minutes"
                    continue
                if governor.lemma_.lower() in _HOLDERS and governor.dep_ not in ("ROOT",) and relation == "nmod":
                    if governor.dep_ == "obj" and governor.head.lemma_.lower() in _BEATING:
                        return governor  # "eclipses the record of $159bn"
                    token, holder = governor, governor
                    continue
                if relation == "nmod" and governor.dep_ != "obj" and _is_time(governor):
                    token = governor  # "inflation in January of 6 %"
                    continue
                if relation == "nmod" and _has_case(token, "of") and (whole := _without(governor)) is not None:
                    return whole
                if relation != "nmod" and (subject := _predicated(governor, figure)) is not None:
                    return subject  # "the depth was 30 % below the average"
                if _is_name_or_noun(governor):
                    return governor
            subject = _subject(governor, figure)
            if subject is not None:
                return subject
        elif governor.pos_ in ("VERB", "AUX", "ADJ", "ADV", "ADP", "NUM", "SYM"):
            is_told = not any(child.dep_ == "nsubj:pass" for child in governor.lefts)
            if relation in ("ccomp", "parataxis") and is_told and governor.lemma_.lower() in _reporting():
                return None  # who says it is not what it is about
            is_aside = governor.dep_ == "parataxis" and governor.lemma_.lower() in _reporting()
            if (governor.lemma_.lower() in _TELLING or is_aside) and relation in ("obj", "obl", "ccomp", "dep"):
                return None
            if (
                relation in ("xcomp", "advcl") and not is_counted
            ):  # "expects rates to peak at 7 %", "sees it averaging 7 %"
                controller = next((c for c in governor.rights if c.dep_ == "obj" and c.i < head.i), None)
                if controller is not None and (relation == "xcomp" or controller.i == token.i - 1):
                    return controller if _is_name_or_noun(controller) else None
            if relation == "obj" and governor.lemma_.lower() in _TAKING:
                taken_from = next(
                    (c for c in governor.rights if c.dep_ == "obl" and _is_name_or_noun(c) and _has_case(c, "from")),
                    None,
                )
                if taken_from is not None:  # "wiped $340m from its value"
                    return taken_from
            if relation.startswith("obl") and not is_counted and (kind != "duration" or _has_case(token, "to")):
                found = _object(governor, figure)
                if found is not None:
                    return found
            if governor.tag_ == "VBG" and governor.lemma_ in ("total", "average", "cost") and governor.i > 0:
                summed = governor.nbor(-1)  # "contracts totaling $10 billion"
                if relation == "obj" and _is_name_or_noun(summed):
                    return summed
            subject = _subject(governor, figure)
            if subject is not None:
                return subject
            if any(
                child.dep_ in ("nsubj", "nsubj:pass", "expl") and not _overlaps(child, figure)
                for child in governor.children
            ):
                return _antecedent(governor)
            if governor.dep_.startswith("acl") and _is_name_or_noun(governor.head):
                return governor.head
        token = governor
    return holder


_FRAMES = frozenset({"past", "last", "prior", "next", "previous", "coming", "following", "preceding", "first", "final"})


def _is_time(noun: Token) -> bool:
    is_time = noun.lemma_.lower() in _TIMES or noun.lower_ in _months()
    return is_time and any(
        c.dep_ == "case" and c.lower_ in ("in", "during", "for", "over", "since", "from") for c in noun.lefts
    )


def _is_time_frame(head: Token, figure: Span) -> bool:
    """Whether a length of time only says when: "in the past two months" measures nothing."""
    return any(t.lower_ in _FRAMES for t in head.doc[max(0, figure[0] - 2) : figure[0]]) and head.dep_.startswith(
        ("obl", "nmod")
    )


_COMING = frozenset({"amount", "come", "stand", "run", "reach", "total", "extend", "go", "move", "return", "pass"})


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
    return noun.lemma_.lower() not in _TIMES | _IN_IDIOM and noun.lower_ not in _months()


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
