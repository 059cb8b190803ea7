"""The whole-line comments of a function: the block that opens its body, and all others."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from fixtests.syntax.queries import Function, first_row, is_function, spanning, walk_function
from fixtests.text.source import Source


@dataclass(frozen=True)
class Block:
    """Comment lines without a gap: first and last row, and what follows each `#`.

    `indent` is what stands before the first `#`, `even` says that all stand as
    deep; `apart` and `spaced` say that a blank line stands before and after.
    """

    first: int
    last: int
    lines: tuple[str, ...]
    indent: str
    even: bool
    apart: bool
    spaced: bool

    @property
    def text(self) -> str:
        """The words of the block on one line."""
        return " ".join(" ".join(self.lines).split())

    def divided(self, count: int) -> list[Block]:
        """Return the block, or two where only some lines of it belong together."""
        if count >= len(self.lines):
            return [self]
        row = self.first + count
        return [
            replace(self, last=row - 1, lines=self.lines[:count], spaced=False),
            replace(self, first=row, lines=self.lines[count:], apart=False),
        ]


def leading(function: Function, source: Source) -> Block | None:
    """Return the comment at the start of a function's body, None where there is none."""
    return next(_blocks(source, *_opening(function, source)), None)


def repeated(functions: Iterable[Function], source: Source) -> set[str]:
    """Return what more than one of some functions opens with, in small letters on one line."""
    blocks = (leading(item, source) for item in functions)
    counted = Counter(block.text.lower() for block in blocks if block)
    return {text for text, count in counted.items() if count > 1}


def opens_in_turn(block: Block, tree: ast.AST, source: Source) -> set[str]:
    """Return the names of the tests in a file that open with the same comment."""
    rows = source.rows_of_word(source.line(block.first).strip())
    found = set()
    for node in spanning(tree, rows) if len(rows) > 1 else ():
        if is_function(node) and node.name.startswith("test"):
            opening = leading(node, source)
            if opening is not None and opening.text.lower() == block.text.lower():
                found.add(node.name)
    return found


def others(function: Function, source: Source) -> list[Block]:
    """Return the comments in a function's body that are not its leading one."""
    start, end = _opening(function, source)
    found = list(_blocks(source, start, end))[1:]
    row = end
    for rows in sorted(_occupied(function)):
        if rows[0] > row:
            found += _blocks(source, row, rows[0])
        row = max(row, rows[1] + 1)
    return found


def _occupied(function: Function) -> list[tuple[int, int]]:
    """Return first and last row of what is no block of statements: no comment is to be read there.

    What stands inside an expression, a string above all, is passed over.
    """
    return [
        (node.lineno, node.end_lineno or node.lineno)
        for node in walk_function(function, nested=True)
        if isinstance(node, ast.stmt | ast.expr) and not getattr(node, "body", None)
    ]


def _opening(function: Function, source: Source) -> tuple[int, int]:
    """Return the rows between a function's header and its first statement, the last one not in."""
    end = row = first_row(function.body[0])
    while row - 1 > function.lineno and _is_gap(source, row - 1):
        row -= 1
    return row, end


def _is_gap(source: Source, row: int) -> bool:
    line = source.line(row).strip()
    return not line or line.startswith(b"#")


def _blocks(source: Source, start: int, end: int) -> Iterator[Block]:
    """Yield the blocks of comments on some rows, the last one not in."""
    row = start
    while row < end:
        if not _text(source, row).startswith("#"):
            row += 1
            continue
        first = row
        while row < end and _text(source, row).startswith("#"):
            row += 1
        lines = [_line(source, item) for item in range(first, row)]
        indents = [line[: len(line) - len(line.lstrip())] for line in lines]
        yield Block(
            first,
            row - 1,
            tuple(line.strip()[1:] for line in lines),
            indents[0],
            even=len(set(indents)) == 1,
            apart=first > start,
            spaced=row < end,
        )


def _text(source: Source, row: int) -> str:
    return _line(source, row).strip()


def _line(source: Source, row: int) -> str:
    return source.line(row).decode("utf-8", "surrogatepass")
