"""The test files of a root: where they stand, what they hold, and what their text alone shows."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path

from fixtests.text.source import read
from fixtests.tree.knowledge import Knowledge
from fixtests.tree.trail import Trail

SKIPPED = frozenset({"build", "dist", "node_modules", "venv", "__pycache__"})
CLASS_HEADER = re.compile(rb"class[ \t]+(\w+)[ \t]*\(([^)]*)\)")  # maybe in a comment, too
LAST_NAME = re.compile(rb"\b(\w++)\s*+(?:,|$)")
IMPORTS = (  # maybe words of a comment, too
    re.compile(rb"import[ \t\\(][^\n(]*(?:\([^)]*\)?)?"),
    re.compile(rb"from[ \t]+[\w.]+"),
)
WORD = re.compile(rb"\w+")


class Texts(Mapping[Path, bytes]):
    """The bytes of each test file, by path, in the order of a walk; read when they are asked for.

    A file that cannot be read is empty here; discovery names it when it is to
    be checked.
    """

    def __init__(
        self, root: Path, is_test: Callable[[str], bool], knowledge: Knowledge, trail: Trail
    ) -> None:
        self._root = str(root)
        self._is_test = is_test
        self._knowledge = knowledge
        self._trail = trail
        self._read: dict[str, bytes] = {}

    def __getitem__(self, path: Path) -> bytes:
        if path not in self:
            raise KeyError(path)
        self._trail.look("file", str(path))
        return self._content(str(path))

    def _content(self, path: str) -> bytes:
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
        """Read every file, so that processes to come share the bytes."""
        for path in self._paths:
            self._content(path)

    def within(self, folder: Path) -> list[Path]:
        """Return the test files directly in a folder, sorted."""
        self._trail.look("folder", str(folder))
        return [*map(Path, self._folders.get(str(folder), ()))]

    def holding(self, pattern: re.Pattern[bytes]) -> list[Path]:
        """Return the files in which a pattern is found, sorted."""
        self._trail.look("pattern", f"{pattern.flags}/{pattern.pattern.decode('latin-1')}")
        return [Path(path) for path in self._paths if pattern.search(self._content(path))]

    def imports(self, name: str) -> bool:
        """Tell whether a word stands in an import statement of the tests, as far as words show."""
        self._trail.look("import", name)
        return not name.isascii() or name in self._imported

    @cached_property
    def _imported(self) -> frozenset[str]:
        told = self._knowledge.words("imports", self._paths, self._words)
        return frozenset(word for words in told for word in words.split())

    def heirs(self, name: str) -> list[tuple[Path, str]]:
        """Return who names a class as a base whose name ends so: file and class."""
        self._trail.look("heirs", name)
        return [(Path(path), heir) for path, heir in self._heirs.get(name, ())]

    @cached_property
    def _heirs(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        told = self._knowledge.words("heirs", self._paths, self._headers)
        for path, line in zip(self._paths, told, strict=True):
            words = line.split()
            for base, name in zip(words[::2], words[1::2], strict=True):
                found.setdefault(base, []).append((path, name))
        return found

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
        return dict.fromkeys(self._walk())

    def _walk(self) -> Iterator[str]:
        waiting = [self._root]
        while waiting:
            folder = waiting.pop()
            try:
                listing = partial(_listed, folder)
                below, names = self._knowledge.fact("folders", folder, list, listing)
            except (OSError, ValueError):
                continue
            for name in names:
                path = f"{folder}{os.sep}{name}"
                if self._is_test(path):
                    yield path
            waiting += [f"{folder}{os.sep}{name}" for name in reversed(below)]


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
