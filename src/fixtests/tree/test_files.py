"""The test files of a root: where they stand, what they hold, and what their text alone shows."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path

from fixtests.text.source import read
from fixtests.tree.knowledge import Knowledge
from fixtests.tree.trail import Look, Trail, pattern_of, written

SKIPPED = frozenset({"build", "dist", "node_modules", "venv", "__pycache__"})
CLASS_HEADER = re.compile(rb"class[ \t]+(\w+)[ \t]*\(([^)]*)\)")  # maybe in a comment, too
LAST_NAME = re.compile(rb"\b(\w++)\s*+(?:,|$)")
IMPORTS = (  # maybe words of a comment, too
    re.compile(rb"import[ \t\\(][^\n(]*(?:\([^)]*\)?)?"),
    re.compile(rb"from[ \t]+[\w.]+"),
)
WORD = re.compile(rb"\w+")
KINDS = {"heirs": "_heirs", "imports": "_imported"}  # of words, with what is made of them


class Texts(Mapping[Path, bytes]):
    """The bytes of each test file, by path, in the order of a walk; read when they are asked for.

    A file that cannot be read is empty here; discovery names it when it is to
    be checked. `contents` is what some files are taken to hold.
    """

    def __init__(
        self,
        root: Path,
        is_test: Callable[[str], bool],
        knowledge: Knowledge,
        trail: Trail,
        contents: Mapping[Path, bytes],
    ) -> None:
        self._root = str(root)
        self._is_test = is_test
        self._knowledge = knowledge
        self._trail = trail
        self._held = {str(path): content for path, content in contents.items()}
        self._read: dict[str, bytes] = {}
        self._follows: dict[str, dict[str, str]] = {}  # words by path, for each kind of them

    def __getitem__(self, path: Path) -> bytes:
        if path not in self:
            raise KeyError(path)
        self._trail.look("file", str(path))
        return self._content(str(path))

    def _content(self, path: str) -> bytes:
        if path in self._held:
            return self._held[path]
        if path not in self._read:
            try:
                self._read[path] = read(Path(path))
            except OSError:
                self._read[path] = b""
        return self._read[path]

    def __iter__(self) -> Iterator[Path]:
        return map(Path, self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        self._trail.look("test", str(path))
        return str(path) in self._paths

    def read_all(self) -> None:
        """Read every file, and what follows from each, so that processes to come share it."""
        for path in self._paths:
            self._content(path)
        for kind in KINDS:
            self._told(kind)

    def within(self, folder: Path) -> list[Path]:
        """Return the test files directly in a folder, sorted."""
        self._trail.look("folder", str(folder))
        return [*map(Path, self._folders.get(str(folder), ()))]

    def named(self, name: str) -> list[Path]:
        """Return the files of a name, those that are no tests too, in the order of a walk."""
        self._trail.look("named", name)
        return [Path(f"{folder}{os.sep}{name}") for folder in self._holders.get(name, ())]

    def holding(self, pattern: re.Pattern[bytes]) -> list[Path]:
        """Return the files in which a pattern is found, sorted."""
        self._trail.look("pattern", written(pattern))
        return [Path(path) for path in self._paths if pattern.search(self._content(path))]

    def holds(self, path: Path, text: str) -> bool:
        """Tell whether a test file holds a text, in code or in a comment."""
        self._trail.look("text", f"{text}\n{path}")
        return text.encode() in self._content(str(path))

    def mentioning(self, name: str) -> list[Path]:
        """Return the files that hold a word, sorted."""
        pattern = re.compile(rb"\b" + re.escape(name.encode()) + rb"\b")
        if not WORD.fullmatch(name.encode()):
            return self.holding(pattern)
        self._trail.look("word", name)
        return [Path(path) for path in self._paths if pattern.search(self._content(path))]

    def imports(self, name: str) -> bool:
        """Tell whether a word stands in an import statement of the tests, as far as words show."""
        self._trail.look("import", name)
        return not name.isascii() or name in self._imported

    @cached_property
    def _imported(self) -> frozenset[str]:
        return frozenset(word for words in self._told("imports").values() for word in words.split())

    def heirs(self, name: str) -> list[tuple[Path, str]]:
        """Return who names a class as a base whose name ends so: file and class."""
        self._trail.look("heirs", name)
        return [(Path(path), heir) for path, heir in self._heirs.get(name, ())]

    @cached_property
    def _heirs(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for path, line in self._told("heirs").items():
            for base, names in _by_base(line).items():
                found.setdefault(base, []).extend((path, name) for name in names)
        return found

    def instead(self, contents: Mapping[Path, bytes]) -> Texts:
        """Return the same files where some hold something else."""
        held = {str(path): it for path, it in contents.items() if str(path) in self._paths}
        other = copy.copy(self)
        other._held = self._held | held
        other._follows = {
            kind: self._told(kind) | {path: other._learn(kind, path) for path in held}
            for kind in KINDS
        }
        for kind in KINDS:
            if other._follows[kind] != self._follows[kind]:
                vars(other).pop(KINDS[kind], None)
        return other

    def moved(self, other: Texts, paths: Iterable[str]) -> Iterator[Look]:
        """Yield the looks that may tell something else in other texts of some files.

        They may never have been taken.
        """
        patterns = [(at, pattern_of(at)) for at in self._trail.asked("pattern")]
        texts = [(at, *at.split("\n", 1)) for at in self._trail.asked("text")]
        for path in self._paths.keys() & paths:
            old, new = (_by_base(texts._follows["heirs"][path]) for texts in (self, other))
            yield from (("heirs", name) for name in old | new if old.get(name) != new.get(name))
            words = [frozenset(texts._follows["imports"][path].split()) for texts in (self, other)]
            yield from (("import", name) for name in words[0] ^ words[1])
            before, after = self._content(path), other._content(path)
            lines = {*before.splitlines()} ^ {*after.splitlines()}
            for word in {word for line in lines for word in WORD.findall(line)}:
                yield "word", word.decode()
            for at, pattern in patterns:
                if bool(pattern.search(before)) != bool(pattern.search(after)):
                    yield "pattern", at
            for at, text, asked in texts:
                if asked == path and (text.encode() in before) != (text.encode() in after):
                    yield "text", at

    def _told(self, kind: str) -> dict[str, str]:
        """Return the words that follow from each file; earlier runs know those on disk."""
        if kind not in self._follows:
            learn = partial(self._learn, kind)
            known = [path for path in self._paths if path not in self._held]
            told = dict(zip(known, self._knowledge.words(kind, known, learn), strict=True))
            self._follows[kind] = {
                path: told[path] if path in told else learn(path) for path in self._paths
            }
        return self._follows[kind]

    def _learn(self, kind: str, path: str) -> str:
        return self._headers(path) if kind == "heirs" else self._words(path)

    def _words(self, path: str) -> str:
        content = self._content(path)
        lines = (line for pattern in IMPORTS for line in pattern.findall(content))
        words = {word for line in lines for word in WORD.findall(line)}
        return b" ".join(sorted(words)).decode("utf-8", "replace")

    def _headers(self, path: str) -> str:
        """Return each base in a class header and the name of its class, in turn."""
        content = self._content(path)
        end = content.rfind(b")") + 1  # a search for one that is not there never ends
        found = (
            base + b" " + match[1]
            for match in CLASS_HEADER.finditer(content, 0, end)
            for base in LAST_NAME.findall(match[2].strip())
        )
        return b" ".join(found).decode()

    @cached_property
    def _folders(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._paths:
            found.setdefault(path.rpartition(os.sep)[0], []).append(path)
        return found

    @cached_property
    def _paths(self) -> dict[str, None]:
        paths = (f"{folder}{os.sep}{name}" for folder, names in self._walk() for name in names)
        return dict.fromkeys(filter(self._is_test, paths))

    @cached_property
    def _holders(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for folder, names in self._walk():
            for name in names:
                found.setdefault(name, []).append(folder)
        return found

    def _walk(self) -> Iterator[tuple[str, list[str]]]:
        waiting = [self._root]
        while waiting:
            folder = waiting.pop()
            try:
                listing = partial(_listed, folder)
                below, names = self._knowledge.fact("folders", folder, list, listing)
            except (OSError, ValueError):
                continue
            yield folder, names
            waiting += [f"{folder}{os.sep}{name}" for name in reversed(below)]


def _by_base(headers: str) -> dict[str, list[str]]:
    """Return the names of classes by the last name of each base, in their order."""
    words = headers.split()
    found: dict[str, list[str]] = {}
    for base, name in zip(words[::2], words[1::2], strict=True):
        found.setdefault(base, []).append(name)
    return found


def _listed(folder: str) -> list[list[str]]:
    """Return the folders in a folder, and the Python files, both sorted. Raises OSError."""
    folders, files = [], []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and entry.name not in SKIPPED:
                    folders.append(entry.name)
            elif entry.name.endswith(".py"):
                files.append(entry.name)
    return [sorted(folders), sorted(files)]
