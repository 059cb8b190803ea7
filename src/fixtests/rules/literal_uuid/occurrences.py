"""Which files of a tree hold a UUID: its tests, and the samples and data beside them."""

from __future__ import annotations

import os
from pathlib import Path

from fixtests.rules.literal_uuid import spelling
from fixtests.tree.files import is_test_module
from fixtests.tree.project import Project
from fixtests.tree.test_files import SKIPPED

DATA = (".json", ".tpl", ".xml", ".yaml", ".yml")


def elsewhere(project: Project, value: str, path: str) -> int:
    """Return how many files other than one hold a value."""
    return len(_others(project, value, path))


def supporting(project: Project, value: str, path: str) -> int:
    """Return how many files beside a test module hold a value that are no test modules."""
    return sum(not is_test_module(Path(other).name) for other in _others(project, value, path))


def _others(project: Project, value: str, path: str) -> set[str]:
    project.trail.look("all", "")
    return project.memory.ask(_index, _index, project).get(value.lower(), set()) - {path}


def _index(project: Project) -> dict[str, set[str]]:
    """Return the files that hold each UUID, read once for a project."""
    found: dict[str, set[str]] = {}
    for path, content in [*project.texts.items(), *_data(project.root)]:
        for value in spelling.values_in(content):
            found.setdefault(value.lower(), set()).add(str(path))
    return found


def _data(root: Path) -> list[tuple[Path, bytes]]:
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED and name[:1] != "."]
        for path in (Path(folder, name) for name in names if name.endswith(DATA)):
            try:
                found.append((path, path.read_bytes() if path.is_file() else b""))
            except OSError:
                continue  # what cannot be read cannot be compared with either
    return found
