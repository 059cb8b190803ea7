"""Places of a file as far as tests can tell them apart: methods, classes, functions and names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fixtests.model import Edit
from fixtests.syntax.queries import BLOCKS, bound_names, children, first_row, is_function
from fixtests.text.source import Source, SourceError
from fixtests.tree.module import Module

IMPORTS = (ast.Import, ast.ImportFrom)
ADDS = (*IMPORTS, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Place(NamedTuple):
    """A method of a class, all of a class, a name at the level of a module, or all of a module."""

    path: str
    owner: str = ""
    name: str = ""


def changed(module: Module, edits: Sequence[Edit]) -> set[Place]:
    """Return what some edits of a module change, without what they only add at its level."""
    found: set[Place] = set()
    for edit in edits:
        if edit.start < edit.end:
            rows = range(
                module.source.row(edit.start), module.source.row(max(edit.start, edit.end - 1)) + 1
            )
            found.update(place for row in rows for place in at(module, row))
        else:
            found.update(_added_to(module, edit))
    return found


def mentioning(module: Module, name: str) -> Iterator[Place]:
    """Yield the places of a module in which a name is used, not where it is only defined."""
    word = name.encode()
    for row in module.source.rows_of_word(word):
        line = module.source.line(row)
        if line.count(word) > 1 or not re.match(rb"\s*(?:async +)?def +" + re.escape(word), line):
            yield from at(module, row, name)


def at(module: Module, row: int, name: str = "") -> Iterator[Place]:
    """Yield the places on a row; of an import only what a name stands for, if one is given."""
    yield from _place(module, _around(module, row), name)


def _added_to(module: Module, edit: Edit) -> Iterator[Place]:
    """Yield what an insertion is made into.

    What comes in lines of its own after the last line of a function belongs to it if it is
    indented more than its `def`.
    """
    source = module.source
    row = source.row(edit.start)
    begins = edit.start == source.starts[row - 1]
    if not (begins or edit.content.startswith(("\n", "\r"))):
        around = _around(module, row)
        if not (around and isinstance(around[-1], IMPORTS)):
            yield from _place(module, around, "")
        return
    lines = [line for line in edit.content.splitlines() if line.strip()]
    if not lines:
        return
    indent = len(lines[0].expandtabs()) - len(lines[0].expandtabs().lstrip())
    row = row - 1 if begins else row
    while row > 1 and not source.line(row).strip():
        row -= 1
    around = _around(module, row) if row else []
    within = [node for node in around if node.col_offset < indent]
    if within:
        yield from _place(module, within, "")
    elif not _only_adds(edit.content):
        yield Place(module.path)


def _only_adds(text: str) -> bool:
    """Tell whether lines at the level of a module do nothing but bind names."""
    try:
        body = Source.decode("", text.encode("utf-8", "surrogatepass")).parse().body
    except SourceError:
        return False
    return all(isinstance(node, ADDS) for node in body)


def _around(module: Module, row: int) -> list[ast.stmt]:
    """Return the statements on a row, outermost first, down to a function that is no inner one."""
    found: list[ast.stmt] = []
    waiting = children(module.tree)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            if not first_row(node) <= row <= (node.end_lineno or 0):
                continue
            found.append(node)
            if is_function(node):
                break
            waiting = []
        waiting += [item for item in children(node) if isinstance(item, BLOCKS)]
    return found


def _place(module: Module, around: Sequence[ast.stmt], name: str) -> Iterator[Place]:
    scopes = [node for node in around if is_function(node) or isinstance(node, ast.ClassDef)]
    path = module.path
    match scopes:
        case [ast.ClassDef(name=owner), ast.FunctionDef() | ast.AsyncFunctionDef() as method]:
            yield Place(path, owner, method.name)
        case [ast.ClassDef(name=owner), *_]:
            yield Place(path, owner)
        case [ast.FunctionDef() | ast.AsyncFunctionDef() as function, *_]:
            yield Place(path, "", function.name)
        case _ if around:
            yield from _bound(module, around[-1], name)


def _bound(module: Module, node: ast.stmt, name: str) -> Iterator[Place]:
    """Yield the names that a statement at the level of a module binds, or all of the module."""
    if isinstance(node, IMPORTS) and name:
        for alias in node.names:
            if name == alias.name:
                yield Place(module.path, "", alias.asname or name)
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    names = bound_names(node) if isinstance(node, ADDS) else set()
    yield from (Place(module.path, "", item) for item in names) if names else (Place(module.path),)
