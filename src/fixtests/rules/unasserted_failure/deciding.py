"""Which tests claim a failure that they do not assert."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Applicability, Finding, Span
from fixtests.rules.api import Context
from fixtests.rules.unasserted_failure import claims, failures
from fixtests.syntax.queries import is_function
from fixtests.tree.files import DATA_FOLDER


def of_function(node: ast.AST, context: Context) -> Iterator[Finding]:
    """Yield a test that claims a failure and asserts none."""
    project, owner = context.project, context.class_at(node)
    named = project.profile.words.failures
    if not is_function(node) or not node.name.startswith("test") or owner is None:
        return
    path = context.source.path
    if context.parents.of(node) is not owner.node or not project.is_test(path):
        return
    if DATA_FOLDER.search(project.relative(path)):
        return  # other tests run those, to see what is said of them
    claim, method = claims.claim(node, context.source, named), context.method_at(node)
    if claim is None or method is None or failures.is_switched_off(node, owner.node):
        return
    if failures.asserted(method, owner, project):
        return
    by_itself = failures.lets_raise(node, claim.words)
    if (claim.vague or by_itself) and failures.asserts_anything(method, owner, project):
        return
    offered = ", ".join(f"`{name}`" for name in failures.offered(owner, project))
    told = f"line {claim.row} says {claim.words!r}, but the test asserts no failure; "
    advice = f"assert it ({offered}) or correct the claim"
    start = context.source.span(node).start
    yield context.finding(
        node,
        told + advice,
        Applicability.DISPLAY,
        span=Span(start, start + len(context.source.line(node.lineno).strip())),
    )
