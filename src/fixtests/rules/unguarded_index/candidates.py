"""Which indexed values may be fetched lists at all, told without following the function."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from fixtests.reasoning.fetched.known import BODIES
from fixtests.reasoning.fetched.lengths import PATHS, text
from fixtests.syntax.queries import walk

BINDING = frozenset(
    (
        *(ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.AsyncFor, ast.comprehension),
        ast.withitem,
    )
)


def plausible(nodes: list[ast.AST], indexed: Iterable[ast.expr]) -> bool:
    """Tell whether one of some indexed values is a call, or bound in a function's nodes to one.

    Most are neither: `mock.call_args[0]`, or a list that the test writes down.
    """
    paths = []
    for value in indexed:
        base = _base(value)
        if not isinstance(base, PATHS):
            return True
        paths.append((value, base))
    fetched = _fed(nodes) if paths else set()
    return any(text(part) in fetched for value, base in paths for part in _between(value, base))


def _base(value: ast.expr) -> ast.expr:
    """Return what a reply's keys and bodies are taken from: `x` for `x.json()['servers']`."""
    while True:
        match value:
            case ast.Subscript(value=inner, slice=ast.Constant(value=str())):
                value = inner
            case ast.Attribute(value=inner, attr=name) if name in BODIES:
                value = inner
            case _:
                return value


def _between(value: ast.expr, base: ast.expr) -> Iterator[ast.expr]:
    while value is not base:
        yield value
        value = value.value  # type: ignore[attr-defined]
    yield base


def _fed(nodes: list[ast.AST]) -> set[str]:
    """Return what a function's nodes bind to something that calls made, directly or not."""
    bindings: list[tuple[list[ast.expr], ast.expr]] = []
    for node in nodes:
        if node.__class__ not in BINDING:
            continue
        match node:
            case ast.Assign(targets=targets, value=value):
                bindings.append((targets, value))
            case (
                ast.AnnAssign(target=target, value=ast.expr() as value)
                | ast.NamedExpr(target=target, value=value)
                | ast.For(target=target, iter=value)
                | ast.AsyncFor(target=target, iter=value)
                | ast.comprehension(target=target, iter=value)
                | ast.withitem(context_expr=value, optional_vars=ast.expr() as target)
            ):
                bindings.append(([target], value))
    found: set[str] = set()
    waiting: list[tuple[set[str], set[str]]] = []
    for targets, value in bindings:
        bound = {name for target in targets for name in _paths(target)}
        if any(isinstance(item, ast.Call) for item in walk(value)):
            found |= bound
        else:
            waiting.append((bound, _paths(value)))
    grown = True
    while grown:
        size = len(found)
        for bound, made_of in waiting:
            if not found.isdisjoint(made_of):
                found |= bound
        grown = len(found) > size
    return found


def _paths(node: ast.expr) -> set[str]:
    return {text(item) for item in walk(node) if isinstance(item, PATHS)}
