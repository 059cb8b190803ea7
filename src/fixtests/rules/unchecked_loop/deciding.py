"""Which loops over lists that were fetched hold all that a test asserts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Applicability, Finding
from fixtests.reasoning import roles
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.fetched import asserting, guards, usual
from fixtests.reasoning.fetched.lists import Lists, Origins
from fixtests.rules.api import Context
from fixtests.rules.unchecked_loop.entering import (
    Entering,
    Loop,
    asserts,
    asserts_absence,
    is_conditional,
)
from fixtests.syntax.queries import called_name, is_function, walk, walk_function

CONDITION = "the assertions stand under a condition, too: assert that what they are about was found"
REASON = "a test that passes with an empty list fails then: look whether one may be there"


def of_function(node: ast.AST, context: Context) -> Iterator[Finding]:
    """Yield each loop over a list that may be empty, where all assertions stand in such."""
    if not is_function(node) or not node.name.startswith("test"):
        return
    method, owner = context.method_at(node), context.class_at(node)
    if method is None or owner is None or not context.project.is_test(context.source.path):
        return
    loops = [
        item
        for item in walk_function(node)
        if isinstance(item, ast.For | ast.AsyncFor) and any(map(asserts, walk_function(item)))
    ]
    if not loops or asserting.is_pytest(node, owner, context.project):
        return
    run = Run(method, owner)
    origins = Origins(Lists.of(context.project), run)
    found = Entering(node, origins, loops).found
    inside = {part for loop in found for part in walk_function(loop.node)}
    outside = [item for item in walk_function(node) if item not in inside]
    if any(map(_fails, outside)) or any(_checks(item, run, context) for item in outside):
        return
    taken = guards.names(node)
    inner = {part for loop in found for part in walk_function(loop.node) if part != loop.node}
    for loop in (item for item in found if item.node not in inner):
        if asserts_absence(loop.node):
            continue
        yield _finding(loop, method.node, context, taken)


def _fails(node: ast.AST) -> bool:
    """Tell whether a test ends in failure where something is not as it has to be."""
    return asserts(node) or isinstance(node, ast.Raise)


def _checks(node: ast.AST, run: Run, context: Context) -> bool:
    """Tell whether a call runs a function of the tests that asserts something.

    What it asserts on its way somewhere says nothing of what the loop is about.
    """
    if not isinstance(node, ast.Call) or roles.CHECKS_NOTHING.match(called_name(node)):
        return False
    calls = Calls.of(context.project)
    callee = calls.callee_in_tests(node.func, run)
    if callee is None:
        return False
    return any(
        any(map(asserts, walk_function(item.method.node)))
        for item in calls.reached([callee], lambda _: True)
    )


def _finding(
    loop: Loop, function: ast.FunctionDef | ast.AsyncFunctionDef, context: Context, taken: set[str]
) -> Finding:
    owner = context.class_at(function)
    listed = loop.node.iter
    message = (
        f"all that is asserted stands in a loop over `{ast.unparse(listed)}`, which was fetched"
    )
    unable = asserting.unable(function, owner, context.project)
    if unable := unable or (CONDITION if is_conditional(loop.node.body) else ""):
        return context.finding(listed, f"{message}; {unable}", Applicability.DISPLAY)
    span = context.source.span(listed)
    written = context.source.slice(span)
    name, assignment = written, ""
    if any(isinstance(item, ast.Call) for item in walk(listed)):
        known = usual.name(listed, context.module)
        name, assignment = guards.naming(
            listed,
            loop.node,
            written,
            taken,
            context.line_length,
            known,
            context.source.line(listed.lineno),
        )
    after = not assignment and loop.origin is not None and loop.previous is loop.origin
    return context.finding(
        listed,
        f"{message}; {REASON}",
        Applicability.UNSAFE,
        anchor=loop.origin if after else loop.node,
        assignment=assignment,
        guard=guards.guard(name, 0, owner, context.project),
        name=name,
        replaced=[span.start, span.end],
        after=after,
    )
