"""The comments that stand with a statement: beside it, above it, above its run of lines."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from fixtests.text.source import Source
from fixtests.tree.module import Module


@dataclass(frozen=True)
class Comment:
    """A block of comment lines, its first row, and the statement below or beside it."""

    row: int
    text: str
    statement: ast.stmt


class Told:
    """The first comments near each statement of a module that say something.

    Near are the comments of the lines without a gap that end in the statement; one blank line
    between a comment and the statement itself is no gap.
    """

    def __init__(self, module: Module, says: Callable[[Comment], bool]) -> None:
        self._source = module.source
        self._parents = module.parents
        self._says = says
        self._before: dict[ast.AST, dict[ast.stmt, ast.stmt | None]] = {}
        self._rows: dict[ast.stmt, int | None] = {}  # of a statement as one before another

    def row(self, statement: ast.stmt) -> int | None:
        """Return the row of the nearest comment that says it, None where none does."""
        row, goes_on = self._step(statement, blank=True)
        current = self._previous(statement) if goes_on else None
        passed: list[ast.stmt] = []
        while current is not None and row is None:
            if current in self._rows:
                row = self._rows[current]
                break
            passed.append(current)
            row, goes_on = self._step(current, blank=False)
            current = self._previous(current) if goes_on else None
        self._rows.update(dict.fromkeys(passed, row))
        return row

    def _step(self, statement: ast.stmt, *, blank: bool) -> tuple[int | None, bool]:
        """Return the row of a comment at a statement, and whether that before it is near, too."""
        before, source = self._previous(statement), self._source
        floor = (before.end_lineno or 0) if before else 0
        beside = _beside(statement, source)
        end = statement.end_lineno or statement.lineno
        if beside and self._says(Comment(end, beside, statement)):
            return end, False
        row = _first_row(statement) - 1
        if blank and row - 1 > floor and not source.line(row).strip():
            row -= _is_comment(source, row - 1)
        last = row
        while row > floor and _is_comment(source, row):
            row -= 1
        if row < last:
            lines = [source.line(item).strip().lstrip(b"# ") for item in range(row + 1, last + 1)]
            text = b" ".join(lines).decode(errors="replace")
            if self._says(Comment(row + 1, text, statement)):
                return row + 1, False
        return None, row <= floor

    def _previous(self, statement: ast.stmt) -> ast.stmt | None:
        """Return the statement before one in its block."""
        above = self._parents.of(statement)
        if above is None:
            return None
        if above not in self._before:
            self._before[above] = {
                after: before
                for _, block in ast.iter_fields(above)
                if isinstance(block, list)
                for before, after in zip([None, *block], block, strict=False)
            }
        return self._before[above].get(statement)


def _first_row(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(item.lineno for item in decorators)])


def _is_comment(source: Source, row: int) -> bool:
    return row > 0 and source.line(row).lstrip().startswith(b"#")


def _beside(statement: ast.stmt, source: Source) -> str:
    row, column = statement.end_lineno or 0, statement.end_col_offset or 0
    rest = source.line(row)[column:].strip().decode(errors="replace")
    return rest.lstrip("#").strip() if rest.startswith("#") else ""
