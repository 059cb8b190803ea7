"""Where a wait goes: before a comparison, in the block that its action stands in."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from fixtests.reasoning.bindings import begin
from fixtests.rules.unverified_outcome.actions import Start
from fixtests.rules.unverified_outcome.evidence import Compared
from fixtests.rules.unverified_outcome.window import Window
from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import bound_names, walk, walk_function


@dataclass(frozen=True)
class Placing:
    """The statement to put a wait before, and what speaks against it in words."""

    anchor: ast.stmt
    obstacle: str = ""


def placing(start: Start, compared: Compared, window: Window, parents: Parents) -> Placing | None:
    """Return where a wait stands between an action and a comparison, None for nowhere.

    It stands before the server is fetched whose host is compared, else the
    host may be one of before the end.
    """
    fetched = _fetched(start, compared, window)
    if begin(fetched) < start.end:
        return None
    lower, upper = parents.blocks_around(fetched), parents.blocks_around(start.call)
    for depth, (statement, block) in enumerate(lower):
        for height, (other, same) in enumerate(upper):
            if same is block and statement is not other:
                inner = [item for item, _ in (*lower[: depth + 1], *upper[: height + 1])]
                return Placing(statement, _obstacle(inner, start, statement))
    return None


def _fetched(start: Start, compared: Compared, window: Window) -> ast.AST:
    """Return the statement that fetches the compared server, the comparison where none does."""
    found = [
        held.binding.by
        for node in (compared.shown, *compared.servers)
        for held in window.reaching.held(node)
        if isinstance(held.binding.by, ast.Assign)
        and isinstance(held.value, ast.Call)
        and begin(held.binding.by) > start.end
    ]
    return min(found, key=begin, default=compared.call)


def _obstacle(inner: list[ast.stmt], start: Start, anchor: ast.stmt) -> str:
    if any(isinstance(item, ast.If | ast.For | ast.While | ast.Try | ast.Match) for item in inner):
        return "the action or the comparison runs only sometimes, or in a loop"
    if any(isinstance(item, ast.Lambda) for item in walk(anchor)):
        return "the comparison runs later than it stands"
    name = start.name.partition("[")[0].partition(".")[0]
    for node in walk_function(start.method.node):
        match node:
            case ast.Assign(targets=targets, value=value):
                names = {bound for target in targets for bound in bound_names(target)}
                again = start.end < begin(node) < begin(anchor) and name in names
                if again and not _mentions(value, name):
                    return f"`{name}` is bound anew before the comparison"
    return ""


def _mentions(node: ast.expr, name: str) -> bool:
    return any(isinstance(item, ast.Name) and item.id == name for item in walk(node))
