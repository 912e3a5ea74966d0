"""What a figure is about that only goes on from the figure before it: a restatement, a comparison, a list with gaps.

"$2.9 billion, or 29 cents a share, compared with $2.5 billion" is about one thing throughout; "Ivanova got 51%, Orlov
by contrast 40%" is about Orlov. Read off the words between the two figures, because parsers err most where words are
left out.
"""

import re

from pipelines.extract.amounts.figure import Figure, FiguresOfText
from pipelines.extract.amounts.referents import Span, noun_phrase

_ROUGHLY = r"(?:(?:about|around|roughly|approximately|nearly|almost|just|only|some|at least|more than|less than) )?"
RESTATED = re.compile(rf" \(|,? / |,? or {_ROUGHLY}")
"""What stands between a figure and the same in other words: "6.4 billion yuan ($887 million)", "$3m, or 22 cents a share"."""
_COMPARED = re.compile(
    r"(?: (?:in|for|a|an|last|the|during|on|at|per|this) [^.;:$€£%()]{1,30}?)?"
    rf",? (?:compared (?:with|to)|as against|against|versus|vs\.?|up from|down from|instead of|rather than) {_ROUGHLY}"
)
"""Matches `` in May, compared with 40``, not `` in May, 40``."""
_GAPPED = re.compile(
    r"[^,;.:()$€£%]{0,30}(?:,|;|,? and|,? while|,? but) (?:and |while |but )?"
    r"(?P<name>(?:the )?[A-Z][\w.'’&-]*(?: [A-Z][\w.'’&-]*){0,3}?)"
    rf"(?: (?:at|by|with|on|to|got|had|took|won|polled|scored))? {_ROUGHLY}"
)
"""Matches `` lamps, and Norlift got 40``, not `` lamps and 40``."""
_LISTED = re.compile(
    rf" (?:to|in|from|for|at|by|on) (?:the )?[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){{0,2}}(?:,| and|, and) {_ROUGHLY}"
)
"""Matches `` to Oslo, 40``, not `` to them, 40``."""
_JOINED = re.compile(rf",? (?:and|or) {_ROUGHLY}")
_LABEL = re.compile(
    r"^[ \t•*–—-]*(?P<label>[^\W\d_][^:\n]{1,60}?):[ \t]*(?:(?:about|around|over|up to|some|~|approx\.?) ?)?$",
    re.MULTILINE,
)
"""Matches ``Lamps sold: about ``, not ``Lamps sold about ``."""
_OF_ITS_OWN = re.compile(
    r" (?:of|in|\w+ed (?:from|on|in|for)|(?:lost|spent|made) (?:from|on|in|for)) (?:the |its |their |his |her |all |our )?[^\W\d_]"
)
"""Matches `` of the lamps``, not `` quickly``."""


def shared_referent(reader: FiguresOfText, figure: Figure, before: Figure | None) -> tuple[bool, Span | None]:
    """Whether the figure before tells what the figure is about, and its tokens (null when that one is about nothing)."""
    if before is None or before.amount.start >= figure.amount.start or not reader.has_tree:
        return False, None
    amount, text = figure.amount, reader.text
    gap = (before.end, amount.start)
    is_measure = amount.kind not in ("count", "vague_count", "age", "fraction", "duration")
    if gap[1] - gap[0] > 80 or _OF_ITS_OWN.match(text, figure.end):
        return False, None
    if text[slice(*gap)] == " (" and amount.kind == "percent" and before.amount.kind == "count":
        noun = before.noun
        counted = reader.owners.get(noun.i, before) if noun is not None else before
        return noun is not None, noun_phrase(reader.doc, noun, counted.tokens) if noun is not None else None
    is_same = before.amount.kind == amount.kind
    if is_same and amount.kind == "percent" and _acts(reader, figure) and _shares(reader, before, figure):
        return True, before.referent
    if is_measure and RESTATED.fullmatch(text, *gap) and (is_same or before.amount.kind != "duration"):
        return before.referent is not None, before.referent
    if not is_same:
        return False, None
    if is_measure and (_COMPARED.fullmatch(text, *gap) or _JOINED.fullmatch(text, *gap)):
        return before.referent is not None, before.referent
    if figure.noun is None and before.noun is None and _LISTED.fullmatch(text, *gap):
        return True, before.referent  # "2 million to Poland, 400,000 to Russia"
    named = _GAPPED.fullmatch(text, *gap)
    if named is None or reader.in_time(named.start("name")) or figure.noun is not None:
        return False, None
    span = reader.tokens(named.start("name"), named.end("name"))
    return all(t.pos_ in ("PROPN", "NOUN", "ADJ", "DET", "X") for t in reader.doc[slice(*span)]), span


_ACTING = frozenset({"VBG", "VBD", "VBZ", "VBP", "MD", "VB"})
_OF_A_WHOLE = re.compile(r" of (?:the |all |its |their |those |these )?[^\W\d_]")


def _acts(reader: FiguresOfText, figure: Figure) -> bool:
    """Whether the share is of people who do something: "40% support her"."""
    last = figure.tokens[1]
    return last < len(reader.doc) and reader.doc[last].tag_ in _ACTING and reader.doc[last].pos_ in ("VERB", "AUX")


def _shares(reader: FiguresOfText, before: Figure, figure: Figure) -> bool:
    """Whether the share before is one of a whole that acts too: "46% of farmers would leave, and 36% would stay"."""
    same = reader.parsed.sentence_at(before.amount.start) is reader.parsed.sentence_at(figure.amount.start)
    near = reader.text[max(0, figure.amount.start - 12) : figure.amount.start].lower().split()
    goes_on = same or bool({"another", "other", "remaining", "further"} & {*near})
    return goes_on and (_OF_A_WHOLE.match(reader.text, before.end) is not None or _acts(reader, before))


def label_before(reader: FiguresOfText, figure: Figure) -> Span | None:
    """The words before a colon that begin the figure's line: "Growth rate: 3%"."""
    if figure.amount.kind in ("age", "duration") or figure.noun is not None:
        return None
    line = reader.text.rfind("\n", 0, figure.amount.start) + 1
    m = _LABEL.match(reader.text, line, figure.amount.start)
    if m is None:
        return None
    first, last = reader.tokens(m.start("label"), m.end("label"))
    return (first, last) if last - first <= 8 else None
