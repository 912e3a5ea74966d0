"""Other names that a text gives a name itself: a gloss in brackets (``Izvestia (News)``), a handle (``Charter 97 (@charter_97)``)."""

import re
from collections.abc import Iterable

from anyascii import anyascii

from pipelines.extract.naming.edges import ACRONYM, Span
from pipelines.extract.naming.gazetteer import is_demonym, known_type, place_kind, types_beside
from pipelines.lexicon.given_names import is_given_name

GLOSS = re.compile(r" \([\"“«]?(?P<gloss>[A-Z][\w'’-]*(?: (?:[A-Z][\w'’-]*|of|the|and|for|in|on)){0,5})[\"”»]?\)")
"""Matches `` (“Zubrin Bank”)``, not `` (a bank)``."""
HANDLE = re.compile(r"(?<![\w@./])@(?P<handle>\w{3,30})(?![\w@]|\.\w)")
ADDITIONS = re.compile(r"(?:tv|news|media|official|online|live|info|org|by|en|eu|ru|ua|pl|the)$")
"""What an account adds to the name it stands for. Matches ``zubrinnews``, not ``zubrinlamp``."""


def glosses(text: str, spans: Iterable[Span]) -> list[tuple[Span, Span]]:
    """Names of bodies with the translation in brackets behind them, where a word says what the body is or lists know it.

    ``the newspaper Izvestia (News)``, ``the party Yedinaya Rossiya (United Russia)``; but not the place or person that may stand
    there as well: ``Süddeutsche Zeitung (Germany)``.
    """
    found = []
    for span in spans:
        match = GLOSS.match(text, span.end) if span.label == "ORG" else None
        if match is None:
            continue
        gloss = match["gloss"]
        first = gloss.split()[0]
        known = known_type(text[span.start : span.end]) is not None
        told = any(
            label == "ORG" and weight > 1
            for label, weight in types_beside(text[max(0, span.start - 30) : span.start], "")
        )
        other = ACRONYM.match(gloss) or place_kind(gloss) or is_demonym(gloss) or is_given_name(first)
        if (told or (known and " " in gloss)) and not other:
            found.append((span, Span(match.start("gloss"), match.end("gloss"), span.label, 0.7)))
    return found


def handles(text: str, spans: Iterable[Span]) -> list[tuple[Span, Span]]:
    """Names with the handle that is theirs: in brackets behind the name, or of the same letters (``@nexta_tv``, Nexta)."""
    matches = list(HANDLE.finditer(text))
    if not matches:
        return []
    ordered = list(spans)
    by_end = {span.end: span for span in ordered}
    by_letters: dict[str, Span] = {}
    for span in ordered:
        by_letters.setdefault(_letters(text[span.start : span.end]), span)
    found = []
    for match in matches:
        letters = _letters(match["handle"])
        bracketed = by_end.get(match.start() - 2) if text[match.start() - 2 : match.start()] == " (" else None
        name = bracketed or by_letters.get(letters) or by_letters.get(ADDITIONS.sub("", letters))
        if name is not None and name.label in ("PERSON", "ORG") and len(letters) > 3:
            found.append((name, Span(match.start(), match.end(), name.label, 0.7)))
    return found


def _letters(name: str) -> str:
    return "".join(c for c in anyascii(name).casefold() if c.isalpha())
