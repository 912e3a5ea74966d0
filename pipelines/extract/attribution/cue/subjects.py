"""Who a cue belongs to: the subject it has or borrows, and the whole noun phrase around that subject."""

from pipelines.extract.attribution.cue.cue_spans import is_when
from pipelines.extract.attribution.cue.cues import speaker_nouns
from pipelines.extract.attribution.tree import Span, Tree
from pipelines.lexicon.entries import group

SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:outer", "csubj")
RELATIVES = frozenset({"who", "which", "that", "whom", "whose"})
EMPTY_SUBJECTS = frozenset({"it", "there"})


def subject(tree: Tree, verb: int) -> int | None:
    """The token that heads the verb's subject, its own or the one it shares; none where the text gives none.

    A coordinated verb takes its neighbour's subject, an infinitive its governor's (or the object that is asked to act),
    a participle that of the clause it is put into, and one on a noun that noun itself.
    """
    seen = 0
    at: int | None = verb
    while seen < 8 and at is not None:
        seen += 1
        own = _nearest_subject(tree, at)
        if own is not None and tree.dep[own] != "csubj":
            return own
        if tree.child(at, "expl") is not None:
            return None
        label, above = tree.dep[at], tree.head[at]
        if label == "conj":
            at = above
        elif label == "xcomp":
            controller = tree.child(above, "obj", "iobj")
            if controller is not None and controller < at and tree.lemma[above] not in ("promise", "vow"):
                return controller
            at = above
        elif label in ("advcl", "acl") and (led := _led(tree, at)) is not None:
            return led
        elif label == "advcl" and (accused := _accused(tree, at)) is not None:
            return accused
        elif label in ("advcl", "parataxis", "ccomp") and tree.tag[at] in ("VBG", "VBN", "VB", "TO"):
            if label == "ccomp" and tree.tag[at] != "VBG":
                return None
            at = above
        elif label == "acl" and _is_done_around(tree, at, above):
            at = clause_above(tree, above)
            continue
        elif label in ("acl", "acl:relcl"):
            return above if tree.tag[at] in ("VBG", "VBN") or label == "acl" else None
        else:
            return None
        if not tree.is_clause(at) and tree.pos[at] in ("NOUN", "PROPN", "PRON"):
            return at if tree.dep[at] != "ROOT" else None
    return None


def _is_done_around(tree: Tree, verb: int, noun: int) -> bool:
    """Whether a verb on a noun is done by the subject of the clause around it: "issued a call to stop", "sent a text on it saying"."""
    if tree.tag[verb] == "VB":
        return tree.dep[noun] == "obj" or not _can_speak(tree, noun)
    return tree.tag[verb] == "VBG" and not _can_speak(tree, noun) and verb > noun + 1


def _led(tree: Tree, verb: int) -> int | None:
    """Who is kept from a deed or given leave for it: "kept the paper from printing", "gave the paper leave to print"."""
    above = tree.head[verb]
    if any(tree.lower[i] == "from" for i in tree.kids(verb, "mark", "case")):
        return next((i for i in tree.kids(above, "obj") if i < verb), None)
    if tree.dep[verb] == "acl" and tree.tag[verb] == "VB" and tree.dep[above] == "obj":
        return next((i for i in tree.kids(tree.head[above], "iobj") if i < verb), None)
    return None


def _accused(tree: Tree, verb: int) -> int | None:
    """Who does what somebody is blamed or praised for: "criticised Lamport for saying" is Lamport."""
    if not any(tree.lower[i] in ("for", "of") for i in tree.kids(verb, "mark", "case")):
        return None
    return next((i for i in tree.kids(tree.head[verb], "obj", "nsubj:pass") if i < verb), None)


def _nearest_subject(tree: Tree, verb: int) -> int | None:
    """The subject that stands nearest before the verb, else the first after it."""
    found = [i for i in tree.kids(verb, *SUBJECTS) if not tree.lower[i].endswith(("self", "selves"))]
    before = [i for i in found if i < verb]
    return before[-1] if before else found[0] if found else None


def _can_speak(tree: Tree, noun: int) -> bool:
    """Whether a noun may be a speaker: a name of somebody, a pronoun, a noun that the lexicon knows, a plural."""
    return (
        tree.ent[noun] in ("PERSON", "ORG")
        or tree.tag[noun] in ("PRP", "NNS")
        or noun_class(tree, noun) is not None
        or tree.lower[noun] in ("one", "who")
    )


def clause_above(tree: Tree, i: int) -> int | None:
    """The nearest clause that a noun stands in."""
    while tree.head[i] != i:
        i = tree.head[i]
        if tree.is_clause(i):
            return i
    return None


def agent(tree: Tree, verb: int) -> int | None:
    """The doer of a passive verb: the head of its "by" phrase."""
    for i in tree.children[verb]:
        if tree.dep[i] == "obl:agent":
            return i
        if tree.dep[i].startswith("obl") and any(tree.lower[k] == "by" for k in tree.kids(i, "case")):
            return i if tree.ent[i] or tree.pos[i] in ("PROPN", "NOUN", "PRON") else None
    return None


def is_passive(tree: Tree, verb: int) -> bool:
    """Whether the verb is passive: it has a passive auxiliary or subject, or is a participle on a noun."""
    if any(tree.dep[i] in ("aux:pass", "nsubj:pass") for i in tree.children[verb]):
        return True
    return (
        tree.tag[verb] == "VBN"
        and tree.dep[verb] in ("acl", "advcl")
        and not any(tree.dep[i] in ("aux", "obj") for i in tree.children[verb])
    )


def phrase(tree: Tree, head: int, *, stop: int | None = None) -> list[int]:
    """The noun phrase around a head as tokens: with its appositions, without asides that tell a story of their own.

    Left out are relative clauses and participles after a comma ("who replaced him in July", "citing two diplomats"),
    the cue itself, prepositions that govern the phrase, and whatever follows ``stop``.
    """
    if tree.lower[head] in RELATIVES and tree.dep[head] != "det":
        return _relative(tree, head)
    skip: set[int] = set()
    if stop is not None and stop > head:
        skip.update(i for i in tree.children[head] if tree.dep[i].startswith("acl") and tree.climbs_to(stop, i))
    for i in tree.children[head]:
        label = tree.dep[i]
        asides = label in ("acl:relcl", "acl", "advcl") and _after_comma(tree, head, i)
        if (
            (
                label
                in ("case", "cc:preconj", "parataxis", "nsubj", "cop", "aux", "discourse", "punct", "mark", "ccomp")
                and not (label == "punct" and _is_inner(tree, head, i))
            )
            or (label == "case" and tree.lower[i] not in ("'s", "'"))
            or asides
            or (label == "advmod" and tree.lower[i] not in _DEGREES)
            or (label == "cc" and i < head)
        ) and tree.lower[i] not in ("'s", "'"):
            skip.add(i)
    tokens = tree.subtree(head, skip)
    if tree.ent[head] or tree.pos[head] == "PROPN":
        tokens = _with_name(tree, head, tokens)
    if tree.ent[head] == "PERSON":
        tokens = _without_scene(tree, head, tokens)
    return _one_run(tree, tokens, head, stop)


AIRED = group("claim_words", "aired")
"""Where a person speaks, behind "on"."""


def _without_scene(tree: Tree, head: int, tokens: list[int]) -> list[int]:
    """A person's phrase up to where it tells when or where the person spoke: "on May 16", "on the radio"."""
    for i in tokens:
        if tree.lower[i] not in ("on", "during", "in") or tree.dep[i] != "case" or i < head:
            continue
        above = tree.head[i]
        where = tree.lower[i] == "on" and (tree.lemma[above] in AIRED or tree.ent[above] != "")
        if tree.lower[i] == "during" or where or is_when(tree, above):
            return [k for k in tokens if k < i]
    return tokens


def _same_name(tree: Tree, i: int, head: int) -> bool:
    """Whether a neighbour is of the head's name, or made a second subject of the same verb by a slip of the parser."""
    split = (
        tree.pos[i] == tree.pos[head] == "PROPN" and tree.head[i] == tree.head[head] and tree.dep[i] == tree.dep[head]
    )
    return tree.ent[i] == tree.ent[head] != "" or split


def _with_name(tree: Tree, head: int, tokens: list[int]) -> list[int]:
    """The phrase with all words of the name at its head, should the parse have split the name."""
    found = set(tokens)
    for step in (-1, 1):
        i = head + step
        while 0 <= i < len(tree) and tree.sentence[i] == tree.sentence[head] and _same_name(tree, i, head):
            if i not in found:
                found.update(k for k in tree.subtree(i) if not tree.is_verb(k) and tree.dep[k] != "punct")
            i += step
    return sorted(found)


_DEGREES = group("claim_words", "degree")


def _is_inner(tree: Tree, head: int, i: int) -> bool:
    """Whether punctuation on the head stands inside the phrase (commas of appositions, quotation marks of nicknames)."""
    inner = [
        k for k in tree.children[head] if tree.dep[k] in ("appos", "flat", "conj", "nmod", "list", "nmod:unmarked")
    ]
    return bool(inner) and i < max(inner) + 1


def _after_comma(tree: Tree, head: int, clause: int) -> bool:
    """Whether a comma, dash or bracket stands between the head and the clause that hangs on it."""
    first = tree.subtree(clause)[0]
    return any(tree.text[k] in (",", "–", "—", "--", "-", "(") for k in range(head + 1, first + 1))


def _one_run(tree: Tree, tokens: list[int], head: int, stop: int | None) -> list[int]:
    """The run around the head without gaps (punctuation and white space bridge them) that does not cross ``stop``."""
    inside = set(tokens)
    first = last = head
    while first > 0 and (first - 1 in inside or (_bridges(tree, first - 1) and first - 2 in inside)):
        first -= 1
    while last + 1 < len(tree) and (last + 1 in inside or (_bridges(tree, last + 1) and last + 2 in inside)):
        last += 1
    if stop is not None:
        if first <= stop < head:
            first = stop + 1
        elif head < stop <= last:
            last = stop - 1
    return list(range(first, last + 1))


def _bridges(tree: Tree, i: int) -> bool:
    return tree.space[i] or (tree.dep[i] == "punct" and tree.text[i] not in (".", "!", "?", ":", ";"))


def _relative(tree: Tree, head: int) -> list[int]:
    """A relative word with what stands before it: who, many of whom."""
    return [i for i in tree.subtree(head) if not tree.is_verb(i)]


def source_spans(tree: Tree, head: int, cue: int | None) -> list[Span]:
    """The source's spans: its phrase; the comma that ends an apposition stays when the cue comes straight after it."""
    tokens = phrase(tree, head, stop=cue)
    if cue is not None and tokens:
        tokens = [*_title_before(tree, head, tokens[0], cue), *tokens]
    spans = tree.spans(tokens)
    if len(spans) == 1 and cue is not None:
        start, end = spans[0]
        inner = tree.tokens_in(start, end)
        after = inner.stop
        if (
            any(tree.text[i] == "," for i in inner)
            and after < cue
            and tree.text[after : after + 1] == [","]
            and all(tree.pos[k] in ("AUX", "ADV", "PART") for k in range(after + 1, cue))
        ):
            return [(start, tree.end[after])]
    return spans


def _title_before(tree: Tree, head: int, first: int, cue: int) -> list[int]:
    """The words straight before a name that the parse made a second subject or object of the same verb: its title."""
    if tree.head[head] != cue or not tree.ent[head]:
        return []
    for i in tree.children[cue]:
        if i != head and tree.dep[i] in (*SUBJECTS, "iobj", "obj") and tree.pos[i] in ("NOUN", "PROPN") and i < first:
            branch = tree.subtree(i)
            beside = branch[-1] == first - 1 and branch == list(range(branch[0], first))
            if (
                beside
                and (branch[0] > cue) == (first > cue)
                and not any(tree.is_verb(k) or tree.text[k] == "," for k in branch)
            ):
                return branch
    return []


def possessor(tree: Tree, noun: int) -> int | None:
    """The owner of a noun ("the president's letter"), when it may speak."""
    return tree.child(noun, "nmod:poss")


def possessor_spans(tree: Tree, owner: int) -> list[Span]:
    """The owner's phrase with its apostrophe."""
    tokens = [i for i in tree.subtree(owner) if tree.dep[i] not in ("acl:relcl",)]
    return tree.spans(tokens)[:1]


def noun_class(tree: Tree, head: int) -> str | None:
    """What kind of speaker the noun is (document, organisation, outlet, source), if the lexicon knows it."""
    return speaker_nouns().get(tree.lemma[head]) or speaker_nouns().get(tree.lower[head])


def may_speak(tree: Tree, owner: int) -> bool:
    """Whether an owner is somebody: no "its", and no time ("today's letter")."""
    return tree.lower[owner] not in ("its", "this") and not is_when(tree, owner)
