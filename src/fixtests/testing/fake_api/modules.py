"""Modules of a world: those of a sample's tree, and made up ones for whatever else it imports."""

from __future__ import annotations

import ast
import importlib
import importlib.machinery
import importlib.util
import sys
import tomllib
import types
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from fake_api import asserts, cases, pytests
from fake_api.unknown import child
from fake_api.world import now

# What a fix may import, though the sample does not.
OF_FIXES = ("tempest.lib", "tempest.lib.common", "tempest.lib.common.utils")
HIGHEST: dict[str, tuple[str, Callable[[Any], str]]] = {
    "compute": ("nova.api.openstack.api_version_request", lambda it: it._MAX_API_VERSION),
    "placement": ("placement.microversion", lambda it: it.VERSIONS[-1]),
    "baremetal": ("ironic.api.controllers.v1.versions", lambda it: f"1.{it.MINOR_MAX_VERSION}"),
}


class MadeUp(types.ModuleType):
    """A module that holds whatever is looked for in it."""

    def __getattr__(self, name: str) -> Any:
        place = f"{self.__name__}.{name}"
        if place in PROVIDED:
            return importlib.import_module(place)
        if name.startswith("__") or not _may_be_made_up(place, self.__name__):
            raise AttributeError(name)
        now().modules.add(place)
        return child(self.__name__, name)


class _MadeUpLoader(importlib.machinery.SourcelessFileLoader):
    """Makes a module up; a few hold something of ours."""

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return MadeUp(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        vars(module).update(PROVIDED.get(module.__name__, {}))


class _FileLoader(importlib.machinery.SourceFileLoader):
    """Loads a module of the tree; each file is compiled once."""

    compiled: dict[str, tuple[types.CodeType, set[int]]] = {}  # noqa: RUF012 - one for all loaders

    def get_code(self, fullname: str) -> types.CodeType:
        if self.path not in self.compiled:
            tree = asserts.told(ast.parse(Path(self.path).read_bytes(), self.path))
            code = compile(tree, self.path, "exec", dont_inherit=True)
            self.compiled[self.path] = code, set(_small_numbers(code))
        code, numbers = self.compiled[self.path]
        now().numbers |= numbers
        return code

    def exec_module(self, module: types.ModuleType) -> None:
        vars(module)[asserts.NAME] = asserts
        super().exec_module(module)


class Finder:
    """Finds the modules of one tree at a time."""

    def __init__(self) -> None:
        self.root = Path()
        self.loaded: set[str] = set()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return where a module comes from; None for those of the standard library."""
        if name.partition(".")[0] in sys.stdlib_module_names:
            return None
        self.loaded.add(name)
        place = self.root.joinpath(*name.split("."))
        files = ((place / "__init__.py", [str(place)]), (place.with_suffix(".py"), None))
        for file, inside in files:
            if file.is_file():
                loader = _FileLoader(name, str(file))
                return importlib.util.spec_from_file_location(
                    name, file, loader=loader, submodule_search_locations=inside
                )
        if not place.is_dir() and not _may_be_made_up(name, name):
            return None
        now().modules.add(name)
        made_up = _MadeUpLoader(name, str(place))
        return importlib.machinery.ModuleSpec(name, made_up, is_package=True)

    def load(self, root: Path, names: Sequence[str]) -> list[types.ModuleType]:
        """Load modules of a tree anew, and learn what its texts stand for."""
        for name in self.loaded:
            sys.modules.pop(name, None)
        self.loaded.clear()
        self.root = root
        now().synonyms |= _configured(root)
        for service, (name, highest) in HIGHEST.items():
            if self.root.joinpath(*name.split(".")).with_suffix(".py").is_file():
                version = highest(importlib.import_module(name))
                now().synonyms[version] = "'latest'"
                now().synonyms[f"{service} {version}"] = f"'{service} latest'"
        return [importlib.import_module(name) for name in names]


def _may_be_made_up(name: str, module: str) -> bool:
    """Whether a module, or a name in it, that is not in the tree may be used.

    Where a fix needs what its test did not, somebody has to have told that it is there.
    """
    met, synonyms = now().met, now().synonyms.values()
    told = module in OF_FIXES or any(text.startswith(f"<{name}.") for text in synonyms)
    return met is None or told or name in met.modules


def _small_numbers(code: types.CodeType) -> Iterator[int]:
    """Yield the numbers in a module that may be the length of a list."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _small_numbers(constant)
        elif isinstance(constant, int) and 2 < constant < 10:
            yield constant


def _configured(root: Path) -> dict[str, str]:
    """Return the literals for which the configuration of a tree names an expression."""
    file = root / "fixtests.toml"
    rule = tomllib.loads(file.read_text()).get("literal-uuid", {}) if file.is_file() else {}
    return {
        literal: f"<{entry['import'].split()[1]}.{entry['expression']}>"
        for literal, entry in rule.get("known", {}).items()
        if isinstance(entry, dict)
    }


def ddt(case: type) -> type:
    """Make a test of each value that a test is given."""
    for name, function in list(vars(case).items()):
        values = getattr(function, "values_of_ddt", ())
        if values:
            delattr(case, name)
        for at, value in enumerate(values, 1):
            setattr(case, f"{name}_{at}", _given(function, value))
    return case


def data(*values: object) -> Callable[[Any], Any]:
    """Note the values that a test is given."""

    def note(function: Any) -> Any:
        function.values_of_ddt = values
        return function

    return note


def _given(function: Callable[..., Any], value: object) -> Callable[..., Any]:
    def test(self: Any, *arguments: Any) -> Any:
        return function(self, value, *arguments)

    return test


PROVIDED: dict[str, dict[str, Any]] = {
    "fixtures": {"Fixture": cases.Fixture},
    "ddt": {"ddt": ddt, "data": data},
    "pytest": pytests.PROVIDED,
}
FINDER = Finder()
