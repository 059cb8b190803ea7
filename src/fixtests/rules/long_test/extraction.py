"""Whether a phase can be moved into a method of its own, and how that method reads.

Only what is certain is moved: names bound on every path, no function that
remembers variables, and nothing that asks who calls it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from fixtests.rules.long_test.phases import Described
from fixtests.syntax.queries import Function, first_row, spanning_statements, walk
from fixtests.text.source import Source

SHORTEST = 8  # lines
MOST_NEEDS = 4
MOST_GIVES = 3
REMEMBERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
LEAVES = (ast.Return, ast.Yield, ast.YieldFrom, ast.Await)
LATE = (ast.GeneratorExp, ast.NamedExpr)  # read or bound at a time that is not told here
FRAMES = frozenset(
    {"super", "locals", "vars", "globals", "dir", "eval", "exec", "inspect", "traceback", "sys"}
    | {"__class__", "__name__"}
)
SELF = frozenset({"id", "shortDescription", "_testMethodName", "_testMethodDoc", "_getframe"})


@dataclass(frozen=True)
class Extraction:
    """The rows to move, and the lines around them in the method and in their place."""

    first: int
    last: int
    head: str
    result: str
    call: str

    @property
    def size(self) -> int:
        """How many lines are moved."""
        return self.last - self.first + 1


def extraction(
    function: Function, item: Described, source: Source, line_length: int
) -> Extraction | None:
    """Return how to move one phase of a test that `is_plain`, None where that is not certain."""
    if not item.name or not _is_movable(item):
        return None
    rows = item.phase.first, item.phase.last
    if not _owns_lines(function, item, source):
        return None
    result = f"return {', '.join(item.gives)}" if item.gives else ""
    outer = " " * function.col_offset
    inner = " " * function.body[0].col_offset
    lines = (f"{outer}{item.signature}:", inner + item.call, inner + result)
    if any(len(line) > line_length for line in lines):
        return None
    return Extraction(*rows, f"{item.signature}:", result, item.call)


def is_plain(function: Function) -> bool:
    """Tell whether a test is a plain method in which no function remembers variables."""
    arguments = function.args.args
    if not isinstance(function, ast.FunctionDef) or not arguments or arguments[0].arg != "self":
        return False
    names = {ast.unparse(item) for item in function.decorator_list}
    inside = [node for statement in function.body for node in walk(statement)]
    return not names & {"staticmethod", "classmethod"} and not any(
        isinstance(node, (*REMEMBERS, ast.Delete, ast.Global, ast.Nonlocal))
        or (isinstance(node, ast.Name) and node.id in {"locals", "vars", "eval", "exec"})
        for node in inside
    )


def _is_movable(item: Described) -> bool:
    if item.phase.size < SHORTEST or len(item.needs) > MOST_NEEDS or len(item.gives) > MOST_GIVES:
        return False
    if item.unclear or not item.certain or not all(name.islower() for name in item.needs):
        return False
    return not any(
        isinstance(node, (*LEAVES, *LATE))
        or (isinstance(node, ast.Name) and (node.id in FRAMES or node.id.startswith("__")))
        or (isinstance(node, ast.Name) and node.id == "self" and isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.Attribute) and node.attr in SELF)
        for statement in item.phase.statements
        for node in walk(statement)
    )


def _owns_lines(function: Function, item: Described, source: Source) -> bool:
    """Tell whether no other statement stands on the lines of a phase."""
    first, last = item.phase.statements[0], item.phase.statements[-1]
    own, rows = set(item.phase.statements), range(item.phase.first, item.phase.last + 1)
    beside = any(statement not in own for statement in spanning_statements(function.body, rows))
    head = source.line(first_row(first))[: first.col_offset]
    end = source.line(item.phase.last)[last.end_col_offset :].strip()
    return not beside and not head.strip() and (not end or end.startswith(b"#"))
