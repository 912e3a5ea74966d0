"""Attributions that the parse shows: a cue with a clause, an infinitive or a noun phrase as its content.

After the syntactic patterns of PolNeAR's and PARC 3's guidelines (Newell et al. 2018; Pareti 2016): the content is the
complement with its "that", the source the whole subject, the cue the verb with its auxiliaries and particle.
"""

from collections.abc import Iterator

from pipelines.extract.attribution.cues import Cue, cues
from pipelines.extract.attribution.draft import Draft
from pipelines.extract.attribution.sources import (
    EMPTY_SUBJECTS,
    RELATIVES,
    SUBJECTS,
    agent,
    is_passive,
    noun_class,
    possessor,
    possessor_spans,
    source_spans,
    subject,
)
from pipelines.extract.attribution.spans import cue_spans, cue_tokens, is_hedged, is_negated, is_when, with_marks
from pipelines.extract.attribution.tree import QUOTES, Span, Tree

LIGHT = frozenset(
    "try go continue begin start appear seem come keep proceed attempt manage have use happen get stop dare rush move".split()
)
"""Verbs that only start, repeat or soften the one they govern: "went on to say"."""

ISSUING = frozenset("issue release publish send write make give post deliver sign put circulate read air run".split())
"""Verbs of putting out a text: the one who does speaks through it."""

HOLDING = frozenset(
    "make have express voice hold reject dismiss repeat issue raise share deny confirm give offer face".split()
)
WITH_OBJECT = frozenset({"for", "as", "of", "against", "over", "with", "in", "to", "on", "from", "about"})
WH = frozenset({"how", "why", "what", "who", "which", "where", "when", "whether", "whom", "whose", "if"})
ACT_CONFIDENCE = {"speech": 0.9, "thought": 0.75, "attitude": 0.6}


def attributions(tree: Tree) -> Iterator[Draft]:
    """Every attribution that the parse shows, in text order of the cues."""
    verbs, adjectives, nouns = cues("verb"), cues("adjective"), cues("noun")
    for i in range(len(tree)):
        tag = tree.tag[i]
        found: Draft | None = None
        if tag[:2] == "VB" and tree.pos[i] != "AUX" and tree.dep[i] not in ("aux", "aux:pass", "cop", "amod", "case"):
            cue = verb_cue(tree, i)
            if cue is not None:
                found = _of_verb(tree, i, cue)
            if found is None and tag == "VBN" and tree.lower[i] in adjectives:
                found = _of_predicate(tree, i, adjectives[tree.lower[i]])
        elif tag[:2] == "JJ" and tree.lower[i] in adjectives:
            found = _of_predicate(tree, i, adjectives[tree.lower[i]])
        elif tag in ("NN", "NNS") and tree.lemma[i] in nouns:
            found = _of_noun(tree, i, nouns[tree.lemma[i]])
        if found is not None and found.content:
            yield found
    del verbs


def verb_cue(tree: Tree, verb: int) -> Cue | None:
    """The lexicon's entry for a verb with its particle, if it has one."""
    known = cues("verb")
    particle = next((i for i in tree.children[verb] if tree.dep[i] == "compound:prt"), None)
    if particle is None and verb + 1 < len(tree) and tree.lower[verb + 1] in ("out", "back", "off", "down"):
        particle = verb + 1
    if particle is not None:
        longer = known.get(f"{tree.lemma[verb]} {tree.lower[particle]}")
        if longer is not None or tree.dep[particle] == "compound:prt":
            return longer
    return known.get(tree.lemma[verb])


def _of_verb(tree: Tree, verb: int, cue: Cue) -> Draft | None:
    if is_passive(tree, verb):
        return _of_passive(tree, verb, cue)
    if _is_idle(tree, verb):
        return None
    content, extra, rule = _between_commas(tree, verb, cue), (), "inserted"
    if not content:
        content, extra, rule = _complement(tree, verb, cue)
    if not content:
        content, rule = _host(tree, verb, cue), "inserted"
        if not content:
            content, rule = _by_position(tree, verb, cue), "position"
        if not content:
            return None
    return _draft(tree, verb, cue, content, extra, rule)


def _is_idle(tree: Tree, verb: int) -> bool:
    """Whether the verb attributes nothing: a set phrase ("say yes to"), or "like" that compares."""
    return tree.lemma[verb] == "like" and not any(tree.lower[i] in ("would", "'d") for i in tree.kids(verb, "aux"))


def _complement(tree: Tree, verb: int, cue: Cue) -> tuple[list[int], tuple[int, ...], str]:
    """What the verb takes as content: its tokens, what of it belongs to the cue (a preposition), and the frame's name."""
    frames = cue.frames
    objects = [i for i in tree.kids(verb, "obj") if tree.lower[i] not in ("themselves", "himself", "herself", "itself")]
    thing = next((i for i in objects if i > verb), objects[0] if objects else None)
    for clause in sorted(tree.kids(verb, "ccomp"), key=lambda i: (i < verb, i)):
        if "t" in frames or ("s" in frames and tree.is_clause(clause)):
            return _clause_content(tree, verb, clause), (), "clause"
        if "nw" in frames and _is_question(tree, clause):
            return tree.subtree(clause), (), "clause"
        if "ni" in frames or "na" in frames or "g" in frames:
            return tree.subtree(clause), (), "small clause"
    if (
        frames & {"t", "nw"}
        and thing is not None
        and tree.tag[thing] in ("WP", "WRB")
        and tree.kids(thing, "acl:relcl")
    ):
        return tree.subtree(thing), (), "clause"
    for inner in tree.kids(verb, "xcomp"):
        marked = any(tree.lower[k] == "to" for k in tree.kids(inner, "mark")) or tree.tag[inner] == "VB"
        if marked and inner > verb:
            if thing is not None and thing < inner:
                if "ni" in frames:
                    return sorted({*tree.subtree(thing), *tree.subtree(inner)}), (), "request"
                continue
            if "i" in frames:
                return tree.subtree(inner), (), "infinitive"
            if "t" in frames and _is_question(tree, inner):
                return tree.subtree(inner), (), "clause"
            if "ni" in frames:
                return tree.subtree(inner), (), "request"
        elif tree.tag[inner] == "VBG" and "g" in frames and thing is None:
            return tree.subtree(inner), (), "gerund"
        elif thing is not None and "na" in frames:
            return _with_next(tree, verb, [*tree.subtree(thing), *tree.subtree(inner)]), (), "name"
    if thing is not None and thing > verb and ("na" in frames or "nf" in frames or cue.prepositions("po-")):
        for i in tree.children[verb]:
            if i <= thing or not (tree.dep[i].startswith("obl") or tree.dep[i] in ("advcl", "nmod")):
                continue
            words = _prepositions(tree, i)
            if ("as" in words and "na" in frames) or (words & {"of", "for", "to", "with"} and "nf" in frames):
                return _with_next(tree, verb, [*tree.subtree(thing), *tree.subtree(i)]), (), "charge"
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
            words = _prepositions(tree, i)
            if words & cue.prepositions() and not (thing is not None and "n" in frames) and not is_when(tree, i):
                case = tuple(k for k in tree.kids(i, "case", "mark") if k < i)
                asked = [k for k in tree.kids(verb, "xcomp", "advcl") if k > i and "to" in _prepositions(tree, k)]
                tokens = {*tree.subtree(i, case)}
                if words & {"on", "upon", "to"} and asked:
                    tokens.update(tree.subtree(asked[0]))
                return sorted(tokens), case, "preposition"
    if "t" in frames and thing is not None and "a" not in frames:
        late = [i for i in tree.kids(verb, "parataxis", "advcl") if i > thing and _is_that(tree, i)]
        if late:
            return tree.subtree(late[0]), (), "clause"
    if "n" in frames and thing is not None and _may_be_content(tree, verb, thing):
        tokens = set(tree.subtree(thing))
        for i in tree.children[verb]:
            if (
                i > thing
                and tree.dep[i] in ("obl", "advcl")
                and _prepositions(tree, i) & WITH_OBJECT
                and not is_when(tree, i)
            ):
                if tree.subtree(i)[0] == max(tokens) + 1:
                    tokens.update(tree.subtree(i))
        return sorted(tokens), (), "object"
    return [], (), ""


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
    cue = verb_cue(tree, verb)
    if tokens and cue is not None and tokens[0] > verb + 1:
        own = own_words(tree, verb, cue)
        first = next(
            (i for i in range(verb + 1, tokens[0]) if i not in own and tree.dep[i] != "punct" and not tree.space[i]),
            None,
        )
        if first is not None and not any(tree.text[i] in (",", ";", ":") for i in range(first, tokens[0])):
            tokens = [*range(first, tokens[0]), *tokens]
    for other in tree.kids(verb, "conj", "parataxis"):
        if (
            other > clause > verb
            and verb_cue(tree, verb).act == "speech"
            and _goes_on(tree, other, tokens[-1] if tokens else verb)
        ):
            tokens = sorted({*tokens, *tree.subtree(other)})
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
    if tree.child(other, *SUBJECTS) is None and not _is_that(tree, other) and not modal:
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
        ):
            found.append(i)
        elif (
            tree.dep[i] == "conj"
            and tree.tag[i] == tree.tag[verb]
            and tree.tag[i] in ("VBD", "VBZ", "VBP")
            and (tree.tag[clause] != tree.tag[i])
            and tree.tag[verb] == tree.tag[i]
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


def _may_be_content(tree: Tree, verb: int, thing: int) -> bool:
    """Whether an object may be what is said: no time, no reflexive."""
    return not is_when(tree, thing) and thing != verb


def _is_that(tree: Tree, clause: int) -> bool:
    return any(tree.lower[k] == "that" for k in tree.kids(clause, "mark"))


def _is_question(tree: Tree, clause: int) -> bool:
    return any(tree.lower[k] in WH for k in tree.subtree(clause)[:2])


def _prepositions(tree: Tree, i: int) -> set[str]:
    """The prepositions (or the conjunction "as", "for") that open a phrase."""
    return {tree.lower[k] for k in tree.children[i] if tree.dep[k] in ("case", "mark")}


def _host(tree: Tree, verb: int, cue: Cue) -> list[int]:
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
    stop = next((i for i in range(first, content[0], -1) if tree.text[i] in (".", "!", "?") and i < first), None)
    return content if stop is None else [i for i in content if i > stop]


def _between_commas(tree: Tree, verb: int, cue: Cue) -> list[int]:
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
            tree.is_verb(before)
            and tree.pos[before] != "AUX"
            or tree.text[before] in QUOTES
            or tree.text[before] in ".?!:;"
        ):
            return []
        before -= 1
    inversion = verb == before + 1
    who = range(before + 1, verb) if not inversion else range(verb + 1, after)
    if tree.text[before] != "," or after >= end - 1 or tree.text[after] != "," or len(who) == 0:
        return []
    if not any(tree.pos[i] in ("NOUN", "PROPN", "PRON") for i in who) or any(tree.lower[i] in RELATIVES for i in who):
        return []
    if tree.text[before - 1] in QUOTES or tree.text[after + 1] in QUOTES:
        return []
    opens = tree.lower[after + 1]
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


def _by_position(tree: Tree, verb: int, cue: Cue) -> list[int]:
    """The content where the parse lost it: all before a reporting clause that ends the sentence, or all after "said"."""
    if cue.act != "speech" or tree.tag[verb] not in ("VBD", "VBZ", "VBP"):
        return []
    who = tree.child(verb, *SUBJECTS)
    if who is None or tree.lower[who] in ("it", "that", "this", "which", "what"):
        return []
    first, end = tree.bounds[tree.sentence[verb]]
    own = [i for i in tree.subtree(who) if i > verb or who < verb]
    if "s" in cue.frames:
        begin = next((i for i in range(min(who, verb), first, -1) if tree.text[i] == ","), None)
        stop = next((i for i in range(begin or first, first, -1) if tree.text[i] in (".", "!", "?")), None)
        while stop is not None and stop + 1 < end and tree.text[stop + 1] in QUOTES:
            stop += 1
        first = first if stop is None else stop + 1
        rest = [i for i in range(max(verb, own[-1] if who > verb else verb) + 1, end) if tree.text[i][:1].isalnum()]
        if begin is not None and begin - first > 3 and len(rest) <= 5 and not any(tree.is_verb(i) for i in rest):
            if not any(tree.is_verb(i) for i in range(begin + 1, min(who, verb))):
                return list(range(first, begin))
    if "a" in cue.frames and "t" in cue.frames and who < verb:
        that = next(
            (i for i in range(verb + 2, min(verb + 16, end)) if tree.lower[i] == "that" and tree.tag[i] == "IN"), None
        )
        if that is not None and not any(tree.is_verb(i) for i in range(verb + 1, that)):
            return list(range(that, end))
    if "t" in cue.frames and who < verb and tree.child(verb, "obj", "xcomp", "ccomp") is None:
        after = verb + 1
        if after < end and (tree.lower[after] == "that" or tree.pos[after] in ("DET", "PRON", "PROPN", "NOUN", "ADJ")):
            rest = list(range(after, end))
            if any(tree.tag[i] in ("VBD", "VBZ", "VBP", "MD") for i in rest):
                return rest
    return []


def _ends_sentence(tree: Tree, i: int) -> bool:
    return i + 1 >= len(tree) or tree.text[i + 1] in ".!?" or tree.sentence[i + 1] != tree.sentence[i]


def _of_passive(tree: Tree, verb: int, cue: Cue) -> Draft | None:
    """ "The plan was described by critics as reckless", "It is feared that dozens drowned", "She is expected to win"."""
    frames = cue.frames
    if tree.lemma[verb] == "suppose":  # "is supposed to" is duty, not thought
        return None
    doer = agent(tree, verb)
    about = tree.child(verb, "nsubj:pass", "nsubj")
    if about is None and tree.dep[verb] == "acl" and doer is not None:
        about = None
    clause = tree.child(verb, "csubj:pass", "csubj", "ccomp")
    if clause is not None and "t" in frames and (about is None or tree.lower[about] in EMPTY_SUBJECTS):
        return _passive_draft(tree, verb, cue, tree.subtree(clause), doer)
    if clause is not None and "t" in frames and about is not None and "a" in frames:
        return None
    if about is None or tree.lower[about] in EMPTY_SUBJECTS:
        return None
    rest: set[int] = set()
    for i in tree.children[verb]:
        label = tree.dep[i]
        if label == "xcomp" and frames & {"ni", "i", "na", "t"}:
            rest.update(tree.subtree(i))
        elif label.startswith(("obl", "advcl")) and i != doer:
            words = _prepositions(tree, i)
            if ("as" in words and "na" in frames) or (words & {"of", "for"} and "nf" in frames):
                rest.update(tree.subtree(i))
    if rest or (doer is not None and "n" in frames):
        return _passive_draft(tree, verb, cue, sorted({*tree.subtree(about), *rest}), doer)
    return None


def _passive_draft(tree: Tree, verb: int, cue: Cue, content: list[int], doer: int | None) -> Draft:
    made = _draft(tree, verb, cue, content, (), "passive", doer or -1)
    assert made is not None
    return made


def _draft(
    tree: Tree, verb: int, cue: Cue, content: list[int], extra: tuple[int, ...], rule: str, speaker: int | None = None
) -> Draft | None:
    """A draft for a verb: finds its source (unless given; -1 means none), its chain of light verbs, and its polarity."""
    top = verb
    while (
        tree.dep[top] == "xcomp" and tree.lemma[tree.head[top]] in LIGHT and tree.child(tree.head[top], "obj") is None
    ):
        top = tree.head[top]
    head = _speaker(tree, verb) if speaker is None else (None if speaker == -1 else speaker)
    if head is None and speaker is None:
        return None
    if head is not None and tree.lower[head] in EMPTY_SUBJECTS and tree.lower[head] == "there":
        return None
    inside = set(content)
    if rule == "inserted":
        near = [i for i in tree.kids(verb, *SUBJECTS) if i not in inside]
        near = near or [
            i
            for i in range(verb - 1, max(verb - 12, 0), -1)
            if i not in inside and tree.pos[i] in ("NOUN", "PROPN", "PRON")
        ]
        head = near[0] if near and (head is None or head in inside) else head
        while (
            near
            and head is not None
            and tree.head[head] not in inside
            and tree.head[head] != verb
            and tree.dep[head] in ("compound", "flat", "nmod", "appos", "conj", "nmod:desc")
            and tree.head[head] != head
        ):
            head = tree.head[head]
    if head is not None and head in inside:
        return None
    spans: list[Span] = []
    cue_words = cue_tokens(tree, verb, top, extra)
    if head is not None:
        owner = possessor(tree, head)
        issuer = _issuer(tree, verb, head)
        if issuer is not None:
            lifted, put_out = issuer
            head, spans = lifted, source_spans(tree, lifted, put_out)
            cue_words = list(range(min(cue_tokens(tree, put_out)), max(cue_words) + 1))
        elif owner is not None and noun_class(tree, head) == "document" and _may_speak(tree, owner):
            spans = possessor_spans(tree, owner)
            cue_words = sorted(
                {*cue_words, *(i for i in tree.subtree(head) if i > owner and not tree.climbs_to(i, owner))}
            )
            head = owner
        else:
            spans = source_spans(tree, head, verb)
    if "inserted" in rule and tree.text[verb + 1 : verb + 2] == [":"]:
        cue_words.append(verb + 1)
    if rule in ("object", "preposition", "name", "charge"):
        content = without_aside(tree, content)
    content = tree.to_full_stop([i for i in content if i not in set(cue_words)])
    made = Draft(
        rule=rule,
        act=cue.act,
        content=tree.spans(with_marks(tree, content)),
        cue=cue_spans(tree, cue_words),
        source=spans,
        head=head,
        cue_token=verb,
        negated=is_negated(tree, verb, head) or is_negated(tree, top, head) or cue.is_denial,
        hedged=is_hedged(tree, verb) or is_hedged(tree, top),
        confidence=ACT_CONFIDENCE[cue.act],
    )
    return made


def _speaker(tree: Tree, verb: int) -> int | None:
    """The subject of a cue, or of the cue whose content it only seems to stand in; a dateline is none."""
    found = _subject_or_borrowed(tree, verb)
    if found is not None and tree.lower[found] in ("let", "'s", "let's"):
        return None
    if found is not None and found < verb and tree.text[found].isupper() and len(tree.text[found]) > 3:
        dash = next(
            (i for i in range(found + 1, min(found + 5, verb)) if tree.text[i] in ("—", "–", "―", "-", "--")), None
        )
        if dash is not None:
            near = next((i for i in range(verb - 1, dash, -1) if tree.pos[i] in ("NOUN", "PROPN", "PRON")), None)
            return near
    if (
        found is not None
        and tree.dep[verb] == "acl"
        and tree.head[verb] == found
        and noun_class(tree, found) == "document"
    ):
        shown = next((i for i in tree.kids(found, "nmod") if tree.ent[i] == "PERSON" and i < verb), None)
        return shown if shown is not None and tree.tag[verb] == "VBG" else found
    return found


def _subject_or_borrowed(tree: Tree, verb: int) -> int | None:
    """The verb's subject; that of the cue above when the verb only seems to stand in its content."""
    above = tree.head[verb]
    if tree.dep[verb] in ("advcl", "conj") and tree.dep[above] == "ccomp":
        top = tree.head[above]
        cue = verb_cue(tree, top) if tree.is_verb(top) else None
        if cue is not None and "t" in cue.frames and verb in borrowed(tree, top, above):
            return subject(tree, top)
    return subject(tree, verb)


def _may_speak(tree: Tree, owner: int) -> bool:
    """Whether an owner is somebody: no "its", and no time ("today's letter")."""
    return tree.lower[owner] not in ("its", "this") and not is_when(tree, owner)


def _issuer(tree: Tree, verb: int, noun: int) -> tuple[int, int] | None:
    """Who puts out the text that the verb is said of, and the verb of putting out: "issued a statement saying"."""
    if tree.dep[verb] not in ("acl", "acl:relcl") or noun_class(tree, tree.head[verb]) != "document":
        return None
    text = tree.head[verb]
    above = tree.head[text]
    if tree.dep[text] == "obj" and tree.lemma[above] in ISSUING:
        who = subject(tree, above)
        if who is not None:
            return who, above
    return None


def _of_predicate(tree: Tree, word: int, cue: Cue) -> Draft | None:
    """ "She is convinced that ...", "They were worried about ...", "he remains hopeful that ..."."""
    above = tree.head[word]
    linked = tree.child(word, "cop", "aux:pass") is not None
    verb = word
    if not linked:
        if tree.dep[word] == "xcomp" and tree.lemma[above] in (
            "be",
            "remain",
            "seem",
            "appear",
            "feel",
            "become",
            "sound",
            "stay",
            "get",
        ):
            verb = above
        elif tree.dep[word] not in ("conj", "acl", "advcl"):
            return None
    content: list[int] = []
    extra: tuple[int, ...] = ()
    for i in (*tree.children[word], *(tree.children[verb] if verb != word else ())):
        label = tree.dep[i]
        if i <= word:
            continue
        if label in ("ccomp", "csubj", "advcl") and "t" in cue.frames and (label != "advcl" or _is_that(tree, i)):
            content = tree.subtree(i)
        elif (
            label in ("xcomp", "advcl", "ccomp")
            and "i" in cue.frames
            and any(tree.lower[k] == "to" for k in tree.kids(i, "mark"))
        ):
            content = tree.subtree(i)
        elif (
            label.startswith(("obl", "advcl")) and _prepositions(tree, i) & cue.prepositions() and not is_when(tree, i)
        ):
            extra = tuple(k for k in tree.kids(i, "case", "mark") if k < i)
            content = tree.subtree(i, extra)
        if content:
            break
    if not content:
        return None
    head = tree.child(word, *SUBJECTS) or (tree.child(verb, *SUBJECTS) if verb != word else None)
    if head is None:
        head = subject(tree, verb)
    if head is None or head in content or tree.lower[head] in EMPTY_SUBJECTS:
        return None
    tokens = sorted({*cue_tokens(tree, word, None, extra), *(cue_tokens(tree, verb) if verb != word else ())})
    return Draft(
        rule="adjective",
        act=cue.act,
        content=tree.spans(with_marks(tree, content)),
        cue=cue_spans(tree, tokens),
        source=source_spans(tree, head, word),
        head=head,
        cue_token=word,
        negated=is_negated(tree, word, head),
        hedged=is_hedged(tree, word),
        confidence=0.7,
    )


def _of_noun(tree: Tree, noun: int, cue: Cue) -> Draft | None:
    """ "The minister's claim that ...", "a warning from the fund that ...", "her support for ...", "made the case that"."""
    content: list[int] = []
    extra: tuple[int, ...] = ()
    rule = ""
    for i in tree.children[noun]:
        if i < noun:
            continue
        label = tree.dep[i]
        if label in ("acl", "acl:relcl", "ccomp", "advcl") and "t" in cue.frames and _is_that(tree, i):
            content, rule = tree.subtree(i), "noun clause"
        elif (
            label in ("acl", "acl:relcl")
            and "i" in cue.frames
            and any(tree.lower[k] == "to" for k in tree.kids(i, "mark"))
        ):
            content, rule = tree.subtree(i), "noun infinitive"
        elif label in ("nmod", "acl") and _prepositions(tree, i) & cue.prepositions():
            extra = tuple(k for k in tree.kids(i, "case", "mark") if k < i)
            content, rule = tree.subtree(i, extra), "noun preposition"
        if content:
            break
    if not content:
        return None
    content = without_aside(tree, content)
    owner = possessor(tree, noun)
    if owner is None and rule == "noun clause":
        owner = next((i for i in tree.kids(noun, "compound", "amod") if tree.ent[i] in ("ORG", "PERSON")), None)
    words: set[int] = {noun, *extra}
    if owner is not None and _may_speak(tree, owner):
        spans, head = possessor_spans(tree, owner), owner
    else:
        giver = next(
            (
                i
                for i in tree.kids(noun, "nmod")
                if _prepositions(tree, i) & {"by", "from", "among"} and i not in content
            ),
            None,
        )
        if giver is not None:
            spans, head = source_spans(tree, giver, None), giver
        else:
            lifted = _holder(tree, noun)
            if lifted is None:
                if rule != "noun clause" or cue.act == "attitude":
                    return None
                spans, head = [], None
            else:
                head, verb = lifted
                spans = source_spans(tree, head, verb)
                words.update(range(min(cue_tokens(tree, verb)), noun + 1))
    if head is not None and head in content:
        return None
    return Draft(
        rule=rule,
        act=cue.act,
        content=tree.spans(with_marks(tree, content)),
        cue=cue_spans(tree, sorted(words)),
        source=spans,
        head=head,
        cue_token=noun,
        negated=cue.is_denial,
        confidence=0.65 if head is not None else 0.4,
    )


def _holder(tree: Tree, noun: int) -> tuple[int, int] | None:
    """Who makes or has what the noun names, and the verb: "the lawyer made the claim that"."""
    verb = tree.head[noun]
    if tree.dep[noun] != "obj" or tree.lemma[verb] not in HOLDING:
        return None
    who = subject(tree, verb)
    return (who, verb) if who is not None else None
