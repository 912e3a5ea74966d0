"""What each lexicon may hold: its columns, the values they allow, and what makes a row unique.

    python -m pipelines.lexicon.checked        # every file of seeds/lexicon; one line a fault, with file, line and column

``entries`` asks for the columns when it reads a file; the whole is checked by the tests, which also run the examples. As in
rigour's resources and Duckling's corpora, a row carries an example; where its form has another sense, ``other_senses`` has a
sentence in which it must not fire.
"""

import csv
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parents[2] / "seeds" / "lexicon"


class Kind(NamedTuple):
    """What a cell may hold: ``what`` says it in a message, ``holds`` tests it."""

    what: str
    holds: Callable[[str], bool]


class Lexicon(NamedTuple):
    """The columns of a file besides form, example and source, in any order, and the columns that no two rows share together."""

    columns: Mapping[str, Kind]
    key: tuple[str, ...] = ("form",)
    source: str = "own|ours"


def one_of(values: str) -> Kind:
    """A closed list, its values apart by ``|``; an empty one among them where a cell may be empty."""
    allowed = frozenset(values.split("|"))
    told = ", ".join(sorted(allowed - {""})) + (", or nothing" if "" in allowed else "")
    return Kind(f"one of {told}", allowed.__contains__)


def written(pattern: str, what: str) -> Kind:
    """Text of a shape."""
    shape = re.compile(pattern)
    return Kind(what, lambda cell: shape.fullmatch(cell) is not None)


TEXT = Kind("words, without white space around them", lambda cell: bool(cell) and cell == cell.strip())
ANY = Kind("anything", lambda _: True)
NUMBER = written(r"-?\d+(?:\.\d+)?(?:/\d+)?|X|", "a number, a fraction, X or nothing")
COUNTRY = written(r"[a-z]{2,4}(?:-[a-z0-9]{1,3})?|", "a code of ISO 3166 in small letters, as ru or us-tx, or nothing")
CURRENCY = written(r"[A-Z]{3}|[a-z]+(?: [a-z]+)*", "a code of ISO 4217, or the word that several countries share")
MONTH_DAY = written(r".+", "a day as 12-25, or the rule of a moving feast")
YES = one_of("yes|")
TYPE = "PERSON|ORG|GPE|LOC|NORP|FAC|EVENT|PRODUCT|WORK"
LANGUAGE = written("[a-z]{2}", "a code of ISO 639 with two letters")
FRAMES = written(r"[a-z]+(?:-[a-z]+)*(?: [a-z]+(?:-[a-z]+)*)*", "frames, as in t n p-about")
NAMED = {"value": TEXT}
OF_WHAT = "own|ours|ISO|CLDR|rigour"


def _of(values: str, key: tuple[str, ...] = ("form",), **more: Kind) -> Lexicon:
    return Lexicon({"value": one_of(values), **more}, key)


BY_MEANING = ("form", "value")
LEXICONS: Mapping[str, Lexicon] = {
    "acronyms": Lexicon(NAMED, BY_MEANING),
    "body_words": _of("company|group|media|state|team"),
    "bounds": _of("approx|at_least|at_most|less_than|more_than", ("form", "value", "position"), position=one_of("after|before")),
    "capitals": Lexicon({"value": COUNTRY}),
    "changes": _of("up|down|", ("form", "kind"), kind=one_of("adverb|done_to|measure|noun|phrasal|verb")),
    "chrome": _of(
        "act|byline|counter|credit|forbids|header|label|member|notice|op_ed|open|page|part|particle|rank|reply|rights|root|section|stamp|stock|topic|whole",
        BY_MEANING,
    ),
    "claim_words": _of("aired|degree|doubt|evidence|female_title|handling|holding|issuing|light|linking|male_title|negation|past_role|place|says_little|some|venue", BY_MEANING),
    "common_surnames": _of("common"),
    "cue_acts": Lexicon({"value": written("[a-z-]+", "a lemma, or a kind of things")}, BY_MEANING),
    "currencies": Lexicon({"value": CURRENCY, "kind": one_of("code|code_after|symbol|word")}, ("form", "value", "kind"), OF_WHAT),
    "date_modifiers": _of("APPROX|END|EQUAL_OR_LESS|EQUAL_OR_MORE|LESS_THAN|MID|MORE_THAN|START", kind=one_of("amount|edge|part")),
    "date_numbers": Lexicon({"value": NUMBER, "kind": one_of("cardinal|fraction|ordinal|scale|tens|vague")}),
    "date_steps": _of("-1|0|1", anchor=one_of("context|publication")),
    "date_words": Lexicon({"value": written(r"(?:day|NI|week|month|year)[+-]\d+|(?:FUTURE|PAST|PRESENT)_REF", "a step as day-1, or a reference as PAST_REF")}),
    "dated_events": Lexicon({"value": written(r"\d{4}-\d\d-\d\d", "a day as 2001-09-11")}, BY_MEANING),
    "dayparts": _of("00:00|12:00|AF|DT|EV|MI|MO|NI"),
    "demonyms": Lexicon({"value": COUNTRY}),
    "diminutives": Lexicon(NAMED, BY_MEANING),
    "doubtful_places": _of("none|person"),
    "east_asian_surnames": _of("Chinese|Korean", BY_MEANING, read_as=written("[a-z]*", "a reading in small letters, or nothing")),
    "eras": _of("AD|BC"),
    "event_words": _of("EVENT|PLACE"),
    "figure_words": _of("aged|beating|before_article|coming|cricket|each|ends_in_s|frame|goods|heads|holder|idiom|measure|no_count|of_a_share|of_age|period|plural_without_s|price|reached|says_nothing|size|span|step|taking|telling|up_to|warmth", BY_MEANING),
    "first_names": _of("given"),
    "frequencies": Lexicon({"value": written(r"PT?\d+[DHMWY]", "a TIMEX3 duration, as P1D")}),
    "function_words": Lexicon({"value": LANGUAGE}, BY_MEANING),
    "future_words": _of("FUTURE"),
    "given_names": Lexicon(NAMED, BY_MEANING),
    "group_words": _of("noun|pronoun"),
    "holidays": Lexicon({"value": MONTH_DAY}),
    "known_names": _of("ORG"),
    "label_words": _of("LABEL"),
    "look_alikes": Lexicon(NAMED),
    "metonyms": Lexicon({"value": COUNTRY}),
    "months": Lexicon({"value": written("[1-9]|1[0-2]", "the number of a month"), "ambiguous": one_of("word|name|")}),
    "name_contexts": Lexicon(
        {"value": one_of(TYPE), "side": one_of("after|before"), "weight": written(r"\d(?:\.\d)?", "a weight, as 1.5")},
        ("form", "value", "side"),
    ),
    "name_words": _of("area|article|body|direction|form|generic|half|no_name|of|opening|particle|shared|ship|ship_or_else|small|state|two_peoples|unit|us_state", BY_MEANING),
    "no_names": _of("degree|deity|exclamation|head|role|thing"),
    "numbered": _of("capitalised|label"),
    "numeral_idioms": _of("one"),
    "numerals": Lexicon({"value": NUMBER, "kind": one_of("denominator|dozen|glyph|hundred|ones|scale|several|suffix|teens|tens|vague")}),
    "organisation_forms": _of("dotted|end|legal form|tail|word", BY_MEANING),
    "organisation_names": Lexicon(NAMED),
    "organisation_words": _of("EVENT|FAC|GPE|LOC|ORG", sure=YES),
    "other_senses": Lexicon({"value": written("[a-z_]+", "the name of a lexicon"), "pos": one_of("adjective|noun|verb|")}, ("form", "value", "pos", "example")),
    "outlets": _of("name|word"),
    "person_names": Lexicon(NAMED),
    "person_words": _of("any|he|she", kind=one_of("description|office|relation")),
    "place_names": Lexicon(NAMED),
    "place_words": Lexicon({"value": written("[a-z]+", "one word in small letters")}),
    "products": _of("maker|product"),
    "pronoun_names": _of("he|she", also=one_of("body|place|surname|word|")),
    "quantity_words": Lexicon(
        {"value": written("[a-z]*", "one word in small letters, or nothing"), "kind": one_of("frame|hollow|indicator|negation|neutral|populace|stance|topic")},
        ("form", "value", "kind"),
    ),
    "question_words": _of("function", BY_MEANING),
    "regions": _of("FAC|GPE|LOC"),
    "seasons": _of("12|3|6|9", ambiguous=YES),
    "speakers": _of("document|leader|organisation|outlet|source"),
    "speech_cues": _of(
        "attitude|speech|thought",
        ("form", "value", "pos", "frames", "stance"),
        pos=one_of("adjective|noun|verb"),
        frames=FRAMES,
        stance=one_of("asks|denies|doubts|promises|"),
    ),
    "territories": Lexicon(
        {"value": written(r"[a-z]{1,4}(?:-[a-z0-9]{1,4})?", "a code of ISO 3166 in small letters, or one of ours"), "kind": one_of("country|historical|historical_country|part"), "full_name": TEXT, "in_sentence": TEXT, "places": ANY},
        source=OF_WHAT,
    ),
    "territory_names": Lexicon({"value": COUNTRY}, source=OF_WHAT),
    "things": _of("body|building|device|fee|food|luggage|paper|person|prize|sport|toll|vehicle|work", BY_MEANING),
    "time_contexts": _of("after_date|at_a_period|at_a_time|before_date|before_day|before_far_year|before_month_and_day|before_noun|before_numbers|before_over|before_short_year|before_year|counted|denial|in_time|owner|weather", BY_MEANING),
    "time_units": _of("century|day|decade|fortnight|hour|millennium|minute|month|night|quarter|second|week|weekend|year", number=one_of("plural|")),
    "time_zones": Lexicon({"value": written(r"[+-]\d\d:\d\d|Z|", "an offset from UTC, Z, or nothing")}),
    "titles": _of("honorific|rank|role|role-part"),
    "units": Lexicon(
        {"value": TEXT, "kind": one_of("age|area|count|distance|duration|mass|money|multiple|other|percent|rate|speed|temperature"), "style": one_of("attached|symbol|word")}
    ),
    "weekdays": Lexicon({"value": written("[1-7]", "the number of a weekday, Monday 1"), "number": one_of("plural|"), "ambiguous": YES}),
    "word_spellings": Lexicon({"value": TEXT}),
    "year_words": Lexicon({"kind": one_of("capacity|count|singular|yearly")}),
}  # fmt: skip
"""A lexicon for each file; ``overrides`` holds people's decisions, and ``resolve.overrides`` reads it."""


def faults_in(name: str, text: str) -> Iterator[str]:
    """What is wrong with a lexicon of this name, a sentence each, with the line in the file."""
    lexicon = LEXICONS.get(name)
    if lexicon is None:
        yield f"{name}.csv has no place in pipelines/lexicon/checked.py: say there what its columns may hold."
        return
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if not line.startswith("#")]
    wanted = {
        "form": TEXT,
        "example": TEXT,
        "source": written(rf"(?:{lexicon.source})\b.*", "where it is from, as own"),
        **lexicon.columns,
    }
    header = next(csv.reader(line for _, line in lines), [])
    missing, odd = wanted.keys() - set(header), set(header) - wanted.keys()
    if missing or odd:
        told = [f"lacks {', '.join(sorted(missing))}"] * bool(missing) + [f"has {', '.join(sorted(odd))}"] * bool(odd)
        yield f"{name}.csv {' and '.join(told)}: its columns are {', '.join(wanted)}."
        return
    seen: dict[tuple[str, ...], int] = {}
    for number, line in lines[1:]:
        cells = next(csv.reader([line]), [])
        if len(cells) != len(header):
            yield f"{name}.csv, line {number} has {len(cells)} cells, and there are {len(header)} columns: put what has a comma in it in quotation marks."
            continue
        row = dict(zip(header, cells, strict=True))
        for column, kind in wanted.items():
            if not kind.holds(row[column]):
                yield f"{name}.csv, line {number}, column {column}: {row[column]!r} is not {kind.what}."
        key = tuple(row[column] for column in lexicon.key)
        if key in seen:
            yield f"{name}.csv, line {number} has the {' and '.join(lexicon.key)} of line {seen[key]}: keep one of them."
        seen.setdefault(key, number)


def main() -> int:
    """Prints what is wrong with the lexicons; 1 when anything is."""
    told = [
        fault
        for path in sorted(FOLDER.glob("*.csv"))
        if path.stem != "overrides"
        for fault in faults_in(path.stem, path.read_text("utf-8"))
    ]
    sys.stdout.write("".join(f"{line}\n" for line in told) or "All lexicons are in order.\n")
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(main())
