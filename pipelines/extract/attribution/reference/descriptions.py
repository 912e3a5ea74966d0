"""Whom a definite description means: "the Belarusian ruler", "the political scientist", "the company", or nobody.

A description means a name where the text itself has called its bearer so, and no other; a plain one ("the singer", "the
company") also where nobody else near fits. What the reader may know of the world is no reason.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from pipelines.extract.attribution.cue.subjects import SUBJECTS
from pipelines.extract.attribution.reference.discourse import Cast, Event, Referent
from pipelines.extract.attribution.reference.pronouns import Choice
from pipelines.extract.attribution.tree import QUOTES
from pipelines.lexicon.entries import entries, group
from pipelines.lexicon.outlets import is_outlet
from pipelines.lexicon.person_words import person_words

DEFINITE = frozenset({"the", "this", "that"})
SAYS_LITTLE = group("claim_words", "says_little")
"""Words before a description that tell nobody apart."""
PAST = group("claim_words", "past_role")
"""Words that say that a role is over: "the president" is no former president."""
ROLE_ENDINGS = ("ist", "ian", "man", "woman", "person", "eer")
NEAR = 3
"""Sentences back in which a plain description's bearer must stand."""
OFTEN = 3
"""How often somebody must be named for a text to be about him or her."""
FAR = 40
"""Sentences back after which a role counts as forgotten."""


@cache
def body_words() -> dict[str, str]:
    """Nouns for one body and the kind of named body they may stand for."""
    return {row["form"]: row["value"] for row in entries("body_words")}


@cache
def _countries() -> dict[str, str]:
    """Demonyms and names of countries in small letters, to the country's code."""
    found = {row["form"].lower(): row["value"] for row in entries("demonyms") if row["value"]}
    found |= {row["form"].lower(): row["value"] for row in entries("territories") if row["kind"] == "country"}
    return found


@cache
def _type_words() -> frozenset[str]:
    """Words of names that tell what kind of body they name."""
    return frozenset(row["form"].lower() for row in entries("organisation_words") if row["value"] == "ORG")


class Describer:
    """Finds the one referent that a description fits."""

    def __init__(self, cast: Cast) -> None:
        """For the referents of one document."""
        self.cast, self.tree = cast, cast.tree
        self.last_words = {
            name.split()[-1] for one in cast.referents if one.type == "ORG" for name in one.names if " " in name
        }
        """The words that names of bodies end in: "the fund" may be a Monetary Fund."""
        self._eliminate()

    def meant(self, head: int) -> Choice | None:
        """The referent that a noun with "the" means."""
        tree = self.tree
        kids = tree.children[head]
        if tree.tag[head] == "NNS" or not any(tree.lower[i] in DEFINITE for i in kids if tree.dep[i] == "det"):
            return None
        if any(tree.dep[i] in ("nmod:poss", "conj") for i in kids) or self._is_restricted(head):
            return None
        if head in self.cast.described or tree.pos[head + 1 : head + 2] == ["PROPN"]:  # it goes on with a name
            return None
        said = {tree.lower[i] for i in kids if tree.dep[i] in ("amod", "compound") and tree.text[i] not in QUOTES}
        if tree.lemma[head] in body_words() or self.cast.is_body(head) or tree.lemma[head] in self.last_words:
            return self._body(head, {word for word in said if not _says_little(word)})
        return self._person(head, said) if self._is_role(head) else None

    def _eliminate(self) -> None:
        """In a text about two people only: whoever deals with "the Belarusian ruler" is not him, so the other one is."""
        two = [who for who, one in enumerate(self.cast.referents) if one.type == "PERSON" and one.names]
        if len(two) != 2 or any(self.cast.referents[who].names.total() < OFTEN for who in two):
            return
        tree = self.tree
        found = [i for i in range(len(tree)) if tree.tag[i] == "NN" and _is_leader(tree.lemma[i])]
        asked = [(i, {_countries()[tree.lower[k]] for k in self._nation(i)}) for i in found]
        not_meant: dict[str, set[int]] = {}
        for i, countries in asked:
            for country in countries:
                not_meant.setdefault(country, set()).update(self._beside(i))
        for _ in two:  # who is known to rule one country rules no other
            for i, countries in asked:
                for country in countries:
                    others = {who for who in two if self._rules(who) - {country}}
                    left = [who for who in two if who not in not_meant[country] | others]
                    if len(left) == 1:
                        self.cast.referents[left[0]].words |= {tree.lemma[i], *(tree.lower[k] for k in self._nation(i))}

    def _nation(self, head: int) -> list[int]:
        """The words of a noun's phrase that name its country."""
        tree = self.tree
        near = [*tree.kids(head, "amod", "compound"), *tree.kids(head, "nmod")]
        return [i for i in near if tree.lower[i] in _countries()]

    def _rules(self, who: int) -> set[str]:
        """The countries that somebody is said to lead."""
        words = self.cast.referents[who].words
        return {_countries()[word] for word in words if word in _countries()} if any(map(_is_leader, words)) else set()

    def _beside(self, head: int) -> set[int]:
        """Who else is named in the same clause."""
        tree, cast = self.tree, self.cast
        verb = tree.head[head]
        tokens = [i for i in tree.kids(verb, *SUBJECTS, "obj", "iobj", "obl") if i != head and i in cast.of_token]
        return {cast.referent_of[cast.of_token[i]] for i in tokens}

    def _is_role(self, head: int) -> bool:
        """Whether a noun is for somebody by what he or she is, not by whose he or she is."""
        noun = self.tree.lemma[head]
        if noun in person_words():
            return person_words()[noun][1] != "relation"
        return self.cast.is_person(head) or noun.endswith(ROLE_ENDINGS)

    def _is_restricted(self, head: int) -> bool:
        """Whether a clause tells which one is meant: "the officer who fired"."""
        tree = self.tree
        for i in tree.kids(head, "acl:relcl", "acl"):
            first = tree.subtree(i)[0]
            if first > head and not any(tree.text[k] in (",", "–", "—", "(") for k in range(head + 1, first + 1)):
                return True
        return False

    def _of(self, head: int) -> set[str]:
        """The words of the phrases that hang on a noun: in "the president of Belarus" Belarus."""
        tree = self.tree
        return {
            tree.lower[k]
            for i in tree.kids(head, "nmod")
            for k in tree.subtree(i)
            if tree.pos[k] in ("NOUN", "PROPN", "ADJ")
        }

    # People

    def _person(self, head: int, said: set[str]) -> Choice | None:
        """The one person whom the text has called so, else the one a plain description may stand for."""
        tree = self.tree
        noun, of = tree.lemma[head], self._of(head)
        gender = person_words().get(noun, ("any", ""))[0]
        sure: dict[int, int] = {}
        open_: dict[int, int] = {}
        for event, referent in self._named(head, FAR):
            if referent.type != "PERSON" or event.referent in sure or event.referent in open_:
                continue
            if gender != "any" and referent.gender not in (None, gender):
                continue
            fit = self._fit(referent, noun, said, of)
            if fit is not None:
                (sure if fit else open_)[event.referent] = event.name
        for fits, confidence in ((sure, 0.8 if said or of else 0.7), (open_, 0.6)):
            if len(fits) == 1:
                ((who, position),) = fits.items()
                return Choice(who, position, confidence)
            if fits:
                return None
        if person_words().get(noun, ("", ""))[1] == "description" and not of:
            return self._only_one(head, gender)
        return None

    def _fit(self, referent: Referent, noun: str, said: set[str], of: set[str]) -> bool | None:
        """Whether the text has called somebody so: true for all of the words, false where it leaves the country open."""
        words = referent.words
        if words & PAST and not said & PAST:
            return None
        if noun not in words and not (_is_leader(noun) and any(_is_leader(word) for word in words)):
            return None
        open_ = False
        countries = {_countries()[word] for word in words if word in _countries()}
        for word in said:
            if word in words or _says_little(word) or (_is_leader(word) and any(_is_leader(one) for one in words)):
                continue
            if word not in _countries() or (countries and _countries()[word] not in countries):
                return None
            open_ = open_ or not countries
        if of and not of <= words:
            asked = {_countries()[word] for word in of if word in _countries()}
            if not asked or (countries and not asked <= countries):
                return None
            open_ = open_ or not countries
        return not open_

    def _only_one(self, head: int, gender: str) -> Choice | None:
        """The only person near, when no unnamed one of the same description stands between."""
        found: dict[int, int] = {}
        tree = self.tree
        for event in self.cast.before(head, 40):
            if tree.sentence[head] - tree.sentence[event.token] > NEAR:
                break
            referent = self.cast.referents[event.referent]
            if (
                referent.type != "PERSON"
                or referent.is_many
                or (gender != "any" and referent.gender not in (None, gender))
            ):
                continue
            if event.name >= 0 or event.referent not in found:
                found[event.referent] = event.name
        if len(found) == 1:
            ((who, position),) = found.items()
            return Choice(who, position, 0.6) if position >= 0 else None
        return None

    # Bodies

    def _body(self, head: int, said: set[str]) -> Choice | None:
        """The body whose name or description has the noun, else the only one of its kind that stands near."""
        tree = self.tree
        noun, of = tree.lemma[head], self._of(head)
        called: dict[int, Event] = {}
        near: dict[int, Event] = {}
        for event, referent in self._named(head, FAR):
            if referent.type != "ORG":
                continue
            who = event.referent
            if who not in called and self._is_called(referent, noun, said | of):
                called[who] = event
            is_near = tree.sentence[head] - tree.sentence[event.token] <= NEAR and not of
            if is_near and who not in near and self._may_be(referent, noun) and self._is_topic(event, referent, head):
                near[who] = event
        for fits, confidence in ((called, 0.75), (near, 0.6)):
            if len(fits) > 1:
                fits = self._nearest(head, list(fits.values()))
            if len(fits) == 1:
                ((who, event),) = fits.items()
                return Choice(who, event.name, confidence)
        return None

    def _is_topic(self, event: Event, referent: Referent, head: int) -> bool:
        """Whether a body is more than mentioned by the way: it does something, or is spoken of again."""
        tree = self.tree
        return tree.dep[self.cast.top(event.token)] in (*SUBJECTS, "nmod:poss") or referent.n_before(head) > 1

    def _nearest(self, head: int, events: Sequence[Event]) -> dict[int, Event]:
        """Of several, the one that this sentence or the one before names, when it names only one."""
        tree = self.tree
        found = [event for event in events if tree.sentence[head] - tree.sentence[event.token] <= 1]
        return {found[0].referent: found[0]} if len(found) == 1 else {}

    @staticmethod
    def _is_called(referent: Referent, noun: str, more: set[str]) -> bool:
        """Whether a body's name holds the noun, or the text has called it so; and the other words too.

        An outlet is not what it writes about: "the military" is not the Military Times.
        """
        if (
            body_words().get(noun) != "media"
            and any(is_outlet(one) for one in referent.names)
            and noun not in referent.words
        ):
            return False
        parts = {part for one in referent.names for part in one.split()} | referent.words
        same = noun in parts or (len(noun) > 4 and any(part.startswith(noun) for part in parts))
        return same and all(
            word in parts or (word[:4] and any(part.startswith(word[:5]) for part in parts)) for word in more
        )

    @staticmethod
    def _may_be(referent: Referent, noun: str) -> bool:
        """Whether a body may be called so as far as its name tells."""
        kind = body_words().get(noun, "state")
        full = max(referent.names, key=len)
        if kind == "media":
            return is_outlet(full)
        if kind == "state" or is_outlet(full):
            return False
        own = {part for word in full.split() for part in (word, word.removesuffix("s")) if part in _type_words()}
        kinds = {body_words()[word] for word in own if word in body_words()}
        return not kinds or kind in kinds

    def _named(self, head: int, far: int) -> Iterator[tuple[Event, Referent]]:
        """The places before a token at which somebody is named, the nearest first."""
        tree = self.tree
        for event in self.cast.before(head, 400):
            if tree.sentence[head] - tree.sentence[event.token] > far:
                return
            if event.name >= 0 and not event.is_pronoun and not tree.climbs_to(event.token, head):
                yield event, self.cast.referents[event.referent]


def _says_little(word: str) -> bool:
    return word in SAYS_LITTLE or word[:1].isdigit() or word.endswith("-year-old")


def _is_leader(word: str) -> bool:
    return _leaders().get(word) == "leader"


@cache
def _leaders() -> dict[str, str]:
    return {row["form"]: row["value"] for row in entries("speakers")}
