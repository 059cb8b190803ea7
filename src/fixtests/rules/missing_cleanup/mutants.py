"""What shows that a cleanup matters: where the test fails right after a creation, it deletes."""

from __future__ import annotations

import ast

from fixtests.rules.api import Expected, Mutant, Standing
from fixtests.syntax.queries import dotted
from fixtests.tree.module import Module

RAISED = "raise RuntimeError('raised to see that a cleanup runs')"


def of_cleanup(standing: Standing) -> list[Mutant]:
    """Return the mutant that ends the test where the deletion was registered, and watches that.

    There is none where the registration does not show the deletion.
    """
    registered = list(standing.calls)  # of more than one, the last is the deletion's
    if not registered:
        return []
    statement, call = registered[-1]
    deletion = _deletion(call, standing.module)
    if deletion is None:
        return []
    edits = (standing.watched(deletion, "returning"), standing.after(statement, RAISED))
    says = "its deletion happens", "its deletion does not happen"
    return [Mutant(edits, Expected.NOTE, *says)]


def _deletion(call: ast.Call, module: Module) -> ast.expr | None:
    """Return the deletion that a call registers: what is called, or what an imported one calls."""
    for given in call.args[:2]:
        if isinstance(given, ast.Attribute) and isinstance(given.value, ast.Call):
            return given  # of a client that is made for it
        name = dotted(given)
        if name is None:
            return None
        if name.partition(".")[0] not in module.imports:
            return given
    return None
