"""What a project calls things: the tables of a profile that rules read names and phrases from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fixtests.tree.profile_checks import MethodName, RegularExpression


@dataclass(frozen=True)
class Setup:
    """Methods that a base class of the project runs, beside those of unittest.

    `prepare` are run before tests, `clear` after them.
    """

    prepare: tuple[MethodName, ...] = ()
    clear: tuple[MethodName, ...] = ()


@dataclass(frozen=True)
class Service:
    """A method of a test that starts a service on a host.

    The host is the argument of that `position`, from 0 and without `self`, or `keyword`.
    """

    start: MethodName
    keyword: str
    position: int = 0


@dataclass(frozen=True)
class Words:
    """What the words of names and comments mean.

    `things` are nouns of things with an id of their own, in capitals; `same` says
    which of them, or which short form, stands for another one. `unnamed` is the
    constant of a UUID that nothing tells more of. `digits` is a regular expression
    of functions and modules whose UUIDs are there for their digits. `deeds` are
    verbs that say what a whole test does, `failures` the exceptions that are
    failures although their names do not say so.
    """

    things: tuple[str, ...] = ()
    same: Mapping[str, str] = field(default_factory=dict)
    unnamed: MethodName = "UUID"
    digits: RegularExpression = ""
    deeds: tuple[str, ...] = ()
    failures: tuple[MethodName, ...] = ()


@dataclass(frozen=True)
class Microversions:
    """How a project's tests speak of API microversions.

    `meant` is a regular expression of comments by which the latest one is asked for
    on purpose, `highest` one of names that hold a service's highest version, `block`
    the context manager that sets a client's version for a while. `services` are
    other words for services of `versions`.
    """

    meant: RegularExpression = ""
    highest: RegularExpression = ""
    block: str = ""
    services: Mapping[str, str] = field(default_factory=dict)


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

    `requests` are methods that send an action's body, `refusal` is the argument
    of theirs that lists the status codes of expected answers. `creates` are methods
    that create a server. `host` is a regular expression of the names by which
    a reply tells the server's host, `status` one of calls that wait for its status or its host.

    The end is told by what is named as the regular expression `told` has it, or
    by a text that `texts` matches. What `counted` matches only holds or looks at the notifications
    that have come, and so tells no end. `wait` are methods of a test that wait for a
    migration record, `events` those that look at action events. Any of the `clients`
    may list records; one of the `admins` only where the wait uses it as well.
    A stub whose target `hazard` finds may keep a record from getting where it should.

    Of a server's statuses, it has those of `passing` on its way, `ready` where it
    may have been all along, and those of `failed` tell the end. `another` is a regular
    expression, over the end of what is called, of calls that need the first action done.
    """

    requests: tuple[MethodName, ...] = ()
    refusal: str = ""
    creates: tuple[MethodName, ...] = ()
    host: RegularExpression = "host"
    status: RegularExpression = ""
    told: RegularExpression = ""
    texts: RegularExpression = ""
    counted: RegularExpression = ""
    wait: tuple[MethodName, ...] = ()
    events: tuple[MethodName, ...] = ()
    clients: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    hazard: RegularExpression = ""
    passing: tuple[str, ...] = ()
    ready: str = ""
    failed: tuple[str, ...] = ()
    another: RegularExpression = ""
    actions: tuple[Action, ...] = ()
