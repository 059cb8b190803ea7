"""The comments that stand with a statement: beside it, above it, above its run of lines."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fixtests.syntax.queries import Parents
from fixtests.text.source import Source


@dataclass(frozen=True)
class Comment:
    """A block of comment lines, its first row, and the statement below or beside it."""

    row: int
    text: str
    statement: ast.stmt


def around(statement: ast.stmt, parents: Parents, source: Source) -> Iterator[Comment]:
    """Yield the comments of the lines without a gap that end in a statement, nearest first.

    One blank line between a comment and the statement itself is no gap.
    """
    for current, floor in _upwards(statement, parents):
        beside = _beside(current, source)
        if beside:
            yield Comment(current.end_lineno or current.lineno, beside, current)
        row = _first_row(current) - 1
        if current is statement and row - 1 > floor and not source.line(row).strip():
            row -= _is_comment(source, row - 1)
        last = row
        while row > floor and _is_comment(source, row):
            row -= 1
        if row < last:
            lines = [source.line(item).strip().lstrip(b"# ") for item in range(row + 1, last + 1)]
            text = b" ".join(lines).decode(errors="replace")
            yield Comment(row + 1, text, current)
        if row > floor:
            return


def _upwards(statement: ast.stmt, parents: Parents) -> Iterator[tuple[ast.stmt, int]]:
    """Yield a statement and those before it in its block, each with the last row before it."""
    above = parents.of(statement)
    for _, block in ast.iter_fields(above) if above else ():
        if isinstance(block, list) and statement in block:
            before = block[: block.index(statement) + 1]
            for index in range(len(before) - 1, -1, -1):
                yield before[index], (before[index - 1].end_lineno or 0) if index else 0


def _first_row(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(item.lineno for item in decorators)])


def _is_comment(source: Source, row: int) -> bool:
    return row > 0 and source.line(row).lstrip().startswith(b"#")


def _beside(statement: ast.stmt, source: Source) -> str:
    row, column = statement.end_lineno or 0, statement.end_col_offset or 0
    rest = source.line(row)[column:].strip().decode(errors="replace")
    return rest.lstrip("#").strip() if rest.startswith("#") else ""
