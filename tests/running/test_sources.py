"""What a warehouse reads and how its records are called: remembered, never replaced unasked, the same in every order."""

import itertools
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.paths import entered, place
from pipelines.running import run
from pipelines.running.ledger import Ledger
from pipelines.running.run import Stop
from pipelines.running.sources import FILE, GIVEN, REMEMBERED, SAMPLE_TEXTS, SAMPLES, choose, remember
from tests.conftest import PROJECT, hearsay
from tests.running.test_run import silent


def reads(warehouse: Path, *paths: Path) -> dict[str, str]:
    """Let a warehouse read these paths: folder or file to the name that stands before its files."""
    choice = choose(warehouse, paths)
    warehouse.mkdir(exist_ok=True)
    remember(warehouse, choice)
    return {source.path.name: source.name for source in choice.sources}


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Folders ``a``, ``b``, ``c``, and another ``b`` in ``other``, a file ``f.txt`` in each and one beside them."""
    for name in ("a", "b", "c", "other/b"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "f.txt").write_text(f"Text of {name}.", "utf-8")
    (tmp_path / "f.txt").write_text("Text.", "utf-8")
    return tmp_path


# ---------------------------------------------------------------- names


HISTORIES: list[tuple[str, list[list[str]], list[dict[str, str]]]] = [
    ("the first folder has no name", [["a"]], [{"a": ""}]),
    ("the first keeps none when a second comes", [["a"], ["a", "b"]], [{"a": ""}, {"a": "", "b": "b"}]),
    ("two at once have their names", [["a", "b"]], [{"a": "a", "b": "b"}]),
    ("one of two keeps its name alone", [["a", "b"], ["b"]], [{"a": "a", "b": "b"}, {"b": "b"}]),
    ("a and b, then b and c", [["a", "b"], ["b", "c"]], [{"a": "a", "b": "b"}, {"b": "b", "c": "c"}]),
    ("a comes back with its name", [["a"], ["b"], ["a"]], [{"a": ""}, {"b": "b"}, {"a": ""}]),
    ("two of one name are numbered", [["a"], ["b"], ["other/b"]], [{"a": ""}, {"b": "b"}, {"b": "b~2"}]),
    ("a file goes by its folder", [["a/f.txt"], ["a"]], [{"f.txt": ""}, {"a": ""}]),
    ("files of two folders", [["a/f.txt"], ["b/f.txt"]], [{"f.txt": ""}, {"f.txt": "b"}]),
    ("the same place twice is one source", [["a", "a/../a"]], [{"a": ""}]),
]


@pytest.mark.parametrize(("_about", "runs", "expected"), HISTORIES, ids=[about for about, _, _ in HISTORIES])
def test_a_folder_is_named_once(
    folders: Path, _about: str, runs: list[list[str]], expected: list[dict[str, str]]
) -> None:
    for order in itertools.permutations(range(len(runs[0]))):
        warehouse = folders / f"w{order}"
        first = [folders / runs[0][at] for at in order]
        found = [reads(warehouse, *first)] + [reads(warehouse, *(folders / path for path in more)) for more in runs[1:]]
        assert found == expected


def run_over(warehouse: Path, *paths: Path) -> dict[str, str]:
    """Read these paths as a run does: source_id to text of every record."""
    choice = choose(warehouse, paths)
    warehouse.mkdir(exist_ok=True)
    ledger = Ledger(warehouse / "ledger.sqlite")
    files = run.look(choice.sources, warehouse)
    run.none_has_emptied(ledger, choice.sources, files)
    remember(warehouse, choice)
    run.read(ledger, choice.sources, files, silent)
    found = {row[0]: ledger.text(row[7]) for row in ledger.records() if row[7]}
    ledger.close()
    return found


@pytest.mark.parametrize("moved_to", ["elsewhere/a", "elsewhere/texts"])
def test_a_folder_that_moved_keeps_its_name(folders: Path, moved_to: str) -> None:
    assert run_over(folders / "w", folders / "a") == {"f.txt": "Text of a."}
    (folders / "elsewhere").mkdir()
    (folders / "a").rename(folders / moved_to)
    assert run_over(folders / "w", folders / moved_to) == {"f.txt": "Text of a."}
    assert run_over(folders / "w", folders / moved_to, folders / "b")["f.txt"] == "Text of a."


def test_a_folder_takes_no_name_from_one_that_is_away(folders: Path) -> None:
    run_over(folders / "w", folders / "b")
    (folders / "b").rename(folders / "unmounted")
    assert run_over(folders / "w", folders / "other" / "b") == {"b/f.txt": "Text of other/b."}
    (folders / "unmounted").rename(folders / "b")
    assert run_over(folders / "w", folders / "b") == {"f.txt": "Text of b."}


def test_a_folder_that_moved_and_one_in_its_old_place_are_told_apart(folders: Path) -> None:
    run_over(folders / "w", folders / "a")
    (folders / "a").rename(folders / "moved")
    run_over(folders / "w", folders / "moved")
    (folders / "a").mkdir()
    (folders / "a" / "f.txt").write_text("Another text.", "utf-8")
    expected = {"f.txt": "Text of a.", "a/f.txt": "Another text."}
    assert run_over(folders / "w", folders / "a", folders / "moved") == expected
    assert run_over(folders / "w", folders / "moved", folders / "a") == expected


def test_a_folder_in_a_folder_goes_by_the_name_of_that(folders: Path) -> None:
    assert run_over(folders / "w", folders / "other") == {"b/f.txt": "Text of other/b."}
    assert run_over(folders / "w", folders / "other" / "b") == {"b/f.txt": "Text of other/b."}
    assert run_over(folders / "w", folders / "other" / "b", folders / "other") == {"b/f.txt": "Text of other/b."}
    assert run_over(folders / "w", folders / "other" / "b" / "f.txt") == {"b/f.txt": "Text of other/b."}


def test_a_source_that_goes_and_comes_back_has_its_ids(folders: Path) -> None:
    """Records of one id, and one text in two files: who had it first has it again."""
    s, t, warehouse = folders / "a", folders / "b", folders / "w"
    (s / "m.jsonl").write_text('{"id": "x", "text": "First."}', "utf-8")
    (s / "m.txt").write_text("Twice.", "utf-8")
    run_over(warehouse, s, t)
    (s / "a.jsonl").write_text('{"id": "x", "text": "Second."}', "utf-8")
    (s / "a.txt").write_text("Twice.", "utf-8")
    before = run_over(warehouse, s, t)
    assert (before["x"], before["a/a.jsonl#id=x"]) == ("First.", "Second.")
    assert "a/m.txt" in owners(warehouse)
    run_over(warehouse, t)
    assert run_over(warehouse, s, t) == before
    assert "a/m.txt" in owners(warehouse)


def test_a_text_that_was_edited_and_edited_back_is_its_first_owners_again(folders: Path) -> None:
    (folders / "a" / "copy.txt").write_text("Text of a.", "utf-8")
    run_over(folders / "w", folders / "a" / "f.txt")
    for text, owner in (("Text of a.", "f.txt"), ("Other.", "copy.txt"), ("Text of a.", "f.txt")):
        (folders / "a" / "f.txt").write_text(text, "utf-8")
        run_over(folders / "w", folders / "a")
        assert owners(folders / "w")[owner] == "Text of a."


def owners(warehouse: Path) -> dict[str, str]:
    """Of each text, the source_id of the record whose document it is."""
    ledger = Ledger(warehouse / "ledger.sqlite")
    found = {source_id: ledger.text(content) for source_id, content, _ in ledger.originals()}
    ledger.close()
    return found


def test_two_files_whose_names_look_alike_are_two(folders: Path) -> None:
    (folders / "c" / "\\xff.txt").write_text("Of four characters.", "utf-8")
    Path(os.fsdecode(os.fsencode(folders / "c") + b"/\xff.txt")).write_text("Of one byte.", "utf-8")
    found = run_over(folders / "w", folders / "c")
    assert sorted(found.values()) == ["Of four characters.", "Of one byte.", "Text of c."]


# ---------------------------------------------------------------- what is read


def test_what_is_given_counts_before_the_environment_before_what_is_remembered(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = folders / "w"
    assert choose(warehouse).basis == SAMPLE_TEXTS
    reads(warehouse, folders / "a")
    assert [source.path for source in choose(warehouse).sources] == [folders / "a"]
    assert choose(warehouse).basis == REMEMBERED
    monkeypatch.setenv("HEARSAY_SOURCE", os.pathsep.join([str(folders / "b"), str(folders / "c")]))
    assert [source.path.name for source in choose(warehouse).sources] == ["b", "c"]
    assert choose(warehouse).replaced() == (folders / "a",)
    assert choose(warehouse, [folders / "a"]).basis == GIVEN
    assert choose(warehouse, [folders / "a"]).replaced() == ()


def test_a_warehouse_that_nobody_remembers_the_sources_of_never_reads_the_samples(folders: Path) -> None:
    warehouse = folders / "w"
    warehouse.mkdir()
    run_over(warehouse, folders / "a")
    (warehouse / FILE).unlink()
    with pytest.raises(Stop, match="--source"):
        choose(warehouse)
    (warehouse / "ledger.sqlite").unlink()
    (warehouse / "current").symlink_to("snapshots/gone")
    with pytest.raises(Stop, match="--source"):
        choose(warehouse)


def test_names_of_files_do_not_make_them_the_samples(folders: Path) -> None:
    (folders / "a" / "f.txt").rename(folders / "a" / next(SAMPLES.glob("*.txt")).name)
    run_over(folders / "w", folders / "a")
    (folders / "w" / FILE).unlink()
    with pytest.raises(Stop, match="--source"):
        choose(folders / "w")


def test_with_all_memory_gone_a_run_still_leaves_the_users_tables(folders: Path) -> None:
    assert hearsay("run", "--source", folders / "a", "--warehouse", folders / "w")[0] == 0
    for path in (folders / "w").glob("ledger.sqlite*"):
        path.unlink()
    (folders / "w" / FILE).unlink()
    status, _, err = hearsay("run", "--warehouse", folders / "w")
    assert (status, err.strip().count("\n")) == (1, 0)
    assert names_in(folders / "w") == ["f.txt"]


def test_a_warehouse_of_an_earlier_version_that_holds_the_samples_goes_on_with_them(tmp_path: Path) -> None:
    run_over(tmp_path, SAMPLES)
    (tmp_path / FILE).unlink()
    assert choose(tmp_path).basis == SAMPLE_TEXTS


def test_a_first_run_that_found_nothing_is_not_followed_by_one_over_the_samples(folders: Path) -> None:
    (folders / "empty").mkdir()
    for arguments in (["--source", folders / "empty"], [], []):
        status, _, err = hearsay("run", *arguments, "--warehouse", folders / "w")
        assert status == 1
        assert f"There is no file in {folders / 'empty'}" in err
    status, out, _ = hearsay("run", "--source", folders / "a", "--warehouse", folders / "w")
    assert (status, "no longer" in out) == (0, False)
    assert names_in(folders / "w") == ["f.txt"]


def test_a_source_that_has_emptied_stops_the_run_and_nothing_is_dropped(folders: Path) -> None:
    before = run_over(folders / "w", folders / "a", folders / "b")
    (folders / "b" / "f.txt").unlink()
    with pytest.raises(Stop, match="is its disk not mounted"):
        run_over(folders / "w")
    (folders / "b" / "f.txt").write_text("Text of b.", "utf-8")
    assert run_over(folders / "w") == before


@pytest.mark.parametrize("warehouse", ["w", "in/w", "."])
def test_a_warehouse_in_its_source_is_no_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warehouse: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "a.txt").write_text("Text.", "utf-8")
    for _ in range(2):
        status, out, err = hearsay("run", "--source", "." if warehouse != "." else "a.txt", "--warehouse", warehouse)
        assert (status, "1 document from 1 record in 1 file" in out) == (0, True), err
    status, _, err = hearsay("run", "--source", warehouse, "--warehouse", tmp_path / "other")
    assert (status, "is a warehouse of hearsay's" in err) == (1, True)


def test_a_file_that_may_be_read_again_is_read(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read anything, so the refusal is made here; the file's size and time stay as they were."""
    path = folders / "a" / "f.txt"
    real = Path.open

    def refuse(self: Path, *given: Any, **more: Any) -> Any:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return real(self, *given, **more)

    (folders / "a" / "g.txt").write_text("Text.", "utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refuse)
        assert run_over(folders / "w", folders / "a") == {"g.txt": "Text."}
    assert run_over(folders / "w", folders / "a") == {"g.txt": "Text.", "f.txt": "Text of a."}


@pytest.mark.parametrize("empty", ["", " "])
def test_a_path_without_a_name_is_one_sentence(folders: Path, monkeypatch: pytest.MonkeyPatch, empty: str) -> None:
    monkeypatch.chdir(folders)
    for arguments in (["--source", empty, "--warehouse", folders / "w"], ["--warehouse", empty]):
        with pytest.raises(SystemExit) as stop:
            hearsay("run", *arguments)
        assert stop.value.code == 1
    with pytest.raises(Stop, match="without a name"):
        choose(folders / "w", [empty])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '{"reads": 3, "names": {}}',
        '{"reads": ["/a"]}',
        '{"reads": [1], "names": {}}',
        "\x00",
        '{"reads": [""], "names": {}}',
        '{"reads": ["a"], "names": {}}',
    ],
)
def test_a_damaged_memory_is_one_sentence_and_nothing_is_read(tmp_path: Path, body: str) -> None:
    (tmp_path / FILE).write_text(body, "utf-8")
    with pytest.raises(Stop, match=r"sources\.json is damaged") as stop:
        choose(tmp_path)
    assert "\n" not in str(stop.value)


def test_a_source_that_is_missing_changes_nothing_that_is_remembered(folders: Path) -> None:
    assert hearsay("run", "--source", folders / "a", "--warehouse", folders / "w")[0] == 0
    before = (folders / "w" / FILE).read_bytes()
    status, _, err = hearsay("run", "--source", folders / "typo", "--warehouse", folders / "w")
    assert (status, err.strip().count("\n")) == (1, 0)
    assert (folders / "w" / FILE).read_bytes() == before


def test_a_run_without_source_keeps_the_users_texts_and_one_with_another_says_what_it_drops(folders: Path) -> None:
    warehouse = folders / "w"
    assert hearsay("run", "--source", folders / "a", "--warehouse", warehouse)[0] == 0
    status, out, err = hearsay("run", "--warehouse", warehouse)
    assert status == 0, err
    assert f"Read {folders / 'a'}, as this warehouse did before" in out
    assert names_in(warehouse) == ["f.txt"]
    status, out, err = hearsay("run", "--source", folders / "b", "--warehouse", warehouse)
    assert status == 0, err
    assert f"Read {folders / 'b'}. This warehouse reads {folders / 'a'} no longer." in out
    assert "1 record of what it read before is gone from the tables; the files are untouched." in out
    assert names_in(warehouse) == ["b/f.txt"]


def names_in(warehouse: Path) -> list[str]:
    """The source_ids that are published."""
    _, out, _ = hearsay("sql", "SELECT source_id FROM sources ORDER BY 1", "--format", "json", "--warehouse", warehouse)
    return [row["source_id"] for row in json.loads(out)]


# ---------------------------------------------------------------- paths


WAYS: dict[str, Callable[[Path], str]] = {
    "absolute": lambda home: str(home / "real" / "w"),
    "relative": lambda _: "real/w",
    "with a dot": lambda _: "./real/w/",
    "with two dots": lambda _: "real/../real/w",
    "two slashes": lambda home: f"{home}//real/w",
    "a linked folder": lambda _: "link",
    "a folder in a linked one": lambda _: "linked/w",
    "out of a linked folder and back": lambda _: "linked/../real/w",
    "a link to a link": lambda _: "link-to-link",
    "an absolute link, relative path": lambda _: "absolute-link",
    "in the home folder": lambda _: "~/real/w",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a warehouse's place ``real/w`` and links to it; where the user stands, and their home."""
    (tmp_path / "real" / "w").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real/w")
    (tmp_path / "linked").symlink_to("real")
    (tmp_path / "link-to-link").symlink_to("link")
    (tmp_path / "absolute-link").symlink_to(tmp_path / "real" / "w")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("way", WAYS)
def test_a_place_is_one_path_however_it_is_written(home: Path, way: str) -> None:
    assert place(WAYS[way](home)) == (home / "real" / "w").resolve()


def test_a_link_that_leads_to_itself_is_told_by_whoever_opens_it(home: Path) -> None:
    (home / "loop").symlink_to("loop")
    status, _, err = hearsay("run", "--source", home / "loop", "--warehouse", home / "w2")
    assert (status, err.strip().count("\n")) == (1, 0)
    status, _, err = hearsay("run", "--warehouse", home / "loop")
    assert (status, err.strip().count("\n")) == (1, 0)


def test_a_linked_source_goes_on_meaning_what_it_leads_to(home: Path) -> None:
    for name in ("monday", "tuesday"):
        (home / name).mkdir()
        (home / name / "f.txt").write_text(f"Text of {name}.", "utf-8")
    latest = home / "latest"
    latest.symlink_to("monday")
    assert entered("latest") == latest
    assert reads(home / "w2", Path("latest")) == {"latest": ""}
    latest.unlink()
    latest.symlink_to("tuesday")
    (source,) = choose(home / "w2").sources
    assert next(iter(run.look([source]).values())).path.read_text("utf-8") == "Text of tuesday."
    assert source.name == ""


def test_no_more_than_one_source_is_one_place(home: Path) -> None:
    (home / "in").mkdir()
    (home / "in" / "f.txt").write_text("Text.", "utf-8")
    (home / "way").symlink_to("in")
    assert reads(home / "w2", Path("in"), home / "in", Path("way"), Path("in/../in")) == {"in": ""}
    assert reads(home / "w2", Path("way")) == {"way": ""}


# ---------------------------------------------------------------- ids


def test_ids_in_a_history_of_adds_copies_renames_and_second_sources_are_the_pinned_ones(tmp_path: Path) -> None:
    """The ids of documents and of one claim each, after every step: who links to a claim relies on them."""
    text = "Mayor Ana Petrova said on 4 May 2021 that {} trees were planted in Oslo."
    a, b, warehouse = tmp_path / "a", tmp_path / "b", tmp_path / "w"

    def write(path: Path, n: int) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.format(n), "utf-8")

    def ids(*places: Path) -> dict[str, str]:
        given = [part for path in places for part in ("--source", path)]
        status, _, err = hearsay("run", *given, "--warehouse", warehouse)
        assert status == 0, err
        query = (
            "SELECT source_id, document_id, claims.claim_id FROM sources LEFT JOIN claims USING (document_id) "
            "WHERE sources.status = 'ok' ORDER BY 1"
        )
        _, out, _ = hearsay("sql", query, "--format", "json", "--warehouse", warehouse)
        return {row["source_id"]: f"{row['document_id']} {row['claim_id']}" for row in json.loads(out)}

    write(a / "m.txt", 3)
    assert ids(a) == pinned("m.txt")
    write(a / "c.txt", 3)  # a copy with an earlier name takes nothing over
    assert ids(a) == pinned("m.txt")
    write(b / "m.txt", 4)
    write(b / "x.txt", 3)
    assert ids(a, b) == pinned("m.txt", "b/m.txt")
    assert ids(b, a) == pinned("m.txt", "b/m.txt")
    (a / "m.txt").rename(a / "z.txt")  # the owner is gone: the next is who had the text next
    assert ids(a, b) == pinned("b/m.txt", "c.txt")
    assert ids(b) == pinned("b/m.txt", "b/x.txt")
    write(b / "x.txt", 5)  # edited: the same document, and what it says stands where it stood
    assert ids() == pinned("b/m.txt", "b/x.txt")
    assert ids(a, b) == pinned("b/m.txt", "b/x.txt", "c.txt")


def pinned(*names: str) -> dict[str, str]:
    """The ids that these records' documents and claims have, by source_id."""
    return {name: GOLDEN[name] for name in names}


GOLDEN = {
    "m.txt": "a3f2a6bc0a48daeb cfe0e0f9639b9ca8",
    "c.txt": "11fc38a2637a306a b4da7a261cdcda5b",
    "b/m.txt": "bfd5cf8da00b50ed 5a308d0104e699c9",
    "b/x.txt": "b1191fa2e89e438b 3ad5fef0a4a31b8c",
}
"""``document_id claim_id`` by source_id. They change when a contract does, and for no other reason."""


FILES = st.sampled_from(["a/1.txt", "a/2.txt", "a/b/1.txt", "b/1.txt", "b/2.txt", "c/1.txt"])
STEP = st.one_of(
    st.tuples(st.just("write"), FILES, st.integers(0, 3)),
    st.tuples(st.just("remove"), FILES, st.just(0)),
    st.tuples(
        st.just("read"), st.sets(st.sampled_from("abc"), min_size=1).map(lambda names: tuple(names)), st.integers(0, 5)
    ),
)


@given(st.lists(STEP, min_size=3, max_size=14))
@settings(max_examples=150, deadline=None)
def test_in_any_history_names_and_owners_stay_while_they_exist(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, object, int]]
) -> None:
    home = tmp_path_factory.mktemp("history")
    for name in "abc":
        (home / name).mkdir()
    ledger = Ledger(home / "ledger.sqlite")
    before: dict[str, str] = {}
    held: dict[str, list[str]] = {}
    for clock, (what, which, more) in enumerate(steps):
        if what == "write":
            path = home / str(which)
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"Text {more}.", "utf-8")
            os.utime(path, (clock, clock))
        elif what == "remove":
            (home / str(which)).unlink(missing_ok=True)
        else:
            names = list(which)  # type: ignore[call-overload]
            order = list(itertools.permutations(names))[more % len(list(itertools.permutations(names)))]
            choice = choose(home, [home / name for name in order])
            try:
                files = run.look(choice.sources)
            except Stop:
                continue
            remember(home, choice)
            run.read(ledger, choice.sources, files, silent)
            rows = {row[0]: row[7] for row in ledger.records()}
            now = {key: source_id for key in files for source_id in ledger.known(key).values()}
            assert len(rows) == len(files)
            assert set(now.values()) == set(rows)
            assert all(before[key] == source_id for key, source_id in now.items() if key in before)
            before = now
            for source_id, content in sorted(rows.items()):  # who had a text first, of those that came together by name
                held.setdefault(content, [])
                if source_id not in held[content]:
                    held[content].append(source_id)
            for content, names_held in list(held.items()):  # nobody else had it: then it is forgotten with its record
                if len(names_held) == 1 and rows.get(names_held[0]) != content:
                    del held[content]
            expected = {
                content: next((name for name in names_held if rows.get(name) == content), None)
                for content, names_held in held.items()
            }
            assert {content: name for name, content, _ in ledger.originals()} == {
                content: name for content, name in expected.items() if name
            }
    ledger.close()
    shutil.rmtree(home)


def test_a_ledger_of_version_1_keeps_the_ids_that_it_gave(tmp_path: Path) -> None:
    import sqlite3

    old = sqlite3.connect(tmp_path / "ledger.sqlite")
    old.executescript((PROJECT / "tests" / "cases" / "ledger_1.sql").read_text("utf-8"))
    old.close()
    ledger = Ledger(tmp_path / "ledger.sqlite")
    assert [row[:2] for row in ledger.records()] == [
        ("1", "a.jsonl"), ("b.jsonl#id=1", "b.jsonl"), ("c.txt", "c.txt"), ("d.txt", "d.txt"),
    ]  # fmt: skip
    assert [row[0] for row in ledger.originals()] == ["1", "b.jsonl#id=1", "c.txt"]
    assert ledger.registry() == {"k": "0123456789abcdef"}
    ledger.close()
    Ledger(tmp_path / "ledger.sqlite").close()


def test_a_ledger_of_version_2_keeps_its_memory_and_reads_again(tmp_path: Path) -> None:
    import sqlite3

    old = sqlite3.connect(tmp_path / "ledger.sqlite")
    old.executescript((PROJECT / "tests" / "cases" / "ledger_2.sql").read_text("utf-8"))
    old.close()
    ledger = Ledger(tmp_path / "ledger.sqlite")
    assert [(row[0], row[8]) for row in ledger.records()] == [("1", 1_000_000), ("c.txt", 2_000_000)]
    assert [row[0] for row in ledger.originals()] == ["1", "c.txt"]
    assert {reader for _, reader in ledger.files().values()} == {""}
    assert ledger.registry() == {"k": "0123456789abcdef"}
    assert ledger.results() == {}
    ledger.close()
    Ledger(tmp_path / "ledger.sqlite").close()
