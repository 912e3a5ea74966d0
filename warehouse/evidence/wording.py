"""Rows in plain words: amounts, days, who says it and how."""

from collections.abc import Mapping
from datetime import date
from typing import Any

Row = Mapping[str, Any]

BOUNDS = {
    "approx": "about",
    "at_least": "at least",
    "at_most": "at most",
    "more_than": "more than",
    "less_than": "less than",
}
CHANGES = {"up": "a rise", "down": "a fall"}
MENTION_TYPES = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "country, region or city",
    "LOC": "place",
    "NORP": "people by nation, faith or politics",
    "FAC": "building or site",
    "EVENT": "event",
    "PRODUCT": "product",
    "WORK": "work",
}
SOURCE_KINDS = {
    "named": "named in the text",
    "outlet": "an outlet",
    "anonymous": "not named",
    "group": "a group",
    "document": "a document",
    "author": "the author's own voice",
    "unknown": "the text does not say who",
}
CLAIM_KINDS = {
    "direct": "in quotation marks",
    "indirect": "in the writer's words",
    "mixed": "partly in quotation marks",
    "assertion": "stated by the author",
}
ACTS = {"speech": "said", "thought": "thought", "attitude": "felt or wished"}
STATUSES = {
    "said": "said",
    "denied": "the text says it was not said",
    "possible": "only perhaps said",
    "future": "not said yet",
    "hypothetical": "only supposed to be said",
}
STANCES = {
    "asserts": "asserted",
    "denies": "denied",
    "doubts": "doubted",
    "asks": "asked",
    "promises": "promised",
    "hedges": "said to be possible",
}
ANCHORS = {
    "explicit": "as written",
    "publication": "counted from the day of publication",
    "context": "counted from another date of the text",
    "event": "hangs on an event without a date",
    "none": "not resolved",
}
AGREEMENTS = {
    "single": "one figure that is held",
    "agree": "all agree",
    "differ": "they differ",
    "vague": "numbers beside vague words",
}


def number(value: float | None) -> str:
    """A number in full, thousands separated; empty when there is none."""
    if value is None:
        return ""
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.6g}" if 1e-4 <= abs(value) < 1e15 else f"{value:g}"


def amount(row: Row) -> str:
    """A figure's normalised amount: ``at least 90 percent``, ``80 to 90 soldier``, ``0.75 of voter (75 percent)``, ``no number (resident)``."""
    if row["value"] is None:
        return f"no number ({row['unit']})" if row["unit"] else "no number"
    if row["value_max"] is not None:
        words = f"{number(row['value'])} to {number(row['value_max'])}"
    else:
        words = number(row["value"])
    if row["modifier"]:
        words = f"{BOUNDS.get(row['modifier'], row['modifier'])} {words}"
    if row["kind"] == "fraction":
        words += f" of {row['unit']}" if row["unit"] else ""
        words += "" if row["value_max"] is not None else f" ({number(100 * row['value'])} percent)"
    elif row["unit"]:
        words = f"{words} {row['unit']}"
    if row["change"]:
        words = f"{CHANGES.get(row['change'], row['change'])} of {words}"
    return words


def day(value: date | None) -> str:
    """A day: ``16 March 2022``; empty when there is none."""
    return f"{value.day} {value:%B} {value.year}" if value is not None else ""


def said_on(claim: Mapping[str, Any]) -> str:
    """When a claim was said: its days, or the words of the text where they leave the year open; empty when not told."""
    known = days(claim["said_on_start"], claim["said_on_end"])
    if known or not claim.get("said_on_words"):
        return known
    return f"{claim['said_on_words']} (the text leaves the year open)"


def days(start: date | None, end: date | None) -> str:
    """A calendar interval, shortest plain form: a day, a month, a year, or from and to; empty when there is none."""
    if start is None and end is None:
        return ""
    if start is None:
        return f"until {day(end)}"
    if end is None:
        return f"from {day(start)} on"
    if start == end:
        return day(start)
    if start.day == 1 and start.year == end.year:
        if (start.month, end.month, end.day) == (1, 12, 31):
            return str(start.year)
        if start.month == end.month and end.day == _last_day(end):
            return f"{start:%B} {start.year}"
    return f"{day(start)} to {day(end)}"


def _last_day(value: date) -> int:
    following = date(value.year + value.month // 12, value.month % 12 + 1, 1) if value < date(9999, 12, 1) else None
    return 31 if following is None else (following - date(value.year, value.month, 1)).days


def published(document: Row) -> str:
    """When a document was published, and how that is known."""
    basis = {"metadata": "its record says so", "text": "its text says so", "inferred": "inferred"}
    why = basis.get(document["published_basis"] or "")
    if document["published_on"] is not None:
        words = day(document["published_on"])
    elif document["published_earliest_on"] is not None or document["published_latest_on"] is not None:
        words = "some day of " + days(document["published_earliest_on"], document["published_latest_on"])
    else:
        return "not known"
    return f"{words} ({why})" if why else words


def speaker(claim: Row) -> str:
    """Who a claim is of: the entity's name, else the words of the text, else what is known of the source.

    Reads ``speaker_name`` (of the entity), ``source_text``, ``source_kind``, and ``author`` and ``publisher`` of the document.
    """
    if claim["speaker_name"]:
        return str(claim["speaker_name"])
    if claim["source_kind"] == "author":
        return str(claim["author"] or claim["publisher"] or "the author")
    return str(claim["source_text"] or "not said by whom")


def manner(claim: Row) -> str:
    """How it was said: kind, act, what makes it uncertain."""
    words: list[str] = [CLAIM_KINDS[claim["kind"]]]
    if claim["act"] != "speech":
        words.append(ACTS[claim["act"]])
    words += standing(claim)
    if claim["confidence"] < 1:
        words.append(f"source sure to {claim['confidence']:.0%}")
    return ", ".join(words)


def standing(claim: Row) -> list[str]:
    """What parts a claim from one that was said and is asserted: its stance, its status; empty where nothing does.

    Also for a figure that stands in a claim, by the claim's status and stance; null for one that stands in none.
    """
    stance, status = claim["stance"] or "asserts", claim["status"] or "said"
    return [STANCES[stance]] * (stance != "asserts") + [STATUSES[status]] * (status != "said")


def plural(count: int, noun: str) -> str:
    """``1 figure``, ``2 figures``, ``3 entities``."""
    if count == 1:
        return f"1 {noun}"
    return f"{count:,} " + (f"{noun[:-1]}ies" if noun.endswith("ty") else f"{noun}s")
