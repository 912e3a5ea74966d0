"""Flip bytes of a ledger at many places and run: python -m benchmarks.damaged_ledger

What must hold: all is done, or one sentence that names the ledger and what to do with it; never a traceback; what is published
is whole; and after doing what it says, the next run is good.
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.full_disk import hearsay
from benchmarks.kills import bytes_of
from benchmarks.readers import look
from benchmarks.scripted import text
from pipelines.cli import DONE, NOTHING, QUARANTINED

LEDGER = "ledger.sqlite"


def damage(path: Path, chance: random.Random) -> str:
    """Change a file at a random place, one byte or a stretch of them or its end; what was done."""
    body = bytearray(path.read_bytes())
    place, how = (
        chance.randrange(len(body)),
        chance.choice(("a bit", "a bit", "a byte", "a stretch", "a page", "its end")),
    )
    if how == "a bit":
        body[place] ^= 1 << chance.randrange(8)
    elif how == "a byte":
        body[place] = chance.randrange(256)
    elif how == "a stretch":
        body[place : place + 64] = chance.randbytes(len(body[place : place + 64]))
    elif how == "a page":
        place -= place % 4096
        body[place : place + 4096] = bytes(4096)
    else:
        del body[place:]
    path.write_bytes(body)
    return f"{how} at {place}"


def trial(scratch: Path, before: Path, chance: random.Random, calm: dict[str, str]) -> tuple[str, list[str]]:
    """One damaged ledger: what came of it, and what is wrong."""
    warehouse = scratch / "w"
    shutil.rmtree(warehouse, ignore_errors=True)
    shutil.copytree(before, warehouse, symlinks=True)
    how, was = damage(warehouse / LEDGER, chance), bytes_of(warehouse)
    status, said = hearsay("run", "--source", scratch / "in", "--warehouse", warehouse, "--workers", 1)
    now = bytes_of(warehouse)
    wrong = [f"{how}: readers: {line}" for line in look(warehouse)]
    if status in (DONE, QUARANTINED):
        came = "done, the same bytes" if now == calm else "done, other bytes"
        return came, wrong
    came = said.replace(str(scratch), "").strip()[:160]
    if status != NOTHING or len(said.splitlines()) != 1 or LEDGER not in said or "remove it" not in said:
        wrong.append(f"{how}: status {status}, and it said {said}")
    if now != was:
        wrong.append(f"{how}: what was published has changed")
    (warehouse / LEDGER).unlink()
    after, why = hearsay("run", "--source", scratch / "in", "--warehouse", warehouse, "--workers", 1)
    if after != DONE:
        wrong.append(f"{how}: after the ledger was removed: status {after}, {why}")
    return came, wrong


def campaign(scratch: Path, n_trials: int, seed: int) -> tuple[Counter[str], list[str]]:
    """What came of so many damaged ledgers, each before a run that has something new to read."""
    source, before, calm = scratch / "in", scratch / "before", scratch / "calm"
    source.mkdir()
    for n in range(6):
        (source / f"{n}.txt").write_text(text(n), "utf-8")
    assert hearsay("run", "--source", source, "--warehouse", before, "--workers", 1)[0] == DONE
    shutil.copytree(before, calm, symlinks=True)
    (source / "6.txt").write_text(text(6), "utf-8")
    assert hearsay("run", "--source", source, "--warehouse", calm, "--workers", 1)[0] == DONE
    chance, came, wrong = random.Random(seed), Counter[str](), []
    for _ in range(n_trials):
        what, faults = trial(scratch, before, chance, bytes_of(calm))
        came[what] += 1
        wrong += faults
    return came, wrong


def program() -> int:
    """Exit status 0 when every damage ended as it must."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.damaged_ledger", description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        came, wrong = campaign(Path(scratch), options.trials, options.seed)
    for sentence, n in came.most_common():
        sys.stdout.write(f"{n:4}  {sentence}\n")
    for line in wrong:
        sys.stdout.write(f"WRONG: {line}\n")
    sys.stdout.write(f"{options.trials} damaged ledgers: {len(wrong) or 'nothing'} wrong.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(program())
