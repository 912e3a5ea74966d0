"""Where a cue begins and ends, and what exactly it attributes."""

from functools import cache

from pipelines.extract.attribution.tree import QUOTES, Span, Tree
from pipelines.lexicon.calendar_names import calendar_names, short_names
from pipelines.lexicon.entries import entries, group

AROUND = frozenset({"aux", "aux:pass", "cop", "compound:prt"})
NEGATIONS = group("claim_words", "negation")
PERHAPS = frozenset({"may", "might", "could", "can"})
SUPPOSED = frozenset({"would", "should", "'d", "’d"})
TO_COME = frozenset({"will", "shall", "'ll", "’ll", "wo"})
ANYBODY = frozenset({"you", "one", "who", "anyone", "anybody", "someone", "somebody"})
"""Who could say a thing where nobody is meant: "you could argue that"."""
SUPPOSING = frozenset({"if", "unless", "whether"})
WISHES = frozenset({"like", "love", "prefer", "hate"})
"""What a "would" makes polite and leaves a wish that is held: "would like the bridge to open"."""
DOUBTS = group("claim_words", "doubt")


@cache
def when_words() -> frozenset[str]:
    """Words of which one tells when: months and weekdays in full, seasons, units of time, parts of the day, today."""
    units = {row["value"] for row in entries("time_units")} - {"second", "quarter", "minute"}
    days = {row["form"] for row in entries("date_words") if row["value"].startswith(("day", "NI"))}
    return (calendar_names() - short_names()) | units | days | {row["form"] for row in entries("dayparts")} | {"time"}


def cue_tokens(tree: Tree, verb: int, top: int | None = None, extra: tuple[int, ...] = ()) -> list[int]:
    """The verb with its auxiliaries, its particle, adverbs and negation beside it, and the verbs above it up to ``top``."""
    wanted = {verb, *extra}
    chain = [verb]
    at = verb
    while top is not None and at not in (top, tree.head[at]):
        at = tree.head[at]
        chain.append(at)
        wanted.add(at)
    for one in chain:
        wanted.update(i for i in tree.children[one] if tree.dep[i] in AROUND)
        wanted.update(
            i for i in tree.children[one] if tree.dep[i] == "mark" and tree.lower[i] == "to" and one != chain[-1]
        )
    first, last = min(wanted), max(wanted)
    adverbs = {
        i for one in chain for i in tree.children[one] if tree.dep[i] == "advmod" and tree.pos[i] in ("ADV", "PART")
    }
    adverbs |= {k for i in adverbs for k in tree.children[i] if tree.dep[k] == "advmod"}
    while first - 1 in adverbs:
        first -= 1
    while last + 1 in adverbs and tree.lower[last + 1] in NEGATIONS:
        last += 1
    inside = {i for i in adverbs if first <= i <= last}
    return sorted(wanted | inside)


def cue_spans(tree: Tree, tokens: list[int]) -> list[Span]:
    """The cue's spans: the run of its words, split where a subject or another phrase stands between them."""
    return [span for span in tree.spans(tokens, keep=":") if span[1] > span[0]]


def is_negated(tree: Tree, verb: int, subject: int | None) -> bool:
    """Whether the saying is denied: "did not say", "no leader has raised"."""
    if any(
        tree.lower[i] in NEGATIONS and tree.dep[i] in ("advmod", "neg", "det") and i < verb + 2
        for i in tree.children[verb]
    ):
        return True
    if subject is None:
        return False
    return tree.lower[subject] in ("nobody", "none", "no-one") or any(
        tree.lower[i] in ("no", "neither") and tree.dep[i] in ("det", "advmod", "cc:preconj")
        for i in tree.children[subject]
    )


def status_of(tree: Tree, verb: int, subject: int | None, top: int | None = None) -> str:
    """What the text says of the saying itself, as ``claims.status`` lists it; ``top`` is the light verb above the cue.

    denied: "did not say", "nobody said"; hypothetical: "if he says", "would say", "you could argue"; future: "will announce";
    possible: "may claim", "reportedly said", "appeared to suggest"; else said.
    """
    words = {verb, verb if top is None else top}
    if any(is_negated(tree, word, subject) for word in words):
        return "denied"
    modals = {tree.lower[i] for word in words for i in tree.kids(word, "aux")}
    anybody = subject is not None and tree.lower[subject] in ANYBODY
    if any(tree.lower[i] in SUPPOSING for word in words for i in tree.kids(word, "mark")):
        return "hypothetical"
    if (modals & SUPPOSED and tree.lemma[verb] not in WISHES) or ("could" in modals and anybody):
        return "hypothetical"
    if modals & TO_COME or any(_is_going(tree, word) for word in words):
        return "future"
    doubted = any(tree.lower[i] in DOUBTS for word in words for i in tree.kids(word, "advmod"))
    seems = any(tree.dep[word] == "xcomp" and tree.lemma[tree.head[word]] in ("appear", "seem") for word in words)
    seems = seems or (top is not None and top != verb and tree.lemma[top] in ("appear", "seem"))
    return "possible" if doubted or seems or modals & PERHAPS else "said"


def _is_going(tree: Tree, verb: int) -> bool:
    """Whether a verb is only about to happen: the "say" of "is going to say", or the "going" itself."""
    going = tree.head[verb] if tree.dep[verb] == "xcomp" else verb
    return (
        tree.lower[going] == "going"
        and any(tree.lemma[i] == "be" for i in tree.kids(going, "aux"))
        and any(tree.lower[k] == "to" for i in tree.kids(going, "xcomp") for k in tree.kids(i, "mark"))
    )


def is_when(tree: Tree, i: int) -> bool:
    """Whether a phrase tells when (on Friday, last week, in 2021) and not what."""
    if tree.dep[i] in ("obl:tmod", "obl:unmarked", "nmod:tmod", "obl:npmod"):
        return True
    words = {tree.lower[k] for k in [i, *tree.children[i]]}
    if not tree.kids(i, "nmod", "acl", "acl:relcl"):
        words.add(tree.lemma[i])  # for years
    return bool(words & when_words()) or (tree.tag[i] == "CD" and len(tree.text[i]) == 4)


def with_marks(tree: Tree, tokens: list[int]) -> list[int]:
    """The tokens plus quotation marks and brackets that stand directly at their ends and have their partner inside."""
    if not tokens:
        return tokens
    run = sorted(tokens)
    first, last = run[0], run[-1]
    n_marks = sum(tree.text[i] in QUOTES for i in run)
    if n_marks % 2:
        if last + 1 < len(tree) and tree.text[last + 1] in QUOTES:
            run.append(last + 1)
        elif first > 0 and tree.text[first - 1] in QUOTES:
            run.insert(0, first - 1)
    return run
