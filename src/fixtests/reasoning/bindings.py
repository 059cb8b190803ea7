"""What binds a name, and which bindings each name may have at a place."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

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


Seen = Mapping[Binding, frozenset[ast.AST]]  # bindings, each with what may have changed it


@dataclass(frozen=True)
class Known:
    """The bindings that each name may have at a place, with what changed them."""

    names: Mapping[str, Seen] = field(default_factory=dict)

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

    def only(self, name: str) -> Known:
        """Return what is known of one name alone."""
        return Known({name: self.names[name]}) if name in self.names else Known()

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


def begin(node: ast.AST) -> Place:
    """Return where a node begins: row and column."""
    return node.lineno, node.col_offset  # type: ignore[attr-defined]
