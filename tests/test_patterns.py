"""Every long pattern carries what it matches and what it must not, and does so.

Below a pattern of more than sixty characters stands ``Matches ``this``, not ``that``.``: the first is found by it; the second
is not found where the pattern looks for the end of what stands before, and else does not begin with a match.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.conftest import PROJECT

LONG = 60
WHOLE = {"SAME_IN_WINDOWS"}
"""Asked with ``fullmatch`` for how much of a text it covers: it matches nothing at all, too."""
CARRIED = re.compile(r"Matches ``(?P<matches>.+?)``, not ``(?P<not>.+?)``\.", re.S)


class Carried(NamedTuple):
    """A module's long pattern, by the name of the constant, and the text below it; empty where there is none."""

    module: str
    name: str
    text: str


def patterns() -> Iterator[Carried]:
    for path in sorted((PROJECT / "pipelines").rglob("*.py")):
        body = ast.parse(path.read_text("utf-8")).body
        for node, below in zip(body, [*body[1:], None], strict=True):
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Call)
                and ast.unparse(node.value.func) == "re.compile"
            ):
                written = [part.value for part in ast.walk(node.value.args[0]) if isinstance(part, ast.Constant)]
                if sum(len(str(part)) for part in written) > LONG and node.targets[0].id not in WHOLE:
                    told = below.value if isinstance(below, ast.Expr) else None
                    text = told.value if isinstance(told, ast.Constant) and isinstance(told.value, str) else ""
                    module = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
                    yield Carried(module, ast.unparse(node.targets[0]), text)


@pytest.mark.parametrize("carried", patterns(), ids=lambda one: f"{one.module}.{one.name}")
def test_a_long_pattern_does_what_stands_below_it(carried: Carried) -> None:
    examples = CARRIED.search(carried.text)
    assert examples, f"{carried.module}.{carried.name} does not say what it matches and what it must not"
    pattern = getattr(importlib.import_module(carried.module), carried.name)
    matches, must_not = (
        told if isinstance(pattern.pattern, str) else told.encode()
        for part in ("matches", "not")
        if (told := examples[part].replace("\\r", "\r").replace("\\n", "\n")) is not None
    )
    looks_back = isinstance(pattern.pattern, str) and pattern.pattern.rstrip(")").endswith("$")
    assert pattern.search(matches)
    assert not (pattern.search(must_not) if looks_back else pattern.match(must_not))


def test_there_are_patterns_to_look_at() -> None:
    assert len(list(patterns())) > 100
