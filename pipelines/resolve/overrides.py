"""What a person decided about names, read from ``seeds/lexicon/overrides.csv``: it always wins, and removing a line undoes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.resolve.romanise import fold

ACTIONS = frozenset(("same", "different", "rename", "type", "wikidata"))


@dataclass(frozen=True, slots=True)
class Override:
    """One line: ``action`` on the entity of ``name``; ``other`` is the second name, the new name, type or Wikidata item.

    ``type`` limits the line to entities of that type (null: any); ``reason`` is the person's note.
    """

    action: str
    name: str
    other: str
    type: str | None = None
    reason: str = ""

    @property
    def key(self) -> str:
        """The folded name."""
        return fold(self.name)

    @property
    def other_key(self) -> str:
        """The folded second name."""
        return fold(self.other)


def read(rows: Iterable[Mapping[str, str]]) -> list[Override]:
    """The lines as overrides, in order.

    Raises:
        ValueError: an unknown action, or a line without a name or without its second part; says which line.
    """
    found = []
    for number, row in enumerate(rows, 1):
        action, name, other = (str(row.get(column) or "").strip() for column in ("action", "name", "other"))
        if action not in ACTIONS:
            raise ValueError(f"overrides, line {number}: action {action!r} is none of {', '.join(sorted(ACTIONS))}")
        if not fold(name) or not other:
            raise ValueError(f"overrides, line {number}: {action} needs both a name and what to do with it")
        found.append(
            Override(
                action, name, other, str(row.get("type") or "").strip() or None, str(row.get("reason") or "").strip()
            )
        )
    return found
