"""What is known of the creations that are not flagged: who deletes them, or nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.reasoning import roles
from fixtests.reasoning.calls import Run
from fixtests.rules.api import Context
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.rules.missing_cleanup.replies import surroundings
from fixtests.syntax.queries import called_name, walk
from fixtests.tree.module import Class, Method
from fixtests.tree.patterns import pattern
from fixtests.tree.profile_cleanups import Resource


def of_call(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield what is known of a call that creates something."""
    method = context.method_at(node)
    if not isinstance(node, ast.Call) or method is None:
        return
    ownership = Ownership.of(context.project)
    owner = ownership.clients.host(context.class_at(method.node))
    resource = ownership.creations.match(node, method, owner)
    if resource is None:
        helper = roles.clears_after_itself(node, Run(method, owner), context.project)
        if helper is not None:
            told = f"`{helper.name}`, which it runs, registers the deletion"
            yield context.judged(node, Judgement.RIGHT, told)
        elif roles.MAKES.fullmatch(called_name(node)):
            told = f"nothing is known of what `{ast.unparse(node.func)}` creates"
            yield context.judged(node, Judgement.OPEN, told)
        return
    if surroundings(node, method, owner, context.project, context.parents) == "nothing":
        told = f"`{ast.unparse(node.func)}` is expected to fail, so that nothing is created"
        yield context.judged(node, Judgement.RIGHT, told)
    elif ownership.deleted(node, method, owner, resource):
        yield context.judged(node, Judgement.RIGHT, _deletion(node, resource, method, owner))


def _deletion(call: ast.Call, resource: Resource, method: Method, owner: Class | None) -> str:
    """Say that what a call creates is deleted, and on which line of its file as far as it shows."""
    told = f"what `{ast.unparse(call.func)}` creates is deleted"
    beside = owner.node.body if owner is not None and owner is method.owner else []
    for part in (method.node, *beside):
        for node in walk(part):
            if isinstance(node, ast.Attribute) and pattern(resource.deleters).fullmatch(node.attr):
                return f"{told}, on line {node.lineno}"
    return told
