"""A wrong call gets one sentence with what was likely meant; a right one gets none."""

import argparse
import json
import re
from pathlib import Path

import pytest

from pipelines import arguments, cli
from tests.conftest import PROJECT, hearsay
from warehouse.calling import CALLED_AS, ask

MEANT = [  # what was typed, what the sentence must name
    (["rnu"], "run?"),
    (["Run"], "run?"),
    (["runn", "--source", "a b"], "run --source 'a b'?"),
    (["sqll", "SELECT 1"], "sql 'SELECT 1'?"),
    (["shwo", "abc"], "show abc?"),
    (["chekc"], "check?"),
    (["dasboard"], "dashboard?"),
    (["dash-board"], "dashboard?"),
    (["set-up", "dev"], "setup dev?"),
    (["tests"], "test?"),
    (["extract"], "run?"),
    (["query", "SELECT 1"], "sql 'SELECT 1'?"),
    (["install"], "setup?"),
    (["version"], "--version?"),
    (["SELECT * FROM claims"], "sql 'SELECT * FROM claims'?"),
    (["texts/"], "run --source texts/?"),
    (["/home/me/my texts"], "run --source '/home/me/my texts'?"),
    (["article.html"], "run --source article.html?"),
    (["run", "texts/"], "run --source texts/?"),
    (["run", "article.txt"], "run --source article.txt?"),
    (["run", "my texts"], "run --source 'my texts'?"),
    (["run", "a.txt", "b.txt"], "--source a.txt --source b.txt?"),
    (["run", "--source", "a.txt", "b.txt"], "--source b.txt?"),
    (["run", "--workers", "2", "texts"], "--source texts?"),
    (["run", "texts", "--warehouse", "w"], "--source texts?"),
    (["run", "-"], "--source -?"),
    (["run", "--", "texts"], "--source texts?"),
    (["run", "--sources", "texts"], "--source?"),
    (["run", "--surce=texts"], "--source?"),
    (["run", "--SOURCE", "texts"], "--source?"),
    (["run", "--s", "texts"], "'--s'"),
    (["run", "--sou", "texts"], "--source?"),
    (["run", "-source", "texts"], "--source?"),
    (["run", "--input", "texts"], "--source?"),
    (["run", "--wherehouse", "w"], "--warehouse?"),
    (["run", "--ware-house=w"], "--warehouse?"),
    (["run", "--out", "w"], "--warehouse?"),
    (["run", "-j", "4"], "--workers?"),
    (["run", "--worker", "4"], "--workers?"),
    (["sql", "--fromat", "csv", "SELECT 1"], "--format?"),
    (["sql", "--csv", "SELECT 1"], "--format?"),
    (["sql", "SELECT 1", "--wharehouse", "w"], "--warehouse?"),
    (["sql", "SELECT", "1"], '"SELECT 1"?'),
    (["show", "--hmtl", "abc"], "--html?"),
    (["show", "--wherehouse", "w"], "--warehouse?"),
    (["show", "one", "two"], "'two'"),
    (["check", "w"], "check --warehouse w?"),
    (["dashboard", "--prot", "80"], "--port?"),
    (["dev", "--prt", "80"], "--port?"),
    (["--sources", "texts"], "--source?"),
    (["--source", "texts", "run"], "stands after the command"),
    (["--verison"], "--version?"),
    (["run", "--version"], "--version"),
    (["xyzzy"], "--help"),
    (["help", "rnu"], "run?"),
    (["rnu", "--help"], "run?"),
    (["run", "--xyzzy"], "run --help"),
]

RIGHT = [
    ["run"],
    ["run", "--source", "texts"],
    ["run", "--source=my texts", "--source", "b", "--workers=2", "--warehouse", "w"],
    ["sql", "SELECT 1"],
    ["sql", "--format", "csv", "SELECT 1 -- a comment"],
    ["sql", "-- a comment\nSELECT 1"],
    ["sql", "--", "SELECT 1"],
    ["sql", "SELECT 1", "--format=json", "--warehouse=w"],
    ["show", "abc", "-o", "page.html"],
    ["show", "-opage.html", "abc"],
    ["show", "texts/a b.txt#3", "--html"],
    ["check", "--warehouse", "run"],
    ["dashboard", "--no-browser", "--port", "80"],
    ["setup"],
    ["setup", "dev", "webserver"],
]


@pytest.mark.parametrize(
    ("typed", "meant"), MEANT, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_a_wrong_call_is_one_sentence_that_names_what_was_meant(
    typed: list[str], meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.parse(typed)
    out, err = capsys.readouterr()
    assert (stop.value.code, out) == (1, "")
    assert err.count("\n") == 1
    assert meant in err


@pytest.mark.parametrize("typed", RIGHT, ids=" ".join)
def test_a_right_call_is_not_complained_of(typed: list[str]) -> None:
    assert isinstance(cli.parse(typed), argparse.Namespace)


@pytest.mark.parametrize(
    "typed", [["sql"], ["show"], ["run", "--workers", "many"], ["sql", "x", "--format", "xml"], ["setup", "x"]]
)
def test_what_argparse_finds_is_one_line_too(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.parse(typed)
    assert stop.value.code == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert f"./hearsay {typed[0]} --help" in err


@pytest.mark.parametrize(
    "asked", [["--help"], ["-h"], ["help"], ["help", "run"], ["run", "-h"], ["setup", "--help"], ["test", "-h"]]
)
def test_help_that_was_asked_for_is_told_with_status_0(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.parse(asked)
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith("usage: hearsay")


def test_help_lists_every_command_and_the_variables(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.parse(["--help"])
    told = capsys.readouterr().out
    for word in (
        "run",
        "sql",
        "show",
        "check",
        "dashboard",
        "dev",
        "setup",
        "test",
        "--version",
        "HEARSAY_VENV",
        "PYTHON",
    ):
        assert re.search(rf"^ +{word}\b", told, re.MULTILINE), word


def test_a_path_that_looks_like_a_command_is_still_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "runs").mkdir()
    monkeypatch.chdir(tmp_path)
    assert "run --source runs?" in str(arguments.mistake(cli._parser(), ["runs"]))


def test_the_version_is_that_of_pyproject_and_of_the_schemas() -> None:
    import tomllib

    from schemas import SCHEMA_VERSION

    number = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert arguments.version() == f"{number} (tables of schema version {SCHEMA_VERSION})"


def test_every_variable_that_is_read_is_in_the_readme_and_the_users_in_the_help() -> None:
    readme = (PROJECT / "README.md").read_text("utf-8")
    files = [PROJECT / "hearsay", PROJECT / ".ci" / "run"]
    files += [
        path for room in ("launcher", "pipelines", "schemas", "warehouse") for path in (PROJECT / room).rglob("*.py")
    ]
    read = {name for path in files for name in re.findall(r"\bHEARSAY_[A-Z_]+\b", path.read_text("utf-8"))}
    assert {"HEARSAY_SOURCE", "HEARSAY_WAREHOUSE", "HEARSAY_VENV"} <= read
    for name in read | {"PYTHON", "DAGSTER_HOME"}:
        assert f"`{name}`" in readme, name


ASKED = [  # how hearsay was called, the warehouse, what is printed after it
    ("./hearsay", "w", " --warehouse w"),
    ("hearsay", "/srv/tables", " --warehouse /srv/tables"),
    ("'/opt/my tools/hearsay'", "my tables", " --warehouse 'my tables'"),
    ("../hearsay/hearsay", "it's", """ --warehouse 'it'"'"'s'"""),
    ("./hearsay", "$HOME", " --warehouse '$HOME'"),
]


@pytest.mark.parametrize(("called", "warehouse", "more"), ASKED)
def test_a_printed_query_names_a_warehouse_that_is_not_the_default(
    called: str, warehouse: str, more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CALLED_AS, called)
    assert ask("SELECT 1", Path(warehouse)) == f'{called} sql "SELECT 1"{more}'


def test_a_printed_query_names_the_default_only_where_a_variable_names_another(monkeypatch: pytest.MonkeyPatch) -> None:
    default = PROJECT / "warehouse" / "data"
    monkeypatch.delenv("HEARSAY_WAREHOUSE", raising=False)
    monkeypatch.delenv(CALLED_AS, raising=False)
    assert ask("SELECT 1", default) == './hearsay sql "SELECT 1"'
    monkeypatch.setenv("HEARSAY_WAREHOUSE", "elsewhere")
    assert "--warehouse" in ask("SELECT 1", default)


@pytest.mark.parametrize(
    ("count", "noun", "plural", "told"),
    [(0, "claim", "", "0 claims"), (1, "claim", "", "1 claim"), (2, "claim", "", "2 claims"), (1, "entity", "entities", "1 entity"),
     (1200, "entity", "entities", "1,200 entities")],
)  # fmt: skip
def test_one_is_told_in_the_singular(count: int, noun: str, plural: str, told: str) -> None:
    assert cli._n(count, noun, plural) == told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["dev", "--port", "99999"], "no port"),
        (["dashboard", "--port", "65536"], "no port"),
        (["run", "--source", "https://example.org/a.txt"], "is an address"),
        (["run", "--source", "s3://bucket/a"], "is an address"),
        (["run", "--warehouse", "s3://bucket/w"], "is an address"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_done(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 1
    assert said in capsys.readouterr().err


def test_every_command_that_is_printed_is_as_hearsay_was_called_and_names_the_warehouse(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARSAY_CALLED_AS", "/opt/h")
    named = f"--warehouse {samples}"
    _, out, _ = hearsay("sql", "SELECT document_id AS d FROM documents", "--format", "json", "--warehouse", samples)
    document = json.loads(out)[0]["d"]
    printed = [
        hearsay("sql", "SELECT 1", "--warehouse", tmp_path),
        hearsay("check", "--warehouse", tmp_path),
        hearsay("show", "zzz", "--warehouse", samples),
        hearsay("show", document, "--warehouse", samples),
    ]
    for (_, out, err), place in zip(printed, (f"--warehouse {tmp_path}",) * 2 + (named,) * 2, strict=True):
        assert "/opt/h " in out + err
        assert place in out + err
        assert "./hearsay" not in out + err
