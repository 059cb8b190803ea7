"""Whether somebody deletes what a call creates: here, in helpers, in the class or in callers.

Follows the reply by what it is bound to, put into, returned as and passed to.
Errs towards "deleted": a deletion of something looked up counts for all.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from fixtests.project.clients import Clients
from fixtests.project.creations import Creations
from fixtests.project.deletions import as_call, deletes, given_for, last_name
from fixtests.project.origins import UNKNOWN, Body, Origins, Token, spot
from fixtests.project.profile import Resource
from fixtests.project.recursion import Recursion
from fixtests.project.tree import Class, Method, Module, Project
from fixtests.syntax import called_name, dotted

Targets = list[set[Token]]
PATCHING = re.compile(r"(?i).*(patch|stub|mock).*")
PREPARING = {"setUp", "tearDown", "resource_setup", "resource_cleanup", "setUpClass"}
HEIRS = 40  # how many subclasses are looked at
CALLERS = 4  # how far up a returned reply is followed


class Ownership:
    """Knows what the functions of one project delete, for one resource after the other."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.clients = Clients(project)
        self.creations = Creations(project, self.clients)
        self._targets: Recursion[set[Token]] = Recursion()

    @classmethod
    def of(cls, project: Project) -> Ownership:
        """Return what is remembered of a project."""
        found = project.memory.get(cls)
        if not isinstance(found, cls):
            found = project.memory[cls] = cls(project)
        return found

    def origins(self, method: Method, owner: Class | None) -> Origins:
        """Return the bindings of a function."""
        key = ("origins", method.node, owner and owner.qualified)
        if key not in self.project.memory:
            self.project.memory[key] = Origins(
                Body.of(method, self.project),
                lambda call: self.creations.match(call, method, owner) is not None,
            )
        found: Origins = self.project.memory[key]
        return found

    def heirs(self, owner: Class | None) -> list[Class]:
        """Return the first subclasses of a class."""
        return self._family(owner)[:HEIRS] if owner else []

    def deleted(
        self, call: ast.Call, method: Method, owner: Class | None, resource: Resource
    ) -> bool:
        """Tell whether anything in reach deletes what a call gives."""
        return self._released(call, method, owner, resource, CALLERS, set())

    def called_by(self, method: Method) -> list[tuple[ast.Call, Method]]:
        """Return the calls in the tests that may run a function, with the functions they are in."""
        key = ("callers", method.node)
        if key not in self.project.memory:
            self.project.memory[key] = [
                (call, caller)
                for path in self._near(method)
                for call, caller in self._calls(path).get(method.name, ())
                if self._runs(call, caller, method)
            ]
        found: list[tuple[ast.Call, Method]] = self.project.memory[key]
        return found

    def _released(
        self,
        call: ast.Call,
        method: Method,
        owner: Class | None,
        resource: Resource,
        left: int,
        seen: set[Token],
    ) -> bool:
        token: Token = ("call", *spot(method, call))
        if token in seen or not left:
            return False
        seen.add(token)
        origins = self.origins(method, owner)
        owners = [owner, *self.heirs(owner)]
        named = {token, UNKNOWN, *self._given(call, origins)}
        for receiver in owners:
            if any(named & target for target in self.targets(method, receiver, resource)):
                return True
        if origins.handed(token) or self._in_class(origins.stored(token), owners, resource):
            return True
        returns = any(token in origins.of(value) for value in origins.body.returned)
        if not returns and method.name.startswith("test"):
            return False
        for above, caller in self.called_by(method):
            if returns and self._released(above, caller, caller.owner, resource, left - 1, seen):
                return True
            if any(UNKNOWN in item for item in self.targets(caller, caller.owner, resource)):
                return True
        return False

    def _given(self, call: ast.Call, origins: Origins) -> set[Token]:
        """Return where a call's arguments come from: a name in them may name what it creates."""
        values: list[ast.AST] = [*call.args, *call.keywords]
        tokens = {token for value in values for token in origins.of(value)}
        return {token for token in tokens if token[0] in ("call", "parameter")}

    def _in_class(
        self, attributes: set[str], owners: list[Class | None], resource: Resource
    ) -> bool:
        """Tell whether some methods delete what hangs on `self`, or clear up whatever there is."""
        tokens: set[Token] = {("self", name) for name in attributes}
        for owner in owners:
            for method in self._methods(owner, attributes):
                clears = method.name in PREPARING
                for target in self.targets(method, owner, resource):
                    if tokens & target or (clears and UNKNOWN in target):
                        return True
        return False

    def _methods(self, owner: Class | None, attributes: set[str]) -> Iterator[Method]:
        """Yield the methods, inherited ones too, that prepare, clear up or name an attribute."""
        for item in self.project.mro(owner) if owner else ():
            if isinstance(item, Class):
                yield from (item.methods[name] for name in PREPARING & item.methods.keys())
                if attributes:
                    for method in item.methods.values():
                        if attributes & Body.of(method, self.project).attributes:
                            yield method

    def targets(self, method: Method, owner: Class | None, resource: Resource) -> Targets:
        """Return, for each deletion that a function runs, what the deleted thing may come from."""
        return self._targets.ask(
            (resource.deleters, method.node, owner and owner.node),
            lambda: [
                target
                for call in Body.of(method, self.project).calls
                for target in self._targets_of(call, self.origins(method, owner), owner, resource)
            ],
        )

    def _targets_of(
        self, call: ast.Call, origins: Origins, owner: Class | None, resource: Resource
    ) -> Iterator[set[Token]]:
        arguments: list[ast.expr] = [*call.args, *(item.value for item in call.keywords)]
        if deletes(call, resource):
            yield self._came_from(origins, arguments or [call.func], empty=not arguments)
        elif callee := self._callee(call, origins.method, owner):
            yield from self._mapped(call.args, call.keywords, callee, origins, owner, resource)
        if PATCHING.fullmatch(called_name(call)) or called_name(call).startswith("assertRaises"):
            return
        for place, argument in enumerate(call.args):
            rest = call.args[place + 1 :]
            if re.fullmatch(resource.deleters, last_name(argument)):
                given = [*rest, *(item.value for item in call.keywords)]
                yield self._came_from(origins, given, empty=not given)
            elif passed := self._callee(as_call(argument, rest), origins.method, owner):
                yield from self._mapped(rest, call.keywords, passed, origins, owner, resource)

    def _came_from(self, origins: Origins, values: list[ast.expr], *, empty: bool) -> set[Token]:
        """Return where deleted values come from; a deletion that names nothing is of anything."""
        found = {token for value in values for token in origins.of(value)}
        return found | {UNKNOWN} if empty else found

    def _callee(self, call: ast.Call | None, method: Method, owner: Class | None) -> Method | None:
        """Return the function of the tests that a call runs, unless it is the function itself."""
        if call is None:
            return None
        name = dotted(call.func)
        first = name.partition(".")[0] if name else ""
        if name is None or first in ("self", "cls"):
            found = (
                self.project.callee(call, method, owner) if (name or "").count(".") < 2 else None
            )
        else:
            found = self._function(method.module, name, call, method)
        return found if found and found.node is not method.node else None

    def _function(self, module: Module, name: str, call: ast.Call, method: Method) -> Method | None:
        """Return the function of the tests that a dotted name is in a module."""
        key = ("function", module.path, name)
        memory: dict[object, Method | None] = self.project.memory
        if key not in memory:
            first = name.partition(".")[0]
            home = module.imports.get(first, module.name).replace(".", "/")
            below = self.project.is_test(f"{self.project.root}/{home}/x.py")
            found = self.project.callee(call, method, None) if below else None
            tests = found is not None and self.project.is_test(found.module.path)
            memory[key] = found if tests else None
        return memory[key]

    def _mapped(
        self,
        args: list[ast.expr],
        keywords: list[ast.keyword],
        callee: Method,
        origins: Origins,
        owner: Class | None,
        resource: Resource,
    ) -> Iterator[set[Token]]:
        """Yield what a called function deletes, in the names of its caller."""
        inside = (
            owner if callee.owner and owner in (None, *self._below(callee.owner, owner)) else None
        )
        for target in self.targets(callee, inside or callee.owner, resource):
            found: set[Token] = set()
            for token in target:
                if token[0] == "parameter":
                    for value in given_for(str(token[1]), callee, args, keywords):
                        found |= origins.of(value)
                elif token[0] in ("self", "unknown"):
                    found.add(token)
            yield found

    def _below(self, base: Class, owner: Class | None) -> tuple[Class, ...]:
        return (owner,) if owner and base in self.project.mro(owner) else ()

    def _near(self, method: Method) -> list[Path]:
        """Return the files whose functions may run a function: its class's family, or any."""
        if method.owner is None:
            return self.project.mentions(method.name)
        family = [*self.project.mro(method.owner), *self._family(method.owner)]
        return sorted({Path(item.module.path) for item in family if isinstance(item, Class)})

    def _family(self, owner: Class) -> list[Class]:
        key = ("family", owner.node)
        if key not in self.project.memory:
            self.project.memory[key] = self.project.subclasses(owner)
        found: list[Class] = self.project.memory[key]
        return found

    def _calls(self, path: Path) -> dict[str, list[tuple[ast.Call, Method]]]:
        """Return the calls in a file by the names of what they call or pass on."""
        module = self.project.at(path)
        key = ("calls", path)
        if module is None:
            return {}
        if key not in self.project.memory:
            found: dict[str, list[tuple[ast.Call, Method]]] = {}
            functions = [*module.functions.values()]
            functions += [
                item for owner in module.classes.values() for item in owner.methods.values()
            ]
            for function in functions:
                for node in Body.of(function, self.project).calls:
                    found.setdefault(called_name(node), []).append((node, function))
            self.project.memory[key] = found
        calls: dict[str, list[tuple[ast.Call, Method]]] = self.project.memory[key]
        return calls

    def _runs(self, call: ast.Call, caller: Method, method: Method) -> bool:
        found = self.project.callee(call, caller, caller.owner)
        if found is None:
            return True  # on a class that is not seen from here, a mixin's host
        return (found.module.path, found.node.lineno) == (method.module.path, method.node.lineno)
