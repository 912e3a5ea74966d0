"""Whose words stand between the quotation marks: from the cue beside them, or from the quotation before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.extract.attribution.attribution import Attribution
from pipelines.extract.attribution.cue.clausal import ACT_CONFIDENCE, ISSUING, speaker_of
from pipelines.extract.attribution.cue.complements import own_words, verb_cue
from pipelines.extract.attribution.cue.cue_spans import cue_spans, cue_tokens, is_when, status_of
from pipelines.extract.attribution.cue.cues import Cue, cues
from pipelines.extract.attribution.cue.phrases import signature
from pipelines.extract.attribution.cue.subjects import (
    RELATIVES,
    SUBJECTS,
    noun_class,
    possessor,
    possessor_spans,
    source_spans,
)
from pipelines.extract.attribution.quotation.extents import without
from pipelines.extract.attribution.quotation.uncued import PAUSES, led_by_colon, signed_with
from pipelines.extract.attribution.quotes import Quotation
from pipelines.extract.attribution.tree import QUOTES, Span, Tree, hull, merged

ENDS = frozenset(".!?")
TAIL = 12
"""Words that may stand behind the name of who was quoted, up to the full stop, and leave the next paragraph theirs."""
_WORD = re.compile(r"\w+")
_FURTHER = re.compile(r"[.!?]\s+\W*\w")


@dataclass
class QuotationReader:
    """Goes through one document's quotations in order and gives each its speaker.

    ``drafts`` are the attributions the parse shows, by their cue's token; a quotation beside the same cue joins them.
    """

    tree: Tree
    blocks: Sequence[Span]
    drafts: dict[int, Attribution]
    labelled: frozenset[int] = frozenset()

    def read(self, quotations: Sequence[Quotation]) -> list[Attribution]:
        """New drafts for quotations whose cue the parse did not show; those it did are widened in place."""
        made: list[Attribution] = []
        outer = [one for one in quotations if one.depth == 0]
        last: Attribution | None = None
        last_end = -1
        at = 0
        for number, (start, end) in enumerate(self.blocks):
            if start in self.labelled:
                last = None
            inside: list[Quotation] = []
            while at < len(outer) and outer[at].start < end:
                if outer[at].start >= start and start not in self.labelled:
                    inside.append(outer[at])
                at += 1
            for k, quote in enumerate(inside):
                left = inside[k - 1].end if k else start
                right = inside[k + 1].start if k + 1 < len(inside) else end
                draft = self._speaker(quote, left, right, number)
                if draft is None:
                    draft = self._continued(quote, left, start, last, last_end, right, end)
                if draft is None:
                    continue
                if draft.cue_token is not None and draft.cue_token not in self.drafts:
                    self.drafts[draft.cue_token] = draft
                    made.append(draft)
                elif draft.cue_token is None and draft not in made:
                    made.append(draft)
                last, last_end = draft, quote.end
        return made

    def _speaker(self, quote: Quotation, left: int, right: int, number: int) -> Attribution | None:
        """The claim of the cue that stands after the quotation, else before it, else of the name signed below it."""
        tree = self.tree
        after = self._after_part(quote, right)
        before = self._before_part(quote, left)
        found = self._cue_after(quote, before, after) if after and not (before and self._is_title(quote)) else None
        if found is not None:
            verb, cue = found
            reported = any(
                tree.tag[i][:2] == "VB" and i in self.drafts and self.drafts[i].act == "speech" for i in before
            )
            announced = bool(before) and tree.text[before[-1]] == ":"
            intro = [] if reported or announced or self._cue_before(quote, before) else before
            return self._join(verb, cue, quote, intro, after)
        if before or quote.start == self.blocks[number][0]:
            earlier = before
            if not before and number and self._ends_with_colon(number - 1):
                start, end = self.blocks[number - 1]
                earlier = self._before_part(Quotation(end, end, (end, end)), start)
            ahead = self._cue_before(quote, earlier)
            if ahead is not None:
                return self._join(*ahead, quote, [], earlier)
            led = led_by_colon(tree, quote, earlier) if self._n_words(quote) > 2 else None
            if led is not None:
                return led
        if not before and self._n_words(quote) > 2:
            signed = signature(
                tree.parsed.document.text, quote.end, min(len(tree.parsed.document.text), quote.end + 120)
            )
            if signed is not None:
                return signed_with(tree, quote, signed)
        return None

    # The text beside a quotation

    def _after_part(self, quote: Quotation, right: int) -> list[int]:
        """The tokens between the quotation and the next one, up to the end of the sentence."""
        part: list[int] = []
        text = self.tree.text
        for i in self.tree.tokens_in(quote.end, right):
            if text[i] in ENDS and part:
                break
            if text[i] in ENDS and not part:
                return []
            if not self.tree.space[i]:
                part.append(i)
        return part

    def _before_part(self, quote: Quotation, left: int) -> list[int]:
        """The tokens between the quotation before (or the paragraph's start) and this one, from a sentence's start."""
        part: list[int] = []
        tree = self.tree
        window = tree.tokens_in(left, quote.start)
        for i in reversed(window):
            if tree.text[i] in ENDS and not (i and tree.text[i - 1][-1:] == "." and False):
                break
            if not tree.space[i]:
                part.append(i)
        part.reverse()
        return part

    def _ends_with_colon(self, number: int) -> bool:
        start, end = self.blocks[number]
        return self.tree.parsed.document.text[start:end].rstrip().endswith(":")

    def _n_words(self, quote: Quotation) -> int:
        return sum(self.tree.text[i][:1].isalnum() for i in self.tree.tokens_in(*quote.inner))

    def _is_title(self, quote: Quotation) -> bool:
        """Whether every longer word is capitalised: the title of a book or a broadcast."""
        words = [self.tree.text[i] for i in self.tree.tokens_in(*quote.inner) if len(self.tree.text[i]) > 3]
        return len(words) > 0 and all(word[:1].isupper() for word in words)

    def _ends_open(self, quote: Quotation, after: list[int]) -> bool:
        """Whether the quotation ends as one does before its speaker is named: with a comma or other pause."""
        inner = [i for i in self.tree.tokens_in(*quote.inner) if not self.tree.space[i]]
        if inner and self.tree.text[inner[-1]][-1] in ",?!…—–-":
            return True
        return bool(after) and self.tree.text[after[0]] in PAUSES

    # The cue

    def _cue_after(self, quote: Quotation, before: list[int], after: list[int]) -> tuple[int, Cue] | None:
        tree = self.tree
        words = [i for i in after if tree.text[i] not in PAUSES]
        if not words:
            return None
        if self._is_of_next(quote, words, before, after):
            return None
        pause = self._ends_open(quote, after)
        for n, i in enumerate(words):
            if tree.tag[i][:2] != "VB" or tree.pos[i] == "AUX":
                continue
            cue = verb_cue(tree, i)
            if cue is None or not cue.frames & {"s"}:
                if self._is_spoken(quote, i, words[: n + 1]):
                    return i, Cue(tree.lemma[i], "speech", frozenset({"s"}))
                if tree.dep[i] not in ("acl:relcl", "acl", "advcl", "amod") and tree.tag[i] in ("VBD", "VBZ", "VBP"):
                    return None
                continue
            if tree.dep[i] == "acl:relcl" and n:
                continue
            if not pause and n > 0 and not (n <= 2 and tree.pos[words[0]] in ("PRON", "PROPN")):
                return None
            if n == 0 and tree.tag[i] == "VBG" and tree.child(i, "aux") is None:
                return None  # "..., adding: ..." looks ahead
            if self._has_own(i, cue, after):
                return None
            if tree.dep[i] in ("advcl", "acl") and n > 0 and tree.tag[i] == "VBG" and tree.lower[i - 1] != "as":
                continue
            return i, cue
        return None

    def _is_of_next(self, quote: Quotation, words: list[int], before: list[int], after: list[int]) -> bool:
        """Whether the words behind a quotation are a sentence of their own, or lead up to the next: “No.” Berg added: “Never.”"""
        tree = self.tree
        open_end = tree.text[after[-1]] in (",", ":")
        stopped = tree.parsed.document.text[slice(*quote.inner)].rstrip()[-1:] == "."
        if stopped and tree.text[words[0]][:1].isupper() and (before or open_end):
            return True
        return after[-1] != words[-1] and open_end and self._leads_on(after, before)

    def _is_spoken(self, quote: Quotation, verb: int, words: list[int]) -> bool:
        """Whether a verb of no kind of saying stands where one does: “We look at the year,” Lund instructed the station."""
        tree = self.tree
        inner = tree.parsed.document.text[slice(*quote.inner)].rstrip()
        speaker = tree.child(verb, *SUBJECTS)
        return (
            inner.endswith(",")
            and self._n_words(quote) > 4
            and tree.tag[verb] in ("VBD", "VBZ")
            and speaker is not None
            and speaker in words
            and (tree.ent[speaker] == "PERSON" or tree.lower[speaker] in ("he", "she"))
            and set(words[:-1]) <= set(tree.subtree(speaker))
        )

    def _leads_on(self, after: list[int], before: list[int]) -> bool:
        """Whether what stands behind a quotation leads up to the next, and another cue already stands before this one."""
        tree = self.tree
        follows = tree.at(tree.end[after[-1]])
        return (
            follows < len(tree)
            and tree.text[follows] in QUOTES
            and any(tree.tag[i][:2] == "VB" and tree.pos[i] != "AUX" and verb_cue(tree, i) for i in before)
        )

    def _has_own(self, verb: int, cue: Cue, after: list[int]) -> bool:
        """Whether a verb behind a quotation takes something else: "Bell wrote a song", "he continued his attacks"."""
        tree = self.tree
        inside = set(after)
        if next(i for i in after if tree.text[i] not in PAUSES) == verb:
            return False  # "..., said a neighbour"
        labels = ("xcomp",) if "a" in cue.frames else ("obj", "xcomp")
        return any(
            i > verb
            and i in inside
            and not tree.ent[i]
            and tree.pos[i] in ("NOUN", "VERB")
            and not is_when(tree, i)
            and not any(tree.text[k] == "," for k in range(verb, i))
            for i in tree.kids(verb, *labels)
        )

    def _cue_before(self, quote: Quotation, before: list[int]) -> tuple[int, Cue] | None:
        """The last cue verb that may lead up to this quotation."""
        tree = self.tree
        if not before:
            return None
        words = list(before)
        lead = tree.text[words[-1]]
        for i in reversed(words):
            if tree.tag[i][:2] != "VB" or tree.pos[i] == "AUX":
                continue
            cue = verb_cue(tree, i)
            if cue is None or (lead == ":" and self._is_asked(i)):
                continue
            if lead == ":" and (cue.act == "speech" or "s" in cue.frames) and tree.dep[i] != "acl:relcl":
                return i, cue
            if "s" not in cue.frames:
                if i in self.drafts and tree.tokens_in(*quote.inner) and self._covers(self.drafts[i], quote):
                    return i, cue
                continue
            between = [k for k in words if k > i and tree.text[k] not in PAUSES and tree.lower[k] != "that"]
            if lead == ",":
                return (i, cue) if len(between) < 14 else None
            if not between or (len(between) <= 8 and self._n_words(quote) > 3 and self._is_linked(quote, i)):
                return i, cue
        return None

    def _is_asked(self, verb: int) -> bool:
        """Whether a saying is only what somebody is asked to do: "urges the union to say yes: ..."."""
        tree = self.tree
        above = tree.head[verb]
        if tree.tag[verb] != "VB" or tree.dep[verb] != "xcomp" or not tree.kids(above, "obj", "iobj"):
            return False
        asking = verb_cue(tree, above) if tree.is_verb(above) else None
        return asking is not None and asking.act == "speech" and "ni" in asking.frames

    def _covers(self, draft: Attribution, quote: Quotation) -> bool:
        return any(s < quote.end and e > quote.start for s, e in draft.content)

    def _is_linked(self, quote: Quotation, verb: int) -> bool:
        """Whether the parse hangs the quotation's first clause on the verb."""
        tree = self.tree
        for i in tree.tokens_in(*quote.inner):
            if tree.head[i] == verb and tree.dep[i] in ("ccomp", "xcomp", "parataxis", "obj"):
                return True
        return False

    # What comes of it

    def _join(self, verb: int, cue: Cue, quote: Quotation, intro: list[int], part: list[int]) -> Attribution:
        """The claim of this cue with the quotation in its content; unquoted words of the same sentence come along."""
        tree = self.tree
        content: list[Span] = [(quote.start, quote.end)]
        words = [i for i in intro if tree.text[i] not in PAUSES]
        if words:
            content.append((tree.start[words[0]], quote.end))
        known = self.drafts.get(verb)
        text = tree.parsed.document.text
        stands_before = bool(part) and part[-1] < tree.at(quote.start)
        if stands_before and verb in part:
            content = [(self._first_after(verb, cue, part, known), quote.end)]
        if known is not None:
            kept = without(self._kept(known, verb, quote, intro, part), [(quote.start, quote.end)])
            known.content = merged([*kept, *content], text)
            self._confirm(known, verb, part)
            self._release(quote, known)
            return known
        if not words and stands_before:
            content = self._to_its_end(quote, content)
        made = Attribution(
            rule="quotation",
            act=cue.act,
            content=merged(content, text),
            cue=cue_spans(tree, self._cue_words(verb)),
            cue_token=verb,
            status=status_of(tree, verb, None),
            stance=cue.stance,
            quoted=True,
            confidence=0.93 if cue.act == "speech" else ACT_CONFIDENCE[cue.act],
        )
        self._set_source(made, verb, part)
        self._release(quote, made)
        return made

    def _kept(self, known: Attribution, verb: int, quote: Quotation, intro: list[int], part: list[int]) -> list[Span]:
        """What stays of a claim's content beside a quotation that joins it: all where one has joined before."""
        tree = self.tree
        if known.quoted:
            return known.content
        kept = known.content if self._is_mixed(known, quote) else []
        if part and part[0] >= tree.at(quote.end):
            begin = tree.start[intro[0]] if intro else quote.start
            return [(s, e) for s, e in kept if s >= begin and (intro or e <= tree.start[verb])]
        if self._is_whole(quote) or (part and tree.text[part[-1]] == ":"):
            pieces = without(kept, [(quote.start, quote.end)])
            return [(s, e) for s, e in pieces if e <= quote.start or tree.parsed.document.text[s] in QUOTES]
        return kept

    def _confirm(self, known: Attribution, verb: int, part: list[int]) -> None:
        """Makes a claim one with a quotation: its cue with the colon behind it, its source from the words beside it."""
        tree = self.tree
        if tree.text[verb + 1 : verb + 2] == [":"] and known.cue and known.cue[-1][1] == tree.end[verb]:
            known.cue[-1] = (known.cue[-1][0], tree.end[verb + 1])
        if not known.source or known.head is None or known.head not in part:
            self._set_source(known, verb, part)
        known.quoted = True
        known.confidence = max(known.confidence, 0.93)

    def _release(self, quote: Quotation, owner: Attribution) -> None:
        """Takes the quotation from other cues of the same sentence that the parse hung it on."""
        tree = self.tree
        assert owner.cue_token is not None
        for i in range(*tree.bounds[tree.sentence[owner.cue_token]]):
            other = self.drafts.get(i)
            if other is None or other is owner or other.quoted or quote.start <= tree.start[i] < quote.end:
                continue
            if any(s <= tree.start[owner.cue_token] < e for s, e in other.content):
                continue
            left = without(other.content, [(quote.start, quote.end)])
            left = [(s, e) for s, e in left if any(c.isalnum() for c in tree.parsed.document.text[s:e])]
            if left:
                other.content = left
            else:
                del self.drafts[i]

    def _first_after(self, verb: int, cue: Cue, part: list[int], known: Attribution | None) -> int:
        """Where the content begins that a cue before the quotation leads up to: words between them belong to it.

        Not so after a comma or colon, where they only tell to whom or when it was said.
        """
        tree = self.tree
        between = [i for i in part if i > verb]
        begin = tree.at(tree.end[part[-1]])
        while begin < len(tree) and tree.space[begin]:
            begin += 1
        if not between or tree.text[part[-1]] in (",", ":"):
            return tree.start[begin]
        starts = [s for s, _ in known.content if tree.end[verb] <= s <= tree.start[begin]] if known is not None else []
        own = self._own_words(verb, cue)
        first = next((i for i in between if i not in own and tree.text[i] not in PAUSES), None)
        return min([*starts, tree.start[begin], *([tree.start[first]] if first is not None else [])])

    def _own_words(self, verb: int, cue: Cue) -> set[int]:
        """What belongs to the reporting clause itself: whom it is told to, when and where."""
        return own_words(self.tree, verb, cue)

    def _is_whole(self, quote: Quotation) -> bool:
        """Whether a quotation is a sentence of its own: it ends as one and has some length."""
        inner = self.tree.parsed.document.text[quote.inner[0] : quote.inner[1]].rstrip()
        return inner[-1:] in ",.?!…—" and self._n_words(quote) > 2

    def _to_its_end(self, quote: Quotation, content: list[Span]) -> list[Span]:
        """A quoted phrase that its sentence goes on with: the content is the sentence after the cue."""
        tree = self.tree
        inner = [i for i in tree.tokens_in(*quote.inner) if not tree.space[i]]
        if not inner or tree.text[inner[-1]][-1] in ",.?!…—":
            return content
        rest: list[int] = []
        for i in tree.tokens_in(quote.end, quote.end + 600):
            if tree.text[i] in (".", "!", "?", ";", ":") or "\n" in tree.text[i] or (tree.text[i] == "," and not rest):
                break
            rest.append(i)
        return merged([*content, *tree.spans(rest)], tree.parsed.document.text) if rest else content

    def _cue_words(self, verb: int) -> list[int]:
        words = cue_tokens(self.tree, verb)
        if self.tree.text[verb + 1 : verb + 2] == [":"]:
            words.append(verb + 1)
        return words

    def _is_mixed(self, known: Attribution, quote: Quotation) -> bool:
        """Whether the content the parse shows goes beyond the quotation: "called the budget “a declaration” on the poor"."""
        tree = self.tree
        outside = [
            i
            for span in without(known.content, [(quote.start, quote.end)])
            for i in tree.tokens_in(*span)
            if tree.text[i][:1].isalnum()
        ]
        return len(outside) > 0

    def _set_source(self, draft: Attribution, verb: int, part: list[int]) -> None:
        """The source near the cue: its subject, if the parse puts that beside the quotation, else the nearest noun phrase."""
        tree = self.tree
        inside = set(part)
        head = speaker_of(tree, verb)
        if head is not None and head not in inside and tree.lower[head] in ("i", "we", "you"):
            head = None
        if (
            head is None
            or (head not in inside and tree.sentence[head] != tree.sentence[verb])
            or self._is_quoted(head, draft)
        ):
            head = self._beside(verb, part)
        if head is None:
            return
        owner = possessor(tree, head)
        if owner is not None and noun_class(tree, head) == "document" and owner in inside:
            draft.source, draft.head = possessor_spans(tree, owner), owner
            return
        draft.head = head
        draft.source = source_spans(tree, head, verb)

    def _is_quoted(self, i: int, draft: Attribution) -> bool:
        return any(s <= self.tree.start[i] < e for s, e in draft.content)

    def _beside(self, verb: int, part: list[int]) -> int | None:
        """The head of the noun phrase beside a cue whose subject the parse lost: after it, or before it."""
        tree = self.tree
        inside = set(part)
        nominal = ("PROPN", "PRON", "NOUN")
        ahead = [i for i in part if i > verb and tree.text[i] not in PAUSES]
        behind = [i for i in part if i < verb and tree.text[i] not in PAUSES]
        for run in (ahead if not behind else [], list(reversed(behind)), ahead):
            for i in run:
                if tree.pos[i] not in nominal or tree.lower[i] in RELATIVES:
                    continue
                while (
                    tree.head[i] in inside
                    and tree.head[i] != i
                    and tree.pos[tree.head[i]] in nominal
                    and tree.dep[i] not in ("appos", "parataxis")
                ):
                    i = tree.head[i]
                i = self._out_of_relative(i, verb)
                if any(tree.dep[k] == "case" and tree.lower[k] not in ("'s", "'") for k in tree.children[i]):
                    continue
                return i
        return None

    def _out_of_relative(self, i: int, verb: int) -> int:
        """Who the clause tells of that a name stands in: "Lund, who heads the Fund, said" is said by Lund."""
        tree, at = self.tree, i
        while tree.head[at] != at and tree.head[at] != verb:
            if tree.dep[at] == "acl:relcl" and tree.head[at] < at < verb:
                return tree.head[at]
            at = tree.head[at]
        return i

    # Runs of quotations

    def _continued(
        self,
        quote: Quotation,
        left: int,
        block_start: int,
        last: Attribution | None,
        last_end: int,
        right: int,
        block_end: int,
    ) -> Attribution | None:
        """The claim that a quotation without its own cue goes on: of the sentence before, or of the paragraph before."""
        tree = self.tree
        text = tree.parsed.document.text
        if quote.continues and last is not None:
            self._append(last, quote)
            return last
        gap = [i for i in tree.tokens_in(left, quote.start) if not tree.space[i]]
        joined = self._joined(gap)
        if joined and last is not None and block_start <= last_end <= left and last.source and self._n_words(quote) > 2:
            self._append(last, replace(quote, start=tree.start[joined[0]]))
            return last
        goes_on = last is not None and last_end >= block_start
        if not self._may_follow(quote, gap, right, goes_on):
            return None
        if last is not None and goes_on and (last_end == left or last_end <= quote.start):
            between = [i for i in tree.tokens_in(last_end, quote.start) if tree.text[i] in ENDS]
            if len(between) <= 1:
                self._append(last, quote)
                return last
        if gap:
            return self._of_sentence_before(quote, gap)
        covers = quote.end >= block_start + 0.8 * len(text[block_start:block_end].strip())
        if last is not None and covers and self._ends_itself(quote) and 0 <= quote.start - last_end < 600:
            if self._goes_on(quote, last):
                self._append(last, quote)
                return last
            return Attribution(
                "run", "speech", [(quote.start, quote.end)], [], [], None, None, quoted=True, confidence=0.55
            )
        return None

    def _ends_itself(self, quote: Quotation) -> bool:
        """Whether a quotation ends with a stop of its own, or is left open."""
        inner = self.tree.parsed.document.text[slice(*quote.inner)]
        return inner.rstrip()[-1:] in ".!?…" or not quote.closed

    def _may_follow(self, quote: Quotation, gap: list[int], right: int, goes_on: bool) -> bool:
        """Whether a quotation of two words or more stands as a sentence, so that it may go on what was said before.

        Not one that goes on in the writer's words behind it, unless it is long and something said stands before it.
        """
        tree = self.tree
        at_start = not gap or tree.text[gap[-1]] in ENDS or tree.text[gap[-1]] in QUOTES
        if not at_start or self._holder(quote) is not None or self._n_words(quote) < 2:
            return False
        is_part = self._after_part(quote, right) and not self._ends_itself(quote)
        return not is_part or bool(gap and goes_on and self._n_words(quote) > 5)

    def _joined(self, gap: list[int]) -> list[int]:
        """The few words that join a quotation to the sentence before: "Instead, “he just waits.”"; none where more stand."""
        tree = self.tree
        stop = next((n for n in range(len(gap) - 1, -1, -1) if tree.text[gap[n]] in ENDS), None)
        words = gap[stop + 1 :] if stop is not None else []
        stops = sum(tree.text[i] in ENDS for i in gap)
        plain = all(tree.pos[i] in ("ADV", "CCONJ", "PUNCT", "SCONJ") for i in words)
        return words if words and len(words) < 4 and stops == 1 and plain and tree.pos[words[0]] != "PUNCT" else []

    def _goes_on(self, quote: Quotation, last: Attribution) -> bool:
        """Whether a quoted paragraph is by the speaker of the one before, whose last sentence told of nothing else.

        On polnear-train so in 31 of 32 where that paragraph ended with the speaker's words or name, and in most where
        a few words follow in the same sentence ("said Lund, a biologist at Bergen."); behind a sentence of the writer's
        own in four of five only, and whose it is then stays open.
        """
        if last.rule == "signature" or not last.source or self._n_words(quote) < 5:
            return False
        end = max(at for _, at in (*last.content, *last.source, *last.cue))
        gap = self.tree.parsed.document.text[end : quote.start]
        return end <= quote.start and len(_WORD.findall(gap)) <= TAIL and not _FURTHER.search(gap)

    def _append(self, draft: Attribution, quote: Quotation) -> None:
        draft.content = merged([*draft.content, (quote.start, quote.end)], self.tree.parsed.document.text)

    def _holder(self, quote: Quotation) -> Attribution | None:
        """A draft whose content already holds the quotation."""
        near = self.tree.tokens_in(max(0, quote.start - 2000), quote.end + 2000)
        for draft in (self.drafts[i] for i in near if i in self.drafts):
            if not draft.source and draft.cue and quote.start <= draft.cue[0][0] < quote.end:
                continue  # what is said in it of saying: "anyone who pays is considered a friend"
            start, end = hull(draft.content)
            if (
                start <= quote.inner[0]
                and quote.inner[1] <= end + 1
                and any(s <= quote.inner[0] + 1 < e for s, e in draft.content)
            ):
                return draft
            if (
                draft.cue
                and quote.start <= draft.cue[0][0] < quote.end
                and start - quote.start < 4
                and quote.end - end < 6
            ):
                return draft
        return None

    def _of_sentence_before(self, quote: Quotation, gap: list[int]) -> Attribution | None:
        """The claim of the sentence before, or its subject's mood: "Farida Noor was furious. “They lied to us.”"."""
        tree = self.tree
        number = tree.sentence[gap[-1]]
        first, end = tree.bounds[number]
        before = [
            d
            for i, d in self.drafts.items()
            if first <= i < end
            and d.act == "speech"
            and d.head is not None
            and d.status != "denied"
            and d.stance != "denies"
        ]
        if before:
            last = max(before, key=lambda d: d.cue_token or 0)
            self._append(last, quote)
            return last
        top = tree.root(gap[-1])
        head = tree.child(top, *SUBJECTS)
        if head is None or not (tree.ent[head] == "PERSON" or tree.lower[head] in ("he", "she")):
            return None
        word = tree.lower[top]
        if word not in cues("adjective") and tree.lemma[top] not in ISSUING and verb_cue(tree, top) is None:
            return None
        return Attribution("mood", "speech", [(quote.start, quote.end)], cue_spans(tree, cue_tokens(tree, top)),
                     source_spans(tree, head, top), head, top, quoted=True, confidence=0.6)  # fmt: skip
