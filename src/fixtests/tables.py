"""TOML tables into dataclasses, with errors that name key, file and nearest valid key."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

Table = TypeVar("Table")


class TableError(Exception):
    """A configuration that cannot be used; the message names file, key and remedy."""


def read(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises TableError where it cannot be read or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TableError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TableError(f"{path}: is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise TableError(f"{path}: is not valid TOML: {error}") from None
    except RecursionError:
        raise TableError(f"{path}: is nested too deeply; make it flatter") from None


def build(kind: type[Table], table: Any, where: str, key: str = "") -> Table:
    """Make a dataclass of a table; `a_b` is `a-b` in TOML, and `import_` is `import`.

    Raises TableError for an unknown key, a missing key or a wrong type.
    """
    if not isinstance(table, Mapping):
        raise TableError(f"{where}: {key or 'the file'} must be a table")
    hints = typing.get_type_hints(kind)
    fields = {
        field.name.rstrip("_").replace("_", "-"): field
        for field in dataclasses.fields(kind)  # type: ignore[arg-type]
    }
    values: dict[str, Any] = {}
    for name, value in table.items():
        full = f"{key}.{name}" if key else name
        if name not in fields:
            raise TableError(f"{where}: unknown key {full!r}{nearest(name, fields)}")
        field = fields[name]
        values[field.name] = convert(hints[field.name], value, where, full)
    for name, field in fields.items():
        required = field.default is field.default_factory is dataclasses.MISSING
        if required and field.name not in values:
            raise TableError(f"{where}: {key or 'the file'} lacks the key {name!r}")
    return kind(**values)


def nearest(name: str, valid: typing.Iterable[str]) -> str:
    """Return `; did you mean 'x'?` or the list of what is valid."""
    names = sorted(valid)
    match = difflib.get_close_matches(name, names, 1)
    return f"; did you mean {match[0]!r}?" if match else f"; valid are {', '.join(names)}"


def convert(hint: Any, value: Any, where: str, key: str) -> Any:
    """Check one value against a field's type.

    Raises TableError where it does not fit.
    """
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        tabular = isinstance(value, Mapping)
        kinds = [item for item in arguments if item is not type(None)]
        fitting = [item for item in kinds if dataclasses.is_dataclass(item) == tabular]
        return convert((fitting or kinds)[0], value, where, key)
    if origin is typing.Literal:
        if value not in arguments:
            raise TableError(f"{where}: {key} is {value!r}; valid are {', '.join(arguments)}")
        return value
    if origin is not None:
        return _collection(origin, arguments, value, where, key)
    if dataclasses.is_dataclass(hint):
        return build(typing.cast(type[Any], hint), value, where, key)
    if type(value) is not hint:
        raise TableError(f"{where}: {key} must be {_NAMES[hint]}, not {value!r}")
    return value


def _collection(origin: Any, arguments: Any, value: Any, where: str, key: str) -> Any:
    """Check a list or a table, and what is in it."""
    if origin is tuple:
        if not isinstance(value, list):
            raise TableError(f"{where}: {key} must be a list")
        items = enumerate(value)
        return tuple(convert(arguments[0], item, where, f"{key}[{at}]") for at, item in items)
    if not isinstance(value, Mapping):
        raise TableError(f"{where}: {key} must be a table")
    return {
        name: convert(arguments[1], item, where, f"{key}.{name}") for name, item in value.items()
    }


_NAMES = {str: "a string", bool: "true or false", int: "a whole number"}
