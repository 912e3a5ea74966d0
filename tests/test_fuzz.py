"""No input stops a run: a short campaign of mutated pages, records and archives, and every input that once broke a promise."""

from itertools import count
from pathlib import Path

import pytest

from benchmarks.fuzz import faults_of, tally_of
from benchmarks.fuzz_inputs import SHARES, Input, brotli_stored, made
from benchmarks.fuzz_small import smaller
from benchmarks.fuzz_targets import Batch, Fault, TooSlow, at_most, coverable, fault_of, read_through
from pipelines.extract.dates import dates_in
from pipelines.ingest.files.formats import format_of
from pipelines.language.parsed import Parsed

SEEDS = Path(__file__).resolve().parent / "cases" / "fuzz_seeds"
SAVED = sorted(path for path in SEEDS.iterdir() if not path.name.startswith("."))


def told(faults: list[Fault]) -> str:
    return "\n".join(
        f"{fault.stage}: {fault.kind} in {fault.where}: {fault.message}\n{fault.trace}" for fault in faults
    )


@pytest.mark.parametrize("path", SAVED, ids=[path.name for path in SAVED])
def test_an_input_that_once_broke_a_promise_breaks_none(path: Path, tmp_path: Path) -> None:
    given = Input(0, f"news.{path.name.split('.', 1)[1]}", path.read_bytes())
    assert not (found := faults_of(given, tmp_path, deep=True)), told(found)


@pytest.mark.parametrize("name", ["a\nb.txt", "a\u2028b.jsonl", "a\x1bb.csv"])
def test_a_name_of_more_than_one_line_breaks_no_reason(name: str, tmp_path: Path) -> None:
    assert not (found := faults_of(Input(0, name, b"\x00"), tmp_path, deep=False)), told(found)


def test_mutated_inputs_are_read_and_laid_out_without_a_fault(tmp_path: Path) -> None:
    tally = tally_of(14, False, range(400), tmp_path)
    assert tally.n == 400
    assert set(tally.formats) >= set(SHARES)
    assert not tally.faults, told([found.fault for found in tally.faults.values()])


def test_mutated_inputs_go_through_everything_without_a_fault(tmp_path: Path) -> None:
    tally = tally_of(14, True, range(60), tmp_path)
    assert tally.n_texts > 30
    assert not tally.faults, told([found.fault for found in tally.faults.values()])


def test_an_input_can_be_made_again_alone() -> None:
    assert [made(3, number, True) for number in range(20, 25)] == [
        made(3, number, True) for number in (20, 21, 22, 23, 24)
    ]
    assert made(3, 20) != made(4, 20)


def test_inputs_are_of_the_size_of_real_ones() -> None:
    sizes = sorted(len(made(5, number, deep).data) for deep in (False, True) for number in range(200))
    assert sizes[len(sizes) // 2] >= 1024


def test_unspoiled_inputs_give_their_texts(tmp_path: Path) -> None:
    n_exact = 0
    for number in range(300):
        given = made(6, number)
        if given.texts is not None and format_of(given.name) in ("txt", "md"):
            outcome = read_through(given, tmp_path)
            n_exact += outcome.n_records == 1
            assert outcome.n_records + outcome.n_rejected == 1
    assert n_exact > 30


def test_a_fault_is_seen_wherever_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines import tables

    given = Input(
        0, "news.txt", b"Anna Berg said on 3 May 2020 that 40 houses had burned down.\n", frozenset(["something else"])
    )
    outcome = read_through(given, tmp_path)
    assert [fault.where for fault in outcome.faults] == ["text is unchanged, txt"]

    def broken(parsed: Parsed) -> list[dict[str, object]]:
        rows = dates_in(parsed)
        return [row | {"start_char": row["start_char"] + 1} for row in rows]

    broken.__name__ = "times"
    steps = tuple(broken if step.__name__ == "times" else step for step in tables.PER_DOCUMENT)
    monkeypatch.setattr("benchmarks.fuzz_targets.PER_DOCUMENT", steps)
    batch = Batch()
    assert batch.add(7, outcome)[:2] == (1, [])
    found = batch.settled()
    assert found
    assert all(number == 7 and fault.stage == "contract" for number, fault in found)


def test_what_takes_too_long_is_stopped_and_named() -> None:
    with pytest.raises(TooSlow) as caught, at_most(0.1):
        sum(1 for _ in count())
    assert fault_of("reading", caught.value).kind == "TooSlow"


def test_an_input_is_made_smaller_while_its_fault_stays() -> None:
    given = Input(0, "news.txt", b"a long text with one <bad> piece in it " * 20)
    found = smaller(given, lambda one: ["fault"] if b"<bad>" in one.data else [], 5)
    assert found.data == b"<bad>"


def test_lines_that_could_be_reached_are_those_in_functions() -> None:
    assert {name for name, _ in coverable()} >= {"files/formats.py", "files/warc.py", "layout/segments.py"}


def test_a_stored_brotli_stream_has_its_frame() -> None:
    assert brotli_stored(b"") == b"\x06"
    assert brotli_stored(b"abc")[3:] == b"abc\x03"
