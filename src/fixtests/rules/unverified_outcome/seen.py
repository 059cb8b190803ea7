"""What is compared after an action, and the words for what is not."""

from __future__ import annotations

import ast
import bisect
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from fixtests.rules.unverified_outcome import waits
from fixtests.rules.unverified_outcome.actions import Start
from fixtests.rules.unverified_outcome.evidence import (
    Compared,
    compared_host,
    compared_status,
    counts_notifications,
    gives_host,
)
from fixtests.rules.unverified_outcome.window import Window
from fixtests.syntax.queries import walk_function
from fixtests.tree.module import Method


@dataclass(frozen=True, eq=False)
class Seen:
    """The statuses and the hosts that are compared after an action.

    `given` tells that a helper returns the host, `counted` that notifications are counted which
    nothing waits for, `passed` that a status is waited for which the server has on its way.
    """

    statuses: frozenset[str]
    hosts: tuple[Compared, ...]
    given: bool = False
    counted: bool = False
    passed: bool = False

    @property
    def parts(self) -> list[str]:
        """Say what is compared."""
        host = self.hosts or self.given
        return [*(["status"] if self.statuses else []), *(["host"] if host else [])]


def seen_after(window: Window) -> Seen:
    """Return what a function compares after a call in it."""
    passing = frozenset(window.outcomes.passing)
    key = _Comparisons, window.method.node, window.owner
    statuses, hosts = window.project.memory.ask(key, _Comparisons, window).after(window)
    given = not is_test(window.method) and gives_host(window)
    return Seen(
        statuses - passing,
        hosts,
        given,
        counted=counts_notifications(window),
        passed=not statuses.isdisjoint(passing),
    )


class _Comparisons:
    """The statuses and hosts that a function compares, call by call, and from each call on."""

    def __init__(self, window: Window) -> None:
        reached = window.course.reached
        self._calls: list[ast.Call] = []
        self._places: list[int] = []
        self._statuses: list[set[str]] = []
        self._hosts: list[list[Compared]] = []
        for node in walk_function(window.method.node):
            if isinstance(node, ast.Call) and node in reached:
                statuses, hosts = compared_status(node, window), compared_host(node, window)
                if statuses or hosts:
                    self._calls.append(node)
                    self._places.append(reached[node])
                    self._statuses.append(statuses)
                    self._hosts.append(hosts)
        joined = itertools.accumulate(reversed(self._statuses), _union, initial=frozenset[str]())
        self._all_from = [*joined][::-1]
        self._every = tuple(itertools.chain.from_iterable(self._hosts))
        self._before = [0, *itertools.accumulate(map(len, self._hosts))]

    def after(self, window: Window) -> tuple[frozenset[str], tuple[Compared, ...]]:
        """Return the statuses and hosts that are compared after a window's call."""
        at, _, goes_on = window.after
        first, last = bisect.bisect_left(self._places, at), bisect.bisect_right(self._places, at)
        near = [number for number in range(first, last) if window.follows(self._calls[number])]
        later = last if goes_on else len(self._calls)
        statuses = self._all_from[later].union(*(self._statuses[number] for number in near))
        hosts = itertools.chain.from_iterable(self._hosts[number] for number in near)
        return statuses, (*hosts, *self._every[self._before[later] :])


def _union(known: frozenset[str], found: set[str]) -> frozenset[str]:
    return known if found <= known else known | found


def is_test(method: Method) -> bool:
    """Tell whether a function is a test itself."""
    return method.name.startswith("test")


def leaves_a_record(start: Start) -> bool:
    """Tell whether nothing but a migration record tells the end of an action."""
    return start.action.steady and bool(start.action.record)


def sentence(may_start: Sequence[Start], seen: Seen) -> str:
    """Say what is compared after an action, and what is not."""
    names = " or ".join(dict.fromkeys(item.action.name for item in may_start))
    recorded = any(item.action.record for item in may_start)
    untold = "its migration record" if recorded else "an action event or a notification"
    verb = "are" if len(seen.parts) > 1 else "is"
    if _races(may_start, seen):
        return (
            f"after this {names} the server's {' and '.join(seen.parts)} {verb} compared, "
            "but no notification of its end is waited for"
        )
    return (
        f"after this {names} the server's {' and '.join(seen.parts)} {verb} compared, "
        f"but {untold} is not looked at"
    )


def advice(may_start: Sequence[Start], seen: Seen, window: Window) -> str:
    """Say what would tell how an action ended."""
    owner, project = window.owner, window.project
    wait, event = waits.wait_for_record(owner, project), waits.events(owner, project)
    records = dict.fromkeys(item.action.record for item in may_start if item.action.record)
    ready = project.profile.outcomes.ready
    known = may_start[0].action.steady and ready in seen.statuses and not seen.passed
    before = f"it may be {ready} before anything has happened; " if known else ""
    if _races(may_start, seen):
        return f"{before}wait for the notification that comes last, before any is counted"
    if wait and records:
        server = may_start[0].name or "server"
        calls = " or ".join(f"`{wait.call(server, record)}`" for record in records)
        return f"{before}{calls} waits for the record of a success"
    if event:
        return f"{before}`{event}` looks at the action's events"
    told = "its migration record" if records else "an action event or a notification"
    return f"{before}nothing here waits for {told}"


def _races(may_start: Sequence[Start], seen: Seen) -> bool:
    """Tell whether it is for the notifications alone that an end has to be waited for."""
    return seen.counted and not seen.hosts and not any(map(leaves_a_record, may_start))
