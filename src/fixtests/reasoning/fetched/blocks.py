"""Which statements of a block have anything to do with a list, so that others are passed by."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

from fixtests.reasoning import roles
from fixtests.reasoning.calls import OWN
from fixtests.reasoning.fetched.asserted import measured
from fixtests.reasoning.fetched.lengths import text
from fixtests.syntax.plain_text import written
from fixtests.syntax.queries import called_name, walk

STARTS = re.compile(r"(?<![\w.'\"])\w")
WORD = re.compile(r"\w")


class Block:
    """One block of statements, and in which of them each text stands for a value.

    What is bound is kept apart, since a list is lost with each part of it.
    """

    def __init__(self, statements: list[ast.stmt]) -> None:
        self.statements = statements
        self._used: dict[str, list[int]] = {}
        self._bound: dict[str, list[int]] = {}
        self._own: list[int] = []  # where a method of `self` is called
        self._unwritten: list[int] = []  # where an expression stands that has no plain text
        for number, statement in enumerate(statements):
            for node in walk(statement):
                self._note(node, number)

    @cached_property
    def places(self) -> dict[ast.stmt, int]:
        """The number of each statement."""
        return {statement: number for number, statement in enumerate(self.statements)}

    def about(self, path: str) -> set[int]:
        """Return the numbers of all statements that may reach, change or assert a list."""
        found = set(self._used.get(path, ()))
        for part in _parts(path):
            found.update(self._bound.get(part, ()))
        if path.startswith(("self.", "cls.")):
            found.update(self._own)
        if not _is_written(path):
            found.update(self._unwritten)
        return found

    def _note(self, node: ast.AST, number: int) -> None:
        match node:
            case ast.Name(ctx=ast.Store() | ast.Del()):
                self._bound.setdefault(node.id, []).append(number)
            case ast.Attribute(ctx=ast.Store() | ast.Del()):
                self._bind(node, number)
            case ast.Subscript():
                if not isinstance(node.ctx, ast.Load):
                    self._bind(node, number)
                self._use([node.value], number)
            case ast.Call(func=function, args=args, keywords=keywords):
                if isinstance(function, ast.Attribute):
                    self._use([function.value], number)
                    if _is_own(function.value) and not roles.ASSERTS.match(called_name(node)):
                        self._own.append(number)
                self._use([*args, *(item.value for item in keywords)], number)
            case ast.Expr(value=ast.Call() as call):
                for path in measured(call):
                    self._used.setdefault(path, []).append(number)

    def _bind(self, node: ast.expr, number: int) -> None:
        name = text(node)
        self._bound.setdefault(name, []).append(number)
        if not WORD.match(name):
            self._unwritten.append(number)

    def _use(self, nodes: Iterable[ast.expr], number: int) -> None:
        for node in nodes:
            name = written(node)
            if name is None:
                self._unwritten.append(number)
            else:
                self._used.setdefault(name, []).append(number)


def _is_own(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in OWN


@lru_cache(1024)
def _parts(path: str) -> tuple[str, ...]:
    """Return the parts of a path that may be bound by themselves."""
    ends = [end for end in range(1, len(path) + 1) if not WORD.match(path, end)]
    starts = (match.start() for match in STARTS.finditer(path))
    return tuple(path[start:end] for start in starts for end in ends if end > start)


@lru_cache(1024)
def _is_written(path: str) -> bool:
    """Tell whether a path is the text of an expression without operators."""
    try:
        return written(ast.parse(path, mode="eval").body) is not None
    except SyntaxError:
        return False
