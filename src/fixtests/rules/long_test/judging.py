"""How long a function is that is not flagged, for those who find it long."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.rules.api import Context
from fixtests.rules.long_test import length
from fixtests.syntax.queries import is_function

SHORT = 2  # parts of the limit, below one of which nobody finds a function long


def of_function(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield how long a function is, and how long a test may be."""
    if is_function(node):
        lines, limit = length.lines(node), context.options.max_lines
        data = lines - length.size(node)
        besides = f", {data} of them within literals" if data else ""
        told = f"`{node.name}` has {lines} lines{besides}; `max-lines` is {limit}"
        judgement = Judgement.SO if lines * SHORT >= limit else Judgement.RIGHT
        yield context.judged(node, judgement, told, span=context.head(node), measured=lines)
