"""Which names some statements read that are bound before them, and which they bind."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from fixtests.reasoning.expectations import Expectation
from fixtests.syntax.queries import bound_by, bound_names, children, is_function, walk_function

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def own_names(statements: Iterable[ast.stmt]) -> set[str]:
    """Return the names that some statements bind in the function around them."""
    found: set[str] = set()
    for statement in statements:
        found.update(bound_by(statement))
        if not is_function(statement) and not isinstance(statement, ast.ClassDef):
            inner = {
                name
                for node in walk_function(statement)
                if isinstance(node, COMPREHENSIONS)
                for part in node.generators
                for name in bound_names(part.target)
            }
            outer = {name for node in walk_function(statement) for name in bound_by(node)}
            found |= outer - inner | _walrus(statement)
    return found


class Reads:
    """What statements read and bind; `expected` tells which blocks may end before their end."""

    def __init__(self, expected: Callable[[ast.With | ast.AsyncWith], Expectation | None]) -> None:
        self._expected = expected

    def free_names(self, statements: Sequence[ast.stmt]) -> tuple[set[str], set[str]]:
        """Return the names read before statements bind them, and those that they surely bind."""
        bound: set[str] = set()
        found: set[str] = set()
        self._block(statements, bound, found)
        return found, bound

    def _block(self, statements: Iterable[ast.stmt], bound: set[str], found: set[str]) -> None:
        for statement in statements:
            self._statement(statement, bound, found)

    def _statement(self, statement: ast.stmt, bound: set[str], found: set[str]) -> None:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found |= _definition(statement) - bound
                bound.add(statement.name)
            case ast.If(test=test, body=body, orelse=orelse):
                found |= loads(test) - bound
                ways = [set(bound), set(bound)]
                self._block(body, ways[0], found)
                self._block(orelse, ways[1], found)
                bound |= ways[0] & ways[1]
            case ast.For(target=target, iter=source) | ast.AsyncFor(target=target, iter=source):
                found |= (loads(source) | loads(target)) - bound
                self._block(statement.body, bound | bound_names(target), found)
                self._block(statement.orelse, set(bound), found)
            case ast.While(test=test, body=body, orelse=orelse):
                found |= loads(test) - bound
                self._block(body, set(bound), found)
                self._block(orelse, set(bound), found)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for context in items:
                    found |= loads(context) - bound
                    bound |= bound_names(context)
                swallows = self._expected(statement) is not None
                self._block(body, set(bound) if swallows else bound, found)
            case ast.Try():
                self._try(statement, bound, found)
            case _:
                _simple(statement, bound, found)

    def _try(self, statement: ast.Try, bound: set[str], found: set[str]) -> None:
        tried = set(bound)
        self._block(statement.body, tried, found)
        self._block(statement.orelse, tried, found)
        for handler in statement.handlers:
            found |= (loads(handler.type) if handler.type else set()) - bound
            self._block(handler.body, bound | {handler.name or ""}, found)
        self._block(statement.finalbody, bound, found)


def _simple(statement: ast.stmt, bound: set[str], found: set[str]) -> None:
    found |= loads(statement) - bound
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        found |= {statement.target.id} - bound
    if not isinstance(statement, ast.Match):
        bound |= own_names([statement])


def _definition(statement: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> set[str]:
    """Return the names that a function or a class reads from around it."""
    if isinstance(statement, ast.ClassDef):
        return loads(statement) - bound_names(statement)
    found = {name for item in statement.body for name in loads(item)} - bound_names(statement)
    outside = (*statement.decorator_list, *statement.args.defaults, *statement.args.kw_defaults)
    return found | {name for item in outside if item for name in loads(item)}


def loads(node: ast.AST) -> set[str]:
    """Return the names that a node reads, those of its own comprehensions left out."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Load) else set()
    found = {name for child in children(node) for name in loads(child)}
    if isinstance(node, COMPREHENSIONS):
        first = loads(node.generators[0].iter)
        found -= {name for part in node.generators for name in bound_names(part.target)}
        found |= first
    elif isinstance(node, ast.Lambda):
        found -= bound_names(node.args)
    return found


def _walrus(statement: ast.stmt) -> set[str]:
    return {
        node.target.id
        for node in walk_function(statement)
        if isinstance(node, ast.NamedExpr) and isinstance(node.target, ast.Name)
    }
