"""Which profiles there are, data under `profiles/*.toml`, and which one has a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fixtests.plugins import installed, loading
from fixtests.plugins.loading import PluginError
from fixtests.settings import nearest, tables
from fixtests.settings.tables import Written
from fixtests.settings.toml_lines import Keys

if TYPE_CHECKING:
    from fixtests.tree.profile import Profile

PROFILES = Path(__file__).parent / "profiles"
# By these a profile is chosen, so nothing can extend them.
CHOOSING = {"name", "packages", "imports", "extends"}


class ProfileError(Exception):
    """A profile that does not exist."""


@cache
def names() -> tuple[str, ...]:
    """Return the names of the profiles that there are, sorted."""
    return tuple(sorted(_files()))


@cache
def find(name: str) -> Written:
    """Return a profile as it is written. Raises ProfileError."""
    if name not in names():
        raise ProfileError(f"unknown profile {name!r}{nearest.meant(name, names())}")
    return tables.read(_files()[name])


@cache
def head(name: str) -> Mapping[str, Any]:
    """Return what a profile says above its first table, by which it is chosen."""
    return tables.head(_files()[name])


@cache
def _files() -> Mapping[str, Path]:
    """Return the files of profiles, ours and those of plug-ins, by name.

    An entry point of the group `fixtests.profiles` leads from a name to the package that holds
    `NAME.toml`. What is wrong with one is noted.
    """
    found = {path.stem: path for path in sorted(PROFILES.glob("*.toml"))}
    for offer in installed.offers(installed.PROFILES):
        with loading.judging(offer):
            if offer.name in found:
                remedy = f"uninstall one of them, such as: pip uninstall {offer.distribution}"
                raise PluginError("there is another profile of that name", remedy)
            path = loading.folder_of(offer.value) / f"{offer.name}.toml"
            _judge(path, found)
            loading.watch_files([str(path)])
            found[offer.name] = path
    return found


def _judge(path: Path, others: Mapping[str, Path]) -> None:
    """Look whether a profile of a plug-in can be used. Raises PluginError and TableError."""
    written = tables.read(path)
    base = written.table.get("extends", "")
    if base and base not in others:
        raise PluginError(f"{path}: extends {base!r}, which is no profile before it")
    while base:
        below = tables.read(others[base])
        base = below.table.get("extends", "")
        _built(_merged(below.table, written.table), written.place)
    _built(written.table, written.place)


def load(name: str, extension: Written | None = None) -> Profile:
    """Return a profile of the package, with what a configuration adds to it.

    Raises ProfileError for a name that no profile has, tables.TableError for
    a profile or an extension that cannot be used.
    """
    if extension is None:
        return _unextended(name)
    table = _table(name)
    for key in CHOOSING & extension.table.keys():
        here = extension.place.at(key)
        raise here.error(f"{here.name} cannot be extended; the key 'profile' chooses the profile")
    return _built(_merged(table, extension.table), extension.place)


def _built(table: Mapping[str, Any], place: tables.Place) -> Profile:
    """Return what a table says; files that hold nothing of interest never ask for it."""
    from fixtests.tree.profile import Profile

    return tables.build(Profile, table, place)


@cache
def _unextended(name: str) -> Profile:
    """Return a profile as it comes with the package, one object for all roots that have it."""
    return _built(_table(name), find(name).place)


@cache
def _table(name: str) -> dict[str, Any]:
    """Return what a profile says, with what it says by those that it extends."""
    table: dict[str, Any] = {}
    for written in reversed(_line(name)):
        kept = {key: value for key, value in table.items() if key not in CHOOSING}
        table = _merged(kept, written.table)
    return table


@cache
def _line(name: str) -> tuple[Written, ...]:
    """Return a profile, the one that it extends, and so on."""
    written = find(name)
    base = written.table.get("extends")
    return (written, *(_line(base) if base else ()))


def place_of(text: str, name: str, extension: Written | None) -> tables.Place:
    """Return where a text stands that is a value in a profile, in what extends it, or in others.

    Files may have another profile than their root, which is that of the name.
    """
    line = _line(name)
    for written in filter(None, (extension, *line, *map(find, names()))):
        for keys in _keys_of(text, written.table):
            return written.place.at(*keys)
    return line[0].place


def _keys_of(text: str, value: Any) -> Iterator[Keys]:
    """Yield the keys that lead to a text in a table."""
    items = value.items() if isinstance(value, Mapping) else enumerate(value)
    for key, item in items:
        if item == text:
            yield (key,)
        elif isinstance(item, Mapping | list):
            yield from ((key, *keys) for keys in _keys_of(text, item))


@cache
def ranked() -> tuple[str, ...]:
    """Return the names of the profiles, one that extends another one before it."""
    return tuple(sorted(names(), key=lambda name: -_depth(name)))


def _depth(name: str) -> int:
    """Return how many profiles one extends, one by way of another."""
    base = head(name).get("extends")
    return 1 + _depth(base) if base else 0


def _merged(table: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Add a project's own table to one of a profile.

    Own entries of lists come first, so that they win where the first match
    wins, and so that they keep the numbers that they have where they stand.
    """
    result = dict(table)
    for key, value in own.items():
        before = table.get(key)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            result[key] = _merged(before, value)
        elif isinstance(value, list) and isinstance(before, list):
            result[key] = [*value, *(_others(before, value) if key == "resources" else before)]
        else:
            result[key] = value
    return result


def _others(resources: list[Any], own: list[Any]) -> list[Any]:
    """Return the resources of a profile that a project does not describe itself."""
    names = [item.get("name") for item in own if isinstance(item, Mapping)]
    return [item for item in resources if item["name"] not in names]
