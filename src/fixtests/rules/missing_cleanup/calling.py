"""Which functions of the tests a call runs, and which calls run a function.

Calls on `self` are followed for one class; calls of functions of other modules
as far as those belong to the tests.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from fixtests.rules.missing_cleanup.origins import Body
from fixtests.syntax.queries import called_name, dotted, spans
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.project import Project

HEIRS = 40  # how many subclasses are looked at


class Calling:
    """Follows the calls in the tests of one project, both ways."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def heirs(self, owner: Class | None) -> list[Class]:
        """Return the first subclasses of a class."""
        return self._family(owner)[:HEIRS] if owner else []

    def called_by(self, method: Method) -> list[tuple[ast.Call, Method]]:
        """Return the calls in the tests that may run a function, with the functions they are in."""
        return self.project.memory.ask(("callers", method.node), self._callers, method)

    def _callers(self, method: Method) -> list[tuple[ast.Call, Method]]:
        return [
            (call, caller)
            for path in self._near(method)
            for call, caller in self._calls(path, method.name)
            if self._runs(call, caller, method)
        ]

    def steps(self, method: Method, owner: Class | None) -> Iterator[tuple[Method, Class | None]]:
        """Yield the functions of the tests that a function runs or passes on, as what class."""
        own, supers, others = self.project.memory.ask(("steps", method.node), self._named, method)
        methods = self.project.methods(owner) if owner and own else {}
        for name in own:
            if name in methods:
                yield methods[name], owner
        for named in supers:
            found = self.callee(named, method, owner)
            if found is not None:
                yield found, self.receiver(found, owner)
        for found in others:
            yield found, self.receiver(found, owner)

    def _named(self, method: Method) -> tuple[list[str], list[ast.expr], list[Method]]:
        """Return what `steps` needs: methods of `self` by name, those of `super()`, functions."""
        own: list[str] = []
        supers: list[ast.expr] = []
        others: list[Method] = []
        for function in Body.of(method, self.project).functions:
            first, _, rest = (dotted(function) or "").partition(".")
            if not first:
                supers.append(function)
            elif first not in ("self", "cls"):
                found = self.callee(function, method, None)
                others += [found] if found else []
            elif rest.isidentifier():
                own.append(rest)
        return own, supers, others

    def receiver(self, callee: Method, owner: Class | None) -> Class | None:
        """Return the class that `self` is in a called function."""
        inherited = callee.owner and owner and callee.owner in self.project.mro(owner)
        return owner if inherited else callee.owner

    def callee(self, named: ast.expr, method: Method, owner: Class | None) -> Method | None:
        """Return the function of the tests that an expression is, not the caller itself."""
        name = dotted(named) or ""
        if not name or name.startswith(("self.", "cls.")):
            found = self.project.function(named, method, owner) if name.count(".") < 2 else None
        else:
            key = ("function", method.module, name)
            found = self.project.memory.ask(key, self._function, name, named, method)
        return found if found and found.node is not method.node else None

    def _function(self, name: str, named: ast.expr, method: Method) -> Method | None:
        """Return the function of the tests that a dotted name is in the module of a function."""
        home = method.module.imports.get(name.partition(".")[0])
        path = f"{self.project.root}/{home.replace('.', '/')}/x.py" if home else ""
        below = not home or self.project.is_test(path)
        found = self.project.function(named, method, None) if below else None
        tests = found is not None and self.project.is_test(found.module.path)
        return found if tests else None

    def _near(self, method: Method) -> list[Path]:
        """Return the files whose functions may run a function: its class's family, or any."""
        if method.owner is None:
            return self.project.mentions(method.name)
        family = [*self.project.mro(method.owner), *self._family(method.owner)]
        return sorted({Path(item.module.path) for item in family if isinstance(item, Class)})

    def _family(self, owner: Class) -> list[Class]:
        return self.project.memory.ask(("family", owner.node), self.project.subclasses, owner)

    def _calls(self, path: Path, name: str) -> Iterator[tuple[ast.Call, Method]]:
        """Yield the calls of something of a name in a file, with the functions they are in."""
        module = self.project.at(path)
        if module is None:
            return
        rows = module.source.rows_of_word(name.encode())
        functions = [*module.functions.values()]
        functions += [item for owner in module.classes.values() for item in owner.methods.values()]
        for function in functions:
            if spans(function.node, rows):
                for node in Body.of(function, self.project).calls:
                    if called_name(node) == name:
                        yield node, function

    def _runs(self, call: ast.Call, caller: Method, method: Method) -> bool:
        found = self.project.callee(call, caller, caller.owner)
        if found is None:
            return True  # on a class that is not seen from here, a mixin's host
        return (found.module.path, found.node.lineno) == (method.module.path, method.node.lineno)


def holds_tests(module: Module) -> bool:
    """Tell whether a module holds tests themselves, as its name has it, and not what they share."""
    return module.name.rpartition(".")[2].startswith("test_")
