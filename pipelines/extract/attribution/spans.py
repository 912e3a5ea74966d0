"""Where a cue begins and ends, and what exactly it attributes."""

from pipelines.extract.attribution.tree import QUOTES, Span, Tree

AROUND = frozenset({"aux", "aux:pass", "cop", "compound:prt"})
NEGATIONS = frozenset({"not", "n't", "never", "n’t", "neither", "nor", "no", "hardly", "nobody"})
MODALS = frozenset({"may", "might", "could", "can", "would", "should"})
DOUBTS = frozenset(
    {"reportedly", "allegedly", "supposedly", "apparently", "probably", "possibly", "perhaps", "purportedly"}
)
WHEN = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "today",
        "yesterday",
        "tomorrow",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "week",
        "month",
        "year",
        "day",
        "night",
        "morning",
        "evening",
        "afternoon",
        "hour",
        "time",
        "weekend",
        "decade",
        "summer",
        "winter",
        "spring",
        "autumn",
        "fall",
    ]
)


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


def is_hedged(tree: Tree, verb: int) -> bool:
    """Whether the saying itself is only possible or hearsay: "may claim", "reportedly said", "appeared to suggest"."""
    if any(
        (tree.dep[i] == "aux" and tree.lower[i] in MODALS) or (tree.dep[i] == "advmod" and tree.lower[i] in DOUBTS)
        for i in tree.children[verb]
    ):
        return True
    return tree.dep[verb] == "xcomp" and tree.lemma[tree.head[verb]] in ("appear", "seem")


def is_when(tree: Tree, i: int) -> bool:
    """Whether a phrase tells when (on Friday, last week, in 2021) and not what."""
    if tree.dep[i] in ("obl:tmod", "obl:unmarked", "nmod:tmod", "obl:npmod"):
        return True
    words = {tree.lower[k] for k in [i, *tree.children[i]]}
    if not tree.kids(i, "nmod", "acl", "acl:relcl"):
        words.add(tree.lemma[i])  # for years
    return bool(words & WHEN) or (tree.tag[i] == "CD" and len(tree.text[i]) == 4)


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
