"""Attributions that the parse shows: a cue with a clause, an infinitive or a noun phrase as its content.

After the syntactic patterns of PolNeAR's and PARC 3's guidelines (Newell et al. 2018; Pareti 2016): the content is the
complement with its "that", the source the whole subject, the cue the verb with its auxiliaries and particle.
"""

from collections.abc import Iterator

from pipelines.extract.attribution.attribution import Attribution
from pipelines.extract.attribution.cue.complements import (
    WH,
    borrowed,
    is_that,
    prepositions,
    verb_cue,
    without_aside,
)
from pipelines.extract.attribution.cue.cue_spans import cue_spans, cue_tokens, is_when, status_of, with_marks
from pipelines.extract.attribution.cue.cues import Cue, cues
from pipelines.extract.attribution.cue.frames import complement
from pipelines.extract.attribution.cue.insertions import between_commas, by_position, host_clause, inverted_tail
from pipelines.extract.attribution.cue.nominal import of_noun, of_predicate
from pipelines.extract.attribution.cue.subjects import (
    EMPTY_SUBJECTS,
    RELATIVES,
    SUBJECTS,
    agent,
    is_passive,
    may_speak,
    noun_class,
    possessor,
    possessor_spans,
    source_spans,
    subject,
)
from pipelines.extract.attribution.cue.tails import cue_above, without_tail
from pipelines.extract.attribution.tree import Span, Tree
from pipelines.lexicon.entries import group

LIGHT = group("claim_words", "light")
"""Verbs that only start, repeat or soften the one they govern: "went on to say"."""


ISSUING = group("claim_words", "issuing")
"""Verbs of putting out a text: the one who does speaks through it."""


ACT_CONFIDENCE = {"speech": 0.9, "thought": 0.75, "attitude": 0.6}


def attributions(tree: Tree) -> Iterator[Attribution]:
    """Every attribution that the parse shows, in text order of the cues."""
    adjectives, nouns = cues("adjective"), cues("noun")
    for i in range(len(tree)):
        tag = tree.tag[i]
        found: Attribution | None = None
        if tag[:2] == "VB" and tree.pos[i] != "AUX" and tree.dep[i] not in ("aux", "aux:pass", "cop", "amod", "case"):
            cue = verb_cue(tree, i)
            if cue is not None:
                found = _of_verb(tree, i, cue)
            if found is None and tag == "VBN" and tree.lower[i] in adjectives:
                found = of_predicate(tree, i, adjectives[tree.lower[i]])
        elif tag[:2] == "JJ" and tree.lower[i] in adjectives:
            found = of_predicate(tree, i, adjectives[tree.lower[i]])
        elif tag in ("NN", "NNS") and tree.lemma[i] in nouns:
            found = of_noun(tree, i, nouns[tree.lemma[i]])
        if found is not None and found.content and not (found.act == "attitude" and _is_duty(tree, i)):
            yield found


def _is_duty(tree: Tree, word: int) -> bool:
    """Whether somebody only ought to have an attitude: "the union must respect the voters"."""
    return any(tree.lower[i] in ("must", "should", "shall") for i in tree.kids(word, "aux"))


def _of_verb(tree: Tree, verb: int, cue: Cue) -> Attribution | None:
    if is_passive(tree, verb) and (tree.tag[verb] not in ("VBD", "VBZ", "VBP") or tree.child(verb, "aux:pass")):
        return _of_passive(tree, verb, cue)
    if _is_idle(tree, verb, cue):
        return None
    extra: tuple[int, ...] = ()
    content, who = inverted_tail(tree, verb, cue)
    if content:
        return _draft(tree, verb, cue, content, (), "inverted", who)
    content, rule = between_commas(tree, verb, cue), "inserted"
    if not content:
        content, extra, rule = complement(tree, verb, cue)
    if not content:
        content, rule = host_clause(tree, verb, cue), "inserted"
        if not content:
            content, rule = by_position(tree, verb, cue), "position"
        if not content:
            return None
    return _draft(tree, verb, cue, content, extra, rule)


def _is_idle(tree: Tree, verb: int, cue: Cue) -> bool:
    """Whether the verb attributes nothing: "like" that compares, declining to comment, asking not to be named, citing
    somebody for what another cue reports.
    """
    lemma = tree.lemma[verb]
    if lemma == "like":
        return not any(tree.lower[i] in ("would", "'d") for i in tree.kids(verb, "aux"))
    if lemma == "refer" and tree.tag[verb] == "VBG" and tree.text[verb - 1] == ",":
        return True  # explains a word of the quotation beside it
    if lemma == "embrace":
        target = tree.child(verb, "obj")
        return target is None or tree.ent[target] == "PERSON" or tree.tag[target] == "PRP"
    if lemma == "see" and not _is_view(tree, verb):
        return True
    if (
        lemma in ("find", "see")
        and tree.lower[verb + 1 : verb + 2]
        and tree.lower[verb + 1].endswith(("self", "selves"))
    ):
        return True
    if lemma in ("attack", "defend", "hit", "rip", "trash", "slam"):  # in words, when the target is somebody
        target = tree.child(verb, "obj", "nsubj:pass")
        if target is not None and lemma in ("attack", "defend") and possessor(tree, target) is not None:
            return False
        charged = any(prepositions(tree, i) & {"for", "as"} for i in tree.children[verb])
        if charged or " " in cue.form:
            return False
        return target is None or tree.ent[target] in ("LOC", "GPE") or tree.pos[target] == "NOUN"
    if lemma in ("decline", "refuse", "ask", "request"):
        wish = tree.child(verb, "xcomp", "advcl", "ccomp")
        return wish is not None and tree.lemma[wish] in (
            "comment",
            "respond",
            "elaborate",
            "answer",
            "name",
            "identify",
        )
    if lemma == "cite" and tree.tag[verb] == "VBG":
        origin = tree.child(verb, "obj")
        return origin is not None and (tree.ent[origin] in ("PERSON", "ORG") or noun_class(tree, origin) == "source")
    return False


def _is_view(tree: Tree, verb: int) -> bool:
    """Whether seeing is holding a view (sees that, sees him as) and no looking (see if, saw them go)."""
    clause = tree.child(verb, "ccomp", "xcomp")
    return clause is None or is_that(tree, clause) or any("as" in prepositions(tree, i) for i in tree.children[verb])


def _of_passive(tree: Tree, verb: int, cue: Cue) -> Attribution | None:
    """Passives: "The plan was described by critics as reckless", "It is feared that dozens drowned", "She is expected to win"."""
    frames = cue.frames
    if tree.lemma[verb] == "suppose":  # "is supposed to" is duty, not thought
        return None
    doer = agent(tree, verb)
    about = tree.child(verb, "nsubj:pass", "nsubj")
    if tree.lemma[verb] == "ask":
        return _of_asking(tree, verb, cue, doer)
    if tree.lemma[verb] in ("quote", "cite") and any("as" in prepositions(tree, i) for i in tree.children[verb]):
        return None  # "was quoted as saying": the cue is the saying
    clause = tree.child(verb, "csubj:pass", "csubj", "ccomp")
    is_empty = about is None or tree.lower[about] in EMPTY_SUBJECTS
    if clause is not None and "t" in frames and is_empty:
        return _passive_draft(tree, verb, cue, tree.subtree(clause), doer)
    if about is None or is_empty or (clause is not None and {"a", "t"} <= frames):
        return None
    rest = {k for i in tree.children[verb] if i != doer and _is_of_passive(tree, i, cue) for k in tree.subtree(i)}
    if rest or (doer is not None and "n" in frames):
        return _passive_draft(tree, verb, cue, sorted({*tree.subtree(about), *rest}), doer)
    return None


def _is_of_passive(tree: Tree, i: int, cue: Cue) -> bool:
    """Whether a phrase tells what is said of a passive's subject: "is expected to win", "described as reckless"."""
    if tree.dep[i] == "xcomp":
        return bool(cue.frames & {"ni", "i", "na", "t"})
    if not tree.dep[i].startswith(("obl", "advcl")):
        return False
    words = prepositions(tree, i)
    return ("as" in words and "na" in cue.frames) or (bool(words & {"of", "for"}) and "nf" in cue.frames)


def _of_asking(tree: Tree, verb: int, cue: Cue, doer: int | None) -> Attribution | None:
    """What somebody was asked: "asked whether he would stay", "when asked about the dam"; nobody says who asked."""
    for i in tree.children[verb]:
        branch = tree.subtree(i)
        if i <= verb or branch[0] > verb + 2 or is_when(tree, i):
            continue
        if tree.dep[i] in ("ccomp", "advcl", "xcomp") and tree.lower[branch[0]] in WH:
            return _passive_draft(tree, verb, cue, branch, doer)
        if tree.dep[i].startswith(("obl", "advcl")) and "about" in prepositions(tree, i):
            case = [k for k in tree.kids(i, "case", "mark") if k < i]
            made = _passive_draft(tree, verb, cue, tree.subtree(i, case), doer)
            made.cue = cue_spans(tree, sorted({*cue_tokens(tree, verb), *case}))
            return made
    return None


def _passive_draft(tree: Tree, verb: int, cue: Cue, content: list[int], doer: int | None) -> Attribution:
    made = _draft(tree, verb, cue, content, (), "passive", -1 if doer is None else doer)
    assert made is not None
    return made


def _draft(
    tree: Tree, verb: int, cue: Cue, content: list[int], extra: tuple[int, ...], rule: str, speaker: int | None = None
) -> Attribution | None:
    """A draft for a verb: finds its source (unless given; -1 means none), its chain of light verbs, and its polarity."""
    top = verb
    while (
        tree.dep[top] == "xcomp" and tree.lemma[tree.head[top]] in LIGHT and tree.child(tree.head[top], "obj") is None
    ):
        top = tree.head[top]
    head = _speaker(tree, verb) if speaker is None else (None if speaker == -1 else speaker)
    inside = set(content)
    if speaker is None and rule in ("position", "inserted") and (head is None or head in inside):
        head = _nearby(tree, verb, inside)
    if head is None and speaker is None:
        return None
    if head is not None and tree.lower[head] == "there":
        return None
    if head is not None and head in inside:
        return None
    if rule in ("object", "name", "charge", "gerund") and tree.lemma[verb] == "show" and not _may_show(tree, head):
        return None
    spans, head, cue_words = _source(tree, verb, head, cue_tokens(tree, verb, top, extra))
    if rule in ("inserted", "clause") and cue.act == "speech" and tree.text[verb + 1 : verb + 2] == [":"]:
        cue_words.append(verb + 1)
    if rule in ("object", "preposition", "name", "charge"):
        content = without_aside(tree, content)
    if rule == "clause" and content[-1] > verb:
        content = without_tail(tree, verb, content)
    content = tree.to_full_stop([i for i in content if i not in set(cue_words)])
    return Attribution(
        rule=rule,
        act=cue.act,
        content=tree.spans(with_marks(tree, content)),
        cue=cue_spans(tree, cue_words),
        source=spans,
        head=head,
        cue_token=verb,
        status=status_of(tree, verb, head, top),
        stance=cue.stance,
        confidence=ACT_CONFIDENCE[cue.act],
    )


def _source(tree: Tree, verb: int, head: int | None, cue_words: list[int]) -> tuple[list[Span], int | None, list[int]]:
    """The source's spans, its head, and the cue's tokens: a text that says something is part of the cue of its issuer or owner.

    "The council issued a statement saying ...", "The council's statement says ...".
    """
    if head is None:
        return [], None, cue_words
    owner = possessor(tree, head)
    issuer = _issuer(tree, verb)
    if issuer is not None:
        lifted, put_out = issuer
        first = min(cue_tokens(tree, put_out))
        return source_spans(tree, lifted, put_out), lifted, list(range(first, max(cue_words) + 1))
    if owner is not None and noun_class(tree, head) == "document" and may_speak(tree, owner):
        text = (i for i in tree.subtree(head) if i > owner and not tree.climbs_to(i, owner))
        return possessor_spans(tree, owner), owner, sorted({*cue_words, *text})
    return _with_name_behind(tree, head, source_spans(tree, head, verb), verb), head, cue_words


def _with_name_behind(tree: Tree, head: int, spans: list[Span], verb: int) -> list[Span]:
    """A source with the name that the parse tore from it: "said its head, Mia Holm."."""
    if len(spans) != 1 or head < verb or tree.pos[head] != "NOUN":
        return spans
    (start, end), comma = spans[0], tree.at(spans[0][1])
    if tree.text[comma : comma + 1] != [","] or any(tree.ent[i] == "PERSON" for i in tree.tokens_in(start, end)):
        return spans
    last = comma
    while last + 1 < len(tree) and tree.ent[last + 1] == "PERSON" and tree.sentence[last + 1] == tree.sentence[head]:
        last += 1
    if last == comma or tree.text[last + 1 : last + 2] not in ([], ["."], [","]):
        return spans
    return [(start, tree.end[last])]


def _may_show(tree: Tree, head: int | None) -> bool:
    """Whether a subject shows a thing as a text or a survey does, and not as a person does: "showed his ticket"."""
    return head is not None and noun_class(tree, head) == "document"


def _nearby(tree: Tree, verb: int, inside: set[int]) -> int | None:
    """The head of the noun phrase beside a reporting clause whose subject the parse lost."""
    near = [i for i in tree.kids(verb, *SUBJECTS) if i not in inside]
    near = near or [
        i
        for i in (*range(verb - 1, max(verb - 14, -1), -1), *range(verb + 1, min(verb + 8, len(tree))))
        if i not in inside and tree.pos[i] in ("NOUN", "PROPN", "PRON") and tree.sentence[i] == tree.sentence[verb]
    ]
    if not near:
        return None
    head = near[0]
    while tree.head[head] not in inside and tree.head[head] not in (verb, head) and tree.dep[head] in _PARTS:
        head = tree.head[head]
    return head


_PARTS = ("compound", "flat", "nmod", "appos", "conj", "nmod:desc")


def _speaker(tree: Tree, verb: int) -> int | None:
    """The subject of a cue, or of the cue whose content it only seems to stand in."""
    found = speaker_of(tree, verb)
    if found is not None and tree.lower[found] in ("let", "'s", "let's"):
        return None
    if (
        found is not None
        and tree.dep[verb] == "acl"
        and tree.head[verb] == found
        and noun_class(tree, found) == "document"
    ):
        shown = next((i for i in tree.kids(found, "nmod") if tree.ent[i] == "PERSON" and i < verb), None)
        return shown if shown is not None and tree.tag[verb] == "VBG" else found
    return found


def speaker_of(tree: Tree, verb: int) -> int | None:
    """The verb's subject; that of the cue above when the verb only seems to stand in its content."""
    above = tree.head[verb]
    if tree.dep[verb] in ("advcl", "conj") and tree.dep[above] == "ccomp":
        top = tree.head[above]
        cue = verb_cue(tree, top) if tree.is_verb(top) else None
        if cue is not None and "t" in cue.frames and verb in borrowed(tree, top, above):
            return subject(tree, top)
    further = cue_above(tree, verb)
    if further is not None:
        return subject(tree, further)
    if tree.tag[verb] in ("VBD", "VBZ") and tree.child(verb, *SUBJECTS) is None:
        return _misread_subject(tree, verb) or subject(tree, verb)
    return subject(tree, verb)


def _misread_subject(tree: Tree, verb: int) -> int | None:
    """A finite verb's subject that the parse took for something else: a name before it, the noun that it "describes"."""
    if tree.dep[verb] == "acl:relcl":  # "Lund, who left in May, said ..."
        opening = [i for i in tree.subtree(verb) if i < verb]
        return None if any(tree.lower[i] in RELATIVES for i in opening) else tree.head[verb]
    for i in reversed(tree.children[verb]):
        if i < verb and tree.dep[i] in ("obj", "iobj", "dislocated") and tree.ent[i] in ("PERSON", "ORG"):
            return i
    return None


def _issuer(tree: Tree, verb: int) -> tuple[int, int] | None:
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
