"""How a run over many short documents behaves: python -m benchmarks.many_documents [N [WORKERS]]

Makes one JSONL file of N different short texts (default 20,000), runs the pipeline over it in a fresh warehouse, twice,
and prints words, seconds, words per CPU second and the largest resident memory of any of its processes.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FIRST = [
    "Ana",
    "Ivo",
    "Mira",
    "Pavel",
    "Lena",
    "Tomas",
    "Irma",
    "Jonas",
    "Vera",
    "Karel",
    "Nadia",
    "Emil",
    "Rosa",
    "Viktor",
    "Sonja",
    "Anton",
]
LAST = [
    "Petrova",
    "Orlov",
    "Lindqvist",
    "Moss",
    "Kovač",
    "Ruiz",
    "Dubois",
    "Adeyemi",
    "Virtanen",
    "Bauer",
    "Osei",
    "Stone",
    "Marsh",
    "Berg",
    "Noor",
    "Keller",
]
PLACES = [
    "Oslo",
    "Riga",
    "Vilnius",
    "Lviv",
    "Gdansk",
    "Brno",
    "Porto",
    "Graz",
    "Turin",
    "Leeds",
    "Tampere",
    "Ghent",
    "Zagreb",
    "Varna",
]
THINGS = [
    "houses",
    "bridges",
    "schools",
    "soldiers",
    "trees",
    "engines",
    "farms",
    "doctors",
    "lorries",
    "villages",
    "refugees",
    "ballots",
]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def text(chance: random.Random) -> str:
    """One short report that nobody else has: a statement, a quotation, figures, a date."""
    name, place, thing = f"{chance.choice(FIRST)} {chance.choice(LAST)}", chance.choice(PLACES), chance.choice(THINGS)
    n, cost, day = chance.randrange(12, 99_000), chance.randrange(2, 900), chance.randrange(1, 28)
    return (
        f"The mayor of {place}, {name}, said on {day} {chance.choice(MONTHS)} {chance.randrange(2009, 2026)} that at least "
        f"{n:,} {thing} were lost, at a cost of ${cost} million.\n\n“We asked {chance.choice(FIRST)} "
        f"{chance.choice(LAST)} for help {chance.randrange(2, 60)} days ago,” {name.split()[1]} told reporters. According to a "
        f"survey, {chance.randrange(5, 95)} percent of the people of {place} doubt it."
    )


def main() -> int:
    """Run twice and print what it took."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    workers = sys.argv[2] if len(sys.argv) > 2 else "2"
    chance = random.Random(20_000)
    with tempfile.TemporaryDirectory() as scratch:
        source, n_words = Path(scratch) / "many.jsonl", 0
        with source.open("w", encoding="utf-8") as lines:
            for number in range(n):
                body = text(chance)
                n_words += len(body.split())
                lines.write(json.dumps({"id": f"r{number}", "text": body}) + "\n")
        command = [sys.executable, "-m", "pipelines.cli", "run", "--source", str(source), "--workers", workers]
        for turn in ("first", "second"):
            before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            subprocess.run([*command, "--warehouse", f"{scratch}/w"], cwd=PROJECT, check=True)
            after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - started
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            sys.stdout.write(
                f"{turn} run: {n:,} documents, {n_words:,} words, {seconds:.0f} s, {cpu:.0f} CPU s, "
                f"{n_words / cpu:,.0f} words a CPU second, largest process {after.ru_maxrss / 1024:.0f} MiB\n\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
