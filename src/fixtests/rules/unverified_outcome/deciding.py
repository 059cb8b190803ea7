"""Which actions nobody looks at the end of."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Finding
from fixtests.rules.api import Context
from fixtests.rules.unverified_outcome.actions import starts
from fixtests.rules.unverified_outcome.verdicts import judge


def of_call(node: ast.AST, context: Context) -> Iterator[Finding]:
    """Yield the call of an action whose end is not verified."""
    project = context.project
    method = context.method_at(node)
    if method is None or not isinstance(node, ast.Call):
        return
    if not context.works_with_clients:
        return
    owner = context.class_at(method.node)
    may_start = starts(node, method, owner, project)
    verdict = judge(may_start, owner, project, context.parents)
    if verdict is not None:
        yield context.finding(
            node,
            verdict.message,
            verdict.applicability,
            anchor=verdict.anchor,
            statement=verdict.statement,
        )
