"""Whom a definite description means: "the Belarusian ruler", "the political scientist", "the company", or nobody.

It means a name only where the text itself has called one bearer so, and no other; never by what the reader may know.
"""

from pipelines.extract.attribution.discourse import Cast
from pipelines.extract.attribution.pronouns import Choice
from pipelines.extract.attribution.sources import noun_class
from pipelines.extract.attribution.tree import QUOTES


class Describer:
    """Finds the one referent that a description fits."""

    def __init__(self, cast: Cast) -> None:
        """For the referents of one document."""
        self.cast, self.tree = cast, cast.tree

    def meant(self, head: int) -> Choice | None:
        """The referent that a noun with "the" means."""
        tree, cast = self.tree, self.cast
        kids = tree.children[head]
        definite = any(tree.lower[i] in ("the", "this", "that") for i in kids if tree.dep[i] == "det")
        if not definite or tree.tag[head] == "NNS":
            return None
        said = {tree.lemma[i] for i in kids if tree.dep[i] in ("amod", "compound") and tree.text[i] not in QUOTES}
        owners = [i for i in kids if tree.dep[i] in ("nmod:poss", "nmod", "acl:relcl", "acl")]
        noun = tree.lemma[head]
        role = noun_class(tree, head)
        fits: dict[int, int] = {}
        for event in cast.before(head, 10**9):
            who = event.referent
            if who in fits or event.name < 0 or event.is_pronoun:
                continue
            referent = cast.referents[who]
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
                    return Choice(who, event.name, 0.7)
                continue
            if same and (not said or said <= words):
                fits[who] = event.name
            if len(fits) > 1 or tree.sentence[head] - tree.sentence[event.token] > 40:
                break
        if len(fits) == 1 and not [i for i in owners if tree.dep[i] != "nmod"]:
            ((who, position),) = fits.items()
            return Choice(who, position, 0.8 if said else 0.65)
        return None


def _is_leader(word: str) -> bool:
    from pipelines.extract.attribution.cues import speaker_nouns

    return speaker_nouns().get(word) == "leader"
