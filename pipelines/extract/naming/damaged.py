"""Names in words whose letters are damaged (``LukaÅ¡enka``, a Cyrillic letter in a Latin word): read as repaired, marked as they stand."""

import re
from bisect import bisect_right, insort
from dataclasses import replace

from pipelines.damage import DECODED_WRONGLY, MIXED_WORD, clean
from pipelines.extract.naming.capitals import SURNAME
from pipelines.extract.naming.edges import Span, touching
from pipelines.extract.naming.gazetteer import known_type, place_kind
from pipelines.lexicon.given_names import is_given_name
from pipelines.lexicon.plain import plain

AROUND = r"[\w\u0080-\u00a9\u00ab-\u00ba\u0152-\u02dc\u2014\u2020-\u2022\u2030\u20ac\u2122]"
WRONG_WORD = re.compile(f"(?<!{AROUND}){AROUND}*{DECODED_WRONGLY.pattern}{AROUND}*")
"""A word with letters decoded wrongly, from where it begins: looked for behind each letter, an endless one takes for ever."""


def repaired(text: str, spans: list[Span]) -> list[Span]:
    """The spans (in order), whole where they stopped inside a damaged word, and the damaged words that are names themselves.

    A damaged word is a name when its repaired form is one elsewhere in the text, when lists know it, or when it ends as
    surnames do.
    """
    if text.isascii():
        return spans
    found = list(spans)
    names: dict[str, str] | None = None
    for match in sorted((*WRONG_WORD.finditer(text), *MIXED_WORD.finditer(text)), key=lambda match: match.start()):
        start, end = match.span()
        word = clean(match[0])
        if word == match[0] or not word[:1].isupper() or DECODED_WRONGLY.search(word):
            continue
        held = touching(found, start, end)
        if held:
            whole = replace(held[0], start=min(start, held[0].start), end=max(end, held[-1].end))
            at = bisect_right(found, start, key=lambda span: span.end)
            found[at : at + len(held)] = [whole]
            continue
        if names is None:
            names = _names(text, spans)
        label = names.get(plain(word)) or known_type(word) or ("LOC" if place_kind(word) else None)
        if label is None and SURNAME.search(plain(word)) and len(word) > 4:
            label = "PERSON"
        if label:
            before = touching(found, start - 1, start)
            given = before and before[0].end == start - 1 and is_given_name(text[before[0].start : before[0].end])
            if given and text[start - 1] == " ":
                found[bisect_right(found, start - 1, key=lambda span: span.end) - 1] = replace(
                    before[0], end=end, label="PERSON"
                )
            else:
                insort(found, Span(start, end, label, 0.6))
    return found


def _names(text: str, spans: list[Span]) -> dict[str, str]:
    """The labels of the names in a text, and of the last words of its people, by their repaired plain form."""
    labels: dict[str, str] = {}
    for span in spans:
        name = plain(clean(text[span.start : span.end]))
        labels.setdefault(name, span.label)
        if span.label == "PERSON" and " " in name:
            labels.setdefault(name.rsplit(" ", 1)[1], "PERSON")
    return labels
