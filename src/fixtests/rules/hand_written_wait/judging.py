"""Loops that wait and are not flagged, since helpers are where waits belong."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.reasoning import roles
from fixtests.rules.api import Context
from fixtests.rules.hand_written_wait import loops
from fixtests.syntax.queries import called_name, calls

CLOCKS = frozenset({"time", "monotonic", "perf_counter"})


def of_loop(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield a loop that waits or sleeps and is not flagged."""
    function = context.parents.function(node)
    if not isinstance(node, ast.While | ast.For) or function is None:
        return
    if loops.polls(node) or roles.sleeps(node) or _watches_clock(node):
        skipped = roles.is_skipped(function, context.parents.of(function))
        left = "tests that are skipped" if skipped else "helpers"
        told = f"`{function.name}` waits in a loop of its own; the rule leaves those of {left}"
        yield context.judged(node, Judgement.SO, told)


def _watches_clock(loop: ast.While | ast.For) -> bool:
    """Tell whether a loop looks at the time, as one does that goes on until a limit."""
    return isinstance(loop, ast.While) and any(called_name(call) in CLOCKS for call in calls(loop))
