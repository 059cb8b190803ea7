"""Lines put into copies of files that note which test runs a statement, and which file was loaded.

They tell which tests run what a fix changes without a tracer, whatever runs the tests.
"""

from __future__ import annotations

import ast
import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fixtests.model import Span
from fixtests.syntax.queries import BLOCKS, Function, children, first_row, is_function, walk
from fixtests.text.source import Source, SourceError

NOTES = "__import__('fixtests_marks')"
BLANK = b" \t\f"


@dataclass(frozen=True)
class Marked:
    """A file's bytes with marks, and for each name the number of its mark.

    Several names have one number where their places are in one statement. Those of `at_import`
    are in no function: they run whenever the module is loaded. What is in neither has no mark,
    since none can be put there.
    """

    content: bytes
    numbers: Mapping[str, int]
    at_import: frozenset[str]


def marked(source: Source, places: Mapping[str, Span], first: int = 0) -> Marked:
    """Return a file in which the statements around some places note that they are run.

    Places are given by name; numbers begin at `first`. A mark is a line of its own before the
    innermost statement that begins a line. For a place in the header of a function it stands
    before the first statement of its body. Raises SourceError where the file is not Python.
    """
    tree = source.parse()
    found = {name: _around(source, tree, place.start) for name, place in places.items()}
    at_import = frozenset(name for name, it in found.items() if not any(map(is_function, it)))
    rows = {name: _row(source, it) for name, it in found.items() if name not in at_import}
    marks = sorted({row for row in rows.values() if row})
    text = _with_lines(source, {row: first + at for at, row in enumerate(marks)})
    if not _is_same(tree, source, text, marks):
        return Marked(source.content, {}, at_import)
    numbers = {name: first + marks.index(row) for name, row in rows.items() if row}
    return Marked(source.encode(text), numbers, at_import)


def with_end(content: bytes, number: int) -> bytes:
    """Return a file with one more line at its end, which notes that all of it was loaded.

    No other line moves. Raises SourceError where the file is not text.
    """
    source = Source.decode("", content)
    ended = not source.utf8 or source.utf8.endswith((b"\n", b"\r"))
    newline = source.newline
    line = f"{'' if ended else newline}{NOTES}.loaded({number}){newline}"
    return source.encode(source.utf8 + line.encode())


def _around(source: Source, tree: ast.Module, offset: int) -> list[ast.stmt]:
    """Return the statements around an offset, outermost first."""
    row, found = source.row(offset), list[ast.stmt]()
    waiting = children(tree)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            starts = first_row(node) < node.lineno and first_row(node) <= row
            starts = starts or source.span(node).start <= offset
            if not starts or offset >= source.span(node).end:
                continue
            found.append(node)
            waiting = []
        waiting += [item for item in children(node) if isinstance(item, BLOCKS)]
    return found


def _row(source: Source, around: Sequence[ast.stmt]) -> int | None:
    """Return the row before which a mark is to stand; the statements are those around a place."""
    innermost = around[-1]
    if is_function(innermost):
        first = _first(innermost)
        return first_row(first) if first and _begins_line(source, first) else None
    outer: ast.stmt | None = None
    for at in range(len(around) - 1, 0, -1):
        node, outer = around[at], around[at - 1]
        if is_function(node):
            return None
        text = _is_docstring(node, outer)
        if not text and _begins_line(source, node):
            return first_row(node)
        if text and is_function(outer):
            return _row(source, around[:at])
    return None


def _first(function: Function) -> ast.stmt | None:
    """Return the first statement of a function after its docstring."""
    documented = ast.get_docstring(function, clean=False) is not None
    return next(iter(function.body[1:] if documented else function.body), None)


def _is_docstring(node: ast.stmt, outer: ast.stmt) -> bool:
    return (
        isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and outer.body[0] is node
        and ast.get_docstring(outer, clean=False) is not None
    )


def _begins_line(source: Source, node: ast.stmt) -> bool:
    """Tell whether a line can be put before a statement without a change to any other."""
    row = first_row(node)
    line = source.line(row)
    indented = len(line) - len(line.lstrip(BLANK))
    if row == node.lineno and (node.col_offset != indented or line.startswith(b"elif", indented)):
        return False
    before = source.line(row - 1) if row > 1 else b""
    return not before.rstrip(b"\r\n").endswith(b"\\")


def _with_lines(source: Source, numbers: Mapping[int, int]) -> bytes:
    """Return a text with marks before some rows, indented as those are."""
    parts, at = list[bytes](), 0
    for row, number in numbers.items():
        start, line = source.starts[row - 1], source.line(row)
        end = line[len(line.rstrip(b"\r\n")) :] or source.newline.encode()
        indent = line[: len(line) - len(line.lstrip(BLANK))]
        parts += (source.utf8[at:start], indent, f"{NOTES}.hit({number})".encode(), end)
        at = start
    return b"".join((*parts, source.utf8[at:]))


def _is_same(tree: ast.Module, source: Source, text: bytes, rows: Sequence[int]) -> bool:
    """Tell whether a text with marks before some rows has the statements of another, and those."""
    try:
        after = Source.decode(source.path, source.encode(text)).parse()
    except SourceError:
        return False
    own = [row + at for at, row in enumerate(rows)]
    marks = 0
    for node in walk(after):
        for name in ("body", "orelse", "finalbody"):
            held = getattr(node, name, None)
            if isinstance(held, list):
                left = [item for item in held if item.lineno not in own]
                marks += len(held) - len(left)
                setattr(node, name, left)
    return marks == len(rows) and _shape(after, own) == _shape(tree, [])


def _shape(tree: ast.Module, own: Sequence[int]) -> list[tuple[type, int, int]]:
    """Return what stands where in a tree, as if some rows were not there."""
    return [
        (type(node), row and row - bisect.bisect(own, row), getattr(node, "col_offset", 0))
        for node in walk(tree)
        for row in (getattr(node, "lineno", 0),)
    ]
