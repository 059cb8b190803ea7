"""What becomes of a local that holds a literal, or a dict with one: where it is passed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import constant_string, last_name, walk

PLACE = re.compile(r"%(?:\((\w+)\))?[sd]")
ANY_KIND = re.compile(r"_*[a-z]+_(obj|object|resource)", re.IGNORECASE)
SEGMENT = re.compile(r"/(?:os-)?([a-z][a-z_-]+)/$")


def takers(target: ast.expr, parents: Parents) -> Iterator[tuple[ast.Call, ast.AST]]:
    """Yield the calls of a function that take a local as an argument, each with the argument."""
    function = parents.function(target)
    if not isinstance(target, ast.Name) or function is None:
        return
    for call in walk(function):
        if isinstance(call, ast.Call):
            for argument in (*call.args, *(item for item in call.keywords if item.arg is None)):
                held = argument.value if isinstance(argument, ast.keyword) else argument
                if isinstance(held, ast.Name) and held.id == target.id:
                    yield call, argument


def kind(call: ast.Call, argument: ast.AST) -> str:
    """Return the kind of thing that a function for all kinds is told before an id, if any.

    That is `lamps` in `update_obj('lamps', id)`, or in an assertion that such a call fails.
    """
    before = [call.func, *call.args]
    if argument not in before[2:]:
        return ""
    at = before.index(argument)
    told = constant_string(before[at - 1])
    return told or "" if ANY_KIND.fullmatch(last_name(before[at - 2])) else ""


def paths(target: ast.expr, parents: Parents) -> Iterator[str]:
    """Yield what stands before a local in the paths that a function makes of it."""
    function = parents.function(target)
    if not isinstance(target, ast.Name) or function is None:
        return
    for node in walk(function):
        for item in _filled(node):
            if isinstance(item, ast.Name) and item.id == target.id:
                yield from segment(node, item)


def segment(node: ast.AST, item: ast.AST) -> Iterator[str]:
    """Yield what stands before a value in a path: `volumes` in `'/volumes/%s' % value`."""
    if isinstance(node, ast.BinOp):
        places = list(PLACE.finditer(constant_string(node.left) or ""))
        items = _filled(node)
        if item in items and len(places) == len(items) and not any(place[1] for place in places):
            place = places[items.index(item)]
            yield from _before(place.string[: place.start()])
    elif isinstance(node, ast.JoinedStr):
        for before, part in zip(node.values, node.values[1:], strict=False):
            if isinstance(part, ast.FormattedValue) and part.value is item:
                yield from _before(constant_string(before) or "")


def _filled(node: ast.AST) -> list[ast.AST]:
    """Return what a formatted text is filled with."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and constant_string(node.left):
        return [*node.right.elts] if isinstance(node.right, ast.Tuple) else [node.right]
    if isinstance(node, ast.JoinedStr):
        return [item.value for item in node.values if isinstance(item, ast.FormattedValue)]
    return []


def _before(text: str) -> Iterator[str]:
    found = SEGMENT.search(text)
    if found:
        yield found[1].replace("-", "_")
