"""Phases of tests that do the same with other values: one method is to serve all of them."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Sequence

from fixtests.rules.long_test.naming import FILLERS
from fixtests.rules.long_test.phases import Described
from fixtests.syntax.queries import Function, called_name, calls
from fixtests.tree.module import Class

WORD = re.compile(r"\w+")
LEAST = 3  # calls, of which fewer are alike by chance
TWO = 2  # words, of which the first one says what is done


def lone(found: Sequence[Described]) -> list[Described]:
    """Return the phases that no other one of their test is like.

    Two are alike whose comments begin with the same two words, as `Test list` and `Test list
    --long`, or that call the same functions in the same order.
    """
    openings = Counter(map(_opening, found))
    courses = Counter(map(_course, found))
    return [
        item
        for item in found
        if courses[_course(item)] == 1 and (not _opening(item) or openings[_opening(item)] == 1)
    ]


def elsewhere(item: Described, test: Function, owner: Class) -> str:
    """Return another test of the class that takes the steps of a phase, too; else nothing.

    Those are statements of the same kinds that call the same functions, whatever they are given.
    """
    own = _steps(item.phase.statements)
    if sum(len(called) for _, called in own) < LEAST:
        return ""
    for _, method in sorted(owner.methods.items()):  # whatever their order in the class
        other = _steps(method.node.body) if method.node is not test else []
        rows = range(len(other) - len(own) + 1)
        if any(other[at : at + len(own)] == own for at in rows):
            return method.name
    return ""


def _steps(statements: Sequence[ast.stmt]) -> list[tuple[type, tuple[str, ...]]]:
    return [(type(it), tuple(called_name(call) for call in calls(it))) for it in statements]


def _opening(item: Described) -> tuple[str, ...]:
    said = [word for word in WORD.findall(item.phase.comment.lower()) if word not in FILLERS]
    return tuple(said[:TWO]) if len(said) >= TWO else ()


def _course(item: Described) -> tuple[str, ...]:
    return tuple(name for _, called in _steps(item.phase.statements) for name in called)
