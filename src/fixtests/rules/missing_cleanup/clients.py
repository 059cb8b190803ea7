"""What the clients in tests are: which class stands behind `self.api`, and who it acts as.

Follows attributes to where `setUp` and its helpers bind them, through
fixtures, local names and class flags, to the call that makes the client.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from fixtests.rules.missing_cleanup.origins import Body
from fixtests.rules.missing_cleanup.recursion import Recursion
from fixtests.syntax.queries import constant_string, dotted, keyword, walk
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project

LIMIT = 6  # how many local bindings a client is followed through


class User(IntEnum):
    """Who a client acts as, the least able first."""

    LIMITED = 0
    MEMBER = 1
    ADMIN = 2


@dataclass(frozen=True, eq=False)
class Instance:
    """An object of a class of the tree, and the call that makes it."""

    owner: Class
    made: ast.Call


@dataclass(frozen=True, eq=False)
class _Store:
    """A value bound to an attribute, below conditions; `True` with one means its `else`."""

    value: ast.expr
    method: Method
    conditions: tuple[tuple[ast.expr, bool], ...]


@dataclass(frozen=True)
class Client:
    """A client as far as the tree shows it; no owners where it stands outside the tree."""

    owners: tuple[Class, ...]
    user: User


class Clients:
    """Finds out what the clients of one project are."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.profile = project.profile.cleanups
        self._attributes: Recursion[Instance] = Recursion(project, "instances")

    def client(self, node: ast.expr, method: Method, owner: Class | None) -> Client | None:
        """Return the client that an expression in a method is, None where nothing shows it."""
        found = self._instances(node, method, owner, LIMIT)
        if found:
            user = min(_user(instance.made) for instance in found)
            return Client(tuple(instance.owner for instance in found), user)
        name = dotted(node)
        if not self.profile.known:
            return Client((), User.MEMBER)
        if name in self.profile.clients and owner and self.inherits_known(owner):
            admin = "admin" in name or self._flag(owner, self.profile.admin_flag)
            return Client((), User.ADMIN if admin else User.MEMBER)
        return None

    def offers(self, client: Client, name: str) -> bool:
        """Tell whether a client has a method."""
        return all(self.project.method(owner, name) for owner in client.owners)

    def inherits_known(self, owner: Class) -> bool:
        """Tell whether a class has a base outside the tree whose clients are known."""
        return any(self.project.derives(owner, base) for base in self.profile.bases)

    def names(self, node: ast.expr, method: Method, owner: Class | None) -> set[str]:
        """Return the dotted names of an expression, and of what is bound to it."""
        found = {dotted(node) or ""}
        match node:
            case ast.Name(id=name):
                bound = Body.of(method, self.project).assigned.get(name, [])
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr) if owner:
                bound = [value for value, _ in self._bound(owner, attr)]
            case _:
                bound = []
        return found | {dotted(value) or "" for value in bound}

    def _instances(
        self, node: ast.expr, method: Method, owner: Class | None, left: int
    ) -> list[Instance]:
        if not left:
            return []
        left -= 1
        match node:
            case ast.Name(id=name):
                values = Body.of(method, self.project).assigned.get(name, [])
                return self._all(values, method, owner, left)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
                return self._attribute(owner, attr) if owner else []
            case ast.Attribute(value=value, attr=attr):
                holders = self._instances(value, method, owner, left)
                return [
                    found for holder in holders for found in self._attribute(holder.owner, attr)
                ]
            case ast.IfExp(body=body, orelse=orelse):
                return self._all([body, orelse], method, owner, left)
            case ast.BoolOp(values=values):
                return self._all(values, method, owner, left)
            case ast.Call():
                return self._made(node, method, owner, left)
        return []

    def _made(
        self, call: ast.Call, method: Method, owner: Class | None, left: int
    ) -> list[Instance]:
        """Return what a call gives: a fixture that is used, an attribute, an object, a return."""
        match call:
            case ast.Call(func=ast.Attribute(attr="useFixture"), args=[fixture]):
                return self._instances(fixture, method, owner, left)
            case ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id="self"), name, *rest]):
                found = self._attribute(owner, constant_string(name) or "") if owner else []
                return found or self._all(rest, method, owner, left)
        called = dotted(call.func)
        target = self.project.lookup(method.module, called) if called else None
        if isinstance(target, Class):
            return [Instance(target, call)]
        callee = self.project.callee(call, method, owner)
        if callee is None:
            return []
        return self._all(Body.of(callee, self.project).returned, callee, owner, left)

    def _all(
        self, values: list[ast.expr], method: Method, owner: Class | None, left: int
    ) -> list[Instance]:
        return [item for value in values for item in self._instances(value, method, owner, left)]

    def _attribute(self, owner: Class, attr: str) -> list[Instance]:
        """Return what `self.attr` is in a class, by its nearest binding in the resolution order."""
        return self._attributes.ask(
            (owner.node, attr),
            lambda: [
                instance
                for value, method in self._bound(owner, attr)
                for instance in self._instances(value, method, owner, LIMIT)
            ],
        )

    def _bound(self, owner: Class, attr: str) -> list[tuple[ast.expr, Method]]:
        """Return the values that the nearest class in the resolution order binds to `self.attr`."""
        for item in self.project.mro(owner):
            if isinstance(item, Class):
                found = [
                    (store.value, store.method)
                    for store in self._stores(item).get(attr, ())
                    if self._applies(store, owner)
                ]
                if found:
                    return found
        return []

    def _stores(self, item: Class) -> dict[str, list[_Store]]:
        """Return what the methods of one class bind to attributes of `self`, tests left out."""
        return self.project.memory.ask(("stores", item.node), _stores, item)

    def _applies(self, store: _Store, owner: Class) -> bool:
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
                    return self._flag(owner, attr)
        return None

    def _flag(self, owner: Class, attr: str) -> bool:
        value = self.project.attribute(owner, attr)
        return isinstance(value, ast.Constant) and bool(value.value)


def _stores(item: Class) -> dict[str, list[_Store]]:
    found: dict[str, list[_Store]] = {}
    for method in item.methods.values():
        if not method.name.startswith("test"):
            for attr, store in _stored(method.node.body, method, ()):
                found.setdefault(attr, []).append(store)
    return found


def _stored(
    body: list[ast.stmt], method: Method, conditions: tuple[tuple[ast.expr, bool], ...]
) -> Iterator[tuple[str, _Store]]:
    """Yield what some statements bind to attributes of `self`, and the branches they stand in."""
    for node in body:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    match target:
                        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
                            yield attr, _Store(value, method, conditions)
            case ast.If(test=test):
                yield from _stored(node.body, method, (*conditions, (test, False)))
                yield from _stored(node.orelse, method, (*conditions, (test, True)))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case _:
                for field in ("body", "orelse", "finalbody"):
                    yield from _stored(getattr(node, field, []), method, conditions)


def _user(made: ast.Call) -> User:
    """Return who a client acts as, by the names and roles it is made with."""
    words = {constant_string(node) for node in walk(made)}
    if "admin" in words:
        return User.ADMIN
    roles = keyword(made, "roles")
    if isinstance(roles, ast.List) and "member" not in words:
        return User.LIMITED
    return User.MEMBER
