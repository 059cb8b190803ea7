"""Lines that a script made too long, broken where a bracket lets them be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from fixtests.syntax.queries import walk

INDENT = "    "
Bracket = ast.Call | ast.List | ast.Tuple | ast.Dict | ast.Set
ROUNDS = 4  # brackets inside of one another that are broken


def broken(text: str, known: frozenset[str], length: int) -> str:
    """Return a text whose lines have at most some length, but for those that are `known`.

    A line stays where no way to break it gives the same syntax tree in short lines.
    """
    for _ in range(ROUNDS):
        lines = text.split("\n")
        rows = [
            row
            for row, line in enumerate(lines, start=1)
            if len(line.rstrip("\r")) > length and line not in known
        ]
        after = text
        tree = ast.parse(text)
        for row in reversed(rows):  # those above keep their places
            after = _without(after, tree, row, length)
        if after == text:
            break
        text = after
    return text


def _without(text: str, tree: ast.Module, row: int, length: int) -> str:
    """Return a text with a line broken, where that can be."""
    for bracket in _brackets(tree, row):
        for way in _ways(text.split("\n"), bracket, row):
            if all(len(line.rstrip("\r")) <= length for line in way[row - 1 : row]) and (
                _same(tree, whole := "\n".join(way))
            ):
                return whole
    return text


def _same(tree: ast.Module, text: str) -> bool:
    try:
        return ast.dump(tree) == ast.dump(ast.parse(text))
    except SyntaxError:
        return False


def _brackets(tree: ast.Module, row: int) -> list[Bracket]:
    """Return what brackets hold elements on a row, outermost first; calls before displays."""
    found = [
        node
        for node in walk(tree)
        if isinstance(node, Bracket) and any(item.lineno == row for item in _elements(node))
    ]
    return sorted(found, key=lambda node: not isinstance(node, ast.Call))


def _elements(node: Bracket) -> list[ast.expr | ast.keyword]:
    match node:
        case ast.Call():
            found: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        case ast.Dict():
            found = [key or value for key, value in zip(node.keys, node.values, strict=True)]
        case _:
            found = list(node.elts)
    return sorted(found, key=lambda item: (item.lineno, item.col_offset))


def _ways(lines: list[str], node: Bracket, row: int) -> Iterator[list[str]]:
    """Yield the lines with breaks in a bracket: after it, between elements, before each one."""
    line = lines[row - 1]
    if "#" in line or not line.isascii():  # offsets are bytes
        return
    own = [item for item in _elements(node) if item.lineno == row]
    starts = [item.col_offset for item in own]
    indent = line[: len(line) - len(line.lstrip())]
    opens = own[0] is _elements(node)[0] and line[: starts[0]].rstrip().endswith(("(", "[", "{"))
    whole = all(item.end_lineno == row for item in _elements(node))
    if opens and whole:
        inner = indent + INDENT
        head = line[: starts[0]].rstrip()
        yield _spliced(lines, row, [head, inner + line[starts[0] :]])
        yield _spliced(lines, row, [head, *(inner + part for part in _parts(line, starts))])
    if opens:
        indent = " " * starts[0]
    for start in reversed(starts[1:]):
        yield _spliced(lines, row, [line[:start].rstrip(), indent + line[start:]])


def _parts(line: str, starts: list[int]) -> list[str]:
    return [line[first:last].rstrip() for first, last in pairwise([*starts, len(line)])]


def _spliced(lines: list[str], row: int, new: list[str]) -> list[str]:
    end = "\r" if lines[row - 1].endswith("\r") else ""
    new = [line.rstrip("\r") + end for line in new]
    return [*lines[: row - 1], *new, *lines[row:]]
