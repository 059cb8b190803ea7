"""Whether a comparison of hosts says that an action moved its server, or that it did not."""

from __future__ import annotations

import ast
import re
from enum import Enum

from fixtests.rules.unverified_outcome.actions import Start, starts
from fixtests.rules.unverified_outcome.evidence import Compared, compared_host
from fixtests.rules.unverified_outcome.window import Window
from fixtests.syntax.queries import (
    called_name,
    constant_string,
    keyword,
    values_given,
    walk_function,
)

TOWARDS = re.compile(r"(?i)dest|target")
AWAY = re.compile(r"(?i)source|src|orig|old|before|initial|previous")


class Direction(Enum):
    """Where a server is expected to be after an action."""

    MOVED = "moved"
    STAYED = "stayed"
    UNKNOWN = "unknown"


def direction(start: Start, compared: Compared, window: Window) -> Direction:
    """Return where a comparison expects the server of an action."""
    expected, asked = compared.expected, start.host
    if not compared.equal:
        return _unlike(start, expected, window)
    if asked is not None:
        if ast.dump(asked) == ast.dump(expected):
            return Direction.MOVED
        if isinstance(asked, ast.Constant) and isinstance(expected, ast.Constant):
            return Direction.STAYED
        return Direction.UNKNOWN
    if (
        TOWARDS.search(ast.unparse(expected))
        or _new_host(start, expected, window)
        or _elsewhere(start, expected, window)
    ):
        return Direction.MOVED
    return Direction.UNKNOWN


def _unlike(start: Start, expected: ast.expr, window: Window) -> Direction:
    """Return where a server is expected that is not to be on a host."""
    if start.host is not None and ast.dump(start.host) == ast.dump(expected):
        return Direction.STAYED
    text = ast.unparse(expected)
    values = window.reaching.values(expected) if isinstance(expected, ast.Name) else []
    texts = [f"{text} {ast.unparse(value)}" if value else text for value in values or [None]]
    moved = all(_reads_host(item, start.name, window) or _is_away(item) for item in texts)
    return Direction.MOVED if moved else Direction.UNKNOWN


def _is_away(text: str) -> bool:
    return AWAY.search(text) is not None and TOWARDS.search(text) is None


def _reads_host(text: str, server: str, window: Window) -> bool:
    """Tell whether the text of an expression reads the host of a server."""
    name = re.escape(server)
    keys_and_functions = re.finditer(rf"(?<![\w.]){name}\['([^']*)'\]|\b(\w+)(?=\({name}\b)", text)
    return any(window.host.fullmatch(match[1] or match[2] or "") for match in keys_and_functions)


def _new_host(start: Start, expected: ast.expr, window: Window) -> bool:
    """Tell whether a host begins its service after the server was created, before the action."""
    creates = window.outcomes.creates
    starting = {item.start for item in window.project.profile.services}
    name, every = constant_string(expected), _calls(start)
    begun = [
        item
        for item in every
        if called_name(item) in starting
        and any(name is not None and constant_string(given) == name for given in values_given(item))
    ]
    last = window.order(begun).last(start.call) if begun else frozenset()
    if not last or None in last:
        return False
    created = window.order([item for item in every if called_name(item) in creates])
    return all(None not in created.last(item) for item in last if item)


def _elsewhere(start: Start, expected: ast.expr, window: Window) -> bool:
    """Tell whether the server was last known to be on another host than the expected one."""
    known = _known(start, window)
    if known is None or ast.dump(known) == ast.dump(expected):
        return False
    if isinstance(known, ast.Constant) or isinstance(expected, ast.Constant):
        return isinstance(known, ast.Constant) and isinstance(expected, ast.Constant)
    return isinstance(known, ast.Name) and _excludes(known, expected, window)


def _known(start: Start, window: Window) -> ast.expr | None:
    """Return the one host that the server was last asserted, created or sent to be on."""
    told: dict[ast.AST | None, list[ast.expr | None]] = {None: [None]}
    told |= {call: found for call in _calls(start) if (found := _told(call, window))}
    last = window.order([call for call in told if call]).last(start.call)
    hosts = {item and ast.dump(item): item for call in last for item in told[call]}
    return next(iter(hosts.values())) if len(hosts) == 1 else None


def _told(call: ast.Call, window: Window) -> list[ast.expr | None]:
    """Return the hosts that a call tells a server to be on, None for one that is not known."""
    compared = [item.expected for item in compared_host(call, window) if item.equal]
    moved = starts(call, window.method, window.owner, window.project)
    sent = [item.host for item in moved if item.host is not None]
    if compared or sent:
        return [*(compared or sent)]
    return [keyword(call, "host")] if called_name(call) in window.outcomes.creates else []


def _excludes(known: ast.Name, expected: ast.expr, window: Window) -> bool:
    """Tell whether a name was bound to one of two hosts, the other than the expected one."""
    values = window.reaching.values(known)
    return bool(values) and all(
        isinstance(value, ast.IfExp) and ast.dump(expected) in ast.dump(value.test)
        for value in values
    )


def _calls(start: Start) -> list[ast.Call]:
    return [node for node in walk_function(start.method.node) if isinstance(node, ast.Call)]
