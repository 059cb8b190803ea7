"""The phases of a test that a comment names: runs of statements from it to the next comment."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fixtests.reasoning.scopes import bound_in
from fixtests.rules.long_test import naming
from fixtests.rules.long_test.flow import Reads
from fixtests.syntax.queries import Function, bound_names, first_row
from fixtests.text.source import Source


@dataclass
class Phase:
    """A run of statements at the top level of a test; `first` is the row of its comment.

    `spaced` says that a blank line parts its statements: what stands below that line is nothing
    that the comment has to speak of.
    """

    statements: list[ast.stmt]
    first: int
    last: int
    comment: str
    spaced: bool = False

    @property
    def size(self) -> int:
        """How many lines it has."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Described:
    """A phase as a helper: what it needs, what it gives, and its name, empty where nothing says it.

    `unclear` are names that it needs only where a block of its own does not bind them.
    """

    phase: Phase
    name: str
    needs: tuple[str, ...]
    gives: tuple[str, ...]
    unclear: frozenset[str]

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
    """Return the phases of a function, in order; a docstring belongs to none.

    What stands before the first comment is a phase, too.
    """
    found: list[Phase] = []
    floor = function.lineno
    for item in function.body:
        last = item.end_lineno or item.lineno
        if not _is_text(item):
            first, comment, blank = _above(item, floor, source)
            if found and not comment:
                found[-1].statements.append(item)
                found[-1].last = last
                found[-1].spaced |= blank
            else:
                found.append(Phase([item], first, last, comment))
        floor = last
    return found


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
        name = "" if phase.spaced else naming.name_of(phase.comment, phase.statements)
        name = "" if name in taken else name
        taken.add(name)
        unclear = frozenset(needs) & _bound_by_blocks(phase.statements)
        result.append(Described(phase, name, needs, gives, unclear))
    return result


def _bound_by_blocks(statements: Sequence[ast.stmt]) -> set[str]:
    """Return the names that `with` and `for` bind: whoever reads them later means these."""
    found: set[str] = set()
    for node in (inner for item in statements for inner in ast.walk(item)):
        match node:
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    found |= bound_names(item.optional_vars) if item.optional_vars else set()
            case ast.For(target=target) | ast.AsyncFor(target=target):
                found |= bound_names(target)
    return found


def _above(item: ast.stmt, floor: int, source: Source) -> tuple[int, str, bool]:
    """Return where a statement begins with its comment, that, and whether a blank line is there."""
    row = first = first_row(item)
    lines: list[str] = []
    while row - 1 > floor and (text := _text(source, row - 1)).startswith("#"):
        row -= 1
        first = row
        lines.insert(0, text.lstrip("#").strip())
    blank = row - 1 > floor and not _text(source, row - 1)
    return first, " ".join(lines), blank


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _text(source: Source, row: int) -> str:
    return source.line(row).decode("utf-8", "surrogatepass").strip()
