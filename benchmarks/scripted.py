"""A scripted history of one small folder: twelve steps, each of which a run follows. The same bytes and times every time."""

import json
import os
from collections.abc import Callable
from pathlib import Path

TEXT = (
    "OSLO, 4 May 2021 - Mayor {who} said on Tuesday that {n} trees were planted in {where}.\n\n"
    "“We will plant more,” she said. The city paid $2.{n} million, a fifth more than in 2020, according to {body}.\n"
)
PEOPLE = ("Ana Petrova", "A. Petrova", "Petrova", "Lars Holm", "Ingrid Moe", "I. Moe", "Dr Lars Holm")
PLACES = ("Oslo", "Bergen", "Trondheim", "Lima")
BODIES = ("the World Bank", "the Ministry of Trees (MoT)", "MoT", "the United Nations", "the UN")
HEAD = "action,name,other,type,reason\n"
BEGIN_NS = 1_600_000_000 * 10**9


class Scene:
    """The folder that a history happens to, and the overrides of the copy of hearsay that reads it."""

    def __init__(self, folder: Path, overrides: Path) -> None:
        self.folder, self.overrides, self._ticks = folder, overrides, 0
        self._undecided = overrides.read_text("utf-8")
        folder.mkdir(parents=True)

    def write(self, name: str, body: str) -> None:
        """Put a file there, dated one second after the last."""
        self._ticks += 1
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(body, "utf-8")
        os.utime(path, ns=(BEGIN_NS + self._ticks * 10**9,) * 2)

    def texts(self, first: int, last: int, turn: int = 0) -> None:
        """Write the texts of these numbers, other ones each turn."""
        for n in range(first, last):
            self.write(f"{n:02}.txt", text(n, turn))

    def records(self, name: str, first: int, last: int, turn: int = 0) -> None:
        """Write one file of many records."""
        rows = (
            {"id": f"r{n}", "text": text(n, turn), "published_on": f"2021-05-{n % 28 + 1:02}"}
            for n in range(first, last)
        )
        self.write(name, "".join(json.dumps(row) + "\n" for row in rows))

    def decide(self, *lines: str) -> None:
        """Have these lines, and no others, added to the overrides."""
        self.overrides.write_text(self._undecided + "".join(f"{line}\n" for line in lines), "utf-8")


def text(n: int, turn: int = 0) -> str:
    """A short text with people, places, bodies and figures that others have too."""
    who, where, body = PEOPLE[(n + turn) % 7], PLACES[(n + turn) % 4], BODIES[(n + 2 * turn) % 5]
    return TEXT.format(who=who, where=where, body=body, n=n + 2 + 40 * turn)


def _begin(scene: Scene) -> None:
    scene.texts(0, 10)
    scene.records("many.jsonl", 40, 50)


def _rename(scene: Scene) -> None:
    (scene.folder / "moved").mkdir()
    for n in (1, 2, 3):
        (scene.folder / f"{n:02}.txt").rename(scene.folder / "moved" / f"{n:02}.txt")


def _remove(scene: Scene) -> None:
    for n in (4, 5):
        (scene.folder / f"{n:02}.txt").unlink()


def _duplicate(scene: Scene) -> None:
    scene.write("again.txt", text(0))
    scene.write("00-again.txt", text(6))


def _owner_leaves(scene: Scene) -> None:
    (scene.folder / "00.txt").unlink()
    (scene.folder / "many.jsonl").unlink()


STEPS: dict[str, Callable[[Scene], None]] = {
    "the first texts": _begin,
    "more texts": lambda scene: scene.texts(10, 16),
    "records changed": lambda scene: scene.records("many.jsonl", 40, 50, turn=1),
    "files renamed": _rename,
    "files removed": _remove,
    "duplicates": _duplicate,
    "two people are one": lambda scene: scene.decide("same,Ana Petrova,Ingrid Moe,person,they are one"),
    "a text that cannot be read": lambda scene: scene.write("broken.jsonl", '{"id": "x", "text": \n'),
    "they are two after all": lambda scene: scene.decide(),
    "records and texts at once": lambda scene: (scene.texts(8, 14, turn=2), scene.records("new.jsonl", 50, 56))[0],
    "the owner of a text leaves": _owner_leaves,
    "what was there comes back": lambda scene: (scene.texts(0, 6), scene.records("many.jsonl", 40, 50))[0],
}
"""What happens, in order, by what it is called."""
