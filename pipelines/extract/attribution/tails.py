"""Where what is said ends: a further saying after a comma belongs to the same speaker, not to what was said."""

from pipelines.extract.attribution.complements import verb_cue
from pipelines.extract.attribution.tree import Tree


def without_tail(tree: Tree, verb: int, tokens: list[int]) -> list[int]:
    """The content's tokens up to a further saying: "said it was over" of "said it was over, adding that ..."."""
    inside = [i for i in tokens if tree.text[i][:1].isalnum()]
    for i in tokens:
        if i > verb + 1 and cue_above(tree, i) == verb and inside[-1] <= tree.subtree(i)[-1]:
            return [k for k in tokens if k < i - 1]
    return tokens


def cue_above(tree: Tree, verb: int) -> int | None:
    """The cue whose speaker goes on with a participle after a comma: "said it was over, adding that ..."."""
    if tree.tag[verb] != "VBG" or tree.dep[verb] not in ("advcl", "acl", "conj", "parataxis"):
        return None
    cue = verb_cue(tree, verb)
    if cue is None or cue.act != "speech" or "s" not in cue.frames or tree.text[verb - 1] != ",":
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
