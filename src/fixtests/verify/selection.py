"""Which tests may run what a fix changes, told from the files alone.

It is better to run a test too many than one too few: who uses something is told by its name,
wherever it stands in the tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from fixtests.model import FileResult, Finding
from fixtests.syntax.queries import Function
from fixtests.tree.files import is_test_module
from fixtests.tree.module import Class, Module
from fixtests.tree.project import Project
from fixtests.verify import places
from fixtests.verify.places import Place
from fixtests.verify.trial import Test

TESTING = re.compile(rb"\bdef[ \t]+test")
# Functions of a module that its tests need not name.
UNNAMED = re.compile(r"setUpModule|tearDownModule|load_tests|pytest_\w+|(setup|teardown)_module")
AUTOUSE = re.compile(r"fixture[^\0]*autouse")
Names = Mapping[tuple[str, str], frozenset[str]]  # by file, relative to the root, and class


@dataclass(frozen=True)
class Reach:
    """Tests that may run what a fix changes.

    They are all those of some modules and classes, and of others those of some methods; `known`
    are the names that the tests of these have. None is among them that is not `within` another
    reach, if there is one.
    """

    modules: frozenset[str] = frozenset()
    owners: frozenset[tuple[str, str]] = frozenset()
    methods: Names = field(default_factory=dict)
    known: Names = field(default_factory=dict)
    within: Reach | None = None

    @property
    def paths(self) -> frozenset[str]:
        """The files in which the tests stand, relative to the root."""
        found = self.modules.union(path for path, _ in (*self.owners, *self.methods))
        return found if self.within is None else found & self.within.paths

    def includes(self, test: Test) -> bool:
        """Tell whether a test is among them; several may be made of one method."""
        if self.within is not None and not self.within.includes(test):
            return False
        place = test.path, test.owner.partition(".")[0]
        if test.path in self.modules or place in self.owners:
            return True
        if place not in self.methods:
            return False
        wanted, known = self.methods[place], self.known[place]
        if test.name in known:
            return test.name in wanted
        return test.name.startswith(tuple(wanted)) or not test.name.startswith(tuple(known))


def reached(project: Project, result: FileResult, finding: Finding | None) -> Reach:
    """Return the tests that may run what a fix changes; without a finding, all of its file."""
    selection = project.memory.ask(Selection, Selection, project)
    return selection.reached(result, finding)


class Selection:
    """Who uses what in the tests of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._texts = project.texts
        self._users_of: dict[tuple[Place, bool], frozenset[Place]] = {}
        self._reaches: dict[tuple[frozenset[Place], bool], Reach] = {}

    def reached(self, result: FileResult, finding: Finding | None) -> Reach:
        """Return the tests that may run what a fix changes, or any of what a file holds."""
        module = self._project.at(Path(result.path))
        whole = frozenset({Place(result.path)})
        if module is None or finding is None or finding.fix is None:
            return self._reach(whole, closely=False)
        own = [edit for edit in finding.fix.edits if edit.path == result.path]
        changed = places.changed(module, own)
        row = module.source.row(finding.span.start)
        starts = frozenset(changed or places.at(module, row)) or whole
        return replace(self._reach(starts, closely=True), within=self._reach(starts, closely=False))

    def _reach(self, starts: frozenset[Place], *, closely: bool) -> Reach:
        """Return all tests that lead to some places.

        Who calls a private method is looked for `closely`, or all tests of its class and their
        heirs are taken: both are too many, each in its own way.
        """
        key = starts, closely
        if key not in self._reaches:
            waiting, seen = [*starts], set(starts)
            while waiting:
                new = self._users(waiting.pop(), closely) - seen
                seen |= new
                waiting += new
            self._reaches[key] = self._tests(seen)
        return self._reaches[key]

    def _tests(self, seen: Iterable[Place]) -> Reach:
        modules: set[str] = set()
        owners: set[tuple[str, str]] = set()
        methods: dict[tuple[str, str], frozenset[str]] = {}
        known: dict[tuple[str, str], frozenset[str]] = {}
        for place in seen:
            path = self._project.relative(place.path)
            module = self._project.at(Path(place.path))
            if place.name and module is not None:
                for own, names in self._named(module, place):
                    methods[own] = methods.get(own, frozenset()) | {place.name}
                    known[own] = names
            elif place.owner and module is not None:
                owner = module.classes.get(place.owner)
                if owner is None or self._has_tests(owner):
                    owners.add((path, place.owner))
            elif not place.name and self._may_hold_tests(place.path):
                modules.add(path)
        return Reach(frozenset(modules), frozenset(owners), methods, known)

    def _named(
        self, module: Module, place: Place
    ) -> Iterator[tuple[tuple[str, str], frozenset[str]]]:
        """Yield the classes in which a method is a test, or the module, and all such names."""
        if not place.name.startswith("test"):
            return
        owner = module.classes.get(place.owner)
        if owner is not None:
            for heir in (owner, *self._project.subclasses(owner)):
                methods = self._project.methods(heir)
                names = frozenset(name for name in methods if name.startswith("test"))
                if place.name in names:
                    yield (self._project.relative(heir.module.path), heir.name), names
        elif place.name in module.functions:
            names = frozenset(name for name in module.functions if name.startswith("test"))
            yield (self._project.relative(module.path), ""), names

    def _has_tests(self, owner: Class) -> bool:
        """Tell whether a class has tests, or may inherit some from outside of the tree."""
        if any(name.startswith("test") for name in self._project.methods(owner)):
            return True
        return is_test_module(owner.module.path) and self._project.is_test_case(owner)

    def _may_hold_tests(self, path: str) -> bool:
        return is_test_module(path) or TESTING.search(self._texts.get(Path(path), b"")) is not None

    def _users(self, place: Place, closely: bool) -> frozenset[Place]:
        """Return what runs or uses a place directly."""
        key = place, closely
        if key not in self._users_of:
            module = self._project.at(Path(place.path))
            found = set[Place]() if module is None else set(self._using(module, place, closely))
            self._users_of[key] = frozenset(found)
        return self._users_of[key]

    def _using(self, module: Module, place: Place, closely: bool) -> Iterator[Place]:
        path, owner, name = place
        if owner and name:
            held = module.classes.get(owner)
            if held is not None and name.startswith("test"):
                yield from places.mentioning(module, name)
            elif closely and held is not None and _is_private(held, name):
                yield from self._calling(name) or [Place(path, owner)]
            else:
                yield Place(path, owner)
        elif owner:
            yield Place(path, "", owner)
        elif name:
            if name in module.classes:
                yield Place(path, name)
            if name in module.functions and _runs_unnamed(module, module.functions[name].node):
                yield Place(path)
            yield from places.mentioning(module, name)
            yield from self._elsewhere(module, name)
        else:
            yield from map(Place, map(str, self._importing(module)))

    def _calling(self, name: str) -> list[Place]:
        """Return where the name of a private method stands, be it that of another one.

        Nothing where only methods of its name do: then something else may run it.
        """
        word, found = name.encode(), list[Place]()
        for path, text in self._texts.items():
            module = self._project.at(path) if word in text else None
            if module is not None:
                found += places.mentioning(module, name)
        return found if any(place.name != name for place in found) else []

    def _elsewhere(self, module: Module, name: str) -> Iterator[Place]:
        """Yield where other modules of the tests use a name of a module."""
        for path in self._importing(module, name):
            other = self._project.at(path)
            if other is not None:
                yield from places.mentioning(other, name)

    def _importing(self, module: Module, name: str = "") -> list[Path]:
        """Return the other test files that may import a module, and hold a name if one is given.

        What a `conftest.py` holds is there for all files below its folder.
        """
        path = Path(module.path)
        word = name.encode()
        if path.name == "conftest.py":
            below = [item for item in self._texts if item.is_relative_to(path.parent)]
            return [item for item in below if item != path and word in self._texts[item]]
        last = module.name.rpartition(".")[2]
        if not any(map(self._texts.imports, (last, *([name] if name else [])))):
            return []
        start = b"" if module.package else last.encode()
        return [
            item
            for item, text in self._texts.items()
            if word in text and start in text and item != path
        ]


def _runs_unnamed(module: Module, function: Function) -> bool:
    """Tell whether tests need not name a function of a module for it to run."""
    made = [module.source.slice(module.source.span(item)) for item in function.decorator_list]
    return any(map(AUTOUSE.search, made)) or UNNAMED.fullmatch(function.name) is not None


def _is_private(owner: Class, name: str) -> bool:
    """Tell whether a method runs only where its name stands."""
    method = owner.methods.get(name)
    if method is None or not name.startswith("_") or name.endswith("__"):
        return False
    source = owner.module.source
    made = [source.slice(source.span(item)) for item in method.node.decorator_list]
    return not any(map(AUTOUSE.search, made))
