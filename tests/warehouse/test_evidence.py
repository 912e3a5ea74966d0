"""``hearsay show``: for every kind of id the passage, who says it, where it stands; and no text does harm."""

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.evidence.lookups import KEYS
from warehouse.evidence.passages import MAX_SPAN, Mark, harmless, pieces, window, wrapped
from warehouse.evidence.terminal import Unknown, evidence

PROJECT = Path(__file__).resolve().parents[2]


def shown(database: duckdb.DuckDBPyConnection, query: str, *, colour: bool = False) -> str:
    """What is shown for the one id that a query gives."""
    found = database.execute(query).fetchall()
    assert len(found) == 1, query
    return "\n".join(evidence(database, found[0][0], colour=colour))


def test_a_figure_shows_its_passage_speaker_place_and_rivals(database: duckdb.DuckDBPyConnection) -> None:
    page = shown(database, "SELECT figure_id FROM figures WHERE text = '90%'")
    assert "“90%” = 90 percent of residents" in page
    assert "that [[90%]] of residents wanted" in page
    assert re.search(r"Said by +Odile Marsh: in the writer's words", page)
    assert re.search(r"Said on +3 May 2024", page)
    assert "harbour.txt, line 3, characters" in page
    assert "residents who want the ferry back: 3 figures, they differ" in " ".join(page.split())
    assert "“Most residents” = no number (resident), Jan Tolle, only perhaps said" in " ".join(page.split())


def test_a_claim_marks_content_source_and_cue(database: duckdb.DuckDBPyConnection) -> None:
    page = shown(database, "SELECT claim_id FROM claims WHERE text LIKE '90%%'")
    assert "{The mayor of Brindle, Odile Marsh}, <said> on 3 May 2024 that [[90% of residents" in page.replace(
        "\n  ", " "
    )
    assert "[[what is said]]" in page


def test_a_nested_claim_shows_who_tells_it(database: duckdb.DuckDBPyConnection) -> None:
    inner = shown(database, "SELECT claim_id FROM claims WHERE parent_claim_id IS NOT NULL")
    assert re.search(r"Said by +the council", inner)
    assert re.search(r"as told by +Odile Marsh", inner)
    outer = shown(database, "SELECT claim_id FROM claims WHERE text LIKE 'the council%'")
    assert "It reports\n" in outer


def test_furniture_is_said_by_nobody(database: duckdb.DuckDBPyConnection) -> None:
    page = shown(database, "SELECT figure_id FROM figures WHERE is_chrome")
    assert re.search(r"Said by +nobody: it stands in page furniture", page)


def test_an_entity_shows_names_and_reasons(database: duckdb.DuckDBPyConnection) -> None:
    page = shown(database, "SELECT entity_id FROM entities WHERE name = 'Odile Marsh'")
    assert "3 mentions in 1 document" in page
    assert "the only person of this surname in the document" in " ".join(page.split())
    assert "Named beside it" in page
    assert "It says (3)" in page


def test_an_id_from_before_a_merge_shows_the_entity_that_is_left(database: duckdb.DuckDBPyConnection) -> None:
    page = shown(database, "SELECT unnest(former_ids) FROM entities WHERE name = 'Odile Marsh'")
    assert page == shown(database, "SELECT entity_id FROM entities WHERE name = 'Odile Marsh'")
    assert re.search(r"Was also +[0-9a-f]{16}", page)
    former = database.execute("SELECT upper(former_ids[1]) FROM entities WHERE name = 'Odile Marsh'").fetchall()[0][0]
    assert "\n".join(evidence(database, f" {former}\n", colour=False)) == page


def test_records_without_a_text_say_why(database: duckdb.DuckDBPyConnection) -> None:
    assert "12 bytes of a picture" in "\n".join(evidence(database, "broken.html", colour=False))
    assert "Exactly the same text" in "\n".join(evidence(database, "copy.txt", colour=False))
    assert "Records with exactly this text" in "\n".join(evidence(database, "harbour.txt", colour=False))


def test_an_unknown_id_says_how_to_find_one(database: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(Unknown, match=r"No row of any table has the id 'ffffffffffffffff'.*figures_said"):
        list(evidence(database, "ffffffffffffffff", colour=False))


@pytest.mark.parametrize("table", KEYS)
@pytest.mark.parametrize("colour", [False, True])
def test_every_row_of_every_table_is_shown_harmlessly(
    database: duckdb.DuckDBPyConnection, table: str, colour: bool
) -> None:
    for (ident,) in database.execute(f"SELECT {KEYS[table]} FROM {table}").fetchall():
        lines = list(evidence(database, ident, colour=colour))
        assert len(lines) > 2
        text = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(lines)) if colour else "\n".join(lines)
        assert not [char for char in text if unicodedata.category(char) in {"Cc", "Cf"} and char != "\n"]
        assert all(len(line) < MAX_SPAN + 500 for line in lines)


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=150, deadline=None)
def test_a_passage_loses_nothing_but_white_space(text: str, a: int, b: int, c: int, d: int) -> None:
    edges = sorted(min(edge, len(text)) for edge in (a, b, c, d))
    marks = [Mark(edges[1], edges[2], "this"), Mark(edges[0], edges[3], "source")]
    low, high = window(text, edges[0], edges[3], edges[0], edges[3])
    assert 0 <= low <= edges[0] <= edges[3] <= high <= len(text)
    found = list(pieces(text, low, high, marks))
    assert "".join(piece.text for piece in found) == harmless(text[low:high])
    lines = list(wrapped(found, 20))
    whole = "".join(piece.text for line in lines for piece in line)
    assert "".join(whole.split()) == "".join(harmless(text[low:high]).split())


def test_show_loads_nothing_heavy() -> None:
    code = (
        "import sys, warehouse.evidence.terminal, warehouse.query; "
        "print([m for m in ('pandas', 'pandera', 'dagster', 'spacy', 'pyarrow', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
