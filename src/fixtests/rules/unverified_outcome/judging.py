"""Actions that are not flagged, for those who say that nobody looks at how they end."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.rules.api import Context
from fixtests.rules.unverified_outcome.actions import starts
from fixtests.rules.unverified_outcome.evidence import verified
from fixtests.rules.unverified_outcome.window import Window


def of_call(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield a call that starts an action by whether its end is looked at."""
    method = context.method_at(node)
    if not isinstance(node, ast.Call) or method is None:
        return
    owner = context.class_at(method.node)
    may_start = starts(node, method, owner, context.project)
    if not may_start:
        return
    window = Window(may_start[0].method, owner, context.project, may_start[0].call)
    name = ast.unparse(node.func)
    if verified(window):
        told, judgement = f"what `{name}` starts is followed to its end", Judgement.RIGHT
    else:
        told, judgement = f"nothing tells how what `{name}` starts is to end", Judgement.OPEN
    yield context.judged(node, judgement, told)
