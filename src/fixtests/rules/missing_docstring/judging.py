"""Tests that have a docstring, for those who say that they have none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement, Span
from fixtests.rules.api import Context
from fixtests.syntax.queries import is_function


def of_class(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield the methods of a class by whether they have a docstring, and the class itself."""
    if not isinstance(node, ast.ClassDef):
        return
    documented = ast.get_docstring(node) is not None
    row = node.body[0].lineno
    told = f"`{node.name}` has a docstring on line {row}" if documented else "no docstring is there"
    judgement = Judgement.RIGHT if documented else Judgement.SO
    start = context.source.span(node).start
    name = context.source.span(node.body[0]).start
    yield context.judged(node, judgement, told, span=Span(start, name))
    for item in node.body:
        if is_function(item):
            span = context.head(item)
            if ast.get_docstring(item) is not None:
                told = f"`{item.name}` has a docstring on line {item.body[0].lineno}"
                yield context.judged(item, Judgement.RIGHT, told, span=span)
            elif not item.name.startswith("test_"):
                told = f"`{item.name}` has no docstring, which the rule asks of tests alone"
                yield context.judged(item, Judgement.SO, told, span=span)
