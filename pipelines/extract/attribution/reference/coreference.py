"""Whom a pronoun or a description means: a name of the document that fits, or nobody. What cannot be told stays null."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.extract.attribution.attribution import Attribution
from pipelines.extract.attribution.cue.subjects import RELATIVES, SUBJECTS, noun_class
from pipelines.extract.attribution.reference.descriptions import Describer
from pipelines.extract.attribution.reference.discourse import Cast, Event
from pipelines.extract.attribution.reference.pronouns import HE, IT, SHE, THEY, Choice, Setting, body, person
from pipelines.extract.attribution.tree import Tree
from pipelines.ingest.document import Row
from pipelines.lexicon.entries import group
from pipelines.lexicon.person_words import person_words

__all__ = ["FIRST", "FIRST_PLURAL", "HE", "IT", "SHE", "THEY", "Antecedent", "Discourse"]

PLACES = group("claim_words", "place")
FIRST = frozenset({"i", "me", "my", "mine", "myself"})
FIRST_PLURAL = frozenset({"we", "us", "our", "ours", "ourselves"})


@dataclass(frozen=True, slots=True)
class Antecedent:
    """The mention meant, its type, and how sure that is."""

    mention_id: str
    type: str
    confidence: float


class Discourse:
    """The names of a document in order, who they are, and who was spoken of last. ``antecedent(token)`` is whom a token means."""

    def __init__(
        self, tree: Tree, names: Sequence[Row], is_quoted: bytearray, drafts: Iterable[Attribution] = ()
    ) -> None:
        """Reads the document once from the first word to the last, so that each pronoun makes its person present again."""
        self.tree, self.names = tree, names
        self.cast = Cast(tree, names)
        drafts = list(drafts)
        self.context = Setting(
            self.cast,
            is_quoted,
            frozenset(draft.head for draft in drafts if draft.head is not None),
            _speakers(tree, drafts, is_quoted),
            _told(tree, is_quoted),
        )
        self.describer = Describer(self.cast)
        self.meant: dict[int, Choice] = {}  # token of a pronoun or description -> who it is
        self._read()

    @property
    def of_token(self) -> dict[int, int]:
        """Token to the position in ``names`` of the name it is part of."""
        return self.cast.of_token

    def _read(self) -> None:
        tree, cast = self.tree, self.cast
        for i in range(len(tree)):
            word = tree.lower[i]
            if word in HE or word in SHE:
                found = person(self.context, i, self.meant)
                if found is not None:
                    self.meant[i] = found
                    cast.add(Event(i, found.referent, found.name, True))
            elif word in IT or word in THEY:
                found = body(self.context, i, self.meant)
                if found is not None:
                    self.meant[i] = found
            elif i not in cast.described and cast.may_speak(i):
                found = self.describer.meant(i)
                who = found.referent if found is not None else cast.unnamed(i)
                self.meant[i] = found if found is not None else Choice(who, -1, 0.5)
                cast.add(Event(i, who, self.meant[i].name))

    # Whom a source means

    def named(self, head: int, start_char: int, end_char: int) -> int | None:
        """The position in ``names`` of the name that heads the source ``[start_char, end_char)``."""
        if head in self.of_token:
            return self.of_token[head]
        found = self._named_beside(head, start_char)
        span = [i for i in self.tree.tokens_in(start_char, end_char) if not self.tree.space[i]]
        if found is not None or not span or noun_class(self.tree, head) == "document":
            return found
        stretch = self._up_to_aside(span)
        found = self._city(head, end_char)
        if found is None and len(stretch) < len(span):
            found = self._person_at_end(span)
        return self._called(head, stretch[-1], start_char, end_char) if found is None else found

    def _named_beside(self, head: int, start_char: int) -> int | None:
        """The name that the parse divides, of whose words the head is the last; "Norlift CEO" is not Norlift."""
        tree = self.tree
        beside = head - 1 if tree.lemma[head] not in person_words() else -1
        while beside >= 0 and tree.start[beside] >= start_char and tree.pos[beside] == tree.pos[head] == "PROPN":
            if beside in self.of_token:
                return self.of_token[beside]
            beside -= 1
        return None

    def _up_to_aside(self, span: list[int]) -> list[int]:
        """The tokens up to a comma, bracket, dash or "who": "the head of Norlift" of "the head of Norlift, who left"."""
        stop = next(
            (n for n, i in enumerate(span) if n and self.tree.text[i] in (",", "(", "–", "—", "who")), len(span)
        )
        return span[:stop]

    def _city(self, head: int, end_char: int) -> int | None:
        """The city of Minsk is Minsk."""
        if self.tree.lower[head] not in PLACES:
            return None
        for i in self.tree.kids(head, "nmod"):
            if i in self.of_token and self._type(i) in ("GPE", "LOC") and self.tree.start[i] < end_char:
                return self.of_token[i]
        return None

    def _person_at_end(self, span: list[int]) -> int | None:
        """A person behind a comma at the end: "the union's head, Mia Holm"."""
        tree = self.tree
        closing = next((i for i in reversed(span) if tree.text[i] not in (",", ")", "”", '"')), span[-1])
        position = self.of_token.get(closing)
        if position is None or self.names[position]["type"] != "PERSON":
            return None
        opening = tree.at(self.names[position]["start_char"])
        return position if opening > span[0] and tree.text[opening - 1] == "," else None

    def _called(self, head: int, last: int, start_char: int, end_char: int) -> int | None:
        """The name that ends the phrase or that the head is called by: "President Holm", "the daily Norpress"."""
        tree = self.tree
        for i in (last, *tree.kids(head, "appos", "flat", "nmod:desc", "compound")):
            position = self.of_token.get(i)
            if position is None or not start_char <= tree.start[i] < end_char:
                continue
            top = self.cast.top(i)
            if self.names[position]["type"] == "PERSON":
                if not any(tree.dep[k] == "case" for k in tree.children[top]):
                    return position
            elif noun_class(tree, head) in ("outlet", "organisation") and tree.dep[top] in ("appos", "flat"):
                return position
        return None

    def antecedent(self, head: int) -> Antecedent | None:
        """The name that a pronoun or a description means; none where the text leaves it open."""
        tree = self.tree
        word = tree.lower[head]
        if word in RELATIVES:
            return self._of_relative(head)
        link, own = tree.child(head, "cop"), tree.child(head, *SUBJECTS)
        if link is not None and own is not None and own != head:  # "Orlov was the only leader to say"
            if own in self.of_token:
                return self._answer(Choice(-1, self.of_token[own], 0.85))
            return self.antecedent(own) if tree.lower[own] not in RELATIVES else None
        if head not in self.meant and tree.pos[head] in ("NOUN", "PROPN"):
            return self._answer(self.describer.meant(head))
        return self._answer(self.meant.get(head))

    def noun_meant(self, head: int) -> int | None:
        """The noun that first spoke of the one whom a pronoun means, where the text leaves them without a name."""
        choice = self.meant.get(head)
        if choice is None or choice.name >= 0 or choice.referent < 0:
            return None
        tree, spoken_of = self.tree, self.cast.referents[choice.referent].tokens
        return next((i for i in spoken_of if i < head and (tree.pos[i] == "NOUN" or self.cast.is_person(i))), None)

    def stands_for(self, head: int) -> int:
        """The noun that "who" or "which" stands for, a name straight before it first; any other token stands for itself."""
        tree = self.tree
        if tree.lower[head] not in RELATIVES:
            return head
        before = head - 1
        while before >= 0 and (tree.text[before] in (",", "–", "—", "(") or tree.space[before]):
            before -= 1
        clause = tree.head[head]
        while tree.dep[clause] != "acl:relcl" and tree.head[clause] != clause:
            clause = tree.head[clause]
        noun = tree.head[clause]
        is_noun = noun != clause and noun < head and tree.lower[noun] not in RELATIVES
        if is_noun and (noun in self.of_token or self.cast.may_speak(noun) or before not in self.of_token):
            return noun
        if before in self.of_token and (tree.lower[head] != "who" or self._type(before) == "PERSON"):
            return before
        return noun if is_noun else head

    def _type(self, token: int) -> str:
        return str(self.names[self.of_token[token]]["type"])

    def _of_relative(self, head: int) -> Antecedent | None:
        """The name that "who" or "which" stands for."""
        noun = self.stands_for(head)
        if noun in self.of_token:
            return self._answer(Choice(-1, self.of_token[noun], 0.95))
        return self.antecedent(noun) if noun != head else None

    def _answer(self, choice: Choice | None) -> Antecedent | None:
        if choice is None or choice.name < 0:
            return None
        name = self.names[choice.name]
        return Antecedent(name["mention_id"], name["type"], round(choice.confidence, 2))


def _speakers(tree: Tree, drafts: Iterable[Attribution], is_quoted: bytearray) -> dict[int, int]:
    """For the tokens of every quotation the token that heads its source."""
    found: dict[int, int] = {}
    for draft in drafts:
        if draft.head is None or not draft.quoted:
            continue
        for start, end in draft.content:
            for i in tree.tokens_in(start, end):
                if is_quoted[tree.start[i]]:
                    found[i] = draft.head
    return found


def _told(tree: Tree, is_quoted: bytearray) -> list[int]:
    """Up to each sentence, how many sentences begin outside quotation marks."""
    count, found = 0, []
    for first, _ in tree.bounds:
        count += not is_quoted[tree.start[first]]
        found.append(count)
    return found
