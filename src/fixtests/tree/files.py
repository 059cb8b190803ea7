"""The files of a root: where they stand, what they hold, and what was looked at in them.

Everything is read lazily and kept for the run; nothing is ever imported.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fixtests.syntax import lazy_parse
from fixtests.text.source import Source, SourceError, read
from fixtests.tree.fitted import Fitted, Traits
from fixtests.tree.knowledge import Knowledge
from fixtests.tree.module import Module
from fixtests.tree.places import Places
from fixtests.tree.said import Said, short
from fixtests.tree.test_files import Texts
from fixtests.tree.trail import OF_FILES, OF_PARTS, Look, Memory, Row, Trail, path_of, pattern_of

if TYPE_CHECKING:
    from fixtests.tree.profile import Profile

TEST = re.compile(r"(test_.*|.*_test|tests|conftest)\.py")
DATA_FOLDER = re.compile(r"(^|/)(fixtures?|fakes?)/")
DATA = re.compile(rf"{DATA_FOLDER.pattern}|(^|[/_])(fakes?|fixtures?|constants|data)(_\w+)?\.py$")


class Files(Fitted):
    """The files of one root, by path and by the names of their modules.

    `contents` is what some files are taken to hold, `traits` gives by its name what is asked of
    functions.
    """

    def __init__(
        self,
        root: Path,
        profile: Profile | None = None,
        knowledge: Knowledge | None = None,
        load: Callable[[str], Profile] | None = None,
        contents: Mapping[Path, bytes] | None = None,
        *,
        home: str = "unittest",
        traits: Traits = lambda _: None,
    ) -> None:
        super().__init__(profile, home, load, traits)
        self.root = root
        self.knowledge = knowledge or Knowledge()
        self.contents = dict(contents or {})
        self._below = str(root).rstrip(os.sep) + os.sep
        self._begin()

    def _begin(self) -> None:
        """Know nothing yet."""
        self.look_as(self.home_name)
        self._modules: dict[str, Module | None] = {}  # by path
        self._rows: dict[Look, Row] = {}
        self._places = Places(self.root)
        self._said = Said(self.read, self._places, self._parsed, self.told)
        self._relative: dict[str, str] = {}
        self._tests: dict[str, bool] = {}
        self.trail = Trail()
        self.memory = Memory(self.trail)
        self._memories = {self.home_name: self.memory}

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
        module = self._modules.get(str(path))
        return module if module and module.source.content == content else None

    def adopt(self, source: Source, tree: ast.Module) -> Module:
        """Take a file that the engine has parsed already, so that it is parsed once."""
        module = self._modules[source.path] = self._module_of(source, tree)
        if not self._said.is_said(source):
            self._unsay(source.path)  # it changed during the run
        self._said.say(source)
        return module

    def _parsed(self, source: Source) -> Module:
        return self.adopt(source, lazy_parse.parse(source))

    def _module_of(self, source: Source, tree: ast.Module) -> Module:
        path = Path(source.path)
        name, package = self._places.name(path), path.name == "__init__.py"
        divided = () if TEST.fullmatch(path.name) else lazy_parse.bodies(tree)
        return Module(name, source, tree, package=package, trail=self.trail, divided=divided)

    def _unsay(self, path: str) -> None:
        """Forget what a file said in this run."""
        self._said.forget(path)
        for look in [look for look in self._rows if look[0] in OF_FILES and path_of(look) == path]:
            del self._rows[look]

    def forget(self) -> None:
        """Let go of every syntax tree, and of what was learnt from them; it can be learnt again."""
        for module in self._modules.values():
            if module is not None:
                module.close()
        self._modules.clear()
        for memory in self._memories.values():
            memory.clear()

    def release(self) -> None:
        """Let go of everything read, for a run that goes on in another root."""
        self.forget()
        vars(self).pop("texts", None)
        self._begin()

    def read(self, path: Path) -> bytes:
        """Return what a file holds, or is taken to hold. Raises OSError."""
        held = self.contents.get(path)
        return read(path) if held is None else held

    def at(self, path: Path) -> Module | None:
        """Return the module in a file, None where it cannot be read or parsed.

        What its code says is looked at, and the file only where its text is asked for. Of what is
        no test module, since others use it, that is all but the bodies of functions: who asks for
        one looks at it then.
        """
        name = str(path)
        if name not in self._modules:
            try:
                source = Source.decode(name, self.read(path))
                self.adopt(source, lazy_parse.parse(source))
            except (OSError, SourceError):
                self._modules[name] = None
        module = self._modules[name]
        self.trail.look("outline" if module and module.is_divided else "code", name)
        return module

    def text(self, path: Path) -> str:
        """Return what a file holds that is not to be parsed, nothing where it cannot be read."""
        self.trail.look("file", str(path))
        try:
            content = self.read(path)
        except OSError:
            return ""
        return content.decode("utf-8", "replace").replace("\r\n", "\n")

    def rows(self, looked: int, *, whole: bool) -> list[Row]:
        """Return what was looked at, each with what it told, the same in all of a run.

        With `whole`, where code stands may have counted wherever that was looked at.
        """
        looks = self.trail.looks(looked)
        files = {at for kind, at in looks if kind == "file"}
        codes = files.union(at for kind, at in looks if kind == "code")
        found = dict[Look, None]()
        for look in looks:
            if look[0] in OF_FILES and look[0] != "file":
                path = path_of(look)
                if path in (codes if look[0] in OF_PARTS else files):
                    continue  # that look tells more
                look = ("file", path) if whole else look
            found[look] = None
        for look in found:
            if look not in self._rows:
                self._rows[look] = *look, self.tells(*look)
        return [self._rows[look] for look in found]

    def tells(self, kind: str, at: str) -> str:
        """Return what a look tells, in a form that is another one for another answer.

        It is empty where that cannot be said.
        """
        match kind:
            case "file":
                return self._said.whole(at)
            case "code" | "outline" | "body" | "trait" | "word at" | "match at":
                path = path_of((kind, at))
                module = self._modules.get(path)
                return self._said.whole(path) + self._said.code((kind, at), module)
            case "name":
                told: Any = self.path_of(at)
            case "folder":
                told = self.texts.within(Path(at))
            case "named":
                told = self.texts.named(at)
            case "heirs":
                told = self.texts.heirs(at)
            case "test":
                told = Path(at) in self.texts
            case "import":
                told = self.texts.imports(at)
            case "text":
                text, path = at.split("\n", 1)
                told = self.texts.holds(Path(path), text)
            case "word":
                told = self.texts.mentioning(at)
            case "pattern":
                told = self.texts.holding(pattern_of(at))
            case _:
                return ""
        return short(told)

    def holds(self, kind: str, at: str, said: str) -> bool:
        """Tell whether a look tells the same as it said before; not where that cannot be said."""
        if kind in OF_FILES and kind != "file":
            return self._said.holds((kind, at), said, self._modules.get(path_of((kind, at))))
        return bool(said) and self.tells(kind, at) == said

    def concluded(self, kind: str, conclude: Callable[[], Any]) -> Any:
        """Return what follows from modules that are asked for by name, as plain JSON data.

        Kept from run to run; `kind` tells one question from another.
        """
        names, value, look = self.knowledge.conclusion(kind) or ({}, None, "")
        if value is not None and all(
            str(self.path_of(name) or "") == path and Path(path) not in self.contents
            for name, path in names.items()
        ):
            for path in filter(None, names.values()):
                self.trail.look(look, path)
            return value
        value, looked = self.trail.follow(conclude)
        looks = self.trail.looks(looked)
        names = [name for kind, name in looks if kind == "name"]
        look = next((kind for kind, _ in looks if kind == "file"), "code")
        asked = {name: str(self.path_of(name) or "") for name in names}
        files = {path for path in asked.values() if path}
        for path in files:
            self.trail.look(look, path)  # as whoever is given the value later does
        folders = {str(above) for path in files for above in self._above(Path(path))}
        if self.contents.keys().isdisjoint(map(Path, files)):
            self.knowledge.conclude(kind, (asked, value, look), sorted(files | folders))
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
        return self._places.path_of(name)

    def mentions(self, name: str) -> list[Path]:
        """Return the test files that hold a word, sorted."""
        return self.texts.mentioning(name)

    def is_test(self, path: str) -> bool:
        """Tell whether a file belongs to the tests of the root."""
        folder, _, name = path.rpartition(os.sep)
        if folder not in self._tests:
            folders = self.relative(path).split("/")[:-1]
            self._tests[folder] = not {"tests", "test"}.isdisjoint(folders)
        return (
            self._tests[folder]
            or TEST.fullmatch(name) is not None
            or within(self.relative(path), self.home.tests)
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
        return Texts(self.root, self.is_test, self.knowledge, self.trail, self.contents)


def within(relative: str, places: tuple[str, ...]) -> bool:
    """Tell whether a path is one of some files or below one of some folders."""
    return any(relative == place or relative.startswith(f"{place}/") for place in places)


def is_test_module(path: str) -> bool:
    """Tell whether a file is named as runners look for tests."""
    return path.rpartition(os.sep)[2].startswith("test_")
