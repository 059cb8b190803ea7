"""What the command lines of clients are told to do, as methods would be called that do the same.

`volume create one` is `create_volume`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from functools import cache

from fixtests.reasoning import roles
from fixtests.syntax.queries import called_name, keyword

FILLED = re.compile(r"%\(\w+\)s|\{\w*\}")  # what a format fills in
PLACE = "%s"  # what stands in a text for a part that is not written there
# Options, the words for a thing, and a verb: `--debug volume snapshot create`, `stack-delete`.
ORDER = re.compile(r"(?:-[^ ]+ +)*((?:[a-z0-9]+[ _-]|%s ?)+)(create|delete)(?![\w-])")
ANYTHING = "delete_all_cleanup"  # a command may delete anything whose words are not written
CREATE, DELETE = "create", "delete"
Assigned = Mapping[str, Sequence[ast.expr]]
NONE: Assigned = {}


def text_of(node: ast.expr) -> str:
    """Return the constant parts of a text, with `PLACE` for the others."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(text_of(part) for part in parts)
        case ast.BinOp(left=left, op=ast.Mod()):
            return FILLED.sub(PLACE, text_of(left))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return text_of(left) + text_of(right)
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return FILLED.sub(PLACE, text_of(value))
    return PLACE


def order_of(call: ast.Call, assigned: Assigned = NONE) -> str:
    """Return the order that a call gives as a method would be called: `delete_volume`, or none.

    `assigned` is what names of the function are bound to.
    """
    if not call.args:
        return ""
    first = call.args[0]
    if isinstance(first, ast.Name):
        found = next(filter(None, map(order, assigned.get(first.id, ()))), "")
    else:
        found = order(first)
    if not found and call.keywords and isinstance(first, ast.Constant):
        params = keyword(call, "params")
        found = _order(f"{text_of(first)} {text_of(params)}") if params else ""
    return "" if found and roles.only_asserts(called_name(call)) else found


def order(node: ast.expr) -> str:
    """Return the order that a text gives, as a method would be called."""
    match node:
        case ast.Constant(value=str(text)):
            return _order(text)
        case ast.JoinedStr() | ast.BinOp() | ast.Call(func=ast.Attribute(attr="format")):
            return _order(text_of(node))
    return ""


@cache
def _order(text: str) -> str:
    found = ORDER.match(text) if CREATE in text or DELETE in text else None
    if found is None:
        return ""
    noun = re.sub(r"[ -]", "_", found[1].strip(" _-"))
    if PLACE in noun:
        return ANYTHING if found[2] == DELETE else ""
    return f"{found[2]}_{noun}"
