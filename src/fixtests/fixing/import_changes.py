"""How an import statement, or some of the names that it binds, make room for others."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fixtests.fixing import imports
from fixtests.fixing.fragments import CannotPlaceError
from fixtests.fixing.nodes import Nodes
from fixtests.model import Span
from fixtests.settings.layout import Layout
from fixtests.text.line_breaking import INDENT
from fixtests.tree.module import Module

UNBROKEN = "\0"  # stands for a blank where no line is divided


@dataclass(frozen=True)
class Change:
    """Text for a part of the file; `order` keeps insertions at one place in order."""

    start: int
    end: int
    text: str
    order: int = 0


class Move:
    """An import statement that loses names, and the statements that come instead.

    Raises CannotPlaceError where it does not stand on lines of its own.
    """

    def __init__(
        self, nodes: Nodes, span: Span, names: Collection[str], texts: Sequence[str]
    ) -> None:
        statement = nodes.statement(span)
        if not isinstance(statement, imports.Statement):
            raise CannotPlaceError("the import is not where it was found")
        if not nodes.alone(statement, statement):
            raise CannotPlaceError("it shares its line with other code")
        self.statement = statement
        self.names = names
        kept = [item for item in statement.names if _bound(item) not in names]
        self.goes = not kept
        self.left = _with(statement, kept) if kept else None
        self.texts = [*dict.fromkeys(texts)]

    def new(self, module: Module) -> dict[str, ast.stmt]:
        """Return the statements that are not in a module yet."""
        parsed = {text: ast.parse(text).body[0] for text in self.texts}
        return {text: node for text, node in parsed.items() if not imports.is_there(module, node)}


def replaced(nodes: Nodes, moves: Sequence[Move], layout: Layout) -> Iterator[Change]:
    """Yield what takes names out of import statements and puts others in their sorted places.

    They stay in the old ones' places where these are as well sorted. Raises CannotPlaceError.
    """
    module = nodes.module
    above = [move for move in moves if move.statement in module.tree.body]
    for move in moves:
        if move not in above:
            yield from _nested(nodes, move, layout)
    going = [move for move in above if move.goes]
    becomes: dict[ast.stmt, list[ast.stmt]] = {
        move.statement: [*move.new(module).values()] for move in going
    }
    if len(going) == len(above) and imports.stay_sorted(module, becomes, layout):
        for move in going:
            yield _in_place(nodes, move, [*move.new(module)], layout)
        return
    every = {text: move for move in above for text in move.new(module)}
    ordered = sorted(every, key=lambda text: imports.order(text, layout))
    if len(going) == len(above) and every and imports.stand_alone(module, becomes):
        yield _in_place(nodes, going[0], ordered, layout)
        yield from (_removed(nodes, move.statement) for move in going[1:])
        return
    left: imports.Left = {move.statement: move.left for move in above}
    yield from _inserted(nodes, {text: every[text] for text in ordered}, left, layout)
    for move in above:
        if move.goes:
            yield _removed(nodes, move.statement)
        else:
            yield from _thinned(nodes, move.statement, move.names)


def _in_place(nodes: Nodes, move: Move, texts: Sequence[str], layout: Layout) -> Change:
    """Return how statements take the place of one that goes."""
    if not texts:
        return _removed(nodes, move.statement)
    span = nodes.source.span(move.statement)
    lines = [_folded(text, "", layout, nodes) for text in texts[:-1]]
    lines.append(_folded(texts[-1], "", layout, nodes, _comment(nodes, move.statement)))
    return Change(span.start, span.end, nodes.source.newline.join(lines))


def _inserted(
    nodes: Nodes, texts: Mapping[str, Move], left: imports.Left, layout: Layout
) -> Iterator[Change]:
    """Yield how statements, sorted, come where they belong, with the comments of those that go."""
    places: dict[tuple[int, int], list[tuple[imports.Insertion, str, str]]] = {}
    for text, move in texts.items():
        place = imports.insertion(nodes.module, text, layout, left)
        if place is not None:
            comment = _comment(nodes, move.statement) if move.goes else ""
            line = _folded(text, "", layout, nodes, comment) + comment
            places.setdefault((place.offset, place.order), []).append((place, text, line))
    for (offset, order), its in places.items():
        first, text, _ = its[0]
        lines = nodes.source.newline.join(line for _, _, line in its)
        yield Change(offset, offset, first.text.replace(text, lines), order)


def _with(statement: imports.Statement, names: list[ast.alias]) -> imports.Statement:
    """Return a statement with some of its names alone, in its place."""
    if isinstance(statement, ast.Import):
        return ast.copy_location(ast.Import(names), statement)
    return ast.copy_location(ast.ImportFrom(statement.module, names, statement.level), statement)


def _bound(alias: ast.alias) -> str:
    """Return the name that an import binds; of a dotted one without `as` the whole."""
    return alias.asname or alias.name


def _nested(nodes: Nodes, move: Move, layout: Layout) -> Iterator[Change]:
    """Yield the change of an import in a function, `try` or `if`: it is replaced where it is."""
    statement = move.statement
    indent = nodes.indentation(statement.lineno)
    newline = nodes.source.newline
    lines = [_folded(text, indent, layout, nodes) for text in move.texts]
    span = nodes.source.span(statement)
    if not move.goes:
        yield from _thinned(nodes, statement, move.names)
        if lines:
            end = nodes.lines_of(statement, statement).end
            text = "".join(f"{indent}{line}{newline}" for line in lines)
            yield Change(end, end, text)
    elif lines:
        yield Change(span.start, span.end, f"{newline}{indent}".join(lines))
    else:
        above = nodes.parents.of(statement)
        blocks = [getattr(above, name, []) for name in ("body", "orelse", "finalbody")]
        if any(block == [statement] for block in blocks):
            raise CannotPlaceError("nothing would be left in its block")
        yield _removed(nodes, statement)


def _thinned(
    nodes: Nodes, statement: imports.Statement, names: Collection[str]
) -> Iterator[Change]:
    """Yield what takes some names out of a statement that keeps others."""
    source, aliases = nodes.source, statement.names
    last = max(at for at, item in enumerate(aliases) if _bound(item) not in names)
    for at, item in enumerate(aliases[:last]):
        if _bound(item) in names:
            yield _cut(nodes, source.span(item).start, source.span(aliases[at + 1]).start, "")
    if last + 1 < len(aliases):
        kept = source.span(aliases[last])
        end = source.span(aliases[-1]).end
        # With the name before: what ends a statement would not be known by its place.
        yield _cut(nodes, kept.start, end, source.slice(kept))


def _cut(nodes: Nodes, start: int, end: int, text: str) -> Change:
    if "#" in nodes.source.slice(Span(start, end)):
        raise CannotPlaceError("a comment stands between the names of the import")
    return Change(start, end, text)


def _removed(nodes: Nodes, statement: ast.stmt) -> Change:
    """Return the removal of a statement's lines, with a blank line where two would meet."""
    source = nodes.source
    lines = nodes.lines_of(statement, statement)
    row, below = source.row(lines.start), source.row(lines.end)
    blank_above = row == 1 or not source.line(row - 1).strip()
    blank_below = lines.end >= len(source.utf8) or not source.line(below).strip()
    end = lines.end
    if blank_above and blank_below and end < len(source.utf8):
        end = source.starts[below] if below < len(source.starts) else len(source.utf8)
    return Change(lines.start, end, "")


def _comment(nodes: Nodes, statement: ast.stmt) -> str:
    """Return the comment after a statement, with the blanks before it."""
    end = nodes.source.span(statement).end
    rest = Span(end, nodes.lines_of(statement, statement).end)
    return nodes.source.slice(rest).rstrip()


def _folded(text: str, indent: str, layout: Layout, nodes: Nodes, behind: str = "") -> str:
    """Return an import statement with brackets where its line is too long for the file.

    `behind` is the comment that stands after it.
    """
    width = layout.line_length
    if len(indent + text + behind) <= width:
        return text
    head, found, rest = text.partition(" import ")
    start = indent + INDENT
    whole = f"{rest})" + behind.replace(" ", UNBROKEN)
    room = width - len(start)
    filled = textwrap.wrap(whole, room, break_long_words=False, break_on_hyphens=False)
    lines = [f"{head} import (", *(f"{start}{line}" for line in filled)]
    if not found or any(len(line) > width for line in (indent + lines[0], *lines[1:])):
        raise CannotPlaceError(f"a line would be longer than {width} columns")
    return nodes.source.newline.join(lines)[: -len(behind) or None]
