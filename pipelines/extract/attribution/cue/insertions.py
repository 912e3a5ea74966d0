"""Reporting clauses put into or after what is reported: "The plant, she said, will close", "..., a survey found."."""

from collections.abc import Container

from pipelines.extract.attribution.cue.cue_spans import is_when
from pipelines.extract.attribution.cue.cues import Cue
from pipelines.extract.attribution.cue.subjects import RELATIVES, SUBJECTS, noun_class
from pipelines.extract.attribution.tree import QUOTES, Tree

FINITE = ("VBD", "VBZ", "VBP")
FINITE_OR_MODAL = (*FINITE, "MD")
NOMINAL = ("NOUN", "PROPN", "PRON")
ASIDES = frozenset(("and", "but", "while", "who", "which", "as", "although", "though", "when", "after", "or"))
"""Words that open what is said beside a sentence, behind a reporting clause in it."""


def host_clause(tree: Tree, verb: int, cue: Cue) -> list[int]:
    """The clause that a reporting clause is put into or after: "The plant, she said, will close"."""
    if not cue.frames & {"s", "t"}:
        return []
    label = tree.dep[verb]
    marked_as = label.startswith("advcl") and any(
        tree.lower[k] in ("as", "like") for k in tree.kids(verb, "mark", "advmod")
    )
    if label != "parataxis" and not marked_as:
        return []
    if tree.child(verb, "obj") is not None and "a" not in cue.frames and not marked_as:
        return []
    if tree.child(verb, *SUBJECTS) is None or ("s" not in cue.frames and not marked_as):
        return []
    host = tree.head[verb]
    own = tree.subtree(verb)
    while own[0] > host and tree.dep[host] in ("conj", "advcl", "appos", "acl:relcl", "nsubj", "obj", "obl", "nmod"):
        if tree.dep[host] in ("acl:relcl",) and not _ends_sentence(tree, own[-1]):
            break
        host = tree.head[host]
    content = tree.subtree(host, [verb])
    first = min(own[0], verb)
    if "t" not in cue.frames and not any(tree.quote_at(tree.start[i]) for i in content):
        return []  # "the crowd roared": a sound, unless something is quoted
    stop = next((i for i in range(first, content[0], -1) if tree.text[i] in (".", "!", "?") and i < first), None)
    return content if stop is None else [i for i in content if i > stop]


def between_commas(tree: Tree, verb: int, cue: Cue) -> list[int]:
    """The sentence around a short reporting clause between commas: "The plant, she said, will close in June"."""
    if "s" not in cue.frames or tree.tag[verb] not in FINITE:
        return []
    first, end = tree.bounds[tree.sentence[verb]]
    commas = _commas(tree, verb, first, end)
    if commas is None:
        return []
    before, after = commas
    inverted = verb == before + 1
    who = range(verb + 1, after) if inverted else range(before + 1, verb)
    if not _may_be_who(tree, who, cue) or _is_complete(tree, verb, after, inverted, cue):
        return []
    if tree.text[before - 1] in QUOTES or tree.text[after + 1] in QUOTES:
        return []
    stop = _nearest(tree, before, first, (".", "!", "?", "“", "”", '"', ";", ":"))
    begin = first if stop is None else stop + 1
    if before - begin < 1 or tree.lower[begin] in RELATIVES:
        return []
    in_marks = inverted and any(tree.text[i] in '«“„"' for i in range(first, min(first + 3, before)))
    if _opens_aside(tree, after + 1, in_marks):
        return []
    last = next((i for i in range(after, end) if tree.text[i] in (";", ":")), end)
    if inverted and _describes(tree, who, range(after + 1, last)):
        return list(range(begin, before))
    return [*range(begin, before), *range(after + 1, last)]


def _nearest(tree: Tree, start: int, first: int, marks: Container[str]) -> int | None:
    """The nearest of these marks from ``start`` back, without the sentence's first token."""
    return next((i for i in range(start, first, -1) if tree.text[i] in marks), None)


def _commas(tree: Tree, verb: int, first: int, end: int) -> tuple[int, int] | None:
    """The commas around a reporting clause of few words, with no other clause and no mark between them."""
    after = next((i for i in range(verb + 1, min(end - 1, verb + 7)) if tree.text[i] == ","), None)
    if after is None:
        return None
    before = _nearest(tree, verb - 1, max(first, verb - 17), ",")
    if before is None:
        return None
    for i in range(before + 1, verb):
        if (tree.is_verb(i) and tree.pos[i] != "AUX") or tree.text[i] in QUOTES or tree.text[i] in ".?!:;":
            return None
    for i in range(verb + 1, after):
        if tree.is_verb(i) or tree.text[i] in QUOTES or tree.lower[i] == "that":
            return None
    return before, after


def _may_be_who(tree: Tree, who: range, cue: Cue) -> bool:
    """Whether these words may name the one who says it: a noun, a name, a pronoun, nobody's "who"; with a sound, somebody."""
    if not any(tree.pos[i] in NOMINAL for i in who) or any(tree.lower[i] in RELATIVES for i in who):
        return False
    return "t" in cue.frames or any(tree.ent[i] == "PERSON" or tree.pos[i] == "PRON" for i in who)


def _is_complete(tree: Tree, verb: int, after: int, inverted: bool, cue: Cue) -> bool:
    """Whether the clause between the commas has all it takes: "Lin Bo, a student, told the agency, Norpress, ..."."""
    if inverted:
        return "a" in cue.frames and any(i < verb for i in tree.kids(verb, *SUBJECTS))
    return "a" not in cue.frames and any(verb < i < after for i in tree.kids(verb, "obj", "xcomp"))


def _opens_aside(tree: Tree, i: int, in_marks: bool) -> bool:
    """Whether what follows the second comma is said beside the sentence, not its rest: "Berg, he said, and left".

    A conjunction goes on where the reporting clause stands inside the marks, as in French.
    """
    if in_marks and tree.lower[i] in ("and", "but", "or"):
        return tree.tag[i] == "VBG"
    return tree.tag[i] == "VBG" or tree.lower[i] in ASIDES


def _describes(tree: Tree, who: range, rest: range) -> bool:
    """Whether what follows tells who the speaker is: "It leaks, said Holm, a plumber from Lund"."""
    if tree.lower[rest.start] in ("a", "an", "the", "one"):
        return True
    return any(tree.dep[i] == "appos" and tree.head[i] in who for i in rest)


def inverted_tail(tree: Tree, verb: int, cue: Cue) -> tuple[list[int], int | None]:
    """What stands before ", observes La Stampa:" or ", says the minister.", and the head of that last noun phrase.

    The parse often takes a name after the verb for its object and the clause before for its subject.
    """
    first, end = tree.bounds[tree.sentence[verb]]
    if "s" not in cue.frames or tree.tag[verb] not in FINITE or tree.text[verb - 1] != "," or verb - first < 5:
        return [], None
    if tree.child(verb, *SUBJECTS) is not None or ("t" not in cue.frames and not tree.quote_at(tree.start[verb - 2])):
        return [], None
    who = _behind(tree, verb, end)
    head = _head_of_tail(tree, who)
    if head is None or not _closes(tree, who[-1] + 1, end):
        return [], None
    stop = next((i for i in range(verb - 1, first, -1) if tree.text[i] in (".", "!", "?", *QUOTES)), None)
    if stop is not None and tree.text[stop] not in ".!?":
        return [], None
    if not any(tree.tag[i] in FINITE_OR_MODAL for i in range(stop or first, verb - 1)):
        return [], None
    return list(range(first if stop is None else stop + 1, verb - 1)), head


def _behind(tree: Tree, verb: int, end: int) -> list[int]:
    """The words up to the next stop, comma or line break; none if they hold a clause or a mark, or open one."""
    who: list[int] = []
    for i in range(verb + 1, min(end, verb + 16)):
        if tree.text[i] in (":", ".", ",") or "\n" in tree.text[i]:
            break
        if tree.is_verb(i) or tree.text[i] in QUOTES or tree.lower[i] in ("that", "how", "it", "to"):
            return []
        who.append(i)
    return who


def _head_of_tail(tree: Tree, who: list[int]) -> int | None:
    """The head of the noun phrase behind the verb, if it may name a speaker: no day, no "he", no bare thing.

    Of ", signals pause" a pause is what is signalled, not who signals.
    """
    names = [i for i in who if tree.pos[i] in NOMINAL and tree.tag[i] != "PRP$"]
    if not names or tree.pos[who[0]] not in (*NOMINAL, "DET", "ADJ"):
        return None
    if any(is_when(tree, i) or tree.tag[i] == "PRP" for i in names):
        return None
    head = next((i for i in names if tree.head[i] not in who), names[0])
    is_bare = len(who) == 1 and tree.tag[head] == "NN" and noun_class(tree, head) is None
    return None if is_bare else head


def _closes(tree: Tree, after: int, end: int) -> bool:
    """Whether the speaker ends the sentence, but for words about them: "..., says Holm, who left in May"."""
    if after + 1 < end and tree.text[after] == "," and tree.lower[after + 1] in RELATIVES:
        return True
    aside_end = next((i for i in range(after, end) if tree.text[i] in (".", "!", "?", ":")), end)
    return not any(tree.is_verb(i) for i in range(after, aside_end))


def by_position(tree: Tree, verb: int, cue: Cue) -> list[int]:
    """The content where the parse lost it: all before a reporting clause that ends the sentence, or all after "said"."""
    if cue.act != "speech" or "t" not in cue.frames or tree.tag[verb] not in FINITE:
        return []
    who = tree.child(verb, *SUBJECTS)
    first, end = tree.bounds[tree.sentence[verb]]
    if who is None:
        return _before_tail(tree, verb, cue, first, end)
    if tree.lower[who] in ("it", "that", "this", "which", "what"):
        return []
    if tree.text[verb + 1 : verb + 2] == [":"]:
        return []  # what is said follows
    return (
        _before_clause(tree, verb, cue, who)
        or _behind_listener(tree, verb, cue, who)
        or _behind_verb(tree, verb, cue, who)
    )


def _before_clause(tree: Tree, verb: int, cue: Cue, who: int) -> list[int]:
    """All before a reporting clause with its subject that ends the sentence: "The plant will close, she said on Monday"."""
    thing = tree.child(verb, "obj")
    takes_more = thing is not None and thing > verb and tree.pos[thing] == "NOUN" and not is_when(tree, thing)
    if "s" not in cue.frames or (takes_more and "a" not in cue.frames):
        return []
    first, end = tree.bounds[tree.sentence[verb]]
    comma = _nearest(tree, min(who, verb), first, ",")
    if comma is None or tree.lower[comma + 1] in ("but", "and", "or", "yet", "so"):
        return []
    stop = _nearest(tree, comma, first, (".", "!", "?"))
    while stop is not None and stop + 1 < end and tree.text[stop + 1] in QUOTES:
        stop += 1
    begin = first if stop is None else stop + 1
    last = verb if who < verb else max(i for i in tree.subtree(who) if i > verb)
    rest = [i for i in range(last + 1, end) if tree.text[i][:1].isalnum()]
    if comma - begin <= 3 or len(rest) > 5:
        return []
    aside = (*rest, *range(comma + 1, min(who, verb)))
    return [] if any(tree.is_verb(i) for i in aside) else list(range(begin, comma))


def _behind_listener(tree: Tree, verb: int, cue: Cue, who: int) -> list[int]:
    """All from "that" behind the person told: "told the court on Monday that he was ill"."""
    if "a" not in cue.frames or who > verb:
        return []
    end = tree.bounds[tree.sentence[verb]][1]
    near = range(verb + 2, min(verb + 16, end))
    that = next((i for i in near if tree.lower[i] == "that" and tree.tag[i] == "IN"), None)
    if that is None or any(tree.is_verb(i) for i in range(verb + 1, that)):
        return []
    return list(range(that, end))


def _behind_verb(tree: Tree, verb: int, cue: Cue, who: int) -> list[int]:
    """All behind a verb that has no content yet, if a clause opens there: "She said the plant will close"."""
    taken = tree.child(verb, "xcomp", "ccomp") or (tree.child(verb, "obj") if cue.frames & {"n", "a", "na"} else None)
    after, end = verb + 1, tree.bounds[tree.sentence[verb]][1]
    if who > verb or taken is not None or after >= end:
        return []
    if tree.lower[after] != "that" and tree.pos[after] not in (*NOMINAL, "DET", "ADJ"):
        return []
    rest = list(range(after, end))
    return rest if any(tree.tag[i] in FINITE_OR_MODAL for i in rest) else []


def _before_tail(tree: Tree, verb: int, cue: Cue, first: int, end: int) -> list[int]:
    """All before ", a survey found." when the parse gives the last verb no subject."""
    rest = [i for i in range(verb + 1, end) if tree.text[i][:1].isalnum()]
    if "s" not in cue.frames or len(rest) > 5 or any(tree.is_verb(i) or tree.lower[i] == "that" for i in rest):
        return []
    comma = next((i for i in range(verb - 1, max(first, verb - 14), -1) if tree.text[i] == ","), None)
    if comma is None or comma - first < 4 or comma + 1 >= verb:
        return []
    between = range(comma + 1, verb)
    if any(tree.is_verb(i) and tree.pos[i] != "AUX" for i in between) or not any(
        tree.pos[i] in ("NOUN", "PROPN", "PRON") for i in between
    ):
        return []
    return list(range(first, comma))


def after_colon(tree: Tree, clause: int) -> bool:
    """Whether a colon stands before a clause."""
    first = tree.subtree(clause)[0]
    return ":" in (tree.text[first], tree.text[first - 1])


def _ends_sentence(tree: Tree, i: int) -> bool:
    return i + 1 >= len(tree) or tree.text[i + 1] in ".!?" or tree.sentence[i + 1] != tree.sentence[i]
