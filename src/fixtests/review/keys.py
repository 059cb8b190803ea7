"""What the keys of a table of JSON are called that say where, and the place that they tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from fixtests.review import places
from fixtests.review.claim import Place
from fixtests.review.rows import LONGEST, Rows, listed_in

FILES = (
    *("path", "file", "filename", "file_path", "filepath", "filePath", "uri", "target", "new_path"),
    *("artifact", "module"),
)
ROWS = (
    *("line", "lines", "line_number", "lineno", "lineNumber", "row", "start_line", "startLine"),
    *("begin", "line_start", "lineStart", "original_line", "end_line", "endLine", "rows"),
    *("at", "l", "ln"),
)
FIRST = ("start_line", "startLine", "line_start", "lineStart", "begin")
LAST = ("line", "end_line", "endLine", "line_end", "lineEnd", "end")
WITHIN = ("location", "place", "range", "position", "where", "region", "span", "loc", "start")
END = "end_location"
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+\.py")
NAMES = ("symbol", "function", "method", "test", "class", "test_name", "context")
QUOTES = ("quote", "snippet", "evidence", "code_snippet", "excerpt", "literal")


def place_of(table: Mapping[str, Any]) -> Place:
    """Return what the keys of a table say of a place."""
    found = Place()
    for name in (*FILES, *WITHIN):
        value = table.get(name)
        if isinstance(value, str) and (name in WITHIN or value.partition("#")[0].endswith(".py")):
            found = found.and_also(places.told(value) if name in WITHIN else _file(value))
        elif isinstance(value, Mapping):
            found = found.and_also(place_of(value))
    if not found.files:  # whatever the key is called, a path is a path
        values = (
            value for name, value in table.items() if name not in NAMES and name not in QUOTES
        )
        paths = (value for value in values if isinstance(value, str) and PATH.fullmatch(value))
        found = next((found.and_also(_file(path)) for path in paths), found)
    told = [row for name in ROWS for row in _rows(table.get(name))]
    first, last = _number(table, *FIRST), _number(table, *LAST)
    if END in table:
        ends = (found.rows, Rows.of(_rows(table[END])))
        first, last = (rows.ranges[0].start if rows.ranges else 0 for rows in ends)
    if first and last - first > LONGEST:
        found, told = replace(found, rows=Rows()), []  # which is no place
    elif first and last >= first:
        told.append(range(first, last + 1))
    names = [str(table[name]) for name in NAMES if isinstance(table.get(name), str)]
    quotes = [str(table[name]).strip() for name in QUOTES if isinstance(table.get(name), str)]
    named = places.told(" ".join(f"`{name}`" for name in names)).names
    quoted = [line.strip() for quote in quotes for line in quote.splitlines()]
    return found.and_also(Place((), Rows.of(told), Rows(), named, tuple(quoted)))


def _file(value: str) -> Place:
    told = places.told(value)
    return told if told.files else Place((value,))


def _rows(value: Any) -> Iterator[range]:
    match value:
        case bool():
            return
        case int() if value > 0:
            yield range(value, value + 1)
        case str():
            yield from listed_in(value)
        case list():
            for item in value:
                yield from _rows(item)
        case Mapping():
            for name in (*ROWS, "end"):
                yield from _rows(value.get(name))


def _number(table: Mapping[str, Any], *names: str) -> int:
    found = next((table[name] for name in names if isinstance(table.get(name), int)), 0)
    return int(found)
