"""Handlers that are not flagged, for those who say that they hide an error."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from fixtests.model import Judged, Judgement, Span
from fixtests.reasoning import roles
from fixtests.rules.api import Context
from fixtests.rules.swallowed_failure import handlers
from fixtests.syntax.queries import (
    bound_by,
    called_name,
    calls,
    is_function,
    last_name,
    walk,
    walk_function,
)

SKIPS = (*roles.SKIPS, "skipException", "SkipTest")
KEEPING = frozenset({"append", "add", "extend", "put", "put_nowait", "update"})


def of_handler(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield a handler: whether it raises again, or what it catches and does nothing about."""
    if not isinstance(node, ast.ExceptHandler):
        return
    named = f"`{ast.unparse(node.type)}`" if node.type is not None else "everything"
    start, end = context.source.span(node).start, context.source.span(node.body[0]).start
    so = Judgement.SO if handlers.is_broad(node) else Judgement.HALF  # it hides nothing but that
    if any(map(_skips, walk_function(node))) and not _raises_last(node.body):
        told, judgement = f"what catches {named} skips the test", Judgement.HALF
    elif _ends(node.body):
        told, judgement = f"what catches {named} raises or fails again", Judgement.RIGHT
    elif any(_fails(item) for item in walk_function(node)):
        told = f"what catches {named} raises or fails again in some cases, and goes on in others"
        judgement = Judgement.SO
    elif _is_waited_for(node, context):
        told, judgement = f"{named} is what the loop around it waits for", Judgement.RIGHT
    elif around := _ended_by_failure(node, context):
        told = f"{named} is tried again; what ends the loop around it fails, on line {around}"
        judgement = Judgement.RIGHT if _goes_round(node, context) else Judgement.HALF
    elif kept := _kept(node, context):
        told, judgement = f"{named} is kept, and asserted on line {kept}", Judgement.RIGHT
    elif all(handlers.does_nothing(item, ()) for item in node.body):
        told = f"{named} is caught and passed over; whether it is expected, only its author knows"
        judgement = so
    elif handlers.is_broad(node) or all(map(_goes_on, node.body)):
        told = f"{named} is caught, and the code goes on; whether that will do, only its author"
        told, judgement = f"{told} knows", so
    else:
        told = f"{named} is caught, and nothing tells whether what is done then is enough"
        judgement = so
    tried = context.parents.above(node)
    row = next(item.lineno for item in tried if isinstance(item, ast.Try | ast.TryStar))
    told = f"{told} (of the `try` on line {row})"
    yield context.judged(node, judgement, told, span=Span(start, end))


def _raises_last(body: Sequence[ast.stmt]) -> bool:
    """Tell whether a handler raises where no condition above that holds."""
    return isinstance(body[-1], ast.Raise) and not _skips_by(body[-1])


def _skips_by(node: ast.stmt) -> bool:
    return any(map(_skips, walk(node)))


def _ends(body: Sequence[ast.stmt]) -> bool:
    """Tell whether statements raise or fail whatever their conditions are."""
    for node in body:
        match node:
            case ast.Raise() | ast.Expr(value=ast.Call()) if _fails(getattr(node, "value", node)):
                return True
            case ast.If(body=one, orelse=other) if _ends(one) and _ends(other):
                return True
            case ast.With(body=inside) | ast.AsyncWith(body=inside) if _ends(inside):
                return True
            case ast.Try(body=inside, finalbody=last) if _ends(inside) or _ends(last):
                return True
    return False


def _fails(node: ast.AST) -> bool:
    failing = (roles.FAILS, *SKIPS)
    return isinstance(node, ast.Raise) or (
        isinstance(node, ast.Call) and called_name(node) in failing
    )


def _skips(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and called_name(node) in SKIPS


def _is_waited_for(handler: ast.ExceptHandler, context: Context) -> bool:
    """Tell whether a loop ends where something is not found, which it waits for."""
    if handler.type is None or not roles.IS_GONE.search(ast.unparse(handler.type)):
        return False
    ends = all(isinstance(item, ast.Break | ast.Return) for item in handler.body)
    return ends and any(
        isinstance(above, ast.For | ast.While) for above in context.parents.above(handler)
    )


def _ended_by_failure(handler: ast.ExceptHandler, context: Context) -> int:
    """Return the row on which what is left of a loop fails that a handler lets go on, else 0.

    That is what it does otherwise, or what follows it.
    """
    if not isinstance(handler.body[-1], ast.Continue | ast.Pass | ast.Expr):
        return 0
    around = [
        item for item in context.parents.above(handler) if isinstance(item, ast.For | ast.While)
    ]
    for loop in around[:1]:
        above = context.parents.above(loop)
        blocks = (getattr(item, "body", []) for item in above)
        block = next((item for item in blocks if loop in item), [])
        after = loop.orelse or block[block.index(loop) + 1 :][:1] if block else []
        if _ends(after):
            return after[0].lineno
    return 0


def _goes_round(handler: ast.ExceptHandler, context: Context) -> bool:
    """Tell whether what is left of a loop is begun again right behind a handler."""
    tried = context.parents.of(handler)
    loop = context.parents.of(tried) if tried is not None else None
    is_last = isinstance(loop, ast.For | ast.While) and loop.body[-1] is tried
    return isinstance(handler.body[-1], ast.Continue) or (
        is_last and isinstance(handler.body[-1], ast.Pass)
    )


def _kept(handler: ast.ExceptHandler, context: Context) -> int:
    """Return the row on which something is asserted of what a handler puts the error in, else 0."""
    keepers = {
        item.func.value.id
        for item in calls(handler)
        if isinstance(item.func, ast.Attribute)
        and isinstance(item.func.value, ast.Name)
        and item.func.attr in KEEPING
    }
    keepers |= {name for node in handler.body for item in walk(node) for name in bound_by(item)}
    outermost = [item for item in context.parents.above(handler) if is_function(item)][-1:]
    rows = [
        call.lineno
        for function in outermost
        for call in calls(function)
        if roles.ASSERTS.match(called_name(call))
        and call.lineno > handler.lineno
        and any(last_name(item) in keepers for part in call.args for item in walk(part))
    ]
    return min(rows, default=0)


def _goes_on(node: ast.stmt) -> bool:
    """Tell whether a statement of a handler only counts, pauses, logs or gives a plain answer."""
    match node:
        case ast.Return(value=None | ast.Constant()) | ast.AugAssign():
            return True
        case ast.Assign(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call() as call) if called_name(call) in roles.PAUSES:
            return True
    return handlers.does_nothing(node, ())
