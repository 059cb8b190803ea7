"""Where things are looked up one by one that were created by a call whose reply has no id."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.reasoning import words
from fixtests.rules.missing_cleanup.replies import Reply
from fixtests.syntax.queries import Function, called_name, dotted, walk


def loop_over(reply: Reply, function: Function) -> tuple[ast.stmt, str] | None:
    """Return the first statement of the loop over what a reply leads to, and the loop's name.

    The reply, or a value taken from it, stands in the call that lists them.
    """
    following = [item for item in function.body if item.lineno > reply.statement.lineno]
    known = {reply.text}
    lists: set[str] = set()
    for statement in following:
        match statement:
            case ast.Assign(targets=[target], value=value) if name := dotted(target):
                if _is_listing(value) and _says(value, known):
                    lists.add(name)
                elif _says(value, known) and not isinstance(value, ast.Call):
                    known.add(name)
                else:
                    known.discard(name)
                    lists.discard(name)
            case ast.For(target=target, iter=source, body=[first, *_]):
                listed = _listed(source)
                if dotted(listed) in lists or (_is_listing(listed) and _says(listed, known)):
                    name = _name(target, source)
                    return (first, name) if name else None
    return None


def _is_listing(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and words.FETCHES.match(called_name(node)) is not None


def _says(node: ast.AST, names: set[str]) -> bool:
    return any(dotted(item) in names for item in _paths(node))


def _paths(node: ast.AST) -> Iterator[ast.AST]:
    return (item for item in walk(node) if isinstance(item, ast.Name | ast.Attribute))


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
