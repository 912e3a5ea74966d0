"""Adjectives and nouns that attribute: "is convinced that", "the claim that", "her support for"."""

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
from pipelines.extract.attribution.draft import Draft
from pipelines.extract.attribution.tree import Tree

HANDLING = frozenset(
    {
        "make",
        "give",
        "issue",
        "keep",
        "break",
        "hear",
        "receive",
        "raise",
        "face",
        "level",
        "have",
        "put",
        "bring",
        "file",
    }
    | {"see", "read", "know", "find", "remember", "seek", "welcome"}
    | {"express", "repeat", "hold", "share", "reject", "refuse", "accept", "dismiss", "deny", "take", "sign", "reach"}
)
"""What is done with a claim: such a verb after "that" makes the clause a relative one."""

HOLDING = frozenset(
    [
        "make",
        "have",
        "express",
        "voice",
        "hold",
        "reject",
        "dismiss",
        "repeat",
        "issue",
        "raise",
        "share",
        "deny",
        "confirm",
        "give",
        "offer",
        "face",
        "take",
    ]
)
"""What is done with a noun by who says what it names: "made the claim that", "took issue with"."""


def of_predicate(tree: Tree, word: int, cue: Cue) -> Draft | None:
    """Predicates: "She is convinced that ...", "They were worried about ...", "he remains hopeful that ..."."""
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
        if (
            (label in ("ccomp", "csubj", "advcl") and "t" in cue.frames and (label != "advcl" or is_that(tree, i)))
            or (label in ("parataxis", "ccomp", "appos") and after_colon(tree, i))
            or (
                label in ("xcomp", "advcl", "ccomp")
                and "i" in cue.frames
                and any(tree.lower[k] == "to" for k in tree.kids(i, "mark"))
            )
        ):
            content = tree.subtree(i)
        elif label.startswith(("obl", "advcl")) and prepositions(tree, i) & cue.prepositions() and not is_when(tree, i):
            extra = tuple(k for k in tree.kids(i, "case", "mark") if k < i)
            content = tree.subtree(i, extra)
        if content:
            break
    if not content:
        return None
    head = tree.child(word, *SUBJECTS)
    if head is None and verb != word:
        head = tree.child(verb, *SUBJECTS)
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
        status=status_of(tree, word, head),
        stance=cue.stance,
        confidence=0.7,
    )


def of_noun(tree: Tree, noun: int, cue: Cue) -> Draft | None:
    """Nouns: "The minister's claim that ...", "a warning from the fund that ...", "her support for ...", "made the case that"."""
    equated = _equated(tree, noun, cue)
    if equated is not None:
        return equated
    content: list[int] = []
    extra: tuple[int, ...] = ()
    rule = ""
    for i in tree.children[noun]:
        if i < noun:
            continue
        label = tree.dep[i]
        if label in ("acl", "acl:relcl", "ccomp", "advcl") and "t" in cue.frames and _says_that(tree, i):
            content, rule = tree.subtree(i), "noun clause"
        elif (
            label in ("acl", "acl:relcl")
            and "i" in cue.frames
            and any(tree.lower[k] == "to" for k in tree.kids(i, "mark"))
        ):
            content, rule = tree.subtree(i), "noun infinitive"
        elif label in ("nmod", "acl") and prepositions(tree, i) & cue.prepositions():
            extra = tuple(k for k in tree.kids(i, "case", "mark") if k < i)
            content, rule = tree.subtree(i, extra), "noun preposition"
        if content:
            break
    held = _holder(tree, noun) if not content else None
    if held is not None:
        for i in tree.kids(held[1], "obl", "advcl"):
            if tree.subtree(i)[0] == noun + 1 and prepositions(tree, i) & cue.prepositions() and not is_when(tree, i):
                extra = tuple(k for k in tree.kids(i, "case", "mark") if k < i)
                content, rule = tree.subtree(i, extra), "noun preposition"
                break
    if not content:
        return None
    content = without_aside(tree, content)
    owner = possessor(tree, noun)
    if owner is None and rule == "noun clause":
        owner = next((i for i in tree.kids(noun, "compound", "amod") if tree.ent[i] in ("ORG", "PERSON")), None)
    words: set[int] = {noun, *extra}
    if rule == "noun preposition" and _is_named_only(tree, noun, cue, owner):
        return None
    if owner is not None and (may_speak(tree, owner) or tree.lower[owner] == "its"):
        spans, head = possessor_spans(tree, owner), owner
    else:
        giver = next(
            (
                i
                for i in tree.kids(noun, "nmod")
                if prepositions(tree, i) & {"by", "from", "among"} and i not in content
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
        stance=cue.stance,
        confidence=0.65 if head is not None else 0.4,
    )


def _is_named_only(tree: Tree, noun: int, cue: Cue, owner: int | None) -> bool:
    """Whether a noun with a preposition names an attitude or a deed and tells no saying: "her plans for the town"."""
    if tree.lemma[noun] == "attack":  # in words when a person's
        return owner is None or not (tree.ent[owner] == "PERSON" or tree.tag[owner] == "PRP$")
    return (cue.act != "speech" or tree.lemma[noun] == "question") and _holder(tree, noun) is None


def _equated(tree: Tree, noun: int, cue: Cue) -> Draft | None:
    """The clause that a noun is said to be: "Her claim is that the dam was never tested"."""
    clause = tree.head[noun]
    link = tree.child(clause, "cop")
    owner = possessor(tree, noun)
    if "t" not in cue.frames or tree.dep[noun] != "nsubj:outer" or link is None or owner is None:
        return None
    content = [i for i in tree.subtree(clause, [noun, link]) if i > link]
    if not content:
        return None
    return Draft(
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
