"""Reporting clauses put into or after what is reported: "The plant, she said, will close", "..., a survey found."."""

from pipelines.extract.attribution.cue.cue_spans import is_when
from pipelines.extract.attribution.cue.cues import Cue
from pipelines.extract.attribution.cue.subjects import RELATIVES, SUBJECTS, noun_class
from pipelines.extract.attribution.tree import QUOTES, Tree


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
    if "s" not in cue.frames or tree.tag[verb] not in ("VBD", "VBZ", "VBP"):
        return []
    first, end = tree.bounds[tree.sentence[verb]]
    after = verb + 1
    while after < end and after - verb < 6 and tree.text[after] != ",":
        if tree.is_verb(after) or tree.text[after] in QUOTES or tree.lower[after] == "that":
            return []
        after += 1
    before = verb - 1
    while before > first and verb - before < 16 and tree.text[before] != ",":
        if (
            (tree.is_verb(before) and tree.pos[before] != "AUX")
            or tree.text[before] in QUOTES
            or tree.text[before] in ".?!:;"
        ):
            return []
        before -= 1
    inversion = verb == before + 1
    if inversion and "a" in cue.frames and any(i < verb for i in tree.kids(verb, *SUBJECTS)):
        return []  # "Lin Bo, a student, told the agency, Norpress, ..."
    who = range(before + 1, verb) if not inversion else range(verb + 1, after)
    if tree.text[before] != "," or after >= end - 1 or tree.text[after] != "," or len(who) == 0:
        return []
    if not any(tree.pos[i] in ("NOUN", "PROPN", "PRON") for i in who) or any(tree.lower[i] in RELATIVES for i in who):
        return []
    if "t" not in cue.frames and not any(tree.ent[i] == "PERSON" or tree.pos[i] == "PRON" for i in who):
        return []
    if not inversion and "a" not in cue.frames and any(verb < i < after for i in tree.kids(verb, "obj", "xcomp")):
        return []  # it has its content beside it
    if tree.text[before - 1] in QUOTES or tree.text[after + 1] in QUOTES:
        return []
    opens = tree.lower[after + 1]
    if (
        inversion
        and opens in ("and", "but", "or")
        and any(tree.text[i] in '«“„"' for i in range(first, min(first + 3, before)))
    ):
        opens = ""  # the reporting clause stands inside the marks, as in French
    if tree.tag[after + 1] == "VBG" or opens in (
        "and",
        "but",
        "while",
        "who",
        "which",
        "as",
        "although",
        "though",
        "when",
        "after",
        "or",
    ):
        return []
    stop = next((i for i in range(before, first, -1) if tree.text[i] in (".", "!", "?", "“", "”", '"', ";", ":")), None)
    begin = first if stop is None else stop + 1
    if before - begin < 1 or any(tree.lower[i] in RELATIVES for i in range(begin, min(begin + 1, before))):
        return []
    last = next((i for i in range(after, end) if tree.text[i] in (";", ":")), end)
    if inversion and (
        opens in ("a", "an", "the", "one")
        or any(tree.dep[i] == "appos" and tree.head[i] in who for i in range(after, last))
    ):
        return list(range(begin, before))
    return [*range(begin, before), *range(after + 1, last)]


def inverted_tail(tree: Tree, verb: int, cue: Cue) -> tuple[list[int], int | None]:
    """What stands before ", observes La Stampa:" or ", says the minister.", and the head of that last noun phrase.

    The parse often takes a name after the verb for its object and the clause before for its subject.
    """
    if "s" not in cue.frames or tree.tag[verb] not in ("VBD", "VBZ", "VBP") or tree.text[verb - 1] != ",":
        return [], None
    first, end = tree.bounds[tree.sentence[verb]]
    who: list[int] = []
    for i in range(verb + 1, min(end, verb + 16)):
        if tree.text[i] in (":", ".", ",") or "\n" in tree.text[i]:
            break
        if tree.is_verb(i) or tree.text[i] in QUOTES or tree.lower[i] in ("that", "how", "it", "to"):
            return [], None
        who.append(i)
    names = [i for i in who if tree.pos[i] in ("NOUN", "PROPN", "PRON") and tree.tag[i] != "PRP$"]
    if tree.child(verb, *SUBJECTS) is not None or any(is_when(tree, i) or tree.tag[i] == "PRP" for i in names):
        return [], None
    if not names or tree.pos[who[0]] not in ("NOUN", "PROPN", "PRON", "DET", "ADJ") or verb - first < 5:
        return [], None
    after = who[-1] + 1
    aside_end = next((i for i in range(after, end) if tree.text[i] in (".", "!", "?", ":")), end)
    is_relative = after + 1 < end and tree.text[after] == "," and tree.lower[after + 1] in RELATIVES
    if not is_relative and any(tree.is_verb(i) for i in range(after, aside_end)):
        return [], None
    stop = next(
        (i for i in range(verb - 1, first, -1) if tree.text[i] in (".", "!", "?") or tree.text[i] in QUOTES), None
    )
    if stop is not None and tree.text[stop] not in ".!?":
        return [], None
    if not any(tree.tag[i] in ("VBD", "VBZ", "VBP", "MD") for i in range(stop or first, verb - 1)):
        return [], None
    begin = first if stop is None else stop + 1
    if "t" not in cue.frames and not tree.quote_at(tree.start[verb - 2]):
        return [], None
    head = next((i for i in names if tree.head[i] not in who), names[0])
    if len(who) == 1 and tree.tag[head] == "NN" and noun_class(tree, head) is None:
        return [], None  # ", signals pause": a bare thing is what is signalled, not who signals
    return list(range(begin, verb - 1)), head


def by_position(tree: Tree, verb: int, cue: Cue) -> list[int]:
    """The content where the parse lost it: all before a reporting clause that ends the sentence, or all after "said"."""
    if cue.act != "speech" or "t" not in cue.frames or tree.tag[verb] not in ("VBD", "VBZ", "VBP"):
        return []
    who = tree.child(verb, *SUBJECTS)
    first, end = tree.bounds[tree.sentence[verb]]
    if who is None:
        return _before_tail(tree, verb, cue, first, end)
    if tree.lower[who] in ("it", "that", "this", "which", "what"):
        return []
    own = [i for i in tree.subtree(who) if i > verb or who < verb]
    if tree.text[verb + 1 : verb + 2] == [":"]:
        return []  # what is said follows
    thing = tree.child(verb, "obj")
    takes_more = thing is not None and thing > verb and tree.pos[thing] == "NOUN" and not is_when(tree, thing)
    if "s" in cue.frames and not ("a" not in cue.frames and takes_more):
        begin = next((i for i in range(min(who, verb), first, -1) if tree.text[i] == ","), None)
        stop = next((i for i in range(begin or first, first, -1) if tree.text[i] in (".", "!", "?")), None)
        while stop is not None and stop + 1 < end and tree.text[stop + 1] in QUOTES:
            stop += 1
        first = first if stop is None else stop + 1
        rest = [i for i in range(max(verb, own[-1] if who > verb else verb) + 1, end) if tree.text[i][:1].isalnum()]
        joined = begin is not None and tree.lower[begin + 1] in ("but", "and", "or", "yet", "so")
        if begin is not None and begin - first > 3 and len(rest) <= 5 and not joined:
            aside = (*rest, *range(begin + 1, min(who, verb)))
            if not any(tree.is_verb(i) for i in aside):
                return list(range(first, begin))
    if "a" in cue.frames and "t" in cue.frames and who < verb:
        that = next(
            (i for i in range(verb + 2, min(verb + 16, end)) if tree.lower[i] == "that" and tree.tag[i] == "IN"), None
        )
        if that is not None and not any(tree.is_verb(i) for i in range(verb + 1, that)):
            return list(range(that, end))
    taken = tree.child(verb, "xcomp", "ccomp") or (tree.child(verb, "obj") if cue.frames & {"n", "a", "na"} else None)
    if "t" in cue.frames and who < verb and taken is None:
        after = verb + 1
        if after < end and (tree.lower[after] == "that" or tree.pos[after] in ("DET", "PRON", "PROPN", "NOUN", "ADJ")):
            rest = list(range(after, end))
            if any(tree.tag[i] in ("VBD", "VBZ", "VBP", "MD") for i in rest):
                return rest
    return []


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
