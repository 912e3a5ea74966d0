"""Press reviews: which outlet or columnist the layout names as the speaker of a quotation."""

import re

from pipelines.ingest.layout.blocks import CLOSING, OPENING, Block

OUTLET = re.compile(
    r"(?P<name>[^\n/()]{2,60}?)\s*\((?P<country>[A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)*)\)\s*(?P<stroke>[/:])?"
)
"""Matches ``Nordpost (Norway):``, not ``Nordpost Norway:``."""


def press(blocks: list[Block], genre: str | None) -> None:
    """Press reviews: ``La Stampa (IT) /``, perhaps a heading and an introduction, then what the outlet writes in quotation marks."""
    lines = {at: m for at, block in enumerate(blocks) if block.kind is None and (m := OUTLET.fullmatch(block.text))}
    lines = {
        at: m
        for at, m in lines.items()
        if (m["stroke"] or genre == "press_review" or len(lines) > 1) and _quotes_follow(blocks, at)
    }
    for (at, m), end in zip(lines.items(), [*list(lines)[1:], len(blocks)], strict=False):
        speaker, country = m["name"].strip(), m["country"]
        blocks[at].kind, blocks[at].speaker, blocks[at].country = "byline", speaker, country
        is_open = False
        for block in blocks[at + 1 : end]:
            if block.kind is not None:
                continue
            if is_open or block.text[0] in OPENING:
                block.kind, block.speaker, block.country = "quotation", speaker, country
                is_open = not re.search(rf"[{CLOSING}][.,]?$", block.text)
            elif not block.is_prose and not block.text.endswith(":"):
                block.kind = "heading"


def _quotes_follow(blocks: list[Block], at: int) -> bool:
    return any(block.text[0] in OPENING for block in blocks[at + 1 : at + 4])
