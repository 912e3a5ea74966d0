"""Figures of one document: every quantity in it, with value, unit, bound, direction and what it is about.

Amounts are recognised on characters (``amounts``); the dependency tree tells what is counted, drops years, names and
idioms, and finds the referent (``referents``). The design follows CQE (Almasian et al., EMNLP 2023); units are
ISO 4217, UCUM-style symbols, or the counted noun's lemma.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from pipelines.extract.amounts.admission import judged
from pipelines.extract.amounts.amount import Amount, amounts_in
from pipelines.extract.amounts.bounds import bound_after, bound_before, change_of
from pipelines.extract.amounts.canonical import canonical, unit_basis
from pipelines.extract.amounts.figure import Figure, FiguresOfText, noun_unit, one_in, placed, vague_shares
from pipelines.extract.amounts.referents import holds, measured, moved, noun_phrase, referent_of
from pipelines.extract.amounts.shared_referents import RESTATED, label_before, shared_referent
from pipelines.extract.amounts.shared_units import share_unit
from pipelines.extract.amounts.traps import Traps
from pipelines.extract.amounts.units import per_after
from pipelines.identity import span_id
from pipelines.ingest.document import Row
from pipelines.language.parsed import Parsed
from pipelines.lexicon.entries import group
from pipelines.lost import lose

Span = tuple[int, int]


def figures_in(parsed: Parsed, dates: Sequence[Row]) -> list[Row]:
    """The figures of one document, in order: one row per quantity.

    ``start_char`` and ``end_char`` are code points; the span holds the number, its unit, and a counted noun that
    directly follows. ``value`` (with ``value_max``, the upper end of a range) is the number in the unit as written,
    ``$16 billion`` is 16000000000 with unit ``USD``. ``unit`` is null where the text names none. ``modifier`` and
    ``change`` are null where nothing bounds the number or moves it; ``referent`` is null where the sentence names
    nothing. ``canonical_value`` is the same in a unit that can be compared, null where none is certain.
    ``claim_id`` and ``quantity_id`` are null: later steps know them; ``part`` is not told yet. ``rule`` is how the number was read, as
    ``_rule`` names it. ``dates`` are the document's rows of the dates table; a number inside a DATE or TIME is no figure, a DURATION is both.
    """
    if not parsed.sentences:
        return []
    reader = FiguresOfText(parsed, dates)
    amounts = amounts_in(reader.text, Traps(reader.text))
    reader.found.extend(figure for figure in _placed(reader, amounts) if _admitted(reader, figure))
    reader.found.extend(vague_shares(reader))
    reader.found.sort(key=lambda figure: (figure.amount.start, figure.amount.end))
    for position, figure in [*[*enumerate(reader.found)][::-1], *enumerate(reader.found)]:  # "3, 4 or 5 divers"
        own = figure.amount.unit
        share_unit(
            reader, figure, reader.found[max(0, position - 4) : position], reader.found[position + 1 : position + 3]
        )
        if figure.amount.unit != own:
            figure.unit_from = "shared"
    for figure in reader.found:
        last = (
            figure.noun.i + 1
            if figure.noun is not None and figure.tokens[1] <= figure.noun.i < figure.tokens[1] + 6
            else figure.tokens[1]
        )
        reader.owners.update(dict.fromkeys(range(figure.tokens[0], last), figure))
    for position, figure in enumerate(reader.found):
        _describe(reader, figure, reader.found[max(0, position - 4) : position])
    return [_row(reader, figure) for figure in reader.found]


def _placed(reader: FiguresOfText, amounts: Sequence[Amount]) -> list[Figure]:
    """The amounts in their places, "one family in four" as one."""
    figures: list[Figure] = []
    for amount in amounts:
        figure = placed(reader, amount)
        if figure is not None:
            share = one_in(reader, figures[-1], figure) if figures and reader.has_tree else None
            figures[-1 if share is not None else len(figures) :] = [share or figure]
    return figures


def _admitted(reader: FiguresOfText, figure: Figure) -> bool:
    """Whether the amount is a figure; which test said so goes with it, or to who asks why there is no row."""
    amount = figure.amount
    start, end = amount.start, amount.end
    is_figure, figure.rule = judged(reader, figure)
    if not is_figure:
        lose("figures", start, end, amount.form, f"refused by the test {figure.rule}")
    return is_figure


def _rule(figure: Figure) -> str:
    """How a figure was read: the test that admitted its number, ``+range`` for two ends, and where its unit came from.

    ``+noun``: a noun that is counted ("30 soldiers"); ``+shared``: another figure or the sentence ("7 or 8 hours"). Nothing stands
    for a unit written with the number ("$5", "20 km"), which ``with_unit`` names, and where there is none.
    """
    found = figure.rule
    if figure.amount.upper is not None:
        found += "+range"
    if figure.unit_from is not None:
        found += f"+{figure.unit_from}"
    return found


def _with_cost(doc: Doc, phrase: tuple[int, int], about: Token, head: Token, span: Span) -> tuple[int, int]:
    """As in "Sanctions cost the country $16 billion" is about what the sanctions cost: the phrase with verb and bearer."""
    verb = about.head
    if verb.lemma_ != "cost" or verb.pos_ != "VERB" or not about.i < verb.i < span[0] or about.dep_ != "nsubj":
        return phrase
    bearer = next(
        (c for c in verb.rights if c.dep_ in ("iobj", "obj") and c.i < span[0] and c.pos_ in ("NOUN", "PROPN")), None
    )
    while head.dep_ == "conj":
        head = head.head
    if bearer is None or head.head.i != verb.i or span[0] - bearer.i > 6:
        return phrase
    end = noun_phrase(doc, bearer, span)
    return (phrase[0], end[1]) if end is not None else phrase


_UP_TO = group("figure_words", "up_to")
_OCCASIONS = re.compile(
    r"\s*(?:[.,;:!?)\"”’]|$|\n)|\s(?:an?|each|every|since|in|during|before|last|this|over|on|at|when|and|but|by|within|between|after|already|for)\b"
)
"""Matches `` since May``, not `` lamps``."""
_COMPARED = re.compile(r"\s(?:less|more|fewer|lower|higher|below|above)\b")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A figure whose referent is sought: the head and span of its tokens, and whether it names what it counts."""

    reader: FiguresOfText
    figure: Figure
    head: Token
    span: Span
    is_counted: bool

    @property
    def kind(self) -> str:
        return self.figure.amount.kind

    def word(self, at: int) -> str:
        """The word ``at`` tokens behind the figure in lower case, or nothing behind the last."""
        i = self.span[1] + at
        return self.reader.doc[i].lower_ if i < len(self.reader.doc) else ""

    def phrase(self, noun: Token) -> Span | None:
        return noun_phrase(self.reader.doc, noun, self.span)


def _describe(reader: FiguresOfText, figure: Figure, before: list[Figure]) -> None:
    """Completes a figure by its sentence: unit, end, modifier, change and referent."""
    own_noun = figure.noun if figure.noun is not None and figure.noun.i >= figure.tokens[1] else None
    _name_unit(reader, figure, own_noun)
    figure.modifier = _modifier(reader, figure)
    if not reader.has_tree:
        return
    asked = _asked(reader, figure, own_noun)
    figure.change = _change(asked)
    if figure.amount.unit == "times" and figure.change is None and _OCCASIONS.match(reader.text, figure.end):
        figure.amount.kind = "count"  # "warned three times since March" compares nothing
    earlier = before[-1] if before else None
    restated = earlier if earlier is not None and _restates(reader, figure, earlier) else None
    if restated is not None and _is_same_quantity(reader, figure, restated):
        figure.modifier = figure.modifier or restated.modifier
        if not _COMPARED.match(reader.text, figure.end):
            figure.change = figure.change or restated.change
    is_told, figure.referent = shared_referent(reader, figure, earlier)
    if not is_told:
        figure.referent = _referent(asked)
    figure.referent = _without_numbers(reader, figure)
    if figure.referent is not None and all(reader.in_time(t.idx) for t in reader.doc[slice(*figure.referent)]):
        figure.referent = None  # a day is not what is counted
    if figure.referent is None:
        figure.referent = label_before(reader, figure)
    if figure.referent is None and restated is not None:
        figure.referent = restated.referent


def _name_unit(reader: FiguresOfText, figure: Figure, own_noun: Token | None) -> None:
    """The unit from the noun, with what it is counted by: "12 boats a year"."""
    amount = figure.amount
    if figure.noun is not None and amount.unit is None:
        amount.unit, figure.unit_from = noun_unit(figure), figure.unit_from or "noun"
    if own_noun is not None:
        figure.end = _through_noun(reader, figure, own_noun)
        is_count = amount.kind in ("count", "vague_count")
        per = per_after(reader.text, figure.end, len(reader.text)) if is_count else None
        if per is not None:
            amount.unit, amount.kind, figure.end = f"{amount.unit} per {per.code}", "rate", per.end
            amount.unit_text = reader.text[own_noun.idx : per.end]
    if amount.kind == "count" and amount.form == "vague":
        amount.kind = "vague_count"


def _asked(reader: FiguresOfText, figure: Figure, own_noun: Token | None) -> _Asked:
    """The figure with its head, which is the noun it counts ("12 boats") unless the tree has the noun below the number."""
    head, (first, last) = figure.head, figure.tokens
    if own_noun is not None:
        if figure.amount.kind != "fraction" and own_noun.head.i != head.i:
            head = own_noun
        if figure.end > figure.amount.end:
            last = max(last, own_noun.i + 1)
    return _Asked(reader, figure, head, (first, last), own_noun is not None)


def _change(asked: _Asked) -> str | None:
    """``up`` or ``down`` where the figure says by how much, or from where to where, something rose or fell."""
    doc, text, amount = asked.reader.doc, asked.reader.text, asked.figure.amount
    bound = bound_before(text, amount.start)
    first = asked.reader.tokens(bound[1] if bound is not None else amount.start, amount.end)[0]
    previous = doc[first - 1] if first > 0 and not doc[first].is_sent_start else None
    if (amount.sign and amount.kind in ("percent", "money")) or (amount.sign == "+" and amount.kind != "temperature"):
        return "down" if amount.sign == "-" else "up"
    if text[amount.number_start : amount.number_end].lower().endswith("fold"):
        return "up" if previous is not None and previous.pos_ == "VERB" else None
    if amount.descending:  # "from 610 to 475": the ends are stored in order, the fall here
        return "down"
    if bound is not None and text[bound[1] : bound[1] + 5].lower() in ("above", "below"):
        return None  # "rose above 1,700": where it came to
    if amount.form == "fraction" and (previous is None or previous.lower_ != "by"):
        return None
    end = asked.span[1]
    return change_of(asked.head, previous, doc[end] if end < len(doc) else None, amount.kind)


def _restates(reader: FiguresOfText, figure: Figure, earlier: Figure) -> bool:
    """As in "rose 3%, or $5m": one quantity told twice; never by a count, an age or a share."""
    if figure.amount.kind in ("count", "age", "fraction"):
        return False
    return RESTATED.fullmatch(reader.text, earlier.end, figure.amount.start) is not None


def _is_same_quantity(reader: FiguresOfText, figure: Figure, restated: Figure) -> bool:
    """Whether what is said twice is the same: of one kind, in brackets, or behind a percentage or a count."""
    kind = restated.amount.kind
    is_in_brackets = "(" in reader.text[restated.end : figure.amount.start]
    return kind in (figure.amount.kind, "percent", "count") or is_in_brackets


def _without_numbers(reader: FiguresOfText, figure: Figure) -> Span | None:
    """The referent without the numbers of other figures at its edges: "fine" of "fine of €50m"."""
    if figure.referent is None:
        return None
    start, end = figure.referent
    for i in range(start, end):
        other = reader.owners.get(i)
        if other is None or other is figure or not other.tokens[0] <= i < other.tokens[1]:
            continue
        is_aged = other.tokens[0] <= start and other.amount.kind == "age"
        if is_aged or (i == start and "-" in reader.text[other.amount.start : other.end]):  # "the 68-year-old mayor"
            continue
        if i == start:
            start = min(other.tokens[1], end - 1)
        elif i > start and "of" in (reader.doc[i - 1].lower_, reader.doc[max(0, i - 2)].lower_):
            end = i
            while end - 1 > start and reader.doc[end - 1].pos_ in ("ADP", "DET", "PUNCT", "ADV", "CCONJ"):
                end -= 1
            break
    while start < end - 1 and not reader.doc[start].text[:1].isalnum():
        start += 1
    return start, end


_OFF = re.compile(r"\s(?:away|off|inland|offshore|outside|(?:north|south|east|west)(?:-?(?:east|west))?(?:ern)?)\b")
"""Matches `` north-east of Oslo``, not `` northerners``."""


def _far_off(reader: FiguresOfText, figure: Figure, span: Span) -> Token | None:
    """What lies so far off: "a planet 60 light-years away", "Vitebsk, 12 km west of the border"."""
    if not _OFF.match(reader.text, figure.amount.end):
        return None
    found = bound_before(reader.text, figure.amount.start)
    at = reader.tokens(found[1], found[1] + 1)[0] - 1 if found is not None else span[0] - 1
    is_aside = at > 0 and reader.doc[at].text == ","
    place = reader.doc[at - is_aside] if at >= 0 else None
    if place is None or place.pos_ not in (("NOUN", "PROPN") if is_aside else ("NOUN",)) or place.sent.start > span[0]:
        return None
    while place.dep_ == "flat" and place.head.i < place.i:
        place = place.head
    return place


@dataclass(frozen=True, slots=True)
class _About:
    """What a rule says that the figure is about: a phrase, or null for nothing."""

    phrase: Span | None


def _referent(asked: _Asked) -> Span | None:
    """What the figure is about; where that is another figure, what that one is about ("fell 2.7% to 7,031")."""
    if any(is_about_nothing(asked) for is_about_nothing in _ABOUT_NOTHING):
        return None
    told = next((told for rule in _ABOUT if (told := rule(asked)) is not None), None)
    return told.phrase if told is not None else _through_tree(asked)


def _is_step_in_time(asked: _Asked) -> bool:
    """As in "four balls later"."""
    return asked.is_counted and asked.word(0) in ("later", "earlier", "ago")


def _is_moved_to_place(asked: _Asked) -> bool:
    """As in "2 million to Poland", which is about those who went, and not about Poland."""
    doc, end = asked.reader.doc, asked.span[1]
    is_bare = asked.kind == "count" and asked.figure.noun is None and end + 1 < len(doc)
    return is_bare and doc[end].lower_ in ("to", "from") and doc[end + 1].pos_ == "PROPN"


def _is_owner(asked: _Asked) -> bool:
    """As in "the 33-year-old's car", which is not what is 33."""
    end = asked.figure.amount.end
    return asked.kind == "age" and asked.reader.text[end : end + 2] in ("'s", "’s")


_ABOUT_NOTHING: tuple[Callable[[_Asked], bool], ...] = (_is_step_in_time, _is_moved_to_place, _is_owner)


def _about_place(asked: _Asked) -> _About | None:
    """As in "a planet 60 light-years away", about the planet."""
    place = _far_off(asked.reader, asked.figure, asked.span) if asked.kind == "distance" else None
    return None if place is None else _About(asked.phrase(place))


def _about_name_before_sign(asked: _Asked) -> _About | None:
    """As in "Nasdaq +1.2%", about the Nasdaq."""
    if not asked.figure.amount.sign or asked.kind != "percent" or asked.span[0] == 0:
        return None
    named = asked.reader.doc[asked.span[0] - 1]
    is_name = named.text[:1].isalpha() and named.pos_ not in ("ADP", "VERB", "CCONJ", "AUX", "ADV")
    return _About(asked.phrase(named)) if is_name else None


_EACH = re.compile(r"\s(?:each|apiece)\b")


def _about_each(asked: _Asked) -> _About | None:
    """As in "sold 12 boats for $5m each", about the boats."""
    reader, amount = asked.reader, asked.figure.amount
    if asked.kind != "money" or not _EACH.match(reader.text[amount.end : amount.end + 8]):
        return None
    counted = next((o for o in reversed(reader.found) if o.amount.end <= amount.start and o.noun is not None), None)
    if counted is None or counted.noun is None or counted.noun.sent != reader.doc[asked.span[0]].sent:
        return None
    return _About(noun_phrase(reader.doc, counted.noun, counted.tokens))


def _about_same_list(asked: _Asked) -> _About | None:
    """As in "50 bags of rice and 38", about what the figure that owns the noun is about."""
    noun = asked.figure.noun
    owner = asked.reader.owners.get(noun.i) if noun is not None and not asked.is_counted else None
    return None if owner is None or owner is asked.figure else _About(owner.referent)


def _about_noun_before(asked: _Asked) -> _About | None:
    """As in "his soldiers, at least 30,000", about the soldiers."""
    noun = asked.figure.noun
    if noun is None or asked.is_counted or noun.i >= asked.span[0] or asked.figure.head.head.i != noun.i:
        return None
    return _About(asked.phrase(noun))


_ABOUT: tuple[Callable[[_Asked], _About | None], ...] = (
    _about_place,
    _about_name_before_sign,
    _about_each,
    _about_same_list,
    _about_noun_before,
)


def _through_tree(asked: _Asked) -> Span | None:
    """The phrase of the noun that the dependency tree leads to."""
    reader, span, head = asked.reader, asked.span, asked.head
    about = moved(reader.doc, span[0], reader.owners) or referent_of(
        reader.doc, head, span, asked.is_counted, asked.kind
    )
    if about is None or (asked.is_counted and holds(about, span)):
        return None
    about = measured(about, span)
    other = reader.owners.get(about.i)
    if other is not None:
        return _of_figure(asked, about, other)
    phrase = asked.phrase(about)
    return phrase if phrase is None else _with_cost(reader.doc, phrase, about, head, span)


def _of_figure(asked: _Asked, about: Token, other: Figure) -> Span | None:
    """What the figure is about where the tree leads to a noun that another figure counts."""
    figure, doc = asked.figure, asked.reader.doc
    if other.amount.kind == "age" and other.amount.start > figure.end and other.end == about.idx + len(about):
        return other.tokens  # "20% of 14 year olds"
    if other is figure or other.amount.start > figure.amount.start:
        return None
    is_beside = _is_beside(asked, about)
    is_its_noun = not is_beside and other.noun is not None and other.noun.i == about.i
    if asked.is_counted:
        if is_beside:
            return None
        if asked.kind in ("count", "vague_count"):
            return noun_phrase(doc, about, other.tokens) if is_its_noun and other.amount.kind == "count" else None
    if other.amount.kind == "fraction" and other.noun is not None:
        return noun_phrase(doc, other.noun, other.tokens)
    return other.referent or (noun_phrase(doc, about, other.tokens) if is_its_noun else None)


def _is_beside(asked: _Asked, about: Token) -> bool:
    """Whether the figure stands in a list or aside with what the tree leads to: "12 boats, 3 of them new"."""
    in_list = {asked.head.dep_, asked.figure.head.dep_} & {"conj", "appos", "parataxis", "list"}
    return bool(in_list) or (asked.head.dep_ == "nmod" and asked.head.head.i == about.i)


def _through_noun(reader: FiguresOfText, figure: Figure, noun: Token) -> int:
    """Where the span ends when the counted noun directly follows: "33 alleged mercenaries", "dozens of flats"."""
    text, amount = reader.text, figure.amount
    between = text[amount.end : noun.idx]
    if noun.i - figure.tokens[1] > 5 or any(c in between for c in ",;()") or any(c.isdigit() for c in between):
        return amount.end
    if any(reader.owners.get(i) not in (None, figure) for i in range(figure.tokens[1], noun.i)):
        return amount.end  # "seven" of "seven or eight hours"
    return noun.idx + len(noun)


_AGO = re.compile(r"\s(?:ago|before|earlier)\b")


def _modifier(reader: FiguresOfText, figure: Figure) -> str | None:
    amount, text = figure.amount, reader.text
    found = bound_before(text, amount.start)
    if amount.kind == "duration" and _AGO.match(text, figure.end) and found is not None and found[0] != "approx":
        found = None  # "lower than a year ago"
    if found is not None:
        token = reader.doc[reader.tokens(found[1], found[1] + 1)[0]]
        if not (token.tag_ == "RP" and token.dep_ == "compound:prt") or (
            found[0] == "at_most" and token.head.lemma_.lower() not in _UP_TO
        ):
            return found[0]
    return (
        bound_after(text, amount.number_end)
        or bound_after(text, figure.end)
        or (bound_after(text, amount.end) if amount.end != figure.end else None)
        or ("at_least" if "+ " in text[amount.number_start : amount.number_end] else None)
    )


def _row(reader: FiguresOfText, figure: Figure) -> Row:
    amount, text, document = figure.amount, reader.text, reader.parsed.document
    start, end = amount.start, figure.end
    referent = figure.referent
    about: Span | None = None
    if referent is not None:
        tokens = [t for t in reader.doc[referent[0] : referent[1]] if not t.is_space]
        if tokens:
            about = (tokens[0].idx, tokens[-1].idx + len(tokens[-1]))
    unit_text = amount.unit_text
    if unit_text is None and figure.noun is not None and figure.noun.i >= figure.tokens[1]:
        unit_text = figure.noun.text
    value = None if amount.form == "share" else float(amount.value)
    value_max = None if amount.upper is None else float(amount.upper)
    return {
        "figure_id": span_id(document.document_id, "figures", start, end),
        "document_id": document.document_id,
        "sentence_id": reader.parsed.sentence_at(start).sentence_id,
        "start_char": start,
        "end_char": end,
        "text": text[start:end],
        "value": value,
        "value_max": value_max,
        "unit": amount.unit,
        "unit_text": unit_text,
        "unit_basis": unit_basis(amount.unit, amount.kind, unit_text),
        "kind": amount.kind,
        "modifier": figure.modifier,
        "change": figure.change,
        "part": None,
        "referent": text[about[0] : about[1]] if about else None,
        "referent_start_char": about[0] if about else None,
        "referent_end_char": about[1] if about else None,
        **canonical(value, value_max, amount.unit, amount.kind),
        "rule": _rule(figure),
        "claim_id": None,
        "quantity_id": None,
        "is_chrome": reader.parsed.kind_at(start) == "chrome",
    }
