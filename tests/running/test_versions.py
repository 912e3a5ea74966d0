"""A stage's version changes with what the stage reads, and with nothing else."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines import tables
from pipelines.definitions import serving_version
from pipelines.ingest.files import formats
from pipelines.running import run, versions
from tests.conftest import PROJECT

CODE = '''"""What a module is."""

import os  # the system


def found(text: str) -> str:
    """What is found."""
    kept = "no # comment"  # a comment
    return kept + text
'''


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""What a module is."""', '"""Something else altogether.\n\nAnd more."""'),
        ("  # a comment", ""),
        ("  # the system", "  # noqa: F401"),
        ('    """What is found."""\n', ""),
        ("\n\n\ndef", "\ndef"),
    ],
)
def test_comments_docstrings_and_blank_lines_are_no_part_of_a_version(before: str, after: str) -> None:
    assert before in CODE
    assert versions.canonical(CODE.replace(before, after)) == versions.canonical(CODE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("no # comment", "no # Comment"),
        ("kept + text", "text + kept"),
        ("import os", "import sys"),
        ("    return", "        return"),
        ("found(text: str)", "found(text: str, more: int = 0)"),
    ],
)
def test_everything_else_is(before: str, after: str) -> None:
    changed = CODE.replace(before, after).replace("        return", "    if text:\n        return")
    assert versions.canonical(changed) != versions.canonical(CODE)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str, str], dict[str, str]]]:
    """A copy of the code in which one text can be changed; gives every version after that."""
    import shutil

    for folder in ("pipelines", "schemas", "warehouse", "seeds/lexicon"):
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("data", "__pycache__"))
    (tmp_path / "seeds" / "model").mkdir()

    def changed(file: str, before: str, after: str) -> dict[str, str]:
        path = tmp_path / file
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), "utf-8")
        return _all()

    monkeypatch.setattr(versions, "PROJECT", tmp_path)
    monkeypatch.setattr(versions, "LEXICON", tmp_path / "seeds" / "lexicon")
    yield changed
    _forget()


def _forget() -> None:
    for cached in (versions._module, versions.of_modules, versions.of_step, versions._digest, versions._words, versions._statements,
                   versions._lexicons, run.step_versions):  # fmt: skip
        cached.cache_clear()


def _all() -> dict[str, str]:
    """Every stage's version now."""
    _forget()
    return {
        **run.step_versions(),
        "reading": run.reader_version(),
        "resolution": run.resolution_version(),
        "serving": serving_version(),
    }


@pytest.mark.parametrize(
    ("file", "before", "after", "stale"),
    [
        # a comment, a help text, the command line, a table's description: nothing
        ("pipelines/extract/claims.py", '"""', '"""Of old: ', set()),
        ("pipelines/cli.py", "default: by the work", "default: as many as are worth it", set()),
        ("pipelines/running/ledger.py", "VERSION = 3", "VERSION = 30", set()),
        # a column's comment, a view: the database
        ("schemas/claims.py", "column(\"", "column(\"In short: ", {"serving"}),
        ("warehouse/views/timeline.sql", "One row per", "One row for each", {"serving"}),
        ("warehouse/catalogue.py", "v1.0.0", "v1.2.0", {"serving"}),
        ("seeds/lexicon/speech_cues.csv", "\n", "\n# said\n", set()),
        # reading: a better decoder
        ("pipelines/ingest/files/decoding.py", "MOST_MIXED = 200", "MOST_MIXED = 300", {"reading"}),
        # one table
        ("pipelines/extract/claims.py", "    tree = Tree(parsed)", "    tree = Tree(parsed) or 0", {"attributions"}),
        ("pipelines/extract/dates.py", '"since": "since"', '"since": "SINCE"', {"times"}),
        # a lexicon that one kind of row reads
        ("seeds/lexicon/speech_cues.csv", "\nsay,", "\nsaith,", {"figures_alone", "attributions"}),
        # layout: from the beginning
        ("pipelines/ingest/layout/forum.py", "import re", "import re\nX = 1", {"parsed", "fingerprints"}),
        # who is who
        ("pipelines/resolve/clusters/linkage.py", "import", "import os\nimport", {"resolution"}),
    ],
)  # fmt: skip
def test_each_change_costs_its_own_stage(
    copied: Callable[[str, str, str], dict[str, str]], file: str, before: str, after: str, stale: set[str]
) -> None:
    old = _all()
    new = copied(file, before, after)
    assert {name for name in old if old[name] != new[name]} == stale


def test_every_lexicon_that_extraction_opens_is_one_that_its_versions_cover() -> None:
    """In a process of its own, where nothing is read yet: what is opened while a text is extracted, and what is covered."""
    import json
    import subprocess
    import sys

    script = """
import builtins, io, json, pathlib, sys
opened = set()
def watch(event, args):
    if event == "open" and str(args[0]).endswith(".csv"):
        opened.add(pathlib.Path(str(args[0])).stem)
sys.addaudithook(watch)
from pipelines.running import run, versions
from pipelines import tables
from pipelines.ingest import documents
run._warm()
steps = (*tables.PER_DOCUMENT, documents.document_of, documents.borders)
covered = set().union(*(versions.lexicons_of(*versions.modules_of(step)) for step in steps))
print(json.dumps([sorted(opened), sorted(covered)]))
"""
    ran = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)
    opened, covered = json.loads(ran.stdout)
    assert len(opened) > 20
    assert set(opened) <= set(covered)


def test_the_steps_of_a_stage_are_known_by_the_code_that_they_call() -> None:
    assert "pipelines.extract.claims" in versions.modules_of(tables.attributions)
    assert "pipelines.extract.dates" not in versions.modules_of(tables.claims)
    assert versions.of_step(tables.dates) != versions.of_step(tables.names)
    assert formats.__name__ in versions._closure([formats.__name__])
