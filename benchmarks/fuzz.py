"""A fuzz campaign: mutated pages, records and archives through reading and layout, and through everything.

    python -m benchmarks.fuzz --inputs 1000000 --deep 50000 --seed 1 --processes 2
    python -m benchmarks.fuzz --seed 1 --again 4711        # one input of the first series again, with its tracebacks
    python -m benchmarks.fuzz --seed 1 --again deep:4711   # one of the second

Inputs are made by (seed, number) and the code of ``benchmarks.fuzz_inputs`` alone; what must hold of them stands in ``benchmarks.fuzz_targets``.
A process that dies or hangs is a fault of the input that it was at, and another takes its place.
"""

import argparse
import resource
import sys
import tempfile
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from benchmarks.fuzz_inputs import Input, made
from benchmarks.fuzz_small import smaller
from benchmarks.fuzz_targets import Batch, Fault, Lines, Outcome, coverable, read_through, traced
from pipelines.ingest.files.formats import format_of

TRACED = 50
"""Every so manieth input is read with a trace of the lines that it reaches: tracing all would cost twice the time."""
CHUNK = {False: 250, True: 40}
"""Inputs handed to a process at once, by whether they are deep."""
HANGS_AFTER = 180
"""Seconds on one input after which a process counts as hung: the limit on CPU time did not reach it."""
Chunk = tuple[bool, int, int, frozenset[int]]
"""Whether deep, the first number and one past the last, and the numbers that are left out."""


@dataclass
class Found:
    """A kind of fault: the first input that showed it, how many did, and what was said."""

    fault: Fault
    first: str
    n: int = 1


@dataclass
class Tally:
    """What some inputs came to."""

    formats: Counter[str] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    outcomes: Counter[str] = field(default_factory=Counter)
    sizes: "array[int]" = field(default_factory=lambda: array("L"))
    slowest: list[tuple[float, str]] = field(default_factory=list)
    faults: dict[tuple[str, str, str], Found] = field(default_factory=dict)
    lines: Lines = field(default_factory=set)
    n: int = 0
    n_deep: int = 0
    n_texts: int = 0
    memory: int = 0

    def fault(self, fault: Fault, label: str, n: int = 1) -> None:
        """Count a fault."""
        if (known := self.faults.get(fault.key)) is not None:
            known.n += n
        else:
            self.faults[fault.key] = Found(fault, label, n)

    def took(self, seconds: float, label: str) -> None:
        """Remember an input among the slowest."""
        if len(self.slowest) < 5 or seconds > self.slowest[-1][0]:
            self.slowest = sorted([*self.slowest, (seconds, label)], reverse=True)[:5]

    def add(self, other: "Tally") -> "list[Found]":
        """Take in what another process counted; returns the kinds of fault that were not known before."""
        new = [found for key, found in other.faults.items() if key not in self.faults]
        self.formats += other.formats
        self.outcomes += other.outcomes
        for form, spent in other.seconds.items():
            self.seconds[form] += spent
        self.sizes += other.sizes
        for seconds, label in other.slowest:
            self.took(seconds, label)
        for found in other.faults.values():
            self.fault(found.fault, found.first, found.n)
        self.lines |= other.lines
        self.n += other.n
        self.n_deep += other.n_deep
        self.n_texts += other.n_texts
        self.memory = max(self.memory, other.memory)
        return new


def label_of(number: int, deep: bool) -> str:
    """How an input is named: ``4711`` or ``deep:4711``."""
    return f"deep:{number}" if deep else str(number)


def tally_of(seed: int, deep: bool, numbers: Iterable[int], folder: Path, at: Any = None) -> Tally:
    """These inputs through reading and layout, or through everything; ``at[0]`` always holds the number at work."""
    tally, batch = Tally(), Batch()
    for number in numbers:
        if at is not None:
            at[0] = number
        given = made(seed, number, deep)
        label = label_of(number, deep)
        outcome = _read(given, folder, tally, number % TRACED == 0, label)
        for fault in outcome.faults:
            tally.fault(fault, label)
        if deep:
            n_texts, faults, seconds = batch.add(number, outcome)
            tally.n_texts += n_texts
            tally.n_deep += 1
            tally.seconds["deep"] += seconds
            tally.took(seconds, label)
            for fault in faults:
                tally.fault(fault, label)
            if len(batch.rows) >= CHUNK[True]:
                _settle(batch, tally)
    if deep:
        _settle(batch, tally)
    tally.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return tally


def _settle(batch: Batch, tally: Tally) -> None:
    started = time.process_time()
    for number, fault in batch.settled():
        tally.fault(fault, label_of(number, True))
    tally.seconds["contract"] += time.process_time() - started


def _read(given: Input, folder: Path, tally: Tally, trace: bool, label: str) -> Outcome:
    form = format_of(given.name)
    tally.n += 1
    tally.formats[form] += 1
    tally.sizes.append(len(given.data))
    if trace:
        with traced(tally.lines):
            outcome = read_through(given, folder, 60)
    else:
        outcome = read_through(given, folder)
        tally.seconds[form] += outcome.seconds
        tally.took(outcome.seconds, label)
    tally.outcomes["records"] += outcome.n_records
    tally.outcomes["rejected"] += outcome.n_rejected
    tally.outcomes["inputs without a record"] += not outcome.n_records
    return outcome


# ---------------------------------------------------------------- processes


def campaign(seed: int, n: int, n_deep: int, seconds: float, processes: int) -> Tally:
    """The first ``n`` inputs of the first series and ``n_deep`` of the second, as far as the time reaches."""
    with tempfile.TemporaryDirectory(prefix="hearsay-fuzz-", dir=in_memory()) as folder:
        crew = [_Worker(seed, Path(folder) / str(number)) for number in range(processes)]
        return _led(crew, _chunks(n, n_deep), seed, seconds)


def _led(crew: "list[_Worker]", chunks: Iterator[Chunk], seed: int, seconds: float) -> Tally:
    """What the workers count, who are given chunks until there are none or the time is over, and are stopped then."""
    whole, started, told = Tally(), time.monotonic(), time.monotonic()
    try:
        for worker in crew:
            worker.give(next(chunks, None))
        while busy := [worker for worker in crew if worker.chunk is not None]:
            ready = wait([worker.pipe for worker in busy], timeout=1)
            for worker in busy:
                over = time.monotonic() - started > seconds
                if worker.pipe in ready and (part := worker.result()) is not None:
                    for fault in whole.add(part):
                        print(line_of(fault, seed), file=sys.stderr)
                    worker.give(None if over else next(chunks, None))
                elif not worker.process.is_alive() or worker.hangs():
                    whole.fault(*worker.replaced())
            if time.monotonic() - told > 60:
                told = time.monotonic()
                print(
                    f"{told - started:6.0f} s  {whole.n:,} inputs, {whole.n_deep:,} of them deep, {len(whole.faults)} kinds of fault",
                    file=sys.stderr,
                )
    finally:
        for worker in crew:
            worker.stop()
    return whole


def _chunks(n: int, n_deep: int) -> Iterator[Chunk]:
    """Pieces of both series, so that both are as far at any time."""
    totals, done = {False: n, True: n_deep}, {False: 0, True: 0}
    while rest := [deep for deep in totals if done[deep] < totals[deep]]:
        deep = min(rest, key=lambda deep: done[deep] / totals[deep])
        first, done[deep] = done[deep], min(done[deep] + CHUNK[deep], totals[deep])
        yield deep, first, done[deep], frozenset()


class _Worker:
    """A process, the chunk that it is at, and since when it is at which input."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        self.folder = folder
        self.folder.mkdir()
        self.chunk: Chunk | None = None
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        self.at = context.Array("q", 1, lock=False)
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(self.seed, self.folder, theirs, self.at), daemon=True)
        self.process.start()
        theirs.close()
        self._seen = (-1, time.monotonic())

    def give(self, chunk: Chunk | None) -> None:
        self.chunk = chunk
        self._seen = (-1, time.monotonic())
        if chunk is not None:
            self.pipe.send(chunk)

    def result(self) -> Tally | None:
        try:
            found = self.pipe.recv()
        except (EOFError, ConnectionError):
            return None
        assert isinstance(found, Tally)
        return found

    def hangs(self) -> bool:
        number, since = self._seen
        if self.at[0] != number:
            self._seen = (self.at[0], time.monotonic())
            return False
        return time.monotonic() - since > HANGS_AFTER

    def replaced(self) -> tuple[Fault, str]:
        """Another process at the same chunk, without the input that ended this one; that fault, and the input's name."""
        assert self.chunk is not None
        deep, first, last, without = self.chunk
        number = self.at[0]
        kind = "hang" if self.process.is_alive() else "crash"
        fault = Fault("process", kind, f"exit {self.process.exitcode}", f"input {label_of(number, deep)}")
        self.stop()
        self._start()
        self.give((deep, first, last, without | {number}))
        return fault, label_of(number, deep)

    def stop(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


def _serve(seed: int, folder: Path, pipe: Connection, at: Any) -> None:
    """What a process does: chunks in, tallies out, until the pipe is closed."""
    try:
        for warm in (False, True):  # loads what is loaded once: it belongs to no input
            tally_of(0, warm, range(CHUNK[True]), folder, at)
        while True:
            deep, first, last, without = pipe.recv()
            numbers = [number for number in range(first, last) if number not in without]
            pipe.send(tally_of(seed, deep, numbers, folder, at))
    except (EOFError, ConnectionError, KeyboardInterrupt):
        pass


def in_memory() -> str | None:
    """A folder that is in memory, where the system has one; null: wherever temporary files go."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


# ---------------------------------------------------------------- the command


def report(tally: Tally, seed: int, wall: float) -> str:
    """What the campaign did and found, to be read by a person."""
    sizes = sorted(tally.sizes) or [0]
    possible = coverable()
    n_lines = len(tally.lines & possible)
    lines = [
        (
            f"{tally.n:,} inputs of seed {seed} through reading and layout, {tally.n_deep:,} of them ({tally.n_texts:,} texts) through everything,"
            f" in {wall:,.0f} s: {tally.n / max(wall, 1e-9):,.0f} a second."
        ),
        f"Sizes in bytes: median {sizes[len(sizes) // 2]:,}, 90th percentile {sizes[len(sizes) * 9 // 10]:,}, largest {sizes[-1]:,}.",
        f"Outcomes: {', '.join(f'{n:,} {what}' for what, n in tally.outcomes.items())}.",
        "Formats (inputs, share, CPU ms each):",
        *(
            f"  {form:8} {n:>9,} {100 * n / tally.n:5.1f}% {1000 * tally.seconds[form] / n:7.2f}"
            for form, n in tally.formats.most_common()
        ),
        (
            f"CPU ms a deep text: {1000 * tally.seconds['deep'] / max(tally.n_texts, 1):.1f} for extraction, "
            f"{1000 * tally.seconds['contract'] / max(tally.n_texts, 1):.1f} for resolution and contract."
        ),
        f"Lines inside functions of pipelines/ingest reached by every {TRACED}th input: {n_lines:,} of {len(possible):,} ({100 * n_lines / len(possible):.1f}%).",
        f"Lines not reached, by file: {_not_reached(possible - tally.lines)}.",
        f"Most memory of a process: {tally.memory // 1024:,} MB.",
        f"Slowest: {', '.join(f'{label} ({seconds:.2f} s)' for seconds, label in tally.slowest)}.",
        f"{len(tally.faults)} kinds of fault" + ("." if not tally.faults else ":"),
    ]
    lines += [line_of(found, seed) for found in sorted(tally.faults.values(), key=lambda found: -found.n)]
    return "\n".join(lines)


def _not_reached(lines: Lines) -> str:
    """How many lines of which file were not reached: ``web.py 12, warc.py 1``."""
    return ", ".join(f"{name} {n}" for name, n in Counter(name for name, _ in lines).most_common()) or "none"


def line_of(found: Found, seed: int) -> str:
    """A kind of fault, and how to see it again, in two lines."""
    fault = found.fault
    said = " ".join(fault.message.split())[:160]
    how = f"python -m benchmarks.fuzz --seed {seed} --again {found.first}"
    return f"  {found.n:>6,} x {fault.stage}: {fault.kind} in {fault.where}: {said}\n           again: {how}"


def again(seed: int, label: str, save: Path | None, small: float) -> int:
    """One input once more: what it is, what came of it, and every fault with its traceback.

    ``small``: the seconds that may be spent on making it smaller first.
    """
    number, deep = _named(label)
    given = made(seed, number, deep)
    if small:
        with tempfile.TemporaryDirectory(dir=in_memory()) as folder:
            given = smaller(given, lambda one: {fault.key for fault in faults_of(one, Path(folder), deep)}, small)
    if save is not None:
        _saved(given, save)
    print(f"{given.name!r}, {len(given.data):,} bytes: {given.data[:300]!r}")
    with tempfile.TemporaryDirectory(dir=in_memory()) as folder:
        faults = faults_of(given, Path(folder), deep)
    for fault in faults:
        print(f"\n{fault.stage}: {fault.kind} in {fault.where}: {fault.message}\n{fault.trace}")
    print(f"{len(faults)} faults")
    return bool(faults)


def _named(label: str) -> tuple[int, bool]:
    """The number that a label gives, and whether it is of the deep series."""
    return int(label.removeprefix("deep:")), label.startswith("deep:")


def _saved(given: Input, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / given.name).write_bytes(given.data)


def faults_of(given: Input, folder: Path, deep: bool) -> list[Fault]:
    """All faults of one input; ``deep``: through everything."""
    outcome = read_through(given, folder)
    faults = list(outcome.faults)
    if deep:
        batch = Batch()
        faults += batch.add(given.number, outcome)[1]
        faults += [fault for _, fault in batch.settled()]
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 when no fault was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=10_000, help="inputs through reading and layout")
    parser.add_argument("--deep", type=int, default=500, help="inputs through everything, besides")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3600.0, help="hand out no more work after this time")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--again", metavar="NUMBER", help="only this input (deep:NUMBER for one of the second series)")
    parser.add_argument(
        "--save", type=Path, metavar="FOLDER", help="write the input there, else the first of each kind of fault"
    )
    parser.add_argument(
        "--small", type=float, default=0.0, metavar="SECONDS", help="with --again: make the input smaller first"
    )
    given = parser.parse_args(arguments)
    if given.again:
        return again(given.seed, given.again, given.save, given.small)
    started = time.monotonic()
    tally = campaign(given.seed, given.inputs, given.deep, given.seconds, given.processes)
    print(report(tally, given.seed, time.monotonic() - started))
    if given.save is not None:
        for n, found in enumerate(tally.faults.values(), 1):
            _saved(made(given.seed, *_named(found.first)), given.save / str(n))
    return bool(tally.faults)


if __name__ == "__main__":
    sys.exit(main())
