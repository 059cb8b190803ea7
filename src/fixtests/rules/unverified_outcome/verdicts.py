"""What is missing after an asynchronous action, and what can be written in its place."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from fixtests.model import Applicability
from fixtests.rules.unverified_outcome import waits
from fixtests.rules.unverified_outcome.actions import Start, refused, started
from fixtests.rules.unverified_outcome.direction import Direction, direction
from fixtests.rules.unverified_outcome.evidence import (
    Compared,
    Window,
    begin,
    compared_host,
    compared_status,
    other_checks,
    verified,
)
from fixtests.rules.unverified_outcome.placing import placing
from fixtests.rules.unverified_outcome.stubs import stubbed
from fixtests.syntax.syntax import Parents, calls, walk_function
from fixtests.tree.module import Class, Method
from fixtests.tree.patterns import pattern
from fixtests.tree.project import Project


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a finding says, and the statement to insert before another one."""

    message: str
    applicability: Applicability = Applicability.DISPLAY
    statement: str = ""
    anchor: ast.stmt | None = None


@dataclass(frozen=True, eq=False)
class Seen:
    """The statuses and the hosts that are compared after an action."""

    statuses: frozenset[str]
    hosts: tuple[Compared, ...]

    @property
    def parts(self) -> list[str]:
        """Say what is compared."""
        return [*(["status"] if self.statuses else []), *(["host"] if self.hosts else [])]


def judge(start: Start, owner: Class | None, project: Project, parents: Parents) -> Verdict | None:
    """Return what is missing after an action, None where its end is verified or not compared."""
    if refused(start, owner, project, parents):
        return None
    window = Window(start.method, owner, project, _after(start, parents))
    seen = _unverified(start, window)
    if seen is not None and (seen.hosts or start.method.name.startswith("test")):
        return _missing(start, seen, window, parents)
    helper = not start.method.name.startswith("test")
    if not helper or not _leaves_a_record(start) or verified(window) or _seen(window).hosts:
        return None
    return _of_callers(start, owner, project)


def _after(start: Start, parents: Parents) -> tuple[int, int]:
    """Return from where on things run after an action: in a loop, from its first line on."""
    loops = [item for item in parents.above(start.call) if isinstance(item, ast.For | ast.While)]
    return begin(loops[-1]) if loops else start.end


def _unverified(start: Start, window: Window) -> Seen | None:
    """Return what is compared where it is nothing but status and host, else None."""
    if verified(window):
        return None
    seen = _seen(window)
    outcomes = window.project.profile.outcomes
    if not seen.parts or not seen.statuses.isdisjoint(outcomes.failed):
        return None
    if _leaves_a_record(start):
        return seen
    if not start.action.steady and not seen.hosts:
        return None  # a status that it did not have before says that it has ended
    host = pattern(outcomes.host)
    if other_checks(window, host) or _goes_on(window):
        return None
    return seen


def _leaves_a_record(start: Start) -> bool:
    """Tell whether nothing but a migration record tells the end of an action."""
    return start.action.steady and bool(start.action.record)


def _seen(window: Window) -> Seen:
    host = pattern(window.project.profile.outcomes.host)
    statuses: set[str] = set()
    hosts = []
    for node in walk_function(window.method.node):
        if isinstance(node, ast.Call) and begin(node) > window.after:
            statuses |= compared_status(node, window)
            compared = compared_host(node, window, host)
            hosts += [compared] if compared else []
    return Seen(frozenset(statuses), tuple(hosts))


def _goes_on(window: Window) -> bool:
    """Tell whether a test goes on to another action, which needs the first one to have worked."""
    outcomes = window.project.profile.outcomes
    return any(
        isinstance(call, ast.Call)
        and (
            started(call, window.method, outcomes) is not None
            or pattern(outcomes.another).search(ast.unparse(call.func)) is not None
        )
        for call in window.nodes
    )


def _of_callers(start: Start, owner: Class | None, project: Project) -> Verdict | None:
    """Return what is missing where a helper only starts an action, for those who call it."""
    method = start.method
    missing: list[Seen] = []
    for call, caller in _callers(method, owner):
        window = Window(caller, owner, project, (call.end_lineno or 0, call.end_col_offset or 0))
        seen = _unverified(start, window)
        if seen is None:
            return None
        missing.append(seen)
    if not missing:
        return None
    words = _sentence(start, missing[0])
    return Verdict(
        f"{words} by those who call `{method.name}`; {_advice(start, missing[0], owner, project)}"
    )


def _callers(method: Method, owner: Class | None) -> list[tuple[ast.Call, Method]]:
    """Return the calls of a helper in the other methods of its class."""
    found = []
    for caller in owner.methods.values() if owner else ():
        if caller.node is not method.node:
            for call in calls(caller.node):
                match call.func:
                    case ast.Attribute(value=ast.Name(id="self"), attr=name) if name == method.name:
                        found.append((call, caller))
    return found


def _missing(start: Start, seen: Seen, window: Window, parents: Parents) -> Verdict | None:
    """Say what is missing, and write the wait where it can be written.

    Returns None where a stub may hold the action on its way on purpose.
    """
    words = _sentence(start, seen)
    wait = waits.wait_for_record(window.owner, window.project)
    if not (start.action.waits and wait and seen.hosts and start.server):
        return Verdict(f"{words}; {_advice(start, seen, window.owner, window.project)}")
    if not waits.takes_server(wait):
        return Verdict(f"{words}; {_advice(start, seen, window.owner, window.project)}")
    own = (item for item in seen.hosts if _same_server(start, item, window))
    compared = next(own, seen.hosts[0])
    statement = wait.call(start.server, start.action.record)
    towards = direction(start, compared, window)
    stub = stubbed(start.method, window.project)
    if stub and towards is not Direction.MOVED:
        return None
    if towards is Direction.STAYED:
        told = "the server is expected to stay, which it does before anything has happened, too"
        return Verdict(f"{words}; {told}: say what the migration record should tell")
    place = placing(start, compared, parents)
    if place is None:
        return Verdict(f"{words}; no wait can be put between them: call `{statement}`")
    obstacle = _obstacle(start, compared, towards, wait, window)
    if stub:
        obstacle = f"`{stub}` is stubbed; look whether the migration still completes"
    obstacle = obstacle or place.obstacle
    level = Applicability.UNSAFE if obstacle else Applicability.SAFE
    advice = obstacle or f"wait for the migration record first: `{statement}`"
    return Verdict(f"{words}; {advice}", level, statement, place.anchor)


def _obstacle(
    start: Start, compared: Compared, towards: Direction, wait: waits.Wait, window: Window
) -> str:
    """Say why the wait might not pass where the comparison does."""
    if towards is Direction.UNKNOWN:
        return "look whether the comparison says that the server has moved"
    if not _same_server(start, compared, window):
        return "look whether it is this server's host that is compared"
    if not waits.may_list(wait, start, window.project.profile.outcomes):
        return f"look whether the client of `{wait.method.name}` may list migrations"
    return ""


def _same_server(start: Start, compared: Compared, window: Window) -> bool:
    """Tell whether a comparison is about the server of an action, under whichever name."""
    names = {start.server}
    for node in walk_function(window.method.node):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Call() as call) if begin(
                node
            ) < begin(compared.call):
                given = {ast.unparse(item) for item in call.args}
                if any(name in given or f"{name}['id']" in given for name in names):
                    names.add(target)
                elif begin(node) > start.end:
                    names.discard(target)
    return compared.server in names


def _sentence(start: Start, seen: Seen) -> str:
    """Say what is compared after an action, and what is not."""
    untold = "its migration record" if start.action.record else "an action event or a notification"
    verb = "are" if len(seen.parts) > 1 else "is"
    return (
        f"after this {start.action.name} the server's {' and '.join(seen.parts)} {verb} compared, "
        f"but {untold} is not looked at"
    )


def _advice(start: Start, seen: Seen, owner: Class | None, project: Project) -> str:
    """Say what would tell how an action ended."""
    wait = waits.wait_for_record(owner, project)
    record = start.action.record
    event = waits.events(owner, project)
    ready = project.profile.outcomes.ready
    known = start.action.steady and ready in seen.statuses
    before = f"it may be {ready} before anything has happened; " if known else ""
    if wait and record:
        call = wait.call(start.server or "server", record)
        return f"{before}`{call}` waits for the record of a success"
    if event:
        return f"{before}`{event}` looks at the action's events"
    told = "its migration record" if record else "an action event or a notification"
    return f"{before}nothing here waits for {told}"
