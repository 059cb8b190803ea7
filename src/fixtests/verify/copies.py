"""Working copies of the user's tree: everything runs there, so that the tree itself is not touched.

One copy is the base that nothing runs in; what tests leave in the others is put back from it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

LEFT_OUT = frozenset(
    (
        *(".bzr", ".direnv", ".eggs", ".git", ".hg", ".hypothesis", ".mypy_cache", ".nox"),
        *(".pytest_cache", ".ruff_cache", ".stestr", ".svn", ".testrepository", ".tox", ".venv"),
        *("__pycache__", "node_modules"),
    )
)
ENVIRONMENT = "pyvenv.cfg"  # stands in each virtual environment, whatever its name
Looks = tuple[int, int, int, int]  # kind and mode, size, time of change in ns, inode


COMPILED = "__pycache__"


def is_left_out(folder: Path) -> bool:
    """Tell whether a folder of a tree is no part of its copies."""
    return folder.name in LEFT_OUT or (folder / ENVIRONMENT).exists()


def is_compiled(folder: Path) -> bool:
    """Tell whether a folder of a copy may stay as it is after tests."""
    return folder.name == COMPILED


class Files:
    """All files of a tree that is tested: how they look, and their digest."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.looks = {name: _looks(found) for name, found in _walk(root, is_left_out)}

    def is_file(self, name: str) -> bool:
        """Tell whether something of the tree is a file, and no folder or link."""
        return stat.S_ISREG(self.looks[name][0])

    @property
    def newest(self) -> int:
        """The last time of change, in seconds."""
        times = [looks[2] // 10**9 for name, looks in self.looks.items() if self.is_file(name)]
        return max(times, default=0)

    def digest(self) -> str:
        """Return a digest of all names, kinds and contents."""
        total = hashlib.sha256()
        for name in sorted(self.looks):
            mode, path = self.looks[name][0], self._root / name
            content = b""
            if stat.S_ISREG(mode):
                content = path.read_bytes()
            elif stat.S_ISLNK(mode):
                content = os.fsencode(path.readlink())
            own = hashlib.sha256(content).hexdigest()
            total.update(f"{name!a} {stat.S_IFMT(mode)} {mode & 0o111} {own}\n".encode())
        return total.hexdigest()


class Copy:
    """One copy of a tree, in a folder of the tree's own name."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.source = source
        self.root = folder / source.name
        self.root.mkdir(parents=True)
        for name, found in _walk(source, is_left_out):
            self._bring(name, found.st_mode)
        files = Files(self.root)
        self.digest = files.digest
        self._known = files.looks
        self._stamp = files.newest

    @contextlib.contextmanager
    def changed(self, files: Mapping[str, bytes]) -> Iterator[None]:
        """Have some files hold something else as long as the block runs.

        The rest is as in the source when it begins. Raises what `change` does.
        """
        self.restore()
        self.change(files)
        yield

    def change(self, files: Mapping[str, bytes]) -> None:
        """Write what some files shall hold.

        Each gets a time of change, in whole seconds, that none had before: compiled modules are
        told apart by that and their size.

        Raises OSError, and ValueError for a path that leads out of the copy.
        """
        for name, content in files.items():
            path = self.root / name
            if not path.resolve().is_relative_to(self.root.resolve()):
                raise ValueError(f"{name}: leads out of the tree")
            self._remove(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            if name in self._known:
                path.chmod(stat.S_IMODE(self._known[name][0]))
            self._stamp += 1
            os.utime(path, (self._stamp, self._stamp))

    def restore(self) -> None:
        """Put back all that differs from the source, and remove what it does not have."""
        found = {name: _looks(looks) for name, looks in _walk(self.root, is_compiled)}
        for name in sorted(found.keys() - self._known.keys(), reverse=True):
            self._remove(self.root / name)
        for name, looks in sorted(self._known.items()):
            now = found.get(name)
            if now != looks and not (now and stat.S_ISDIR(looks[0]) and now[0] == looks[0]):
                self._remove(self.root / name, unless_folder=stat.S_ISDIR(looks[0]))
                self._bring(name, looks[0])
                self._known[name] = _looks(os.lstat(self.root / name))

    def _bring(self, name: str, mode: int) -> None:
        """Bring one file, link or folder from the source."""
        source, path = self.source / name, self.root / name
        if stat.S_ISDIR(mode):
            path.mkdir(exist_ok=True)
            path.chmod(stat.S_IMODE(mode) | stat.S_IRWXU)
        elif stat.S_ISLNK(mode):
            path.symlink_to(self._target(source.readlink()))
        else:
            shutil.copy2(source, path)

    def _target(self, target: Path) -> Path:
        """Return where a link leads in the copy: one into the source leads to the copy's file."""
        inside = target.is_absolute() and target.is_relative_to(self.source)
        return self.root / target.relative_to(self.source) if inside else target

    def _remove(self, path: Path, unless_folder: bool = False) -> None:
        if path.is_dir() and not path.is_symlink():
            if not unless_folder:
                shutil.rmtree(path)
        else:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()


def _walk(
    top: Path, leave_out: Callable[[Path], bool], below: str = ""
) -> Iterator[tuple[str, os.stat_result]]:
    """Yield what stands below a folder, folders before what is in them, by relative name."""
    with os.scandir(top / below) as entries:
        for entry in sorted(entries, key=lambda item: item.name):
            name = f"{below}/{entry.name}" if below else entry.name
            found = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(found.st_mode):
                if not leave_out(Path(entry.path)):
                    yield name, found
                    yield from _walk(top, leave_out, name)
            elif stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode):
                yield name, found


def _looks(found: os.stat_result) -> Looks:
    if stat.S_ISDIR(found.st_mode):
        return found.st_mode, 0, 0, 0
    return found.st_mode, found.st_size, found.st_mtime_ns, found.st_ino
