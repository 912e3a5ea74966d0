"""The words that attribute: what each takes as content, from ``seeds/lexicon/speech_cues.csv``.

Frames, separated by spaces in the lexicon:

====== =======================================================================================
s      may stand beside a quotation or be put in: "...," she said
t      a clause: said (that) it was over, asked whether it was over
i      an infinitive: vowed to go
g      a gerund: denied going
n      a noun phrase: announced new prices
nw     a question word's clause: described how it ended
ni     a noun phrase with an infinitive: urged them to go
na     a noun phrase with what it is called: called it a mistake, described it as a mistake
nf     a noun phrase with a charge or a reason: accused him of fraud, praised her for staying
nat    a noun phrase with an amount: put the cost at 4 million
p-X    a phrase with the preposition X: called for, complained about
po-X   a noun phrase and the preposition X before the content: called on them to go
a      a noun phrase before the clause is the person spoken to, no content: told the court it was over
====== =======================================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pipelines.lexicon.entries import entries


@dataclass(frozen=True, slots=True)
class Cue:
    """One word (with its particle) and what it takes; ``act`` is speech, thought or attitude.

    ``stance`` is what the source does with the content: asserts, denies, doubts, asks or promises.
    """

    form: str
    act: str
    frames: frozenset[str]
    stance: str = "asserts"

    def prepositions(self, mark: str = "p-") -> frozenset[str]:
        """The prepositions before its content."""
        return frozenset(one.removeprefix(mark) for one in self.frames if one.startswith(mark))


@cache
def cues(pos: str) -> Mapping[str, Cue]:
    """The cues of one part of speech (verb, adjective, noun) by lemma; a particle follows its verb after a space."""
    return {
        row["form"]: Cue(row["form"], row["value"], frozenset(row["frames"].split()), row["stance"] or "asserts")
        for row in entries("speech_cues")
        if row["pos"] == pos
    }


@cache
def verb_form(lemma: str, text: str) -> str:
    """The lexicon's form of a verb, also where the lemma is a stem ("criticis") or the inflected word itself."""
    known = cues("verb")
    tries = (
        lemma,
        lemma + "e",
        text.removesuffix("d"),
        text.removesuffix("ed"),
        text.removesuffix("ing"),
        text.removesuffix("ing") + "e",
    )
    return next((one for one in tries if one in known), lemma)


@cache
def speaker_nouns() -> Mapping[str, str]:
    """Nouns that head a source, by lemma: document, organisation, outlet or source."""
    return {row["form"]: row["value"] for row in entries("speakers")}
