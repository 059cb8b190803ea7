"""Which of the two values of an assertion a test read later: that one is observed."""

from __future__ import annotations

import ast

from fixtests.rules.api import Context
from fixtests.syntax.queries import Function, walk, walk_function


def read_later(call: ast.Call, one: ast.expr, two: ast.expr, context: Context) -> ast.expr | None:
    """Return which of two values was read from something after the other one was bound."""
    function = context.parents.function(call)
    if function is None:
        return None
    first, second = (_bound(item, call, function) for item in (one, two))
    if first is None or second is None or first[0] == second[0]:
        return None
    row, is_read = max(first, second)
    if not is_read:
        return None
    return one if row == first[0] else two


def _bound(value: ast.expr, call: ast.Call, function: Function) -> tuple[int, bool] | None:
    """Return on which row the name was bound that a value is read from, and whether to a reply.

    What the class holds and what the function is given was there before. None where the value
    is made of several names.
    """
    root = _root(value)
    if not isinstance(root, ast.Name):
        return None
    bound = [
        item
        for item in walk_function(function)
        if isinstance(item, ast.Assign)
        and item.lineno < call.lineno
        and any(
            isinstance(part, ast.Name) and part.id == root.id
            for target in item.targets
            for part in walk(target)
        )
    ]
    if not bound:
        return 0, False
    last = max(bound, key=lambda item: item.lineno)
    read = last.value
    while isinstance(read, ast.Attribute | ast.Subscript):
        read = read.value
    return last.lineno, isinstance(read, ast.Call)


def _root(value: ast.expr) -> ast.expr:
    """Return what a value is read from: `x` for `x['a'].b.encode()`."""
    while True:
        match value:
            case ast.Attribute(value=inner) | ast.Subscript(value=inner):
                value = inner
            case ast.Call(func=ast.Attribute(value=inner), args=[]):
                value = inner
            case _:
                return value
