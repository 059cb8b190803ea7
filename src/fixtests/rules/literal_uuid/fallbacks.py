"""Literals that are taken where something else is missing; callers rely on none of them."""

from __future__ import annotations

import ast

from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import called_name

DEFAULTING = {"get": 1, "pop": 1, "setdefault": 1, "getattr": 2}


def is_one(node: ast.AST, use: ast.AST, parents: Parents) -> bool:
    """Tell whether a literal, or what holds it and is used, is taken for something missing."""
    match parents.of(node):
        case ast.BoolOp(op=ast.Or(), values=[first, *_]):
            return first is not node and not isinstance(first, ast.Constant)
        case ast.IfExp(body=body, orelse=other):
            return other is node and not isinstance(body, ast.Constant)
    match parents.of(use):
        case ast.Call(args=args) as call:
            at = DEFAULTING.get(called_name(call))
            return at is not None and len(args) > at and args[at] is use
    return False
