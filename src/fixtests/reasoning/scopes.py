"""The walk over one function: what its names are bound to, and which names are whose."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from fixtests.reasoning.bindings import Binding, Known, Seen, begin
from fixtests.reasoning.evaluating import Scope
from fixtests.reasoning.walking import Drops, Walk
from fixtests.syntax.queries import (
    SCOPES,
    bound_by,
    children,
    is_function,
    parameters,
    walk,
    walk_function,
)

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Outside:
    """What a function and those inside it bind and change of names that are not their own."""

    def __init__(self) -> None:
        self.bound: dict[str, set[Binding]] = {}
        self.changes: dict[str, set[ast.AST]] = {}


class NameWalk(Outside, Walk[Known]):
    """The walk over one function: which bindings its uses see, and what it makes."""

    def __init__(self, node: Scope, made: Known, outer: NameWalk | None, drops: Drops) -> None:
        Outside.__init__(self)
        Walk.__init__(self, drops)
        self.node = node
        self.made = made  # what was known around it where it is made
        self.outer = outer
        self.own = own_names(node)
        self.inner: dict[Scope, Known] = {}
        self._bindings: dict[tuple[ast.AST, str], Binding] = {}
        self._loops_of: dict[ast.AST, frozenset[ast.AST]] = {}
        self._uses: dict[ast.Name, Seen] = {}
        self._late: dict[ast.Name, ast.AST] = {}
        self._passed_on: list[Binding] = []
        self._changed: list[tuple[str, ast.AST]] = []

    def run(self) -> None:
        """Walk the function."""
        state = Known()
        for item in parameters(self.node.args):
            state = self.bind(item.arg, item, item, None, state)
        if isinstance(self.node, ast.Lambda):
            self.look(self.node.body, state)
        else:
            self.block(self.node.body, state)

    def use(self, node: ast.Name, state: Known) -> None:
        """Note what a use sees; one of a loop is met more than once."""
        seen = Known({node.id: self._uses.get(node, {})}).join(state.only(node.id))
        self._uses[node] = seen.names[node.id]
        if self.lazy is not None:
            self._late[node] = self.lazy

    def bind(
        self, name: str, node: ast.AST, by: ast.AST, value: ast.expr | None, state: Known
    ) -> Known:
        """Bind a name of the function, or pass a binding on to where the name belongs."""
        key = node, name
        if key not in self._bindings:
            self._bindings[key] = Binding(name, node, by, value)
            self._loops_of[node] = frozenset(self.loops)
        binding = self._bindings[key]
        own = name in self.own or self.around is not None or isinstance(by, ast.comprehension)
        if not own or (self.lazy is not None and isinstance(by, ast.NamedExpr)):
            self._passed_on.append(binding)
            return state
        return state.bound(binding)

    def unbind(self, name: str, state: Known) -> Known:
        """Forget the bindings of a name."""
        return state.restored({name}, Known())

    def change(self, name: str, by: ast.AST, state: Known) -> Known:
        """Note that what a name holds is changed."""
        self._changed.append((name, by))
        return state.changed(name, by)

    def enter(self, node: Scope, state: Known) -> Known:
        """Leave a function inside for later, with what is known around it."""
        made = self.around or state
        known = self.inner.get(node)
        self.inner[node] = made if known is None else known.join(made)
        self._loops_of[node] = frozenset(self.loops)
        return state

    def share(self, outside: Outside) -> None:
        """Tell the owners of names that are not the function's own what it does to them."""
        for binding in self._passed_on:
            self._owner(binding.name, outside).bound.setdefault(binding.name, set()).add(binding)
        for name, by in self._changed:
            if name not in self.own:
                self._owner(name, outside).changes.setdefault(name, set()).add(by)

    def answers(self, outside: Outside) -> dict[ast.AST, Seen]:
        """Return the bindings that each use sees."""
        found: dict[ast.AST, Seen] = {}
        for use, seen in self._uses.items():
            name = use.id
            if name in self.own or seen:
                if use in self._late:
                    seen = {**self._later(name, self._late[use]), **seen}
                found[use] = self._with_shared(name, seen)
            else:
                found[use] = self._around(name, outside)
        return found

    def _around(self, name: str, outside: Outside) -> Seen:
        """Return the bindings that a name of a function around may have when this one runs."""
        body = self
        while body.outer is not None:
            made, outer = body.made.names.get(name, {}), body.outer
            if made or name in outer.own:
                later = outer._later(name, body.node)
                around = Known({name: later}).join(body.made.only(name))
                return outer._with_shared(name, around.names[name])
            body = outer
        return dict.fromkeys(outside.bound.get(name, ()), frozenset())

    def _later(self, name: str, maker: ast.AST) -> Seen:
        """Return the bindings of a name that may come after a function or generator was made."""
        loops = self._loops_of.get(maker, frozenset())
        changes = frozenset(by for changed, by in self._changed if changed == name)
        return {
            binding: changes
            for (node, bound), binding in self._bindings.items()
            if bound == name and (binding.place > begin(maker) or loops & self._loops_of[node])
        }

    def _with_shared(self, name: str, seen: Seen) -> Seen:
        """Return bindings with what functions inside do to the name."""
        if name not in self.own:
            return seen
        changes = frozenset(self.changes.get(name, ()))
        every = {**dict.fromkeys(self.bound.get(name, ()), frozenset()), **seen}
        return {binding: held | changes for binding, held in every.items()}

    def _owner(self, name: str, outside: Outside) -> Outside:
        """Return the function around that a name belongs to."""
        body: NameWalk | None = self
        if name not in _declared(self.node, ast.Global):
            while body is not None and name not in body.own:
                body = body.outer
            return outside if body is None else body
        return outside


def own_names(node: Scope) -> set[str]:
    """Return the names that a function binds as its own."""
    inside = [node.body] if isinstance(node, ast.Lambda) else node.body
    found = {item.arg for item in parameters(node.args)} | bound_in(inside)
    return found - _declared(node, ast.Global) - _declared(node, ast.Nonlocal)


def bound_in(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that some nodes bind in the function around them."""
    found: set[str] = set()
    waiting = [*nodes]
    for item in waiting:
        if isinstance(item, COMPREHENSIONS):
            waiting += [inner for inner in walk(item) if isinstance(inner, ast.NamedExpr)]
            continue
        if not isinstance(item, ast.Global | ast.Nonlocal):
            found.update(bound_by(item))
        if not isinstance(item, SCOPES):
            waiting += children(item)
        elif is_function(item) or isinstance(item, ast.ClassDef):
            waiting += item.decorator_list
    return found


def _declared(node: Scope, kind: type[ast.Global] | type[ast.Nonlocal]) -> set[str]:
    """Return the names that a function declares to belong elsewhere."""
    return {
        name
        for item in walk_function(node)
        if isinstance(item, ast.Global | ast.Nonlocal) and isinstance(item, kind)
        for name in item.names
    }
