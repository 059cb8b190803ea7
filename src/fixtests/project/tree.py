"""The modules of a root: imports, classes, method resolution order, functions and callers.

Everything is read lazily and kept for the run. Names that lead out of the tree
become External; nothing is ever imported.
"""

from __future__ import annotations

import ast
import contextlib
import os
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from fixtests import outline
from fixtests.model import digest
from fixtests.project.knowledge import Knowledge
from fixtests.project.module import Class, Definition, External, Method, Module, Value
from fixtests.project.profile import Profile
from fixtests.project.texts import Texts
from fixtests.project.trail import Look, Memory, Row, Trail
from fixtests.source import Source, SourceError, read
from fixtests.syntax import dotted, walk_function

TEST = re.compile(r"(test_.*|.*_test|tests|conftest)\.py")
SHORT = 32  # characters of a digest that tell one answer from another
DATA = re.compile(r"(^|/)(fixtures|fakes?)/|(^|[/_])(fakes?|fixtures?|constants|data)(_\w+)?\.py$")


class Project:
    """Everything known about one root."""

    def __init__(self, root: Path, profile: Profile, knowledge: Knowledge | None = None) -> None:
        self.root = root
        self.profile = profile
        self.knowledge = knowledge or Knowledge()
        self._modules: dict[Path, Module | None] = {}
        self._digests: dict[str, str] = {}  # of files that were parsed
        self._rows: dict[Look, Row] = {}
        self._paths: dict[str, Path | None] = {}
        self._packages: dict[Path, tuple[str, ...]] = {}
        self._tops: dict[str, list[str]] = {}
        self._relative: dict[str, str] = {}
        self._below = str(root).rstrip(os.sep) + os.sep
        self._tests: dict[str, bool] = {}
        self.trail = Trail()
        self.memory = Memory(self.trail)

    def relative(self, path: str) -> str:
        """Return a path relative to the root, with `/`."""
        if path not in self._relative:
            inside = path.startswith(self._below) and os.sep == "/"
            self._relative[path] = (
                path[len(self._below) :] if inside else Path(path).relative_to(self.root).as_posix()
            )
        return self._relative[path]

    def parsed(self, path: Path, content: bytes) -> Module | None:
        """Return the module of a file that was read before and holds the same bytes still."""
        module = self._modules.get(path)
        return module if module and module.source.content == content else None

    def adopt(self, source: Source, tree: ast.Module) -> Module:
        """Take a file that the engine has parsed already, so that it is parsed once."""
        path = Path(source.path)
        module = Module(self._name(path), source, tree, package=path.name == "__init__.py")
        self._modules[path] = module
        if self._digests.get(source.path, source.digest) != source.digest:
            self._rows.pop(("file", source.path), None)  # it changed during the run
        self._digests[source.path] = source.digest
        return module

    @contextlib.contextmanager
    def overlay(self, module: Module) -> Iterator[None]:
        """See the tree as if one file were changed already, for as long as the block runs.

        What is remembered of other code holds on where no other file imports this one.
        """
        path = Path(module.path)
        before, memory = self._modules.get(path), self.memory
        self._modules[path] = module
        # What is learnt of the changed file goes with it.
        imported = self.texts.imports(path.stem)
        self.memory = Memory(self.trail) if imported else memory.copy()
        try:
            yield
        finally:
            self._modules[path], self.memory = before, memory

    def forget(self) -> None:
        """Let go of every syntax tree, and of what was learnt from them; it can be learnt again."""
        for module in self._modules.values():
            if module is not None:
                module.close()
        self._modules.clear()
        self.memory.clear()

    def release(self) -> None:
        """Let go of everything read, for a run that goes on in another root."""
        self.forget()
        vars(self).pop("texts", None)

    def at(self, path: Path) -> Module | None:
        """Return the module in a file, None where it cannot be read or parsed."""
        self.trail.look("file", str(path))
        if path not in self._modules:
            try:
                source = Source.decode(str(path), read(path))
                self.adopt(source, outline.parse(source))
            except (OSError, SourceError):
                self._modules[path] = None
        return self._modules[path]

    def rows(self, looked: int) -> list[Row]:
        """Return what was looked at, each with what it told, the same in all of a run."""
        found = []
        for look in self.trail.looks(looked):
            if look not in self._rows:
                self._rows[look] = *look, self.tells(*look)
            found.append(self._rows[look])
        return found

    def tells(self, kind: str, at: str) -> str:
        """Return what a look tells, in a form that is another one for another answer.

        It is empty where that cannot be said.
        """
        match kind:
            case "file":
                told: Any = self._digest(at), self._name(Path(at))
            case "name":
                told = self.path_of(at)
            case "folder":
                told = self.texts.within(Path(at))
            case "heirs":
                told = self.texts.heirs(at)
            case "import":
                told = self.texts.imports(at)
            case "pattern":
                flags, _, pattern = at.partition("/")
                told = self.texts.holding(re.compile(pattern.encode("latin-1"), int(flags)))
            case _:
                return ""
        return digest(repr(told).encode("utf-8", "surrogatepass"))[:SHORT]

    def _digest(self, path: str) -> str:
        """Return the digest of a file as it was parsed in this run, else as it is."""
        if path not in self._digests:
            try:
                self._digests[path] = digest(read(Path(path)))
            except OSError:
                self._digests[path] = ""
        return self._digests[path]

    def concluded(self, kind: str, conclude: Callable[[], Any]) -> Any:
        """Return what follows from modules that are asked for by name, as plain JSON data.

        Kept from run to run; `kind` tells one question from another.
        """
        names, value = self.knowledge.conclusion(kind) or ({}, None)
        if value is not None and all(
            str(self.path_of(name) or "") == path for name, path in names.items()
        ):
            for path in filter(None, names.values()):
                self.trail.look("file", path)
            return value
        value, looked = self.trail.follow(conclude)
        names = [name for kind, name in self.trail.looks(looked) if kind == "name"]
        asked = {name: str(self.path_of(name) or "") for name in names}
        files = {path for path in asked.values() if path}
        folders = {str(above) for path in files for above in self._above(Path(path))}
        self.knowledge.conclude(kind, (asked, value), sorted(files | folders))
        return value

    def _above(self, path: Path) -> list[Path]:
        """Return the folders above a file, up to the root."""
        return [item for item in path.parents if item.is_relative_to(self.root)]

    def module(self, name: str) -> Module | None:
        """Return a module of the tree by its dotted name."""
        path = self.path_of(name)
        return None if path is None else self.at(path)

    def path_of(self, name: str) -> Path | None:
        """Return the file of a module by its dotted name."""
        self.trail.look("name", name)
        if name not in self._paths:
            top, _, rest = name.partition(".")
            below = rest.replace(".", os.sep)
            stems = (f"{start}{os.sep}{below}" if rest else start for start in self._starts(top))
            places = (f"{stem}{end}" for stem in stems for end in (".py", f"{os.sep}__init__.py"))
            found = next(filter(os.path.isfile, places), None)
            self._paths[name] = None if found is None else Path(found)
        return self._paths[name]

    def _starts(self, top: str) -> list[str]:
        """Return where modules of some name's first part may stand, without the `.py`."""
        if top not in self._tops:
            places = (f"{self._below}{top}", f"{self._below}src{os.sep}{top}")
            self._tops[top] = [
                place
                for place in places
                if os.path.exists(place)  # noqa: PTH110 - a thousand names a run
                or os.path.exists(f"{place}.py")  # noqa: PTH110
            ]
        return self._tops[top]

    def lookup(self, module: Module, name: str) -> Definition | None:
        """Follow a dotted name as it is written in a module to its definition.

        Returns External where it leads out of the tree, None where the name
        is not bound at the module's level.
        """
        first, _, rest = name.partition(".")
        found = self._member(module, first, set())
        return self._descend(found, rest) if found and rest else found

    def locate(self, name: str) -> Definition | None:
        """Follow an absolute dotted name to its definition."""
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            module = self.module(".".join(parts[:length]))
            if module is not None:
                rest = parts[length:]
                if not rest:
                    return module
                found = self._member(module, rest[0], set())
                if found is None:
                    return None
                return self._descend(found, ".".join(rest[1:])) if rest[1:] else found
        return External(name)

    def _member(self, module: Module, name: str, seen: set[str]) -> Definition | None:
        if name in module.classes:
            return module.classes[name]
        if name in module.functions:
            return module.functions[name]
        if name in module.imports and module.imports[name] not in seen:
            seen.add(module.imports[name])
            return self.locate(module.imports[name])
        if name in module.values:
            return Value(module, name, module.values[name])
        for star in module.stars:
            target = self.module(star)
            if target is not None and target.name not in seen:
                seen.add(target.name)
                found = self._member(target, name, seen)
                if found is not None:
                    return found
        return self.module(f"{module.name}.{name}") if module.package else None

    def _descend(self, found: Definition, rest: str) -> Definition | None:
        if isinstance(found, External):
            return External(f"{found.name}.{rest}")
        if isinstance(found, Module):
            return self.lookup(found, rest)
        if isinstance(found, Class) and "." not in rest:
            for owner in self.mro(found):
                if isinstance(owner, Class):
                    if rest in owner.methods:
                        return owner.methods[rest]
                    if rest in owner.attributes:
                        return Value(owner.module, rest, owner.attributes[rest])
        return None

    def bases(self, owner: Class) -> list[Class | External]:
        """Return the direct bases of a class."""
        found: list[Class | External] = []
        for node in owner.node.bases:
            name = dotted(node)
            target = self.lookup(owner.module, name) if name else None
            found.append(target if isinstance(target, Class | External) else External(name or "?"))
        return found

    def mro(self, owner: Class) -> tuple[Class | External, ...]:
        """Return the method resolution order (C3), External bases included."""
        return self.memory.ask_round(owner, (owner,), self._order, owner)

    def _order(self, owner: Class) -> tuple[Class | External, ...]:
        bases = self.bases(owner)
        lines: list[list[Class | External]] = [
            list(self.mro(base)) if isinstance(base, Class) else [base] for base in bases
        ]
        return (owner, *_merge([*lines, bases]))

    def derives(self, owner: Class, base: str) -> bool:
        """Tell whether a class has a base of that dotted name in its resolution order."""
        names = (
            item.qualified if isinstance(item, Class) else item.name for item in self.mro(owner)
        )
        return base in names

    def is_test_case(self, owner: Class) -> bool:
        """Tell whether a class inherits unittest's assertions, as far as names show."""
        return any(
            item.name.rpartition(".")[2].endswith(("TestCase", "TestCaseBase"))
            for item in self.mro(owner)
        )

    def method(self, owner: Class, name: str, *, after: Class | None = None) -> Method | None:
        """Return the method that `self.name` finds; with `after`, what `super()` finds there."""
        order = self.mro(owner)
        if after is not None and after in order:
            order = order[order.index(after) + 1 :]
        for item in order:
            if isinstance(item, Class) and name in item.methods:
                return item.methods[name]
        return None

    def attribute(self, owner: Class, name: str) -> ast.expr | None:
        """Return what a class attribute is bound to, inherited ones included."""
        for item in self.mro(owner):
            if isinstance(item, Class) and name in item.attributes:
                return item.attributes[name]
        return None

    def callee(self, call: ast.Call, caller: Method, owner: Class | None) -> Method | None:
        """Return the function of the tree that a call runs; `owner` is the class of `self`."""
        match call.func:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name) if owner:
                return self.method(owner, name)
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=name) if owner:
                return self.method(owner, name, after=caller.owner)
        name = dotted(call.func) or ""
        found = self.lookup(caller.module, name) if name else None
        if isinstance(found, Class):
            return self.method(found, "__init__")
        return found if isinstance(found, Method) else None

    def reach(
        self, start: Method, owner: Class | None, limit: int = 200
    ) -> Iterator[tuple[ast.Call, Method]]:
        """Yield each function that `start` runs, directly or not, with a call that leads to it.

        Stops after `limit` functions; classes other than `owner` are entered
        as themselves.
        """
        seen = {start.node}
        waiting = [(start, owner)]
        while waiting and len(seen) < limit:
            caller, receiver = waiting.pop()
            for node in walk_function(caller.node, nested=True):
                if isinstance(node, ast.Call):
                    found = self.callee(node, caller, receiver)
                    if found and found.node not in seen:
                        seen.add(found.node)
                        on_self = owner and found.owner in self.mro(owner)
                        waiting.append((found, owner if on_self else found.owner))
                        yield node, found

    def subclasses(self, owner: Class) -> list[Class]:
        """Return the classes of the tree's tests that inherit from a class, nearest first."""
        found: list[Class] = []
        waiting = [owner]
        while waiting:
            base = waiting.pop(0)
            for path, name in self.texts.heirs(base.name):
                module = self.at(path)
                heir = module.classes.get(name) if module else None
                if heir and heir not in found and base in self.bases(heir):
                    found.append(heir)
                    waiting.append(heir)
        return found

    def mentions(self, name: str) -> list[Path]:
        """Return the test files that hold a word, sorted."""
        return self.texts.holding(re.compile(rb"\b" + re.escape(name.encode()) + rb"\b"))

    def is_test(self, path: str) -> bool:
        """Tell whether a file belongs to the tests of the root."""
        folder, _, name = path.rpartition(os.sep)
        if folder not in self._tests:
            folders = self.relative(path).split("/")[:-1]
            self._tests[folder] = not {"tests", "test"}.isdisjoint(folders)
        return (
            self._tests[folder]
            or TEST.fullmatch(name) is not None
            or within(self.relative(path), self.profile.tests)
        )

    def is_data(self, path: str) -> bool:
        """Tell whether a file's purpose is to hold data: fixtures, fakes, constants."""
        relative = self.relative(path)
        return DATA.search(relative) is not None or within(relative, self.profile.data)

    def is_sample(self, path: str) -> bool:
        """Tell whether a file belongs to a folder of recorded samples."""
        return within(self.relative(path), self.profile.samples)

    def beside(self, path: Path) -> list[Path]:
        """Return the other test files in a file's folder, sorted."""
        return [item for item in self.texts.within(path.parent) if item != path]

    @cached_property
    def texts(self) -> Texts:
        """The test files of the root."""
        return Texts(self.root, self.is_test, self.knowledge, self.trail)

    def _name(self, path: Path) -> str:
        own = () if path.name == "__init__.py" else (path.stem,)
        return ".".join((*self._package(path.parent), *own)) or path.parent.name

    def _package(self, folder: Path) -> tuple[str, ...]:
        """Return the names of the package in a folder, from the outermost on."""
        if folder not in self._packages:
            inside = folder != self.root and (folder / "__init__.py").is_file()
            self._packages[folder] = (*self._package(folder.parent), folder.name) if inside else ()
        return self._packages[folder]


def within(relative: str, places: tuple[str, ...]) -> bool:
    """Tell whether a path is one of some files or below one of some folders."""
    return any(relative == place or relative.startswith(f"{place}/") for place in places)


def _merge(lines: list[list[Class | External]]) -> list[Class | External]:
    """Merge resolution orders as C3 does; where they contradict, in order of appearance."""
    merged: list[Class | External] = []
    lines = [line for line in lines if line]
    while lines:
        heads = [line[0] for line in lines]
        head = next(
            (item for item in heads if not any(item in line[1:] for line in lines)), heads[0]
        )
        merged.append(head)
        lines = [rest for line in lines if (rest := [item for item in line if item != head])]
    return merged
