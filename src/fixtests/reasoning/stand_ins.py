"""What tests put in the place of the real thing: calls that replace something, and stand-ins.

A call replaces something where it leads to a patcher of `unittest.mock` or `fixtures`, or to a
function of the tree that hands a parameter on to one; names answer for what is outside of the tree.
"""

from __future__ import annotations

import ast
import re

from fixtests.reasoning import roles
from fixtests.syntax.syntax import constant_string, dotted, walk, walk_function
from fixtests.tree.module import Class, External, Method
from fixtests.tree.project import Project

PATCHERS = re.compile(
    r"(?:unittest\.)?mock\.patch(?:\.(?:object|dict|multiple))?|fixtures\.Mo(?:nkey|ck)Patch\w*"
)
# Over the last part of a called name; below what `patch` is, its attributes replace as well.
REPLACES = re.compile(
    r"_*(?:stub|patch|monkey_?patch|intercept)\w*|mock_(?:object|class)|Mo(?:nkey|ck)Patch\w*"
)
BELOW = frozenset({"object", "dict", "multiple", "setattr", "setitem"})
STAND_IN = re.compile(r"_*(?:fake|stub|mock|dummy)\w*|\w+(?:fake|stub|mock|dummy)", re.IGNORECASE)
TARGET = 2  # arguments that may say what is replaced: an object and the name of its attribute


def replaced(call: ast.Call, method: Method, owner: Class | None, project: Project) -> str | None:
    """Return what a call replaces, and with what, as it is written; None where it does not."""
    if not _replaces(call, method, owner, project):
        return None
    texts = (constant_string(item) or dotted(item) or "" for item in call.args)
    return ".".join(filter(None, texts))


def may_replace(call: ast.Call) -> bool:
    """Tell whether a call replaces something by its name alone."""
    parts = (dotted(call.func) or "").split(".")
    named = parts[-2:-1] if parts[-1] in BELOW else parts[-1:]
    return any(map(REPLACES.fullmatch, named))


def names_stand_in(name: str) -> bool:
    """Tell whether a name is that of a stand-in, or of something that makes one."""
    return STAND_IN.fullmatch(name) is not None


def _replaces(call: ast.Call, method: Method, owner: Class | None, project: Project) -> bool:
    path = dotted(call.func)
    found = project.lookup(method.module, path) if path else None
    if isinstance(found, External):
        return PATCHERS.fullmatch(found.name) is not None or may_replace(call)
    if isinstance(found, Class):
        return any(PATCHERS.fullmatch(item.name) for item in project.mro(found))
    callee = project.callee(call, method, owner)
    if callee is None:
        return may_replace(call)
    receiver = roles.receiver(callee, owner, project)
    key = ("replaces a parameter", callee.node, receiver)
    known: bool = project.memory.ask_round(key, False, _hands_on, callee, receiver, project)
    return known


def _hands_on(callee: Method, owner: Class | None, project: Project) -> bool:
    """Tell whether a function replaces what a parameter of it is, or names."""
    given = {item.arg for item in walk(callee.node.args) if isinstance(item, ast.arg)}
    given -= {"self", "cls"}
    return any(
        isinstance(node, ast.Call)
        and any(_is_one(item, given) for item in node.args[:TARGET])
        and _replaces(node, callee, owner, project)
        for node in walk_function(callee.node)
    )


def _is_one(node: ast.expr, names: set[str]) -> bool:
    inner = node.value if isinstance(node, ast.Starred) else node
    return isinstance(inner, ast.Name) and inner.id in names
