"""Whether a loop and a function that waits are both asynchronous, or neither is."""

from __future__ import annotations

import ast
from enum import Enum

from fixtests.reasoning import roles
from fixtests.syntax.queries import Function, called_name, walk, walk_function


class Style(Enum):
    """How a loop waits: with others standing still, or not, and whether its look is awaited."""

    PLAIN = "sleeps"
    PAUSES = "awaits its pauses alone"
    LOOKS = "awaits what it looks at"

    @classmethod
    def of_loop(cls, loop: ast.While | ast.For) -> Style:
        """Return the style of a loop of a test."""
        return _style([item for item in walk_function(loop) if isinstance(item, ast.Await)])

    def fits(self, function: Function) -> bool:
        """Tell whether a function that waits can take the place of a loop of this style.

        One that fetches by itself awaits as it has to; what is given to it, only where it says so.
        """
        awaits = [item for item in walk(function) if isinstance(item, ast.Await)]
        if (self is Style.PLAIN) is isinstance(function, ast.AsyncFunctionDef):
            return False
        return self is not Style.LOOKS or _style(awaits) is Style.LOOKS


def _style(awaits: list[ast.Await]) -> Style:
    if not awaits:
        return Style.PLAIN
    looks = [item for item in awaits if not _is_pause(item.value)]
    return Style.LOOKS if looks else Style.PAUSES


def _is_pause(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and called_name(value) in roles.PAUSES
