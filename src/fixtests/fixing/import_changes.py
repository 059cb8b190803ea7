"""How an import statement, or some of the names that it binds, make room for others."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from fixtests.fixing import imports
from fixtests.fixing.fragments import CannotPlaceError
from fixtests.fixing.nodes import Nodes
from fixtests.model import Span
from fixtests.settings.layout import Layout
from fixtests.text.line_breaking import INDENT


@dataclass(frozen=True)
class Change:
    """Text for a part of the file; `order` keeps insertions at one place in order."""

    start: int
    end: int
    text: str
    order: int = 0


def replaced(
    nodes: Nodes, span: Span, names: Collection[str], texts: Sequence[str], layout: Layout
) -> Iterator[Change]:
    """Yield what takes some names out of an import statement and puts statements in their place.

    At module level these go where they are sorted to, unless that is where the old one stood.
    Raises CannotPlaceError.
    """
    statement = nodes.statement(span)
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        raise CannotPlaceError("the import is not where it was found")
    if not nodes.alone(statement, statement):
        raise CannotPlaceError("it shares its line with other code")
    kept = [item for item in statement.names if _bound(item, statement) not in names]
    wanted = [*dict.fromkeys(texts)]
    if statement not in nodes.module.tree.body:
        yield from _nested(nodes, statement, names if kept else None, wanted, layout)
        return
    wanted.sort(key=lambda text: imports.order(text, layout))
    parsed = {text: ast.parse(text).body[0] for text in wanted}
    new = [text for text in wanted if not imports.is_there(nodes.module, parsed[text])]
    if not kept and new:
        fitting = (
            imports.stays_sorted(nodes.module, statement, parsed[text], layout) for text in new
        )
        if all(fitting):
            lines = (_folded(text, "", layout, nodes) for text in new)
            yield Change(span.start, span.end, nodes.source.newline.join(lines))
            return
    without = None if kept else statement
    comment = "" if kept else _comment(nodes, statement)
    for text in new:
        place = imports.insertion(nodes.module, text, layout, without)
        if place is not None:
            folded = _folded(text, "", layout, nodes)
            yield Change(
                place.offset, place.offset, place.text.replace(text, folded + comment), place.order
            )
    if kept:
        yield from _thinned(nodes, statement, names)
    else:
        yield _removed(nodes, statement)


def _bound(alias: ast.alias, statement: ast.stmt) -> str:
    """Return the name that an import binds; of a dotted one without `as` the whole."""
    return alias.asname or alias.name


def _nested(
    nodes: Nodes,
    statement: ast.Import | ast.ImportFrom,
    thinned: Collection[str] | None,
    texts: Sequence[str],
    layout: Layout,
) -> Iterator[Change]:
    """Yield the change of an import in a function, `try` or `if`: it is replaced where it is."""
    indent = nodes.indentation(statement.lineno)
    newline = nodes.source.newline
    lines = [_folded(text, indent, layout, nodes) for text in texts]
    span = nodes.source.span(statement)
    if thinned is not None:
        yield from _thinned(nodes, statement, thinned)
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
    nodes: Nodes, statement: ast.Import | ast.ImportFrom, names: Collection[str]
) -> Iterator[Change]:
    """Yield what takes some names out of a statement that keeps others."""
    source, aliases = nodes.source, statement.names
    last = max(at for at, item in enumerate(aliases) if _bound(item, statement) not in names)
    for at, item in enumerate(aliases[:last]):
        if _bound(item, statement) in names:
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


def _folded(text: str, indent: str, layout: Layout, nodes: Nodes) -> str:
    """Return an import statement with brackets where its line is too long for the file."""
    if len(indent + text) <= layout.line_length:
        return text
    head, found, rest = text.partition(" import ")
    folded = f"{head} import ({nodes.source.newline}{indent}{INDENT}{rest})"
    if not found or any(len(line) > layout.line_length for line in folded.splitlines()):
        raise CannotPlaceError(f"a line would be longer than {layout.line_length} columns")
    return folded
