"""What a call leads to, who calls a function, and all functions that are reached from one.

The class of `self` is carried along: what a test calls on itself runs as the test's class, a
function of a module as none, what is called on a named class as that class.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from fixtests.reasoning import named_in_tests
from fixtests.reasoning.bodies import Body, is_own
from fixtests.syntax.queries import called_name, dotted
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project
from fixtests.tree.traits import Trait

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


class Step(NamedTuple):
    """What a function runs or passes on: of `self`, of `super()`, or a function by its name.

    Which methods those of `self` and `super()` are depends on the class of `self`, and so it does
    for those of classes by name.
    """

    of: Literal["self", "super", "class", "module"]
    name: str
    is_called: bool


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
        return self.own(named, run) or self._named(dotted(named), run, self._function)

    def callee_in_tests(self, named: ast.expr, run: Run) -> Run | None:
        """Return the function of the tests that an expression is; no other files are read."""
        found = self.own(named, run)
        return found or self._named(dotted(named), run, self._function_in_tests)

    def own(self, named: ast.expr, run: Run) -> Run | None:
        """Return the method that an expression is of `self` or `super()`."""
        if run.owner is None or not isinstance(named, ast.Attribute):
            return None
        if is_own(named.value):
            return self._of_self(named.attr, run.owner)
        return self._of_super(named.attr, run) if _is_of_super(named) else None

    def _of_self(self, name: str, owner: Class | None) -> Run | None:
        found = self.project.methods(owner).get(name) if owner else None
        return Run(found, owner) if found else None

    def _of_super(self, name: str, run: Run) -> Run | None:
        method, owner = run
        found = self.project.method(owner, name, after=method.owner) if owner else None
        return Run(found, owner) if found else None

    def _named(
        self, name: str | None, run: Run, find: Callable[[str, Method], Run | None]
    ) -> Run | None:
        """Return what a dotted name is: a function of a module, of a class, or what makes one."""
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
        found = (self.taken(step, run) for step in steps_of(run.method, self.project))
        yield from filter(None, found)

    def taken(self, step: Step, run: Run) -> Run | None:
        """Return what of the tests a step of a function is."""
        match step.of:
            case "self":
                return self._of_self(step.name, run.owner)
            case "super":
                return self._of_super(step.name, run)
        return self._named(step.name, run, self._function_in_tests)

    def step(self, named: ast.expr, method: Method, *, is_called: bool) -> Step | None:
        """Return what something is as a step of a function, None for what is not of the tests."""
        if isinstance(named, ast.Attribute) and is_own(named.value):
            return Step("self", named.attr, is_called)
        if isinstance(named, ast.Attribute) and _is_of_super(named):
            return Step("super", named.attr, is_called)
        name = dotted(named)
        found = self._named(name, Run(method), self._function_in_tests)
        if name is None or found is None:
            return None
        return Step("class" if _is_of_class(found, name) else "module", name, is_called)

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
            every = steps_of(found, self.project)
            if found.name in apart or any(step.of in ("super", "class") for step in every):
                return None
            own = {step.name for step in every if step.of == "self"}
            names |= own
            above = {methods[name] for name in own if name in methods} - seen
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
            waiting += self.project.memory.ask(("next", *run.key), self._next, run)

    def _next(self, run: Run) -> list[Run]:
        """Return the functions of the tests that a function calls, in the order of the calls."""
        called = (step for step in steps_of(run.method, self.project) if step.is_called)
        return [found for step in called if (found := self.taken(step, run))]

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


@Trait
def steps_of(method: Method, project: Project) -> tuple[Step, ...]:
    """Return what of the tests, maybe, a function runs or passes on, the last call of each."""
    known, found = Calls.of(project), dict[Step, None]()
    for call in Body.of(method, project).calls:
        for named in (call.func, *call.args):
            if isinstance(named, ast.Attribute | ast.Name):
                step = known.step(named, method, is_called=named is call.func)
                if step is not None:
                    found.pop(step, None)
                    found[step] = None
    return (*found,)


def _is_of_super(named: ast.expr) -> bool:
    """Tell whether an expression is a method of `super()`."""
    match named:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return True
    return False


def _is_of_class(found: Run, name: str) -> bool:
    """Tell whether what a dotted name is found to be is a method that it names: `Base.setUp`."""
    return found.owner is not None and found.method.name == name.rpartition(".")[2]
