"""Profiles: what a project's tests look like, as data under `profiles/*.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

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
class Hazard:
    """What puts a deletion at risk, and why.

    `find` is a regular expression over what a test does: `call NAME`,
    `text LITERAL`, `key LITERAL`, `stub TARGET`, `mock TARGET` (by one that
    takes anything), `policy RULE` (empty: any), `set DOTTED.NAME`, `refuse
    NAME` (expected to raise) and `decorator NAME`. `of` are the resources it
    is for, all by default.
    """

    find: str
    reason: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resource:
    """How a resource is created and deleted.

    `create` are method names. They are called on a client (anything but bare
    `self`) whose dotted name `receiver` matches, or with `on = "self"` on the
    test itself; `gives` is what such a method returns where the tree does not
    show it. `keys` unwrap the reply, `id` names the resource in it (empty: the
    reply itself is what the deletion takes). `delete` are the deletions to
    choose from: a method of the same client or, for `on = "self"`, dotted names
    from `self`; none where nothing can be registered. `arguments` is what it
    takes, a template over `{id}`. `deleters` is a regular expression of all
    names that delete it, `url` of what a raw DELETE request names. `safe` says
    whether the plain shape may be fixed without a look, `note` what stands in
    the way where not; `admin` that only the admin client may delete.
    """

    name: str
    create: tuple[str, ...]
    on: Literal["client", "self"] = "client"
    receiver: str = ""
    keys: tuple[str, ...] = ()
    id: str = "id"
    delete: tuple[str, ...] = ()
    arguments: str = "{id}"
    gives: Literal["reply", "id"] = "reply"
    deleters: str = ""
    url: str = ""
    safe: bool = True
    admin: bool = False
    note: str = ""


@dataclass(frozen=True)
class Cleanups:
    """How a project's tests register deletions.

    `call` and `class-call` are templates over `{delete}` and `{arguments}`;
    `attribute` names the id in a reply (`{reply}`, `{id}`). With `known`, a
    client counts only where the tree shows its class, or where a test inherits
    from one of `bases`, whose `clients` are real ones although they stand
    outside the tree, `self.api` being the admin client where the class sets
    `admin-flag`. `units` are folders where clients are mocks; `hazards`
    put deletions at risk.
    """

    call: str = "self.addCleanup({delete}, {arguments})"
    class_call: str = ""
    attribute: str = "{reply}['{id}']"
    import_: str = ""
    known: bool = False
    bases: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    admin_flag: str = ""
    units: tuple[str, ...] = ()
    hazards: tuple[Hazard, ...] = ()


@dataclass(frozen=True)
class Profile:
    """One project's tests. Paths are relative to the root, with `/`.

    `tests` are folders of tests beyond those named `test` or `tests`,
    `samples` folders of recorded samples, `data` fixture and fake modules
    whose literals are their purpose. `clients` are the dotted names of classes
    behind the clients of tests.
    """

    name: str = "unittest"
    packages: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    constants: tuple[Constants, ...] = ()
    versions: Mapping[str, Version] = field(default_factory=dict)
    vocabulary: tuple[Vocabulary, ...] = ()
    resources: tuple[Resource, ...] = ()
    cleanups: Cleanups = field(default_factory=Cleanups)


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
