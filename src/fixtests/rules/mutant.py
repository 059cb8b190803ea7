"""What shows that a fix matters: a small change of the file that holds it, and what comes of that.

A rule names it, since only the rule knows what its fix is there for.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from fixtests.model import Edit, Span
from fixtests.syntax.queries import spanning
from fixtests.tree.module import Class, Module

NOTING = "__import__('fixtests_mutants')"


class Expected(StrEnum):
    """What has to come of a mutant, so that it says of its fix what it is there to say.

    FAILURE: a test fails, and the mutant noted that it is this fix where it fails. NOTE: the
    mutant noted something, whatever becomes of the test. PASS: all tests pass.
    """

    FAILURE = "failure"
    NOTE = "note"
    PASS = "pass"


@dataclass(frozen=True)
class Mutant:
    """Edits of a file that holds a fix, what has to come of them, and what is said then or else."""

    edits: tuple[Edit, ...]
    expects: Expected
    says: str
    says_not: str

    def verdict(self, passed: Mapping[str, bool], noted: Collection[str]) -> str:
        """Return what is to be said of the fix, empty where nothing tells.

        `passed` says of each test that reaches the fix, and that came to an end, whether it
        passed with the mutant; `noted` are the tests in which the mutant noted something.
        """
        failed = {name for name, fine in passed.items() if not fine}
        match self.expects:
            case Expected.NOTE:
                right, wrong = bool(noted), bool(passed)
            case Expected.FAILURE:  # one that fails elsewhere may not have come to the fix
                right, wrong = bool(failed & set(noted)), len(failed) < len(passed)
            case Expected.PASS:
                right, wrong = bool(passed) and not failed, bool(failed)
        if right:
            return self.says
        return self.says_not if wrong else ""


@dataclass(frozen=True)
class Standing:
    """Where one fix stands in a file that holds it and all others that are kept.

    `places` are where the new texts of its edits are, in their order, and `flagged` is what was
    flagged before. A mutant notes something under `number`.
    """

    module: Module
    places: tuple[Span, ...]
    flagged: str
    number: int

    def edit(self, span: Span, content: str) -> Edit:
        """Return an edit of the file."""
        return Edit(self.module.path, span.start, span.end, content)

    def before(self, node: ast.stmt, text: str) -> Edit:
        """Return the edit that puts a statement before a simple one, on its line."""
        start = self.module.source.span(node).start
        return self.edit(Span(start, start), f"{text}; ")

    def after(self, node: ast.stmt, text: str) -> Edit:
        """Return the edit that puts a statement after a simple one, on its line."""
        end = self.module.source.span(node).end
        return self.edit(Span(end, end), f"; {text}")

    def watched(self, node: ast.expr, how: str) -> Edit:
        """Return the edit that lets a function note something when it is called.

        `how` is what is noted: `failing`, that it raised an AssertionError, or `returning`, that
        it raised nothing.
        """
        span = self.module.source.span(node)
        function = self.module.source.slice(span)
        return self.edit(span, f"{NOTING}.{how}({self.number}, {function})")

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """The nodes that stand where the fix put something, in part at least."""
        source = self.module.source
        rows = {
            row
            for place in self.places
            for row in range(source.row(place.start), source.row(place.end) + 1)
        }
        return [
            node
            for node in spanning(self.module.tree, sorted(rows))
            if hasattr(node, "end_lineno")
            and any(_overlap(source.span(node), place) for place in self.places)
        ]

    @cached_property
    def whole(self) -> list[list[ast.AST]]:
        """The nodes that each edit of the fix put there as a whole."""
        spans = [(node, self.module.source.span(node)) for node in self.nodes]
        return [
            [node for node, span in spans if place.start <= span.start and span.end <= place.end]
            for place in self.places
        ]

    @property
    def calls(self) -> Iterator[tuple[ast.Expr, ast.Call]]:
        """Yield the calls that edits of the fix put there as a statement, alone on its line."""
        for nodes in self.whole:
            match [node for node in nodes if isinstance(node, ast.stmt)]:
                case [ast.Expr(value=ast.Call() as call) as statement]:
                    yield statement, call

    def literals(self, value: str) -> Iterator[ast.Constant]:
        """Yield the literals that a name in the fix's place stands for, where they are a value.

        A name of the module, of the class around or of one that it is derived from there.
        """
        from fixtests.reasoning.calls import OWN

        for node in self.nodes:
            match node:
                case ast.Name(id=name):
                    found = self.module.values.get(name)
                case ast.Attribute(value=ast.Name(id=owner), attr=name):
                    first = self.module.class_at(node) if owner in OWN else None
                    found = _attribute(first or self.module.classes.get(owner), name)
                case _:
                    continue
            if isinstance(found, ast.Constant) and found.value == value:
                yield found

    def other_value(self, literals: Collection[ast.Constant], value: str) -> tuple[Edit, ...]:
        """Return the edits that give literals another value."""
        spans = sorted({self.module.source.span(node) for node in literals})
        return tuple(self.edit(span, repr(value)) for span in spans)


def of_value(edits: tuple[Edit, ...]) -> Mutant:
    """Return the mutant that shows whether tests depend on a value that edits replace."""
    return Mutant(edits, Expected.PASS, "the value does not matter", "the value matters")


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _attribute(owner: Class | None, name: str) -> ast.expr | None:
    """Return what a class binds a name to, or the first class above it in its module."""
    seen: set[str] = set()
    waiting = [owner] if owner else []
    for item in waiting:
        if item.name in seen:
            continue
        seen.add(item.name)
        if name in item.attributes:
            return item.attributes[name]
        names = (base.id for base in item.node.bases if isinstance(base, ast.Name))
        waiting += (item.module.classes[base] for base in names if base in item.module.classes)
    return None
