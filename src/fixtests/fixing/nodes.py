"""Statements and expressions of one file by their spans, and the lines that they stand on."""

from __future__ import annotations

import ast
import bisect
import io
import re
import tokenize
from typing import TypeVar

from fixtests.fixing.fragments import CannotPlaceError, Fragment
from fixtests.model import Span
from fixtests.syntax.queries import is_function, spanning, spanning_statements
from fixtests.text import comments
from fixtests.tree.module import Module

# Tokens that begin no logical line.
BETWEEN = frozenset(
    (
        *(tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT),
        *(tokenize.ENCODING, tokenize.NEWLINE, tokenize.ENDMARKER),
    )
)
T = TypeVar("T", ast.stmt, ast.expr)


class Nodes:
    """What stands where in one file; nodes on some `rows` are looked up at once."""

    def __init__(self, module: Module, rows: set[int]) -> None:
        self.module = module
        self.source = module.source
        self.parents = module.parents
        self._rows: dict[int, list[ast.AST]] = {}
        self._logical: list[tuple[int, int]] | None = None
        self._look_up(rows)

    def statement(self, span: Span) -> ast.stmt:
        """Return the statement with a span."""
        found = self.find(span, ast.stmt)
        if found is None:
            raise CannotPlaceError("the statement is not where it was found")
        return found

    def expression(self, span: Span) -> ast.expr:
        """Return the expression with a span."""
        found = self.find(span, ast.expr)
        if found is None:
            raise CannotPlaceError("the expression is not where it was found")
        return found

    def find(self, span: Span, kind: type[T]) -> T | None:
        """Return the innermost node of a kind with a span, None where there is none."""
        row = self.source.row(span.start)
        if row not in self._rows:
            self._look_up({row})
        found = [
            node
            for node in self._rows[row]
            if isinstance(node, kind) and self.source.span(node) == span
        ]
        return found[-1] if found else None

    def _look_up(self, rows: set[int]) -> None:
        """Find the nodes that begin on some rows."""
        self._rows.update((row, []) for row in rows)
        for node in spanning(self.module.tree, sorted(rows)) if rows else ():
            if getattr(node, "lineno", None) in rows:
                self._rows[node.lineno].append(node)  # type: ignore[attr-defined]

    def logical_line(self, row: int) -> tuple[int, int]:
        """Return the first and last row of the logical line that a row belongs to.

        A row of comments alone is one by itself. Raises CannotPlaceError where the file cannot
        be divided into lines.
        """
        if self._logical is None:
            self._logical = self._logical_lines()
        at = bisect.bisect_right(self._logical, (row, len(self.source.starts))) - 1
        return (row, row) if at < 0 or self._logical[at][1] < row else self._logical[at]

    def _logical_lines(self) -> list[tuple[int, int]]:
        """Return the first and last row of each logical line of the file."""
        found: list[tuple[int, int]] = []
        first = 0
        try:
            for token in tokenize.tokenize(io.BytesIO(self.source.utf8).readline):
                if token.type == tokenize.NEWLINE and first:
                    found.append((first, token.start[0]))
                    first = 0
                elif not first and token.type not in BETWEEN:
                    first = token.start[0]
        except (tokenize.TokenError, SyntaxError):
            raise CannotPlaceError("the file cannot be divided into lines") from None
        return found

    def lines_of(self, first: ast.stmt, last: ast.stmt) -> Span:
        """Return the whole lines of some statements, decorators included."""
        rows = [first.lineno]
        if is_function(first) or isinstance(first, ast.ClassDef):
            rows += [item.lineno for item in first.decorator_list]
        starts = self.source.starts
        end_row = last.end_lineno or last.lineno
        end = starts[end_row] if end_row < len(starts) else len(self.source.utf8)
        return Span(starts[min(rows) - 1], end)

    def alone(self, first: ast.stmt, last: ast.stmt) -> bool:
        """Tell whether nothing else stands on the lines of some statements."""
        lines = self.lines_of(first, last)
        start = self.source.span(first).start
        head = self.source.utf8[lines.start : start].lstrip(b" \t\f")
        tail = self.source.utf8[self.source.span(last).end : lines.end].strip()
        elif_ = self.source.utf8[start : start + 4] == b"elif"
        return (
            (not head or head.startswith(b"@"))
            and (not tail or tail.startswith(b"#"))
            and not elif_
        )

    def has_comments(self, statement: ast.stmt) -> bool:
        """Tell whether comments for readers stand in a statement's lines, or behind it."""
        text = self.source.slice(self.lines_of(statement, statement))
        try:
            return "#" in text and bool(comments.for_readers(text.lstrip("\f")))
        except (tokenize.TokenError, SyntaxError):
            return True

    def indentation(self, row: int) -> str:
        """Return the white space that opens a line."""
        match = re.match(rb"[ \t]*", self.source.line(row).lstrip(b"\f"))
        return match.group().decode() if match else ""

    def fragment(self, statement: ast.stmt) -> Fragment:
        """Cut out the smallest lines around a statement that stand alone.

        Raises CannotPlaceError where they do not go through LibCST unchanged.
        """
        node: ast.stmt = statement
        while True:
            first, last = self._neighbours(node)
            if self.alone(first, last):
                break
            above = next(
                (item for item in self.parents.above(node) if isinstance(item, ast.stmt)), None
            )
            if above is None:
                raise CannotPlaceError("the statement does not stand on lines of its own")
            node = above
        lines = self.lines_of(first, last)
        text = self.source.slice(lines)
        start = lines.start + len(text) - len(text.lstrip("\f"))
        text = text.lstrip("\f")
        header = f"if 1:{self.source.newline}" if text[:1] in (" ", "\t") else ""
        return Fragment(start, text, header)

    def fragment_of_call(self, call: ast.expr) -> Fragment:
        """Cut out a call, or where its place would be none by itself, the lines around it.

        A call ends with its bracket, and where one may stand, so may another one: what is proved
        of it alone is proved of its statement.
        """
        if any(isinstance(item, ast.JoinedStr) for item in self.parents.above(call)):
            return self.fragment(self.parents.statement(call))
        span = self.source.span(call)
        return Fragment(span.start, f"{self.source.slice(span)}\n)", "(\n")

    def _neighbours(self, node: ast.stmt) -> tuple[ast.stmt, ast.stmt]:
        """Return the first and last statement of those that `;` puts on one line."""
        above = self.parents.of(node)
        block = next(
            (
                value
                for _, value in ast.iter_fields(above or self.module.tree)
                if isinstance(value, list) and node in value
            ),
            [node],
        )
        at = block.index(node)
        first = last = at
        while first and block[first - 1].end_lineno == block[first].lineno:
            first -= 1
        while last + 1 < len(block) and block[last + 1].lineno == block[last].end_lineno:
            last += 1
        return block[first], block[last]

    def are_comments(self, first: int, last: int) -> bool:
        """Tell whether some rows hold comments only, which nothing goes on around."""
        rows = range(first, last + 1)
        around = [
            node
            for node in spanning(self.module.tree, rows)
            if isinstance(node, ast.expr | ast.stmt) and not getattr(node, "body", None)
        ]
        return all(self.source.line(row).lstrip().startswith(b"#") for row in rows) and not any(
            node.lineno <= last and first <= (node.end_lineno or 0) for node in around
        )

    def is_comment_of(self, row: int, anchor: ast.stmt) -> bool:
        """Tell whether a line is a comment as deep as the statement below it."""
        line = self.source.line(row)
        own = self.indentation(anchor.lineno).encode()
        if not (line.startswith(own) and line[len(own) :].startswith(b"#")):
            return False
        start = self.source.starts[row - 1]
        block = self.parents.of(anchor) or self.module.tree
        beside = (
            item
            for _, value in ast.iter_fields(block)
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt)
            for item in spanning_statements(value, [row])
        )
        return not any(
            self.source.span(item).start <= start < self.source.span(item).end
            for item in beside
            if item is not anchor
        )
