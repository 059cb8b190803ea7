"""Profiles: what a project's tests look like, as data under `profiles/*.toml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from fixtests.settings import tables
from fixtests.settings.tables import Written
from fixtests.settings.toml_lines import Keys
from fixtests.tree import profile_checks
from fixtests.tree.knowledge import look_for

DottedName = Annotated[str, profile_checks.dotted_name]
ImportStatement = Annotated[str, profile_checks.import_statement]
RelativePath = Annotated[str, profile_checks.relative_path]
RegularExpression = Annotated[str, profile_checks.regular_expression]
PROFILES = Path(__file__).parent / "profiles"
CHOOSING = {"name", "packages"}  # by these a profile is chosen, so nothing can extend them


@dataclass(frozen=True)
class Constants:
    """A module whose names may stand for literals, and the import that reaches it."""

    module: DottedName
    import_: ImportStatement = ""


@dataclass(frozen=True)
class Version:
    """Where a service's maximum API microversion stands in the tree.

    The last match of `pattern` in `file` gives it, with `prefix` before what
    the pattern's group holds.
    """

    file: RelativePath
    pattern: Annotated[str, profile_checks.one_group]
    prefix: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """How classes below `base` say that a list is long enough.

    `nonempty` and `longer` are templates over `{list}` and `{index}`.
    """

    base: DottedName
    nonempty: Annotated[str, profile_checks.template("list", known=("index",))] = (
        "self.assertGreater(len({list}), 0)"
    )
    longer: Annotated[str, profile_checks.template("list", "index")] = (
        "self.assertGreater(len({list}), {index})"
    )


@dataclass(frozen=True)
class Hazard:
    """What puts a deletion at risk, and why.

    `find` is a regular expression over what a test does: `call NAME`,
    `text LITERAL`, `key LITERAL`, `stub TARGET`, `mock TARGET` (by one that
    takes anything), `policy RULE` (empty: any), `set DOTTED.NAME`, `refuse
    NAME` (expected to raise) and `decorator NAME`. `of` are the resources it
    is for, all by default.
    """

    find: RegularExpression
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
    the way where not; `admin` that only the admin client may delete. `unnamed`
    is a word in a request after which the reply does not name the resource.
    """

    name: str
    create: tuple[Annotated[str, profile_checks.method_name], ...]
    deleters: RegularExpression
    on: Literal["client", "self"] = "client"
    receiver: RegularExpression = ""
    keys: tuple[str, ...] = ()
    id: str = "id"
    delete: tuple[DottedName, ...] = ()
    arguments: Annotated[str, profile_checks.arguments] = "{id}"
    gives: Literal["reply", "id"] = "reply"
    url: RegularExpression = ""
    safe: bool = True
    admin: bool = False
    note: str = ""
    unnamed: str = ""

    def __post_init__(self) -> None:
        if not self.create:
            raise ValueError("'create' needs the name of at least one method")
        if not self.safe and not self.note:
            raise ValueError("'safe' is false, so 'note' must say what stands in the way")
        for name in self.delete:
            if self.on == "self" and not name.startswith("self."):
                raise ValueError(f"'delete' names {name!r}, which must start with self.")
            if self.on == "client" and "." in name:
                raise ValueError(f"'delete' names {name!r}, which must be a method of the client")


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

    call: Annotated[str, profile_checks.template("delete", "arguments")] = (
        "self.addCleanup({delete}, {arguments})"
    )
    class_call: Annotated[str, profile_checks.template_or_nothing("delete", "arguments")] = ""
    attribute: Annotated[str, profile_checks.template("reply", known=("id",))] = "{reply}['{id}']"
    import_: ImportStatement = ""
    known: bool = False
    bases: tuple[DottedName, ...] = ()
    clients: tuple[DottedName, ...] = ()
    admin_flag: str = ""
    units: tuple[RelativePath, ...] = ()
    hazards: tuple[Hazard, ...] = ()


@dataclass(frozen=True)
class Action:
    """An asynchronous action on a server.

    It is asked for by a `request`, the key of an action's body, or by a
    client's `method`. `record` is the status that its migration record ends in
    where it succeeds, empty where it has none. After a `steady` action the
    server has the status that it had before. With `waits`, a wait for the
    record may be written where success is asserted.
    """

    name: str
    request: str = ""
    method: str = ""
    record: str = ""
    steady: bool = False
    waits: bool = False

    def __post_init__(self) -> None:
        if not self.request and not self.method:
            raise ValueError("needs 'request' or 'method'")


@dataclass(frozen=True)
class Outcomes:
    """How a project's tests start asynchronous actions, and how they learn the end.

    `requests` are methods that send an action's body, `host` is a regular expression of the names
    by which a reply tells the server's host. `wait` are methods of a test that wait for a
    migration record, `events` those that look at action events. A stub whose target `hazard` finds
    may keep a record from getting where it should.
    """

    requests: tuple[Annotated[str, profile_checks.method_name], ...] = ()
    host: RegularExpression = "host"
    wait: tuple[Annotated[str, profile_checks.method_name], ...] = ()
    events: tuple[Annotated[str, profile_checks.method_name], ...] = ()
    hazard: RegularExpression = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Profile:
    """One project's tests. Paths are relative to the root, with `/`.

    `tests` are folders of tests beyond those named `test` or `tests`, `samples` folders of recorded
    samples, `data` fixture and fake modules whose literals are their purpose. `clients` are the
    dotted names of classes behind the clients of tests, `testtools` packages whose test cases are
    those of testtools: they take the expected value first.
    """

    name: str = "unittest"
    packages: tuple[str, ...] = ()
    clients: tuple[DottedName, ...] = ()
    tests: tuple[RelativePath, ...] = ()
    samples: tuple[RelativePath, ...] = ()
    data: tuple[RelativePath, ...] = ()
    testtools: tuple[DottedName, ...] = ()
    constants: tuple[Constants, ...] = ()
    versions: Mapping[str, Version] = field(default_factory=dict)
    vocabulary: tuple[Vocabulary, ...] = ()
    resources: tuple[Resource, ...] = ()
    cleanups: Cleanups = field(default_factory=Cleanups)
    outcomes: Outcomes = field(default_factory=Outcomes)


class ProfileError(Exception):
    """A profile that does not exist."""


@cache
def names() -> tuple[str, ...]:
    """Return the names of the profiles that come with the package, sorted."""
    return tuple(sorted(path.stem for path in PROFILES.glob("*.toml")))


@cache
def find(name: str) -> Written:
    """Return a profile of the package as it is written. Raises ProfileError."""
    if name not in names():
        raise ProfileError(f"unknown profile {name!r}{tables.nearest(name, names())}")
    return tables.read(PROFILES / f"{name}.toml")


def load(name: str, extension: Written | None = None) -> Profile:
    """Return a profile of the package, with what a configuration adds to it.

    Raises ProfileError for a name that no profile has, tables.TableError for
    a profile or an extension that cannot be used.
    """
    written = find(name)
    if extension is None:
        return tables.build(Profile, written.table, written.place)
    for key in CHOOSING & extension.table.keys():
        here = extension.place.at(key)
        raise here.error(f"{here.name} cannot be extended; the key 'profile' chooses the profile")
    return tables.build(Profile, _merged(written.table, extension.table), extension.place)


def place_of(text: str, name: str, extension: Written | None) -> tables.Place:
    """Return where a text stands that is a value in a profile, or in what extends it."""
    own = find(name)
    for written in filter(None, (extension, own)):
        for keys in _keys_of(text, written.table):
            return written.place.at(*keys)
    return own.place


def _keys_of(text: str, value: Any) -> Iterator[Keys]:
    """Yield the keys that lead to a text in a table."""
    items = value.items() if isinstance(value, Mapping) else enumerate(value)
    for key, item in items:
        if item == text:
            yield (key,)
        elif isinstance(item, Mapping | list):
            yield from ((key, *keys) for keys in _keys_of(text, item))


def fitting(root: Path) -> str:
    """Return the name of the profile whose package stands in a root, else `unittest`."""
    for name in names():
        for package in find(name).table.get("packages", ()):
            look_for(str(root / package / "__init__.py"), set())
            if (root / package / "__init__.py").is_file():
                return name
    return "unittest"


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
