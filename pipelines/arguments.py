"""What is said about a call: how to call hearsay again, which version this is, and what was likely meant by a mistake.

Standard library only: it is read before hearsay's own packages are there.
"""

import argparse
import difflib
import re
import shlex
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from warehouse.calling import called

PROJECT = Path(__file__).resolve().parent.parent
NOTHING = 1
"""The exit status of a run that could not begin."""

MEANT = {
    "query": "sql", "select": "sql", "ask": "sql", "extract": "run", "start": "run", "process": "run", "read": "run", "ingest": "run",
    "validate": "check", "verify": "check", "evidence": "show", "why": "explain", "view": "show", "score": "evaluate", "benchmark": "evaluate", "serve": "dashboard", "ui": "dashboard",
    "web": "dashboard", "dagster": "dev", "webserver": "dev", "install": "setup", "init": "setup", "pytest": "test", "tests": "test", "version": "--version",
}  # fmt: skip
"""Commands under names that other programs give them."""
MEANT_OPTION = {
    "input": "--source", "in": "--source", "i": "--source", "path": "--source", "file": "--source", "files": "--source", "dir": "--source",
    "folder": "--source", "texts": "--source", "src": "--source", "output-dir": "--warehouse", "out": "--warehouse", "output": "--warehouse",
    "o": "--warehouse", "db": "--warehouse", "database": "--warehouse", "data": "--warehouse", "target": "--warehouse", "jobs": "--workers",
    "j": "--workers", "n": "--workers", "threads": "--workers", "processes": "--workers", "procs": "--workers", "f": "--format", "csv": "--format",
    "json": "--format", "parquet": "--format", "p": "--port", "headless": "--no-browser",
}  # fmt: skip
"""Options likewise; a word counts only where the command has the option that it stands for."""


def version() -> str:
    """The version of hearsay and that of the tables' schema: ``0.1.0 (tables of schema version 1)``."""
    project = PROJECT / "pyproject.toml"
    if project.is_file():
        number = str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])
    else:
        from importlib.metadata import version as installed

        number = installed("hearsay")
    # read, not imported: the schemas import pandera, and the version is told where there are no packages yet
    schema = re.search(
        r'^SCHEMA_VERSION = "([^"]+)"', (PROJECT / "schemas" / "columns.py").read_text("utf-8"), re.MULTILINE
    )
    return f"{number} (tables of schema version {schema[1]})" if schema else number


class Version(argparse.Action):
    """Prints the version; it is looked up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, **more: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **more)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print it and end."""
        sys.stdout.write(f"hearsay {version()}\n")
        parser.exit()


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence, with the status that the contract gives to it: nothing could be done.

    Options are never abbreviated: ``--source`` cut to ``--s`` would bind to something else as soon as there is a second.
    """

    def __init__(self, **more: Any) -> None:
        super().__init__(allow_abbrev=False, **more)

    def error(self, message: str) -> NoReturn:
        """Say it and end."""
        self.exit(NOTHING, f"{self.prog}: {message.rstrip('.')}. See {again(self)} --help.\n")


def again(parser: argparse.ArgumentParser) -> str:
    """``hearsay run`` as the user calls it: ``./hearsay run``."""
    return called() + parser.prog.removeprefix("hearsay")


def commands_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands of a parser by their names."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def mistake(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> str | None:
    """One sentence on a wrong command, a wrong option or a word too many, with what was likely meant.

    None for a call in which nothing of these is wrong.
    """
    commands = commands_of(parser)
    for position, word in enumerate(arguments):
        if word in commands:
            return _mistake_within(commands[word], arguments[position + 1 :], word)
        if not word.startswith("-") or word in ("-", "--"):
            return _no_command(word, arguments[position + 1 :], commands)
        name = word.partition("=")[0]
        if name in parser._option_string_actions:
            continue
        owners = [command for command, its in commands.items() if name in its._option_string_actions]
        if owners:
            where = "run" if "run" in owners else owners[0]
            return f"hearsay: {_plain(name)} stands after the command: {called()} {where} {name} ..."
        known = {option for one in (parser, *commands.values()) for option in one._option_string_actions}
        return f"hearsay: there is no option {_plain(name)}{_or_meant(_meant_option(name, sorted(known)))}"
    return None


def _no_command(word: str, rest: Sequence[str], commands: Iterable[str]) -> str:
    meant = MEANT.get(word.lower())
    is_path = meant is None and ("/" in word or Path(word).exists())
    meant = meant or _close(word, commands)
    if is_path or (meant is None and re.search(r"\.\w{1,7}$", word)):
        return f"hearsay: {_plain(word)} is no command; did you mean {called()} run --source {shlex.quote(word)}?"
    if meant is None and re.match(r"(?i)\s*(?:select|with|from|show|describe)\s", word):
        return f"hearsay: a query wants the command sql before it; did you mean {called()} sql {shlex.quote(word)}?"
    if meant is not None:
        more = "".join(f" {shlex.quote(part)}" for part in rest)
        return f"hearsay: there is no command {_plain(word)}; did you mean {called()} {meant}{more}?"
    return f"hearsay: there is no command {_plain(word)}: {called()} --help lists them."


def _mistake_within(parser: argparse.ArgumentParser, arguments: Sequence[str], command: str) -> str | None:
    """What is wrong after the command, options first: a word too many is often only the value of a wrong option."""
    options = parser._option_string_actions
    wanted = [action for action in parser._actions if not action.option_strings]
    room = sum(1 if action.nargs is None else 1000 for action in wanted)
    words: list[str] = []
    takes = ""  # the option whose value comes next
    for position, word in enumerate(arguments):
        if takes:
            takes = ""
            if not word.startswith("-"):
                continue
        if word == "--":
            words += arguments[position + 1 :]
            break
        name, equals, _ = word.partition("=")
        if word[:2] in options and word[:2] != "--" and word != word[:2]:
            continue  # -oFILE
        if not re.fullmatch(r"--?[A-Za-z][\w-]*", name):
            words.append(word)  # a query may begin with a comment
            continue
        if name in options:
            takes = name if options[name].nargs is None and not equals else ""
            continue
        if name == "--version":
            return f"{parser.prog}: {name} stands before any command: {called()} --version."
        return (
            f"{parser.prog}: there is no option {_plain(name)}{_or_meant(_meant_option(name, options), again(parser))}"
        )
    if len(words) <= room:
        return None
    return _word_too_many(parser, command, words, room)


def _meant_option(name: str, options: Iterable[str]) -> str | None:
    word = name.lstrip("-").lower().replace("_", "-")
    long = [option for option in options if option.startswith("--")]
    begun = [option for option in long if len(word) > 1 and option.startswith(f"--{word}")]
    if len(begun) == 1:
        return begun[0]
    known = MEANT_OPTION.get(word)
    return known if known in long else _close(f"--{word}", long)


def _word_too_many(parser: argparse.ArgumentParser, command: str, words: Sequence[str], room: int) -> str:
    extra = words[room:]
    if command == "run":
        flags = " ".join(f"--source {shlex.quote(word)}" for word in extra)
        return f"{parser.prog}: {_plain(extra[0])} stands alone; did you mean {again(parser)} {flags}?"
    if command == "sql":
        query = " ".join(words).replace('"', '\\"')
        return f'{parser.prog}: the query must stand in quotation marks; did you mean {again(parser)} "{query}"?'
    if "--warehouse" in parser._option_string_actions and room == 0:
        return f"{parser.prog}: {_plain(extra[0])} stands alone; did you mean {again(parser)} --warehouse {shlex.quote(extra[0])}?"
    return f"{parser.prog}: {_plain(extra[0])} is one word too many; {again(parser)} --help says what it takes."


def _close(word: str, known: Iterable[str]) -> str | None:
    """The one that a slip of the finger may have made this of. ``rnu`` is ``run`` with two letters changed about."""
    lower = word.lower()
    names = list(known)
    for name in names:
        if sorted(name) == sorted(lower) and name != word:
            return name
    found = difflib.get_close_matches(lower, names, n=1, cutoff=0.65)
    return found[0] if found else None


def _or_meant(meant: str | None, call: str = "") -> str:
    if meant is not None:
        return f"; did you mean {meant}?"
    return f": {call or called()} --help lists them."


def _plain(word: str) -> str:
    """A word of the user's in a sentence: in one line, and not endless."""
    shown = " ".join(word.split()) or word
    return f"'{shown[:80]}{'...' if len(shown) > 80 else ''}'"
