"""The phases of a test: runs of its statements between comments, blank lines, waits and checks."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum

from fixtests.reasoning import roles
from fixtests.reasoning.scopes import bound_in
from fixtests.rules.long_test import naming
from fixtests.rules.long_test.flow import Reads
from fixtests.syntax.queries import Function, bound_names, called_name, calls, first_row
from fixtests.text.source import Source

SHORTEST = 8  # lines
MOST = 10  # phases of one test


class Edge(IntEnum):
    """What lies between two statements; the higher, the clearer a phase begins there."""

    NOTHING = 0
    WAIT = 1
    CHECKS = 2
    BLANK = 3
    COMMENT = 4
    COMMENT_APART = 5

    @property
    def words(self) -> str:
        """How the edge is told."""
        return {
            Edge.NOTHING: "the start",
            Edge.WAIT: "the end of a wait",
            Edge.CHECKS: "the end of assertions",
            Edge.BLANK: "a blank line",
        }.get(self, "a comment")


@dataclass
class Phase:
    """A run of statements at the top level of a test; `first` is the row of its comment."""

    statements: list[ast.stmt]
    first: int
    last: int
    edge: Edge
    comment: str

    @property
    def size(self) -> int:
        """How many lines it has."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Described:
    """A phase as a helper: what it needs, what it gives, and its name."""

    phase: Phase
    name: str
    needs: tuple[str, ...]
    gives: tuple[str, ...]

    @property
    def signature(self) -> str:
        """The line that would define the helper."""
        return f"def {self.name}({', '.join(('self', *self.needs))})"

    @property
    def call(self) -> str:
        """The statement that would stand in the place of the phase."""
        result = f"{', '.join(self.gives)} = " if self.gives else ""
        return f"{result}self.{self.name}({', '.join(self.needs)})"


def phases(function: Function, source: Source) -> list[Phase]:
    """Return the phases of a function, in order; a docstring belongs to none."""
    found: list[Phase] = []
    before: ast.stmt | None = None
    floor = function.lineno
    for item in function.body:
        if not _is_text(item):
            first, edge, comment = _edge(before, item, floor, source)
            found.append(Phase([item], first, item.end_lineno or item.lineno, edge, comment))
            before = item
        floor = item.end_lineno or item.lineno
    return _merged(found)


def described(
    function: Function,
    found: Sequence[Phase],
    reads: Reads,
    methods: Collection[str] = (),
) -> list[Described]:
    """Return the phases with the variables that flow between them; `methods` are names in use."""
    parameters = bound_names(function.args)
    receiver = function.args.args[0].arg if function.args.args else "self"
    taken = set(methods)
    result = []
    for index, phase in enumerate(found):
        later = [item for other in found[index + 1 :] for item in other.statements]
        read, _ = reads.free_names(phase.statements)
        wanted, _ = reads.free_names(later)
        written = bound_in(phase.statements)
        earlier = [item for other in found[:index] for item in other.statements]
        known = bound_in(earlier) | parameters
        needs = tuple(sorted((read & known) - {receiver}))
        gives = tuple(sorted(wanted & written))
        base = naming.name_of(phase.comment, phase.statements, gives)
        names = itertools.chain([base], (f"{base}_{number}" for number in itertools.count(2)))
        name = next(item for item in names if item not in taken)
        taken.add(name)
        result.append(Described(phase, name, needs, gives))
    return result


def _edge(
    before: ast.stmt | None, item: ast.stmt, floor: int, source: Source
) -> tuple[int, Edge, str]:
    """Return where a statement begins with its comment, what divides it, and the comment."""
    row = first = first_row(item)
    lines: list[str] = []
    while row - 1 > floor and (text := _text(source, row - 1)).startswith("#"):
        row -= 1
        first = row
        lines.insert(0, text.lstrip("#").strip())
    blank = row - 1 > floor and not _text(source, row - 1)
    comment = " ".join(lines)
    if before is None:
        return first, Edge.NOTHING, comment
    if lines:
        return first, Edge.COMMENT_APART if blank else Edge.COMMENT, comment
    if blank:
        return first, Edge.BLANK, comment
    if _checks(before) and not _checks(item):
        return first, Edge.CHECKS, comment
    return first, Edge.WAIT if _waits(before) else Edge.NOTHING, comment


def _merged(found: list[Phase]) -> list[Phase]:
    """Join phases that nothing divides, then the shortest ones, over the least clear edge."""
    result: list[Phase] = []
    for phase in found:
        if result and phase.edge is Edge.NOTHING:
            _join(result, len(result) - 1, phase)
        else:
            result.append(phase)
    while len(result) > 1:
        at = min(range(len(result)), key=lambda index: (result[index].size, index))
        if result[at].size >= SHORTEST and len(result) <= MOST:
            break
        after = at + 1 < len(result) and (not at or result[at + 1].edge < result[at].edge)
        left = at if after else at - 1
        _join(result, left, result.pop(left + 1))
    return result


def _join(found: list[Phase], index: int, other: Phase) -> None:
    found[index].statements += other.statements
    found[index].last = other.last


def _checks(statement: ast.stmt) -> bool:
    return any(roles.ASSERTS.match(called_name(call)) for call in calls(statement))


def _waits(statement: ast.stmt) -> bool:
    return any(map(roles.waits, calls(statement)))


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _text(source: Source, row: int) -> str:
    return source.line(row).decode("utf-8", "surrogatepass").strip()
