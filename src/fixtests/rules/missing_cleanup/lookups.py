"""Where things are looked up one by one that were created by a call whose reply has no id."""

from __future__ import annotations

import ast

from fixtests.reasoning import words
from fixtests.reasoning.flow import Reaching
from fixtests.rules.missing_cleanup.replies import Reply
from fixtests.syntax.queries import Function, called_name, dotted, walk


def loop_over(reply: Reply, function: Function, reaching: Reaching) -> tuple[ast.stmt, str] | None:
    """Return the first statement of the loop over what a reply leads to, and the loop's name.

    The reply, or a value taken from it, stands in the call that lists them.
    """
    for statement in function.body:
        match statement:
            case ast.For(target=target, iter=source, body=[first, *_]):
                lists = [item.value for item in reaching.meanings(_listed(source))]
                if lists and all(_is_listing(item, reply, reaching) for item in lists):
                    name = _name(target, source)
                    return (first, name) if name else None
    return None


def _is_listing(node: ast.expr | None, reply: Reply, reaching: Reaching) -> bool:
    """Tell whether an expression lists what a reply leads to."""
    return (
        isinstance(node, ast.Call)
        and words.FETCHES.match(called_name(node)) is not None
        and _leads_to(node, reply, reaching, frozenset())
    )


def _leads_to(node: ast.expr, reply: Reply, reaching: Reaching, above: frozenset[ast.AST]) -> bool:
    """Tell whether a reply, or a value that is taken from it, stands in an expression."""
    for item in walk(node):
        if isinstance(item, ast.Attribute) and dotted(item) == reply.text:
            return True
        for held in reaching.held(item) if item not in above else ():
            taken = held.value if not isinstance(held.value, ast.Call) else None
            if held.binding.by is reply.statement or (
                taken is not None and _leads_to(taken, reply, reaching, above | {item})
            ):
                return True
    return False


def _listed(source: ast.expr) -> ast.expr:
    """Return what a loop goes over, without `enumerate`."""
    match source:
        case ast.Call(func=ast.Name("enumerate"), args=[inner, *_]):
            return inner
    return source


def _name(target: ast.expr, source: ast.expr) -> str:
    """Return the loop's name for one of them, empty where it has none."""
    if _listed(source) is not source:
        match target:
            case ast.Tuple(elts=[_, ast.Name(name)]):
                return name
        return ""
    return target.id if isinstance(target, ast.Name) else ""
