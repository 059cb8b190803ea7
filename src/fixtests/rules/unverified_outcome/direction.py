"""Whether a comparison of hosts says that an action moved its server, or that it did not."""

from __future__ import annotations

import ast
import re
from enum import Enum

from fixtests.rules.unverified_outcome.actions import Start, bound, started
from fixtests.rules.unverified_outcome.evidence import Compared, Window, begin, compared_host
from fixtests.syntax.syntax import called_name, constant_string, walk_function
from fixtests.tree.patterns import pattern

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
    if isinstance(expected, ast.Name):
        value = bound(expected.id, start.method, start.call)
        text = text if value is None else f"{text} {ast.unparse(value)}"
    own = _reads_host(text, start.server, window)
    away = AWAY.search(text) is not None and TOWARDS.search(text) is None
    return Direction.MOVED if own or away else Direction.UNKNOWN


def _reads_host(text: str, server: str, window: Window) -> bool:
    """Tell whether the text of an expression reads the host of a server."""
    host, name = pattern(window.project.profile.outcomes.host), re.escape(server)
    keys_and_functions = re.finditer(rf"(?<![\w.]){name}\['([^']*)'\]|\b(\w+)(?=\({name}\b)", text)
    return any(host.fullmatch(match[1] or match[2] or "") for match in keys_and_functions)


def _new_host(start: Start, expected: ast.expr, window: Window) -> bool:
    """Tell whether a host begins its service after the server was created, before the action."""
    profile = window.project.profile
    starting = {item.start for item in profile.services}
    name = constant_string(expected)
    created = [item for item in _before(start) if called_name(item) in profile.outcomes.creates]
    return name is not None and any(
        called_name(item) in starting
        and any(constant_string(given) == name for given in _arguments(item))
        and created
        and begin(item) > begin(created[0])
        for item in _before(start)
    )


def _elsewhere(start: Start, expected: ast.expr, window: Window) -> bool:
    """Tell whether the server was last known to be on another host than the expected one."""
    known = _known(start, window)
    if known is None or ast.dump(known) == ast.dump(expected):
        return False
    if isinstance(known, ast.Constant) or isinstance(expected, ast.Constant):
        return isinstance(known, ast.Constant) and isinstance(expected, ast.Constant)
    return isinstance(known, ast.Name) and _excludes(known, expected, start)


def _known(start: Start, window: Window) -> ast.expr | None:
    """Return the host that the server was last asserted, created or sent to be on."""
    found: ast.expr | None = None
    host = pattern(window.project.profile.outcomes.host)
    whole = Window(window.method, window.owner, window.project, (0, 0))
    for call in _before(start):
        compared = compared_host(call, whole, host)
        moved = started(call, start.method, window.project.profile.outcomes)
        if compared is not None and compared.equal:
            found = compared.expected
        elif moved is not None and moved.host is not None:
            found = moved.host
        elif called_name(call) in window.project.profile.outcomes.creates:
            found = next((item.value for item in call.keywords if item.arg == "host"), None)
    return found


def _excludes(known: ast.Name, expected: ast.expr, start: Start) -> bool:
    """Tell whether a name was bound to one of two hosts, the other than the expected one."""
    value = bound(known.id, start.method, start.call)
    return isinstance(value, ast.IfExp) and ast.dump(expected) in ast.dump(value.test)


def _before(start: Start) -> list[ast.Call]:
    return [
        node
        for node in walk_function(start.method.node)
        if isinstance(node, ast.Call) and begin(node) < begin(start.call)
    ]


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(item.value for item in call.keywords)]
