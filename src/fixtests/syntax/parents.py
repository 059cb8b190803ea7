"""Who stands above whom in a syntax tree, found out function by function, as it is asked."""

from __future__ import annotations

import ast
import bisect
from collections.abc import Iterator

from fixtests.syntax.queries import FIELDS, Function, children, first_row, is_function, last_row
from fixtests.syntax.unread import quiet_children

BLOCKS = ("body", "orelse", "finalbody")


class Parents:
    """Who stands above whom in one tree; found out function by function, as it is asked."""

    def __init__(self, tree: ast.AST) -> None:
        self._tree = tree
        self._above: dict[ast.AST, ast.AST] = {}
        self._unread: list[Function] = []  # in the order of the text, none in another one

    def of(self, node: ast.AST) -> ast.AST | None:
        """Return the node directly above, None for the module."""
        found = self._above.get(node)
        if found is None and node is not self._tree:
            if not self._above:
                self._note([self._tree])
                self._unread.sort(key=first_row)
            self._read(getattr(node, "lineno", None))
            found = self._above.get(node)
        return found

    def blocks_around(self, node: ast.AST) -> list[tuple[ast.stmt, list[ast.stmt]]]:
        """Return the statements of a function around a node, innermost first, with their blocks."""
        found = []
        for item in (node, *self.above(node)):
            if is_function(item):
                break
            above = self.of(item)
            for name in BLOCKS:
                block = getattr(above, name, None)
                if isinstance(item, ast.stmt) and isinstance(block, list) and item in block:
                    found.append((item, block))
        return found

    def _note(self, waiting: list[ast.AST]) -> None:
        """Note who stands above whom below some nodes, the bodies of functions left for later."""
        for outer in waiting:
            for child in children(outer):
                self._above[child] = outer
                if is_function(child):
                    self._unread.append(child)
                else:
                    waiting.append(child)

    def _read(self, row: int | None) -> None:
        """Note what stands in the functions on a row, or in all of them."""
        first, last = 0, len(self._unread)
        if row is not None:
            first = bisect.bisect_left(self._unread, row, key=last_row)
            last = bisect.bisect_right(self._unread, row, first, key=first_row)
        inner: list[ast.AST] = []
        above = self._above
        for function in self._unread[first:last]:
            below = quiet_children(function)
            above.update(dict.fromkeys(below, function))
            inner += below
        del self._unread[first:last]
        for outer in inner:
            if FIELDS[outer.__class__]:
                below = children(outer)
                for child in below:
                    above[child] = outer
                inner += below

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes above, nearest first, the module last."""
        parent = self.of(node)
        while parent is not None:
            yield parent
            parent = self._above.get(parent)

    def statement(self, node: ast.AST) -> ast.stmt:
        """Return the nearest statement at or above a node.

        Raises ValueError for a node that stands in none.
        """
        for candidate in (node, *self.above(node)):
            if isinstance(candidate, ast.stmt):
                return candidate
        raise ValueError("node stands in no statement")

    def function(self, node: ast.AST) -> Function | None:
        """Return the innermost `def` whose body holds a node, else None."""
        inner = node
        for candidate in self.above(node):
            if is_function(candidate) and isinstance(inner, ast.stmt):
                return candidate
            inner = candidate
        return None

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        """Return the innermost class around a node, else None."""
        return next((item for item in self.above(node) if isinstance(item, ast.ClassDef)), None)
