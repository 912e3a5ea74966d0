"""What a verb attributes: the clause, infinitive or noun phrase that it takes, as far as it goes."""

from pipelines.extract.attribution.cue.cue_spans import WHEN, is_negated, is_when
from pipelines.extract.attribution.cue.cues import Cue, cues, verb_form
from pipelines.extract.attribution.cue.subjects import RELATIVES, SUBJECTS
from pipelines.extract.attribution.tree import QUOTES, Tree

WITH_OBJECT = frozenset({"for", "as", "of", "against", "over", "with", "in", "to", "on", "from", "about"})


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


def complement(tree: Tree, verb: int, cue: Cue) -> tuple[list[int], tuple[int, ...], str]:
    """What the verb takes as content: its tokens, what of it belongs to the cue (a preposition), and the frame's name."""
    frames = cue.frames
    labels = ("obj",) if "a" in frames or tree.child(verb, "obj") is not None else ("obj", "iobj")
    objects = [
        i
        for i in tree.kids(verb, *labels)
        if "na" in frames or tree.lower[i] not in ("themselves", "himself", "herself", "itself")
    ]
    objects = [i for i in objects if tree.tag[i] != "NNP" or tree.lower[i] not in WHEN] or objects
    thing = next((i for i in objects if i > verb), objects[0] if objects else None)
    turned = tree.text[verb - 1] == "," and any(i > verb for i in tree.kids(verb, *SUBJECTS))  # "..., says Holt: ..."
    for clause in sorted(tree.kids(verb, "ccomp"), key=lambda i: ((i < verb) != turned, i)):
        if "t" in frames or ("s" in frames and tree.is_clause(clause)):
            return _clause_content(tree, verb, clause), (), "clause"
        if "nw" in frames and is_question(tree, clause):
            return tree.subtree(clause), (), "clause"
        if "ni" in frames or "na" in frames or "g" in frames:
            return tree.subtree(clause), (), "small clause"
    if "a" in frames and "t" in frames:
        told = tree.child(verb, "obj", "iobj")
        for clause in tree.kids(told, "acl:relcl", "acl", "ccomp") if told is not None and told > verb else ():
            opening = tree.subtree(clause)
            zero = tree.child(clause, *SUBJECTS) is not None and not any(
                tree.lower[k] in RELATIVES for k in opening[:2]
            )
            if zero or is_that(tree, clause):
                return opening, (), "clause"
    found = _left_open(tree, verb, frames) or _what_it_called(tree, verb, frames)
    if found:
        return found, (), "clause"
    if "for" in cue.prepositions():
        for clause in tree.kids(verb, "xcomp", "ccomp", "advcl"):
            case = tuple(k for k in tree.kids(clause, "mark") if tree.lower[k] == "for")
            if case and clause > verb and tree.child(clause, *SUBJECTS) is not None:
                return tree.subtree(clause, case), case, "preposition"
            whom = next((i for i in tree.kids(verb, "obl") if case and case[0] < i < clause), None)
            if whom is not None and clause > verb:
                return sorted({*tree.subtree(whom), *tree.subtree(clause, case)}), case, "preposition"
    if (
        frames & {"t", "nw"}
        and thing is not None
        and tree.tag[thing] in ("WP", "WRB")
        and tree.kids(thing, "acl:relcl")
    ):
        return tree.subtree(thing), (), "clause"
    listener = tree.child(verb, "iobj") if "ni" in frames or tree.lemma[verb] == "ask" else None
    for inner in tree.kids(verb, "xcomp"):
        marked = any(tree.lower[k] == "to" for k in tree.kids(inner, "mark")) or tree.tag[inner] == "VB"
        if marked and inner > verb:
            if listener is not None and thing is None and verb < listener < inner:
                return sorted({*tree.subtree(listener), *tree.subtree(inner)}), (), "request"
            if thing is not None and thing < inner:
                if "ni" in frames:
                    return sorted({*tree.subtree(thing), *tree.subtree(inner)}), (), "request"
                continue
            if "i" in frames:
                return tree.subtree(inner), (), "infinitive"
            if "t" in frames and is_question(tree, inner):
                return tree.subtree(inner), (), "clause"
            if "ni" in frames:
                return tree.subtree(inner), (), "request"
        elif tree.tag[inner] == "VBG" and "g" in frames and thing is None:
            return tree.subtree(inner), (), "gerund"
        elif thing is not None and "na" in frames:
            return _with_next(tree, verb, [*tree.subtree(thing), *tree.subtree(inner)]), (), "name"
    is_relative = thing is not None and tree.tag[thing] in ("WP", "WDT")
    if (
        thing is not None
        and (thing > verb or is_relative)
        and ("na" in frames or "nf" in frames or cue.prepositions("po-"))
    ):
        for i in tree.children[verb]:
            if i <= thing or not (tree.dep[i].startswith("obl") or tree.dep[i] in ("advcl", "nmod")):
                continue
            words = prepositions(tree, i)
            if ("as" in words and "na" in frames) or (words & {"of", "for", "to", "with"} and "nf" in frames):
                return _with_next(tree, verb, [*tree.subtree(thing), *tree.subtree(i)]), (), "charge"
    if "nat" in frames and thing is not None and thing > verb:
        amount = next((i for i in tree.kids(verb, "obl", "nmod") if i > thing and "at" in prepositions(tree, i)), None)
        amount = amount or next((i for i in tree.kids(thing, "nmod") if "at" in prepositions(tree, i)), None)
        if amount is not None and any(tree.tag[i] == "CD" for i in tree.subtree(amount)):
            return sorted({*tree.subtree(thing), *tree.subtree(amount)}), (), "charge"
    if "nf" in frames and "n" not in frames and thing is not None:
        charges = [
            i for i in tree.kids(thing, "nmod", "acl") if prepositions(tree, i) & {"of", "for", "with"} and i > thing
        ]
        if charges:
            return tree.subtree(thing), (), "charge"
    if "i" in frames and thing is None:
        for clause in tree.kids(verb, "advcl"):
            if tree.subtree(clause)[0] == verb + 1 and "to" in prepositions(tree, clause):
                return tree.subtree(clause), (), "infinitive"
    if "na" in frames and "n" not in frames and thing is not None and thing > verb and len(objects) < 2:
        rest = tree.subtree(thing)
        if any(tree.dep[i] == "appos" or tree.text[i] in QUOTES for i in rest):
            return rest, (), "name"
        late = [
            i
            for i in tree.kids(verb, "ccomp", "amod", "acl", "advcl", "dep", "obl:unmarked", "parataxis")
            if i > rest[-1]
        ]
        if late and tree.subtree(late[0])[0] - rest[-1] < 3:
            return sorted({*rest, *tree.subtree(late[0])}), (), "name"
    if "na" in frames and len(objects) > 1 and objects[-1] > objects[0] > verb:
        return sorted({*tree.subtree(objects[0]), *tree.subtree(objects[-1])}), (), "name"
    for i in tree.children[verb]:
        if tree.dep[i].startswith(("obl", "advcl")) and i > verb:
            words = prepositions(tree, i)
            if words & cue.prepositions() and not (thing is not None and "n" in frames) and not is_when(tree, i):
                case = tuple(k for k in tree.kids(i, "case", "mark") if k < i and tree.tag[k] not in ("TO", "WRB"))
                asked = [k for k in tree.kids(verb, "xcomp", "advcl") if k > i and "to" in prepositions(tree, k)]
                tokens = {*tree.subtree(i, case)}
                if words & {"on", "upon", "to", "for"} and asked:
                    tokens.update(tree.subtree(asked[0]))
                tokens.update(_and_how(tree, verb, max(tokens)))
                return sorted(tokens), case, "preposition"
    if "s" in frames:
        for i in tree.kids(verb, "parataxis", "dep", "appos"):
            branch = tree.subtree(i)
            if i > verb and ":" in (tree.text[branch[0]], tree.text[branch[0] - 1]):
                return branch, (), "clause"
    if "t" in frames and thing is not None and "a" not in frames:
        late = [i for i in tree.kids(verb, "parataxis", "advcl") if i > thing and is_that(tree, i)]
        if late:
            return tree.subtree(late[0]), (), "clause"
    if "n" in frames and thing is not None and may_be_content(tree, verb, thing):
        tokens = set(tree.subtree(thing))
        for i in tree.children[verb]:
            if (
                i > thing
                and tree.dep[i] in ("obl", "advcl")
                and prepositions(tree, i) & WITH_OBJECT
                and not is_when(tree, i)
            ) and tree.subtree(i)[0] == max(tokens) + 1:
                tokens.update(tree.subtree(i))
        return sorted(tokens), (), "object"
    return [], (), ""


def _left_open(tree: Tree, verb: int, frames: frozenset[str]) -> list[int]:
    """The question that somebody has not answered: "would not say when it will open", which parsers take for a time."""
    if "t" not in frames or not is_negated(tree, verb, None):
        return []
    for clause in tree.kids(verb, "advcl"):
        branch = tree.subtree(clause)
        if branch[0] == verb + 1 and tree.lower[branch[0]] in WH and tree.child(clause, *SUBJECTS) is not None:
            return branch
    return []


def _what_it_called(tree: Tree, verb: int, frames: frozenset[str]) -> list[int]:
    """The name given in "what she called a rant": the relative word and the name."""
    what = tree.head[verb]
    if "na" not in frames or tree.dep[verb] != "acl:relcl" or tree.lower[what] not in ("what", "whatever"):
        return []
    for i in tree.children[verb]:
        named = tree.dep[i] in ("xcomp", "obj", "ccomp") or (tree.dep[i] == "obl" and "as" in prepositions(tree, i))
        if named and i > verb:
            return [what, *tree.subtree(i)]
    return []


def _and_how(tree: Tree, verb: int, last: int) -> list[int]:
    """A question coordinated with the phrase that ends at ``last``: "talked about trade and how it emptied the town"."""
    for i in tree.kids(verb, "conj"):
        branch = tree.subtree(i)
        if branch[0] == last + 1 and len(branch) > 2 and tree.lower[branch[1]] in WH:
            return branch
    return []


def _clause_content(tree: Tree, verb: int, clause: int) -> list[int]:
    """A clause as content: with the clauses coordinated to it, without what belongs to the cue's own clause.

    Not of the content, wherever the parse hangs them: what stands before a cue that the clause follows ("On Friday, she
    said ..."), a further cue of the same speaker (", adding that ..."; "says he will go and warned that ...").
    """
    away = set(borrowed(tree, verb, clause))
    tokens = tree.subtree(clause, away)
    if clause < verb:
        stop = next((i for i in range(verb, tokens[0], -1) if tree.text[i] in (".", "!", "?") and i < tokens[-1]), None)
        return (
            tokens if stop is None else [i for i in tokens if i > stop and (tree.text[i] not in QUOTES or i > stop + 1)]
        )
    if clause > verb:
        tokens = [i for i in tokens if i > verb or tree.tag[i] in ("WP", "WDT", "WRB")]
        if tree.child(clause, *SUBJECTS) is None and tree.tag[clause] in ("VBG", "VBN"):
            theirs = next((i for i in tree.kids(verb, "nsubj", "obj") if verb < i < clause), None)
            if theirs is not None:  # "shows Berg leading"
                tokens = [*tree.subtree(theirs), *tokens]
    cue = verb_cue(tree, verb)
    if cue is not None and "a" in cue.frames and tree.child(verb, "obj", "iobj") is None:
        theirs = next((i for i in tree.kids(clause, "obj", "iobj", "obl:unmarked") if verb < i < clause), None)
        actor = tree.child(clause, *SUBJECTS)
        if theirs is not None and actor is not None and theirs < actor and tree.tag[theirs] not in ("WP", "WDT"):
            branch = set(tree.subtree(theirs))
            if min(branch) <= verb + 1:
                return [i for i in tokens if i not in branch]
    if tokens and cue is not None and tokens[0] > verb + 1:
        own = own_words(tree, verb, cue)
        first = next(
            (i for i in range(verb + 1, tokens[0]) if i not in own and tree.dep[i] != "punct" and not tree.space[i]),
            None,
        )
        if first is not None and not any(tree.text[i] in (",", ";", ":") for i in range(first, tokens[0])):
            tokens = [*range(first, tokens[0]), *tokens]
    if clause > verb and cue is not None and cue.act == "speech":
        tokens = _without_scene(tree, verb, clause, tokens)
        tokens = _with_reason(tree, verb, tokens)
    for other in tree.kids(verb, "conj", "parataxis"):
        if (
            other > clause > verb
            and cue is not None
            and cue.act == "speech"
            and _goes_on(tree, other, tokens[-1] if tokens else verb)
        ):
            tokens = sorted({*tokens, *tree.subtree(other)})
    return tokens


VENUES = frozenset(
    [
        "statement",
        "interview",
        "speech",
        "letter",
        "email",
        "e-mail",
        "memo",
        "post",
        "tweet",
        "blog",
        "report",
        "address",
        "message",
        "video",
        "column",
        "filing",
        "briefing",
        "conference",
        "testimony",
        "radio",
        "television",
        "twitter",
    ]
)
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


def _with_next(tree: Tree, verb: int, tokens: list[int]) -> list[int]:
    """What is said of somebody with the phrases that follow it directly: "as false, compared with a tenth last year"."""
    found = set(tokens)
    for i in tree.children[verb]:
        branch = tree.subtree(i)
        if tree.dep[i].startswith("obl") and branch[0] == max(found) + 1 and not is_when(tree, i):
            found.update(branch)
    return sorted(found)


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


def may_be_content(tree: Tree, verb: int, thing: int) -> bool:
    """Whether an object may be what is said: no time, no reflexive."""
    return not is_when(tree, thing) and thing != verb


def is_that(tree: Tree, clause: int) -> bool:
    return any(tree.lower[k] == "that" for k in tree.kids(clause, "mark"))


def is_question(tree: Tree, clause: int) -> bool:
    return any(tree.lower[k] in WH for k in tree.subtree(clause)[:2])


def prepositions(tree: Tree, i: int) -> set[str]:
    """The prepositions (or the conjunction "as", "for") that open a phrase."""
    return {tree.lower[k] for k in tree.children[i] if tree.dep[k] in ("case", "mark")}
