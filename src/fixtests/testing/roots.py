"""Samples as trees on disk; nothing else of the package is needed for that."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

EXPECT = re.compile(r"[ \t]*# expect: (\w+(?:, \w+)*)[ \t]*(?=\r?\n|$)")
PROFILE = re.compile(r"# profile: (\w+)\r?\n")
KINDS = ("before", "reported", "unchanged")
NOVA = "nova"  # the profile of our own samples


class Root:
    """A sample laid out as a tree; marks of expected findings are taken out and kept.

    A sample that is a file gets a `profile`, unless its first line names another one.
    """

    def __init__(self, start: Path, folder: Path, profile: str = NOVA) -> None:
        self.folder = folder
        self.expected: set[tuple[str, int, str]] = set()
        if start.is_dir():
            shutil.copytree(start, folder, dirs_exist_ok=True)
        else:
            text = start.read_bytes().decode()
            own = PROFILE.match(text)
            target = folder / "tests" / "test_sample.py"
            target.parent.mkdir(parents=True)
            target.write_bytes(PROFILE.sub("", text, count=1).encode())
            name = own[1] if own else profile
            (folder / "fixtests.toml").write_text(f'root = true\nprofile = "{name}"\n')
        for path in self.files:
            path.write_bytes(self._unmarked(path).encode())

    @property
    def files(self) -> list[Path]:
        """The Python files of the tree."""
        return sorted(self.folder.rglob("*.py"))

    def texts(self) -> dict[str, bytes]:
        """Return what every Python file of the tree holds."""
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in self.files}

    def _unmarked(self, path: Path) -> str:
        text = path.read_bytes().decode()
        for row, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
            if mark := EXPECT.search(line):
                for code in mark[1].split(", "):
                    self.expected.add((path.relative_to(self.folder).as_posix(), row, code))
        return EXPECT.sub("", text)
