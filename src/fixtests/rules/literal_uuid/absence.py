"""What says that an id stands for nothing: names, comments, expected failures."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

from fixtests.rules.literal_uuid.spelling import EXACT
from fixtests.syntax.queries import is_function, last_name, walk
from fixtests.tree.module import Module

ABSENT = re.compile(r"not_?found|non_?exist|not_?exist|no_such|doesnt_exist|bogus|absent", re.I)
ABSENT_ID = re.compile(r"(invalid|missing|unknown|wrong)_(\w+_)?(id|uuid)", re.I)
SAID = re.compile(
    r"not? exist|n't exist|non-?exist|not found|no such|\bunknown\b|\bbogus\b"
    r"|\b(invalid|wrong|missing) (\w+[ _])?(id|uuid)\b",
    re.I,
)
COMMENT = re.compile(r"^\s*#")
NOT_FOUND = 404  # of HTTP


class Absence:
    """Where a module speaks of what is not there."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._spoken: dict[ast.AST, bool] = {}

    def is_said(self, node: ast.Constant) -> bool:
        """Tell whether a comment beside a literal, or its statement, says that it is not there."""
        statement = self._module.parents.statement(node)
        if any(map(SAID.search, self._comments(node, statement))):
            return True
        if hasattr(statement, "body") or not self._is_spoken_of(statement):
            return False
        values = {item.value for item in walk(statement) if _is_id(item)}
        return len(values) == 1  # of several, nobody knows which one

    def is_expected(self, node: ast.Constant) -> bool:
        """Tell whether the test that holds a literal speaks of what is not found."""
        above = self._module.parents.above(node)
        return any(self._is_spoken_of(item) for item in above if is_function(item))

    def _is_spoken_of(self, node: ast.AST) -> bool:
        if node not in self._spoken:
            self._spoken[node] = any(map(_is_absence, walk(node)))
        return self._spoken[node]

    def _comments(self, node: ast.Constant, statement: ast.stmt) -> Iterator[str]:
        """Yield the comment behind a literal, and those right above it or its statement."""
        after = self._line(node.end_lineno or node.lineno)
        yield after.partition(str(node.value))[2].partition("#")[2]
        for first in {node.lineno, statement.lineno}:
            row = first - 1
            while row > 0 and COMMENT.match(line := self._line(row)):
                yield line
                row -= 1

    def _line(self, row: int) -> str:
        return self._module.source.line(row).decode("utf-8", "surrogatepass")


def _is_id(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and EXACT.fullmatch(str(node.value)) is not None


def _is_absence(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=int(status)):
            return status == NOT_FOUND
        case ast.Name() | ast.Attribute():
            return ABSENT.search(last_name(node)) is not None
    return False
