"""Assertions that are not flagged, for those who say that their values are swapped."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.reasoning import roles
from fixtests.rules.api import Context
from fixtests.rules.swapped_assertion import order, values
from fixtests.rules.swapped_assertion.values import Kind


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
            elif later := order.read_later(node, one, two, context):
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
