"""What a figure is about that only goes on from the figure before it: a restatement, a comparison, a list with gaps.

"$2.9 billion, or 29 cents a share, compared with $2.5 billion" is about one thing throughout; "Ivanova got 51%, Orlov
by contrast 40%" is about Orlov. Read off the words between the two figures, because parsers err most where words are
left out.
"""

import re

from pipelines.extract.counted import Figure, Reader
from pipelines.extract.referents import Span, noun_phrase

_ROUGHLY = r"(?:(?:about|around|roughly|approximately|nearly|almost|just|only|some|at least|more than|less than) )?"
RESTATED = re.compile(rf" \(|,? / |,? or {_ROUGHLY}")
"""What stands between a figure and the same in other words: "6.4 billion yuan ($887 million)", "$3m, or 22 cents a share"."""
_COMPARED = re.compile(
    r"(?: (?:in|for|a|an|last|the|during|on|at|per|this) [^.;:$€£%()]{1,30}?)?"
    rf",? (?:compared (?:with|to)|as against|against|versus|vs\.?|up from|down from|instead of|rather than) {_ROUGHLY}"
)
_GAPPED = re.compile(
    r"[^,;.:()$€£%]{0,30}(?:,|;|,? and|,? while|,? but) (?:and |while |but )?"
    r"(?P<name>(?:the )?[A-Z][\w.'’&-]*(?: [A-Z][\w.'’&-]*){0,3}?)"
    rf"(?: (?:at|by|with|on|to|got|had|took|won|polled|scored))? {_ROUGHLY}"
)
_OF_ITS_OWN = re.compile(r" (?:of|in) (?:the |its |their |his |her |all |our )?[^\W\d_]")


def shared_referent(reader: Reader, figure: Figure, before: Figure | None) -> Span | None:
    """The tokens of what the figure is about, where the figure before tells it; null where the tree must say."""
    if before is None or before.amount.start >= figure.amount.start or not reader.has_tree:
        return None
    amount, text = figure.amount, reader.text
    gap = (before.end, amount.start)
    is_measure = amount.kind not in ("count", "vague_count", "age", "fraction", "duration")
    if gap[1] - gap[0] > 80 or _OF_ITS_OWN.match(text, figure.end):
        return None
    if text[slice(*gap)] == " (" and amount.kind == "percent" and before.amount.kind == "count":
        noun = before.noun
        counted = reader.owners.get(noun.i, before) if noun is not None else before
        return noun_phrase(reader.doc, noun, counted.tokens) if noun is not None else None
    is_same = before.amount.kind == amount.kind
    if is_measure and RESTATED.fullmatch(text, *gap) and (is_same or before.amount.kind != "duration"):
        return before.referent
    if not is_same:
        return None
    if is_measure and _COMPARED.fullmatch(text, *gap):
        return before.referent
    named = _GAPPED.fullmatch(text, *gap)
    if named is None or reader.in_time(named.start("name")) or figure.noun is not None:
        return None
    first, last = reader.tokens(named.start("name"), named.end("name"))
    return (
        (first, last) if all(t.pos_ in ("PROPN", "NOUN", "ADJ", "DET", "X") for t in reader.doc[first:last]) else None
    )
