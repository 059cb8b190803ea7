"""Tests that are not flagged, for those who say that no failure is asserted."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.reasoning import roles
from fixtests.reasoning.calls import Calls, Run
from fixtests.rules.api import Context
from fixtests.rules.unasserted_failure import failures
from fixtests.syntax.queries import Function, bound_names, called_name, calls, is_function, walk
from fixtests.tree.module import Class, Method

REGEX = ("assertraisesregex", "assert_raises_regex", "assertraiseswithmessage")


def of_function(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield a test by whether it asserts a failure, in what it runs too."""
    owner, method = context.class_at(node), context.method_at(node)
    if not is_function(node) or owner is None or method is None:
        return
    if not node.name.startswith("test"):
        return
    if failures.tolerates(node):
        told = f"`{node.name}` lets a failure pass, and asserts none; without one it passes, too"
        yield context.judged(node, Judgement.SO, told)
    elif failures.states(method, owner, context.project):
        told = f"`{node.name}` asserts a failure, itself or in what it runs"
        told = f"{told}, and looks at its message" if _reads_error(node) else told
        yield context.judged(node, Judgement.RIGHT, told)
    elif not failures.asserts_plainly(method, owner, context.project):
        told = f"`{node.name}` holds no assertion, nor does what is known of what it runs"
        asserting = _asserting(method, owner, context)
        judgement = Judgement.HALF if asserting else Judgement.SO
        told = f"{told}, but for `{asserting}`" if asserting else told
        yield context.judged(node, judgement, told)
    elif failures.asserted(method, owner, context.project):
        told = f"what `{node.name}` asserts may follow from a failure, and from something else"
        yield context.judged(node, Judgement.OPEN, told)
    else:
        told = f"`{node.name}` asserts no failure, and does not say that it would"
        yield context.judged(node, Judgement.OPEN, told)


def _asserting(method: Method, owner: Class, context: Context) -> str:
    """Return the name of a method of the same class that a test runs and that asserts, else ""."""
    known = Calls.of(context.project)
    own = {*owner.methods.values()} - {method}
    return next(
        (
            run.method.name
            for run in known.reached([Run(method, owner)], lambda run: run.method.owner is owner)
            if run.method in own and failures.holds_assertion(run.method)
        ),
        "",
    )


def _reads_error(function: Function) -> bool:
    """Tell whether a test looks at what is told by an error that it expects."""
    bound: set[str] = set()
    for node in walk(function):
        match node:
            case ast.Call() if called_name(node).lower().startswith(REGEX):
                return True
            case ast.Assign(value=ast.Call() as call) if roles.EXPECTS.match(called_name(call)):
                bound |= bound_names(node)
            case ast.withitem(context_expr=ast.Call() as call, optional_vars=ast.expr() as name):
                bound |= bound_names(name) if roles.EXPECTS.match(called_name(call)) else set()
    return any(
        isinstance(item, ast.Name) and item.id in bound
        for call in calls(function)
        if roles.ASSERTS.match(called_name(call))
        for part in call.args
        for item in walk(part)
    )
