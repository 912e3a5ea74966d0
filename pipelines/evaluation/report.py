"""The open benchmark, run and told: scores by table and genre, the digest of what was measured, and what was wrong."""

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.at_once import Given, parsed_of, tables_of
from pipelines.evaluation.annotations import GoldDocument, read
from pipelines.evaluation.scoring import Miss, Part, Rows, Tally, scored
from pipelines.ingest.document import Row

GOLD = Path(__file__).resolve().parents[2] / "tests" / "gold"
OPEN, SEALED = "open", "sealed"
"""The two halves of the benchmark: what may be read, and what is only scored."""
TABLES = ("claims", "figures", "mentions")
ALL = "all"
"""The genre of all texts together."""
Report = Callable[[int, int], None]
"""Called with how many texts are done and how many there are."""


@dataclass
class Evaluation:
    """Scores of one half of the benchmark, by genre and for all; ``digest`` is the SHA-256 of its files."""

    half: str
    digest: str
    by_genre: dict[str, Tally] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def whole(self) -> Tally:
        """The counts of all texts."""
        return self.by_genre[ALL]


def files_of(half: str, folder: Path = GOLD) -> list[Path]:
    """The annotated files of one half, in order.

    Raises:
        FileNotFoundError: there is none.
    """
    found = sorted((folder / half).glob("*.ann"))
    if not found:
        raise FileNotFoundError(
            f"{folder / half} holds no annotated texts (*.ann): the open benchmark comes with a checkout."
        )
    return found


def digest_of(files: Iterable[Path]) -> str:
    """The SHA-256 of these files, their names and what they hold."""
    hashed = hashlib.sha256()
    for path in files:
        hashed.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return hashed.hexdigest()


def evaluated(
    half: str = OPEN, genre: str | None = None, folder: Path = GOLD, report: Report | None = None
) -> Evaluation:
    """One half of the benchmark, scored; all its texts are resolved together, as a run would, and scored by ``genre`` if given.

    Raises:
        FileNotFoundError: there are no texts.
        BadAnnotation: a file does not follow the guidelines.
    """
    started = time.process_time()
    files = files_of(half, folder)
    documents = [read(path) for path in files]
    parsed = []
    for n, document in enumerate(documents):
        if report is not None:
            report(n, len(documents))
        parsed.append(parsed_of(Given(document.id, document.text, document.published_on)))
    tables = tables_of(parsed)
    found = Evaluation(half, digest_of(files), {ALL: Tally()})
    for document, rows in zip(documents, _by_document(tables, documents), strict=True):
        if genre in (None, document.genre):
            tally = scored(document, rows)
            for name in (ALL, document.genre):
                found.by_genre.setdefault(name, Tally()).add(tally)
    found.seconds = time.process_time() - started
    return found


def _by_document(tables: Mapping[str, Sequence[Row]], documents: Sequence[GoldDocument]) -> Iterator[Rows]:
    """The rows of each document, in the order of ``documents``."""
    source_of = {row["document_id"]: row["source_id"] for row in tables["documents"]}
    names_of = {row["entity_id"]: [row["name"], *row["aliases"]] for row in tables["entities"]}
    rows: dict[str, dict[str, list[Row]]] = {name: defaultdict(list) for name in ("figures", "claims", "mentions")}
    for name, by_source in rows.items():
        for row in tables[name]:
            by_source[source_of[row["document_id"]]].append(row)
    for document in documents:
        figures, claims, mentions = (rows[name][document.id] for name in ("figures", "claims", "mentions"))
        yield Rows(figures, claims, mentions, names_of)


# ---------------------------------------------------------------- told


def as_json(found: Evaluation, tables: Sequence[str] = TABLES) -> str:
    """The scores as one JSON object: genre, table, measure, and for each what was counted and what came of it."""
    body: dict[str, Any] = {
        "half": found.half,
        "sha256": found.digest,
        "seconds": round(found.seconds, 1),
        "genres": {},
    }
    for genre, tally in found.by_genre.items():
        body["genres"][genre] = {"documents": tally.n_documents, "words": tally.n_words} | {
            table: {part.measure: numbers(tally, part) for part in tally.parts() if part.table == table}
            for table in tables
        }
    return json.dumps(body, indent=1)


def numbers(tally: Tally, part: Part) -> dict[str, Any]:
    """One part's score (F1, or a share where there is no precision), precision, recall and counts; in per cent."""
    told = {"score": tally.score(part), "precision": tally.precision(part), "recall": tally.recall(part)}
    counts = {"right": tally.right[part], "gold": tally.gold[part]} | (
        {"rows": tally.found[part]} if part in tally.found else {}
    )
    if part not in tally.found:
        del told["precision"], told["recall"]
    return {name: None if value is None else round(value, 2) for name, value in told.items()} | counts


def as_text(found: Evaluation, tables: Sequence[str] = TABLES) -> str:
    """The scores as tables for a terminal."""
    whole = found.whole
    lines = [
        f"{whole.n_documents} texts, {whole.n_words:,} words of the {found.half} half of the benchmark (tests/gold), scored in {found.seconds:.0f} s of CPU.",
        f"sha256 of the texts: {found.digest[:16]}. Scores in per cent; a score is F1, or a share where no precision stands.",
    ]
    for table in tables:
        parts = [part for part in whole.parts() if part.table == table]
        if not parts:
            continue
        lines += ["", f"{table:24}{'score':>7}{'precision':>11}{'recall':>8}{'right':>8}{'gold':>7}{'rows':>7}"]
        lines += [_line(whole, part) for part in sorted(parts, key=lambda part: (":" in part.measure, part.measure))]
    genres = [genre for genre in found.by_genre if genre != ALL]
    if len(genres) > 1:
        lines += ["", *_genres(found, genres, tables)]
    return "\n".join(lines) + "\n"


def _line(tally: Tally, part: Part) -> str:
    told = numbers(tally, part)
    cells = [f"{told['score']:7.1f}"]
    cells += [
        f"{'' if told.get(name) is None else format(told[name], '.1f'):>{width}}"
        for name, width in (("precision", 11), ("recall", 8))
    ]
    cells += [f"{told['right']:8,}", f"{told['gold']:7,}", f"{told.get('rows', ''):>7}"]
    return f"  {part.measure.replace(':', ' '):22}" + "".join(cells)


HEADLINES = (
    Part("claims", "main"),
    Part("claims", "status"),
    Part("figures", "value"),
    Part("figures", "referent"),
    Part("mentions", "typed"),
)
"""What is told of each genre."""


def _genres(found: Evaluation, genres: Sequence[str], tables: Sequence[str]) -> Iterator[str]:
    shown = [part for part in HEADLINES if part.table in tables]
    yield f"{'by genre':24}{'texts':>6}" + "".join(f"{part.table + ' ' + part.measure:>18}" for part in shown)
    for genre in sorted(genres):
        tally = found.by_genre[genre]
        yield f"  {genre:22}{tally.n_documents:6}" + "".join(f"{tally.score(part):18.1f}" for part in shown)


def write_misses(found: Evaluation, folder: Path, tables: Sequence[str] = TABLES) -> list[Path]:
    """Writes what was missed, too many or wrong, one JSON line each, a file a table; the files. Nothing of the sealed half is told.

    Raises:
        PermissionError: the half is the sealed one.
        OSError: the folder cannot be written.
    """
    if found.half != OPEN:
        raise PermissionError("The sealed half is scored and never read: what it gets wrong is not told.")
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for table in tables:
        path = folder / f"{table}.jsonl"
        misses = [miss for miss in found.whole.misses if miss.table == table]
        path.write_text("".join(f"{_miss(miss)}\n" for miss in misses), "utf-8")
        files.append(path)
    return files


def _miss(miss: Miss) -> str:
    return json.dumps(miss._asdict(), ensure_ascii=False, default=str)
