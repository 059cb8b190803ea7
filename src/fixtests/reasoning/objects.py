"""What the values in tests are: which class of the tree makes them, by definition, not by name.

Follows names and attributes of `self` to where a class, its `setUp` and its helpers bind them,
through fixtures, local names and class flags, to the call that makes the object.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial

from fixtests.reasoning import named_clients, roles
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import OWN, Calls, Run
from fixtests.reasoning.stores import Store, stores
from fixtests.reasoning.summaries import Summaries
from fixtests.syntax.queries import called_name, constant_string, dotted
from fixtests.tree.module import Class, External, Method
from fixtests.tree.project import Project
from fixtests.tree.traits import Trait


@dataclass(frozen=True)
class Instance:
    """An object of a class of the tree, and the expression in it that makes or reaches it.

    The same expression each time: answers that go round are compared.
    """

    owner: Class
    made: ast.expr


Instances = frozenset[Instance]
NOTHING: Instances = frozenset()


class Shape(Enum):
    """What a reply is, where the function that gives it writes it down."""

    DICT = auto()
    TUPLE = auto()  # such as `(response, body)`
    BODY = auto()  # tempest's dict of what was answered


Shapes = frozenset[Shape]


class Objects:
    """Finds out what the values in one project are."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._calls = Calls.of(project)
        self._summaries: Summaries[Instances] = Summaries(
            project, "objects", NOTHING, frozenset.union
        )
        self._replies = Summaries[Shapes](project, "replies", frozenset(), frozenset.union)

    @classmethod
    def of(cls, project: Project) -> Objects:
        """Return what is remembered of a project."""
        return project.memory.ask(cls, cls, project)

    def instances(self, node: ast.expr, run: Run) -> Instances:
        """Return the objects that an expression in a function may be, as far as the tree shows."""
        return self._instances(node, run, frozenset())

    def methods(self, named: ast.expr, run: Run) -> list[Run]:
        """Return the methods that an expression is of the objects it hangs on.

        None of them where the tree does not show one for each.
        """
        if not isinstance(named, ast.Attribute):
            return []
        owners = {item.owner for item in self.instances(named.value, run)}
        found = [
            Run(method, owner)
            for owner in owners
            if (method := self.project.method(owner, named.attr)) is not None
        ]
        return found if len(found) == len(owners) else []

    def methods_of_clients(self, name: str) -> Iterator[Run]:
        """Yield the methods of a name that the classes have which a profile names as clients."""
        for owner in self.project.memory.ask("clients", self._clients):
            method = self.project.method(owner, name)
            if method is not None:
                yield Run(method, owner)

    def _clients(self) -> list[Class]:
        found = [self.project.locate(name) for name in self.project.profile.clients]
        return [item for item in found if isinstance(item, Class)]

    def replies(self, run: Run) -> Shapes:
        """Return which shapes a function's results may have, as far as the tree shows."""
        looks = shapes_of_reply.looks(run.method, self.project, run.owner)
        return self._replies.ask(run.key, lambda: self._shapes_of_returned(run), looks)

    def _shapes_of_returned(self, run: Run) -> Shapes:
        returned = Body.of(run.method, self.project).returned
        return frozenset(item for value in returned for item in self._shapes(value, run, ()))

    def _shapes(self, node: ast.expr, run: Run, seen: tuple[str, ...]) -> Iterator[Shape]:
        """Yield the shapes of an expression; `seen` are the local names that led here."""
        match node:
            case ast.Tuple():
                yield Shape.TUPLE
            case ast.Dict():
                yield Shape.DICT
            case ast.Name(id=name) if name not in seen:
                for value in Body.of(run.method, self.project).assigned.get(name, ()):
                    yield from self._shapes(value, run, (*seen, name))
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._shapes(body, run, seen)
                yield from self._shapes(orelse, run, seen)
            case ast.Call() if called_name(node) == "ResponseBody":
                yield Shape.BODY
            case ast.Call(func=function):
                callee = self._calls.callee(function, run)
                for above in [callee] if callee else self.methods(function, run):
                    yield from self.replies(above)

    def names(self, node: ast.expr, run: Run) -> set[str]:
        """Return the dotted names of an expression, and of what is bound to it.

        An attribute that is bound nowhere in the tree hangs on a base outside of it.
        """
        written = self.written(node, run)
        found = {dotted(value) or "" for value in (node, *written)}
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr) if run.owner:
                order = () if written else self.project.mro(run.owner)
                found |= {f"{item.name}.{attr}" for item in order if isinstance(item, External)}
        return found

    def is_client(self, node: ast.expr, run: Run) -> bool:
        """Tell whether what an expression hangs on is bound to a call that makes a client."""
        while isinstance(node, ast.Attribute) and dotted(node.value) not in OWN:
            node = node.value
        values = self.written(node, run)
        if isinstance(node, ast.Name) and not values:
            values = [item for item in [run.method.module.values.get(node.id)] if item is not None]
        return any(
            isinstance(value, ast.Call)
            and roles.GIVES_CLIENT.search(called_name(value)) is not None
            for value in values
        )

    def written(self, node: ast.expr, run: Run) -> list[ast.expr]:
        """Return what is bound to a name in a function, or to an attribute of `self`."""
        match node:
            case ast.Name(id=name):
                return Body.of(run.method, self.project).assigned.get(name, [])
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr) if run.owner:
                return [store.value for store in self._bound(run.owner, attr)]
        return []

    def flag(self, owner: Class, attr: str) -> bool:
        """Tell whether a class flag is set."""
        value = self.project.attribute(owner, attr)
        return isinstance(value, ast.Constant) and bool(value.value)

    def _instances(self, node: ast.expr, run: Run, seen: frozenset[str]) -> Instances:
        """Return what `instances` does; `seen` are the local names that led here."""
        match node:
            case ast.Name(id=name) if name not in seen:
                values = Body.of(run.method, self.project).assigned.get(name, [])
                return self._all(values, run, seen | {name})
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
                return self._attribute(run.owner, attr) if run.owner else NOTHING
            case ast.Attribute(value=value, attr=attr):
                holders = self._instances(value, run, seen)
                found = _union(self._attribute(holder.owner, attr) for holder in holders)
                return found or _made(named_clients.of_manager(node, attr, self.project), node)
            case ast.IfExp(body=body, orelse=orelse):
                return self._all([body, orelse], run, seen)
            case ast.BoolOp(values=values):
                return self._all(values, run, seen)
            case ast.Call():
                return self._made(node, run, seen)
        return NOTHING

    def _made(self, call: ast.Call, run: Run, seen: frozenset[str]) -> Instances:
        """Return what a call gives: a fixture that is used, an attribute, an object, a return."""
        match call:
            case ast.Call(func=ast.Attribute(attr="useFixture"), args=[fixture]):
                return self._instances(fixture, run, seen)
            case ast.Call(func=ast.Name(id="cls")):
                return frozenset({Instance(run.owner, call)} if run.owner else ())
            case ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id="self"), name, *rest]):
                attr = constant_string(name) or ""
                found = self._attribute(run.owner, attr) if run.owner else NOTHING
                return found or self._all(rest, run, seen)
            case ast.Call(func=ast.Subscript(value=ast.Name(id=table))):
                return self._of_table(table, call, run)
        called = dotted(call.func)
        target = self.project.lookup(run.method.module, called) if called else None
        if isinstance(target, Class):
            return frozenset({Instance(target, call)})
        if callee := self._calls.callee(call.func, run):
            return self._returned(callee)
        module, project = run.method.module, self.project
        return _made(named_clients.registered(called or "", module, project), call)

    def _of_table(self, table: str, call: ast.Call, run: Run) -> Instances:
        """Return what a call makes of one of the classes in a dict of its module."""
        listed = run.method.module.values.get(table)
        names = map(dotted, listed.values if isinstance(listed, ast.Dict) else ())
        owners = [self.project.lookup(run.method.module, name) for name in names if name]
        return _made((owner for owner in owners if isinstance(owner, Class)), call)

    def _all(self, values: Iterable[ast.expr], run: Run, seen: frozenset[str]) -> Instances:
        return _union(self._instances(value, run, seen) for value in values)

    def _returned(self, run: Run) -> Instances:
        """Return what a function gives back."""
        work = partial(self._all, Body.of(run.method, self.project).returned, run, frozenset())
        return self._summaries.ask(("returned", *run.key), work)

    def _attribute(self, owner: Class, attr: str) -> Instances:
        """Return what `self.attr` is in a class, by its nearest binding in the resolution order."""
        return self._summaries.ask(
            ("attribute", owner.node, attr),
            lambda: _union(
                self._instances(store.value, Run(store.method, owner), frozenset())
                for store in self._bound(owner, attr)
            ),
        )

    def _bound(self, owner: Class, attr: str) -> list[Store]:
        """Return what the nearest class in the resolution order binds to `self.attr`."""
        nearest = self.project.first(owner, ("stores", attr), partial(self.stores, attr))
        found = [store for store in nearest or () if self._applies(store, owner)]
        if found or nearest is None:
            return found
        for item in self.project.mro(owner):  # the flags of the class keep the nearest ones out
            stores = self.stores(attr, item) or ()
            found = [store for store in stores if self._applies(store, owner)]
            if found:
                return found
        return []

    def stores(self, attr: str, item: Class | External) -> list[Store] | None:
        """Return what the methods of a class bind to `self.attr`, None where they do not."""
        if isinstance(item, External):
            return None
        key = "stores", item.node, attr
        return self.project.memory.ask(key, stores, item, attr, self.project) or None

    def _applies(self, store: Store, owner: Class) -> bool:
        """Tell whether a binding is made in a class, as its flags have it."""
        return all(self._holds(test, owner) is not unless for test, unless in store.conditions)

    def _holds(self, test: ast.expr, owner: Class) -> bool | None:
        """Return what a test of a class flag comes to, None where it is anything else."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                value = self._holds(operand, owner)
                return None if value is None else not value
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
                if isinstance(self.project.attribute(owner, attr), ast.Constant):
                    return self.flag(owner, attr)
        return None


@Trait
def shapes_of_reply(
    method: Method, project: Project, owner: Class | None = None
) -> tuple[str, ...]:
    """Return the names of the shapes that the results of a function may have, sorted."""
    return tuple(sorted(item.name for item in Objects.of(project).replies(Run(method, owner))))


def _made(owners: Iterable[Class], made: ast.expr) -> Instances:
    return frozenset(Instance(owner, made) for owner in owners)


def _union(found: Iterable[Instances]) -> Instances:
    return NOTHING.union(*found)
