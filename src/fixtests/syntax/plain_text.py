"""The text of expressions without operators, as `ast.unparse` gives it, in a tenth of the time."""

from __future__ import annotations

import ast

WORDS = frozenset({bool, int, str, type(None)})


def written(node: ast.expr) -> str | None:
    """Return the text of names, attributes, indexes, calls and constants, None for others."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{holder}.{attr}" if (holder := _holder(value)) else None
        case ast.Constant(value=value, kind=None) if type(value) in WORDS:
            return repr(value)
        case ast.Subscript(value=value, slice=key):
            holder, inner = _holder(value), written(key)
            return f"{holder}[{inner}]" if holder and inner else None
        case ast.Call(func=function):
            called = _holder(function)
            given = _given(node) if called else None
            return None if given is None else f"{called}({', '.join(given)})"
    return None


def _holder(node: ast.expr) -> str | None:
    """Return the text of what something hangs on; a constant may need a space, or parentheses."""
    return None if isinstance(node, ast.Constant) else written(node)


def _given(call: ast.Call) -> list[str] | None:
    """Return the texts of a call's arguments."""
    found = []
    for argument in call.args:
        if (text := written(argument)) is None:
            return None
        found.append(text)
    for item in call.keywords:
        if item.arg is None or (text := written(item.value)) is None:
            return None
        found.append(f"{item.arg}={text}")
    return found
