"""Assertions that are not flagged, for those who say that their values are swapped."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.reasoning import roles
from fixtests.rules.api import Context
from fixtests.rules.swapped_assertion import values
from fixtests.rules.swapped_assertion.values import Kind
from fixtests.syntax.queries import Function, walk, walk_function


def of_call(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield an assertion by which of its values is the expected one."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="self"), attr=name), args=[one, two, *_]
        ):
            if name not in roles.EXPECTED_FIRST:
                return
            first, second = values.kind(one), values.kind(two)
            written = first is not Kind.COMPUTED or values.is_called_expected(one)
            if written and second is Kind.COMPUTED:
                told = f"the expected value comes first: `{ast.unparse(one)}`"
                yield context.judged(node, Judgement.RIGHT, told)
            elif values.is_called_expected(two) or _is_field_beside(two, one):
                told = f"`{ast.unparse(one)}` comes first, which looks like what is observed"
                yield context.judged(node, Judgement.SO, told)
            elif isinstance(one, ast.BinOp) != isinstance(two, ast.BinOp):
                first_made = isinstance(one, ast.BinOp)
                told = f"`{ast.unparse(one if first_made else two)}` is calculated"
                judgement = Judgement.RIGHT if first_made else Judgement.SO
                yield context.judged(node, judgement, f"{told}, as expected values are")
            elif _is_count(one) != _is_count(two):
                told = f"`{ast.unparse(one if _is_count(one) else two)}` counts what is observed"
                judgement = Judgement.SO if _is_count(one) else Judgement.RIGHT
                yield context.judged(node, judgement, told)
            elif _is_field_beside(one, two):
                told = f"`{ast.unparse(one)}` comes first, and a field of something second"
                yield context.judged(node, Judgement.RIGHT, told)
            elif later := _read_later(node, one, two, context):
                told = f"`{ast.unparse(later)}` is read last, which looks like what is observed"
                judgement = Judgement.SO if later is one else Judgement.RIGHT
                yield context.judged(node, judgement, told)
            else:
                told = f"nothing tells which value of `{name}` is the expected one"
                yield context.judged(node, Judgement.OPEN, told)


def _is_count(value: ast.expr) -> bool:
    """Tell whether a value is the length of something."""
    match value:
        case ast.Call(func=ast.Name(id="len"), args=[_]):
            return True
    return False


def _is_field_beside(plain: ast.expr, other: ast.expr) -> bool:
    """Tell whether a value is a bare name, and the one beside it a field of what was fetched."""
    match plain, other:
        case ast.Name(), ast.Subscript(slice=ast.Constant(value=str())):
            return True
    return False


def _read_later(call: ast.Call, one: ast.expr, two: ast.expr, context: Context) -> ast.expr | None:
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
