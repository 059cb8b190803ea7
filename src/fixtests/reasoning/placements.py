"""What tests put in the place of dotted names: what they assign, and what their patchers put there.

`self.api.get = mock.Mock()`, `mock.patch.object(self.api, "get")` and a function of the tree that
hands both on to a patcher put something in the place of `self.api.get`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.patches import TEST, Arguments, Frame, Patches
from fixtests.syntax.queries import constant_string, dotted
from fixtests.tree.module import Class
from fixtests.tree.project import Project

TOLD = 2  # arguments that say what is replaced: an object and the name of its attribute


class Bound(NamedTuple):
    """Something put in the place of a dotted name on a row: a value, or what a patcher puts."""

    value: ast.expr
    frame: Frame
    row: int
    patches: bool


class Placements:
    """Finds what is put in the place of dotted names in one project."""

    def __init__(self, project: Project, patches: Patches) -> None:
        self.project = project
        self._patches = patches
        self._calls = Calls.of(project)

    def at(self, node: ast.Attribute, frame: Frame) -> list[Bound]:
        """Return what is put in the place of a dotted name: in the function itself, else around.

        Around it are the functions of its class and of the nearest class above that do so and
        are no tests.
        """
        path, run = dotted(node), frame.run
        if path is None:
            return []
        key = "put", run.method.node
        here = self.project.memory.ask(key, self._put_by, frame)
        found = [item for item in here.get(path, []) if item.row <= node.lineno]
        if found or run.owner is None:
            return found
        for owner in self.project.mro(run.owner):
            if isinstance(owner, Class):
                around = self.project.memory.ask(("put", owner.node), self._put_in, owner)
                if path in around:
                    return around[path]
        return []

    def _put_in(self, owner: Class) -> dict[str, list[Bound]]:
        """Return what the methods of a class put in the place of dotted names, tests left out."""
        found: dict[str, list[Bound]] = {}
        for method in owner.methods.values():
            if not method.name.startswith(TEST):
                bound = self._put_by(Frame(Run(method, owner)))
                for path, items in bound.items():
                    found[path] = [*found.get(path, []), *items]
        for call in owner.node.decorator_list:
            for method in [*owner.methods.values()][:1]:
                self._note(call, Frame(Run(method, owner)), found)
        return found

    def _put_by(self, frame: Frame) -> dict[str, list[Bound]]:
        """Return what a function puts in the place of dotted names."""
        found: dict[str, list[Bound]] = {}
        body = Body.of(frame.run.method, self.project)
        for node in body.nodes:
            match node:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        if isinstance(target, ast.Attribute) and (path := dotted(target)):
                            found.setdefault(path, []).append(
                                Bound(value, frame, node.lineno, False)
                            )
        for node in (*frame.run.method.node.decorator_list, *body.calls):
            self._note(node, frame, found)
        return found

    def _note(self, node: ast.expr, frame: Frame, found: dict[str, list[Bound]]) -> None:
        """Take in what a call puts in the place of a dotted name, itself or by what it leads to."""
        if not isinstance(node, ast.Call):
            return
        module = frame.run.method.module
        if self._patches.place(node, module):
            for path in self._spelt(self._patches.target(node, frame), frame):
                found.setdefault(path, []).append(Bound(node, frame, node.lineno, True))
            return
        if len(node.args) < TOLD or constant_string(node.args[1]) is None:
            return
        callee = self._calls.callee(node.func, frame.run)
        if callee is not None and callee.method.node is not frame.run.method.node:
            inner = Frame(callee, (node, frame))
            for call in Body.of(callee.method, self.project).calls:
                if self._patches.place(call, callee.method.module):
                    path = self._handed(call, node, inner)
                    found.setdefault(path, []).append(Bound(call, inner, node.lineno, True))

    def _handed(self, patch: ast.Call, call: ast.Call, inner: Frame) -> str:
        """Return what a patcher replaces that a function of the tree hands on."""
        given = Arguments(patch, inner).places[:TOLD]
        names = [item.arg for item in inner.run.method.node.args.args][1:3]
        if [dotted(value) for value, _ in given] != names:
            return ""
        return f"{dotted(call.args[0])}.{constant_string(call.args[1])}"

    def _spelt(self, target: str, frame: Frame) -> Iterator[str]:
        """Yield how a module spells what a patcher replaces, by the names that it imports."""
        if target:
            yield target
        for name, path in frame.run.method.module.imports.items():
            if target.startswith(f"{path}."):
                yield name + target.removeprefix(path)
