"""Which calls create a resource that somebody has to delete, and what their reply is."""

from __future__ import annotations

import ast
import re
from functools import cache, cached_property
from typing import Literal

from fixtests.reasoning import words
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import OWN, Calls, Run
from fixtests.rules.missing_cleanup.clients import Clients, User
from fixtests.rules.missing_cleanup.derived import alike, derive, ordered
from fixtests.rules.missing_cleanup.verbs import CREATES
from fixtests.syntax.queries import called_name, constant_string, keyword
from fixtests.tree.module import Class, Method
from fixtests.tree.patterns import pattern
from fixtests.tree.profile_cleanups import Resource
from fixtests.tree.project import Project
from fixtests.tree.traits import Trait

MOCK = "mock"  # how the parts of names end of modules that give stand-ins
OF_UNITS = re.compile(r"unit(?:_?tests?|s)?")  # folders of tests whose clients are stand-ins
Shape = Literal["reply", "id", "other"]


class Creations:
    """Knows the creating calls of one project."""

    def __init__(self, project: Project, clients: Clients) -> None:
        self.project = project
        self.clients = clients

    @cached_property
    def by_name(self) -> dict[str, list[Resource]]:
        """The resources of the profile by the names of their creating methods."""
        found: dict[str, list[Resource]] = {}
        for resource in self.project.profile.resources:
            for name in resource.create:
                found.setdefault(name, []).append(resource)
        return found

    def may_be(self, name: str) -> bool:
        """Tell whether a method of a name may create something."""
        return name in self.by_name or self._derives(name.lstrip("_")) or self._orders(name)

    def _orders(self, name: str) -> bool:
        """Tell whether a method of a name runs commands of a client's command line."""
        commands = self.project.profile.cleanups.commands
        return bool(commands) and pattern(commands).fullmatch(name) is not None

    def _derives(self, name: str) -> bool:
        """Tell whether a method of a name may create something that the profile does not know."""
        return self.project.profile.cleanups.derived and name.startswith(CREATES)

    def has_stand_ins(self, method: Method) -> bool:
        """Tell whether the clients of a function's file are stand-ins, as in unit tests."""
        folders = self.project.relative(method.module.path).split("/")[:-1]
        if any(map(OF_UNITS.fullmatch, folders)):
            return True
        imported = (*method.module.imports.values(), *method.module.stars)
        return any(part.endswith(MOCK) for name in imported for part in name.split("."))

    def match(self, call: ast.Call, method: Method, owner: Class | None) -> Resource | None:
        """Return the resource that a call creates."""
        if not isinstance(call.func, ast.Attribute):
            return None
        run, func = Run(method, owner), call.func
        if self._orders(func.attr):
            return None if self.has_stand_ins(method) else ordered(call)
        on_self = isinstance(func.value, ast.Name) and func.value.id in OWN
        known = self.by_name.get(func.attr, ())
        for resource in known:
            if on_self is (resource.on == "self") and self._fits(resource, func, method, owner):
                return None if _is_given(call, resource) else resource
        if on_self or not self._derives(func.attr) or self.has_stand_ins(method):
            return None
        objects = self.clients.objects
        return alike(known, call, func, run, objects) or derive(func, run, objects)

    def _fits(
        self, resource: Resource, func: ast.Attribute, method: Method, owner: Class | None
    ) -> bool:
        if resource.on == "self":
            known = self.project.profile.cleanups.known
            return owner is not None and any(
                not known or self.deletes(name, method, owner) for name in resource.delete
            )
        if resource.receiver:
            names = self.clients.objects.names(func.value, Run(method, owner))
            if not any(map(pattern(resource.receiver).search, names)):
                return False
        if not self.project.profile.cleanups.known:
            return True
        client = self.clients.client(func.value, Run(method, owner))
        return client is not None and self.clients.offers(client, func.attr)

    def deletes(self, name: str, method: Method, owner: Class, *, admin: bool = False) -> bool:
        """Tell whether a dotted name is a deletion that a class has, and with `admin` may use."""
        holder, _, last = name.rpartition(".")
        if holder == "self":
            return self.project.method(owner, last) is not None
        client = self.clients.client(expression(holder), Run(method, owner))
        if client is None or not self.clients.offers(client, last):
            return False
        return not admin or client.user is User.ADMIN

    def makes(self, method: Method, resource: Resource) -> bool:
        """Tell whether a function is itself a creator of a resource, judged where it is called."""
        return method.owner is not None and any(
            item.name == resource.name and item.on == "self"
            for item in self.by_name.get(method.name, ())
        )

    def shape(self, call: ast.Call, resource: Resource, method: Method, owner: Class) -> Shape:
        """Tell whether a creator of the test itself returns the reply, its id or something else."""
        callee = Calls.of(self.project).callee(call.func, Run(method, owner))
        return resource.gives if callee is None else shape_given(callee.method, self.project)


def _is_given(call: ast.Call, resource: Resource) -> bool:
    """Tell whether a call is told the id of the resource, which is there: `volume_id=volume`."""
    return resource.id.endswith("_id") and keyword(call, resource.id) is not None


@Trait
def shape_given(method: Method, project: Project) -> Shape:
    """Tell whether a function gives back a reply, its id or something else."""
    body = Body.of(method, project)
    shapes = {_shape(value, body, ()) for value in body.returned}
    return shapes.pop() if len(shapes) == 1 else "other"


def _shape(value: ast.expr, body: Body, seen: tuple[str, ...]) -> Shape:
    """Tell what a returned value is, by what it is bound to."""
    match value:
        case ast.Subscript(slice=key) if constant_string(key) == "id":
            return "id"
        case ast.Call():
            return "other" if words.lists_several(called_name(value)) else "reply"
        case ast.Subscript(value=ast.Call() | ast.Name()):
            return "reply"
        case ast.Name(id=name) if name not in seen:
            shapes = {_shape(item, body, (*seen, name)) for item in body.assigned.get(name, ())}
            return shapes.pop() if len(shapes) == 1 else "other"
    return "other"


@cache
def expression(name: str) -> ast.expr:
    """Return the syntax tree of a dotted name."""
    return ast.parse(name, mode="eval").body
