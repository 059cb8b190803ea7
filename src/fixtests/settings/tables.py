"""TOML tables into dataclasses, with errors that name file, line, key and nearest valid key."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from fixtests.settings import nearest
from fixtests.settings.toml_lines import Keys, line_of

Table = TypeVar("Table")
TOML_LINE = re.compile(r" \(at line (\d+), column \d+\)$")


class TableError(Exception):
    """A configuration that cannot be used; the message names file, line, key and remedy."""


class Place(NamedTuple):
    """Where a value stands: what it was read from, that text where it is TOML, and its keys."""

    where: str
    text: str = ""
    keys: Keys = ()

    @property
    def name(self) -> str:
        """The keys as they are read aloud: `resources[1].create`."""
        dotted = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys)
        return dotted.removeprefix(".") or "the file"

    def at(self, *keys: str | int) -> Place:
        """Return the place of something inside."""
        return self._replace(keys=(*self.keys, *keys))

    def error(self, message: str) -> TableError:
        """Return an error about what stands here."""
        line = line_of(self.text, self.keys)
        return TableError(f"{self.where}:{'' if line is None else f'{line}:'} {message}")


class Written(NamedTuple):
    """A table as it was written, and its place."""

    table: Mapping[str, Any]
    place: Place


def read(path: Path) -> Written:
    """Read a TOML file.

    Raises TableError where it cannot be read or is not TOML.
    """
    import tomllib  # many runs read no TOML, and it takes long to load

    try:
        text = path.read_text(encoding="utf-8")
        return Written(tomllib.loads(text), Place(str(path), text))
    except OSError as error:
        raise TableError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TableError(f"{path}: is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        found = TOML_LINE.search(str(error))
        line = f"{found[1]}:" if found else ""
        raise TableError(f"{path}:{line} is not valid TOML: {error}") from None
    except RecursionError:
        raise TableError(f"{path}: is nested too deeply; make it flatter") from None


def head(path: Path) -> Mapping[str, Any]:
    """Return what a TOML file says above its first table, which takes a part of the time.

    Raises TableError where it cannot be read or is not TOML.
    """
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8").partition("\n[")[0])
    except (OSError, ValueError):  # or a value has a line that begins like a table
        return read(path).table


def build(kind: type[Table], table: Any, place: Place) -> Table:
    """Make a dataclass of a table; `a_b` is `a-b` in TOML, and `import_` is `import`.

    Raises TableError for an unknown key, a missing key, a wrong type, and for
    what the dataclass or a check of one of its fields refuses with ValueError.
    """
    if not isinstance(table, Mapping):
        raise place.error(f"{place.name} must be a table")
    hints = _hints(kind)  # type: ignore[arg-type]  # every class is hashable
    fields = {
        field.name.rstrip("_").replace("_", "-"): field
        for field in dataclasses.fields(kind)  # type: ignore[arg-type]
    }
    values: dict[str, Any] = {}
    for name, value in table.items():
        here = place.at(name)
        if name not in fields:
            raise here.error(f"unknown key {here.name!r}{nearest.meant(name, fields)}")
        field = fields[name]
        values[field.name] = convert(hints[field.name], value, here)
    for name, field in fields.items():
        required = field.default is field.default_factory is dataclasses.MISSING
        if required and field.name not in values:
            raise place.error(f"{place.name} lacks the key {name!r}")
    try:
        return kind(**values)
    except ValueError as error:
        guilty = next((name for name in table if _refused(kind, fields[name].name, values)), None)
        here = place if guilty is None else place.at(guilty)
        name = f"{place.name}: " if place.keys else ""
        raise here.error(f"{name}{error}") from None


def convert(hint: Any, value: Any, place: Place) -> Any:
    """Check one value against a field's type, and against the check that it is annotated with.

    Raises TableError where it does not fit.
    """
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _checked(convert(arguments[0], value, place), arguments[1], place)
    if origin in (types.UnionType, typing.Union):
        tabular = isinstance(value, Mapping)
        kinds = [item for item in arguments if item is not type(None)]
        fitting = [item for item in kinds if dataclasses.is_dataclass(item) == tabular]
        return convert((fitting or kinds)[0], value, place)
    if origin is typing.Literal:
        if value not in arguments:
            raise place.error(f"{place.name} is {value!r}; valid are {', '.join(arguments)}")
        return value
    if origin is not None:
        return _collection(origin, arguments, value, place)
    if dataclasses.is_dataclass(hint):
        return build(typing.cast(type[Any], hint), value, place)
    if type(value) is not hint:
        raise place.error(f"{place.name} must be {_NAMES[hint]}, not {value!r}")
    return value


def above_zero(value: int) -> None:
    """Raise ValueError for a number that is 0 or less: a check for fields to be annotated with."""
    if value < 1:
        raise ValueError(f"must be above 0, not {value}")


def _collection(origin: Any, arguments: Any, value: Any, place: Place) -> Any:
    """Check a list or a table, and what is in it."""
    if origin is tuple:
        if not isinstance(value, list):
            raise place.error(f"{place.name} must be a list")
        return tuple(
            convert(arguments[0], item, place.at(number)) for number, item in enumerate(value)
        )
    if not isinstance(value, Mapping):
        raise place.error(f"{place.name} must be a table")
    return {name: convert(arguments[1], item, place.at(name)) for name, item in value.items()}


def _checked(value: Any, check: typing.Callable[[Any], None], place: Place) -> Any:
    try:
        check(value)
    except ValueError as error:
        raise place.error(f"{place.name} {error}") from None
    return value


def _refused(kind: Any, name: str, values: Mapping[str, Any]) -> bool:
    """Tell whether a dataclass refuses one value even without the others."""
    try:
        kind(**{name: values[name]})
    except ValueError:
        return True
    except TypeError:  # it needs others too
        return False
    return False


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)


_NAMES = {str: "a string", bool: "true or false", int: "a whole number"}
