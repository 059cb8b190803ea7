"""What a profile says of cleanups: what is created, how it is deleted, what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fixtests.tree import profile_checks
from fixtests.tree.profile_checks import (
    DottedName,
    ImportStatement,
    MethodName,
    RegularExpression,
    RelativePath,
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
    takes, a template over `{id}`, or over what the creating call is given:
    `{same}` for all, `{0}` for the first, `{name}` for a keyword, `{0|name}` for
    either. `wait` is a method of the client that waits until the resource is
    gone. `deleters` is a regular expression of all
    names that delete it, `url` of what a raw DELETE request names. `safe` says
    whether the plain shape may be fixed without a look, `note` what stands in
    the way where not; `admin` that only the admin client may delete. `unnamed`
    is a word in a request after which the reply does not name the resource. Those of
    `within` take it along when they are deleted.
    """

    name: str
    create: tuple[MethodName, ...]
    deleters: RegularExpression
    on: Literal["client", "self"] = "client"
    receiver: RegularExpression = ""
    keys: tuple[str, ...] = ()
    id: str = "id"
    delete: tuple[DottedName, ...] = ()
    arguments: Annotated[str, profile_checks.arguments] = "{id}"
    wait: Annotated[str, profile_checks.method_name] | None = None
    gives: Literal["reply", "id"] = "reply"
    url: RegularExpression = ""
    safe: bool = True
    admin: bool = False
    note: str = ""
    unnamed: str = ""
    within: tuple[str, ...] = ()

    @property
    def has_id(self) -> bool:
        """Whether its deletion takes an id that the reply gives."""
        return "{id}" in self.arguments

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

    `call` and `class-call` are templates over `{delete}` and `{arguments}`; classes of the
    modules and packages `without-class-call` have no method for the latter;
    `attribute` names the id in a reply (`{reply}`, `{id}`). With `known`, a client
    counts only where the tree shows its class, or where a test inherits from one of
    `bases`, whose `clients` are real ones although they stand outside the tree. The
    first of them is what creators of the test itself use, unless they are given another
    one as `client-argument`. Those of `admins` are the admin's, all are where the class
    sets `admin-flag`, and so is one made with the text `admin`; one whose argument `roles`
    lists no `member` may not delete. `requests` are methods that a raw DELETE request is
    sent with, `commands` is a regular expression of the names of methods that run a command line
    (`self.cloud('lamp create ' + name)`). `policies` change policy rules: any, unless
    `overwrite=False` is passed.
    With `derived`, methods `create_x` and `delete_x` of one client class of the tree are
    taken for those of a resource, which no fix is safe for. In the folders `units` clients
    are mocks; `hazards` put deletions at risk. Where it is `tolerant`, what `call` registers
    does no harm where the resource is gone by then.
    """

    call: Annotated[str, profile_checks.template("delete", "arguments")] = (
        "self.addCleanup({delete}, {arguments})"
    )
    class_call: Annotated[str, profile_checks.template_or_nothing("delete", "arguments")] = ""
    without_class_call: tuple[DottedName, ...] = ()
    attribute: Annotated[str, profile_checks.template("reply", known=("id",))] = "{reply}['{id}']"
    import_: ImportStatement = ""
    known: bool = False
    bases: tuple[DottedName, ...] = ()
    clients: tuple[DottedName, ...] = ()
    client_argument: str = ""
    admins: tuple[DottedName, ...] = ()
    admin_flag: str = ""
    admin: str = "admin"
    roles: str = "roles"
    member: str = "member"
    requests: tuple[MethodName, ...] = ()
    commands: RegularExpression = ""
    policies: tuple[MethodName, ...] = ()
    derived: bool = True
    tolerant: bool = False
    units: tuple[RelativePath, ...] = ()
    hazards: tuple[Hazard, ...] = ()
