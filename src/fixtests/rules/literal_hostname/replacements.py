"""What takes the place of host names: each alone, or together where a line gets too long."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from fixtests.model import Span
from fixtests.rules.literal_hostname.families import Constant, Family, Use
from fixtests.tree.module import Module


@dataclass(frozen=True)
class Place:
    """One literal with its host, the constant that stands for it, and what speaks against it."""

    use: Use
    family: Family
    constant: Constant
    reason: str = ""

    @property
    def expression(self) -> str:
        """How the constant is written there."""
        return self.constant.expression(self.use.receiver)


@dataclass(frozen=True)
class Replacement:
    """Text for a span that holds some places; `fits` says whether there is room for it."""

    places: tuple[Place, ...]
    span: Span
    text: str
    fits: bool = True


def replacements(places: Iterable[Place], module: Module, line_length: int) -> list[Replacement]:
    """Return how to replace some literals.

    Those of a line which is short enough with each of them, but not with all,
    go together with the expression around them, so that it can be broken once.
    """
    found: list[Replacement] = []
    source = module.source
    ordered = sorted(places, key=lambda item: source.span(item.use.node))
    for row, group in groupby(ordered, key=lambda item: item.use.node.lineno):
        together = tuple(group)
        line = source.line(row).decode("utf-8", "surrogatepass").rstrip("\r\n")
        growth = [len(item.expression) - len(_text(item, module)) for item in together]
        around = _around(together, module) if len(together) > 1 else None
        if around is None or len(line) > line_length or len(line) + sum(growth) <= line_length:
            found += [
                Replacement((item,), source.span(item.use.node), item.expression)
                for item in together
            ]
        else:
            span = source.span(around)
            text = _rewritten(together, span, module)
            found.append(Replacement(together, span, text, around.lineno == around.end_lineno))
    return found


def _around(places: Sequence[Place], module: Module) -> ast.expr | None:
    """Return the smallest expression that holds some literals."""
    last = places[-1].use.node
    for node in module.parents.above(places[0].use.node):
        if not isinstance(node, ast.expr | ast.keyword):
            return None
        if isinstance(node, ast.expr) and (last is node or node in set(module.parents.above(last))):
            return node
    return None


def _rewritten(places: Sequence[Place], span: Span, module: Module) -> str:
    """Return the text of a span with all its literals replaced."""
    parts = []
    start = span.start
    for item in places:
        literal = module.source.span(item.use.node)
        parts += [module.source.slice(Span(start, literal.start)), item.expression]
        start = literal.end
    return "".join((*parts, module.source.slice(Span(start, span.end))))


def _text(place: Place, module: Module) -> str:
    return module.source.slice(module.source.span(place.use.node))
