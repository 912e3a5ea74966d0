"""Where what is said ends: a further saying after a comma, or the writer's own aside, is no part of it."""

from pipelines.extract.attribution.cue.complements import is_that, verb_cue
from pipelines.extract.attribution.cue.subjects import SUBJECTS
from pipelines.extract.attribution.tree import QUOTES, Tree

ASIDES = {
    "acl:relcl": frozenset({"who", "whose", "which", "when"}),
    "advcl": frozenset({"as", "while", "even", "though", "although", "when"}),
    "conj": frozenset({"but"}),
}
"""Words that open the writer's own clause after a comma, by the clause's relation: "said it was over, but it went on"."""


def without_tail(tree: Tree, verb: int, tokens: list[int]) -> list[int]:
    """The content's tokens up to a clause after a comma that ends the sentence and is not what was said.

    A further saying: "said it was over" of "said it was over, adding that ...". The writer's aside: "said he would help
    Lind, who lost". Where a quotation holds the comma, the clause is said too.
    """
    last = next((i for i in reversed(tokens) if tree.text[i][:1].isalnum()), -1)
    for i in tokens:
        if i <= verb + 1 or not (tree.dep[i] in ASIDES or tree.tag[i] == "VBG"):
            continue
        branch = tree.subtree(i)
        first = branch[1] if tree.text[branch[0]] == "," and len(branch) > 1 else branch[0]
        if first <= tokens[0] + 1 or branch[-1] < last:
            continue
        if cue_above(tree, i) == verb and tree.quote_at(tree.start[first]) is None:
            return [k for k in tokens if k < first]
        comma = first - 1
        if tree.text[comma] == "," and tree.quote_at(tree.start[comma]) is None and _is_aside(tree, i, comma):
            return [k for k in tokens if k < comma]
    return tokens


def _is_aside(tree: Tree, clause: int, comma: int) -> bool:
    """Whether a clause after a comma is the writer's: it opens with such a word, and repeats no "that"."""
    opens = ASIDES.get(tree.dep[clause], frozenset())
    if tree.lower[comma + 1] not in opens or is_that(tree, clause):
        return False
    return tree.dep[clause] == "acl:relcl" or tree.child(clause, *SUBJECTS) is not None


def cue_above(tree: Tree, verb: int) -> int | None:
    """The cue whose speaker goes on with a participle: "said it was over, adding that ...", "... before adding that"."""
    if tree.tag[verb] != "VBG" or tree.dep[verb] not in ("advcl", "acl", "conj", "parataxis"):
        return None
    cue = verb_cue(tree, verb)
    if cue is None or cue.act != "speech" or "s" not in cue.frames or not _is_added(tree, verb):
        return None
    at = tree.head[verb]
    while tree.head[at] != at:
        above = tree.head[at]
        if tree.dep[at] == "ccomp" and at > above and tree.is_verb(above):
            found = verb_cue(tree, above)
            if found is not None and found.act == "speech" and "t" in found.frames:
                return above
        at = above
    return None


def _is_added(tree: Tree, verb: int) -> bool:
    """Whether a participle follows a comma (also one that closes a quotation), or "before" and has a clause."""
    if tree.text[verb - 1] == "," or (tree.text[verb - 1] in QUOTES and tree.text[verb - 2] == ","):
        return True
    follows = any(tree.lower[i] in ("before", "after", "while") for i in tree.kids(verb, "mark"))
    return follows and tree.child(verb, "ccomp") is not None
