"""What mutants call: functions that do as before, and note what came of it as marks do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fixtests_marks import hit


def returning(number: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that does the same, and notes each call that raised nothing."""

    def watched(*arguments: Any, **named: Any) -> Any:
        found = function(*arguments, **named)
        hit(number)
        return found

    return watched


def failing(number: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that does the same, and notes each assertion that fails in it."""

    def watched(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except AssertionError:
            hit(number)
            raise

    return watched
