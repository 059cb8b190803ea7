"""What is missing after an asynchronous action, and what can be written in its place."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from fixtests.model import Applicability
from fixtests.reasoning import roles
from fixtests.reasoning.calls import Calls, Run
from fixtests.rules.unverified_outcome import waits
from fixtests.rules.unverified_outcome.actions import Start, identified, refused, starts
from fixtests.rules.unverified_outcome.direction import Direction, direction
from fixtests.rules.unverified_outcome.evidence import (
    Compared,
    other_checks,
    verified,
)
from fixtests.rules.unverified_outcome.placing import placing
from fixtests.rules.unverified_outcome.replaced import replaced
from fixtests.rules.unverified_outcome.seen import (
    Seen,
    advice,
    is_test,
    leaves_a_record,
    seen_after,
    sentence,
)
from fixtests.rules.unverified_outcome.stubs import stubbed
from fixtests.rules.unverified_outcome.window import Window
from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import called_name, last_name, walk_function
from fixtests.tree.module import Class
from fixtests.tree.patterns import pattern
from fixtests.tree.project import Project


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a finding says, and the statement to insert before another one."""

    message: str
    applicability: Applicability = Applicability.DISPLAY
    statement: str = ""
    anchor: ast.stmt | None = None


def judge(
    may_start: Sequence[Start], owner: Class | None, project: Project, parents: Parents
) -> Verdict | None:
    """Return what is missing after what a call may start, None where that is verified."""
    if not may_start or refused(may_start[0], owner, project, parents):
        return None
    method, call = may_start[0].method, may_start[0].call
    window = Window(method, owner, project, call)
    missed = [(start, seen) for start in may_start if (seen := _unverified(start, window))]
    by_test = is_test(method)
    told = [(start, seen) for start, seen in missed if seen.hosts or seen.counted or by_test]
    if told:
        return _missing([start for start, _ in told], told[0][1], window, parents)
    if by_test:
        return _left(may_start, window)
    started = [start for start in may_start if leaves_a_record(start)]
    if not started or verified(window) or seen_after(window).hosts:
        return None
    return _of_callers(started, window)


def _left(may_start: Sequence[Start], window: Window) -> Verdict | None:
    """Return what is missing where an action is the last thing that a test does."""
    function = window.method.node
    calls = window.course.marked(
        "calls", lambda: (node for node in walk_function(function) if isinstance(node, ast.Call))
    )
    registering = window.course.marked("registers", lambda: filter(_registers, calls.nodes))
    if window.meets(calls, inner=False) or registering.nodes:
        return None
    names = " or ".join(dict.fromkeys(item.action.name for item in may_start))
    return Verdict(
        f"nothing after this {names} waits for its end; a failure goes unseen, and what clears up "
        "meets a server on its way"
    )


def _registers(call: ast.AST) -> bool:
    """Tell whether a call registers a wait that is over when the test is."""
    if not isinstance(call, ast.Call):
        return False
    given = map(last_name, call.args)
    return bool(roles.REGISTERS_CLEANUP.fullmatch(called_name(call))) and any(
        roles.WAITS.fullmatch(name) for name in given
    )


def _unverified(start: Start, window: Window) -> Seen | None:
    """Return what is compared where it is nothing but status and host, else None."""
    if verified(window):
        return None
    seen = seen_after(window)
    if not seen.parts or not seen.statuses.isdisjoint(window.outcomes.failed):
        return None
    if leaves_a_record(start) or (seen.counted and not seen.passed):
        return seen
    if not start.action.steady and not seen.hosts:
        return None  # a status that it did not have before says that it has ended
    if other_checks(window) or _goes_on(window):
        return None
    return seen


def _goes_on(window: Window) -> bool:
    """Tell whether a test goes on to another action, which needs the first one to have worked."""

    def acts(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and bool(
            starts(node, window.method, window.owner, window.project)
            or pattern(window.outcomes.another).search(ast.unparse(node.func))
        )

    return window.meets(window.marked("acts", acts))


def _of_callers(may_start: Sequence[Start], window: Window) -> Verdict | None:
    """Return what is missing where a helper only starts an action, for those who call it.

    A class answers for its own methods: what an heir looks at helps none of them.
    """
    method = may_start[0].method
    missing: list[Seen] = []
    own = seen_after(window)
    for call, caller in Calls.of(window.project).callers(Run(method, window.owner)):
        if caller.method.owner is not method.owner or caller.method.node is method.node:
            continue
        above = Window(caller.method, caller.owner, window.project, call)
        seen = _unverified(may_start[0], above)
        if seen is None and (verified(above) or not own.given):
            return None
        missing.append(seen or own)
    if not missing:
        return None
    if own.given:
        return Verdict(f"{sentence(may_start, own)}; {advice(may_start, own, window)}")
    words = sentence(may_start, missing[0])
    hint = advice(may_start, missing[0], window)
    return Verdict(f"{words} by those who call `{method.name}`; {hint}")


def _missing(
    may_start: Sequence[Start], seen: Seen, window: Window, parents: Parents
) -> Verdict | None:
    """Say what is missing, and write the wait where it can be written.

    Returns None where a stub may hold the action on its way on purpose.
    """
    words = sentence(may_start, seen)
    advised = Verdict(f"{words}; {advice(may_start, seen, window)}")
    wait = waits.wait_for_record(window.owner, window.project)
    start = may_start[0]
    if not (wait and seen.hosts and start.server and waits.takes_server(wait)):
        return advised
    if len({item.action.name for item in may_start}) > 1 or not start.action.waits:
        return advised
    ways = [_written(item, seen, wait, words, window, parents) for item in may_start]
    possible = [item for item in ways if item is not None]
    order = [Applicability.DISPLAY, Applicability.UNSAFE, Applicability.SAFE]
    worst = min(possible, key=lambda item: order.index(item.applicability), default=None)
    return worst if len(possible) == len(ways) else None


def _written(
    start: Start, seen: Seen, wait: waits.Wait, words: str, window: Window, parents: Parents
) -> Verdict | None:
    """Return the verdict that writes a wait for what is started, None as `_missing` does."""
    own = (item for item in seen.hosts if _same_server(start, item, window))
    compared = next(own, seen.hosts[0])
    alike = [item for item in seen.hosts if item.call is compared.call]
    directions = {direction(start, item, window) for item in alike}
    towards = directions.pop() if len(directions) == 1 else Direction.UNKNOWN
    statement = wait.call(start.name, start.action.record)
    stub = stubbed(start.method, window.owner, window.project)
    if stub and towards is not Direction.MOVED:
        return None
    if towards is Direction.STAYED:
        told = "the server is expected to stay, which it does before anything has happened, too"
        return Verdict(f"{words}; {told}: say what the migration record should tell")
    place = placing(start, compared, window, parents)
    if place is None:
        return Verdict(f"{words}; no wait can be put between them: call `{statement}`")
    obstacle = _obstacle(start, compared, towards, wait, window)
    if stub:
        obstacle = f"`{stub}` is stubbed; look whether the migration still completes"
    obstacle = obstacle or place.obstacle
    level = Applicability.UNSAFE if obstacle else Applicability.SAFE
    hint = obstacle or f"wait for the migration record first: `{statement}`"
    return Verdict(f"{words}; {hint}", level, statement, place.anchor)


def _obstacle(
    start: Start, compared: Compared, towards: Direction, wait: waits.Wait, window: Window
) -> str:
    """Say why the wait might not pass where the comparison does."""
    if not start.certain:
        return "look whether the request may be another one"
    if towards is Direction.UNKNOWN:
        return "look whether the comparison says that the server has moved"
    if not _same_server(start, compared, window):
        return "look whether it is this server's host that is compared"
    if not waits.may_list(wait, start, window.outcomes):
        return f"look whether the client of `{wait.method.name}` may list migrations"
    if window.owner and (name := replaced(wait, window.owner, window.project)):
        return f"look what `{name}` is here: this file may put something else in its place"
    return ""


def _same_server(start: Start, compared: Compared, window: Window) -> bool:
    """Tell whether a comparison is about the server of an action, under whichever name."""
    return bool(compared.servers) and all(
        _is_server(item, start, window, frozenset()) for item in compared.servers
    )


def _is_server(node: ast.expr, start: Start, window: Window, above: frozenset[ast.AST]) -> bool:
    """Tell whether an expression is the server of an action, or was fetched for it."""
    if start.server is None or node in above:
        return False
    reaching = window.reaching
    held = reaching.held(node)
    if not held:
        return ast.unparse(node) == start.name
    own = {item.binding for item in reaching.held(start.server)}
    return all(
        item.binding in own
        or (
            isinstance(item.value, ast.Call)
            and any(
                _is_server(identified(given) or given, start, window, above | {node})
                for given in item.value.args
            )
        )
        for item in held
    )
