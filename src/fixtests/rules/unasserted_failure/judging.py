"""Tests that are not flagged, for those who say that no failure is asserted."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.rules.api import Context
from fixtests.rules.unasserted_failure import failures
from fixtests.syntax.queries import is_function


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
        yield context.judged(node, Judgement.RIGHT, told)
    elif not failures.asserts_plainly(method, owner, context.project):
        told = f"`{node.name}` holds no assertion, nor does what is known of what it runs"
        yield context.judged(node, Judgement.SO, told)
    elif failures.asserted(method, owner, context.project):
        told = f"what `{node.name}` asserts may follow from a failure, and from something else"
        yield context.judged(node, Judgement.OPEN, told)
    else:
        told = f"`{node.name}` asserts no failure, and does not say that it would"
        yield context.judged(node, Judgement.OPEN, told)
