"""What a verb takes as content, frame by frame: each frame is one function, ``FRAMES`` is the order in which they are tried."""

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.extract.attribution.cue.acts import is_act
from pipelines.extract.attribution.cue.complements import WH, clause_content, is_question, is_that, prepositions
from pipelines.extract.attribution.cue.cue_spans import is_negated, is_when, when_words
from pipelines.extract.attribution.cue.cues import Cue
from pipelines.extract.attribution.cue.subjects import RELATIVES, SUBJECTS
from pipelines.extract.attribution.tree import QUOTES, Tree

Content = tuple[list[int], tuple[int, ...], str]
"""The content's tokens, what before it belongs to the cue (a preposition), and the name of the frame."""

REFLEXIVES = frozenset({"themselves", "himself", "herself", "itself"})
WITH_OBJECT = frozenset({"for", "as", "of", "against", "over", "with", "in", "to", "on", "from", "about"})
"""Prepositions of phrases that belong to the object before them: "announced a ban on cars"."""


@dataclass(frozen=True, slots=True)
class Governor:
    """A cue's verb and the objects that the parse gives it; ``thing`` is the first behind the verb, else the first at all."""

    tree: Tree
    verb: int
    cue: Cue
    objects: list[int]
    thing: int | None

    @property
    def frames(self) -> frozenset[str]:
        """What the lexicon says that the verb takes."""
        return self.cue.frames

    def thing_behind(self) -> int | None:
        """The object where it stands behind the verb."""
        return self.thing if self.thing is not None and self.thing > self.verb else None

    def branches(self, *tops: int) -> list[int]:
        """The tokens under all of these, in text order."""
        return sorted({i for top in tops for i in self.tree.subtree(top)})


def complement(tree: Tree, verb: int, cue: Cue) -> Content:
    """What the verb takes as content, by the first frame that fits; nothing, and no name, where none does."""
    objects = _objects(tree, verb, cue.frames)
    thing = next((i for i in objects if i > verb), objects[0] if objects else None)
    governor = Governor(tree, verb, cue, objects, thing)
    return next((found for frame in FRAMES if (found := frame(governor)) is not None), ([], (), ""))


def _objects(tree: Tree, verb: int, frames: frozenset[str]) -> list[int]:
    """The verb's objects: no reflexive unless it may be called something, no day's name if there is another."""
    labels = ("obj",) if "a" in frames or tree.child(verb, "obj") is not None else ("obj", "iobj")
    found = [i for i in tree.kids(verb, *labels) if "na" in frames or tree.lower[i] not in REFLEXIVES]
    return [i for i in found if tree.tag[i] != "NNP" or tree.lower[i] not in when_words()] or found


def _clause(g: Governor) -> Content | None:
    """A clause with a verb of its own: "said that it was over", "asked whether it was", "saw them go"."""
    tree, verb, frames = g.tree, g.verb, g.frames
    turned = tree.text[verb - 1] == "," and any(i > verb for i in tree.kids(verb, *SUBJECTS))  # "..., says Holt: ..."
    for clause in sorted(tree.kids(verb, "ccomp"), key=lambda i: ((i < verb) != turned, i)):
        if "t" in frames or ("s" in frames and tree.is_clause(clause)):
            return clause_content(tree, verb, clause), (), "clause"
        if "nw" in frames and is_question(tree, clause):
            return tree.subtree(clause), (), "clause"
        if frames & {"ni", "na", "g"}:
            return tree.subtree(clause), (), "small clause"
    return None


def _clause_told(g: Governor) -> Content | None:
    """A clause that the parse hangs on the person told: "told the court he was ill", "told her that it was over"."""
    if not {"a", "t"} <= g.frames:
        return None
    tree = g.tree
    told = tree.child(g.verb, "obj", "iobj")
    if told is None or told < g.verb:
        return None
    for clause in tree.kids(told, "acl:relcl", "acl", "ccomp"):
        opening = tree.subtree(clause)
        is_relative = any(tree.lower[i] in RELATIVES for i in opening[:2])
        if is_that(tree, clause) or (tree.child(clause, *SUBJECTS) is not None and not is_relative):
            return opening, (), "clause"
    return None


def _left_open(g: Governor) -> Content | None:
    """The question that somebody has not answered: "would not say when it will open", which parsers take for a time."""
    tree, verb = g.tree, g.verb
    if "t" not in g.frames or not is_negated(tree, verb, None):
        return None
    for clause in tree.kids(verb, "advcl"):
        branch = tree.subtree(clause)
        if branch[0] == verb + 1 and tree.lower[branch[0]] in WH and tree.child(clause, *SUBJECTS) is not None:
            return branch, (), "clause"
    return None


def _what_it_called(g: Governor) -> Content | None:
    """The name given in "what she called a rant": the relative word and the name."""
    tree, verb = g.tree, g.verb
    what = tree.head[verb]
    if "na" not in g.frames or tree.dep[verb] != "acl:relcl" or tree.lower[what] not in ("what", "whatever"):
        return None
    for i in tree.children[verb]:
        named = tree.dep[i] in ("xcomp", "obj", "ccomp") or (tree.dep[i] == "obl" and "as" in prepositions(tree, i))
        if named and i > verb:
            return [what, *tree.subtree(i)], (), "clause"
    return None


def _for_somebody_to(g: Governor) -> Content | None:
    """What is wanted of somebody behind "for": "called for the mayor to resign"."""
    if "for" not in g.cue.prepositions():
        return None
    tree, verb = g.tree, g.verb
    for clause in tree.kids(verb, "xcomp", "ccomp", "advcl"):
        case = tuple(k for k in tree.kids(clause, "mark") if tree.lower[k] == "for")
        if not case or clause < verb:
            continue
        if tree.child(clause, *SUBJECTS) is not None:
            return tree.subtree(clause, case), case, "preposition"
        whom = next((i for i in tree.kids(verb, "obl") if case[0] < i < clause), None)
        if whom is not None:
            return sorted({*tree.subtree(whom), *tree.subtree(clause, case)}), case, "preposition"
    return None


def _free_relative(g: Governor) -> Content | None:
    """A question word with its clause, read as an object: "explained what had happened"."""
    tree, thing = g.tree, g.thing
    if thing is None or not g.frames & {"t", "nw"} or tree.tag[thing] not in ("WP", "WRB"):
        return None
    return (tree.subtree(thing), (), "clause") if tree.kids(thing, "acl:relcl") else None


def _open_clause(g: Governor) -> Content | None:
    """A clause whose subject is left open: an infinitive, a gerund or what something is called."""
    tree = g.tree
    for inner in tree.kids(g.verb, "xcomp"):
        with_to = any(tree.lower[k] == "to" for k in tree.kids(inner, "mark")) or tree.tag[inner] == "VB"
        found = _infinitive(g, inner) if with_to and inner > g.verb else _gerund_or_name(g, inner)
        if found is not None:
            return found
    return None


def _infinitive(g: Governor, inner: int) -> Content | None:
    """An infinitive: "vowed to go", "knows how to win", "urged them to go"."""
    tree, frames, thing = g.tree, g.frames, g.thing
    listener = tree.child(g.verb, "iobj") if "ni" in frames or tree.lemma[g.verb] == "ask" else None
    if listener is not None and thing is None and g.verb < listener < inner:
        return g.branches(listener, inner), (), "request"
    if thing is not None and thing < inner:
        return (g.branches(thing, inner), (), "request") if "ni" in frames else None
    if "i" in frames:
        return tree.subtree(inner), (), "infinitive"
    if "t" in frames and is_question(tree, inner):
        return tree.subtree(inner), (), "clause"
    return (tree.subtree(inner), (), "request") if "ni" in frames else None


def _gerund_or_name(g: Governor, inner: int) -> Content | None:
    """A gerund, or what the object is called: "denied going", "called it a mistake"."""
    if g.tree.tag[inner] == "VBG" and "g" in g.frames and g.thing is None:
        return g.tree.subtree(inner), (), "gerund"
    if g.thing is not None and "na" in g.frames:
        return _with_next(g, g.branches(g.thing, inner)), (), "name"
    return None


def _charge(g: Governor) -> Content | None:
    """What somebody is charged with or seen as: "accused him of fraud", "described it as a mistake", "whom she praised for it"."""
    tree, thing = g.tree, g.thing
    if thing is None or (thing < g.verb and tree.tag[thing] not in ("WP", "WDT")):
        return None
    for i in tree.children[g.verb]:
        if i <= thing or not (tree.dep[i].startswith("obl") or tree.dep[i] in ("advcl", "nmod")):
            continue
        words = prepositions(tree, i)
        if ("as" in words and "na" in g.frames) or (words & {"of", "for", "to", "with"} and "nf" in g.frames):
            return _with_next(g, g.branches(thing, i)), (), "charge"
    return None


def _amount(g: Governor) -> Content | None:
    """What something is put at: "put the cost at 4 million"."""
    tree, thing = g.tree, g.thing_behind()
    if "nat" not in g.frames or thing is None:
        return None
    phrases = [i for i in tree.kids(g.verb, "obl", "nmod") if i > thing] + tree.kids(thing, "nmod")
    amount = next((i for i in phrases if "at" in prepositions(tree, i)), None)
    if amount is None or not any(tree.tag[i] == "CD" for i in tree.subtree(amount)):
        return None
    return g.branches(thing, amount), (), "charge"


def _charge_inside(g: Governor) -> Content | None:
    """A charge that the parse hangs on the person charged: "praised the nurses for staying"."""
    tree, thing = g.tree, g.thing
    if "nf" not in g.frames or "n" in g.frames or thing is None:
        return None
    phrases = [i for i in tree.kids(thing, "nmod", "acl") if i > thing]
    if any(prepositions(tree, i) & {"of", "for", "with"} for i in phrases):
        return tree.subtree(thing), (), "charge"
    return None


def _infinitive_of_purpose(g: Governor) -> Content | None:
    """An infinitive straight behind the verb that the parse takes for a purpose: "pledged to go"."""
    if "i" not in g.frames or g.thing is not None:
        return None
    for clause in g.tree.kids(g.verb, "advcl"):
        branch = g.tree.subtree(clause)
        if branch[0] == g.verb + 1 and "to" in prepositions(g.tree, clause):
            return branch, (), "infinitive"
    return None


def _name_behind(g: Governor) -> Content | None:
    """What the one object is called, wherever the parse hangs it: "called him a liar", "called it "a mess""."""
    tree, thing = g.tree, g.thing_behind()
    if "na" not in g.frames or "n" in g.frames or thing is None or len(g.objects) > 1:
        return None
    rest = tree.subtree(thing)
    if any(tree.dep[i] == "appos" or tree.text[i] in QUOTES for i in rest):
        return rest, (), "name"
    phrases = tree.kids(g.verb, "ccomp", "amod", "acl", "advcl", "dep", "obl:unmarked", "parataxis")
    called = next((tree.subtree(i) for i in phrases if i > rest[-1]), None)
    if called is not None and called[0] - rest[-1] < 3:
        return sorted({*rest, *called}), (), "name"
    return None


def _name_as_object(g: Governor) -> Content | None:
    """What something is called, as a second object: "called the plan a mistake"."""
    if "na" in g.frames and len(g.objects) > 1 and g.objects[-1] > g.objects[0] > g.verb:
        return g.branches(g.objects[0], g.objects[-1]), (), "name"
    return None


def _preposition(g: Governor) -> Content | None:
    """A phrase with the verb's own preposition, which belongs to the cue: "called for calm", "called on them to go"."""
    if g.thing is not None and "n" in g.frames:
        return None
    tree, own = g.tree, g.cue.prepositions()
    for i in tree.children[g.verb]:
        if i > g.verb and tree.dep[i].startswith(("obl", "advcl")):
            words = prepositions(tree, i)
            if words & own and not is_when(tree, i):
                return _of_preposition(g, i, words)
    return None


def _of_preposition(g: Governor, phrase: int, words: set[str]) -> Content:
    """The phrase, and what is asked of whom it names ("called on them to go") or what is coordinated with it."""
    tree = g.tree
    case = tuple(k for k in tree.kids(phrase, "case", "mark") if k < phrase and tree.tag[k] not in ("TO", "WRB"))
    tokens = set(tree.subtree(phrase, case))
    clauses = tree.kids(g.verb, "xcomp", "advcl") if words & {"on", "upon", "to", "for"} else []
    asked = next((k for k in clauses if k > phrase and "to" in prepositions(tree, k)), None)
    if asked is not None:
        tokens.update(tree.subtree(asked))
    tokens.update(_and_how(tree, g.verb, max(tokens)))
    return sorted(tokens), case, "preposition"


def _and_how(tree: Tree, verb: int, last: int) -> list[int]:
    """A question coordinated with the phrase that ends at ``last``: "talked about trade and how it emptied the town"."""
    for i in tree.kids(verb, "conj"):
        branch = tree.subtree(i)
        if branch[0] == last + 1 and len(branch) > 2 and tree.lower[branch[1]] in WH:
            return branch
    return []


def _behind_colon(g: Governor) -> Content | None:
    """A sentence behind a colon: "She said: it is over"."""
    if "s" not in g.frames:
        return None
    for i in g.tree.kids(g.verb, "parataxis", "dep", "appos"):
        branch = g.tree.subtree(i)
        if i > g.verb and ":" in (g.tree.text[branch[0]], g.tree.text[branch[0] - 1]):
            return branch, (), "clause"
    return None


def _that_behind_object(g: Governor) -> Content | None:
    """A clause with "that" behind an object that is not said: "made the point on Monday that it was over"."""
    if "t" not in g.frames or "a" in g.frames or g.thing is None:
        return None
    clauses = g.tree.kids(g.verb, "parataxis", "advcl")
    late = next((i for i in clauses if i > g.thing and is_that(g.tree, i)), None)
    return None if late is None else (g.tree.subtree(late), (), "clause")


def _object(g: Governor) -> Content | None:
    """A noun phrase that is itself what is said, with the phrases behind it: "announced new prices for bread"."""
    tree, thing = g.tree, g.thing
    if "n" not in g.frames or thing is None or is_when(tree, thing) or is_act(tree.lemma[g.verb], tree.lemma[thing]):
        return None
    tokens = set(tree.subtree(thing))
    for i in tree.children[g.verb]:
        if i > thing and tree.dep[i] in ("obl", "advcl") and prepositions(tree, i) & WITH_OBJECT:
            branch = tree.subtree(i)
            if branch[0] == max(tokens) + 1 and not is_when(tree, i):
                tokens.update(branch)
    return sorted(tokens), (), "object"


def _with_next(g: Governor, tokens: list[int]) -> list[int]:
    """What is said of somebody with the phrases that follow it directly: "as false, compared with a tenth last year"."""
    found = set(tokens)
    for i in g.tree.children[g.verb]:
        branch = g.tree.subtree(i)
        if g.tree.dep[i].startswith("obl") and branch[0] == max(found) + 1 and not is_when(g.tree, i):
            found.update(branch)
    return sorted(found)


FRAMES: tuple[Callable[[Governor], Content | None], ...] = (
    _clause,
    _clause_told,
    _left_open,
    _what_it_called,
    _for_somebody_to,
    _free_relative,
    _open_clause,
    _charge,
    _amount,
    _charge_inside,
    _infinitive_of_purpose,
    _name_behind,
    _name_as_object,
    _preposition,
    _behind_colon,
    _that_behind_object,
    _object,
)
"""Clauses before phrases, phrases before the bare object: what a parse makes of a clause is seldom an accident."""
