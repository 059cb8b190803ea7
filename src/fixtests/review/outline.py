"""Reviews in YAML as the tables that JSON would hold; what is no YAML is read as a text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from fixtests.review.records import Node, whole

SUFFIXES = (".yaml", ".yml")
NOTHING = ("", "~", "null")  # values that are none
UNQUOTED = re.compile(  # a value that is a text, unless it is quoted as a whole
    r"""^([ ]*(?:-[ ]+)*[\w-]+:[ ]+)(?![|>\[{&*!#]|\d+$|'[^']*'$|"[^"]*"$)(\S.*)$""", re.MULTILINE
)


def loaded(path: Path, text: str) -> Any:
    """Return what a text of YAML holds, None for what is none."""
    if path.suffix.lower() not in SUFFIXES:
        return None
    for written in (text, UNQUOTED.sub(_quoted, text)):
        with suppress(ValueError):
            return _read(written)
    return None


def _quoted(match: re.Match[str]) -> str:
    """Return a pair with its value in quotes, which people forget where it needs them."""
    return f"{match[1]}{json.dumps(match[2], ensure_ascii=False)}"


def _read(text: str) -> Any:
    """Return what a text holds, None where that is no table and no list. Raises ValueError."""
    import yaml

    try:
        found = [*_documents(yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))]
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    value = found[0] if len(found) == 1 else found
    return value if found and isinstance(value, dict | list) else None


def _documents(events: Iterator[Any]) -> Iterator[Any]:
    """Yield what documents hold. Raises ValueError for a part that stands for another by name.

    Such parts may hold one another, so that a small text says more than anybody can read.
    """
    open_parts: list[tuple[Any, list[Any]]] = []
    for event in events:
        match type(event).__name__:
            case "SequenceStartEvent" | "MappingStartEvent":
                open_parts.append((event, []))
                continue
            case "SequenceEndEvent":
                value: Any = open_parts.pop()[1]
            case "MappingEndEvent":
                begun, parts = open_parts.pop()
                value = Node(zip(map(str, parts[::2]), parts[1::2], strict=True))
                value.row = begun.start_mark.line + 1
            case "ScalarEvent":
                value = event.value if event.style else _plain(event.value)
            case "AliasEvent":
                raise ValueError("a part that has a name is repeated")
            case _:
                continue
        if open_parts:
            open_parts[-1][1].append(value)
        else:
            yield value


def _plain(text: str) -> Any:
    """Return what a text without quotes stands for."""
    if text in NOTHING:
        return None
    return whole(text) if text.isdecimal() else text
