"""Whom a pronoun or a description means: the nearest name that fits, or nobody.

A small salience model in the manner of Lappin and Leass (1994): a name counts more in a near sentence, as a subject, as
the speaker before; it is out when gender or number speak against it. What it cannot tell stays null.
"""

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz.fuzz import ratio

from pipelines.extract.attribution.sources import RELATIVES, SUBJECTS, noun_class
from pipelines.extract.attribution.tree import QUOTES, Tree
from pipelines.ingest.document import Row
from pipelines.lexicon import entries

HE = frozenset({"he", "him", "his", "himself"})
SHE = frozenset({"she", "her", "hers", "herself"})
IT = frozenset({"it", "its", "itself"})
THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
FIRST = frozenset({"i", "me", "my", "mine", "myself"})
FIRST_PLURAL = frozenset({"we", "us", "our", "ours", "ourselves"})
BODIES = frozenset({"ORG", "GPE", "LOC", "NORP"})
MALE_WORDS = frozenset(
    [
        "mr",
        "mr.",
        "sir",
        "lord",
        "king",
        "prince",
        "spokesman",
        "chairman",
        "congressman",
        "businessman",
        "father",
        "brother",
        "son",
        "husband",
    ]
)
FEMALE_WORDS = frozenset(
    [
        "mrs",
        "mrs.",
        "ms",
        "ms.",
        "miss",
        "madam",
        "lady",
        "dame",
        "queen",
        "princess",
        "spokeswoman",
        "chairwoman",
        "congresswoman",
        "businesswoman",
        "actress",
        "mother",
        "sister",
        "daughter",
        "wife",
        "widow",
    ]
)
REACH = 7
"""Sentences that a pronoun may reach back; in news four in five have their name in the three before."""


@dataclass(slots=True)
class Referent:
    """One person, body or place of this document: the mentions of its name, and what else the text calls it."""

    type: str
    names: list[str] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class Antecedent:
    """The name mention meant, its type, and how sure that is."""

    mention_id: str
    type: str
    confidence: float


@cache
def _pronoun_of() -> dict[str, str]:
    return {row["form"].lower(): row["value"] for row in entries("pronoun_names")}


def is_given_name(word: str) -> bool:
    """Whether a word is a given name of the lexicon."""
    return word.lower() in _pronoun_of()


@dataclass
class Discourse:
    """The names of a document in order, who they are, and who was spoken of last.

    ``spoken(token)`` tells the model who said the claim before, ``antecedent(token)`` whom a token means.
    """

    tree: Tree
    names: Sequence[Row]
    is_quoted: bytearray
    referents: list[Referent] = field(default_factory=list)
    of_token: dict[int, int] = field(default_factory=dict)  # token -> name's position in names
    referent_of: list[int] = field(default_factory=list)  # name's position -> referent
    heads: list[int] = field(default_factory=list)  # name's position -> its last token
    events: list[tuple[int, int, int]] = field(default_factory=list)  # token, referent, name's position
    surnames: dict[str, dict[str, int]] = field(default_factory=dict)  # first letter -> surname -> referent
    speakers: dict[int, int] = field(default_factory=dict)  # token of a source -> referent

    def __post_init__(self) -> None:
        by_key: dict[tuple[str, str], int] = {}
        for position, name in enumerate(self.names):
            tokens = [i for i in self.tree.tokens_in(name["start_char"], name["end_char"]) if not self.tree.space[i]]
            for i in tokens:
                self.of_token[i] = position
            last = tokens[-1] if tokens else min(self.tree.at(name["start_char"]), max(len(self.tree) - 1, 0))
            self.heads.append(last)
            self.referent_of.append(self._referent(name, tokens, by_key))
            if tokens and self.tree.kind(tokens[0]) not in ("byline", "chrome"):
                self.events.append((tokens[0], self.referent_of[-1], position))
        self.events.sort()
        self._follow_pronouns()

    # Who the names are

    def _referent(self, name: Row, tokens: list[int], by_key: dict[tuple[str, str], int]) -> int:
        """The referent of a name: one seen before with the same name or surname, else a new one."""
        kind = name["type"] if name["type"] == "PERSON" else ("body" if name["type"] in BODIES else name["type"])
        words = [
            word for word in name["text"].lower().replace("’s", "").replace("'s", "").split() if word not in ("the",)
        ]
        if not words:
            words = [name["text"].lower()]
        full, last = " ".join(words), words[-1]
        found = by_key.get((kind, full))
        if found is None and kind == "PERSON":
            found = by_key.get((kind, last))
            if found is None and len(last) > 4:
                found = next((r for w, r in self.surnames.get(last[0], {}).items() if ratio(w, last) >= 83), None)
            if found is not None and len(words) > 1 and self._is_other(self.referents[found], words):
                found = None
        if found is None:
            found = len(self.referents)
            self.referents.append(Referent(name["type"]))
        by_key.setdefault((kind, full), found)
        if kind == "PERSON":
            by_key[(kind, last)] = found
            self.surnames.setdefault(last[0], {})[last] = found
        referent = self.referents[found]
        referent.names.append(full)
        self._describe(referent, tokens, words)
        return found

    def _is_other(self, referent: Referent, words: list[str]) -> bool:
        """Whether two full names have the same surname but different given names."""
        return any(len(one.split()) > 1 and one[0] != words[0][0] for one in referent.names)

    def _describe(self, referent: Referent, tokens: list[int], words: list[str]) -> None:
        """Collects what the phrase around a name calls it, and what that says about gender."""
        tree = self.tree
        if not tokens:
            return
        inside = set(tokens)
        top = next((i for i in tokens if tree.head[i] not in inside or tree.head[i] == i), tokens[0])
        described: set[int] = set()
        for i in tree.children[top]:
            if (
                tree.dep[i] in ("compound", "amod", "nmod:desc", "appos", "flat", "nmod:unmarked", "nmod")
                and i not in inside
            ):
                if tree.dep[i] == "nmod" and any(tree.dep[k] == "case" for k in tree.children[i]):
                    continue
                described.add(i)
        above = tree.head[top]
        if (
            above != top
            and tree.dep[top] in ("appos", "flat", "nmod:desc", "compound")
            and tree.pos[above] in ("NOUN", "PROPN")
        ):
            described.add(above)
        before = tokens[0] - 1
        while before >= 0 and tree.pos[before] in ("NOUN", "ADJ", "PROPN") and tokens[0] - before < 6:
            described.add(before)
            before -= 1
        for i in list(described):
            if tree.pos[i] in ("NOUN", "PROPN"):
                described.update(k for k in tree.children[i] if tree.dep[k] in ("amod", "compound") and k not in inside)
        found = {tree.lemma[i] for i in described} | {tree.lower[i] for i in described}
        referent.words |= found
        if referent.type == "PERSON" and referent.gender is None:
            if found & FEMALE_WORDS:
                referent.gender = "she"
            elif found & MALE_WORDS:
                referent.gender = "he"
            elif len(words) > 1 or words[0] in _pronoun_of():
                referent.gender = _pronoun_of().get(words[0])
            if (
                referent.gender is None
                and len(words[-1]) > 4
                and words[-1].endswith(("ova", "eva", "skaya", "skaia", "ská", "ová"))
            ):
                referent.gender = "she"

    # Who pronouns are

    def _follow_pronouns(self) -> None:
        """Resolves he and she from the first to the last, so that each makes its person present again."""
        tree = self.tree
        for i in range(len(tree)):
            if tree.lower[i] in HE or tree.lower[i] in SHE:
                found = self._person(i)
                if found is not None:
                    self.speakers[i] = found[0]
                    insort(self.events, (i, found[0], found[1]))

    def _person(self, pronoun: int) -> tuple[int, int, float] | None:
        """Referent, a mention of its name, and confidence for "he" or "she"."""
        tree = self.tree
        gender = "he" if tree.lower[pronoun] in HE else "she"
        number = tree.sentence[pronoun]
        quoted = bool(self.is_quoted[tree.start[pronoun]])
        best: dict[int, tuple[float, int]] = {}
        at = bisect_left(self.events, (pronoun,))
        for token, who, position in reversed(self.events[max(0, at - 40) : at]):
            distance = number - tree.sentence[token]
            if distance > REACH:
                break
            referent = self.referents[who]
            if referent.type != "PERSON" or (referent.gender and referent.gender != gender):
                continue
            if distance == 0 and self._is_co_argument(token, pronoun):
                continue
            weight = 4.0 - 0.9 * distance - 0.004 * (pronoun - token)
            top = self._top(token)
            if tree.dep[top] in SUBJECTS:
                weight += 1.3
            elif tree.dep[top] == "nmod:poss":
                weight -= 0.6
            if referent.gender == gender:
                weight += 0.6
            if bool(self.is_quoted[tree.start[token]]) != quoted:
                weight -= 2.0
            if who not in best or weight > best[who][0]:
                best[who] = weight, position
        if not best:
            return None
        ranked = sorted(((weight, position, who) for who, (weight, position) in best.items()), reverse=True)
        margin = ranked[0][0] - ranked[1][0] if len(ranked) > 1 else 3.0
        if ranked[0][0] < -1.5:
            return None
        referent = self.referents[ranked[0][2]]
        if referent.gender is None and margin > 1.0:
            referent.gender = gender
        confidence = 0.9 if margin > 1.5 else 0.75 if margin > 0.5 else 0.6
        return ranked[0][2], ranked[0][1], confidence - (0.1 if ranked[0][0] < 1.5 else 0.0)

    def _top(self, token: int) -> int:
        """The head of the name that a token belongs to."""
        tree = self.tree
        while (
            tree.dep[token] in ("flat", "compound", "nmod:desc")
            and tree.head[token] != token
            and self.of_token.get(tree.head[token]) == self.of_token.get(token)
        ):
            token = tree.head[token]
        return token

    def _is_co_argument(self, token: int, pronoun: int) -> bool:
        """Whether name and pronoun hang on the same verb, where they cannot be the same ("Anna saw her")."""
        tree = self.tree
        top = self._top(token)
        return tree.head[top] == tree.head[pronoun] and tree.dep[pronoun] != "nmod:poss"

    # Whom a source means

    def named(self, head: int, start_char: int, end_char: int) -> int | None:
        """The position in ``names`` of the name that heads the source ``[start_char, end_char)``."""
        tree = self.tree
        if head in self.of_token:
            return self.of_token[head]
        beside = head - 1
        while beside >= 0 and tree.start[beside] >= start_char and tree.pos[beside] == tree.pos[head] == "PROPN":
            if beside in self.of_token:
                return self.of_token[beside]
            beside -= 1
        span = [i for i in tree.tokens_in(start_char, end_char) if not tree.space[i]]
        if not span:
            return None
        stretch: list[int] = []
        for i in span:
            if stretch and tree.text[i] in (",", "(", "–", "—", "of", "who"):
                if tree.text[i] == "of":
                    stretch.append(i)
                    continue
                break
            stretch.append(i)
        if noun_class(tree, head) in ("document",):
            return None
        closing = next((i for i in reversed(span) if tree.text[i] not in (",", ")", "”", '"')), span[-1])
        position = self.of_token.get(closing)
        if position is not None and self.names[position]["type"] == "PERSON":
            opening = tree.at(self.names[position]["start_char"])
            if opening > span[0] and tree.text[opening - 1] == "," and len(stretch) < len(span):
                return position
        for i in (stretch[-1], *tree.kids(head, "appos", "flat", "nmod:desc", "compound")):
            position = self.of_token.get(i)
            if position is None or tree.start[i] < start_char or tree.start[i] >= end_char:
                continue
            person = self.names[position]["type"] == "PERSON"
            marked = i in self.of_token and any(tree.dep[k] == "case" for k in tree.children[self._top(i)])
            role = noun_class(tree, head)
            if (person and not marked) or (
                not person and role in ("outlet", "organisation") and tree.dep[self._top(i)] in ("appos", "flat")
            ):
                return position
        return None

    def antecedent(self, head: int) -> Antecedent | None:
        """The name that a pronoun or a description means; none where the text leaves it open."""
        tree = self.tree
        word = tree.lower[head]
        if word in HE or word in SHE:
            found = self._person(head)
            return self._answer(found[1], found[2]) if found is not None else None
        if word in RELATIVES:
            clause = tree.head[head]
            while tree.dep[clause] not in ("acl:relcl",) and tree.head[clause] != clause:
                clause = tree.head[clause]
            noun = tree.head[clause]
            if noun == clause:
                return None
            if noun in self.of_token:
                return self._answer(self.of_token[noun], 0.95)
            return self.antecedent(noun) if tree.lower[noun] not in RELATIVES else None
        if word in IT or word in THEY:
            return self._body(head)
        if tree.pos[head] in ("NOUN", "PROPN"):
            return self._described(head)
        return None

    def _answer(self, position: int, confidence: float) -> Antecedent:
        name = self.names[position]
        return Antecedent(name["mention_id"], name["type"], round(confidence, 2))

    def _body(self, pronoun: int) -> Antecedent | None:
        """The organisation or government that "it" or "they" means: the subject of this or the sentence before."""
        tree = self.tree
        number = tree.sentence[pronoun]
        at = bisect_left(self.events, (pronoun,))
        for token, who, position in reversed(self.events[max(0, at - 12) : at]):
            distance = number - tree.sentence[token]
            if distance > 2:
                break
            top = self._top(token)
            if self.referents[who].type not in ("ORG", "GPE") or tree.dep[top] not in SUBJECTS:
                continue
            if distance == 0 and self._is_co_argument(token, pronoun):
                continue
            if self.is_quoted[tree.start[token]] != self.is_quoted[tree.start[pronoun]]:
                continue
            return self._answer(position, 0.65 - 0.1 * distance)
        return None

    def _described(self, head: int) -> Antecedent | None:
        """The name that a definite description means: what the text has called somebody before."""
        tree = self.tree
        kids = tree.children[head]
        definite = any(tree.lower[i] in ("the", "this", "that") for i in kids if tree.dep[i] == "det")
        if not definite or tree.tag[head] == "NNS":
            return None
        said = {tree.lemma[i] for i in kids if tree.dep[i] in ("amod", "compound") and tree.text[i] not in QUOTES}
        owners = [i for i in kids if tree.dep[i] in ("nmod:poss", "nmod", "acl:relcl", "acl")]
        noun = tree.lemma[head]
        role = noun_class(tree, head)
        fits: dict[int, int] = {}
        at = bisect_left(self.events, (head,))
        for token, who, position in reversed(self.events[:at]):
            if who in fits:
                continue
            referent = self.referents[who]
            words = referent.words
            same = noun in words or (role == "leader" and any(_is_leader(word) for word in words))
            if referent.type != "PERSON":
                same = any(
                    noun == part or (len(noun) > 4 and part.startswith(noun))
                    for one in referent.names
                    for part in one.split()
                )
                same = same and role in ("organisation", "outlet")
                if same and not said and not owners:
                    return self._answer(position, 0.7)
                continue
            if same and (not said or said <= words):
                fits[who] = position
            if len(fits) > 1 or tree.sentence[head] - tree.sentence[token] > 40:
                break
        if len(fits) == 1 and not [i for i in owners if tree.dep[i] != "nmod"]:
            (position,) = fits.values()
            return self._answer(position, 0.8 if said else 0.65)
        return None


@cache
def _leaders() -> frozenset[str]:
    return frozenset(row["form"] for row in entries("speakers") if row["value"] == "leader")


def _is_leader(word: str) -> bool:
    return word in _leaders()
