"""Parsing a file in part: function bodies that nobody asks for stay text until somebody does.

Most of a test file's cost is its syntax tree, and most of the tree is bodies
without a needle. They are found by their indentation, line by line, which is
safe where it is known which lines begin inside a string or go on from the line
before. A file that does not show that is parsed whole.
"""

from __future__ import annotations

import ast
import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from fixtests.syntax.queries import Function, is_function
from fixtests.syntax.triple_quoted import Strings, strings
from fixtests.syntax.unread import Hole, is_unread, leave, note_fault, parsed
from fixtests.text.source import Source

DEF = re.compile(rb"\n( *)(?:async +)?def +\w+ *\(")
HEADER_END = re.compile(rb":[ ]*(?:#[^\n]*)?\n\Z")
TABS = re.compile(rb"^ *\t", re.MULTILINE)
BRACKETS = ((b"(", b")"), (b"[", b"]"), (b"{", b"}"))
HOLDERS = (
    *(ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.With, ast.AsyncWith),
    *(ast.For, ast.While, ast.If, ast.Try, ast.ExceptHandler),
)
LONGEST_HEADER = 40  # lines


def parse(source: Source, keep: Sequence[int] = ()) -> ast.Module:
    """Return the tree of a file; functions that hold none of some sorted rows are unread yet.

    Raises SourceError where what is read is not Python.
    """
    tree = Outline(source.utf8, source.starts).parse(source.path, keep)
    return source.parse() if tree is None else tree


def faults(tree: ast.Module) -> list[str]:
    """Return where functions turned out not to be Python when they were read, with the reason."""
    return tree.__dict__.setdefault("_faults", [])  # type: ignore[no-any-return]


def bodies(tree: ast.Module) -> list[tuple[Function, Hole]]:
    """Return functions whose bodies are lines of their own and no part of one another.

    All of them are told by a file's text, whichever are read; a file that has to be parsed whole
    is not divided.
    """
    return tree.__dict__.get("_bodies", [])  # type: ignore[no-any-return]


def unread_faults(tree: ast.Module) -> list[str]:
    """Return which functions that nobody has read are not Python, with the reasons."""
    found: list[str] = []
    waiting: list[ast.AST] = [tree]
    for node in waiting:
        if is_unread(node):
            note_fault(node, found)
        else:
            waiting += _inner(node)
    return found


class Outline:
    """One file's text, and which of its lines are the bodies of functions."""

    def __init__(self, utf8: bytes, starts: Sequence[int]) -> None:
        self._utf8 = utf8
        self._starts = starts
        self._strings = Strings([])

    def parse(self, path: str, keep: Sequence[int]) -> ast.Module | None:
        """Return the tree of a file; functions that hold none of some sorted rows are unread yet.

        Returns None for a file that has to be parsed whole.
        """
        if b"\f" in self._utf8 or (b"\t" in self._utf8 and TABS.search(self._utf8)):
            return None
        found = strings(self._utf8)
        if found is None:
            return None
        self._strings = found
        every = {hole.first: hole for hole in self._holes()}
        holes = {row: hole for row, hole in every.items() if not _holds(hole, keep)}
        for _ in range(2):
            try:
                tree = parsed(self._without(holes.values()), path)
            except SyntaxError:
                holes = {row: hole for row, hole in holes.items() if self._closed(hole)}
            except (ValueError, RecursionError, MemoryError):
                return None
            else:
                return tree if self._dig(tree, holes, every) else None
        return None

    def _without(self, holes: Iterable[Hole]) -> bytes:
        """Return the text with a single statement in the place of each body."""
        lines = self._utf8.splitlines(keepends=True)
        for hole in holes:
            blank = [b" " * (hole.depth + 1) + b"pass\n", *[b"\n"] * (hole.last - hole.body)]
            lines[hole.body - 1 : hole.last] = blank
        return b"".join(lines)

    def _closed(self, hole: Hole) -> bool:
        """Tell whether a body closes its brackets: else a line of it stands left of its `def`."""
        text = self._text(hole)
        return all(text.count(left) == text.count(right) for left, right in BRACKETS)

    def _holes(self) -> Iterator[Hole]:
        """Yield the functions that stand in no other one."""
        at = 0
        while match := DEF.search(self._utf8, at):
            begin = match.start() + 1
            at = self._strings.around(begin)
            if at:
                at -= 1  # a line end may be the last thing in it
                continue
            body = self._header_end(begin)
            if not body:
                at = match.end()
                continue
            depth = len(match[1])
            at = self._end(body - 1, depth) - 1
            last = self._last_line(body, at + 1)
            column = self._last_column(last)
            if last > body and column:
                row = self._row(last - 1)
                yield Hole(self._row(begin), self._row(body), row, column, depth)

    def _header_end(self, start: int) -> int:
        """Return where the body of a `def` begins, 0 where that cannot be told."""
        at = start
        for _ in range(LONGEST_HEADER):
            at = self._utf8.find(b"\n", at) + 1
            header = self._utf8[start:at]
            if not at or b'"""' in header or b"'''" in header:
                return 0
            if all(header.count(left) == header.count(right) for left, right in BRACKETS):
                line = self._utf8.rfind(b"\n", start, at - 1) + 1
                return at if HEADER_END.search(header, max(line - start, 0)) else 0
        return 0

    def _end(self, at: int, depth: int) -> int:
        """Return where the first line after `at` begins that is code and not deeper."""
        pattern = _shallow(depth)
        while match := pattern.search(self._utf8, at):
            begin = match.start() + 1
            inside = self._strings.around(begin)
            if inside:
                at = inside - 1
            elif self._utf8.endswith(b"\\", 0, match.start()):
                at = match.end() - 1
            else:
                return begin
        return len(self._utf8)

    def _last_line(self, body: int, end: int) -> int:
        """Return where the last line with code of a function ends."""
        while end > body:
            start = self._utf8.rfind(b"\n", 0, end - 1) + 1
            line = self._utf8[start:end].strip()
            if line and (line[:1] != b"#" or self._strings.around(start)):
                return end
            end = start
        return end

    def _last_column(self, end: int) -> int:
        """Return where the code of the line before an offset ends, 0 where that cannot be told."""
        start = self._utf8.rfind(b"\n", 0, end - 1) + 1
        line = self._utf8[start:end].rstrip()
        return 0 if b"#" in line or line.endswith((b";", b"\\")) else len(line)

    def _row(self, offset: int) -> int:
        return bisect.bisect_right(self._starts, offset)

    def _dig(self, tree: ast.Module, holes: dict[int, Hole], every: dict[int, Hole]) -> bool:
        """Make every function of a hole one that is read when it is asked for its body."""
        short: set[ast.AST] = set()
        outer: list[ast.AST] = [tree]
        found: list[tuple[Function, Hole]] = []
        for node in outer:
            hole = every.get(getattr(node, "lineno", 0))
            if hole is None or not is_function(node):
                outer += _inner(node)
                continue
            if hole.first in holes:
                short.add(node)
                leave(node, self._text(hole), hole, faults(tree))
            if node.end_lineno == hole.last:
                found.append((node, hole))
        found.sort(key=lambda item: item[1].first)
        tree.__dict__["_bodies"] = found
        count = len(short)
        for node in reversed(outer[1:]):  # what ends with such a function ends where it does
            inner = _inner(node)
            if inner and inner[-1] in short:
                short.add(node)
                _end_with(node, inner[-1])
        return count == len(holes)

    def _text(self, hole: Hole) -> bytes:
        begin = self._starts[hole.first - 1]
        end = self._starts[hole.last] if hole.last < len(self._starts) else len(self._utf8)
        return self._utf8[begin:end]


@cache
def _shallow(depth: int) -> re.Pattern[bytes]:
    """Return what begins a line that is no deeper; a bracket there closes one further up."""
    return re.compile(rb"\n {0,%d}[^\s#)\]}]" % depth)


def _holds(hole: Hole, rows: Sequence[int]) -> bool:
    at = bisect.bisect_left(rows, hole.first)
    return at < len(rows) and rows[at] <= hole.last


def _inner(node: ast.AST) -> list[ast.AST]:
    """Return the statements and handlers directly below a node that may hold functions."""
    if not isinstance(node, HOLDERS) or is_unread(node):
        return []
    found: list[ast.AST] = [*node.body]
    if isinstance(node, ast.Try):
        found += [*node.handlers, *node.orelse, *node.finalbody]
    elif isinstance(node, ast.If | ast.For | ast.While):
        found += node.orelse
    return found


def _end_with(node: Any, last: Any) -> None:
    """Let a node end where the last of what is in it does."""
    node.end_lineno, node.end_col_offset = last.end_lineno, last.end_col_offset
