"""Which tests are too long, and what of them can be a method."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator, Sequence

from fixtests.model import Applicability, Finding
from fixtests.rules.api import Context
from fixtests.rules.long_test import alike, length
from fixtests.rules.long_test.extraction import Extraction, extraction, is_plain
from fixtests.rules.long_test.phases import Described
from fixtests.syntax.queries import Function, is_function


def of_function(node: ast.AST, context: Context) -> Iterator[Finding]:
    """Yield a finding at a test that is too long."""
    limit = context.options.max_lines
    if not is_function(node) or not length.is_long(node, limit):
        return
    if not context.project.is_test(context.source.path):
        return
    listed = length.listed(context.module, context.project, limit)
    if node not in listed:
        return
    size, span = length.size(node), context.head(node)
    besides = " besides literals" if size < length.lines(node) else ""
    message = f"`{node.name}` has {size} lines{besides}, more than {limit}"
    moves = _moves(node, listed[node], context)
    single = [move for move, other in moves if not other]
    move = single[0] if single else None
    if move and size - _saved(node, move) <= limit:
        message = f"{message}; {_told([move])}: look, and run it"
        finding = context.finding(
            node, message, Applicability.UNSAFE, span=span, **dataclasses.asdict(move)
        )
    else:
        if moves:
            rest = size - sum(_saved(node, item) for item, _ in moves)
            beside = _said_beside([*filter(None, (other for _, other in moves))], rest, limit)
            message = f"{message}; {_told([item for item, _ in moves])}{beside}"
        finding = context.finding(node, message, Applicability.DISPLAY, span=span)
    yield dataclasses.replace(finding, anchor=span)  # so that only a comment up here silences


def _saved(test: Function, move: Extraction) -> int:
    """Return how many lines a test loses where a phase becomes a call."""
    return length.size(test, move.first, move.last) - 1


def _moves(
    test: Function, found: Sequence[Described], context: Context
) -> list[tuple[Extraction, str]]:
    """Return how to move each phase that can be a method, the longest one first.

    With each stands another test of the class that takes the same steps, if there is one.
    """
    limit, owner = context.options.max_lines, context.class_at(test)
    if owner is None or len(found) == 1 or not is_plain(test):
        return []
    moves = []
    for item in alike.lone(found):
        move = extraction(test, item, context.source, context.line_length)
        if move and length.is_free(item.name, owner, context.project, limit):
            moves.append((move, alike.elsewhere(item, test, owner)))
    return sorted(moves, key=lambda it: -it[0].size)


def _told(moves: list[Extraction]) -> str:
    """Say which phases can be methods."""
    *others, last = [f"lines {item.first}-{item.last}, `{item.call}`," for item in moves]
    listed = f"{' '.join(others)} and {last}" if others else last
    return f"{listed} can be {'methods' if others else 'a method'}"


def _said_beside(others: list[str], rest: int, limit: int) -> str:
    """Say which tests take the steps of a phase, too, and what is left without the phases."""
    alike = [f"`{name}` takes the same steps, which one method would serve" for name in others]
    left = [f"{rest} lines are left then"] if rest > limit else []
    said = "; ".join((*alike, *left))
    return f": {said}" if said else ""
