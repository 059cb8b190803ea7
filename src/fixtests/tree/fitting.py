"""Which profile fits: a root by its packages, a file by what its classes inherit or it imports.

A plugin's tests inherit from the classes of another project, whatever its own package is called,
and unit tests may stand beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fixtests.tree import known_profiles
from fixtests.tree.files import within
from fixtests.tree.knowledge import look_for
from fixtests.tree.module import Class, Module
from fixtests.tree.project import Project

ANY = "unittest"  # the profile of what no other one fits
STAND_INS = "mock"  # a part of the name of a module whose importers may have nothing but stand-ins


def of_root(root: Path) -> str:
    """Return the name of the profile whose package stands in a root, else `unittest`."""
    if not _has_package(root):
        return ANY  # without a look at what the profiles say
    for name in known_profiles.ranked():
        for package in known_profiles.head(name).get("packages", ()):
            for folder in (root / package, *root.glob(package)):
                look_for(str(folder / "__init__.py"), set())
                if (folder / "__init__.py").is_file():
                    return name
    return ANY


def _has_package(root: Path) -> bool:
    """Tell whether any package stands right in a root."""
    sought: set[str] = set()
    look_for(str(root / "any"), sought)
    try:
        for folder in filter(Path.is_dir, root.iterdir()):
            look_for(str(folder / "__init__.py"), sought)
            if (folder / "__init__.py").is_file():
                return True
    except OSError:
        return True  # nobody knows
    return False


def may_differ(content: bytes, project: Project) -> bool:
    """Tell whether a file may have another profile than its root.

    Where the root's own fits its package, that is only where the file speaks of another project.
    """
    if project.has_one_profile:
        return False
    home = project.home_name
    return not _is_known(home) or _speaking(home).search(content) is not None


def of_module(module: Module, project: Project) -> str:
    """Return the name of the profile of a file, by what its classes inherit from.

    Where they tell nothing, it is by what the file itself imports, but not where the root is known,
    or where the file has stand-ins for what it imports.
    """
    home = project.home_name
    names = (
        item.qualified if isinstance(item, Class) else item.name
        for owner in module.classes.values()
        for item in project.mro(owner)
    )
    found = _first(names)
    if found is None and not _is_known(home):
        imported = (*module.imports.values(), *module.stars)
        if not any(STAND_INS in name.split(".") for name in imported):
            found = _first(imported)
    return home if found is None or (_is_known(home) and not _is_known(found)) else found


def _is_known(name: str) -> bool:
    """Tell whether a profile is of one project, and not what several have in common."""
    return name != ANY and name not in _shared()


def _first(names: Iterable[str]) -> str | None:
    """Return the first profile that one of some dotted names leads to, one project's if any."""
    found = dict.fromkeys(name for dotted in names for name in _reached(dotted))
    return max(found, key=_is_known, default=None)


@cache
def _reached(dotted: str) -> tuple[str, ...]:
    """Return the profiles that a dotted name belongs to; unit tests have those of no project."""
    path = dotted.replace(".", "/")
    return tuple(
        name
        for name, imports, units in _marks()
        if within(path, imports) and not within(path, units)
    )


@cache
def _marks() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    """Return the name of each profile with what leads to it and to its unit tests, as paths."""
    tables = ((name, known_profiles.find(name).table) for name in known_profiles.ranked())
    return tuple(
        (
            name,
            tuple(item.replace(".", "/") for item in table.get("imports", ())),
            tuple(table.get("cleanups", {}).get("units", ())),
        )
        for name, table in tables
    )


@cache
def _shared() -> frozenset[str]:
    """Return the names of the profiles that others extend."""
    heads = map(known_profiles.head, known_profiles.names())
    return frozenset(head.get("extends", "") for head in heads)


@cache
def _speaking(home: str) -> re.Pattern[bytes]:
    """Return a pattern of imports by which a file may reach another project than its root's."""
    reached = [
        path.replace("/", r"(?:\.|[ \t]+import[ \t]+)")
        for name, imports, _ in _marks()
        if name != home and _is_known(name)
        for path in imports
    ]
    wanted = "|".join(reached)
    return re.compile(
        rf"(?m)^[ \t]*+(?:from[ \t]+\.|(?:from|import)[ \t][^\r\n]*(?:{wanted}))".encode()
    )
