"""Which handlers hide that an assertion failed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from fixtests.model import Applicability, Finding, Span
from fixtests.rules.api import Context
from fixtests.rules.swallowed_failure import handlers


def of_handler(node: ast.AST, context: Context) -> Iterator[Finding]:
    """Yield the handler, or the `suppress`, that hides a failure."""
    path = context.source.path
    if not context.project.is_test(path) or context.project.is_data(path):
        return
    if isinstance(node, ast.ExceptHandler):
        above = context.parents.of(node)
        if not isinstance(above, ast.Try | ast.TryStar) or not handlers.hides(node, above):
            return
        end = context.source.span(node.type).end if node.type else 0
        start = context.source.span(node).start
        if handlers.is_explained(above, node, context.source):
            return
        if handlers.demands(above, context.parents):
            return
        yield from _judged(node, above.body, context, Span(start, end or start + len("except")))
    elif isinstance(node, ast.With | ast.AsyncWith):
        for item in node.items:
            call = item.context_expr
            explained = handlers.is_explained(node, call, context.source)
            if handlers.suppresses(call) and not explained:
                yield from _judged(call, node.body, context, None)


def _judged(
    node: ast.AST, body: Sequence[ast.stmt], context: Context, span: Span | None
) -> Iterator[Finding]:
    """Yield the finding where an assertion may fail and nobody is to see it."""
    asserted = handlers.assertion(body)
    if asserted is None or handlers.is_excused(node, context.parents):
        return
    yield context.finding(
        node,
        f"the broad handler hides it when `{asserted}` finds wrong; let it fail,"
        " name the exception that is expected, or use `assertRaises`",
        Applicability.DISPLAY,
        span=span,
    )
