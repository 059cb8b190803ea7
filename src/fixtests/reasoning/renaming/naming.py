"""A name with all nodes that mean it, and whether another one may take its place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from fixtests.model import Applicability, Span
from fixtests.reasoning.renaming.occurrences import places
from fixtests.syntax.queries import called_name, calls, is_function, walk
from fixtests.text.word_forms import WordForms
from fixtests.tree.module import Module

Renamed = Callable[[str], str]  # gives a name's new form, nothing where it stays


class Stays(Exception):  # noqa: N818 - an answer, no error
    """A name that has to stay; the message says why."""


@dataclass(frozen=True, eq=False)
class Naming:
    """One name in its scope.

    `places` are where it is written, empty where it stays; `reason` says why it stays, or what
    may speak against it.
    """

    name: str
    nodes: tuple[ast.AST, ...]
    kind: Applicability
    reason: str = ""
    places: tuple[Span, ...] = ()

    @property
    def first(self) -> ast.AST:
        """The node that stands first."""
        return min(self.nodes, key=lambda item: (item.lineno, item.col_offset))  # type: ignore[attr-defined]


def named(
    name: str,
    nodes: list[ast.AST],
    module: Module,
    doubt: str = "",
    more: tuple[Span, ...] = (),
) -> Naming:
    """Return a name that may be another one; unsafe where there is a doubt.

    It stays where a node does not say where it writes the name.
    """
    try:
        spans = places(nodes, name, module)
    except ValueError as error:
        return stays(name, nodes, str(error))
    kind = Applicability.UNSAFE if doubt else Applicability.SAFE
    return Naming(name, tuple(nodes), kind, doubt, tuple(dict.fromkeys((*spans, *more))))


def stays(name: str, nodes: list[ast.AST], reason: str) -> Naming:
    """Return a name that stays, with the reason."""
    return Naming(name, tuple(nodes), Applicability.DISPLAY, reason)


def named_for(nodes: list[ast.AST], module: Module, renamed: Callable[[str], bool]) -> str:
    """Return why a name is that of something that has a name of its own, else nothing.

    `renamed` tells whether the old word stands in a name.
    """
    for node in nodes:
        above = module.parents.of(node)
        while isinstance(above, ast.Tuple | ast.List | ast.Starred):
            above = module.parents.of(above)
        for name in _called(_value(above, node)):
            if renamed(name):
                return f"it is what `{name}` gives"
    return ""


def still_said(
    name: str,
    nodes: list[ast.AST],
    module: Module,
    words: WordForms,
    changing: Collection[ast.AST],
) -> str:
    """Return what is said by an old word where something is defined or used, else nothing.

    Names of variables do not count, and keywords where the name does not have them in it.
    """
    for node in nodes:
        around = [node, *filter(is_function, module.parents.above(node))]
        for item in walk(around[-1] if around[-1] is not node or _defines(node) else node):
            said = ""
            match item:
                case ast.Attribute(attr=said):
                    pass
                case ast.keyword(arg=str(said)):
                    said = said if words.alike(said, name) else ""
                case ast.Constant(value=str(text)):
                    said = "" if isinstance(module.parents.of(item), ast.Expr) else text
            if said and item not in nodes and item not in changing and words.stands_in(said):
                return said.partition("\n")[0]
    return ""


def _defines(node: ast.AST) -> bool:
    return is_function(node) or isinstance(node, ast.ClassDef)


def _value(above: Any, node: ast.AST) -> ast.AST | None:
    """Return what a node is bound to by the one above it."""
    match above:
        case ast.Assign(value=value) | ast.AnnAssign(value=value) | ast.NamedExpr(value=value):
            return value if node is not value else None
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            return value if node in walk(target) else None
        case ast.withitem(context_expr=value, optional_vars=target) if target is node:
            return value
    return None


def _called(value: ast.AST | None) -> list[str]:
    """Return the names of all that is called in an expression."""
    return [called_name(call) for call in calls(value)] if value else []
