"""What both rules know of a response: what is asserted of it, and where it comes from."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from fixtests.api import Context

# Assertions of Django that look at the status of a response, too: by name, where the argument for
# it stands, and what it is by default.
LOOK = {
    "assertContains": (3, 200),
    "assertNotContains": (2, 200),
    "assertRedirects": (2, 302),
}
BASES = ("django.test", "rest_framework.test")


@dataclass(frozen=True)
class Status:
    """A status that a statement asserts of a response, by which method."""

    response: str
    number: int
    method: str


def status_of(statement: ast.AST) -> Status | None:
    """Return the status that a statement asserts, None where it asserts none."""
    match statement:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id="self")) as name) as call
        ):
            return _compared(call) if name.attr == "assertEqual" else _looked_at(call, name.attr)
    return None


def _compared(call: ast.Call) -> Status | None:
    """Return what `assertEqual(response.status_code, 200)` asserts, in either order."""
    match call:
        case ast.Call(args=[one, other], keywords=[]):
            pass
        case _:
            return None
    found, number = (other, one) if isinstance(one, ast.Constant) else (one, other)
    match found, number:
        case ast.Attribute(value=response, attr="status_code"), ast.Constant(value=int(value)):
            text = _plain(response)
            return Status(text, value, "assertEqual") if text else None
    return None


def _looked_at(call: ast.Call, method: str) -> Status | None:
    """Return what an assertion of Django asserts of the status of its first argument."""
    if method not in LOOK or not call.args or _is_open(call):
        return None
    place, usual = LOOK[method]
    named = {item.arg: item.value for item in call.keywords}
    given = call.args[place] if len(call.args) > place else named.get("status_code")
    text = _plain(call.args[0])
    match given:
        case None if text:
            return Status(text, usual, method)
        case ast.Constant(value=int(value)) if text:
            return Status(text, value, method)
    return None


def _is_open(call: ast.Call) -> bool:
    """Tell whether some arguments are only known when it runs."""
    stars = any(isinstance(item, ast.Starred) for item in call.args)
    return stars or any(item.arg is None for item in call.keywords)


def _plain(node: ast.expr) -> str:
    """Return a name as it is written, empty for what may be another thing the next time."""
    parts = node
    while isinstance(parts, ast.Attribute):
        parts = parts.value
    return ast.unparse(node) if isinstance(parts, ast.Name) else ""


def block_of(statement: ast.AST, context: Context) -> Sequence[ast.stmt]:
    """Return the statements of the block that a statement stands in."""
    around = context.parents.of(statement)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(around, name, ())
        if isinstance(block, list) and statement in block:
            return block
    return ()


def is_djangos(node: ast.AST, method: str, context: Context) -> bool:
    """Tell whether a method of the class around a node is Django's own."""
    owner = context.class_at(node)
    if owner is None:
        return False
    line = context.project.mro(owner)
    own = any(method in getattr(item, "methods", ()) for item in line)
    names = [getattr(item, "name", "") for item in line if not hasattr(item, "methods")]
    return not own and any(name.startswith(BASES) for name in names)
