"""Whether a literal is one of many in a recorded sample, where its key says what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from fixtests.syntax.parents import Parents

MANY = 8  # values that stand once


def is_recorded(
    node: ast.Constant,
    parents: Parents,
    strings: Iterable[tuple[ast.Constant, str]],
    counts: Mapping[str, int],
) -> bool:
    """Tell whether many values stand once, in the dict that a literal stands in."""
    dicts = list(_dicts(node, parents))
    if not dicts:
        return False
    rows = range(dicts[-1].lineno, (dicts[-1].end_lineno or 0) + 1)
    inside = {value for item, value in strings if item.lineno in rows}
    return sum(counts.get(value) == 1 for value in inside) >= MANY


def _dicts(node: ast.AST, parents: Parents) -> Iterator[ast.Dict]:
    """Yield the dicts around a node, the nearest first."""
    for above in parents.above(node):
        if isinstance(above, ast.stmt):
            return
        if isinstance(above, ast.Dict):
            yield above
