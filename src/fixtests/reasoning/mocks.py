"""Which values in tests are mocks of `unittest.mock`: by what makes them, not by their names.

Follows names, attributes of `self`, parameters that patchers fill and functions of the tree to
what makes the mock; what hangs on a mock is one as long as nothing else is put there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import OWN, Calls, Run
from fixtests.reasoning.flow import Reaching
from fixtests.reasoning.patches import MAKES, TEST, TOLD_OF, Arguments, Frame, Given, Patches
from fixtests.reasoning.placements import Placements
from fixtests.syntax.queries import called_name, dotted, is_function
from fixtests.tree.module import Class
from fixtests.tree.project import Project

ENTERS = frozenset({"enter_context", "enterContext", "enter_async_context", "enterAsyncContext"})
USES = "useFixture"
NESTED = "nested"  # enters several patchers, as contextlib's did, and gives what each gives
FIXTURE = "mock"  # the attribute of a fixture that is its mock
ASSERTIONS = ("assert_called", "assert_called_once", "assert_not_called")
DEEP = 30  # steps from a name to what makes it

# The calls that made a mock, and where they stand, as far as they are known.
Origins = tuple[tuple[ast.Call, Frame], ...]


class Mocks:
    """Finds out what is a mock in one project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.patches = Patches(project)
        self._calls = Calls.of(project)
        self._placements = Placements(project, self.patches)

    @classmethod
    def of(cls, project: Project) -> Mocks:
        """Return what is remembered of a project."""
        return project.memory.ask(cls, cls, project)

    def is_mock(self, node: ast.expr, run: Run) -> bool:
        """Tell whether an expression in a function is a mock, as far as the tree shows."""
        return self._made(node, Frame(run), ()) is not None

    def _made(self, node: ast.expr, frame: Frame, seen: tuple[ast.AST, ...]) -> Origins | None:
        """Return what makes the mock that an expression is; None where it may be no mock."""
        if node in seen or len(seen) > DEEP:
            return None
        seen = (*seen, node)
        match node:
            case ast.Name():
                return self._of_name(node, frame, seen)
            case ast.Attribute():
                return self._of_attribute(node, frame, seen)
            case ast.Call():
                return self._of_call(node, frame, seen)
        return None

    def _all(self, values: Iterable[Given], seen: tuple[ast.AST, ...]) -> Origins | None:
        """Return what makes all of some values, if they are mocks and there is one."""
        found = [self._made(value, frame, seen) for value, frame in values]
        return _joined(found)

    def _of_name(self, node: ast.Name, frame: Frame, seen: tuple[ast.AST, ...]) -> Origins | None:
        method, owner = frame.run
        held = Reaching.of(method, owner, self.project).held(node)
        if not held:
            value = method.module.values.get(node.id)
            return None if value is None else self._made(value, frame, seen)
        found: list[Origins | None] = []
        for item in held:
            binding = item.binding
            if binding.value is not None:
                found.append(self._made(binding.value, frame, seen))
            elif isinstance(binding.node, ast.arg):
                given = self._of_parameter(binding.node, frame, seen)
                if given != ():
                    found.append(given)
            else:
                found.append(self._of_target(binding.node, frame, seen))
        return _joined(found)

    def _of_target(self, node: ast.AST, frame: Frame, seen: tuple[ast.AST, ...]) -> Origins | None:
        """Return what makes what a `with` or a loop over what is written there binds."""
        parents = frame.run.method.module.parents
        above = parents.of(node)
        match above, parents.of(above) if above else None:
            case ast.Tuple(elts=parts), ast.withitem(context_expr=ast.Call(args=patchers) as call):
                nested = called_name(call) == NESTED and len(parts) == len(patchers)
                at = parts.index(node) if nested else 0  # type: ignore[arg-type]
                return self._entered(patchers[at], frame, seen) if nested else None
        match above:
            case ast.withitem(context_expr=value):
                return self._entered(value, frame, seen)
            case ast.For(iter=ast.Tuple(elts=items) | ast.List(elts=items)):
                return self._all([(item, frame) for item in items], seen)
        return None

    def _of_parameter(
        self, node: ast.arg, frame: Frame, seen: tuple[ast.AST, ...]
    ) -> Origins | None:
        """Return what makes what a parameter gets; nothing where it is left out in the call."""
        method, module = frame.run.method, frame.run.method.module
        function = next((item for item in module.parents.above(node) if is_function(item)), None)
        if function is None:
            return None
        if function is method.node and frame.by is not None:
            return self._given(node.arg, frame.run, frame.by, seen)
        patch = self.patches.parameters(function, module).get(node.arg)
        if patch is not None:
            return self._put(patch, frame, seen)
        if function is not method.node or method.name.startswith(TEST):
            return None
        callers = self._calls.callers(frame.run)
        return _joined(
            [
                self._given(node.arg, frame.run, (call, Frame(caller)), seen)
                for call, caller in callers
            ]
        )

    def _given(
        self, name: str, run: Run, by: tuple[ast.Call, Frame], seen: tuple[ast.AST, ...]
    ) -> Origins | None:
        """Return what makes what a call gives for a parameter; nothing where it gives none."""
        signature = run.method.node.args
        names = [item.arg for item in (*signature.posonlyargs, *signature.args)]
        names = names[1:] if names[:1] in (["self"], ["cls"]) else names
        given = Arguments(*by)
        found = given.at(names.index(name) if name in names else len(given.places), name)
        if found is None:
            return None if given.open else ()
        return self._made(*found, seen)

    def _of_call(self, call: ast.Call, frame: Frame, seen: tuple[ast.AST, ...]) -> Origins | None:
        module = frame.run.method.module
        name = self.patches.name(call.func, module)
        if MAKES.fullmatch(name):
            return ((call, frame),) if self._is_plain(call, frame) else None
        match call.func:
            case ast.Attribute(attr="start", value=patcher):
                return self._entered(patcher, frame, seen)
            case ast.Attribute(attr=attr) if attr in ENTERS and call.args:
                return self._entered(call.args[0], frame, seen)
        callee = self._calls.callee(call.func, frame.run)
        if callee is None or callee.method.name == "__init__":
            return None
        inner = Frame(callee, (call, frame))
        returned = Body.of(callee.method, self.project).returned
        return self._all([(value, inner) for value in returned], seen)

    def _entered(self, node: ast.expr, frame: Frame, seen: tuple[ast.AST, ...]) -> Origins | None:
        """Return what makes what a patcher gives that is started or entered."""
        found = self._patchers(node, frame)
        return _joined([self._put(call, frame, seen) for call in found]) if found else None

    def _patchers(self, node: ast.expr, frame: Frame) -> list[ast.Call]:
        """Return the calls that make a patcher, or a fixture that is one; none where unsure."""
        method, owner = frame.run
        match node:
            case ast.Call(func=ast.Attribute(attr=attr), args=[inner]) if attr == USES:
                return self._patchers(inner, frame)
            case ast.Call() if self.patches.place(node, method.module):
                return [node]
            case ast.Name():
                values = Reaching.of(method, owner, self.project).values(node)
                found = [self._patchers(item, frame) if item else [] for item in values]
                return [call for calls in found for call in calls] if all(found) else []
            case ast.Attribute() if dotted(node):
                bound = [item for item in self._placements.at(node, frame) if not item.patches]
                found = [self._patchers(item.value, item.frame) for item in bound]
                return [call for calls in found for call in calls] if all(found) else []
        return []

    def _put(self, patch: ast.Call, frame: Frame, seen: tuple[ast.AST, ...]) -> Origins | None:
        """Return what makes the mock that a patcher puts somewhere."""
        new, makes = self.patches.new(patch, frame)
        if new is not None:
            return self._made(*new, seen)
        return ((patch, frame),) if makes and self._is_plain(patch, frame) else None

    def _of_attribute(
        self, node: ast.Attribute, frame: Frame, seen: tuple[ast.AST, ...]
    ) -> Origins | None:
        if node.attr == FIXTURE and self._patchers(node.value, frame):
            return self._entered(node.value, frame, seen)
        bound = self._placements.at(node, frame)
        if bound:
            return _joined(
                [
                    self._put(item.value, item.frame, seen)
                    if item.patches and isinstance(item.value, ast.Call)
                    else self._made(item.value, item.frame, seen)
                    for item in bound
                ]
            )
        if dotted(node.value) in OWN:
            return None
        holders = self._made(node.value, frame, seen)
        if holders is None:
            return None
        put = [Arguments(call, outer).names.get(node.attr) for call, outer in holders]
        return self._all([item for item in put if item], seen) if any(put) else ()

    def _is_plain(self, call: ast.Call, frame: Frame) -> bool:
        """Tell whether a mock has no assertions of the class that it is made like."""
        given = Arguments(call, frame)
        told = [given.names[name] for name in TOLD_OF if name in given.names]
        if called_name(call) == "create_autospec":
            told += given.places[:1]
        for value, outer in told:
            path = dotted(value)
            found = self.project.lookup(outer.run.method.module, path) if path else None
            if isinstance(found, Class) and any(
                name in self.project.methods(found) for name in ASSERTIONS
            ):
                return False
        return True


def _joined(found: list[Origins | None]) -> Origins | None:
    """Return what makes several values, None where one of them may be no mock, or there is none."""
    if not found or any(item is None for item in found):
        return None
    return tuple(made for item in found if item for made in item)
