"""Which assertions have their expected value second."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from fixtests.model import Applicability, Finding
from fixtests.reasoning import roles
from fixtests.rules.api import Context
from fixtests.rules.swapped_assertion import convention, neighbours, values

WIDTH = 40  # characters of a value that a message shows


def of_call(node: ast.AST, context: Context) -> Iterator[Finding]:
    """Yield an assertion with a plain value in the second place only."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name), args=args):
            if name in roles.EXPECTED_FIRST and 2 <= len(args) <= 3:
                yield from _judged(node, name, context)


def _judged(call: ast.Call, name: str, context: Context) -> Iterator[Finding]:
    if not neighbours.is_swapped(call, context) or not convention.holds(call, context):
        return
    shown = values.shown(call.args[1], context.source, WIDTH)
    reason = neighbours.in_the_way(call, context)
    if reason == neighbours.UNKNOWN:
        message = f"`{shown}` seems to be the expected value, which `{name}` takes first"
        yield context.finding(call, message, Applicability.DISPLAY)
        return
    message = f"`{name}` takes the expected value first: `{shown}`"
    reason = reason or neighbours.beside(call, context)
    if reason:
        yield context.finding(call, f"{message}; {reason}", Applicability.DISPLAY)
        return
    first, second = values.extents(call, context.source)
    method = context.method_at(call)
    test = method.node.lineno if method else 0
    data: dict[str, Any] = {"first": first, "second": second, "together": test}
    yield context.finding(call, message, Applicability.SAFE, **data)
