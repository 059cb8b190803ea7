"""Configuration: `[tool.fixtests]` in pyproject.toml, else fixtests.toml, nearest file first."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fixtests import tables

FILES = ("pyproject.toml", "fixtests.toml")


@dataclass(frozen=True)
class Config:
    """What configuration files may say; `options` holds each rule's own table.

    `select` is None where nobody chose.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True
    unsafe_fixes: bool = False
    profile: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Layer:
    """One configuration file: what it sets, and the folder its patterns start from."""

    path: Path
    values: Mapping[str, Any]
    last: bool

    @property
    def folder(self) -> Path:
        """The folder that the file stands in."""
        return self.path.parent


def layers(folder: Path, root: Path, option_types: Mapping[str, type]) -> tuple[Layer, ...]:
    """Return the configuration files that hold for a folder, nearest first.

    They are looked for up to the root; `root = true` in one stops the search.

    Raises tables.TableError where one cannot be used.
    """
    found = []
    for place in (folder, *folder.parents):
        layer = next(_read(place, option_types), None)
        if layer is not None:
            found.append(layer)
            if layer.last:
                break
        if place == root:
            break
    return tuple(found)


def load(path: Path, option_types: Mapping[str, type]) -> Layer:
    """Read one configuration file, of either kind.

    Raises tables.TableError where it cannot be used.
    """
    table = tables.read(path)
    key = ""
    if path.name == "pyproject.toml":
        tools, key = table.get("tool", {}), "tool.fixtests"
        if not isinstance(tools, Mapping):
            raise tables.TableError(f"{path}: tool must be a table")
        table = tools.get("fixtests", {})
    return _layer(path, table, key, option_types)


def merge(found: tuple[Layer, ...]) -> Config:
    """Put layers together, key by key, the nearest first."""
    values: dict[str, Any] = {}
    for layer in reversed(found):
        options = {**values.get("options", {}), **layer.values.get("options", {})}
        values.update(layer.values)
        values["options"] = options
    return Config(**values)


def _read(folder: Path, option_types: Mapping[str, type]) -> Iterator[Layer]:
    for name in FILES:
        path = folder / name
        if path.is_file() and (name != "pyproject.toml" or _has_table(path)):
            yield load(path, option_types)


def _has_table(path: Path) -> bool:
    """Tell whether a pyproject.toml speaks of us; most do not, and need no parsing.

    Raises tables.TableError where it cannot be used.
    """
    try:
        if b"fixtests" not in path.read_bytes():
            return False
    except OSError as error:
        raise tables.TableError(f"{path}: cannot be read: {error.strerror}") from None
    tools = tables.read(path).get("tool", {})
    return isinstance(tools, Mapping) and "fixtests" in tools


def _layer(path: Path, table: Any, key: str, option_types: Mapping[str, type]) -> Layer:
    if not isinstance(table, Mapping):
        raise tables.TableError(f"{path}: {key} must be a table")
    fields = {
        item.name.replace("_", "-") for item in dataclasses.fields(Config) if item.name != "options"
    }
    general = {name: value for name, value in table.items() if name in fields}
    prefix = f"{key}." if key else ""
    for name in table:
        if name not in fields and name not in option_types and name != "root":
            hint = tables.nearest(name, {*fields, *option_types, "root"})
            raise tables.TableError(f"{path}: unknown key {prefix + name!r}{hint}")
    config = tables.build(Config, general, str(path), key)
    values = {name.replace("-", "_"): getattr(config, name.replace("-", "_")) for name in general}
    values["options"] = {
        name: _options(kind, table[name], str(path), prefix + name)
        for name, kind in option_types.items()
        if name in table
    }
    last = tables.convert(bool, table.get("root", False), str(path), prefix + "root")
    return Layer(path, values, last)


def _options(kind: type, table: Any, where: str, key: str) -> Any:
    try:
        return tables.build(kind, table, where, key)
    except ValueError as error:
        raise tables.TableError(f"{where}: {key}: {error}") from None
