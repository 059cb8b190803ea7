"""Deletions that a test comes to only where nothing before them fails."""

from __future__ import annotations

import ast
import re

from fixtests.reasoning.calls import Run
from fixtests.rules.missing_cleanup.deletions import deletes
from fixtests.rules.missing_cleanup.origins import Token, spot
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.syntax.queries import dotted
from fixtests.tree.module import Class, Method
from fixtests.tree.profile import Resource

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
    match last:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=holder)) as deletion):
            if not deletes(deletion, resource) or dotted(holder) in ("self", "cls"):
                return None
        case _:
            return None
    places = [place for place, node in enumerate(body) if node.lineno <= call.lineno]
    if len(body) - len(places) < BETWEEN or (body[places[-1]].end_lineno or 0) < call.lineno:
        return None
    token: Token = ("call", *spot(method, call))
    targets = ownership.targets_of(Run(method, owner), resource, token)
    return last if targets == [deletion] else None
