"""The bundled samples as trees on disk, laid out without a word of the package.

So what compares two versions of it, whose modules stand elsewhere, can use them too.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
EXPECT = re.compile(r"[ \t]*# expect: (\w+(?:, \w+)*)[ \t]*(?=\r?\n|$)")
PROFILE = re.compile(r"# profile: (\w+)\r?\n")
KINDS = ("before", "reported", "unchanged")
DEMO = "demo"


class Root:
    """A sample laid out as a tree; marks of expected findings are taken out and kept."""

    def __init__(self, start: Path, folder: Path) -> None:
        self.folder = folder
        self.expected: set[tuple[str, int, str]] = set()
        if start.is_dir():
            shutil.copytree(start, folder, dirs_exist_ok=True)
        else:
            text = start.read_bytes().decode()
            profile = PROFILE.match(text)
            target = folder / "tests" / "test_sample.py"
            target.parent.mkdir(parents=True)
            target.write_bytes(PROFILE.sub("", text, count=1).encode())
            name = profile[1] if profile else "nova"
            (folder / "fixtests.toml").write_text(f'root = true\nprofile = "{name}"\n')
        for path in self.files:
            path.write_bytes(self._unmarked(path).encode())

    @property
    def files(self) -> list[Path]:
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


def lay_out(folder: Path, kinds: Collection[str] = ()) -> list[Root]:
    """Lay out the demo and every sample below a folder, each as a tree of its own.

    With `kinds` only samples of those. The folder gets a configuration, so that
    nothing above it is taken for its project.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fixtests.toml").write_text("root = true\n")
    roots = [Root(FIXTURES / DEMO, folder / DEMO)]
    for start in sorted(FIXTURES.rglob("*.*")):
        kind = start.name.removesuffix(".py").rpartition(".")[2]
        inside_another = any("." in part for part in start.parent.relative_to(FIXTURES).parts)
        sample = start.is_dir() or start.suffix == ".py"
        if sample and not inside_another and kind in (kinds or (*KINDS, "after", "unsafe")):
            name = start.relative_to(FIXTURES).with_name(start.name.removesuffix(".py"))
            roots.append(Root(start, folder / name))
    return roots
