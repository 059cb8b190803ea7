"""The methods of a test that wait for the end of an action, and how they are called."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from fixtests.rules.unverified_outcome.actions import Start
from fixtests.syntax.queries import calls, constant_string, walk, walk_function
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_words import Outcomes
from fixtests.tree.project import Project


@dataclass(frozen=True)
class Wait:
    """A method that waits for a migration record; `listed` where it takes several statuses."""

    method: Method
    listed: bool

    def call(self, server: str, status: str) -> str:
        """Return the call that waits for a status of a server's record."""
        given = f"['{status}']" if self.listed else f"'{status}'"
        return f"self.{self.method.name}({server}, {given})"


def wait_for_record(owner: Class | None, project: Project) -> Wait | None:
    """Return how tests of a class wait for a migration record, None where they cannot."""
    for name in project.profile.outcomes.wait if owner else ():
        method = project.method(owner, name) if owner else None
        arguments = method.node.args.args if method else []
        if method is None or isinstance(method.node, ast.AsyncFunctionDef):
            continue
        if len(arguments) >= 3 and _required(method) <= 3:
            return Wait(method, _is_listed(method, arguments[2].arg))
    return None


def events(owner: Class | None, project: Project) -> str:
    """Return the name of a method of a class that looks at action events, empty for none."""
    names = project.profile.outcomes.events if owner else ()
    return next((name for name in names if owner and project.method(owner, name)), "")


def may_list(wait: Wait, start: Start, outcomes: Outcomes) -> bool:
    """Tell whether the client that a wait uses may list migrations, as the one asked may."""
    if start.receiver not in outcomes.admins:
        return start.receiver in outcomes.clients
    uses = {item.attr for item in walk(wait.method.node) if isinstance(item, ast.Attribute)}
    uses |= {constant_string(item) or "" for item in walk(wait.method.node)}
    return start.receiver.rpartition(".")[2] in uses


def takes_server(wait: Wait) -> bool:
    """Tell whether a wait is given the server's dictionary, not its id."""
    name = wait.method.node.args.args[1].arg
    return any(
        isinstance(item, ast.Subscript)
        and isinstance(item.value, ast.Name)
        and item.value.id == name
        and constant_string(item.slice) == "id"
        for item in walk(wait.method.node)
    )


def _required(method: Method) -> int:
    arguments = method.node.args
    return len(arguments.args) - len(arguments.defaults) + len(arguments.kwonlyargs)


def _is_listed(method: Method, name: str) -> bool:
    """Tell whether a parameter is gone through or searched, not compared as one text."""
    for node in walk_function(method.node, nested=True):
        match node:
            case ast.comprehension(iter=ast.Name(id=used)) | ast.For(iter=ast.Name(id=used)):
                if used == name:
                    return True
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Name(id=used)]):
                if used == name:
                    return True
    return any(
        isinstance(item, ast.Name) and item.id == name
        for call in calls(method.node)
        if isinstance(call.func, ast.Name) and call.func.id in ("set", "list", "tuple", "map")
        for item in call.args
    )
