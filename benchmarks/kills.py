"""Kill runs through the real command line, over a history: python -m benchmarks.kills --kills 200

Twelve steps change a small folder (``benchmarks.scripted``); each is followed by one run that must succeed in the end. Once
the history happens calmly. Then it happens again and again with kills: the whole group, the parent alone, a worker alone, by
SIGKILL, and Ctrl-C and SIGTERM; at random times and at named moments. Meanwhile a reader looks at the tables without end.
What must hold: after every step the published bytes are those of the calm history, every look is whole, nobody is left
behind, and who is stopped by a signal that can be answered says so in one sentence.
"""

import argparse
import hashlib
import importlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

from benchmarks.readers import look
from benchmarks.scripted import STEPS, Scene

PROJECT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".*", "data", "docs", "tests", "train")
BATCH_CHARS = 800
"""So that the short texts of the history are several tasks, for several workers."""
SENTENCE = "Stopped. What was done is kept; the next run goes on from there.\n"
PROGRESS = re.compile(r"\w+ \d[\d,]* of \d[\d,]*")
STARTING_SECONDS = 2.0
"""Before Python has come to our first line nobody answers a signal."""
LONGEST_RUN_SECONDS = 300
LONGEST_LEFT_SECONDS = 10.0

MOMENTS: dict[str, tuple[str, ...]] = {
    "remembering": ("pipelines.running.sources:_write",),
    "reading": (
        "pipelines.running.run:read",
        "pipelines.running.ledger:Ledger.add_record",
        "pipelines.running.ledger:Ledger.settle",
    ),
    "extraction": ("pipelines.running.ledger:Ledger.add_results", "pipelines.running.run:extract"),
    "a worker": ("pipelines.running.run:work", "pipelines.running.run:_attempted"),
    "resolving": ("pipelines.running.run:across", "pipelines.tables:resolve"),
    "writing parts": ("warehouse.snapshots:Draft.write",),
    "keeping the memory": (
        "pipelines.running.ledger:Ledger.keep_registry",
        "pipelines.running.ledger:Ledger.keep_memory",
    ),
    "building the database": ("warehouse.catalogue:build",),
    "finishing": ("warehouse.snapshots:Draft.finish",),
    "publishing": ("warehouse.snapshots:publish", "warehouse.snapshots:_point"),
    "sweeping": ("warehouse.snapshots:sweep", "pipelines.running.ledger:Ledger.keep_fact"),
}
"""What is struck, in the order in which a run comes to it."""
WHOM = ("group", "group", "parent")
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Blow:
    """One kill: what it is counted under, what is sent to whom, and where (null: after so many seconds)."""

    name: str
    number: int
    whom: str
    moment: str | None = None
    role: str = "parent"
    call: int = 1
    how: str = "before"
    at: int = 0
    seconds: float = 0.0


@dataclass
class Outcome:
    """What a campaign came to."""

    n_kills: int = 0
    n_missed: int = 0
    n_looks: int = 0
    n_steps: int = 0
    by_name: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def bytes_of(warehouse: Path) -> dict[str, str]:
    """SHA-256 of every published Parquet file, by its path inside the snapshot."""
    home = (warehouse / "current").resolve()
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*.parquet"))
    }


def blows(chance: random.Random, usual_seconds: float) -> list[Blow]:
    """What one step suffers, in the order in which a run comes to it: some at named moments, and perhaps one at a random time."""
    names = chance.sample(list(MOMENTS), chance.choice((2, 3, 4)))
    struck = [_at_moment(chance, name) for name in sorted(names, key=list(MOMENTS).index)]
    if chance.random() < 0.4:
        number, whom = chance.choice(SIGNALS), chance.choice(WHOM)
        struck.insert(0, Blow("a random time", number, whom, seconds=chance.uniform(0.3, usual_seconds)))
    return struck


def _at_moment(chance: random.Random, name: str) -> Blow:
    moment = chance.choice(MOMENTS[name])
    how = chance.choice(("before", "after", "milliseconds", "change", "change"))
    at = chance.randint(1, 8) if how == "change" else chance.choice((1, 3, 10, 30, 100))
    if name == "a worker":
        how = "milliseconds" if how == "change" else how
        return Blow(name, signal.SIGKILL, "itself", moment, "worker", chance.randint(1, 3), how, at)
    whom = chance.choice(WHOM)
    return Blow(name, chance.choice(SIGNALS), whom, moment, "parent", chance.randint(1, 2), how, at)


class History:
    """A folder of texts, a copy of hearsay that reads it, and a warehouse."""

    def __init__(self, home: Path) -> None:
        self.home, self.warehouse, self.project = home, home / "w", home / "hearsay"
        shutil.copytree(PROJECT, self.project, ignore=LEFT_OUT)
        self.scene = Scene(home / "in", self.project / "seeds" / "lexicon" / "overrides.csv")
        self.hook = home / "hook"
        shutil.copytree(PROJECT / "benchmarks" / "strike", self.hook)

    def start(self, blow: Blow | None = None) -> subprocess.Popen[str]:
        """Begin a run that is struck as it says; the process leads a group of its own."""
        (self.hook / "struck").unlink(missing_ok=True)
        told: dict[str, Any] = {"moment": "nowhere:nothing", "role": "parent", "how": "", "call": 0, "at": 0}
        if blow is not None and blow.moment is not None:
            told = {"moment": blow.moment, "role": blow.role, "how": blow.how, "call": blow.call, "at": blow.at}
            told |= {"signal": blow.number, "whom": blow.whom}
        (self.hook / "strike.json").write_text(json.dumps(told | {"batch_chars": BATCH_CHARS}), "utf-8")
        command = [sys.executable, "-m", "pipelines.cli", "run", "--workers", "2"]
        given = {name: value for name, value in os.environ.items() if not name.startswith(("HEARSAY", "DAGSTER"))}
        return subprocess.Popen(
            [*command, "--source", str(self.scene.folder), "--warehouse", str(self.warehouse)],
            cwd=self.project,
            env=given | {"PYTHONPATH": os.pathsep.join((str(self.hook), str(self.project)))},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def calm(self) -> str | None:
        """A run that nobody disturbs; what went wrong, null when nothing did."""
        child = self.start()
        out, err = child.communicate(timeout=LONGEST_RUN_SECONDS)
        return None if child.returncode in (0, 3) else f"a calm run ended with {child.returncode}: {out}{err}"

    def suffer(self, blow: Blow) -> tuple[bool, list[str]]:
        """A run that is struck: whether it was, and what is wrong with how it ended."""
        child = self.start(blow)
        if blow.moment is None:
            try:
                child.wait(blow.seconds)
            except subprocess.TimeoutExpired:
                os.close(os.open(self.hook / "struck", os.O_CREAT))
                (os.killpg if blow.whom == "group" else os.kill)(child.pid, blow.number)
        try:
            _, err = child.communicate(timeout=LONGEST_RUN_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
            return True, [f"{blow}: it went on for {LONGEST_RUN_SECONDS} seconds."]
        struck = (self.hook / "struck").exists()
        wrong = [f"{blow}: {line}" for line in _ending(blow, struck, child.returncode, err)]
        if not _is_gone(child.pid):
            os.killpg(child.pid, signal.SIGKILL)
            wrong.append(f"{blow}: a process was left behind.")
        wrong += [f"{blow}: after it, {line}" for line in look(self.warehouse)]
        return struck, wrong


def _ending(blow: Blow, struck: bool, status: int, err: str) -> Iterator[str]:
    """What is wrong with how a run ended that was struck, or was to be and came to its end before."""
    told = [line for line in err.splitlines(keepends=True) if not PROGRESS.match(line)]
    if told not in ([], [SENTENCE]):
        yield f"status {status}, and it said {err[-3000:]}"
    elif status in (0, 3):
        if struck and blow.role == "parent" and blow.number == signal.SIGKILL:
            yield f"status {status} though it was killed"
    elif not struck or status != -blow.number:
        yield f"status {status}, and it said {err}"
    elif blow.number != signal.SIGKILL and not told and not (blow.moment is None and blow.seconds < STARTING_SECONDS):
        yield f"stopped without a word: {err}"


def _is_gone(group: int) -> bool:
    deadline = time.monotonic() + LONGEST_LEFT_SECONDS
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@contextmanager
def reader(warehouse: Path, outcome: Outcome) -> Iterator[None]:
    """Somebody who looks at the warehouse all the time inside the block."""
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.readers", str(warehouse)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield
    finally:
        said = json.loads(child.communicate()[0])
        outcome.n_looks += said["n_looks"]
        outcome.wrong += [f"a reader: {line}" for line in said["wrong"]]


def calm_history(home: Path, steps: Sequence[str]) -> tuple[list[dict[str, str]], float]:
    """The published bytes after each step when nobody disturbs, and how many seconds a run takes then."""
    history, published = History(home), []
    began = time.monotonic()
    for name in steps:
        STEPS[name](history.scene)
        wrong = history.calm()
        if wrong:
            raise RuntimeError(f"{name}: {wrong}")
        published.append(bytes_of(history.warehouse))
    return published, (time.monotonic() - began) / len(steps)


def campaign(
    scratch: Path,
    n_kills: int,
    seed: int,
    seconds: float,
    steps: Sequence[str] = tuple(STEPS),
    outcome: Outcome | None = None,
) -> Outcome:
    """Histories with kills until there were so many, or so many seconds have passed; an ``outcome`` that is given is filled."""
    for places in MOMENTS.values():
        for place in places:
            module, _, path = place.partition(":")
            reduce(getattr, path.split("."), importlib.import_module(module))  # a moment that is no more must not pass
    outcome = outcome or Outcome()
    chance, ends = random.Random(seed), time.monotonic() + seconds
    published, usual_seconds = calm_history(scratch / "calm", steps)
    n_rounds = n_told = 0
    while outcome.n_kills < n_kills and time.monotonic() < ends:
        n_rounds += 1
        home = scratch / f"wild-{n_rounds}"
        history = History(home)
        with reader(history.warehouse, outcome):
            for name, expected in zip(steps, published, strict=True):
                if outcome.n_kills >= n_kills or time.monotonic() > ends:
                    break
                STEPS[name](history.scene)
                for blow in blows(chance, usual_seconds):
                    struck, wrong = history.suffer(blow)
                    outcome.wrong += [f"round {n_rounds}, {name}: {line}" for line in wrong]
                    outcome.n_kills += struck
                    outcome.n_missed += not struck
                    if struck:
                        outcome.by_name[f"{blow.name}, {blow.whom}, {signal.Signals(blow.number).name}"] += 1
                    else:
                        break  # it came to its end
                failed = history.calm()
                if failed:
                    outcome.wrong.append(f"round {n_rounds}, {name}: {failed}")
                if bytes_of(history.warehouse) != expected:
                    outcome.wrong.append(
                        f"round {n_rounds}, {name}: the published bytes are not those of the calm history."
                    )
                outcome.n_steps += 1
                for line in outcome.wrong[n_told:]:
                    sys.stderr.write(f"WRONG: {line}\n")
                n_told = len(outcome.wrong)
                sys.stderr.write(f"{outcome.n_kills} kills in {outcome.n_steps} steps, {len(outcome.wrong)} wrong\n")
        shutil.rmtree(home)
    return outcome


def main() -> int:
    """Exit status 0 when nothing was lost, torn, left behind or told at length."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3600.0, help="no new kill is begun after so many")
    options = parser.parse_args()
    began, outcome = time.monotonic(), Outcome()
    with (
        tempfile.TemporaryDirectory() as scratch,
        suppress(KeyboardInterrupt),
    ):  # whoever stops it is told what was found
        campaign(Path(scratch), options.kills, options.seed, options.seconds, outcome=outcome)
    taken, used = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    for name, n in sorted(outcome.by_name.items()):
        sys.stdout.write(f"{n:5}  {name}\n")
    for line in outcome.wrong:
        sys.stdout.write(f"WRONG: {line}\n")
    sys.stdout.write(
        f"{outcome.n_kills} kills ({outcome.n_missed} more came too late) in {outcome.n_steps} steps, {outcome.n_looks} "
        f"looks of a reader, {taken:.0f} s ({taken / max(outcome.n_kills, 1):.1f} a kill; {cpu:.0f} CPU seconds): "
        f"{len(outcome.wrong) or 'nothing'} wrong.\n"
    )
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
