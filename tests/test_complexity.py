"""No function has more ways through it than a reader can hold."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("pipelines", "schemas", "warehouse", "launcher")
MOST = 30
"""McCabe (1976) asks for 10, which a grammar does not meet; above 30 the functions that we took apart held rules without a name."""


def complexity(function: ast.AST) -> int:
    """One more than the places where a function may go two ways (McCabe 1976), functions inside it with it.

    Boolean operators count as lizard and radon count them: ``a and b and c`` is two; so do comprehensions and their conditions.
    """
    count = 1
    for node in ast.walk(function):
        match node:
            case ast.BoolOp():
                count += len(node.values) - 1
            case ast.comprehension():
                count += 1 + len(node.ifs)
            case (
                ast.If()
                | ast.IfExp()
                | ast.For()
                | ast.AsyncFor()
                | ast.While()
                | ast.ExceptHandler()
                | ast.Assert()
                | ast.match_case()
            ):
                count += 1
    return count


def above(source: str, most: int) -> dict[str, int]:
    """The functions of a module that are more complex than ``most``, by name."""
    functions = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return {node.name: count for node in functions if (count := complexity(node)) > most}


def test_every_way_is_counted() -> None:
    source = """
def f(a, b):
    if a and b or not a:
        return [x for x in a if x if b]
    for x in b:
        try:
            x()
        except ValueError:
            return 1 if a else 2
"""
    # if, and, or; comprehension and two conditions; for, except, if ... else
    assert above(source, 0) == {"f": 1 + 3 + 3 + 3}


def test_a_straight_function_has_one_way() -> None:
    assert above("def f(a):\n    return a + 1\n", 0) == {"f": 1}
    assert above("def f(a):\n    return a + 1\n", 1) == {}


def test_no_function_is_more_complex_than_can_be_read() -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()}:{name}": count
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for name, count in above(path.read_text(encoding="utf-8"), MOST).items()
    }
    assert not found, f"take these apart: {found}"
