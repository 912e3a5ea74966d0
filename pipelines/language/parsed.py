"""A document with its layout and its analysis: the one argument of every extraction function."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from spacy.tokens import Doc

from pipelines.identity import span_id
from pipelines.ingest.document import Document, Segment
from pipelines.language.stored import blanked


@dataclass(frozen=True)
class Sentence:
    """One sentence: ``[start_char, end_char)`` in code points, tokens ``[start, end)``, and the segment it stands in."""

    sentence_id: str
    start_char: int
    end_char: int
    start: int
    end: int
    segment: Segment


@dataclass(frozen=True)
class Parsed:
    """One document, analysed.

    ``segments`` stand in order and do not overlap.
    ``doc`` covers the whole of ``document.text``: ``doc.text == document.text`` and ``token.idx`` is an offset into it.
    No sentence crosses a segment's border. Tags are Penn (``tag_``) and universal (``pos_``), dependency labels are
    Universal Dependencies' with English subtypes (``nsubj``, ``obl``, ``nmod:poss``, ``acl:relcl``, ``parataxis`` ...),
    the root is ``ROOT``; ``ents`` are labelled PERSON, ORG, LOC. ``doc.has_annotation("DEP")`` tells whether the
    language model was there: without it there are tokens and sentences only.
    """

    document: Document
    segments: Sequence[Segment]
    doc: Doc
    _starts: list[int] = field(init=False, repr=False, compare=False, default_factory=list)

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences in order, without those that hold only white space; ends are trimmed of white space."""
        found: list[Sentence] = []
        text, at = self.document.text, 0
        for sent in self.doc.sents:
            words = [token for token in sent if not token.is_space]
            if not words:
                continue
            start, end = words[0].idx, words[-1].idx + len(words[-1])
            while at + 1 < len(self.segments) and self.segments[at].end_char <= start:
                at += 1
            segment = self.segments[at] if self.segments else Segment(0, len(text), "body")
            key = span_id(self.document.document_id, "sentences", start, end)
            found.append(Sentence(key, start, end, words[0].i, words[-1].i + 1, segment))
        return found

    def sentence_at(self, char: int) -> Sentence:
        """The sentence that holds this offset, or the nearest one before it (the first, when there is none before).

        Raises:
            IndexError: the document has no sentence at all.
        """
        if not self._starts:
            self._starts.extend(sentence.start_char for sentence in self.sentences)
        return self.sentences[max(0, bisect_right(self._starts, char) - 1)]

    def without(self, sentences: Sequence[Sentence]) -> "Parsed":
        """The same document with these sentences blanked out, text and tokens; every other character stands where it stood."""
        doc = self.doc
        for sentence in sorted(sentences, key=lambda sentence: sentence.start, reverse=True):
            doc = blanked(doc, sentence.start, sentence.end)
        return Parsed(replace(self.document, text=doc.text), self.segments, doc)

    def kind_at(self, char: int) -> str:
        """The segment kind at this offset; ``body`` where no segment covers it."""
        at = bisect_right(self._segment_starts, char) - 1
        return self.segments[at].kind if at >= 0 and char < self.segments[at].end_char else "body"

    @cached_property
    def _segment_starts(self) -> list[int]:
        return [segment.start_char for segment in self.segments]
