"""The constants and data that the files of one package have for a value."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from fixtests.syntax.queries import constant_string
from fixtests.tree.files import is_test_module
from fixtests.tree.module import Module
from fixtests.tree.project import Project


def constants(module: Module, value: str, project: Project) -> Iterator[tuple[Module, str]]:
    """Yield the public constants with a value that a package's modules without tests have.

    They are those of the folder of a test module, and those that it imports.
    """
    for path in project.memory.ask((_sources, module), _sources, module, project):
        found = project.at(path) if project.texts.holds(path, value) else None
        if found is None or found is module:
            continue
        for name, node in found.values.items():
            if name.isupper() and name[0] != "_" and constant_string(node) == value:
                yield found, name


def data(module: Module, value: str, project: Project) -> Iterator[str]:
    """Yield the dicts that modules without tests bind at their top and that hold a value.

    Those modules are in the folder of a test module, or imported by it.
    """
    for path in project.memory.ask((_sources, module), _sources, module, project):
        found = project.at(path) if project.texts.holds(path, value) else None
        if found is None or found is module:
            continue
        for name, node in found.values.items():
            if isinstance(node, ast.Dict) and value in map(constant_string, node.values):
                yield f"{found.name.rpartition('.')[2]}.{name}"


def _sources(module: Module, project: Project) -> list[Path]:
    """Return the files without tests that a module may take constants from."""
    path = Path(module.path)
    beside = project.memory.ask((_beside, path.parent), _beside, path.parent, project)
    imported = filter(None, map(project.path_of, module.imports.values()))
    found = [*(item for item in beside if item != path), *_without_tests(imported, project)]
    return [*dict.fromkeys(found)]


def _beside(folder: Path, project: Project) -> list[Path]:
    return [*_without_tests(project.texts.within(folder), project)]


def _without_tests(paths: Iterable[Path], project: Project) -> Iterator[Path]:
    """Yield those of some files that belong to the tests and hold none."""
    return (it for it in paths if not is_test_module(it.name) and it in project.texts)


def holds_data(project: Project, path: str) -> bool:
    """Tell whether a file only holds data; of a test module, its folder tells."""
    return project.is_data(
        str(PurePath(path).with_name("tests.py")) if is_test_module(path) else path
    )
