"""One JSON object to the names and values of a record, whatever else it holds.

The same on every Python: what is nested deeper than ``MOST_DEEP`` never reaches a parser, whose own limits differ.
"""

import json
import re
from typing import Any

from pipelines.ingest.files.record import Unusable

MOST_DEEP = 64
"""How deep lists and objects may stand in one another; those within are left out, for no metadata is so."""

TOKEN = re.compile(r'"(?:[^"\\]+|\\.)*+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)
"""A string (also one that is never closed), or the beginning or end of a list or object."""


class Pairs(list[tuple[str, Any]]):
    """The members of a JSON object in their order: a name may come twice."""


def json_fields(text: str, where: str) -> Pairs:
    """The members of the JSON object that a line holds. NaN and infinities are read, as Python writes them.

    Raises:
        Unusable: it is no JSON, or no object.
    """
    try:
        value = json.loads(_shallow(text), object_pairs_hook=_members, parse_int=_integer)
    except json.JSONDecodeError as error:
        problem = f"{error.msg.split(':')[0]}, at character {error.pos + 1:,}"
        raise Unusable(f"{where} is no valid JSON ({problem}): correct the line or take it out.") from None
    if not isinstance(value, Pairs):
        raise Unusable(
            f'{where} holds a JSON {_JSON_NAMES.get(type(value), "value")} and no object: write {{"text": "..."}}.'
        )
    return value


def _members(members: list[tuple[str, Any]]) -> Pairs:
    """The members of an object; objects within it are plain ones, for only the record's own names are asked for twice."""
    return Pairs((name, dict(value) if isinstance(value, Pairs) else value) for name, value in members)


_JSON_NAMES = {list: "array", str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


def _integer(digits: str) -> int | float:
    """The number; infinity for one of more than a thousand digits, which Python does not read or takes long to."""
    return int(digits) if len(digits) <= 1000 else float(digits)


def _shallow(text: str) -> str:
    """The same JSON with a string in place of every list or object that stands deeper than ``MOST_DEEP``."""
    if text.count("[") + text.count("{") <= MOST_DEEP:
        return text
    kept, depth, at = [], 0, 0
    for m in TOKEN.finditer(text):
        if m[0] in ("[", "{"):
            depth += 1
            if depth == MOST_DEEP + 1:
                kept += [text[at : m.start()], '"(nested deep)"']
        elif m[0] in ("]", "}"):
            if depth == MOST_DEEP + 1:
                at = m.end()
            depth -= 1
    return "".join(kept) + (text[at:] if depth <= MOST_DEEP else "")  # else it is never closed, and no JSON
