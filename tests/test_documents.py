"""What the pages for readers name is there: paths, modules, commands, options, links."""

import re
from pathlib import Path

import pytest

from pipelines.arguments import commands_of
from pipelines.cli import _parser

PROJECT = Path(__file__).resolve().parent.parent
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]
FOLDERS = ("benchmarks", "docs", "launcher", "locks", "pipelines", "schemas", "seeds", "tests", "warehouse")
# `pipelines/running/run.py`, `tests/cases/*.toml`, `seeds/lexicon`: a path from the project's folder. Not `frames.py` or `DIR/current`.
PATH = re.compile(rf"(?<![\w./-])(?P<path>(?:{'|'.join(FOLDERS)})/[\w./*-]*[\w*])")
MODULE = re.compile(r"python -m (?P<module>[\w.]+)")
LINK = re.compile(r"\]\((?P<link>(?!https?:|#)[^)#]+)")
CALL = re.compile(r"(?:\./)?hearsay (?P<command>[a-z]+)(?P<rest>[^`\n]*)")
GENERATED = re.compile(r"warehouse/data|tests/cases/x\.toml|schemas/x\.py|pipelines/extract/x\.py")


def wrong_in(text: str, folder: Path) -> list[str]:
    """What a page names and is not there."""
    found = [m["path"] for m in PATH.finditer(text) if not GENERATED.match(m["path"]) and not _is_there(m["path"])]
    found += [m["link"] for m in LINK.finditer(text) if not (folder / m["link"]).exists()]
    found += [m["module"] for m in MODULE.finditer(text) if not _is_module(m["module"])]
    commands = commands_of(_parser())
    for m in CALL.finditer(text):
        command = commands.get(m["command"])
        if command is None:
            found += [m[0]] if m[0].startswith("./") else []
        elif m["command"] != "test":
            options = re.findall(r"(?<!\S)(--[a-z-]+)", re.sub(r'"[^"]*"', "", m["rest"]).split("#")[0])
            found += [option for option in options if option not in command._option_string_actions]
    return found


def _is_there(path: str) -> bool:
    return any(PROJECT.glob(path)) or (PROJECT / f"{path}.py").exists() or (PROJECT / path.rstrip(".")).exists()


def _is_module(name: str) -> bool:
    path = PROJECT.joinpath(*name.split("."))
    return name.split(".")[0] not in FOLDERS or path.with_suffix(".py").exists() or (path / "__main__.py").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_what_a_page_names_is_there(page: Path) -> None:
    assert wrong_in(page.read_text("utf-8"), page.parent) == []


@pytest.mark.parametrize(
    "text",
    [
        "see `pipelines/extract/nowhere.py`",
        "call `python -m benchmarks.nothing`",
        "[there](nowhere.md)",
        "./hearsay sing",
        "./hearsay run --loudly",
        "`seeds/lexicon/no_such*.csv`",
    ],
)
def test_what_is_not_there_is_told(text: str) -> None:
    assert len(wrong_in(text, PROJECT)) == 1
