"""One fault costs one sentence: the steps of a document, each by itself, so that what the others found is kept.

A step that raises is tried again on the document with sentences blanked out, until it is known which of them it cannot
bear; the rows of the rest stand. What is left out comes back as a ``Fault``, for the table ``faults`` and for the log.
"""

import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.identity import span_id
from pipelines.ingest.document import Row
from pipelines.language.parsed import Parsed, Sentence
from pipelines.tables import KEPT, PER_DOCUMENT, named
from schemas import BY_NAME

MOST_SENTENCES = 8
"""Sentences of one document that a step may fail on before its table is given up there: the fault is then no sentence's."""
ESSENTIAL = ("documents", "segments", "sentences")
"""Steps without which a document is none: their faults are the whole document's."""
TABLE_OF = {
    "names": "mentions",
    "definitions": "entities",
    "times": "dates",
    "figures_alone": "figures",
    "attributions": "claims",
    "questions": "quantities",
    "fingerprints": "documents",
}
"""The table that misses what a step would have given, where it is not the table of that name."""
PROJECT = str(Path(__file__).resolve().parents[3]) + "/"

Rows = list[Row]


class Remade(NamedTuple):
    """What steps made of one document: the kept results by name, and the rows of ``faults``."""

    rows: dict[str, Rows]
    faults: Rows


def remade(parsed: Parsed, before: Mapping[str, Rows] | None = None, steps: Collection[str] | None = None) -> Remade:
    """Run these steps (all of them, unless named) on a document; the results of the others are taken from ``before``.

    Only what the steps make anew comes back. ``before`` holds what was kept of the document, by name.

    Raises:
        Exception: whatever a step raises without which the document is none.
        OSError, MemoryError: the machine's, not the document's.
    """
    results: dict[str, Any] = {"parsed": parsed}
    wanted = {step.__name__ for step in PER_DOCUMENT} if steps is None else set(steps)
    faults: Rows = []
    for step in PER_DOCUMENT:
        name = step.__name__
        if name not in wanted:
            results[name] = recovered(name, before or {})
            continue
        given = {key: results[key] for key in named(step)}
        try:
            results[name] = step(**given)
        except (OSError, MemoryError):
            raise
        except Exception as error:
            if name in ESSENTIAL:
                raise
            results[name], more = _around(step, parsed, given, error)
            faults += more
    return Remade({name: results[name] for name in KEPT if name in wanted}, faults)


def recovered(name: str, kept: Mapping[str, Rows]) -> Any:
    """The result of a step, read off what is kept of a document."""
    if name == "names":
        return [row | {"claim_id": None} for row in kept["mentions"] if row["form"] == "name"]
    if name == "times":
        return [row | {"claim_id": None} for row in kept["dates"]]
    if name == "figures_alone":
        return [row | {"claim_id": None} for row in kept["figures"]]
    if name == "attributions":
        return kept["claims"], [row | {"claim_id": None} for row in kept["mentions"] if row["form"] != "name"]
    return kept[name]


def _around(step: Callable[..., Any], parsed: Parsed, given: Mapping[str, Any], error: Exception) -> tuple[Any, Rows]:
    """The step's result on what it can bear of the document, and a fault for each sentence that it cannot.

    Where the fault is no sentence's, the result is empty and the fault the whole document's.
    """
    left_out: list[tuple[Sentence, Exception]] = []
    while "parsed" in given and len(left_out) < MOST_SENTENCES:
        culprit = _culprit(step, parsed, given, [sentence for sentence, _ in left_out])
        if culprit is None:
            break
        left_out.append(culprit)
        rest = _tried(step, parsed, given, [sentence for sentence, _ in left_out])
        if not isinstance(rest, Exception):
            faults = [_fault(step, parsed, why, sentence) for sentence, why in left_out]
            return _as_written(rest, parsed.document.text, step.__name__), faults
    nothing: Any = ([], []) if step.__name__ == "attributions" else []
    return nothing, [_fault(step, parsed, error, None)]


def _culprit(
    step: Callable[..., Any], parsed: Parsed, given: Mapping[str, Any], without: Sequence[Sentence]
) -> tuple[Sentence, Exception] | None:
    """The sentence that ends the shortest beginning of the document that the step fails on, and how it fails.

    Null where it fails on nothing at all: then it is no sentence that it fails on.
    """
    sentences = parsed.sentences
    low, high = 0, len(sentences)
    while low < high:
        middle = (low + high) // 2
        if isinstance(_tried(step, parsed, given, [*without, *sentences[middle:]]), Exception):
            high = middle
        else:
            low = middle + 1
    if low == 0 or sentences[low - 1] in without:
        return None
    why = _tried(step, parsed, given, [*without, *sentences[low:]])
    return (sentences[low - 1], why) if isinstance(why, Exception) else None


def _tried(step: Callable[..., Any], parsed: Parsed, given: Mapping[str, Any], without: Sequence[Sentence]) -> Any:
    """The step's result on the document without these sentences and the rows in them; the exception where it fails."""
    spans = [(sentence.start_char, sentence.end_char) for sentence in without]
    rest = {
        name: [row for row in value if not any(start <= row.get("start_char", -1) < end for start, end in spans)]
        if isinstance(value, list)
        else value
        for name, value in given.items()
    }
    try:
        return step(**rest | {"parsed": parsed.without(list(dict.fromkeys(without)))})
    except (OSError, MemoryError):
        raise
    except Exception as error:
        return error


def _as_written(found: Any, text: str, step: str) -> Any:
    """The same rows with their words as the document has them: one may reach over what was blanked out."""
    if isinstance(found, tuple):
        claims, mentions = found
        return _as_written(claims, text, "claims"), _as_written(mentions, text, "mentions")
    table = TABLE_OF.get(step, step)
    for words, start, end in BY_NAME[table].about().spans if table in BY_NAME else ():
        for row in found:
            if row.get(start) is not None and row.get(words) is not None:
                row[words] = text[row[start] : row[end]]
    return found


def _fault(step: Callable[..., Any], parsed: Parsed, error: Exception, sentence: Sentence | None) -> Row:
    """One row of ``faults``, with the traceback (``trace``), which is for the log."""
    document_id = parsed.document.document_id
    name = step.__name__
    start, end = (sentence.start_char, sentence.end_char) if sentence else (0, len(parsed.document.text))
    trace = "".join(traceback.format_exception(error)).replace(PROJECT, "")[-4000:]
    why = f"{type(error).__name__}: {str(error)[:200]}".strip().replace("\x00", "")
    ident = sentence.sentence_id if sentence else None
    return fault_row(
        span_id(document_id, "faults", start, end, name), document_id, name, (start, end), ident, why, trace
    )


def fault_row(
    fault_id: str,
    document_id: str,
    step: str,
    span: tuple[int, int],
    sentence_id: str | None,
    error: str,
    trace: str,
) -> Row:
    """One row of ``faults`` as the ledger keeps it: the table's columns, the step, and the traceback, which is for the log."""
    return {
        "fault_id": fault_id,
        "document_id": document_id,
        "missing_from": TABLE_OF.get(step, step),
        "sentence_id": sentence_id,
        "start_char": span[0],
        "end_char": span[1],
        "error": error,
        "step": step,
        "trace": trace,
    }
