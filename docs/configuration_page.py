"""The page of all keys of a configuration, made from the dataclasses that they are read into."""

from __future__ import annotations

import dataclasses
import json
import re
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

import click

from fixtests.cli.main import main
from fixtests.report import profiles
from fixtests.rules import registry
from fixtests.settings import config
from fixtests.text.docstrings import docstring
from fixtests.tree import known_profiles
from fixtests.tree.profile import Profile

START = """# Configuration

`[tool.fixtests]` in `pyproject.toml`, else the same keys at the top of `fixtests.toml`.
[The guide](../project/readme.md#configuration) says which file holds for which folder, and shows
a whole one."""
OF_RULES = "The options of [{name}](../rules/{name}.md)."
OF_PROFILES = """A project's own knowledge, added to each profile: lists before the profile's
own, tables merged, other values instead. `fixtests explain --profile NAME` prints a profile."""
# What no option of the command line says of a key.
KEYS = {
    "root": "Whether the search for files above this one ends here.",
    "per-file-ignores": "Rules to leave out, by pattern of files.",
    "suppression-comment": "How `--add-ignore` writes comments: `fixtests` or `noqa`.",
    "aliases": "What else reviews call a rule, by its code.",
    "respect-gitignore": "Whether files that git ignores are left out.",
    "review": "A table, see below.",
    "verify": "A table, see below.",
    "commit": "A table, see below.",
    "line-length": "How long lines may be that a fix writes; normally what the linters are told.",
    "profile": "The profile of all files, which is normally found for each.",
    "extend-profile": "A table, see below.",
}
TYPES = {str: "string", bool: "boolean", int: "integer"}


def lines() -> Iterator[str]:
    """Yield the page."""
    said = {**_of_options(), **KEYS}
    yield from (START, "", "## tool.fixtests", "")
    yield f"- `root` (boolean; `false`): {said['root']}"
    tables = []
    for field, hint in _fields(config.Config):
        if field.name == "options":
            continue
        yield _key(field, hint, said.get(_spelled(field), ""))
        if dataclasses.is_dataclass(hint) and field.name not in config.LATER:
            tables.append((f"tool.fixtests.{_spelled(field)}", hint))
    for name, kind in tables:
        yield from _table(name, kind, _text(kind), said if kind is config.Commits else {})
    for name, kind in registry.option_types().items():
        if dataclasses.fields(kind):
            text = f"{OF_RULES.format(name=name)} {_text(kind)}"
            yield from _table(f"tool.fixtests.{name}", kind, text, {})
    yield from _profile()


def _profile() -> Iterator[str]:
    name = "tool.fixtests.extend-profile"
    yield from ("", f"## {name}", "", OF_PROFILES, "")
    fields = [found for found in _fields(Profile) if found[0].name not in known_profiles.CHOOSING]
    for field, hint in fields:
        yield _key(field, hint, profiles.COMMENTS[field.name])
    for field, hint in fields:
        yield from _inner(f"{name}.{_spelled(field)}", hint)


def _table(name: str, kind: Any, text: str, said: Mapping[str, str]) -> Iterator[str]:
    yield from ("", f"## {name}", "", text, "")
    fields = list(_fields(kind))
    for field, hint in fields:
        yield _key(field, hint, said.get(_spelled(field), ""))
    for field, hint in fields:
        yield from _inner(f"{name}.{_spelled(field)}", hint)


def _inner(name: str, hint: Any) -> Iterator[str]:
    """Yield the tables that a value is, or that stand in it."""
    if dataclasses.is_dataclass(hint):
        yield from _table(name, hint, _text(hint), {})
        return
    within = ".NAME" if typing.get_origin(hint) is Mapping else ""
    for item in typing.get_args(hint):
        yield from _inner(name + within, item)


def _key(field: dataclasses.Field[Any], hint: Any, said: str) -> str:
    known = [_type(hint), *_default(field)]
    return f"- `{_spelled(field)}` ({'; '.join(known)})" + (f": {said}" if said else "")


def _default(field: dataclasses.Field[Any]) -> Iterator[str]:
    if field.default is field.default_factory is dataclasses.MISSING:
        yield "required"
    value = field.default if field.default_factory is dataclasses.MISSING else None
    if isinstance(value, str | int | tuple) and value not in ("", ()):
        yield f"`{json.dumps(value)}`"


def _type(hint: Any) -> str:
    """Say what a value may be in the words of TOML."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _type(arguments[0])
    if origin in (types.UnionType, typing.Union):
        return " or ".join(_type(item) for item in arguments if item is not types.NoneType)
    if origin is typing.Literal:
        return "one of " + ", ".join(f"`{item}`" for item in arguments)
    if origin is tuple:
        return f"list, each {_type(arguments[0])}"
    if origin is not None:
        return f"table, each {_type(arguments[1])}"
    return TYPES.get(hint, "table")


def _fields(kind: Any) -> Iterator[tuple[dataclasses.Field[Any], Any]]:
    hints = typing.get_type_hints(kind, include_extras=True)
    return ((field, hints[field.name]) for field in dataclasses.fields(kind))


def _spelled(field: dataclasses.Field[Any]) -> str:
    return field.name.rstrip("_").replace("_", "-")


def _text(kind: Any) -> str:
    """Return what a dataclass says of itself, its fields spelled as keys."""
    names = {field.name: _spelled(field) for field in dataclasses.fields(kind)}
    return re.sub(r"`(\w+)`", lambda found: f"`{names.get(found[1], found[1])}`", docstring(kind))


def _of_options() -> dict[str, str]:
    """Return the help of the command line's options by name: keys of that name mean the same."""
    group = click.Context(main)
    found: dict[str, str] = {}
    for name in main.list_commands(group):
        command = main.get_command(group, name)
        for parameter in command.params if command else ():
            if isinstance(parameter, click.Option) and parameter.help:
                found.setdefault(parameter.opts[0].removeprefix("--"), parameter.help)
    return found
