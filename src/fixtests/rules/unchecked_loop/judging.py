"""Loops that are not flagged, for those who say that they may never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from fixtests.model import Judged, Judgement
from fixtests.reasoning import helpers
from fixtests.reasoning.calls import Run
from fixtests.reasoning.fetched import sizes
from fixtests.reasoning.fetched.lists import Lists, Origins
from fixtests.rules.api import Context
from fixtests.rules.unchecked_loop.entering import Entering, asserts
from fixtests.syntax.queries import (
    Function,
    bound_names,
    calls,
    is_function,
    walk,
    walk_function,
)


def of_function(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield the loops of a function by whether what they go over may be empty."""
    method = context.method_at(node)
    if not is_function(node) or method is None:
        return
    loops = [item for item in walk_function(node) if isinstance(item, ast.For | ast.AsyncFor)]
    if not loops:
        return
    run = Run(method, context.class_at(node))
    origins = Origins(Lists.of(context.project), run)
    entering = Entering(node, origins, loops)
    for loop in loops:
        over, inside = f"`{ast.unparse(loop.iter)}`", {*walk_function(loop)}
        elsewhere = {
            item
            for other in loops
            if other is not loop and other not in entering.filled
            for item in walk_function(other)
        }
        asserted = [item for item in walk_function(node) if asserts(item) and item not in inside]
        beside = [item for item in asserted if item not in elsewhere]
        if loop in entering.filled:
            told, judgement = f"{over} is known not to be empty", Judgement.RIGHT
        elif filled := _filled(loop, node, context):
            told, judgement = filled, Judgement.RIGHT
        elif (reached := _asserted_after(loop, beside)) and any(map(asserts, inside)):
            told, judgement = f"{reached}, which the loop has to bind", Judgement.RIGHT
        elif beside and any(map(asserts, inside)):
            row = beside[0].lineno  # type: ignore[attr-defined]
            told = (
                f"nothing tells that {over} is not empty; something else is asserted on line {row}"
            )
            judgement = Judgement.HALF  # many a claim is that nothing else is asserted
        elif any(map(asserts, inside)):
            told = f"nothing is asserted outside of it; nothing tells whether {over} was fetched"
            judgement = Judgement.SO
        elif any(helpers.may_wait_or_assert(item, run, context.project) for item in calls(loop)):
            told, judgement = "nothing tells whether something is asserted in it", Judgement.OPEN
        else:
            told, judgement = "nothing is asserted in it", Judgement.RIGHT
        yield context.judged(loop, judgement, told)


def _asserted_after(loop: ast.For | ast.AsyncFor, asserted: Sequence[ast.AST]) -> str:
    """Say which name is asserted behind a loop that binds it, so that it has to be entered."""
    targets = bound_names(loop.target)
    names = {name for item in loop.body for name in bound_names(item)} - targets
    for item in asserted:
        below = item.lineno > (loop.end_lineno or 0)  # type: ignore[attr-defined]
        for part in walk(item) if below else ():
            if isinstance(part, ast.Name) and part.id in names:
                return f"`{part.id}` is asserted on line {part.lineno}"
    return ""


def _filled(loop: ast.For | ast.AsyncFor, function: Function, context: Context) -> str:
    """Say why what a loop goes over holds something, by the text of the function; else nothing."""
    listed, owner = sizes.alike(loop.iter), context.class_at(function)
    name = f"`{ast.unparse(listed)}`"
    if count := sizes.written_out(listed, function, owner, context.module):
        return f"{name} is written out, with {count} item{'s' * (count > 1)}"
    row = sizes.asserted_above(listed, function, loop.lineno)
    row = row or sizes.demanded_around(loop.iter, listed, context.parents)
    return f"the length of {name} is checked on line {row}" if row else ""
