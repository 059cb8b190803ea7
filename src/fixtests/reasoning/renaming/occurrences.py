"""Where a name of a module, function, lambda or comprehension stands, and what keeps it as it is.

A scope that is inside another one and binds the name has one of its own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any

from fixtests.model import Span
from fixtests.reasoning.scopes import COMPREHENSIONS, bound_in, own_names
from fixtests.syntax.queries import (
    bound_by,
    children,
    first_row,
    is_function,
    parameters,
    spans,
    walk,
)
from fixtests.text.source import Source
from fixtests.tree.module import Module

Holder = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.expr
LAMBDAS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
BY_TEXT = frozenset({"locals", "vars", "globals", "exec", "eval"})  # reach names as texts
HEAD = re.compile(rb"(?:async\s+)?(?:def|class)\s+")


def own(scope: ast.AST) -> set[str]:
    """Return the names that a scope binds for itself."""
    if isinstance(scope, LAMBDAS):
        return own_names(scope)
    if isinstance(scope, ast.Module | ast.ClassDef):
        return bound_in(scope.body)
    if isinstance(scope, COMPREHENSIONS):
        targets = (item.target for item in scope.generators)
        return {name for target in targets for node in walk(target) for name in bound_by(node)}
    return set()


def occurrences(scope: ast.AST, name: str, source: Source) -> list[ast.AST]:
    """Return the nodes that bind or use a name of a scope, those of scopes inside included.

    Functions do not see the names of a class that they stand in.
    """
    waiting, found = [*_inside(scope)], list[ast.AST]()
    apart = isinstance(scope, ast.ClassDef)
    rows = source.rows_of_word(name.encode())
    for node in waiting:
        if isinstance(node, ast.stmt) and not spans(node, rows):
            continue
        if (isinstance(node, ast.Name) and node.id == name) or name in bound_by(node):
            found.append(node)
        if isinstance(node, (*LAMBDAS, ast.ClassDef, *COMPREHENSIONS)):
            waiting += _outside(node)
            if apart:
                continue
            if name not in own(node):
                waiting += _inside(node)
            elif isinstance(node, ast.ClassDef):  # functions in it see what is around it
                waiting += [item for item in _inside(node) if is_function(item)]
        else:
            waiting += children(node)
    return found


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes directly in a scope."""
    if isinstance(scope, LAMBDAS):
        yield from parameters(scope.args)
        yield from [scope.body] if isinstance(scope, ast.Lambda) else scope.body
    elif isinstance(scope, COMPREHENSIONS):
        first, *rest = scope.generators
        yield from (first.target, *first.ifs, *rest)
        yield from (scope.key, scope.value) if isinstance(scope, ast.DictComp) else (scope.elt,)
    elif isinstance(scope, ast.Module | ast.ClassDef):
        yield from scope.body


def _outside(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a scope that belong to the one around it."""
    if isinstance(scope, COMPREHENSIONS):
        yield scope.generators[0].iter
        return
    yield from getattr(scope, "decorator_list", ())
    if isinstance(scope, ast.ClassDef):
        yield from (*scope.bases, *scope.keywords)
    elif isinstance(scope, LAMBDAS):
        yield from (*scope.args.defaults, *filter(None, scope.args.kw_defaults))
        yield from (item.annotation for item in walk(scope.args) if _is_annotated(item))  # type: ignore[attr-defined]
        if is_function(scope) and scope.returns:
            yield scope.returns


def _is_annotated(node: ast.AST) -> bool:
    return isinstance(node, ast.arg) and node.annotation is not None


def speaks_of_names(scope: ast.AST) -> bool:
    """Tell whether something in a scope may reach its names as texts."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in BY_TEXT
        and not (node.func.id == "vars" and node.args)
        for node in walk(scope)
    )


def mentions(scope: ast.AST, name: str, source: Source) -> bool:
    """Tell whether a name is bound or used anywhere in a scope, whoever's it is."""
    return bool(rows_in(scope, name, source)) and any(
        (isinstance(node, ast.Name) and node.id == name) or name in bound_by(node)
        for node in walk(scope)
    )


def rows_in(scope: ast.AST, name: str, source: Source) -> list[int]:
    """Return the rows of a scope on which a word stands."""
    rows = source.rows_of_word(name.encode())
    if isinstance(scope, ast.Module):
        return rows
    first: int = first_row(scope)
    return [row for row in rows if first <= row <= scope.end_lineno]  # type: ignore[attr-defined]


def places(nodes: Iterable[ast.AST], name: str, module: Module) -> list[Span]:
    """Return where nodes write a name: variables, attributes, keywords, parameters, definitions.

    Raises ValueError with the reason where one does so in another way.
    """
    found: list[Span] = []
    held: dict[ast.JoinedStr, int] = {}
    for node in nodes:
        strings = [item for item in module.parents.above(node) if isinstance(item, ast.JoinedStr)]
        if strings:
            held[strings[-1]] = held.get(strings[-1], 0) + 1
        else:
            found.append(place(node, name, module.source))
    for string, count in held.items():
        found += _in_text(string, name, count, module.source)
    return found


def place(node: Any, name: str, source: Source) -> Span:
    """Return where one node writes a name. Raises ValueError with the reason."""
    size = len(name.encode())
    span = source.span(node)
    match node:
        case ast.Name() | ast.arg() | ast.keyword():
            start = span.start
        case ast.Attribute():
            start = span.end - size
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            match = HEAD.match(source.utf8, span.start)
            start = match.end() if match else span.start
        case _:
            raise ValueError("an import, an exception or a pattern binds it")
    found = Span(start, start + size)
    if source.slice(found) != name:
        raise ValueError("it is written in another way")
    return found


def _in_text(string: ast.JoinedStr, name: str, count: int, source: Source) -> list[Span]:
    """Return where a name stands so many times in the braces of an f-string.

    Python before 3.12 does not say where, so that each such word of it must be the name.
    """
    span = source.span(string)
    text = source.utf8[span.start : span.end]
    found = [match.start() for match in re.finditer(rb"\b%s\b" % name.encode(), text)]
    if len(found) != count:
        raise ValueError("an f-string holds the word beside the name")
    return [Span(span.start + at, span.start + at + len(name)) for at in found]
