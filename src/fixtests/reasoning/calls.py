"""What a call leads to, who calls a function, and all functions that are reached from one.

The class of `self` is carried along: what a test calls on itself runs as the test's class, a
function of a module as none, what is called on a named class as that class.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from fixtests.reasoning import named_in_tests
from fixtests.reasoning.bodies import Body, is_own
from fixtests.syntax.queries import called_name, dotted
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project

OWN = ("self", "cls")


class Run(NamedTuple):
    """A function of the tree and the class that `self` is in it, None where it has no `self`."""

    method: Method
    owner: Class | None = None

    @property
    def key(self) -> tuple[ast.AST, ast.AST | None]:
        """What tells it from others, however often its names are looked up."""
        return self.method.node, None if self.owner is None else self.owner.node

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Run) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True, eq=False)
class Steps:
    """What a function runs or passes on, by what tells which function that is.

    `own` are names of methods of `self`. Which methods these are depends on the class of `self`,
    and so it does for those of `super()` and of classes by name; `functions` are the others.
    """

    own: list[str]
    supers: list[ast.expr]
    of_classes: list[ast.expr]
    functions: list[Run]


class Calls:
    """Follows the calls in one project, both ways."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @classmethod
    def of(cls, project: Project) -> Calls:
        """Return what is remembered of a project."""
        return project.memory.ask(cls, cls, project)

    def callee(self, named: ast.expr, run: Run) -> Run | None:
        """Return the function of the tree that an expression in a function is."""
        return self.own(named, run) or self._named(named, run, self._function)

    def callee_in_tests(self, named: ast.expr, run: Run) -> Run | None:
        """Return the function of the tests that an expression is; no other files are read."""
        return self.own(named, run) or self._named(named, run, self._function_in_tests)

    def own(self, named: ast.expr, run: Run) -> Run | None:
        """Return the method that an expression is of `self` or `super()`."""
        if run.owner is None or not isinstance(named, ast.Attribute):
            return None
        if is_own(named.value):
            found = self.project.methods(run.owner).get(named.attr)
        elif _is_of_super(named):
            found = self.project.method(run.owner, named.attr, after=run.method.owner)
        else:
            return None
        return Run(found, run.owner) if found else None

    def _named(
        self, named: ast.expr, run: Run, find: Callable[[str, Method], Run | None]
    ) -> Run | None:
        """Return what a dotted name is: a function of a module, of a class, or what makes one."""
        name = dotted(named) or ""
        if not name or name.startswith(("self.", "cls.")):
            return None
        key = (find.__name__, run.method.module, name)
        found = self.project.memory.ask(key, find, name, run.method)
        if found is None or run.owner is None or not _is_of_class(found, name):
            return found
        inherits = found.owner in self.project.mro(run.owner)
        return Run(found.method, run.owner) if inherits else found

    def _function(self, name: str, method: Method) -> Run | None:
        """Return the function that a dotted name is in the module of another one."""
        found = self.project.lookup(method.module, name)
        if isinstance(found, Class):
            made = self.project.method(found, "__init__")
            return Run(made, found) if made else None
        if not isinstance(found, Method):
            return None
        holder = name.rpartition(".")[0] if found.owner else ""
        owner = self.project.lookup(method.module, holder) if holder else None
        return Run(found, owner if isinstance(owner, Class) else found.owner)

    def _function_in_tests(self, name: str, method: Method) -> Run | None:
        may_be = named_in_tests.may_be(name, method.module, self.project)
        found = self._function(name, method) if may_be else None
        tests = found is not None and self.project.is_test(found.method.module.path)
        return found if tests else None

    def methods_of(self, owner: Class) -> list[Run]:
        """Return the methods of a class, inherited ones too, as the class runs them."""
        return [Run(method, owner) for method in self.project.methods(owner).values()]

    def steps(self, run: Run) -> Iterator[Run]:
        """Yield the functions of the tests that a function runs or passes on."""
        steps = self.steps_of(run.method)
        methods = self.project.methods(run.owner) if run.owner and steps.own else {}
        for name in steps.own:
            if name in methods:
                yield Run(methods[name], run.owner)
        for named in (*steps.supers, *steps.of_classes):
            found = self.callee_in_tests(named, run)
            if found is not None:
                yield found
        yield from steps.functions

    def steps_of(self, method: Method) -> Steps:
        """Return what a function runs or passes on, whichever class it is run as."""
        return self.project.memory.ask(("steps", method.node), self._steps, method)

    def _steps(self, method: Method) -> Steps:
        steps, run = Steps([], [], [], []), Run(method)
        for name, function in Body.of(method, self.project).functions.items():
            if isinstance(function, ast.Attribute) and is_own(function.value):
                steps.own.append(function.attr)
            elif _is_of_super(function):
                steps.supers.append(function)
            elif isinstance(name, str) and (found := self.callee_in_tests(function, run)):
                if _is_of_class(found, name):
                    steps.of_classes.append(function)
                else:
                    steps.functions.append(found)
        return steps

    def as_defined(self, run: Run, apart: frozenset[str]) -> Run:
        """Return a function as the class runs it that defines it, if it leads to the same then.

        So what a base has is not followed again for each class that inherits it. What is of
        one of the names `apart` depends on more of its class than which methods that has.
        """
        owner = run.method.owner
        if run.owner is None or owner is None or owner is run.owner:
            return run
        return self.project.memory.ask(("defined", apart, *run.key), self._as_defined, run, apart)

    def _as_defined(self, run: Run, apart: frozenset[str]) -> Run:
        method, owner = run
        key = "names", apart, method.node
        names = self.project.memory.ask(key, self._names, method, apart)
        if names is None or owner is None or method.owner is None:
            return run
        here, there = self.project.methods(owner), self.project.methods(method.owner)
        same = all(here.get(name) is there.get(name) for name in names)
        return Run(method, method.owner) if same else run

    def _names(self, method: Method, apart: frozenset[str]) -> set[str] | None:
        """Return by which names a method leads to others of `self`, None where not by names alone.

        It is followed as the class runs it that defines it.
        """
        names: set[str] = set()
        methods = self.project.methods(method.owner) if method.owner else {}
        waiting, seen = [method], {method}
        while waiting:
            found = waiting.pop()
            steps = self.steps_of(found)
            if steps.supers or steps.of_classes or found.name in apart:
                return None
            names.update(steps.own)
            above = {methods[name] for name in steps.own if name in methods} - seen
            waiting += above
            seen |= above
        return names

    def called(self, run: Run) -> list[tuple[ast.Call, Run | None]]:
        """Return the calls in a function, nested ones included, and what of the tests they run."""
        return self.project.memory.ask(("called", *run.key), self._called, run)

    def _called(self, run: Run) -> list[tuple[ast.Call, Run | None]]:
        found = Body.of(run.method, self.project).calls
        return [(call, self.callee_in_tests(call.func, run)) for call in found]

    def reached(self, starts: Iterable[Run | None], enters: Callable[[Run], bool]) -> Iterator[Run]:
        """Yield functions and all of the tests that they call, as far as `enters` lets in."""
        seen: set[Run] = set()
        waiting = [*starts]
        while waiting:
            run = waiting.pop()
            if run is None or run in seen or not enters(run):
                continue
            seen.add(run)
            yield run
            waiting += (found for _, found in self.called(run))

    def callers(self, run: Run) -> list[tuple[ast.Call, Run]]:
        """Return the calls in the tests that may run a function, with the functions they are in.

        A function of a base runs as the class that is at hand.
        """
        order = self.project.mro(run.owner) if run.owner else ()
        return [
            (call, Run(caller, run.owner if caller.owner in order else caller.owner))
            for call, caller in self.project.memory.ask(
                ("callers", run.method.node), self._callers, run.method
            )
        ]

    def _callers(self, method: Method) -> list[tuple[ast.Call, Method]]:
        return [
            (call, caller)
            for path in self._near(method)
            for call, caller in self._calls_of(path, method.name)
            if self._runs(call, caller, method)
        ]

    def heirs(self, owner: Class | None) -> list[Class]:
        """Return the subclasses of a class in the tests, nearest first."""
        if owner is None:
            return []
        return self.project.memory.ask(("family", owner.node), self.project.subclasses, owner)

    def _near(self, method: Method) -> list[Path]:
        """Return the files whose functions may run a function: its class's family, or any."""
        if method.owner is None:
            return self.project.mentions(method.name)
        family = [*self.project.mro(method.owner), *self.heirs(method.owner)]
        return sorted({Path(item.module.path) for item in family if isinstance(item, Class)})

    def _calls_of(self, path: Path, name: str) -> Iterator[tuple[ast.Call, Method]]:
        """Yield the calls of something of a name in a file, with the functions they are in."""
        module = self.project.at(path)
        if module is None:
            return
        rows = module.rows_of_word(name)
        if not rows:
            return
        for function in module.functions_on(rows):
            for node in Body.of(function, self.project).calls:
                if called_name(node) == name:
                    yield node, function

    def _runs(self, call: ast.Call, caller: Method, method: Method) -> bool:
        found = self.callee(call.func, Run(caller, caller.owner))
        if found is None:
            return True  # on a class that is not seen from here, a mixin's host
        node, module = found.method.node, found.method.module
        return (module.path, node.lineno) == (method.module.path, method.node.lineno)


def _is_of_super(named: ast.expr) -> bool:
    """Tell whether an expression is a method of `super()`."""
    match named:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return True
    return False


def _is_of_class(found: Run, name: str) -> bool:
    """Tell whether what a dotted name is found to be is a method that it names: `Base.setUp`."""
    return found.owner is not None and found.method.name == name.rpartition(".")[2]
