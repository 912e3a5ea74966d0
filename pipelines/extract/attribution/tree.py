"""The parse of one document as plain lists: spaCy's tokens are slow to ask one by one, a claim asks them often."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from pipelines.language.parsed import Parsed

Span = tuple[int, int]
"""``[start, end)`` in code points of the document."""

CLAUSAL = frozenset({"ccomp", "xcomp", "advcl", "acl", "acl:relcl", "parataxis", "csubj", "csubj:pass", "advcl:relcl"})
OPENING, CLOSING = "([{", ")]}"
QUOTES = "\"“”„‟«»‹›‘’'`″"


@dataclass(frozen=True)
class Tree:
    """Tokens of a document by number, with their analysis and the white space left out of every list of children.

    ``head[i]`` is the token's governor (itself for a root), ``children[i]`` its dependents in text order, ``clock[i]``
    the number of its sentence. Offsets are code points. Without a parse every token is its own root.
    """

    parsed: Parsed
    text: list[str] = field(init=False)
    lower: list[str] = field(init=False)
    lemma: list[str] = field(init=False)
    tag: list[str] = field(init=False)
    pos: list[str] = field(init=False)
    dep: list[str] = field(init=False)
    head: list[int] = field(init=False)
    start: list[int] = field(init=False)
    end: list[int] = field(init=False)
    space: list[bool] = field(init=False)
    ent: list[str] = field(init=False)
    children: list[list[int]] = field(init=False)
    sentence: list[int] = field(init=False)

    def __post_init__(self) -> None:
        doc = list(self.parsed.doc)  # each look at a document makes its tokens anew
        put = object.__setattr__
        put(self, "text", [token.text for token in doc])
        put(self, "lower", [text.lower().replace("’", "'") for text in self.text])
        put(self, "lemma", [token.lemma_.lower() for token in doc])
        put(self, "tag", [token.tag_ for token in doc])
        put(self, "pos", [token.pos_ for token in doc])
        put(self, "dep", [token.dep_ for token in doc])
        put(self, "ent", [token.ent_type_ for token in doc])
        put(self, "start", [token.idx for token in doc])
        put(self, "end", [at + len(text) for at, text in zip(self.start, self.text, strict=True)])
        put(self, "space", [text.isspace() for text in self.text])
        parsed_at_all = self.parsed.doc.has_annotation("DEP")
        put(self, "head", [token.head.i for token in doc] if parsed_at_all else list(range(len(doc))))
        children: list[list[int]] = [[] for _ in self.text]
        for i, governor in enumerate(self.head):
            if governor != i and not self.space[i]:
                children[governor].append(i)
        put(self, "children", children)
        sentence = [0] * len(self.text)
        for number, one in enumerate(self.parsed.sentences):
            for i in range(one.start, one.end):
                sentence[i] = number
        put(self, "sentence", sentence)

    def __len__(self) -> int:
        return len(self.text)

    def subtree(self, top: int, without: Iterable[int] = ()) -> list[int]:
        """The tokens under and including ``top``, in text order, leaving out the branches that begin at ``without``."""
        skip, found, stack = set(without), [], [top]
        while stack:
            i = stack.pop()
            if i in skip:
                continue
            found.append(i)
            stack.extend(self.children[i])
        found.sort()
        return found

    def child(self, top: int, *labels: str) -> int | None:
        """The first dependent with one of these labels."""
        return next((i for i in self.children[top] if self.dep[i] in labels), None)

    def kids(self, top: int, *labels: str) -> list[int]:
        """All dependents with one of these labels."""
        return [i for i in self.children[top] if self.dep[i] in labels]

    def climbs_to(self, i: int, top: int) -> bool:
        """Whether ``top`` is ``i`` or one of its ancestors."""
        while i != top:
            if self.head[i] == i:
                return False
            i = self.head[i]
        return True

    def root(self, i: int) -> int:
        """The root of the token's sentence."""
        while self.head[i] != i:
            i = self.head[i]
        return i

    def is_verb(self, i: int) -> bool:
        """Whether the token is a verb or an auxiliary by its tag."""
        return self.tag[i][:2] == "VB" or self.tag[i] == "MD"

    def is_clause(self, i: int) -> bool:
        """Whether the token heads a clause: a verb, or a predicate with a copula or a subject."""
        return self.tag[i][:2] == "VB" or any(
            self.dep[k] in ("cop", "nsubj", "nsubj:pass", "aux") for k in self.children[i]
        )

    def kind(self, i: int) -> str:
        """The kind of layout part that the token's sentence stands in."""
        return self.parsed.sentences[self.sentence[i]].segment.kind

    def is_chrome(self, i: int) -> bool:
        """Whether the token stands in navigation, counters and the like."""
        return self.kind(i) == "chrome"

    @cached_property
    def bounds(self) -> list[tuple[int, int]]:
        """First token and one past the last of every sentence."""
        return [(one.start, one.end) for one in self.parsed.sentences]

    def at(self, char: int) -> int:
        """The token that holds this offset, else the first after it (the number of tokens when there is none)."""
        i = bisect_left(self.start, char + 1) - 1
        return i if i >= 0 and self.end[i] > char else i + 1

    def tokens_in(self, start_char: int, end_char: int) -> range:
        """The tokens that begin inside ``[start_char, end_char)``."""
        return range(bisect_left(self.start, start_char), bisect_left(self.start, end_char))

    def to_full_stop(self, tokens: list[int]) -> list[int]:
        """Tokens that run to the end of their sentence, with the next one where no stop divides them (a parser's slip)."""
        while tokens:
            number = self.sentence[tokens[-1]]
            end = self.bounds[number][1]
            last = tokens[-1]
            if last < end - 1 or number + 1 >= len(self.bounds) or self.text[last][-1] in ".!?…:;)]" + QUOTES:
                break
            following = self.bounds[number + 1]
            gap = self.parsed.document.text[self.end[last] : self.start[following[0]]]
            if (
                "\n" in gap
                or not self.text[last][-1].isalnum()
                or self.parsed.sentences[number].segment is not self.parsed.sentences[number + 1].segment
            ):
                break
            tokens = [*tokens, *range(*following)]
        return tokens

    def spans(self, tokens: Iterable[int], keep: str = "") -> list[Span]:
        """The runs of these tokens as offsets, trimmed of punctuation that belongs to the sentence around them.

        A run ends where a token that is not white space is left out. Commas, stops, colons and dashes fall off at both
        ends, brackets and quotation marks only without their partner in the run. Marks in ``keep`` stay.
        """
        runs: list[list[int]] = []
        for i in sorted(set(tokens)):
            if self.space[i]:
                continue
            if runs and all(self.space[k] for k in range(runs[-1][-1] + 1, i)):
                runs[-1].append(i)
            else:
                runs.append([i])
        return [(self.start[run[0]], self.end[run[-1]]) for run in (self.trim(r, keep) for r in runs) if run]

    def trim(self, run: list[int], keep: str = "") -> list[int]:
        """A run of tokens without the punctuation at its ends that is not its own."""
        first, last = 0, len(run)
        while first < last:
            before = first, last
            text = self.text[run[first]]
            if (
                self.is_loose(text, keep)
                or (text[-1] in CLOSING)
                or (text in OPENING and not any(self.text[i] in CLOSING for i in run[first:last]))
                or (text in QUOTES and not any(self.text[i] in QUOTES for i in run[first + 1 : last]))
            ):
                first += 1
            if first < last:
                text = self.text[run[last - 1]]
                if (
                    self.is_loose(text, keep)
                    or text in OPENING
                    or (text in CLOSING and not any(self.text[i] in OPENING for i in run[first:last]))
                    or (text in QUOTES and sum(self.text[i] in QUOTES for i in run[first:last]) % 2 == 1)
                ):
                    last -= 1
            if (first, last) == before:
                break
        return run[first:last]

    @staticmethod
    def is_loose(text: str, keep: str) -> bool:
        """Whether a token is punctuation that belongs to the sentence, not to the phrase beside it."""
        return text not in keep and (text in {",", ".", ";", ":", "-", "–", "—", "―", "--", "..", "/"})


def hull(spans: Iterable[Span]) -> Span:
    """From the first start to the last end."""
    spans = list(spans)
    return min(s for s, _ in spans), max(e for _, e in spans)


def merged(spans: Iterable[Span], text: str) -> list[Span]:
    """Spans in order, those joined that touch, overlap, or have only white space between them."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and (start <= out[-1][1] or not text[out[-1][1] : start].strip()):
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((start, end))
    return out
