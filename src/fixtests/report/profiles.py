"""What `fixtests explain --profile` prints: a profile as TOML, with a comment for each section."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from typing import Any

WIDTH = 100
COMMENTS = {
    "name": "What `profile` in a configuration calls it.",
    "extends": "The profile whose keys these are added to.",
    "packages": "A root with one of these packages has this profile; `*` stands for anything.",
    "imports": "A file that reaches one of these has this profile, in any root.",
    "clients": "The classes behind the clients of tests.",
    "tests": "Folders of tests beyond those named `test` or `tests`.",
    "samples": "Folders of recorded samples.",
    "data": "Fixture and fake modules, whose literals are their purpose.",
    "requests": "Methods that send a request and return its response, beyond those of HTTP.",
    "setup": "Methods that a base class runs before and after tests, beside unittest's.",
    "services": "Methods of a test that start a service on a host.",
    "words": "What nouns and verbs of names and comments mean.",
    "titles": "Whether docstrings of tests begin with a line such as `Test creating a server`.",
    "testtools": "Packages whose test cases are testtools': they take the expected value first.",
    "constants": "Modules whose names may stand for literals, and how they are imported.",
    "versions": "Where a service's highest API version is, the pattern's last match; its lowest.",
    "microversions": "How tests speak of API microversions.",
    "vocabulary": "How classes below a base say that a list is long enough; the first match wins.",
    "resources": "What is created, and how it is deleted; the first match wins.",
    "cleanups": "How deletions are registered, on what clients, and what puts them at risk.",
    "outcomes": "Which actions are asynchronous, and what waits for their end.",
}


def page(profile: Any, source: str) -> Iterator[str]:
    """Yield a profile, a dataclass, as TOML; `source` says what it was made from."""
    yield f"# Profile {profile.name}, {source}."
    yield "# Keys of entries that are not shown are empty or false."
    for field in dataclasses.fields(profile):
        value = getattr(profile, field.name)
        yield from ("", f"# {COMMENTS[field.name]}")
        if not value:
            yield f"# {field.name}: none"
        elif _is_entries(value):
            yield from list(_entries(field.name, value))[1:]
        elif dataclasses.is_dataclass(value) or isinstance(value, Mapping):
            yield from list(_table(field.name, value))[1:]
        else:
            yield from _pair(field.name, value)


def _table(name: str, value: Any) -> Iterator[str]:
    """Yield one table with a blank line before each header, its own tables last."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _table(f"{name}.{key}", item)
        return
    yield from ("", f"[{name}]")
    yield from _keys(name, value)


def _entries(name: str, entries: tuple[Any, ...]) -> Iterator[str]:
    for entry in entries:
        yield from ("", f"[[{name}]]")
        yield from _keys(name, entry)


def _keys(name: str, value: Any) -> Iterator[str]:
    """Yield the keys of a dataclass that say something, lists of tables last."""
    shown = {
        field.name.rstrip("_").replace("_", "-"): getattr(value, field.name)
        for field in dataclasses.fields(value)
        if getattr(value, field.name) or getattr(value, field.name) != field.default
    }
    for key, item in shown.items():
        if item not in ((), {}) and not _is_entries(item):
            yield from _pair(key, item)
    for key, item in shown.items():
        if _is_entries(item):
            yield from _entries(f"{name}.{key}", item)


def _is_entries(value: Any) -> bool:
    return isinstance(value, tuple) and any(map(dataclasses.is_dataclass, value))


def _pair(key: str, value: Any) -> Iterator[str]:
    """Yield `key = value`, a long list with an element on each line."""
    if not isinstance(value, tuple):
        yield f"{key} = {_scalar(value)}"
        return
    line = f"{key} = [{', '.join(map(_scalar, value))}]"
    if len(line) <= WIDTH:
        yield line
    else:
        yield from (f"{key} = [", *(f"    {_scalar(item)}," for item in value), "]")


def _scalar(value: Any) -> str:
    """Return a string, a boolean, a number or an inline table of them.

    What has backslashes is quoted literally if it can be.
    """
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(key)} = {_scalar(item)}" for key, item in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, str) and "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False)
