"""Who said what: one row per statement attributed to a speaker, plus the author's own checkable statements.

Attribution as PARC 3 and PolNeAR define it (Pareti 2016; Newell et al. 2018): a source, a cue and a content, for direct,
indirect and mixed speech, thought and attitude. Beyond them: nesting, the source resolved to a name, the date of the
saying, and the author's own statements that hold a figure or a calendar date, so that every figure has a speaker.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from pipelines.extract.anchoring.context import tense
from pipelines.extract.attribution.assertions import assertions
from pipelines.extract.attribution.attribution import Attribution
from pipelines.extract.attribution.cue.announced import announced
from pipelines.extract.attribution.cue.clausal import attributions
from pipelines.extract.attribution.cue.phrases import above_others, labelled, phrasal
from pipelines.extract.attribution.cue.subjects import RELATIVES, noun_class, phrase
from pipelines.extract.attribution.laid_out import layout_quotations
from pipelines.extract.attribution.nesting import Nest
from pipelines.extract.attribution.quotation.extents import widen
from pipelines.extract.attribution.quotation.quoted import QuotationReader
from pipelines.extract.attribution.quotes import Quotation
from pipelines.extract.attribution.reference.coreference import (
    FIRST,
    FIRST_PLURAL,
    IT,
    Antecedent,
    Discourse,
)
from pipelines.extract.attribution.reference.descriptions import body_words
from pipelines.extract.attribution.reference.whose import PEOPLE, is_anonymous, is_group, is_somebody
from pipelines.extract.attribution.tree import CLAUSAL, Span, Tree, hull
from pipelines.identity import span_id
from pipelines.ingest.document import Row
from pipelines.language.parsed import Parsed
from pipelines.lexicon.entries import group
from pipelines.lexicon.given_names import is_given_name
from pipelines.lexicon.outlets import is_outlet
from pipelines.lexicon.person_words import person_words
from pipelines.lost import lose


def claims_in(
    parsed: Parsed, names: Sequence[Row], dates: Sequence[Row], figures: Sequence[Row]
) -> tuple[list[Row], list[Row]]:
    """The claims of one document, and the nominals and pronouns that are their sources.

    Returns rows of ``claims`` in order of their content, and rows of ``mentions`` (form nominal or pronoun). A claim has
    ``source_entity_id`` null, for the resolver to fill, and ``source_mention_id``: the mention that heads its source (a
    row of ``names`` or of the second list), null when the text names nobody. A mention row has ``antecedent_id``: the
    name in ``names`` that it means, null where the text leaves it open.

    ``said_on_start`` and ``said_on_end`` bound the day of the saying, from a date that the reporting clause itself gives;
    null when it gives none. ``status`` is what the text says of the saying itself (said, denied, possible ...), ``stance`` what
    the source does with the content (asserts, denies, asks ...). ``claim_id`` of a mention is null: a later step knows it.
    ``confidence`` falls with the chain: cue, source, antecedent.
    """
    if not parsed.sentences:
        return [], []
    tree = Tree(parsed)
    drafts, marks = drafts_in(tree)
    quoted = _quoted_mask(parsed.document.text, marks, drafts)
    discourse = Discourse(tree, names, quoted, drafts)
    return _Rows(tree, drafts, discourse, quoted, dates).all(figures)


def drafts_in(tree: Tree) -> tuple[list[Attribution], list[Quotation]]:
    """The attributions of a document with their parents, and its quotations."""
    blocks, titles, marks = tree.blocks, tree.titles, tree.marks
    by_cue: dict[int, Attribution] = {}
    loose: list[Attribution] = []
    for draft in (*attributions(tree), *phrasal(tree)):
        if draft.cue_token is not None and tree.is_chrome(draft.cue_token):
            continue
        if draft.cue_token is not None and by_cue.setdefault(draft.cue_token, draft) is not draft and draft.content:
            winner = by_cue[draft.cue_token]
            lose("claims", *hull(draft.content), draft.rule, f"its cue serves {winner.rule}, which comes before")
    turns = list(labelled(tree, blocks, titles))
    starts = [start for start, _ in blocks]
    spoken = frozenset(starts[bisect_right(starts, turn.source[0][0]) - 1] for turn in turns)
    loose += [draft for draft in QuotationReader(tree, blocks, by_cue, spoken).read(marks) if draft.cue_token is None]
    found = [*by_cue.values(), *loose]
    widen(found, marks, [block for block in blocks if tree.parsed.document.text[block[0]] == ">"], tree)
    above_others(tree, found)
    found += turns
    found += announced(tree, found)
    found += layout_quotations(tree, found)
    found = [draft for draft in found if draft.content]
    nest = Nest([(draft, draft.content) for draft in found])
    for draft in found:
        at = draft.cue[0] if draft.cue else draft.content[0]
        draft.parent = nest.around(draft, at[0], at[0] + 1)
    found.sort(key=lambda draft: (*hull(draft.content), draft.cue))
    return found, marks


def _quoted_mask(text: str, marks: Iterable[Quotation], drafts: Iterable[Attribution]) -> bytearray:
    """One byte a character: 1 inside quotation marks, or in a quotation that the layout or a label makes."""
    mask = bytearray(len(text) + 1)
    for mark in marks:
        if mark.depth == 0:
            mask[mark.start : mark.end] = b"\x01" * (mark.end - mark.start)
    for draft in drafts:
        by_line = text[draft.content[0][0]] in "—–―>"  # a quotation dash or a mail's reply mark
        if by_line or (draft.rule in ("label", "layout", "reply", "block") and draft.quoted):
            for start, end in draft.content:
                mask[start:end] = b"\x01" * (end - start)
    return mask


EVIDENCE = group("claim_words", "evidence")


class _Rows:
    """Turns the drafts of one document into rows."""

    def __init__(
        self, tree: Tree, drafts: list[Attribution], discourse: Discourse, quoted: bytearray, dates: Sequence[Row]
    ) -> None:
        self.tree, self.drafts, self.discourse, self.quoted = tree, drafts, discourse, quoted
        self.dates = sorted(dates, key=lambda row: row["start_char"])
        self.date_starts = [row["start_char"] for row in self.dates]
        self.document = tree.parsed.document
        self.mentions: dict[str, Row] = {}
        self.names = {row["mention_id"]: row for row in discourse.names}
        self.by_span = {(row["start_char"], row["end_char"]): row["mention_id"] for row in discourse.names}
        self.ids: dict[int, str] = {}
        self.heads: dict[int, str | None] = {}

    def all(self, figures: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """The rows of both tables in order."""
        rows: dict[str, Row] = {}
        for draft in self.drafts:
            self.ids[id(draft)] = self._id(draft.content, draft.cue, draft.rule)
        ordered = sorted(self.drafts, key=lambda draft: -sum(e - s for s, e in draft.content))
        for draft in ordered:  # parents first: "I" in a quotation is its speaker
            row = self._row(draft)
            rows.setdefault(row["claim_id"], row)
        for content in assertions(self.tree, self.drafts, figures, self.dates):
            row = self._assertion(content)
            rows.setdefault(row["claim_id"], row)
        by_place = sorted(rows.values(), key=lambda row: (row["start_char"], row["end_char"], row["claim_id"]))
        return by_place, sorted(self.mentions.values(), key=lambda row: (row["start_char"], row["end_char"]))

    def _id(self, content: list[Span], cue: list[Span], rule: str) -> str:
        start, end = hull(content)
        flat = [at for span in (*content, *cue) for at in span]
        return span_id(self.document.document_id, "claims", start, end, rule == "assertion", *flat)

    def _row(self, draft: Attribution) -> Row:
        mention_id, antecedent = self._source_mention(draft)
        self.heads[id(draft)] = mention_id
        start, end = hull(draft.content)
        source = draft.source[0] if draft.source else None
        said_on = self._said_on(draft)
        confidence = draft.confidence * (antecedent.confidence if antecedent is not None else 1.0)
        parent = draft.parent
        return self._claim(
            claim_id=self.ids[id(draft)],
            parent_claim_id=self.ids[id(parent)] if parent is not None else None,
            kind=self._kind(draft.content),
            act=draft.act,
            start_char=start,
            end_char=end,
            content_spans=draft.content,
            source=source,
            source_spans=draft.source,
            source_kind=self._source_kind(draft, mention_id),
            source_mention_id=mention_id,
            cue_spans=draft.cue,
            said_on=said_on,
            status=draft.status,
            stance=draft.stance,
            rule=draft.rule.replace(" ", "_"),
            confidence=round(confidence, 2),
        )

    def _assertion(self, content: list[Span]) -> Row:
        start, end = hull(content)
        return self._claim(
            claim_id=self._id(content, [], "assertion"), parent_claim_id=None, kind="assertion", act="speech",
            start_char=start, end_char=end, content_spans=content, source=None, source_spans=[], source_kind="author",
            source_mention_id=None, cue_spans=[], said_on=None, status="said", stance="asserts", rule="assertion",
            confidence=1.0,
        )  # fmt: skip

    def _claim(
        self,
        *,
        content_spans: list[Span],
        source: Span | None,
        source_spans: list[Span],
        cue_spans: list[Span],
        said_on: Row | None,
        **row: object,
    ) -> Row:
        text = self.document.text
        start, end = row["start_char"], row["end_char"]
        assert isinstance(start, int)
        assert isinstance(end, int)
        return {
            **row,
            "document_id": self.document.document_id,
            "sentence_id": self.tree.parsed.sentence_at(start).sentence_id,
            "text": text[start:end],
            "content_spans": _spans(content_spans),
            "source_text": text[source[0] : source[1]] if source else None,
            "source_start_char": source[0] if source else None,
            "source_end_char": source[1] if source else None,
            "source_spans": _spans(source_spans),
            "source_entity_id": None,
            "saying_id": None,
            "cue_text": " … ".join(text[s:e] for s, e in cue_spans) if cue_spans else None,
            "cue_spans": _spans(cue_spans),
            "said_on_start": said_on and said_on["start_on"],
            "said_on_end": said_on and said_on["end_on"],
            "said_on_date_id": said_on and said_on["date_id"],
        }

    @cached_property
    def letters(self) -> tuple[list[int], list[int]]:
        """How many letters and digits stand before each offset, and how many of them are quoted: claims lie in claims."""
        marks = [char.isalnum() for char in self.document.text]
        told = (is_letter and bool(mark) for is_letter, mark in zip(marks, self.quoted, strict=False))
        return list(accumulate(marks, initial=0)), list(accumulate(told, initial=0))

    def _kind(self, content: list[Span]) -> str:
        """Direct when all letters of the content are quoted, mixed when some are, else indirect."""
        letters, quoted = self.letters
        n_letters = sum(letters[end] - letters[start] for start, end in content)
        inside = sum(quoted[end] - quoted[start] for start, end in content)
        outside = n_letters - inside
        return "direct" if inside and not outside else "mixed" if inside else "indirect"

    # The source

    def _source_mention(self, draft: Attribution) -> tuple[str | None, Antecedent | None]:
        """The mention that heads the source, and the name it means when it is none itself."""
        if draft.head is None or not draft.source:
            return None, None
        tree, head = self.tree, draft.head
        start, end = draft.source[0]
        named = self.discourse.named(head, start, end)
        if named is not None:
            return self.discourse.names[named]["mention_id"], None
        word = tree.lower[head]
        if word in FIRST | FIRST_PLURAL and draft.parent is not None:
            antecedent = self._speaker_of(draft.parent, 0.9 if word in FIRST else 0.5)
        else:
            antecedent = self.discourse.antecedent(head)
        form = "pronoun" if tree.tag[head] in ("PRP", "PRP$", "WP", "WDT", "WP$") or word in RELATIVES else "nominal"
        if form == "pronoun":
            start, end = tree.start[head], tree.end[head]
            antecedent = antecedent or self._without_name(head)
        if (start, end) in self.by_span:
            return self.by_span[start, end], None
        return self._noted(start, end, form, head, antecedent), antecedent

    def _without_name(self, pronoun: int) -> Antecedent | None:
        """The phrase that first spoke of the one whom a pronoun means, where the text leaves them without a name."""
        noun = self.discourse.noun_meant(pronoun)
        if noun is None:
            return None
        tokens = phrase(self.tree, noun)
        while len(tokens) > 1 and self.tree.tag[tokens[-1]] == "POS":
            tokens.pop()
        start, end = self.tree.start[tokens[0]], self.tree.end[tokens[-1]]
        if end > self.tree.start[pronoun] or (start, end) in self.by_span:
            return None
        return Antecedent(self._noted(start, end, "nominal", noun, None), self._type(noun), 0.7)

    def _noted(self, start: int, end: int, form: str, head: int, antecedent: Antecedent | None) -> str:
        """The id of a mention that is no name, noted as a row."""
        key = span_id(self.document.document_id, "mentions", start, end)
        self.mentions.setdefault(key, {
            "mention_id": key,
            "document_id": self.document.document_id,
            "sentence_id": self.tree.parsed.sentence_at(start).sentence_id,
            "start_char": start,
            "end_char": end,
            "text": self.document.text[start:end],
            "type": antecedent.type if antecedent is not None else self._type(head),
            "form": form,
            "entity_id": None,
            "claim_id": None,
            "confidence": antecedent.confidence if antecedent is not None else 0.5,
            "antecedent_id": antecedent.mention_id if antecedent is not None else None,
        })  # fmt: skip
        return key

    def _speaker_of(self, draft: Attribution, confidence: float) -> Antecedent | None:
        """The name of the one who speaks a claim, for the "I" inside it."""
        mention = self.heads.get(id(draft))
        if mention is None:
            return None
        if mention in self.names:
            return Antecedent(mention, self.names[mention]["type"], confidence)
        meant = self.mentions[mention]["antecedent_id"]
        if meant not in self.names:
            return None
        return Antecedent(meant, self.names[meant]["type"], round(confidence * self.mentions[mention]["confidence"], 2))

    def _type(self, head: int) -> str:
        """The type of somebody without a name, from the noun or pronoun."""
        role = noun_class(self.tree, head)
        if role == "document":
            return "WORK"
        word = self.tree.lower[head]
        if role in ("organisation", "outlet") or word in IT or word == "which" or self.tree.lemma[head] in body_words():
            return "ORG"
        return "PERSON"

    def _source_kind(self, draft: Attribution, mention_id: str | None) -> str:
        """Who or what the source is: the author, somebody or something named, or what the noun says that it is."""
        if self._is_author(draft):
            return "author"
        if draft.head is None or not draft.source:
            return "unknown"
        text = self.document.text[draft.source[0][0] : draft.source[0][1]]
        mention = self.names.get(mention_id or "") or self.mentions.get(mention_id or "")
        name = self.names.get((mention or {}).get("antecedent_id") or "", mention)
        if name is None or name["form"] != "name":
            return self._kind_of_noun(draft, self._noun_of_source(draft.head), text)
        if name["type"] == "WORK":
            return "document"
        return "outlet" if self._is_outlet(draft, name, text) else "named"

    def _is_author(self, draft: Attribution) -> bool:
        """Whether the author of the text is the source: "I think", "we believe", "this newspaper regrets"."""
        tree, head = self.tree, draft.head
        if draft.author and (head is None or not self.quoted[tree.start[head]]):
            return True
        if head is None or not draft.source or draft.parent is not None:
            return False
        if tree.lower[head] in FIRST | FIRST_PLURAL and not self.quoted[tree.start[head]]:
            return True
        return noun_class(tree, head) == "outlet" and any(tree.lower[i] == "this" for i in tree.children[head])

    def _noun_of_source(self, head: int) -> int:
        """The noun that a relative word or a pronoun stands for; itself where it stands for none."""
        if self.tree.lower[head] in RELATIVES:
            return self.discourse.stands_for(head)
        noun = self.discourse.noun_meant(head)
        return head if noun is None else noun

    def _kind_of_noun(self, draft: Attribution, head: int, text: str) -> str:
        """The kind of a source without a name in the text's own lists, from the noun that heads it."""
        tree = self.tree
        word, role = tree.lower[head], noun_class(tree, head)
        if role == "document" or self._is_evidence(draft, head):
            return "document"
        is_name = tree.tag[head] in ("NNP", "NNPS") and not role and word not in person_words()
        if draft.rule in ("layout", "reply") or is_name:
            return "outlet" if is_outlet(text) else "named"
        if is_anonymous(tree, head, draft.source[0]):
            return "anonymous"
        if is_group(tree, head):
            return "group"
        if tree.tag[head] in ("PRP", "PRP$", "WP", "WDT", "DT"):
            return "unknown"
        if role in ("outlet", "organisation") or word in body_words():
            return "outlet" if role == "outlet" else "group"
        return "anonymous" if is_somebody(tree, head) else "unknown"

    def _is_outlet(self, draft: Attribution, name: Row, text: str) -> bool:
        """Whether a named source is a publication, also where its name was taken for a person's."""
        if {word.casefold() for word in text.split()} & {"daily", "weekly", "newspaper", "magazine", "broadcaster"}:
            return True
        if name["type"] == "PERSON":
            return is_outlet(name["text"]) and not is_given_name(name["text"].split()[0])
        role = noun_class(self.tree, draft.head) if draft.head is not None else None
        return is_outlet(name["text"]) or role == "outlet" or (draft.rule == "layout" and is_outlet(text))

    def _is_evidence(self, draft: Attribution, head: int) -> bool:
        """Whether a thing that is no speaker shows something: "the differences show", "the move suggests"."""
        tree = self.tree
        if draft.cue_token is None or tree.lemma[draft.cue_token] not in EVIDENCE:
            return False
        return tree.tag[head] in ("NN", "NNS") and not noun_class(tree, head) and not tree.lower[head].endswith(PEOPLE)

    # The day of the saying

    def _said_on(self, draft: Attribution) -> Row | None:
        """The date that the reporting clause gives, one with known days before one without; null where it gives none."""
        undated = None
        for row in self._near(draft):
            if row.get("type") not in ("DATE", "TIME") or row.get("is_chrome") or row["value"].endswith("_REF"):
                continue
            if any(s <= row["start_char"] < e for s, e in draft.content) or self._is_to_come(row, draft):
                continue
            if draft.rule == "signature" or self._is_behind(row, draft) or self._dates_cue(row, draft):
                if row.get("start_on") is not None:
                    return row
                undated = undated or row
        return undated

    def _is_to_come(self, row: Row, draft: Attribution) -> bool:
        """Whether a date lies behind the day of publication, where the cue is no future: it is of what is wanted or foreseen."""
        published = self.document.published_on
        if published is None or row.get("start_on") is None or row["start_on"] <= published or draft.cue_token is None:
            return False
        return tense(self.tree.parsed.doc[draft.cue_token], aims=True) not in ("future", "ahead")

    def _near(self, draft: Attribution) -> Iterator[Row]:
        """The dates in the sentence of the cue; for a signed quotation, those in the line after the name."""
        yield from self._dates_in(draft.content[-1][1], draft.content[-1][1] + 4)
        if draft.rule == "signature" and draft.source:
            at = draft.source[0][1]
            line_end = self.document.text.find("\n", at)
            line_end = len(self.document.text) if line_end < 0 else line_end
            yield from self._dates_in(at, min(line_end, at + 80))
        elif draft.cue_token is not None and draft.cue_token < len(self.tree):
            sentence = self.tree.parsed.sentence_at(self.tree.start[draft.cue_token])
            yield from self._dates_in(sentence.start_char, sentence.end_char)

    def _dates_in(self, start: int, end: int) -> Sequence[Row]:
        """The dates that begin in ``[start, end)``."""
        return self.dates[bisect_left(self.date_starts, start) : bisect_left(self.date_starts, end)]

    def _is_behind(self, row: Row, draft: Attribution) -> bool:
        """Whether a date stands alone in brackets behind a quotation: “We are ready.” (27 October)."""
        text, said = self.document.text, draft.content[-1][1]
        before, after = text[said : row["start_char"]], text[row["end_char"] : row["end_char"] + 1]
        return draft.quoted and before.strip() == "(" and after == ")"

    def _dates_cue(self, row: Row, draft: Attribution) -> bool:
        """Whether the parse hangs the date on the cue (or the verbs above it) without another clause between."""
        tree, cue = self.tree, draft.cue_token
        if cue is None:
            return False
        tops = {cue}
        while tree.dep[cue] in ("xcomp", "advcl", "conj") and tree.head[cue] != cue and tree.dep[cue] != "conj":
            cue = tree.head[cue]
            tops.add(cue)
        for i in tree.tokens_in(row["start_char"], row["end_char"]):
            at = i
            while at not in tops:
                if tree.dep[at] in CLAUSAL or tree.head[at] == at:
                    break
                if at == draft.head and any(s <= row["start_char"] < e for s, e in draft.source):
                    break
                at = tree.head[at]
            if at in tops:
                return True
        return False


def _spans(spans: Iterable[Span]) -> list[dict[str, int]]:
    return [{"start_char": start, "end_char": end} for start, end in spans]
