"""What a verb attributes: the clause, infinitive or noun phrase that it takes, as far as it goes."""

from pipelines.extract.attribution.cue.cue_spans import is_when
from pipelines.extract.attribution.cue.cues import Cue, cues, verb_form
from pipelines.extract.attribution.cue.subjects import SUBJECTS
from pipelines.extract.attribution.tree import QUOTES, Tree
from pipelines.lexicon.entries import group

WH = frozenset({"how", "why", "what", "who", "which", "where", "when", "whether", "whom", "whose", "if"})


def verb_cue(tree: Tree, verb: int) -> Cue | None:
    """The lexicon's entry for a verb with its particle, if it has one."""
    known = cues("verb")
    particle = next((i for i in tree.children[verb] if tree.dep[i] == "compound:prt"), None)
    if particle is None and verb + 1 < len(tree) and tree.lower[verb + 1] in ("out", "back", "off", "down", "it"):
        particle = verb + 1
    if particle is not None:
        longer = known.get(f"{verb_form(tree.lemma[verb], tree.lower[verb])} {tree.lower[particle]}")
        if longer is not None or tree.dep[particle] == "compound:prt":
            return longer
    return known.get(verb_form(tree.lemma[verb], tree.lower[verb]))


def clause_content(tree: Tree, verb: int, clause: int) -> list[int]:
    """A clause as content: with the clauses coordinated to it, without what belongs to the cue's own clause.

    Not of the content, wherever the parse hangs them: what stands before a cue that the clause follows ("On Friday, she
    said ..."), a further cue of the same speaker (", adding that ..."; "says he will go and warned that ...").
    """
    tokens = tree.subtree(clause, borrowed(tree, verb, clause))
    if clause < verb:
        return _last_sentence(tree, verb, tokens)
    tokens = [i for i in tokens if i > verb or tree.tag[i] in ("WP", "WDT", "WRB")]
    tokens = [*_torn_subject(tree, verb, clause), *tokens]
    cue = verb_cue(tree, verb)
    if cue is None:
        return tokens
    if told := _told_inside(tree, verb, clause, cue):
        return [i for i in tokens if i not in told]
    tokens = _with_opening(tree, verb, cue, tokens)
    if cue.act != "speech":
        return tokens
    tokens = _without_scene(tree, verb, clause, tokens)
    tokens = _with_reason(tree, verb, tokens)
    return _with_further_clauses(tree, verb, clause, tokens)


def _last_sentence(tree: Tree, verb: int, tokens: list[int]) -> list[int]:
    """What is reported before the verb, from its last full stop on: of "It is old. It leaks, she said" the second."""
    stop = next((i for i in range(verb, tokens[0], -1) if tree.text[i] in (".", "!", "?") and i < tokens[-1]), None)
    if stop is None:
        return tokens
    return [i for i in tokens if i > stop and (tree.text[i] not in QUOTES or i > stop + 1)]


def _torn_subject(tree: Tree, verb: int, clause: int) -> list[int]:
    """The subject of a participle that the parse gives to the verb: "a poll shows Berg leading"."""
    if tree.child(clause, *SUBJECTS) is not None or tree.tag[clause] not in ("VBG", "VBN"):
        return []
    theirs = next((i for i in tree.kids(verb, "nsubj", "obj") if verb < i < clause), None)
    return [] if theirs is None else tree.subtree(theirs)


def _told_inside(tree: Tree, verb: int, clause: int, cue: Cue) -> set[int]:
    """Who is told, where the parse hangs them on the content: "the court" of "told the court he was ill"."""
    if "a" not in cue.frames or tree.child(verb, "obj", "iobj") is not None:
        return set()
    told = next((i for i in tree.kids(clause, "obj", "iobj", "obl:unmarked") if verb < i < clause), None)
    actor = tree.child(clause, *SUBJECTS)
    if told is None or actor is None or told > actor or tree.tag[told] in ("WP", "WDT"):
        return set()
    branch = set(tree.subtree(told))
    return branch if min(branch) <= verb + 1 else set()


def _with_opening(tree: Tree, verb: int, cue: Cue, tokens: list[int]) -> list[int]:
    """The content with the words that the parse left out between it and the verb, unless a comma or colon divides them."""
    if not tokens or tokens[0] <= verb + 1:
        return tokens
    own = own_words(tree, verb, cue)
    between = range(verb + 1, tokens[0])
    first = next((i for i in between if i not in own and tree.dep[i] != "punct" and not tree.space[i]), None)
    if first is None or any(tree.text[i] in (",", ";", ":") for i in range(first, tokens[0])):
        return tokens
    return [*range(first, tokens[0]), *tokens]


def _with_further_clauses(tree: Tree, verb: int, clause: int, tokens: list[int]) -> list[int]:
    """The content with clauses that the parse coordinates with the cue: "said it was over and they would go home"."""
    for other in tree.kids(verb, "conj", "parataxis"):
        if other > clause and _goes_on(tree, other, tokens[-1] if tokens else verb):
            tokens = sorted({*tokens, *tree.subtree(other)})
    return tokens


VENUES = group("claim_words", "venue")
"""Where something is said: "said in a statement they would stay"."""


def _without_scene(tree: Tree, verb: int, clause: int, tokens: list[int]) -> list[int]:
    """The content without the time or place of the saying, where the parse hung that on the content's clause.

    "announced on Wednesday he would go", "said in a statement late Thursday they would stay".
    """
    actor = tree.child(clause, *SUBJECTS)
    if actor is None or not tokens or tokens[0] != verb + 1 or actor < verb:
        return tokens
    first = tree.subtree(actor)[0]
    if first == tokens[0] or tree.text[first - 1] == ",":
        return tokens
    before = [i for i in tree.children[clause] if verb < i < first and tree.dep[i] != "punct"]
    is_scene = all(tree.dep[i].startswith("obl") and (is_when(tree, i) or tree.lemma[i] in VENUES) for i in before)
    return [i for i in tokens if i >= first] if before and is_scene else tokens


def _with_reason(tree: Tree, verb: int, tokens: list[int]) -> list[int]:
    """The content with a reason straight behind it: "said it was closed because the roof leaked"."""
    last = tokens[-1] if tokens else verb
    for i in tree.kids(verb, "advcl"):
        branch = tree.subtree(i)
        if branch[0] == last + 1 and tree.lower[branch[0]] in ("because", "unless", "if"):
            return [*tokens, *branch]
    return tokens


def own_words(tree: Tree, verb: int, cue: Cue) -> set[int]:
    """What belongs to the reporting clause itself: its subject, whom it is told to, when and where."""
    own = {verb}
    for i in tree.children[verb]:
        label = tree.dep[i]
        spurious = label == "obj" and "a" not in cue.frames and tree.pos[i] != "PRON"
        if label not in ("ccomp", "xcomp", "conj", "parataxis", "csubj") and not spurious:
            own.update(tree.subtree(i))
    return own


def _goes_on(tree: Tree, other: int, last: int) -> bool:
    """Whether a clause coordinated with the cue is rather more of its content: it has a subject and no cue of its own."""
    first = tree.subtree(other)[0]
    if tree.dep[other] == "parataxis":
        return first == last + 1 and tree.child(other, *SUBJECTS) is not None and tree.text[last] not in QUOTES
    modal = any(tree.tag[i] == "MD" for i in tree.kids(other, "aux"))
    if tree.child(other, *SUBJECTS) is None and not is_that(tree, other) and not modal:
        return False
    return first - last <= 3 and not (verb_cue(tree, other) and "s" in verb_cue(tree, other).frames)  # type: ignore[union-attr]


def borrowed(tree: Tree, verb: int, clause: int) -> list[int]:
    """Cues that the parse hangs on the content's clause but that belong to the speaker of the cue above."""
    found = []
    for i in tree.children[clause]:
        if i <= verb or tree.child(i, *SUBJECTS) is not None:
            continue
        cue = verb_cue(tree, i) if tree.is_verb(i) else None
        if tree.dep[i] == "advcl" and (cue is None or cue.act != "speech"):
            continue
        first = tree.subtree(i)[0]
        if (
            cue is not None
            and tree.dep[i] == "advcl"
            and tree.tag[i] == "VBG"
            and tree.text[first - 1] == ","
            and first == i
            and cue.frames & {"s", "t"}
        ) or (
            tree.dep[i] == "conj"
            and tree.tag[i] == tree.tag[verb]
            and tree.tag[i] in ("VBD", "VBZ", "VBP")
            and tree.tag[clause] != tree.tag[i]
        ):
            found.append(i)
    return found


def without_aside(tree: Tree, tokens: list[int]) -> list[int]:
    """A noun phrase without the relative clause after a comma that ends it: the writer's aside, not what is said."""
    inside = set(tokens)
    for i in tokens:
        if tree.dep[i] == "acl:relcl" and tree.head[i] in inside:
            clause = tree.subtree(i)
            first = clause[0] - 1 if tree.text[clause[0]] != "," else clause[0]
            if tree.text[first] == "," and clause[-1] >= tokens[-1] - 1 and first > tokens[0]:
                return [k for k in tokens if k < first]
    return tokens


def is_that(tree: Tree, clause: int) -> bool:
    return any(tree.lower[k] == "that" for k in tree.kids(clause, "mark"))


def is_question(tree: Tree, clause: int) -> bool:
    return any(tree.lower[k] in WH for k in tree.subtree(clause)[:2])


def prepositions(tree: Tree, i: int) -> set[str]:
    """The prepositions (or the conjunction "as", "for") that open a phrase."""
    return {tree.lower[k] for k in tree.children[i] if tree.dep[k] in ("case", "mark")}
