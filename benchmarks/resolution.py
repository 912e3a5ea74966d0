"""How long resolution takes: ``python -m benchmarks.resolution [mentions] [names]`` (a million mentions of 200,000 names).

Names are put together from parts that look real (given names in their spellings, surnames from syllables, bodies and places)
and spread over documents unevenly, as names are. Prints CPU seconds and peak memory of a first run, and of a second run with
one per cent more documents, with the ids of the first and what was worked out about its names. Each run has a process of its
own, as when the pipeline runs twice, and is given an Arrow table, as there.
"""

import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import pandas as pd
import pyarrow as pa

from pipelines.lexicon.entries import entries
from pipelines.resolve.entities import resolve
from pipelines.resolve.memory import Memory

ONSETS = "b br ch d dr f g gr h k kr kl l m n p pr r s sh sk sl st t tr v vl z zh".split()  # noqa: SIM905
VOWELS = "a e i o u ya ye".split()  # noqa: SIM905
ENDINGS = "ov ev in sky enko ich uk yan dze man berg son ski ak ets".split()  # noqa: SIM905
BODIES = "Bank Institute Works Party Union Trust Agency Council Group Institute University Press".split()  # noqa: SIM905
PLACES = "sk burg grad ville ton ovo itsa pol any ets".split()  # noqa: SIM905


def names(count: int, generator: random.Random) -> list[tuple[str, str]]:
    """``count`` different names: six in ten of people, a quarter of bodies, the rest of places; some in several spellings."""
    given = [row["form"] for row in entries("given_names")]
    made: dict[tuple[str, str], None] = {}
    while len(made) < count:
        stem = "".join(
            generator.choice(ONSETS) + generator.choice(VOWELS) for _ in range(generator.randint(1, 3))
        ).title()
        kind = generator.random()
        if kind < 0.6:
            surname = stem + generator.choice(ENDINGS)
            for _ in range(generator.choice((1, 1, 2))):
                made[f"{generator.choice(given)} {surname}", "PERSON"] = None
            if generator.random() < 0.2:
                made[surname, "PERSON"] = None
        elif kind < 0.85:
            made[f"{stem}{generator.choice(PLACES)} {generator.choice(BODIES)}", "ORG"] = None
        else:
            made[stem + generator.choice(PLACES), "GPE"] = None
    return list(made)[:count]


def table(
    found: Sequence[tuple[str, str]], n_mentions: int, per_document: int, generator: random.Random
) -> pd.DataFrame:
    """``n_mentions`` mentions, ``per_document`` to a document, a few names very often and most seldom; each name at least once."""
    order = list(found) + [
        found[int(len(found) * generator.random() ** 3)] for _ in range(max(0, n_mentions - len(found)))
    ]
    order = order[:n_mentions]
    generator.shuffle(order)
    return pd.DataFrame(
        {
            "mention_id": [f"m{i}" for i in range(n_mentions)],
            "document_id": [f"d{i // per_document:07d}" for i in range(n_mentions)],
            "start_char": [i % per_document * 20 for i in range(n_mentions)],
            "text": [name for name, _ in order],
            "type": [kind for _, kind in order],
            "form": "name",
            "antecedent_id": None,
        }
    )


@dataclass(frozen=True, slots=True)
class Run:
    """What a run gives to the next one, and what is printed of it."""

    line: str
    known: Mapping[str, str]
    remembered: Mapping[bytes, bytes]
    entity_of: Mapping[str, str | None]


def run(share: float, n_mentions: int, n_names: int, before: Run | None) -> Run:
    """Resolves the first ``share`` of the mentions with what the run before left."""
    generator = random.Random(1)
    mentions = table(names(n_names, generator), n_mentions, 25, generator)[: int(n_mentions * share)]
    documents = pa.table({"document_id": mentions["document_id"].unique().tolist()})
    found_mentions = pa.Table.from_pandas(mentions, preserve_index=False)
    del mentions
    memory = Memory("benchmark", before.remembered if before else None)
    start = time.process_time()
    found = resolve(found_mentions, documents, (), before.known if before else None, memory=memory)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = (
        f"{found_mentions.num_rows:,} mentions, {len(found.entities):,} entities, {memory.n_computed:,} of "
        f"{len(memory.asked):,} results worked out, {seconds:.0f} CPU s, peak {peak:,.0f} MiB"
    )
    return Run(line, found.known, memory.asked, found.entity_of)


def main(n_mentions: int = 1_000_000, n_names: int = 200_000) -> None:
    """Resolve, print, resolve again with one per cent more, print."""
    before: Run | None = None
    for label, share in (("first run", 1 / 1.01), ("one per cent more", 1.0)):
        with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as process:
            given = before and replace(before, entity_of={})  # a run does not know what became of each mention before
            after = process.submit(run, share, n_mentions, n_names, given).result()
        sys.stdout.write(f"{label}: {after.line}\n")
        if before is not None:
            kept = sum(after.entity_of[mention] == entity for mention, entity in before.entity_of.items())
            sys.stdout.write(f"unchanged: {kept / len(before.entity_of):.4%} of the earlier mentions' ids\n")
        sys.stdout.flush()
        before = replace(after, line="")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
