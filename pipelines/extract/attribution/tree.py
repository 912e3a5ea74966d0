"""The parse of one document as plain lists: spaCy's tokens are slow to ask one by one, a claim asks them often."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from pipelines.extract.attribution.quotes import Quotation, quotations, reading_blocks
from pipelines.ingest.document import Segment
from pipelines.language.parsed import Parsed
from pipelines.language.windows import LONGEST

Span = tuple[int, int]
"""``[start, end)`` in code points of the document."""

CLAUSAL = frozenset({"ccomp", "xcomp", "advcl", "acl", "acl:relcl", "parataxis", "csubj", "csubj:pass", "advcl:relcl"})
OPENING_MARKS = frozenset({'"', "“", "„", "«", "''", "``", "‘"})
OPENING, CLOSING = "([{", ")]}"
QUOTES = "\"“”„‟«»‹›‘’'`″"


@dataclass(frozen=True)
class Tree:
    """Tokens of a document by number, with their analysis and the white space left out of every list of children.

    ``head[i]`` is the token's governor (itself for a root), ``children[i]`` its dependents in text order, ``clock[i]``
    the number of its sentence. Offsets are code points. Without a parse every token is its own root.

    ``bounds`` holds the first token and one past the last of every sentence, ``parts`` the layout part each stands in;
    ``blocks`` are the document's paragraphs, ``titles`` the starts of those that are headings, ``marks`` its quotations.
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
    bounds: list[tuple[int, int]] = field(init=False)
    parts: list[Segment] = field(init=False)
    blocks: list[Span] = field(init=False)
    titles: set[int] = field(init=False)
    marks: list[Quotation] = field(init=False)

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
        blocks, titles = reading_blocks(self.parsed)
        put(self, "blocks", blocks)
        put(self, "titles", titles)
        put(self, "marks", quotations(self.parsed.document.text, blocks))
        self._divide()
        children: list[list[int]] = [[] for _ in self.text]
        for i, governor in enumerate(self.head):
            if governor != i and not self.space[i]:
                children[governor].append(i)
        put(self, "children", children)

    def _divide(self) -> None:
        """Sets the sentences, and divides those that run on after a full stop; arcs across the new border are cut.

        A parser now and then reads two sentences as one, most of all where the second opens with a quotation mark. What
        one of them says would then be taken for a part of what the other does.
        """
        sentence = [0] * len(self.text)
        bounds: list[tuple[int, int]] = []
        parts: list[Segment] = []
        for one in self.parsed.sentences:
            first = one.start
            for stop in (*self._stops(one.start, one.end), one.end):
                for i in range(first, stop):
                    sentence[i] = len(bounds)
                bounds.append((first, stop))
                parts.append(one.segment)
                first = stop
        for i, above in enumerate(self.head):
            if sentence[i] != sentence[above]:
                self.head[i], self.dep[i] = i, "ROOT"
        object.__setattr__(self, "sentence", sentence)
        object.__setattr__(self, "bounds", bounds)
        object.__setattr__(self, "parts", parts)

    def _stops(self, start: int, end: int) -> list[int]:
        """The tokens inside a sentence that begin a new one.

        They follow a full stop outside quotation marks (or one that ends a quotation with words before it), and begin
        with a capital or a mark.
        """
        found: list[int] = []
        for i in range(start + 1, end - 2):
            if self.text[i] not in (".", "?", "!") or (self.text[i - 1].isalpha() and len(self.text[i - 1]) == 1):
                continue
            after = i + 1
            quote = self.quote_at(self.start[i])
            if quote is not None:
                if self.text[i] != "." or quote.inner[1] != self.end[i] or not quote.closed or end - i < 7:
                    continue
                if quote.start <= self.start[found[-1] if found else start] + 1:
                    continue
                after = self.at(quote.end)
            if after > end - 2 or self.space[after] or self.end[after - 1] == self.start[after]:
                continue
            opens = self.text[after] in OPENING_MARKS and quote is None and self.text[after + 1][:1].isupper()
            if opens or self.text[after][:1].isupper():
                found.append(after)
        return found

    def quote_at(self, char: int) -> Quotation | None:
        """The outermost quotation that holds an offset, its marks included."""
        k = bisect_right(self.mark_starts, char) - 1
        return self.outer[k] if k >= 0 and char < self.outer[k].end else None

    @cached_property
    def outer(self) -> list[Quotation]:
        """The outermost quotations in text order."""
        return [one for one in self.marks if one.depth == 0]

    @cached_property
    def mark_starts(self) -> list[int]:
        """Where the outermost quotations begin."""
        return [one.start for one in self.outer]

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
        return self.parts[self.sentence[i]].kind

    def is_chrome(self, i: int) -> bool:
        """Whether the token stands in navigation, counters and the like."""
        return self.kind(i) == "chrome"

    def at(self, char: int) -> int:
        """The token that holds this offset, else the first after it (the number of tokens when there is none)."""
        i = bisect_left(self.start, char + 1) - 1
        return i if i >= 0 and self.end[i] > char else i + 1

    def tokens_in(self, start_char: int, end_char: int) -> range:
        """The tokens that begin inside ``[start_char, end_char)``."""
        return range(bisect_left(self.start, start_char), bisect_left(self.start, end_char))

    def to_full_stop(self, tokens: list[int]) -> list[int]:
        """Tokens that run to the end of their sentence, with the next one where no stop divides them (a parser's slip).

        More words than a sentence has at most are not added to: it was cut for its length, and so is the one behind it.
        """
        while 0 < len(tokens) < LONGEST:
            number = self.sentence[tokens[-1]]
            end = self.bounds[number][1]
            last = tokens[-1]
            if last < end - 1 or number + 1 >= len(self.bounds) or self.text[last][-1] in ".!?…:;)]" + QUOTES:
                break
            following = self.bounds[number + 1]
            gap = self.parsed.document.text[self.end[last] : self.start[following[0]]]
            if "\n" in gap or not self.text[last][-1].isalnum() or self.parts[number] is not self.parts[number + 1]:
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
