"""Handlers that are not flagged, for those who say that they hide an error."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement, Span
from fixtests.rules.api import Context
from fixtests.rules.swallowed_failure import handlers
from fixtests.syntax.queries import called_name, walk_function


def of_handler(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield a handler: whether it raises again, or what it catches and does nothing about."""
    if not isinstance(node, ast.ExceptHandler):
        return
    named = f"`{ast.unparse(node.type)}`" if node.type is not None else "everything"
    start, end = context.source.span(node).start, context.source.span(node.body[0]).start
    if any(_fails(item) for item in walk_function(node)):
        told, judgement = f"what catches {named} raises or fails again", Judgement.RIGHT
    elif all(handlers.does_nothing(item, ()) for item in node.body):
        told = f"{named} is caught and passed over; whether it is expected, only its author knows"
        judgement = Judgement.SO
    else:
        told = f"{named} is caught, and nothing tells whether what is done then is enough"
        judgement = Judgement.OPEN
    yield context.judged(node, judgement, told, span=Span(start, end))


def _fails(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) or (
        isinstance(node, ast.Call) and called_name(node) in ("fail", "skipTest", "skipException")
    )
