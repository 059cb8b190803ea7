"""One parsed file of the target tree, and what is defined in it."""

from __future__ import annotations

import ast
import bisect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from operator import itemgetter
from typing import Any, TypeVar

from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import (
    Function,
    first_row,
    is_function,
    last_row,
    spanning,
    spanning_statements,
)
from fixtests.syntax.uncommented import Uncommented
from fixtests.syntax.unread import Hole, tell
from fixtests.text.source import Source
from fixtests.tree.parts import Parts
from fixtests.tree.statements import absolute, bindings, import_targets, module_level
from fixtests.tree.trail import Memory, Trail, pattern_of, written

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class External:
    """A name that leads out of the tree."""

    name: str


@dataclass(frozen=True, eq=False)
class Value:
    """A module-level name bound to an expression."""

    module: Module
    name: str
    node: ast.expr


@dataclass(frozen=True, eq=False)
class Method:
    """A function of the tree; `owner` is the class that defines it, if one does."""

    module: Module
    owner: Class | None
    node: Function

    @property
    def name(self) -> str:
        """The name in its `def`."""
        return self.node.name


@dataclass(eq=False)
class Class:
    """A class of the tree."""

    module: Module
    node: ast.ClassDef

    @property
    def name(self) -> str:
        """The name in its `class` statement."""
        return self.node.name

    @cached_property
    def qualified(self) -> str:
        """The dotted name: module and class."""
        return f"{self.module.name}.{self.node.name}"

    @cached_property
    def methods(self) -> dict[str, Method]:
        """The functions defined in the class body, by name."""
        found = {}
        for node in self.node.body:
            if is_function(node):
                found[node.name] = Method(self.module, self, node)
        return found

    def holding(self, word: str) -> list[Method]:
        """Return the methods whose code holds a word, in their order."""
        held = dict[int, Method]()
        last = last_row(self.node)
        for row in self.module.rows_of_word(word, self.node.lineno, last):
            at = bisect.bisect_right(self._rows, row, key=itemgetter(0)) - 1
            if at >= 0 and row <= self._rows[at][1]:
                place, method = self._rows[at][2:]
                held[place] = method
        return [held[place] for place in sorted(held)]

    @cached_property
    def _rows(self) -> list[tuple[int, int, int, Method]]:
        """The first and last row, the number and the method, in the order of the file."""
        return sorted(
            (method.node.lineno, last_row(method.node), place, method)
            for place, method in enumerate(self.methods.values())
        )

    @cached_property
    def attributes(self) -> dict[str, ast.expr]:
        """The names bound directly in the class body."""
        return bindings(self.node.body)


class Module:
    """One parsed file of the tree.

    Its `tree` and what is made of that say what its code says; where its nodes stand counts only
    to compare them with each other. All else that a file says is in its `source`; who asks for
    that, or in a file that is `divided` for the body of a function, looks at it.
    """

    def __init__(
        self,
        name: str,
        source: Source,
        tree: ast.Module,
        *,
        package: bool,
        trail: Trail | None = None,
        divided: Sequence[tuple[Function, Hole]] = (),
    ) -> None:
        self.name = name
        self.tree = tree
        self.package = package
        self._source = source
        self._trail = trail or Trail()
        self._notes = Memory(self._trail)  # what is remembered of this file alone
        self._inner: dict[ast.ClassDef, Class] = {}  # those that `classes` leaves out
        self._bodies = [hole for _, hole in divided]
        self.numbers = {node: number for number, (node, _) in enumerate(divided)}  # of bodies
        for node, number in self.numbers.items():
            tell(node, partial(self._trail.look, "body", f"{source.path}\n{number}"))

    def close(self) -> None:
        """Let go of everything; module, classes and methods know each other, which is undone."""
        for item in (*vars(self).get("classes", {}).values(), *self._inner.values()):
            vars(item).clear()
        vars(self).clear()

    def noted(self, key: object, learn: Callable[..., Answer], *given: Any) -> Answer:
        """Return what is remembered of this file alone, learnt now where that is nothing."""
        return self._notes.ask(key, learn, *given)

    @property
    def source(self) -> Source:
        """The text of the file with all that is no code: comments, blank lines, where lines are."""
        self._trail.look("file", self.path)
        return self._source

    @property
    def is_divided(self) -> bool:
        """Whether bodies of functions are looked at one by one."""
        return bool(self._bodies)

    @cached_property
    def parts(self) -> Parts:
        """What the code says, part by part."""
        return Parts(self._source, self.uncommented, self._bodies)

    @property
    def path(self) -> str:
        """The absolute path of the file."""
        return self._source.path

    def row(self, node: ast.expr | ast.stmt) -> int:
        """Return the row of a node, to be told to somebody."""
        self._trail.look("file", self.path)
        return node.lineno

    @cached_property
    def uncommented(self) -> Uncommented:
        """What the code of the file says."""
        return Uncommented(self._source)

    @cached_property
    def parents(self) -> Parents:
        """Who stands above whom in the module."""
        return Parents(self.tree)

    def class_at(self, node: ast.AST) -> Class | None:
        """Return the innermost class around a node."""
        found = self.parents.class_of(node)
        if found is None:
            return None
        known = self.classes.get(found.name)
        if known and known.node is found:
            return known
        return self._inner.setdefault(found, Class(self, found))

    def method_at(self, node: ast.AST) -> Method | None:
        """Return the outermost function around a node, or the node itself where it is one."""
        around = [item for item in (node, *self.parents.above(node)) if is_function(item)]
        return Method(self, self.class_at(around[-1]), around[-1]) if around else None

    def near(self, pattern: re.Pattern[bytes]) -> list[ast.AST]:
        """Return the nodes of the statements that span a match of a pattern, in no order."""
        return self._notes.ask(
            ("near", pattern), lambda: spanning(self.tree, self.source.rows(pattern))
        )

    def near_word(self, word: str) -> list[ast.AST]:
        """Return the nodes of the statements that span a word of code, in no order."""
        return self._notes.ask(("near", word), lambda: spanning(self.tree, self.rows_of_word(word)))

    def rows_of_word(self, word: str, first: int = 1, last: int | None = None) -> list[int]:
        """Return the rows on which a word stands in code, sorted, from `first` to `last`."""
        if self._bodies:
            self._trail.look("word at", f"{self.path}\n{word}")
        return self._code.rows_of_word(word.encode(), first, last)

    def rows(self, pattern: re.Pattern[bytes]) -> list[int]:
        """Return the rows of code that a pattern touches, sorted."""
        if self._bodies:
            self._trail.look("match at", f"{self.path}\n{written(pattern)}")
        return self._code.rows(pattern)

    def holding(self, kind: str, sought: str) -> list[int]:
        """Return the numbers of the bodies that hold what a look was for."""
        if kind == "word at":
            return self.parts.holding(self._code.rows_of_word(sought.encode()))
        return self.parts.holding(self._code.rows(pattern_of(sought)))

    @cached_property
    def _code(self) -> Source:
        masked = self.uncommented.masked
        same = masked == self._source.utf8
        return self._source if same else replace(self._source, utf8=masked)

    @cached_property
    def imports(self) -> dict[str, str]:
        """What each imported name stands for, as a dotted name; module level only."""
        found: dict[str, str] = {}
        for node in module_level(self.tree.body):
            found.update(import_targets(node, self.name, package=self.package))
        return found

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """The modules imported with a star."""
        return tuple(
            absolute(node, self.name, package=self.package)
            for node in module_level(self.tree.body)
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        )

    @cached_property
    def classes(self) -> dict[str, Class]:
        """The classes at module level."""
        body = module_level(self.tree.body)
        return {node.name: Class(self, node) for node in body if isinstance(node, ast.ClassDef)}

    @cached_property
    def functions(self) -> dict[str, Method]:
        """The functions at module level."""
        body = module_level(self.tree.body)
        return {node.name: Method(self, None, node) for node in body if is_function(node)}

    def functions_on(self, rows: list[int]) -> list[Method]:
        """Return the functions and methods that span some rows, which are sorted.

        Those of classes come last, class by class.
        """
        spanned = spanning_statements(self._in_line, rows) if self._in_line else ()
        return [method for _, method in sorted(map(self._numbered.__getitem__, spanned))]

    @cached_property
    def _numbered(self) -> dict[ast.stmt, tuple[int, Method]]:
        """Each function and method with its number, methods behind the functions."""
        methods = (item for owner in self.classes.values() for item in owner.methods.values())
        every = (*self.functions.values(), *methods)
        return {item.node: (number, item) for number, item in enumerate(every)}

    @cached_property
    def _in_line(self) -> list[ast.stmt]:
        """The functions and methods in the order of the file; none stands in another one."""
        return sorted(self._numbered, key=first_row)

    @cached_property
    def values(self) -> dict[str, ast.expr]:
        """The names assigned at module level."""
        return bindings(module_level(self.tree.body))


Definition = Module | Class | Method | Value | External
