"""Whether a call is the first thing that an expression runs, so that it may as well run before."""

from __future__ import annotations

import ast

from fixtests.syntax.queries import walk


def runs_first(whole: ast.expr, node: ast.expr) -> bool:
    """Tell whether nothing that an expression evaluates before a part of it can be told from it.

    Constants and names cannot, nor the methods of `self`.
    """
    while whole is not node:
        inner = next((part for part in _in_order(whole) if not _is_quiet(part, whole)), None)
        if inner is None or node not in walk(inner):
            return False
        whole = inner
    return True


def _in_order(node: ast.expr) -> list[ast.expr]:
    """Return the parts of an expression that are always evaluated, in the order in which they are.

    There are none for what is evaluated later, again or in an order of its own.
    """
    match node:
        case ast.Subscript(value=value, slice=key):
            return [value, key]
        case ast.Attribute(value=value) | ast.Starred(value=value) | ast.Await(value=value):
            return [value]
        case ast.Call(func=function, args=args, keywords=keywords):
            return [function, *args, *(item.value for item in keywords)]
        case ast.Compare(left=left, comparators=[right, *_]):
            return [left, right]
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.UnaryOp(operand=operand):
            return [operand]
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return items
        case ast.BoolOp(values=[first, *_]) | ast.IfExp(test=first):
            return [first]
    return []


def _is_quiet(part: ast.expr, whole: ast.expr) -> bool:
    match part:
        case ast.Constant() | ast.Name():
            return True
        case ast.Attribute(value=ast.Name(id="self" | "cls")):
            return isinstance(whole, ast.Call) and part is whole.func
    return False
