"""What the files of one package say of a value: its constants, one name for several files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath

from fixtests.rules.literal_uuid import naming, uuids
from fixtests.syntax.syntax import constant_string
from fixtests.tree.module import Module
from fixtests.tree.project import Project

Asked = Callable[[Module], Mapping[str, list[str]]]  # the names that a file's values ask for


def is_test_module(path: str) -> bool:
    """Tell whether a file is named as runners look for tests."""
    return PurePath(path).name.startswith("test_")


def constants(module: Module, value: str, project: Project) -> Iterator[tuple[Module, str]]:
    """Yield the public constants with a value that a package's modules without tests have.

    They are those of the folder of a test module, and those that it imports.
    """
    pattern = value.encode()
    for path in project.memory.ask((_sources, module), _sources, module, project):
        found = project.at(path) if pattern in project.texts[path] else None
        if found is None or found is module:
            continue
        for name, node in found.values.items():
            if name.isupper() and name[0] != "_" and constant_string(node) == value:
                yield found, name


def _sources(module: Module, project: Project) -> list[Path]:
    """Return the files without tests that a module may take constants from."""
    imported = map(project.path_of, module.imports.values())
    return [
        path
        for path in dict.fromkeys((*project.beside(Path(module.path)), *imported))
        if path is not None and path in project.texts and not is_test_module(path.name)
    ]


def shared(folder: Path, project: Project, asked: Asked) -> dict[str, str]:
    """Return one name for each value that several test modules of a folder have to name.

    A value that means different things in its files is not among them.
    """
    return project.memory.ask_plain(("package names", folder), _shared, folder, project, asked)


def _shared(folder: Path, project: Project, asked: Asked) -> dict[str, str]:
    words = project.profile.words
    values = {
        path: set(uuids.values_in(project.texts[path]))
        for path in project.beside(folder / "tests.py")
    }
    counts = Counter(value for found in values.values() for value in found)
    repeated = {value for value, count in counts.items() if count > 1}
    pooled: dict[str, list[str]] = {}
    meanings: dict[str, list[tuple[str, ...]]] = {}
    declared: dict[str, str] = {}
    taken: dict[str, set[str]] = {}
    for path, found in values.items():
        module = project.at(path) if repeated & found else None
        if module is None:
            continue
        for value in repeated & found:
            taken.setdefault(value, set()).update(module.values)
        for name, node in module.values.items():
            value = constant_string(node) or ""
            if value in repeated and name.isupper():
                declared.setdefault(value, name)
                meanings.setdefault(value, []).append(naming.meaning(name))
        for value, names in asked(module).items():
            if value in repeated:
                pooled.setdefault(value, []).extend(names)
                best = naming.agreed(names, words)
                meanings.setdefault(value, []).append(naming.meaning(best))
    agreed = {value for value, told in meanings.items() if told == told[:1] * len(told)}
    named: dict[str, str] = {}
    for value, names in pooled.items():
        if value in agreed and len(meanings[value]) > 1:
            beside = {name for other, name in named.items() if _meet(value, other, values)}
            fresh = naming.distinct({value: names}, words, taken[value] | beside)
            named[value] = declared.get(value) or fresh[value]
    return named


def _meet(one: str, other: str, values: Mapping[Path, set[str]]) -> bool:
    """Tell whether two values stand in one file."""
    return any({one, other} <= found for found in values.values())
