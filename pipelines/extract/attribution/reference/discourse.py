"""Who appears in a document: its names put together as referents, what the text calls them, and unnamed people beside them."""

import unicodedata
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rapidfuzz.fuzz import ratio

from pipelines.extract.attribution.cue.subjects import SUBJECTS, noun_class
from pipelines.extract.attribution.tree import Tree
from pipelines.ingest.document import Row
from pipelines.lexicon.entries import group
from pipelines.lexicon.given_names import pronoun_of
from pipelines.lexicon.person_words import person_words

BODIES = frozenset({"ORG", "GPE", "LOC", "NORP"})
PHRASE = ("compound", "amod", "nmod:desc", "appos", "flat", "nmod:unmarked", "nmod")
"""Relations between a name and the words that call it something."""
MOST_COMPARED = 200
"""Surnames of one first letter that another one is compared with: a text that names more people is a list of members."""
MALE_TITLES = group("claim_words", "male_title")
FEMALE_TITLES = group("claim_words", "female_title")
FEMALE_ENDINGS = ("ova", "eva", "skaya", "skaia", "ska", "ovna", "evna", "dottir")
MALE_ENDINGS = ("ovich", "evich", "ovic", "evic")


@dataclass(slots=True)
class Referent:
    """One person, body or place of this document: the names it has, what else the text calls it, and where it is spoken of.

    ``names`` counts the mentions under each name; it is empty for somebody whom the text leaves without one ("a witness"). ``gender`` is he, she or null where
    nothing tells. ``is_many`` holds for a plural.
    """

    type: str
    names: Counter[str] = field(default_factory=Counter)
    words: set[str] = field(default_factory=set)
    gender: str | None = None
    is_many: bool = False
    tokens: list[int] = field(default_factory=list)

    def n_before(self, token: int) -> int:
        """How often it was spoken of before a token."""
        return bisect_left(self.tokens, token)


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """One place where a referent is spoken of. ``name`` is a position in the document's names, -1 for somebody without one."""

    token: int
    referent: int
    name: int
    is_pronoun: bool = False


def _plain(text: str) -> str:
    """A name in small letters without accents: Karač and Karac are one."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


class Cast:
    """The referents of one document and the events in which they are spoken of, in order of place."""

    def __init__(self, tree: Tree, names: Sequence[Row]) -> None:
        """Puts the names together; whoever has none is added by ``unnamed``."""
        self.tree, self.names = tree, names
        self.referents: list[Referent] = []
        self.of_token: dict[int, int] = {}  # token -> name's position in names
        self.referent_of: list[int] = []  # name's position -> referent
        self.events: list[Event] = []
        self.described: set[int] = set()
        """Tokens that call somebody named something: in "President Orlov" the first."""
        self._by_key: dict[tuple[str, str], int] = {}
        self._surnames: dict[str, dict[str, int]] = {}  # first letter -> surname -> referent
        for position, name in enumerate(names):
            tokens = [i for i in tree.tokens_in(name["start_char"], name["end_char"]) if not tree.space[i]]
            for i in tokens:
                self.of_token[i] = position
        for position, name in enumerate(names):
            tokens = [i for i in tree.tokens_in(name["start_char"], name["end_char"]) if not tree.space[i]]
            self.referent_of.append(self._referent(name, tokens))
            if tokens and tree.kind(tokens[0]) not in ("byline", "chrome"):
                self.events.append(Event(tokens[0], self.referent_of[-1], position))
        self.events.sort()
        for event in self.events:
            self.referents[event.referent].tokens.append(event.token)

    def add(self, event: Event) -> None:
        """Notes that somebody is spoken of."""
        insort(self.events, event)
        insort(self.referents[event.referent].tokens, event.token)

    def before(self, token: int, most: int) -> Iterable[Event]:
        """The events before a token, the nearest first."""
        at = bisect_left(self.events, Event(token, -1, -1))
        return reversed(self.events[max(0, at - most) : at])

    def top(self, token: int) -> int:
        """The head of the name that a token belongs to, itself for another word."""
        tree = self.tree
        while (
            tree.dep[token] in ("flat", "compound", "nmod:desc")
            and tree.head[token] != token
            and token in self.of_token
            and self.of_token.get(tree.head[token]) == self.of_token[token]
        ):
            token = tree.head[token]
        return token

    def place(self, token: int) -> int:
        """The token that ties a name's phrase to its clause: in "economist Ann Reed said" economist, where it is the head."""
        tree, at = self.tree, self.top(token)
        if tree.dep[at] in ("flat", "appos", "nmod:desc", "compound") and tree.head[at] in self.described:
            return tree.head[at] if tree.head[at] < at else at
        return at

    # Which names are one

    def _referent(self, name: Row, tokens: list[int]) -> int:
        """The referent of a name: one seen before with the same name or surname, else a new one."""
        kind = name["type"] if name["type"] == "PERSON" else ("body" if name["type"] in BODIES else name["type"])
        plain = _plain(name["text"])
        words = [word for word in plain.replace("’s", "").replace("'s", "").split() if word != "the"] or [plain]
        full, last = " ".join(words), words[-1]
        described = self._around(tokens)
        gender = self._gender(words, described) if kind == "PERSON" else None
        found = self._by_key.get((kind, full))
        if found is None and kind == "PERSON":
            found = self._by_surname(words)
        if found is not None and gender and self.referents[found].gender not in (None, gender):
            found = self._by_key.get((f"{kind} {gender}", last))
        if found is None:
            found = len(self.referents)
            self.referents.append(Referent(name["type"]))
            if kind == "PERSON" and gender is None:
                gender = pronoun_of(words[0])  # a name alone is its bearer's given name, unless known as a surname
        self._by_key.setdefault((kind, full), found)
        if kind == "PERSON":
            holder = self._by_key.get((kind, last), found)
            if len(words) == 1 or holder == found or last not in self.referents[holder].names:
                self._by_key[kind, last] = found  # a surname alone stays with whom it was used for
            self._surnames.setdefault(last[:1], {})[last] = found
            if gender:
                self._by_key[f"{kind} {gender}", last] = found
        referent = self.referents[found]
        referent.names[full] += 1
        referent.gender = referent.gender or gender
        referent.words |= {self.tree.lemma[i] for i in described} | {self.tree.lower[i] for i in described}
        self.described |= described
        return found

    def _by_surname(self, words: list[str]) -> int | None:
        """The person seen before with a name's surname, or nearly its letters, whom no other given name tells apart."""
        last = words[-1]
        found = self._by_key.get(("PERSON", last))
        if found is None and len(last) > 4:
            known = islice(self._surnames.get(last[:1], {}).items(), MOST_COMPARED)
            found = next((r for w, r in known if ratio(w, last) >= 83), None)
        if found is not None and len(words) > 1 and self._is_other(self.referents[found], words):
            return None
        return found

    @staticmethod
    def _is_other(referent: Referent, words: list[str]) -> bool:
        """Whether two full names have the same surname but different given names."""
        return any(len(one.split()) > 1 and one[0] != words[0][0] for one in referent.names)

    def _gender(self, words: list[str], described: set[int]) -> str | None:
        """Whether a person is he or she, by title, by what the text calls the person, by given name or surname."""
        tree = self.tree
        found = {tree.lower[i] for i in described}
        if found & FEMALE_TITLES:
            return "she"
        if found & MALE_TITLES:
            return "he"
        told = {person_words()[word][0] for word in found if word in person_words()} - {"any"}
        if len(told) == 1:
            return told.pop()
        if len(words) > 1 and (pronoun := pronoun_of(words[0])):
            return pronoun
        if len(words[-1]) > 4:
            if words[-1].endswith(FEMALE_ENDINGS):
                return "she"
            if any(word.endswith(MALE_ENDINGS) for word in words[1:-1]):
                return "he"
        return None

    # What the text calls them

    def _around(self, tokens: list[int]) -> set[int]:
        """The tokens of the phrase around a name, and of a predicate on it, that call it something."""
        if not tokens:
            return set()
        tree, inside = self.tree, set(tokens)
        top = next((i for i in tokens if tree.head[i] not in inside or tree.head[i] == i), tokens[0])
        found = {i for i in tree.children[top] if tree.dep[i] in PHRASE and i not in inside and not self._is_of(i)}
        if self._calls(tree.head[top], top):
            found.add(tree.head[top])
        before = tokens[0] - 1
        while before >= 0 and tree.pos[before] in ("NOUN", "ADJ", "PROPN") and tokens[0] - before < 6:
            found.add(before)
            before -= 1
        for i in list(found):
            if tree.pos[i] in ("NOUN", "PROPN"):
                found.update(k for k in tree.children[i] if tree.dep[k] in ("amod", "compound") and k not in inside)
                found.update(k for k in tree.children[i] if tree.dep[k] == "conj" and tree.lemma[k] in person_words())
        return {i for i in found if i not in self.of_token or self.names[self.of_token[i]]["type"] == "NORP"}

    def _is_of(self, i: int) -> bool:
        """Whether a noun stands behind a preposition: "Holm of the union"."""
        return self.tree.dep[i] == "nmod" and any(self.tree.dep[k] == "case" for k in self.tree.children[i])

    def _calls(self, above: int, top: int) -> bool:
        """Whether the governor of a name calls it something: "the plumber Holm", "Holm is a plumber"."""
        tree = self.tree
        if above == top:
            return False
        beside = tree.dep[top] in ("appos", "flat", "nmod:desc") or (tree.dep[top] == "compound" and above < top)
        if beside and tree.pos[above] in ("NOUN", "PROPN"):
            return True
        return bool(tree.dep[top] in SUBJECTS and tree.child(above, "cop") and not tree.child(above, "case"))

    # Who has no name

    def is_person(self, i: int) -> bool:
        """Whether a noun stands for a person or, in the plural, for people."""
        tree = self.tree
        initials = tree.pos[i] == "PROPN" and tree.text[i].isupper() and tree.lower[i] in person_words()
        if i in self.of_token or not (tree.pos[i] == "NOUN" or initials):
            return False
        return initials or tree.lemma[i] in person_words() or noun_class(tree, i) in ("source", "leader")

    def is_body(self, i: int) -> bool:
        """Whether a noun stands for an organisation."""
        return i not in self.of_token and noun_class(self.tree, i) in ("organisation", "outlet")

    def is_document(self, i: int) -> bool:
        """Whether a noun stands for something written or shown, which speaks as well."""
        return i not in self.of_token and self.tree.pos[i] == "NOUN" and noun_class(self.tree, i) == "document"

    def may_speak(self, i: int) -> bool:
        """Whether a word outside the names stands for a person or body, or is a name that was not found."""
        tree = self.tree
        if any(tree.dep[k] == "case" and tree.lower[k] == "as" for k in tree.children[i]):
            return False  # "resigned as director": what somebody is, nobody new
        if self.is_person(i) or self.is_body(i) or self.is_document(i):
            return True
        return tree.tag[i] == "NNP" and i not in self.of_token and tree.dep[i] in SUBJECTS

    def unnamed(self, i: int) -> int:
        """A new referent for a noun or phrase that no name stands for."""
        tree = self.tree
        kind = "ORG" if self.is_body(i) else "WORK" if self.is_document(i) else "PERSON"
        gender = person_words().get(tree.lemma[i], ("any", ""))[0]
        self.referents.append(
            Referent(
                kind,
                words={tree.lemma[i]},
                gender=None if gender == "any" else gender,
                is_many=tree.tag[i] in ("NNS", "NNPS") or bool(tree.kids(i, "conj")),
            )
        )
        return len(self.referents) - 1
