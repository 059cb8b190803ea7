"""Assertions that are not flagged, for those who say that their values are swapped."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.reasoning import roles
from fixtests.rules.api import Context
from fixtests.rules.swapped_assertion import values
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
            else:
                told = f"nothing tells which value of `{name}` is the expected one"
                yield context.judged(node, Judgement.OPEN, told)
