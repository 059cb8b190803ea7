"""Which bindings reach a use of a name, on any path, and what was put into them on the way.

Reaching definitions (Aho, Lam, Sethi, Ullman: Compilers, 9.2.4), with the scopes of Python: a
closure sees what is bound around it when it is made or later.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from fixtests.reasoning.evaluating import parameters
from fixtests.reasoning.walking import Walk
from fixtests.syntax.syntax import SCOPES, Function, bound_by, children, is_function
from fixtests.tree.module import Method

Scope = Function | ast.Lambda
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
ASSIGNING = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr, ast.Import, ast.ImportFrom)
Place = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Binding:
    """A node that binds a name; `by` is the statement or expression that does.

    `value` is the expression that the name is bound to, None where none is
    written: for arguments, elements of a loop, parts of a call's reply.
    """

    name: str
    node: ast.AST
    by: ast.AST
    value: ast.expr | None

    @property
    def place(self) -> Place:
        """Where the name is bound from: row and column, that of the end of an assignment."""
        node = self.by if isinstance(self.by, ASSIGNING) else self.node
        return node.end_lineno or 0, node.end_col_offset or 0  # type: ignore[attr-defined]


@dataclass(frozen=True, eq=False)
class Held:
    """A binding that reaches a use, and the nodes that may have changed what it holds since."""

    binding: Binding
    changes: tuple[ast.AST, ...] = ()

    @property
    def value(self) -> ast.expr | None:
        """The expression that the name was bound to, None where none is written."""
        return self.binding.value


Names = Mapping[str, Mapping[Binding, frozenset[ast.AST]]]


@dataclass(frozen=True)
class Known:
    """The bindings that each name may have at a place, with what changed them."""

    names: Names = field(default_factory=dict)

    def join(self, other: Known) -> Known:
        """Return what either of two paths leads to."""
        if self is other or not other.names:
            return self
        found = dict(self.names)
        for name, held in other.names.items():
            own = found.get(name, {})
            if own is not held:
                found[name] = {
                    binding: own.get(binding, frozenset()) | held.get(binding, frozenset())
                    for binding in {**own, **held}
                }
        return Known(found)

    def restored(self, names: set[str], before: Known) -> Known:
        """Return this state with what was known of some names before."""
        found = {name: held for name, held in self.names.items() if name not in names}
        found |= {name: before.names[name] for name in names if name in before.names}
        return Known(found)

    def bound(self, binding: Binding) -> Known:
        """Return what is known once a name has a new binding alone."""
        return Known({**self.names, binding.name: {binding: frozenset()}})

    def changed(self, name: str, by: ast.AST) -> Known:
        """Return what is known once a node has changed what a name holds."""
        held = {binding: seen | {by} for binding, seen in self.names.get(name, {}).items()}
        return Known({**self.names, name: held}) if held else self


class Reaching:
    """Which bindings reach each use of a name in one function and in those inside it."""

    def __init__(self, function: Function) -> None:
        self._held: dict[ast.AST, dict[Binding, frozenset[ast.AST]]] = {}
        _Body(function, Known(), None, self._held).run()

    @classmethod
    def of(cls, method: Method) -> Reaching:
        """Return what is remembered of a function."""
        notes, key = method.module.notes, (cls, method.node)
        if key not in notes:
            notes[key] = cls(method.node)
        found: Reaching = notes[key]
        return found

    def held(self, use: ast.AST) -> list[Held]:
        """Return the bindings that reach a use, in the order of the text.

        There are none for what is no name, and for a name that is bound outside of the function.
        """
        found = self._held.get(use, {})
        return [
            Held(binding, tuple(sorted(found[binding], key=_begin)))
            for binding in sorted(found, key=lambda item: _begin(item.node))
        ]

    def values(self, use: ast.AST) -> list[ast.expr | None]:
        """Return what a use may stand for, None for each binding without a written value."""
        return [held.value for held in self.held(use)]


class _Body(Walk[Known]):
    """The walk over one function; `held` is filled for it and the functions inside it."""

    def __init__(
        self,
        node: Scope,
        made: Known,
        outer: _Body | None,
        held: dict[ast.AST, dict[Binding, frozenset[ast.AST]]],
    ) -> None:
        super().__init__()
        self.node = node
        self.made = made  # what was known around it where it is made
        self.outer = outer
        self.held = held
        self.own, self.passed_on = _names(node)
        self.bindings: dict[ast.AST, Binding] = {}
        self.loops_of: dict[ast.AST, frozenset[ast.AST]] = {}
        self.shared: dict[str, dict[Binding, frozenset[ast.AST]]] = {}  # bound by inner functions
        self.changes: dict[str, set[ast.AST]] = {}  # of each name, anywhere
        self.inner: dict[ast.AST, tuple[Scope, Known]] = {}
        self.free: list[tuple[ast.Name, _Body]] = []
        self.late: list[tuple[ast.Name, ast.AST]] = []

    def run(self) -> None:
        """Walk the function, then those inside it, then answer what was left open."""
        state = Known()
        for item in parameters(self.node.args):
            state = self.bind(item.arg, item, item, None, state)
        if isinstance(self.node, ast.Lambda):
            self.look(self.node.body, state)
        else:
            self.block(self.node.body, state)
        inner = [_Body(node, made, self, self.held) for node, made in self.inner.values()]
        for body in inner:
            body.run()
        for use, maker in self.late:
            self._add(use, self.later(use.id, maker))
        self._share()
        for body in inner:
            for use, through in body.free:
                if use.id in self.own or use.id in body.made.names:
                    self._add(use, self._closed(use.id, body))
                else:
                    self.free.append((use, through))
        if self.outer is None:
            self._answer_global()
