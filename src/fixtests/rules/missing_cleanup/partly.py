"""Creations that are deleted in some cases only: by some tests, or at the end of a test."""

from __future__ import annotations

import ast
import re

from fixtests.reasoning import roles
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Run
from fixtests.rules.missing_cleanup.deletions import deletes
from fixtests.rules.missing_cleanup.origins import Token, spot
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.syntax.queries import dotted
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_cleanups import Resource

IS_TESTED = re.compile(r"delet|remov|destroy|clean|lifecycle|crud", re.IGNORECASE)
BETWEEN = 2  # statements of a test that a creation and a deletion at its end have around others


def deleted_last(
    call: ast.Call, resource: Resource, method: Method, owner: Class | None, ownership: Ownership
) -> ast.stmt | None:
    """Return the last statement of a test, where that alone deletes what a call creates in it.

    There is none where the deletion may be what is tested.
    """
    body, last = method.node.body, method.node.body[-1]
    if not method.name.startswith("test") or IS_TESTED.search(method.name):
        return None
    requests = ownership.project.profile.cleanups.requests
    match last:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=holder)) as deletion):
            if not deletes(deletion, resource, requests) or dotted(holder) in ("self", "cls"):
                return None
            if deletion.keywords or len(deletion.args) != 1:
                return None  # what else it is told may be what the test is about
        case _:
            return None
    places = [place for place, node in enumerate(body) if node.lineno <= call.lineno]
    if len(body) - len(places) < BETWEEN or (body[places[-1]].end_lineno or 0) < call.lineno:
        return None
    token: Token = ("call", *spot(method, call))
    run = Run(method, owner)
    deleting = [
        item
        for item in Body.of(method, ownership.project).calls
        if any(token in target for target in ownership.targets_of(item, run, resource))
    ]
    return last if deleting == [deletion] else None


def deleting_test(
    call: ast.Call, resource: Resource, method: Method, owner: Class | None, ownership: Ownership
) -> str:
    """Return a test that deletes for itself what is made for each test, empty for none."""
    if method.name not in roles.PREPARES_EACH:
        return ""
    stored = ownership.origins(method, owner).stored(("call", *spot(method, call)))
    return next((item.name for item in ownership.deleting(stored, owner, resource)), "")


def keeping_test(
    call: ast.Call, resource: Resource, method: Method, owner: Class | None, ownership: Ownership
) -> str:
    """Return a test that gets what a helper creates and keeps it, where others delete it."""
    run = Run(method, owner)
    token: Token = ("call", *spot(method, call))
    if not ownership.returns(token, run) or ownership.releases(call, token, run, resource):
        return ""
    kept, deleted = [], False
    for above, over in ownership.calls.callers(run):
        if not over.method.name.startswith("test"):
            return ""
        given: Token = ("call", *spot(over.method, above))
        if ownership.releases(above, given, over, resource):
            deleted = True
        else:
            kept.append(over.method.name)
    return kept[0] if deleted and kept else ""
