"""Indexes that need a guard, and the blocks around them that say where it may stand."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fixtests.reasoning.fetched import lengths, reach
from fixtests.reasoning.fetched.known import State
from fixtests.reasoning.statements import Place
from fixtests.syntax.queries import walk


class Reached(StrEnum):
    """Whether an index is evaluated whenever its anchor runs."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    LATER = "later"
    RAISING = "raising"
    EXPECTED = "expected"


@dataclass(frozen=True, eq=False)
class Use:
    """An index that needs a guard: `index` is the highest that the guard must demand.

    `around` are the statements that it stands in, innermost last.
    """

    node: ast.Subscript
    list: ast.expr
    index: int
    place: Place
    reached: Reached
    origin: ast.stmt | None
    around: tuple[Place, ...]

    def is_after(self, place: Place) -> bool:
        """Tell whether it is reached through a statement only, in it or after it in its block."""
        return any(
            item.block is place.block and item.position >= place.position for item in self.around
        )

    def covers(self, other: Use) -> bool:
        """Tell whether the guard above a statement will do for another index in or after it."""
        rest = self.place.block[self.place.position :]
        same = not reach.lost_in(rest, lengths.text(self.list))
        return same and other.index <= self.index and other.is_after(self.place)


@dataclass(frozen=True)
class Raising:
    """A `with` that expects an exception: where it stands and what was known before it.

    A `broad` one takes a failed assertion as well, of an `unknown` one nobody can tell.
    """

    place: Place
    before: State
    body: list[ast.stmt]
    broad: bool
    unknown: bool = False


@dataclass(frozen=True)
class Loop:
    """A `for` whose body runs at least once: where it stands and what was known before it.

    `after` is the index reached after it on every path.
    """

    place: Place
    before: State
    body: list[ast.stmt]
    after: Callable[[str], int]


def is_quiet(node: ast.stmt) -> bool:
    """Tell whether a statement only gives a name to what runs no code of anybody's."""
    plain = (ast.Name, ast.Constant, ast.Tuple, ast.List, ast.JoinedStr, ast.FormattedValue)
    match node:
        case ast.Assign(targets=[ast.Name()], value=ast.BinOp(left=ast.Constant()) as value):
            parts: list[ast.AST] = [value.left, *walk(value.right)]
        case ast.Assign(targets=[ast.Name()], value=value):
            parts = walk(value)
        case _:
            return False
    return all(isinstance(item, plain) for item in parts if isinstance(item, ast.expr))


def handles(places: Sequence[Place]) -> bool:
    """Tell whether the last of some statements stands in a `try` that handles exceptions."""
    return any(
        isinstance(above.statement, ast.Try | ast.TryStar)
        and above.statement.handlers
        and below.block is above.statement.body
        for above, below in itertools.pairwise(places)
    )


def enters_later(node: ast.AST, statement: ast.stmt) -> bool:
    """Tell whether a node stands in what a `with` enters after its first item."""
    if not isinstance(statement, ast.With | ast.AsyncWith):
        return False
    return any(node in walk(item) for item in statement.items[1:])


def asks_anew(loop: ast.stmt, listed: ast.expr) -> bool:
    """Tell whether the list in the condition of a loop is fetched again before it is asked again.

    In such a loop, an assertion would end what is there to wait.
    """
    if not isinstance(loop, ast.While):
        return False
    fetched = any(isinstance(item, ast.Call) for item in walk(listed))
    return fetched or reach.loses(loop, lengths.text(listed))


def at_best(one: Reached, other: Reached) -> Reached:
    """Return the first, the second where the first is certain."""
    return other if one is Reached.ALWAYS else one
