"""What each stage is made of: versions that change when its code, its words, its model or its libraries do, and only then.

A stage's version covers the modules that it imports, directly or through others, without their comments and docstrings;
the lexicons that these modules name; and the versions of the libraries that they import. So a changed comment or help
text costs nothing, a changed cue verb costs the claims and what reads them, and nobody has to remember to raise a number.
The versions are the same under every Python: what is compared is the text of the code.
"""

import ast
import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

PROJECT = Path(__file__).resolve().parents[2]
OURS = ("pipelines", "schemas", "warehouse")
LEXICON = PROJECT / "seeds" / "lexicon"
READ_BY = {"pipelines.language.model": "seeds/model", "warehouse.catalogue": "warehouse/views"}
"""Folders whose files a module reads, besides the lexicons."""
REFUSES = frozenset({"pipelines.lexicon.checked"})
"""Modules that can only refuse what they are given, and change no row: it names every lexicon, and reads none for a stage."""
DISTRIBUTIONS = {"dateutil": "python-dateutil"}
"""Libraries whose package has another name than what is imported."""
BEHIND = {"trafilatura": ("htmldate", "justext", "lxml")}
"""Libraries that do a library's work for it: a new one reads a page in another way."""

# A string of any kind, kept; or a comment, which stands outside strings. A mark inside a string is no comment ("#1").
STRING_OR_COMMENT = re.compile(
    r"(?P<string>'''(?s:\\.|.)*?'''|\"\"\"(?s:\\.|.)*?\"\"\"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\")|#[^\n]*"
)
"""Matches ``# why``, not ``why``."""


class Module(NamedTuple):
    """What one module is made of: its code as compared, the modules of ours and the libraries it imports, its lexicons."""

    code: str
    imports: frozenset[str]
    libraries: frozenset[str]
    lexicons: frozenset[str]


def canonical(source: str, tree: ast.Module | None = None) -> str:
    """The code without comments, docstrings, blank lines and white space at the ends of lines; ``tree`` is it, parsed."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    kept, at = [], 0
    for node in _docstrings(tree or ast.parse(source)):
        start, end = (
            starts[number - 1] + len(lines[number - 1].encode()[:column].decode())
            for number, column in ((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset))
        )
        kept.append(source[at:start])
        at = end
    bare = STRING_OR_COMMENT.sub(lambda m: m["string"] or "", "".join(kept) + source[at:])
    return "\n".join(line.rstrip() for line in bare.splitlines() if line.strip())


def _docstrings(tree: ast.Module) -> list[Any]:
    """The expressions that are a string and nothing else, wherever they stand, in order."""
    found = [
        node.value
        for node in _all_statements(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _all_statements(tree: ast.AST) -> Iterator[Any]:
    """Every statement, also inside others."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        inner = getattr(tree, field, [])
        for node in inner if isinstance(inner, list) else []:
            yield node
            yield from _all_statements(node)


@cache
def _module(name: str) -> Module | None:
    """A module of ours by its dotted name; null when there is none."""
    path = PROJECT.joinpath(*name.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if name.split(".")[0] not in OURS or not path.is_file():
        return None
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    imported = set(_imported(tree))
    code = canonical(source, tree)
    return Module(
        code,
        frozenset(one for one in imported if one.split(".")[0] in OURS),
        frozenset(one.split(".")[0] for one in imported) - {*OURS, *sys.stdlib_module_names},
        frozenset(
            {m["string"].strip("\"'") for m in STRING_OR_COMMENT.finditer(code) if m["string"]} & _lexicons().keys()
        ),
    )


def _imported(tree: ast.AST) -> Iterator[str]:
    """Every dotted name that the code imports, also inside functions."""
    for node in _all_statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def _lexicons() -> Mapping[str, Path]:
    return {path.stem: path for path in LEXICON.glob("*.csv")}


def _closure(names: Iterable[str]) -> dict[str, Module]:
    """These modules and all of ours that they import, with the packages they lie in, by name."""
    found: dict[str, Module] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found or name in REFUSES or (module := _module(name)) is None:
            continue
        found[name] = module
        waiting += module.imports
        if "." in name:
            waiting.append(name.rpartition(".")[0])
    return found


@cache
def of_modules(*names: str) -> str:
    """16 hex digits for what these modules and those that they import are made of."""
    modules = _closure(names)
    hashed = hashlib.sha256()
    for name, module in sorted(modules.items()):
        hashed.update(f"{name}\n{module.code}\n".encode())
    for name in sorted(set().union(*(module.lexicons for module in modules.values()))):
        hashed.update(f"{name} {_words(name)}\n".encode())
    for name in sorted(READ_BY.keys() & modules.keys()):
        folder = PROJECT / READ_BY[name]
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".md":
                hashed.update(f"{path.relative_to(folder).as_posix()} {_digest(path)}\n".encode())
    for library in sorted(_libraries(modules.values())):
        hashed.update(f"{library} {_version(library)}\n".encode())
    return hashed.hexdigest()[:16]


def lexicons_of(*names: str) -> frozenset[str]:
    """The lexicons that these modules, and those that they import, name."""
    return frozenset().union(*(module.lexicons for module in _closure(names).values()))


def _libraries(modules: Iterable[Module]) -> set[str]:
    found = set().union(*(module.libraries for module in modules))
    return found.union(*(BEHIND.get(library, ()) for library in found))


@cache
def _version(library: str) -> str:
    try:
        return version_of(DISTRIBUTIONS.get(library, library))
    except PackageNotFoundError:
        return "none"


@cache
def _words(lexicon: str) -> str:
    """The digest of a lexicon without its comments."""
    lines = _lexicons()[lexicon].read_bytes().splitlines()
    return hashlib.sha256(b"\n".join(line for line in lines if not line.startswith(b"#"))).hexdigest()


@cache
def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def modules_of(step: Callable[..., Any]) -> list[str]:
    """The modules of ours whose functions and classes a step calls by name, itself or through helpers beside it."""
    return sorted(_used(step, set()))


def _used(step: Callable[..., Any], seen: set[str]) -> set[str]:
    found: set[str] = set()
    for name in _names(step.__code__):
        used = step.__globals__.get(name)
        home = getattr(used, "__module__", None)
        if home == step.__module__ and hasattr(used, "__code__"):
            if name not in seen and callable(used):
                seen.add(name)
                found |= _used(used, seen)
        elif isinstance(home, str) and home.split(".")[0] in OURS and home != step.__module__:
            found.add(home)
    return found


def _names(code: CodeType) -> set[str]:
    inner = (_names(const) for const in code.co_consts if isinstance(const, CodeType))
    return set(code.co_names).union(*inner)


@cache
def of_step(*steps: Callable[..., Any]) -> str:
    """16 hex digits for what these functions of one module are made of: their own code, its helpers, all they call."""
    modules = set().union(*(modules_of(step) for step in steps))
    own = sorted({(step.__name__, _own(step)) for step in steps})
    return hashlib.sha256(f"{own} {of_modules(*sorted(modules))}".encode()).hexdigest()[:16]


def _own(step: Callable[..., Any]) -> str:
    """The code of a function and of its helpers in the same module, and of the constants there that they name."""
    source, by_name = _statements(step.__module__)
    found: dict[str, str] = {}
    waiting = [step.__name__]
    while waiting:
        name = waiting.pop()
        if name in found or name not in by_name:
            continue
        node = by_name[name]
        found[name] = canonical(ast.get_source_segment(source, node) or "")
        waiting += [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)]
    return repr(sorted(found.items()))


@cache
def _statements(module: str) -> tuple[str, Mapping[str, ast.stmt]]:
    """The source of a module, and by every name that it gives on its own level the statement that gives it."""
    source = PROJECT.joinpath(*module.split(".")).with_suffix(".py").read_text("utf-8")
    return source, {name: node for node in ast.parse(source).body for name in _bound(node)}


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement of a module's own level gives: of a function, a class, a constant."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def of_all(*versions: str) -> str:
    """One version for several: it changes when one of them does."""
    return hashlib.sha256(" ".join(versions).encode()).hexdigest()[:16]
