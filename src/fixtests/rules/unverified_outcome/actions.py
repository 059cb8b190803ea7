"""Calls that start an asynchronous action: which one, on which server, towards which host."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from fixtests.reasoning.expectations import Expectations
from fixtests.syntax.syntax import (
    Parents,
    called_name,
    constant_int,
    constant_string,
    dotted,
    keyword,
    walk_function,
)
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_words import Action, Outcomes
from fixtests.tree.project import Project

ID = "id"


@dataclass(frozen=True, eq=False)
class Start:
    """A call that starts an action.

    `server` is the text of the server's dictionary, empty where only an id is
    known; `receiver` is the client; `host` is where the server is sent to, None
    where the scheduler chooses.
    """

    call: ast.Call
    action: Action
    method: Method
    server: str
    receiver: str
    host: ast.expr | None

    @property
    def end(self) -> tuple[int, int]:
        """Where the call ends: row and column."""
        return self.call.end_lineno or 0, self.call.end_col_offset or 0


def started(call: ast.Call, method: Method, outcomes: Outcomes) -> Start | None:
    """Return what a call starts, None for other calls."""
    if not isinstance(call.func, ast.Attribute):
        return None
    body: ast.Dict | None = None
    name = called_name(call)
    if name in outcomes.requests:
        body = _body(call, method)
        asked = {constant_string(key) for key in body.keys if key} if body else set()
        action = next((item for item in outcomes.actions if item.request in asked), None)
    else:
        action = next((item for item in outcomes.actions if name and name == item.method), None)
    if action is None:
        return None
    server = _server(call.args[0], method) if call.args else ""
    receiver = dotted(call.func.value) or ""
    return Start(call, action, method, server, receiver, _host(call, action, body))


def refused(start: Start, owner: Class | None, project: Project, parents: Parents) -> bool:
    """Tell whether the action is expected to be turned down at once."""
    expectations = Expectations.of(project)
    expected = keyword(start.call, project.profile.outcomes.refusal)
    if isinstance(expected, ast.List | ast.Tuple):
        return all((constant_int(item) or 0) >= 400 for item in expected.elts)
    inner: ast.AST = start.call
    for node in parents.above(start.call):
        if isinstance(node, ast.With) and inner in node.body:
            calls = [item.context_expr for item in node.items]
        else:
            calls = [node] if isinstance(node, ast.Call) else []
        if any(
            isinstance(item, ast.Call) and expectations.called(item, start.method, owner)
            for item in calls
        ):
            return True
        inner = node
    return False


def bound(name: str, method: Method, before: ast.AST) -> ast.expr | None:
    """Return what a name was last bound to in a function above a node."""
    found: ast.expr | None = None
    for node in walk_function(method.node, nested=True):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                if node.lineno < before.lineno:  # type: ignore[attr-defined]
                    found = value
    return found


def _body(call: ast.Call, method: Method) -> ast.Dict | None:
    """Return the request of an action: a literal, or the one that a name was last bound to."""
    given = call.args[1] if len(call.args) > 1 else None
    if isinstance(given, ast.Name):
        given = bound(given.id, method, call)
    return given if isinstance(given, ast.Dict) else None


def _server(given: ast.expr, method: Method) -> str:
    """Return the text of the dictionary whose id is given, empty where it is not known."""
    if isinstance(given, ast.Name):
        value = bound(given.id, method, given)
        given = value if isinstance(value, ast.Subscript) else given
    if isinstance(given, ast.Subscript) and constant_string(given.slice) == ID:
        return ast.unparse(given.value)
    return ""


def _host(call: ast.Call, action: Action, body: ast.Dict | None) -> ast.expr | None:
    """Return where an action sends its server, None where that is left open."""
    found = keyword(call, "host")
    for key, value in zip(body.keys, body.values, strict=True) if body else ():
        if constant_string(key) == action.request and isinstance(value, ast.Dict):
            for name, given in zip(value.keys, value.values, strict=True):
                found = given if constant_string(name) == "host" else found
    if isinstance(found, ast.Constant) and not constant_string(found):
        return None
    return found
