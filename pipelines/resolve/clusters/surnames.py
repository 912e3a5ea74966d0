"""The full names that a bare surname, or a surname with initials, may stand for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import orjson

from pipelines.resolve.alike.persons import surnames_alike
from pipelines.resolve.clusters.book import Book
from pipelines.resolve.clusters.name_facts import Told
from pipelines.resolve.memory import Memory

Alike = dict[str, list[str]]


class FullNames:
    """Full names of people, found by short ones."""

    def __init__(self, book: Book, full: Iterable[int], told: Told, short: Iterable[int], memory: Memory) -> None:
        """``full`` and ``short``: indices of names, of people and others."""
        self._told = told
        self._of_sound: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)
        self._alike: dict[str, Sequence[str]] = {}
        words: defaultdict[str, set[str]] = defaultdict(set)
        for index in short:
            if book.names[index].group == "PERSON" and told.sounds[index]:
                found = words[told.sounds[index]]
                if told.bare[index]:
                    found.add(told.surnames[index])
        for index in full:
            sound = told.sounds[index]
            if sound in words and book.names[index].group == "PERSON":
                self._of_sound[sound].setdefault(told.surnames[index], []).append(index)
        for sound in sorted(words):
            self._alike.update(_alike(sound, words[sound], self._of_sound.get(sound, {}), memory))

    def meant(self, short: int) -> set[int]:
        """The full names that may be meant; those of a surname too far from a bare surname cannot be."""
        surnames = self._of_sound.get(self._told.sounds[short], {})
        chosen = self._alike[self._told.surnames[short]] if self._told.bare[short] else surnames
        return {index for surname in chosen for index in surnames[surname]}


def _alike(sound: str, words: set[str], surnames: Mapping[str, object], memory: Memory) -> Alike:
    """Which of the surnames each of the words may be, all of one sound; only what is new among them is compared."""
    if not words or not surnames:
        return {word: [] for word in words}
    key = memory.key("surnames", sound)
    words_before, surnames_before, before = _read(memory.find(key))
    found: Alike = {}
    is_new = False
    for word in sorted(words):
        known = set(before.get(word, ())) if word in words_before else None
        found[word] = []
        for other in sorted(surnames):
            if known is not None and other in surnames_before:
                if other in known:
                    found[word].append(other)
                continue
            is_new = True
            if surnames_alike(word, other):
                found[word].append(other)
    if is_new or words_before != words or surnames_before != set(surnames):
        kept = (sorted(words), sorted(surnames), {word: others for word, others in found.items() if others})
        memory.keep(key, orjson.dumps(kept), is_new)
    return found


def _read(body: bytes | None) -> tuple[set[str], set[str], Alike]:
    try:
        words, surnames, alike = orjson.loads(body or b"[[], [], {}]")
        return set(words), set(surnames), dict(alike)
    except (ValueError, TypeError):  # damaged: made again
        return set(), set(), {}
