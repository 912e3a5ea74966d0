"""HTML of the dashboard. Everything that comes from a table goes through a template that escapes it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import streamlit as st
from markupsafe import Markup, escape

from warehouse.evidence import wording
from warehouse.evidence.page import environment, shown
from warehouse.evidence.passages import Mark, Piece, pieces
from warehouse.evidence.row_facts import Block, Fact, Head, Links, Passage

HERE = Path(__file__).resolve().parent


@cache
def templates() -> jinja2.Environment:
    """The templates, escaping all they are given and making it harmless."""
    made = environment(HERE)
    made.filters |= {
        "number": wording.number,
        "day": wording.day,
        "published": wording.published,
        "standing": wording.standing,
        "kind": lambda name: wording.MENTION_TYPES[name],
        "agreement": lambda name: wording.AGREEMENTS[name],
        "days": lambda pair: wording.days(*pair),
    }
    made.globals |= {"evidence": evidence_link, "link": link, "plural": wording.plural}
    return made


def write(template: str, **values: Any) -> None:
    """Show a macro's or template's HTML; ``template`` is the name of a file in ``templates``."""
    st.html(templates().get_template(f"templates/{template}.html").render(**values))


def notice(words: str) -> None:
    """What went otherwise than asked, in plain words; they may hold what a reader or an address gave."""
    write("notice", words=words)


def link(screen: str, **query: object) -> str:
    """The address of a screen with this query."""
    asked = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in query.items() if value is not None)
    return f"{screen}?{asked}" if asked else screen


def evidence_link(ident: str) -> str:
    """The address of the evidence for a row."""
    return link("evidence", id=ident)


def marked(found: Iterable[Piece]) -> Markup:
    """Pieces of a passage as HTML, each mark an element."""
    out = []
    for piece in found:
        text = shown(piece.text)
        out.append(f'<mark class="{escape(piece.role)}">{text}</mark>' if piece.role else text)
    return Markup("".join(out))  # noqa: S704 - every part of it is escaped


def quoted(around: str, base: int, spans: Sequence[Mapping[str, int]], *, is_cut: tuple[bool, bool]) -> Markup:
    """The line in which spans stand, out of a stretch of a text that begins at ``base``; dots where more was cut off.

    ``is_cut`` says whether the stretch itself begins and ends within a line: then it is shown from a whole word on.
    """
    marks = [Mark(span["start_char"] - base, span["end_char"] - base, "this") for span in spans]
    first = max(min((mark.start for mark in marks), default=0), 0)
    last = min(max((mark.end for mark in marks), default=0), len(around))
    low = around.rfind("\n", 0, first) + 1
    high = around.find("\n", last)
    dots = [is_cut[0] and low == 0, is_cut[1] and high < 0]
    if dots[0]:
        low = next((at + 1 for at in range(first) if around[at].isspace()), 0)
    if high < 0:
        high = len(around)
        if dots[1]:
            high = next((at for at in range(high - 1, last - 1, -1) if around[at].isspace()), high)
    shown_text = marked(pieces(around, low, high, marks))
    return Markup("{}{}{}").format("… " if dots[0] else "", shown_text, " …" if dots[1] else "")


def blocks(found: Sequence[Block]) -> list[dict[str, Any]]:
    """Blocks of facts as the evidence template lays them out."""
    out: list[dict[str, Any]] = []
    for block in found:
        match block:
            case Head(kind, ident, words):
                out.append({"is": "head", "kind": kind, "ident": ident, "words": words})
            case Fact(label, words):
                if not out or out[-1]["is"] != "facts":
                    out.append({"is": "facts", "items": []})
                out[-1]["items"].append((label, words))
            case Passage():
                html = marked(block.pieces)
                roles = {piece.role for piece in block.pieces if piece.role}
                out.append({"is": "passage", "html": html, "roles": roles, "block": block})
            case Links():
                out.append({"is": "links", "links": block})
    return out
