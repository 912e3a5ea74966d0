"""The HTML file of a document: everything of the text is there, marked, and nothing of the text acts."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.cli import main
from warehouse.evidence.page import LAYERS, Note, page, weave
from warehouse.evidence.passages import acts, visible

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "bdi", "dl", "div", "dt", "dd", "code",
    "fieldset", "legend", "label", "input", "span", "p", "main", "article", "aside", "details", "summary", "ul", "li", "b",
}  # fmt: skip


class Reader(HTMLParser):
    """Collects tags, attributes and the text that stands in the marked article; checks that tags are balanced."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in {"meta", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Every end tag closes what was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note the text of the article."""
        if "html" not in self.open or "article" in self.open:
            self.said.append(data)


def read(html: str) -> Reader:
    """The page as parsed."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def documents(database: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
    """Id, record and text of every document."""
    yield from database.execute("SELECT document_id, source_id, text FROM documents ORDER BY source_id").fetchall()


def seen(text: str) -> str:
    """A text as the page shows it, white space apart."""
    return "".join("".join(visible(char) if acts(char) and char not in "\t\r" else char for char in text).split())


def test_the_page_holds_the_text_and_runs_nothing(database: duckdb.DuckDBPyConnection) -> None:
    for ident, _, text in documents(database):
        html = page(database, ident)
        reader = read(html)
        assert set(reader.tags) <= ALLOWED
        assert not [
            name for name, _ in reader.attributes if name.startswith("on") or name in {"src", "srcset", "style"}
        ]
        assert all((value or "").startswith("#") for name, value in reader.attributes if name == "href")
        assert "".join("".join(reader.said).split()) == seen(text)
        policies = [value or "" for name, value in reader.attributes if name == "content"]
        assert any(value.startswith("default-src 'none'; style-src 'sha256-") for value in policies)


def test_marks_say_their_values(database: duckdb.DuckDBPyConnection) -> None:
    ident = next(ident for ident, source, _ in documents(database) if source == "harbour.txt")
    notes = [value or "" for name, value in read(page(database, ident)).attributes if name == "data-note"]
    assert any(note.startswith("90 percent of residents (percent)\nsaid by Odile Marsh\nfigure ") for note in notes)
    assert any(note.startswith("3 May 2024\nDATE 2024-05-03, as written\ndate ") for note in notes)
    assert any(note.startswith("Odile Marsh, person\nby pronoun\nentity ") for note in notes)
    assert any(
        "the council: in the writer's words, thought, source sure to 80%\nas told by Odile Marsh" in note
        for note in notes
    )


def test_the_row_asked_for_stands_out(database: duckdb.DuckDBPyConnection) -> None:
    ident, document = database.execute("SELECT figure_id, document_id FROM figures WHERE text = '90%'").fetchall()[0]
    assert f'class="mark figure here" id="at-{ident}"' in page(database, document, focus=ident)


def test_show_writes_the_file(shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "page.html"
    assert main(["show", "harbour.txt", "--html", "-o", str(file), "--warehouse", str(shelf)]) == 0
    assert capsys.readouterr().out.strip() == str(file)
    assert "Nine in ten want the ferry back" in file.read_text("utf-8")
    assert main(["show", "broken.html", "--html", "--warehouse", str(shelf)]) == 1
    assert "stands in no document" in capsys.readouterr().err


notes_of = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from(LAYERS), st.text(max_size=3)), max_size=8
)


@given(st.text(max_size=40), notes_of)
@settings(max_examples=150, deadline=None)
def test_weaving_keeps_every_character_and_nests_every_tag(text: str, drawn: list[tuple[int, int, str, str]]) -> None:
    notes = [
        Note(min(a, b), min(max(a, b), len(text)), layer, f"{number:016x}", words)
        for number, (a, b, layer, words) in enumerate(drawn)
        if min(a, b) < min(max(a, b), len(text))
    ]
    notes.sort(key=lambda note: (note.start, -note.end))
    named: set[str] = set()
    reader = read(str(weave(text, 0, len(text), notes, named)))
    expected = "".join(
        visible(c) if acts(c) and c not in "\t\r" else c for c in text.replace("\r\n", "\n").replace("\r", " ")
    )
    assert "".join(reader.said) == expected
    assert set(reader.tags) <= {"span"}
    assert named == {note.ident for note in notes}
