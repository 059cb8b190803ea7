"""Where a test shows what in a reply is the id of the thing that was created."""

from __future__ import annotations

import ast

from fixtests.reasoning.calls import OWN
from fixtests.rules.missing_cleanup.derived import ANY_ID
from fixtests.rules.missing_cleanup.replies import Reply
from fixtests.syntax.queries import constant_string, walk
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_cleanups import Resource


def shown(reply: Reply, resource: Resource, method: Method, owner: Class | None) -> str:
    """Return the expression by which a test takes the id from a reply, empty where none does.

    What the name is bound to later, or in another method, may hold it elsewhere.
    """
    kept = reply.text.partition(".")[0] in OWN and owner is not None
    nodes = walk(owner.node if kept and owner is not None else method.node)
    end = reply.statement.end_lineno or reply.statement.lineno
    bound = [
        node
        for node in nodes
        if isinstance(node, ast.Name | ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and ast.unparse(node) == reply.text
    ]
    if kept and len(bound) > 1:
        return ""
    bases = {reply.text, *(f"{reply.text}[{key!r}]" for key in resource.keys)}
    uses = [
        node
        for node in nodes
        if isinstance(node, ast.Subscript)
        and constant_string(node.slice) in ANY_ID
        and ast.unparse(node.value) in bases
        and (kept or node.lineno > end)
    ]
    first = min(uses, key=lambda node: node.lineno, default=None)
    if first is None:
        return ""
    before = [node for node in bound if end < node.lineno < first.lineno]
    if not kept and any(not _takes(node, first, method) for node in before):
        return ""
    return ast.unparse(first)


def _takes(bound: ast.expr, use: ast.expr, method: Method) -> bool:
    """Tell whether what a name is bound to takes the id from what it held before."""
    statement = method.module.parents.statement(bound)
    return isinstance(statement, ast.Assign) and use in walk(statement.value)
