"""Whether a file may read a version back in a way that does not name it, or sees what is sent."""

from __future__ import annotations

import ast
import re

from fixtests.reasoning import reflection
from fixtests.reasoning.module_names import may_bind
from fixtests.reasoning.stand_ins import may_replace
from fixtests.rules.latest_microversion.microversions import HEADER
from fixtests.syntax.queries import called_name, constant_string, spanning
from fixtests.tree.module import Module

SENDING = ("urlopen", "Request")
SETS_ITSELF = "__setattr__"
KEYS = re.compile(rb"(?i)api-version")


def reads_attribute(module: Module, name: str) -> str:
    """Return what may read a version attribute without naming it, in words; else nothing."""
    row = reflection.reads_code(module) or reflection.lists_attributes(module, name)
    if row:
        return f"line {row} may read the version back; see that it may be a number there"
    if any(_is_replaced(node, name, module) for node in module.near_word(name)):
        return f"this file replaces `{name}`; see that the version may be a number there"
    if any(SETS_ITSELF in item.methods for item in module.classes.values()):
        return f"a class here defines `{SETS_ITSELF}`; see that the version may be a number there"
    return ""


def _is_replaced(node: ast.AST, name: str, module: Module) -> bool:
    above = module.parents.of(node)
    return constant_string(node) == name and isinstance(above, ast.Call) and may_replace(above)


def sees_requests(module: Module) -> str:
    """Return what of sending requests a file puts something else for, in words; else nothing."""
    name = next((name for name in SENDING if may_bind(module, name)), "")
    return (
        f"this file replaces `{name}`; see that the version may be a number there" if name else ""
    )


def reads_header(module: Module) -> str:
    """Return where a file reads the version back from headers, in words; else nothing."""
    rows = [
        node.lineno
        for node in spanning(module.tree, module.rows(KEYS))
        if isinstance(node, ast.expr) and HEADER.fullmatch(_key_read(node))
    ]
    return f"line {min(rows)} reads the version back; pin both together" if rows else ""


def _key_read(node: ast.expr) -> str:
    match node:
        case ast.Subscript(slice=key, ctx=ast.Load()):
            return constant_string(key) or ""
        case ast.Call(args=[key, *_]) if called_name(node) in ("get", "pop"):
            return constant_string(key) or ""
    return ""
