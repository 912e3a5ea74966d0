"""Adjectives and nouns that attribute: "is convinced that", "the claim that", "her support for"."""

from collections.abc import Iterable

from pipelines.extract.attribution.attribution import Attribution
from pipelines.extract.attribution.cue.complements import is_that, prepositions, without_aside
from pipelines.extract.attribution.cue.cue_spans import cue_spans, cue_tokens, is_when, status_of, with_marks
from pipelines.extract.attribution.cue.cues import Cue
from pipelines.extract.attribution.cue.insertions import after_colon
from pipelines.extract.attribution.cue.subjects import (
    EMPTY_SUBJECTS,
    SUBJECTS,
    may_speak,
    possessor,
    possessor_spans,
    source_spans,
    subject,
)
from pipelines.extract.attribution.tree import Span, Tree
from pipelines.lexicon.entries import group

HANDLING = group("claim_words", "handling")
"""What is done with a claim: such a verb after "that" makes the clause a relative one."""

HOLDING = group("claim_words", "holding")
"""What is done with a noun by who says what it names: "made the claim that", "took issue with"."""


LINKING = group("claim_words", "linking")
"""Verbs between a subject and what it is: "he remains hopeful that ..."."""


def of_predicate(tree: Tree, word: int, cue: Cue) -> Attribution | None:
    """Predicates: "She is convinced that ...", "They were worried about ...", "he remains hopeful that ..."."""
    verb = _linking_verb(tree, word)
    if verb is None:
        return None
    beside = () if verb == word else tree.children[verb]
    taken = (_taken_by_predicate(tree, i, cue) for i in (*tree.children[word], *beside) if i > word)
    content, extra = next((found for found in taken if found is not None), ([], ()))
    if not content:
        return None
    head = next((i for i in (tree.child(word, *SUBJECTS), tree.child(verb, *SUBJECTS)) if i is not None), None)
    if head is None:
        head = subject(tree, verb)
    if head is None or head in content or tree.lower[head] in EMPTY_SUBJECTS:
        return None
    tokens = sorted({*cue_tokens(tree, word, None, extra), *(cue_tokens(tree, verb) if verb != word else ())})
    return Attribution(
        rule="adjective",
        act=cue.act,
        content=tree.spans(with_marks(tree, content)),
        cue=cue_spans(tree, tokens),
        source=source_spans(tree, head, word),
        head=head,
        cue_token=word,
        status=status_of(tree, word, head),
        stance=cue.stance,
        confidence=0.7,
    )


def _linking_verb(tree: Tree, word: int) -> int | None:
    """The verb that links a predicate to its subject, the predicate itself where a copula does or none is needed; else null."""
    if tree.child(word, "cop", "aux:pass") is not None:
        return word
    if tree.dep[word] == "xcomp" and tree.lemma[tree.head[word]] in LINKING:
        return tree.head[word]
    return word if tree.dep[word] in ("conj", "acl", "advcl") else None


def _taken_by_predicate(tree: Tree, i: int, cue: Cue) -> tuple[list[int], tuple[int, ...]] | None:
    """What a predicate is of, and its preposition: "sure that it will hold", "worried about the dam", "keen to go"."""
    label = tree.dep[i]
    is_that_clause = label in ("ccomp", "csubj") or (label == "advcl" and is_that(tree, i))
    if (
        (is_that_clause and "t" in cue.frames)
        or (label in ("parataxis", "ccomp", "appos") and after_colon(tree, i))
        or (label in ("xcomp", "advcl", "ccomp") and "i" in cue.frames and _has_to(tree, i))
    ):
        return tree.subtree(i), ()
    if label.startswith(("obl", "advcl")) and prepositions(tree, i) & cue.prepositions() and not is_when(tree, i):
        return _behind_case(tree, i)
    return None


def _has_to(tree: Tree, clause: int) -> bool:
    """Whether a clause is an infinitive with "to"."""
    return any(tree.lower[k] == "to" for k in tree.kids(clause, "mark"))


def _behind_case(tree: Tree, i: int) -> tuple[list[int], tuple[int, ...]]:
    """A phrase without its preposition, and that."""
    case = tuple(k for k in tree.kids(i, "case", "mark") if k < i)
    return tree.subtree(i, case), case


def of_noun(tree: Tree, noun: int, cue: Cue) -> Attribution | None:
    """Nouns: "The minister's claim that ...", "a warning from the fund that ...", "her support for ...", "made the case that"."""
    equated = _equated(tree, noun, cue)
    if equated is not None:
        return equated
    content, extra, rule = _taken_by_noun(tree, noun, cue)
    if not content:
        return None
    content = without_aside(tree, content)
    owner = possessor(tree, noun)
    if owner is None and rule == "noun clause":
        owner = next((i for i in tree.kids(noun, "compound", "amod") if tree.ent[i] in ("ORG", "PERSON")), None)
    if rule == "noun preposition" and _is_named_only(tree, noun, cue, owner):
        return None
    source = _giver(tree, noun, owner, content)
    if source is None and (rule != "noun clause" or cue.act == "attitude"):
        return None
    spans, head, chain = source or ([], None, ())
    if head is not None and head in content:
        return None
    return Attribution(
        rule=rule,
        act=cue.act,
        content=tree.spans(with_marks(tree, content)),
        cue=cue_spans(tree, sorted({noun, *extra, *chain})),
        source=spans,
        head=head,
        cue_token=noun,
        stance=cue.stance,
        confidence=0.65 if head is not None else 0.4,
    )


def _taken_by_noun(tree: Tree, noun: int, cue: Cue) -> tuple[list[int], tuple[int, ...], str]:
    """What a noun takes, its preposition, and the rule's name; nothing where it takes nothing.

    "the claim that it leaks", "her vow to go", "support for the plan", also where the parse hangs the last on the verb
    that the noun is the object of: "voiced support for the plan".
    """
    for i in (i for i in tree.children[noun] if i > noun):
        label = tree.dep[i]
        if label in ("acl", "acl:relcl", "ccomp", "advcl") and "t" in cue.frames and _says_that(tree, i):
            return tree.subtree(i), (), "noun clause"
        if label in ("acl", "acl:relcl") and "i" in cue.frames and _has_to(tree, i):
            return tree.subtree(i), (), "noun infinitive"
        if label in ("nmod", "acl") and prepositions(tree, i) & cue.prepositions():
            return *_behind_case(tree, i), "noun preposition"
    held = _holder(tree, noun)
    for i in tree.kids(held[1], "obl", "advcl") if held is not None else ():
        if tree.subtree(i)[0] == noun + 1 and prepositions(tree, i) & cue.prepositions() and not is_when(tree, i):
            return *_behind_case(tree, i), "noun preposition"
    return [], (), ""


def _giver(
    tree: Tree, noun: int, owner: int | None, content: list[int]
) -> tuple[list[Span], int, Iterable[int]] | None:
    """Whose a noun is: the source's spans, its head, and the words between its verb and the noun, which belong to the cue.

    "The minister's claim", "a warning from the fund", "the minister made the claim".
    """
    if owner is not None and (may_speak(tree, owner) or tree.lower[owner] == "its"):
        return possessor_spans(tree, owner), owner, ()
    for i in tree.kids(noun, "nmod"):
        if prepositions(tree, i) & {"by", "from", "among"} and i not in content:
            return source_spans(tree, i, None), i, ()
    lifted = _holder(tree, noun)
    if lifted is None:
        return None
    head, verb = lifted
    return source_spans(tree, head, verb), head, range(min(cue_tokens(tree, verb)), noun + 1)


def _is_named_only(tree: Tree, noun: int, cue: Cue, owner: int | None) -> bool:
    """Whether a noun with a preposition names an attitude or a deed and tells no saying: "her plans for the town"."""
    if tree.lemma[noun] == "attack":  # in words when a person's
        return owner is None or not (tree.ent[owner] == "PERSON" or tree.tag[owner] == "PRP$")
    return (cue.act != "speech" or tree.lemma[noun] == "question") and _holder(tree, noun) is None


def _equated(tree: Tree, noun: int, cue: Cue) -> Attribution | None:
    """The clause that a noun is said to be: "Her claim is that the dam was never tested"."""
    clause = tree.head[noun]
    link = tree.child(clause, "cop")
    owner = possessor(tree, noun)
    if "t" not in cue.frames or tree.dep[noun] != "nsubj:outer" or link is None or owner is None:
        return None
    content = [i for i in tree.subtree(clause, [noun, link]) if i > link]
    if not content:
        return None
    return Attribution(
        rule="noun clause",
        act=cue.act,
        content=tree.spans(with_marks(tree, content)),
        cue=cue_spans(tree, [i for i in tree.subtree(noun, [owner]) if i <= noun] + [link]),
        source=possessor_spans(tree, owner),
        head=owner,
        cue_token=noun,
        stance=cue.stance,
        confidence=0.7,
    )


def _says_that(tree: Tree, clause: int) -> bool:
    """Whether a noun's "that" clause is its content and not relative ("the claim that he made")."""
    if is_that(tree, clause):
        return True
    that = next((i for i in tree.kids(clause, "obj") if tree.lower[i] == "that"), None)
    return that is not None and tree.child(clause, *SUBJECTS) is not None and tree.lemma[clause] not in HANDLING


def _holder(tree: Tree, noun: int) -> tuple[int, int] | None:
    """Who makes or has what the noun names, and the verb: "the lawyer made the claim that"."""
    verb = tree.head[noun]
    if tree.dep[noun] != "obj" or tree.lemma[verb] not in HOLDING:
        return None
    who = subject(tree, verb)
    return (who, verb) if who is not None else None
