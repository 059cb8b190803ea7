"""What the patchers of `unittest.mock` and `fixtures` replace, with what, and pass on as what.

A patcher that is told nothing else puts a mock there, and gives it to the test.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from fixtests.reasoning.calls import Run
from fixtests.syntax.queries import Function, called_name, constant_string, dotted
from fixtests.tree.module import Class, External, Module
from fixtests.tree.project import Project

MAKES = re.compile(r"(?:unittest\.)?mock\.(?:mock\.)?(?:\w*Mock|create_autospec|mock_open)")
PATCH = re.compile(r"(?:unittest\.)?mock\.patch")
PATCH_OBJECT = re.compile(r"(?:unittest\.)?mock\.patch\.object")
FIXTURE = re.compile(r"fixtures\.(?:\w+\.)*MockPatch")
FIXTURE_OBJECT = re.compile(r"fixtures\.(?:\w+\.)*MockPatchObject")
PUTS = {PATCH: 1, PATCH_OBJECT: 2, FIXTURE: 1, FIXTURE_OBJECT: 2}  # where its new value stands
DEFAULT = re.compile(r"(?:\w+\.)*DEFAULT")
DATA = re.compile(r"ddt\.(?:data|file_data|unpack|named_data)")
UNPACK = "ddt.unpack"
TEST = "test"  # how the methods begin that a patcher of a class decorates
TOLD_OF = ("spec", "spec_set", "autospec")


class Frame(NamedTuple):
    """A function that runs, and the call that runs it with where that stands, if it is known."""

    run: Run
    by: tuple[ast.Call, Frame] | None = None


Given = tuple[ast.expr, Frame]


class Arguments:
    """The arguments of a call, those that its function hands on by a star among them."""

    def __init__(self, call: ast.Call, frame: Frame) -> None:
        self.places: list[Given] = []
        self.names: dict[str, Given] = {}
        self.open = False  # whether there may be others
        for item in call.args:
            if isinstance(item, ast.Starred):
                self._hand_on(item.value, frame)
            else:
                self.places.append((item, frame))
        for word in call.keywords:
            if word.arg is None:
                self._hand_on(word.value, frame)
            else:
                self.names[word.arg] = word.value, frame

    def at(self, place: int, name: str) -> Given | None:
        """Return the argument of a place or of a name."""
        named = self.names.get(name)
        return self.places[place] if named is None and place < len(self.places) else named

    def _hand_on(self, node: ast.expr, frame: Frame) -> None:
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                self.names[constant_string(key) or "?"] = value, frame
            return
        signature = frame.run.method.node.args
        if frame.by is None or not isinstance(node, ast.Name):
            self.open = True
            return
        given = Arguments(*frame.by)
        self.open = self.open or given.open
        own = [item.arg for item in (*signature.posonlyargs, *signature.args)]
        if signature.vararg and node.id == signature.vararg.arg:
            self.places += given.places[len(own) - (own[:1] == ["self"]) :]
        elif signature.kwarg and node.id == signature.kwarg.arg:
            known = {*own, *(item.arg for item in signature.kwonlyargs)}
            self.names |= {name: it for name, it in given.names.items() if name not in known}
        else:
            self.open = True


class Patches:
    """What the patchers in one project put in the place of what."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def name(self, called: ast.expr, module: Module) -> str:
        """Return the dotted name of what is called, outside of the tree; empty for all else.

        A class of the tree that inherits from a mock is called as that is.
        """
        path = dotted(called)
        found = self.project.lookup(module, path) if path else None
        if isinstance(found, External):
            return found.name
        if isinstance(found, Class):
            above = [item.name for item in self.project.mro(found) if isinstance(item, External)]
            return next(filter(MAKES.fullmatch, above), "")
        return ""

    def place(self, call: ast.Call, module: Module) -> int:
        """Return at which place a patcher takes its new value, 0 for what is no patcher."""
        name = self.name(call.func, module)
        return next((at for kind, at in PUTS.items() if kind.fullmatch(name)), 0)

    def new(self, call: ast.Call, frame: Frame) -> tuple[Given | None, bool]:
        """Return what a patcher is told to put there, and whether it makes a mock itself."""
        given = Arguments(call, frame)
        new = given.at(self.place(call, frame.run.method.module), "new")
        if new is not None and DEFAULT.fullmatch(dotted(new[0]) or "") is None:
            return new, False
        maker = given.names.get("new_callable")
        if maker is not None:
            name = self.name(maker[0], maker[1].run.method.module)
            return None, MAKES.fullmatch(name) is not None
        return None, not given.open

    def target(self, call: ast.Call, frame: Frame) -> str:
        """Return the dotted name of what a patcher replaces, as far as it is written."""
        given = Arguments(call, frame)
        first = given.at(0, "target" if not given.places else "?")
        if first is None:
            return ""
        if self.place(call, frame.run.method.module) == 1:
            return constant_string(first[0]) or ""
        attribute = given.at(1, "attribute")
        name = constant_string(attribute[0]) if attribute else None
        path = dotted(first[0])
        return f"{path}.{name}" if path and name else ""

    def parameters(self, function: Function, module: Module) -> dict[str, ast.Call]:
        """Return which parameters of a function get the mock of which patcher around it."""
        injecting = [*self._injecting(function.decorator_list, module)]
        above = module.parents.of(function)
        if isinstance(above, ast.ClassDef) and function.name.startswith(TEST):
            injecting += self._injecting(above.decorator_list, module)
        arguments = function.args
        listed = [item.arg for item in (*arguments.posonlyargs, *arguments.args)]
        names = listed[1:] if listed[:1] in (["self"], ["cls"]) else listed
        names = names[: len(names) - len(arguments.defaults)] or names
        count = len(injecting)
        if len(names) > count:
            if _is_called_by_names(function, set(names), module):
                return {}
            names = self._after_data(names, function, module)[-count or len(names) :]
        if len(names) < count and arguments.vararg is None:
            return {}
        return dict(zip(names, injecting, strict=False))

    def _injecting(self, decorators: list[ast.expr], module: Module) -> Iterator[ast.Call]:
        """Yield the patchers among some decorators that pass a mock on, in their order."""
        for item in reversed(decorators):
            if isinstance(item, ast.Call) and (at := self.place(item, module)):
                given = [
                    *item.args[at : at + 1],
                    *(x.value for x in item.keywords if x.arg == "new"),
                ]
                if all(DEFAULT.fullmatch(dotted(value) or "") for value in given):
                    yield item

    def _after_data(self, names: list[str], function: Function, module: Module) -> list[str]:
        """Return the parameters without those that get data by their names."""
        calls = [item for item in function.decorator_list if isinstance(item, ast.Call)]
        data = [item for item in calls if DATA.fullmatch(self.name(item.func, module))]
        plain = {self.name(item, module) for item in function.decorator_list}
        if UNPACK not in plain:
            return names
        keys: set[str] = set()
        for call in data:
            for item in call.args:
                match item:
                    case ast.Dict(keys=listed):
                        keys |= {constant_string(key) or "?" for key in listed}
                    case ast.Call(func=ast.Name(id="dict"), keywords=words):
                        keys |= {word.arg or "?" for word in words}
        return [item for item in names if item not in keys]


def _is_called_by_names(function: Function, names: set[str], module: Module) -> bool:
    """Tell whether a call in a module passes parameters of a function by their names."""
    return any(
        word.arg in names
        for node in module.near_word(function.name)
        if isinstance(node, ast.Call) and called_name(node) == function.name
        for word in node.keywords
    )
