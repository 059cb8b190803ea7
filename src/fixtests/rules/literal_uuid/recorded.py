"""Whether a literal is one of many in a recorded sample, where its key says what it is."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from fixtests.syntax.parents import Parents

MANY = 8  # values that stand once


class Recorded:
    """The dicts of a module in which many values stand once.

    `strings` are the literals in source order, with their values; `counts` says how often
    each value stands.
    """

    def __init__(
        self,
        strings: Sequence[tuple[ast.Constant, str]],
        counts: Mapping[str, int],
        parents: Parents,
    ) -> None:
        self._strings = strings
        self._rows = [node.lineno for node, _ in strings]
        self._counts = counts
        self._parents = parents
        self._known: dict[ast.Dict, bool] = {}

    def holds(self, node: ast.Constant) -> bool:
        """Tell whether many values stand once in the outermost dict around a literal."""
        dicts = [*self._dicts(node)]
        if not dicts:
            return False
        outermost = dicts[-1]
        if outermost not in self._known:
            self._known[outermost] = self._holds_many(outermost)
        return self._known[outermost]

    def _holds_many(self, node: ast.Dict) -> bool:
        first = bisect_left(self._rows, node.lineno)
        last = bisect_right(self._rows, node.end_lineno or 0)
        inside = {value for _, value in self._strings[first:last]}
        return sum(self._counts.get(value) == 1 for value in inside) >= MANY

    def _dicts(self, node: ast.AST) -> Iterator[ast.Dict]:
        """Yield the dicts around a node, the nearest first."""
        for above in self._parents.above(node):
            if isinstance(above, ast.stmt):
                return
            if isinstance(above, ast.Dict):
                yield above
