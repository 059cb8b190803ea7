"""The phases of a test that a comment names: runs of statements from it to the next comment."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fixtests.reasoning.scopes import bound_in
from fixtests.rules.long_test import naming
from fixtests.rules.long_test.flow import Flow, Reads
from fixtests.syntax.queries import Function, bound_names, first_row, walk
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

    `unclear` are names that it needs only where a block of its own does not bind them; it is
    `certain` where all that it needs is bound before it, and all that it gives in it, on each path.
    """

    phase: Phase
    name: str
    needs: tuple[str, ...]
    gives: tuple[str, ...]
    unclear: frozenset[str]
    certain: bool

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
    others: Collection[str] = (),
) -> list[Described]:
    """Return the phases with the variables that flow between them.

    `methods` and `others` are names in use.
    """
    parameters = bound_names(function.args)
    receiver = function.args.args[0].arg if function.args.args else "self"
    taken: set[str] = set()
    result = []
    flows = [reads.flow(phase.statements) for phase in found]
    written = [bound_in(phase.statements) for phase in found]
    forgets = any(map(_unbinds, walk(function)))
    given = _given_anew(found, written, reads) if forgets else _given(flows, written)
    known, surely, ends = set(parameters), set(parameters), True
    for index, (phase, (read, bound)) in enumerate(zip(found, flows, strict=True)):
        if forgets:
            surely = parameters.union(reads.flow(_statements(found[:index]))[1] or ())
        needs = tuple(sorted((read & known) - {receiver}))
        gives = tuple(sorted(given[index]))
        name = "" if phase.spaced else naming.name_of(phase.comment, phase.statements)
        name = "" if name in taken or name in methods or name in others else name
        name = name if gives or not naming.FETCHING.match(name) else ""
        taken.add(name)
        unclear = frozenset(needs) & _bound_by_blocks(phase.statements)
        certain = surely.issuperset(needs) and (bound or set()).issuperset(gives)
        result.append(Described(phase, name, needs, gives, unclear, certain))
        known |= written[index]
        ends = ends and bound is not None
        if ends:
            surely |= bound or set()
        else:
            surely = set(parameters)
    return result


def _given(flows: Sequence[Flow], written: Sequence[set[str]]) -> list[set[str]]:
    """Return for each phase the names that it binds and what comes after it reads."""
    later: set[str] = set()
    found = []
    for (read, bound), own in zip(reversed(flows), reversed(written), strict=True):
        found.append(own & later)
        if bound is None:
            later = set(read)
        else:
            later -= bound
            later |= read
    return found[::-1]


def _given_anew(
    found: Sequence[Phase], written: Sequence[set[str]], reads: Reads
) -> list[set[str]]:
    """Return the same for a function in which names are forgotten, each phase by itself."""
    return [
        own & reads.flow(_statements(found[index + 1 :]))[0] for index, own in enumerate(written)
    ]


def _statements(found: Sequence[Phase]) -> list[ast.stmt]:
    return [item for phase in found for item in phase.statements]


def _unbinds(node: ast.AST) -> bool:
    """Tell whether names are bound no longer after something, whoever bound them."""
    return isinstance(node, ast.Delete) or (isinstance(node, ast.ExceptHandler) and bool(node.name))


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
