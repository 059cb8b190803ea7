"""Profiles: what a project's tests look like, as data under `profiles/*.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

from fixtests import tables


@dataclass(frozen=True)
class Constants:
    """A module whose names may stand for literals, and the import that reaches it."""

    module: str
    import_: str = ""


@dataclass(frozen=True)
class Version:
    """Where a service's maximum API microversion stands in the tree.

    The last match of `pattern` in `file` gives it, with `prefix` before the
    first group.
    """

    file: str
    pattern: str
    prefix: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """How classes below `base` say that a list is long enough.

    `nonempty` and `longer` are templates over `{list}` and `{index}`.
    """

    base: str
    nonempty: str = "self.assertGreater(len({list}), 0)"
    longer: str = "self.assertGreater(len({list}), {index})"


@dataclass(frozen=True)
class Resource:
    """How a resource is created and deleted.

    `create` are method names. `on` says what they are called on: `client`
    (anything that is not bare `self`) or `self`. `id` is appended to the
    reply to name the resource (empty: the reply is the id, absent: see the
    note). `cleanup` is a template over `{client}`, `{reply}` and `{id}`, empty
    where the resource is never to be cleaned up. `deleters` are the names of
    methods that delete it, `safe` says whether the plain shape may be fixed
    without a look, `admin` that only the admin client may delete.
    """

    name: str
    create: tuple[str, ...]
    on: str = "client"
    key: str = ""
    id: str = ""
    cleanup: str = ""
    cleanup_import: str = ""
    deleters: tuple[str, ...] = ()
    safe: bool = False
    admin: bool = False
    blockers: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Profile:
    """One project's tests. Paths are relative to the root, with `/`.

    `tests` are folders of tests beyond those named `test` or `tests`,
    `samples` folders of recorded samples, `data` fixture and fake modules
    whose literals are their purpose.
    """

    name: str = "unittest"
    packages: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    constants: tuple[Constants, ...] = ()
    versions: Mapping[str, Version] = field(default_factory=dict)
    vocabulary: tuple[Vocabulary, ...] = ()
    resources: tuple[Resource, ...] = ()


class ProfileError(Exception):
    """A profile that does not exist or cannot be used."""


@cache
def builtin() -> Mapping[str, Profile]:
    """Return the profiles that come with the package, by name."""
    found: dict[str, Profile] = {}
    for entry in sorted(resources.files("fixtests.profiles").iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            profile = load(Path(str(entry)))
            found[profile.name] = profile
    return found


def load(path: Path) -> Profile:
    """Read one profile.

    Raises tables.TableError where it cannot be used.
    """
    profile = tables.build(Profile, tables.read(path), str(path))
    for service, version in profile.versions.items():
        try:
            re.compile(version.pattern)
        except re.error as error:
            message = f"{path}: versions.{service}.pattern is no regular expression: {error}"
            raise tables.TableError(message) from None
    return profile


def choose(name: str | None, root: Path) -> Profile:
    """Return the named profile, else the one whose package stands in the root.

    Raises ProfileError for a name that no profile has.
    """
    profiles = builtin()
    if name is not None:
        if name not in profiles:
            raise ProfileError(f"unknown profile {name!r}{tables.nearest(name, profiles)}")
        return profiles[name]
    for profile in profiles.values():
        if any((root / package / "__init__.py").is_file() for package in profile.packages):
            return profile
    return profiles["unittest"]
