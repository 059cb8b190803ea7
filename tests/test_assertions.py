"""What tests assert can fail: the kinds of assertion that ruff has no rule for."""

import ast
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
FILES = sorted([*(TOP / "tests").glob("*.py"), *(TOP / "benchmarks").glob("*.py")])
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
# As a message, they were meant to be asserted: `assert a, b == c` asserts `a`.
CONDITIONS = ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Tuple
# As a condition, they hold whatever stands in them.
TRUE = ast.GeneratorExp | ast.Lambda | ast.List | ast.Dict | ast.Set | ast.Constant
RAISING = ("pytest.raises", "pytest.fail")


def faults(tree):
    """Return the rows of assertions that cannot fail as they were meant to."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
        and (isinstance(node.msg, CONDITIONS) or isinstance(node.test, TRUE))
    ]


def idle(trees):
    """Return the names of tests that assert nothing, neither themselves nor in what they call."""
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, FUNCTION)]
    asserting = {node.name for node in functions if asserts(node)}
    while more := {node.name for node in functions if calls(node) & asserting} - asserting:
        asserting |= more
    return [
        node.name
        for node in functions
        if node.name.startswith("test_") and node.name not in asserting
    ]


def asserts(function):
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and ast.unparse(node.func) in RAISING)
        for node in ast.walk(function)
    )


def calls(function):
    """Return the names of the functions that one calls."""
    found = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {node.attr if isinstance(node, ast.Attribute) else ast.unparse(node) for node in found}


def parsed(path):
    return ast.parse(path.read_text())


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_assertions_can_fail(path):
    assert faults(parsed(path)) == []


def test_every_test_asserts_something():
    assert idle(map(parsed, FILES)) == []


@pytest.mark.parametrize(
    "text",
    [
        "assert a, b == c",
        "assert a, b or c",
        "assert a, not b",
        "assert a, (b, c)",
        "assert [a]",
        "assert (item for item in a)",
        "assert lambda: a",
        "assert True",
    ],
)
def test_assertion_that_cannot_fail_is_noticed(text):
    assert faults(ast.parse(f"def test_it():\n    {text}\n")) == [2]


def test_test_without_assertion_is_noticed():
    text = (
        "def test_idle(): run()\n"
        "def test_own(): assert run()\n"
        "def test_raises():\n    with pytest.raises(KeyError): run()\n"
        "def test_through_helpers(): self.outer()\n"
        "def outer(): inner()\n"
        "def inner(): assert run()\n"
        "def run(): pass\n"
    )
    assert idle([ast.parse(text)]) == ["test_idle"]
