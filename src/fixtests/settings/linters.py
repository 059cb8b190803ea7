"""How long lines may be, as the project's own linters have it: ruff, black, flake8, pycodestyle."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from fixtests.settings import tables
from fixtests.settings.tables import Place, TableError

USUAL = 79  # where nobody says: what flake8 takes, and OpenStack's guidelines ask for
# Files that may say it, with the keys that lead there; the first one beats the others.
IN_TOML = (
    (".ruff.toml", ("line-length",)),
    ("ruff.toml", ("line-length",)),
    ("pyproject.toml", ("tool", "ruff", "line-length")),
    ("pyproject.toml", ("tool", "black", "line-length")),
)
IN_SECTIONS = [
    (name, section)
    for section in ("flake8", "pycodestyle")
    for name in ("setup.cfg", "tox.ini", ".flake8")
]
FILES = dict.fromkeys(name for name, _ in (*IN_TOML, *IN_SECTIONS))
FORMATTED = 88  # what ruff and black take where nobody says
FORMATTERS = (
    (".ruff.toml", ()),
    ("ruff.toml", ()),
    ("pyproject.toml", ("tool", "ruff")),
    ("pyproject.toml", ("tool", "black")),
)
OPTION = re.compile(r"max[-_]line[-_]length", re.IGNORECASE)
HEADER = re.compile(r"\[([^]]+)\]")
SECTION = re.compile(rb"^\[(?:flake8|pycodestyle)\]", re.MULTILINE)
NEEDLE = re.compile(rb"line[-_]length", re.IGNORECASE)
REMEDY = "mend it, or set line-length in the configuration of fixtests"


class Limit(NamedTuple):
    """How long lines may be, in characters, and the file that says so."""

    length: int
    path: Path


class Linters:
    """What the linters of a run's folders are told; each folder is looked at once."""

    def __init__(self) -> None:
        self._in = cache(_limit_in)

    def limit(self, folder: Path, root: Path) -> Limit | None:
        """Return what holds in a folder: what the nearest one says, up to the root.

        Raises TableError where a file that says it cannot be used.
        """
        for place in (folder, *folder.parents):
            found = self._in(place)
            if found is not None or place == root:
                return found
        return None


def _limit_in(folder: Path) -> Limit | None:
    """Return what the files of one folder say. Raises TableError."""
    every = {name: _content(folder / name) for name in FILES}
    contents = {name: content for name, content in every.items() if NEEDLE.search(content)}
    for name, keys in IN_TOML:
        if name in contents:
            path = folder / name
            written = tables.read(path)
            value = _value(written.table, keys)
            if value is not None:
                return Limit(_in_toml(value, written.place.at(*keys)), path)
    for name, section in IN_SECTIONS:
        if name in contents:
            path = folder / name
            length = _in_section(path, contents[name], section)
            if length is not None:
                return Limit(length, path)
    return _of_formatter(folder, every)


def _of_formatter(folder: Path, contents: Mapping[str, bytes]) -> Limit | None:
    """Return the usual length of ruff and black where one is used, None where flake8 is, too.

    Raises TableError.
    """
    if any(SECTION.search(contents[name]) for name, _ in IN_SECTIONS):
        return None
    for name, keys in FORMATTERS:
        path = folder / name
        if not path.is_file() or (keys and keys[-1].encode() not in contents[name]):
            continue
        table = _value(tables.read(path).table, keys)
        if isinstance(table, Mapping) and "extend" not in table:
            return Limit(FORMATTED, path)
    return None


def _content(path: Path) -> bytes:
    """Return what a file holds, nothing where there is none. Raises TableError."""
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise TableError(f"{path}: cannot be read: {error.strerror}; {REMEDY}") from None


def _value(table: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        table = table.get(key) if isinstance(table, Mapping) else None
    return table


def _in_toml(value: Any, place: Place) -> int:
    if type(value) is not int or value < 1:
        what = f"{place.name} must be a whole number above 0, not {value!r}"
        raise place.error(f"{what}; {REMEDY}")
    return value


def _in_section(path: Path, content: bytes, section: str) -> int | None:
    """Return what a section of a file says, None for nothing. Raises TableError."""
    from configparser import Error, RawConfigParser

    parser = RawConfigParser()
    try:
        text = content.decode("utf-8-sig")
        parser.read_string(text)
    except UnicodeDecodeError:
        raise TableError(f"{path}: is not UTF-8; save it as UTF-8") from None
    except Error as error:
        rows = [row for row, _ in getattr(error, "errors", ())]
        row = rows[0] if rows else getattr(error, "lineno", 1)
        reason = error.message.splitlines()[0]
        raise TableError(f"{path}:{row}: cannot be parsed: {reason}; {REMEDY}") from None
    found = parser.items(section) if parser.has_section(section) else []
    for name, value in found:
        if OPTION.fullmatch(name):
            if not value.strip().isdecimal() or not int(value):
                what = f"{name} of [{section}] must be a whole number above 0, not {value!r}"
                raise TableError(f"{path}:{_row(text, section)}: {what}; {REMEDY}")
            return int(value)
    return None


def _row(text: str, section: str) -> int:
    """Return the line, from 1, where a section says how long lines may be."""
    inside = ""
    for row, line in enumerate(text.splitlines(), 1):
        header = HEADER.match(line)
        inside = header[1] if header else inside
        if inside == section and OPTION.match(line):
            return row
    return 1
