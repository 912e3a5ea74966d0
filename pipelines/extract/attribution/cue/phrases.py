"""Attributions without a verb of saying: according to, in her words, reportedly, labels, signatures, IMHO."""

import re
from collections.abc import Iterator, Sequence

from pipelines.extract.attribution.attribution import Attribution
from pipelines.extract.attribution.cue.cue_spans import is_when
from pipelines.extract.attribution.cue.cues import speaker_nouns
from pipelines.extract.attribution.cue.subjects import (
    RELATIVES,
    SUBJECTS,
    phrase,
    possessor,
    possessor_spans,
    source_spans,
)
from pipelines.extract.attribution.nesting import Nest
from pipelines.extract.attribution.tree import Tree
from pipelines.lexicon.person_words import is_office

HEARSAY = frozenset({"reportedly", "allegedly", "purportedly", "supposedly"})
OPINIONS = frozenset({"imho", "imo", "afaik", "iirc"})
IN_WORDS = frozenset({"word", "view", "opinion", "estimation", "telling", "account"})
NOMINAL = frozenset(
    {
        "nsubj",
        "nsubj:pass",
        "obj",
        "iobj",
        "obl",
        "nmod",
        "appos",
        "conj",
        "compound",
        "obl:unmarked",
        "amod",
        "nummod",
        "advmod",
        "xcomp",
        "acl",
        "flat",
    }
)


def phrasal(tree: Tree) -> Iterator[Attribution]:
    """The attributions made by a phrase or an adverb, in text order."""
    for i in range(len(tree)):
        word = tree.lower[i]
        found: Attribution | None = None
        if word == "according" and tree.lower[i + 1 : i + 2] == ["to"]:
            found = _according(tree, i)
        elif word in HEARSAY and tree.dep[i] == "advmod":
            found = _hearsay(tree, i)
        elif word == "in" and tree.dep[i] == "case" and tree.lemma[tree.head[i]] in IN_WORDS:
            found = _in_words(tree, i)
        elif word in OPINIONS:
            found = _opinion(tree, i)
        elif word in ("per", "for") and tree.dep[i] == "case" and word == "per" and tree.ent[tree.head[i]]:
            found = _according(tree, i, 1)
        if found is not None and found.content:
            yield found


def _host_clause(tree: Tree, i: int) -> int:
    """The clause that a phrase on token ``i`` speaks of: the nearest clause above it."""
    at = i
    while tree.head[at] != at and (not tree.is_clause(at) or tree.dep[at] in ("acl", "amod", "nmod")):
        at = tree.head[at]
    return at


def _whole_clause(tree: Tree, host: int) -> int:
    """The clause that a phrase between commas speaks of: not one that only hangs on it, unless it is coordinated.

    An aside (a relative clause after a comma, words in brackets) keeps it.
    """
    while tree.head[host] != host:
        opens = tree.subtree(host)[0]
        aside = tree.dep[host] in ("acl:relcl", "parataxis") and tree.text[max(0, opens - 1)] in (
            ",",
            "(",
            "—",
            "–",
            "-",
        )
        if aside or (tree.dep[host] == "conj" and tree.child(host, *SUBJECTS) is not None):
            break
        host = tree.head[host]
    return host


def _according(tree: Tree, word: int, n_words: int = 2) -> Attribution | None:
    head = tree.head[word]
    if head == word or head <= word:
        return None
    if is_when(tree, head) and tree.head[head] > word and tree.pos[tree.head[head]] == "NOUN":
        head = tree.head[head]  # "a study last year"
    source = [i for i in phrase(tree, head) if i >= word + n_words]
    own = source if tree.head[head] == head else [i for i in tree.subtree(head) if i >= word]
    if not own:
        return None
    first, end = tree.bounds[tree.sentence[word]]
    rest = [i for i in range(own[-1] + 1, end) if tree.text[i][:1].isalnum()]
    ahead = [i for i in range(first, word) if tree.text[i][:1].isalnum()]
    if not ahead and len(rest) < 2:
        return None  # "According to Lund, yes."
    if not rest or not ahead:
        content = [i for i in range(first, end) if not word <= i <= own[-1]]
    else:
        host = _host_clause(tree, tree.head[head])
        if tree.text[word - 1] == "," and tree.lower[word - 2] not in RELATIVES:
            host = _whole_clause(tree, host)
        content = [
            i for i in tree.subtree(host, [head, *_later(tree, host, own[-1])]) if not word <= i < word + n_words
        ]
    return Attribution(
        rule="according to",
        act="speech",
        content=tree.spans(content),
        cue=[(tree.start[word], tree.end[word + n_words - 1])],
        source=tree.spans(source),
        head=head,
        cue_token=word,
    )


def _later(tree: Tree, host: int, last: int) -> list[int]:
    """The clauses with a subject of their own that a conjunction adds behind ", according to the fund,"."""
    return [i for i in tree.kids(host, "conj") if tree.subtree(i)[0] > last and tree.child(i, *SUBJECTS) is not None]


def above_others(tree: Tree, drafts: Sequence[Attribution]) -> None:
    """Takes ", according to the fund" and ", said the minister" out of what others say: they tell of their saying too."""
    nest = Nest([(draft, draft.content) for draft in drafts])
    for draft in drafts:
        is_tail = draft.rule in ("inverted", "inserted", "position") and draft.content and draft.cue
        if not (draft.rule == "according to" or is_tail) or not draft.source or draft.cue_token is None:
            continue
        start, end = draft.cue[0][0], draft.source[-1][1]
        if tree.text[draft.cue_token - 1] != "," or tree.quote_at(start) is not None or end < start:
            continue
        for other in nest.touching(start, end):
            if is_tail and not (other.cue and draft.content[0][0] <= other.cue[0][0] < start):
                continue
            if other is not draft and other.cue_token is not None:
                other.content = [
                    (s, tree.start[draft.cue_token - 1]) if s < start and start < e <= end + 1 else (s, e)
                    for s, e in other.content
                ]


def _hearsay(tree: Tree, adverb: int) -> Attribution | None:
    host = tree.head[adverb]
    if not tree.is_clause(host) or tree.dep[host] in ("acl", "amod"):
        return None
    return Attribution(
        rule="hearsay",
        act="speech",
        content=tree.spans(tree.subtree(host, [adverb])),
        cue=[(tree.start[adverb], tree.end[adverb])],
        cue_token=adverb,
        status="possible",
        confidence=0.6,
    )


def _in_words(tree: Tree, preposition: int) -> Attribution | None:
    noun = tree.head[preposition]
    owner = possessor(tree, noun)
    if owner is None:
        giver = next(
            (i for i in tree.kids(noun, "nmod") if any(tree.lower[k] == "of" for k in tree.kids(i, "case"))), None
        )
        if giver is None or not (tree.ent[giver] or tree.pos[giver] == "NOUN"):
            return None
        spans, head = source_spans(tree, giver, None), giver
    else:
        spans, head = possessor_spans(tree, owner), owner
    host = _host_clause(tree, tree.head[noun])
    if host == noun or not tree.dep[noun].startswith(("obl", "nmod", "parataxis")):
        return None
    own = tree.lower[head] in ("my", "our")
    return Attribution(
        rule="in words",
        act="speech" if tree.lemma[noun] in ("word", "account", "telling") else "thought",
        content=tree.spans(tree.subtree(host, [noun])),
        cue=[(tree.start[preposition], tree.end[preposition]), (tree.start[noun], tree.end[noun])],
        source=spans,
        head=head,
        cue_token=noun,
        author=own,
        confidence=0.8,
    )


def _opinion(tree: Tree, word: int) -> Attribution | None:
    first, last = tree.bounds[tree.sentence[word]]
    content = [i for i in range(first, last) if i != word]
    return Attribution(
        rule="opinion",
        act="thought",
        content=tree.spans(content),
        cue=[(tree.start[word], tree.end[word])],
        cue_token=word,
        author=True,
        confidence=0.9,
    )


_LABEL = re.compile(
    r"[\"“«]?(?P<label>[^\n:“”\"«»?!.]{1,60}|[QA]|(?:[A-Z][\w.\-’']* ){0,4}[A-Z][\w.\-’']*):(?=\s)\s*(?P<said>\S[^\n]*)"
)
"""Matches ``Novak: Nobody knows.``, not ``at 10:30``."""
_SIGNATURE = re.compile(
    r"[^\S\n]*+(?:\n[^\S\n]*+)?(?P<dash>[—–―]|--?)[^\S\n]*+(?P<name>[A-Z@][^\n,(;]{1,60}?)(?=$|\s*+[\n,(;]|[^\S\n]*\n)"
)
r"""Matches `` — Ana Novak\n``, not `` — and then``."""
_BRACKETED = re.compile(r"[ \t]*\((?P<name>[A-Z][^()\n,/]{2,60})(?:[,/][^()\n]{2,40})?\)")
"""Matches `` (Ana Novak, Oslo)``, not `` (in May)``."""


def labelled(tree: Tree, blocks: list[tuple[int, int]], titles: set[int]) -> Iterator[Attribution]:
    """Lines that begin with a speaker and a colon: headlines ("Mayor: no new taxes") and interviews ("Anna Berg: We...").

    A label is a name, a speaker's noun, Q or A. In running text it must be the same label twice, or the whole document
    be one such line; a headline (a block in ``titles``) needs it once.
    """
    text = tree.parsed.document.text
    rows = []
    for start, end in blocks:
        reply = _REPLY.match(text, start, end)
        if reply is not None and tree.at(start) < len(tree):
            yield _replied(tree, reply)
            continue
        line = _LABEL.match(text, start, end)
        if line is not None and (kind := _label_kind(tree, line)) is not None:
            rows.append((start, end, line, kind))
    n_labels = sum(kind in ("name", "turn") for *_, kind in rows)
    for start, end, line, kind in rows:
        if (
            start in titles
            or (kind in ("name", "turn") and (n_labels > 2 or len(blocks) == 1))
            or (kind == "noun" and len(blocks) == 1)
        ):
            said = text[line.start("said") : end].rstrip()
            if sum(part[:1].isalpha() for part in said.split()) < 2 and kind != "turn":
                continue  # a table's line: "Clinton: 1,769"
            if not said or tree.at(line.start("said")) >= len(tree):
                continue
            last = line.start("said") + len(said)
            if text[start] in '"“«' and said[-1] in '"”»':
                last -= 1
            if start in titles and len(blocks) > 1 and text[last - 1] == ".":
                last -= 1
            tokens = tree.tokens_in(line.start("label"), line.end("label"))
            yield Attribution(
                rule="label",
                act="speech",
                content=[(line.start("said"), last)],
                cue=[(line.end("label"), line.end("label") + 1)],
                source=[(line.start("label"), line.start("label") + len(line["label"].rstrip()))],
                head=tokens[-1] if tokens else None,
                cue_token=tokens[-1] + 1 if tokens else None,
                quoted=kind in ("name", "turn") and (start not in titles or text[last - 1] == "."),
                confidence=0.8,
            )


_REPLY = re.compile(r"(?P<poster>[^\s:>][^\n:]{0,30}?) (?P<cue>wrote:)(?P<said>\S[^\n]*)")
"""A reply's quotation as forums put it without a space: "jan_k wrote:The vaccine is late".
Matches ``ana_l wrote:So be it``, not ``ana_l wrote so``."""


def _replied(tree: Tree, line: re.Match[str]) -> Attribution:
    """The quotation of another post: what follows the poster's name up to the end of the line is the poster's."""
    said = line["said"].rstrip()
    tokens = tree.tokens_in(*line.span("poster"))
    return Attribution(
        rule="label",
        act="speech",
        content=[(line.start("said"), line.start("said") + len(said))],
        cue=[line.span("cue")],
        source=[line.span("poster")],
        head=tokens[-1] if tokens else None,
        cue_token=tree.at(line.start("cue")),
        quoted=True,
        confidence=0.85,
    )


def _label_kind(tree: Tree, line: re.Match[str]) -> str | None:
    """Whether a line's label names a speaker: a turn (Q, A, capitals), a person's name, a speaker's noun; else none."""
    label = line["label"].strip()
    tokens = [i for i in tree.tokens_in(line.start("label"), line.end("label")) if not tree.space[i]]
    if not tokens or len(tokens) > 6 or tree.tag[tokens[-1]] in ("VBD", "VBZ", "VBP"):
        return None
    if label in ("Q", "A"):
        return "turn"
    if all(tree.ent[i] == "PERSON" for i in tokens):
        return "name"
    if (
        len(tokens) <= 3
        and all(tree.pos[i] == "PROPN" for i in tokens)
        and (any(tree.ent[i] == "ORG" for i in tokens) or _is_person_below(tree, tokens[-1]))
    ):
        return "body"
    if label.isupper() and len(label) > 2 and len(tokens) <= 3 and label.isalpha() and tree.pos[tokens[-1]] == "PROPN":
        return "name"
    noun = tree.lower[tokens[-1]]
    known = speaker_nouns().get(noun) or speaker_nouns().get(tree.lemma[tokens[-1]])
    if len(tokens) <= 3 and (known in ("document", "source", "organisation") or is_office(noun)):
        return "noun"
    return None


def _is_person_below(tree: Tree, word: int) -> bool:
    """Whether the same word names a person further down."""
    text = tree.text[word]
    return any(tree.text[i] == text and tree.ent[i] == "PERSON" for i in range(word + 1, min(len(tree), word + 600)))


def signature(text: str, at: int, end: int) -> re.Match[str] | None:
    """The name signed after a quotation that ends at ``at``: a dash and a name, or the name in brackets."""
    return _SIGNATURE.match(text, at, end) or _BRACKETED.match(text, at, end)
