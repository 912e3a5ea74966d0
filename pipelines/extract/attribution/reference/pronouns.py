"""Whom a pronoun means: somebody spoken of in the sentences before who fits, or nobody.

A salience model in the manner of Lappin and Leass (1994): a referent counts more in a near sentence, as a subject, as
somebody a pronoun stood for already, as the one who spoke before; it is out where gender, number or the sentence's own
build speak against it. People without a name compete too: where one of them wins, the pronoun has no name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.extract.attribution.cue.subjects import SUBJECTS, subject
from pipelines.extract.attribution.reference.discourse import Cast, Event
from pipelines.extract.attribution.tree import Tree
from pipelines.lexicon.entries import group

HE = frozenset({"he", "him", "his", "himself"})
SHE = frozenset({"she", "her", "hers", "herself"})
IT = frozenset({"it", "its", "itself"})
THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
EVIDENCE = group("claim_words", "evidence")
"""What things do as well as bodies."""
REFLEXIVE = frozenset({"himself", "herself"})
REACH = 7
"""Sentences that a pronoun may reach back; in news four in five have their name in the three before."""
LOOK = 60
"""Events that are looked at."""
WEIGHTS = {
    "sentence": -0.9,  # each sentence between
    "token": -0.004,  # each token between
    "subject": 0.7,
    "above": 0.9,  # subject of a clause that the pronoun's clause hangs on
    "owner": -0.2,  # "Orlov's"
    "pronoun": 0.1,  # was a pronoun already
    "gender": 0.9,  # is known to be he or she, as asked
    "quotation": -2.0,  # one stands inside quotation marks, the other does not
    "often": 0.25,  # for each doubling of how often it was spoken of
    "speaker": 0.8,  # said the claim before, and the pronoun says one
    "unnamed": -0.3,
}
WHERE = frozenset({"where", "when", "whose", "why", "how"})
"""Words that open a relative clause in which its noun does or suffers nothing."""
LEAST = 1.5
"""Weight below which nobody is meant."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is meant: referent, the position of its name (-1 for somebody without one), and how sure that is, 0 to 1."""

    referent: int
    name: int
    confidence: float


@dataclass(frozen=True)
class Setting:
    """What a pronoun is read against: who was spoken of, what stands in quotation marks, who heads a source, whose quotation.

    ``quoted`` has one byte a character of the document. ``speaker_of`` gives the token that heads the source of the
    quotation around a token, null outside quotations. ``told`` counts, up to each sentence, those that begin outside
    quotation marks: what the writer tells goes on behind a quotation as if it were not there.
    """

    cast: Cast
    quoted: bytearray
    sources: frozenset[int]
    speaker_of: Mapping[int, int]
    told: Sequence[int]

    @property
    def tree(self) -> Tree:
        """The parse."""
        return self.cast.tree

    def distance(self, earlier: int, later: int) -> int:
        """Sentences between two tokens, without those that are quoted where neither of the two is."""
        first, last = self.tree.sentence[earlier], self.tree.sentence[later]
        if self.is_quoted(earlier) or self.is_quoted(later):
            return last - first
        return min(last - first, self.told[last] - self.told[first])

    def is_quoted(self, token: int) -> bool:
        """Whether a token stands in quotation marks."""
        return bool(self.quoted[self.tree.start[token]])


def person(context: Setting, pronoun: int, meant: Mapping[int, Choice]) -> Choice | None:
    """Who "he" or "she" is; ``meant`` holds what the pronouns and descriptions before it mean."""
    cast, tree = context.cast, context.tree
    gender = "he" if tree.lower[pronoun] in HE else "she"
    if tree.lower[pronoun] in REFLEXIVE:
        own = _of_subject(context, pronoun, meant, gender)
        if own is not None:
            return own
    quoted = context.is_quoted(pronoun)
    out = _barred(context, pronoun, meant)
    best: dict[int, tuple[float, int]] = {}
    for event in cast.before(pronoun, LOOK):
        distance = context.distance(event.token, pronoun)
        if distance > REACH:
            break
        referent = cast.referents[event.referent]
        if (
            referent.type != "PERSON"
            or referent.is_many
            or (referent.gender and referent.gender != gender)
            or event.referent in out
        ):
            continue
        weight = _weight(context, event, pronoun, distance, quoted)
        if referent.gender == gender:
            weight += WEIGHTS["gender"]
        if event.referent not in best or weight > best[event.referent][0]:
            name = event.name if event.name >= 0 else best.get(event.referent, (0.0, -1))[1]
            best[event.referent] = weight, name
    return _best(context, best, pronoun, gender)


def _best(context: Setting, best: Mapping[int, tuple[float, int]], pronoun: int, gender: str) -> Choice | None:
    """The candidate with the most weight, if it is enough; its gender is settled where it was open."""
    if not best:
        return None
    cast = context.cast
    ranked = sorted(
        (
            (weight + WEIGHTS["often"] * cast.referents[who].n_before(pronoun).bit_length(), position, who)
            for who, (weight, position) in best.items()
        ),
        reverse=True,
    )
    margin = ranked[0][0] - ranked[1][0] if len(ranked) > 1 else 3.0
    if ranked[0][0] < LEAST:
        return None
    _, position, who = ranked[0]
    if cast.referents[who].gender is None and margin > 1.0:
        cast.referents[who].gender = gender
    confidence = 0.9 if margin > 1.5 else 0.75 if margin > 0.5 else 0.6
    return Choice(who, position, confidence - (0.1 if ranked[0][0] < 3.0 else 0.0))


def _weight(context: Setting, event: Event, pronoun: int, distance: int, quoted: bool) -> float:
    """How present somebody is at the pronoun, from one place where he or she was spoken of."""
    tree = context.tree
    token = event.token
    weight = 4.0 + WEIGHTS["sentence"] * distance + WEIGHTS["token"] * (pronoun - token)
    top = context.cast.place(token)
    if tree.dep[top] in SUBJECTS:
        weight += WEIGHTS["subject"]
        if distance == 0 and tree.climbs_to(pronoun, tree.head[top]):
            weight += WEIGHTS["above"]
    elif tree.dep[top] == "nmod:poss" and not event.is_pronoun:
        weight += WEIGHTS["owner"]
    if event.is_pronoun:
        weight += WEIGHTS["pronoun"]
    if event.name < 0:
        weight += WEIGHTS["unnamed"]
    if context.is_quoted(token) != quoted:
        weight += WEIGHTS["quotation"]
    if not quoted and pronoun in context.sources and (top in context.sources or token in context.sources):
        weight += WEIGHTS["speaker"]
    return weight


def _of_subject(context: Setting, pronoun: int, meant: Mapping[int, Choice], gender: str) -> Choice | None:
    """Who "himself" is: the subject of its clause."""
    tree = context.tree
    verb = tree.head[pronoun]
    while not tree.is_clause(verb) and tree.head[verb] != verb:
        verb = tree.head[verb]
    head = subject(tree, verb)
    if head is None:
        return None
    found = _at(context, head, meant)
    if found is None or context.cast.referents[found.referent].gender not in (None, gender):
        return None
    return found if context.cast.referents[found.referent].type == "PERSON" else None


def _at(context: Setting, token: int, meant: Mapping[int, Choice]) -> Choice | None:
    """Who a token means: by its name, or as a pronoun or description before."""
    cast = context.cast
    if token in cast.of_token:
        return Choice(cast.referent_of[cast.of_token[token]], cast.of_token[token], 0.9)
    return meant.get(token)


def _barred(context: Setting, pronoun: int, meant: Mapping[int, Choice]) -> set[int]:
    """Who it cannot be: somebody else in the same clause, whoever is described with the pronoun, who says "I" here."""
    tree = context.tree
    tokens: list[int] = []
    verb = tree.head[pronoun]
    if tree.dep[pronoun] == "nmod:poss":
        at = verb
        while True:  # "his father Johann" and "Philonise, his brother" are not himself
            tokens += [at, *tree.kids(at, "appos", "flat", "nmod:desc", "compound")]
            if tree.dep[at] not in ("appos", "flat", "nmod:desc", "compound", "nmod:poss") or tree.head[at] == at:
                break
            at = tree.head[at]
    elif verb != pronoun and tree.lower[pronoun] not in REFLEXIVE:
        own = pronoun if tree.dep[pronoun] in SUBJECTS else -1
        tokens += [k for k in tree.kids(verb, *SUBJECTS, "obj", "iobj", "obl", "obl:agent") if k > own]
        if tree.dep[pronoun] not in SUBJECTS and tree.is_clause(verb):
            actor = subject(tree, verb)
            tokens += [actor] if actor is not None and actor != pronoun else []
        if tree.dep[pronoun] in SUBJECTS:
            for clause in tree.kids(verb, "advcl", "xcomp"):
                if tree.child(clause, *SUBJECTS) is None:
                    tokens += tree.kids(clause, "obj", "iobj", "obl")
        if tree.dep[verb] == "acl:relcl" and not {tree.lower[i] for i in tree.subtree(verb)[:2]} & WHERE:
            tokens.append(tree.head[verb])  # "the man he calls a friend" is not he
    told_of = _told_of(tree, pronoun)
    if told_of is not None:
        tokens.append(told_of)
    speaker = context.speaker_of.get(pronoun)
    if speaker is not None:
        tokens.append(speaker)
    found = {_at(context, token, meant) for token in tokens if tree.dep[token] != "nmod:poss"}
    return {one.referent for one in found if one is not None}


def _told_of(tree: Tree, pronoun: int) -> int | None:
    """The subject of whose predicate the pronoun tells something: "the loser" in "the loser is the man he calls a friend".

    The i-within-i condition of the binding theory (Chomsky 1981).
    """
    at, is_relative = pronoun, False
    while tree.head[at] != at:
        is_relative, at = is_relative or tree.dep[at] == "acl:relcl", tree.head[at]
        if is_relative and tree.pos[at] == "NOUN" and tree.child(at, "cop") is not None:
            return tree.child(at, *SUBJECTS)
    return None


def _may_be_body(kind: str, many: bool, is_many_or_named: bool) -> bool:
    """Whether "it" may mean a referent of this type, a body or a place that governs; "they" only a body, named or of many."""
    return kind in ("ORG", "GPE") and not (many and (kind == "GPE" or not is_many_or_named))


def body(context: Setting, pronoun: int, meant: Mapping[int, Choice]) -> Choice | None:
    """The organisation or government that "it" or "they" means: the nearest subject before it that may be meant.

    Only as the subject of a verb that somebody does: "it" may stand for anything. Where another subject of its number is
    nearer, that is meant, and it has no name.
    """
    tree = context.tree
    many, verb = tree.lower[pronoun] in THEY, tree.head[pronoun]
    if tree.dep[pronoun] != "nsubj" or not tree.is_verb(verb) or tree.lemma[verb] in EVIDENCE:
        return None
    if tree.child(verb, "cop", "aux:pass", "expl") is not None:
        return None
    number, quoted = tree.sentence[pronoun], context.is_quoted(pronoun)
    for i in range(pronoun - 1, -1, -1):
        distance = number - tree.sentence[i]
        if distance > 1:
            break
        if many and tree.tag[i] == "NNS" and context.cast.is_person(i) and context.is_quoted(i) == quoted:
            return None
        if tree.dep[i] not in SUBJECTS or tree.space[i] or context.is_quoted(i) != quoted or tree.head[i] == verb:
            continue
        if tree.lower[i] in (IT | THEY):
            earlier = meant.get(i) if (tree.lower[i] in THEY) == many else None
            if earlier is not None:
                return Choice(earlier.referent, earlier.name, 0.9 * earlier.confidence)
            continue
        found = _at(context, i, meant)
        is_many = tree.tag[i] in ("NNS", "NNPS") or bool(tree.kids(i, "conj"))
        if found is None:
            if tree.pos[i] in ("NOUN", "PROPN") and is_many == many:
                return None
            continue
        referent = context.cast.referents[found.referent]
        if not _may_be_body(referent.type, many, is_many or found.name >= 0):
            if is_many == many and referent.type != "PERSON":
                return None
            continue
        if is_many and not many:
            continue
        return Choice(found.referent, found.name, 0.65 - 0.1 * distance)
    return None
