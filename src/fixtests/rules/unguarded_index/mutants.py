"""What shows that a guard matters: with an empty list the test fails at the guard."""

from __future__ import annotations

import ast

from fixtests.rules.api import Expected, Mutant, Standing
from fixtests.syntax.queries import called_name, walk


def of_guard(standing: Standing) -> list[Mutant]:
    """Return the mutant that empties the list just before its guard.

    There is none where nothing can be assigned to what is guarded.
    """
    statement, call = next(standing.calls, (None, None))
    if statement is None or call is None:
        return []
    listed = _guarded(call)
    if not isinstance(listed, ast.Name | ast.Attribute | ast.Subscript):
        return []
    if any(isinstance(item, ast.Call) for item in walk(listed)):
        return []
    edits = (
        standing.before(statement, f"{ast.unparse(listed)} = []"),
        standing.watched(call.func, "failing"),
    )
    return [Mutant(edits, Expected.FAILURE, "its guard can fail", "its guard cannot fail")]


def _guarded(call: ast.Call) -> ast.expr | None:
    """Return the list whose length is asserted, or that is asserted to be not empty."""
    for node in walk(call):
        match node:
            case ast.Call(args=[listed]) if called_name(node) == "len":
                return listed
    return call.args[0] if call.args else None
