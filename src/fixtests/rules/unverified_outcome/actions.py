"""Calls that start an asynchronous action: which one, on which server, towards which host."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from fixtests.reasoning.calls import OWN, Run
from fixtests.reasoning.expectations import Expectations
from fixtests.reasoning.flow import Reaching
from fixtests.rules.unverified_outcome.requests import Bodies
from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import called_name, constant_int, constant_string, dotted, keyword
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_words import Action, Outcomes
from fixtests.tree.project import Project

ID = "id"


@dataclass(frozen=True, eq=False)
class Start:
    """A call that starts an action.

    `server` is the server's dictionary, None where only an id is known;
    `receiver` is the client; `host` is where the server is sent to, None where
    the scheduler chooses. Where it is not `certain`, the call may do something else.
    """

    call: ast.Call
    action: Action
    method: Method
    server: ast.expr | None
    receiver: str
    host: ast.expr | None
    certain: bool = True

    @property
    def name(self) -> str:
        """The text of the server's dictionary, empty where it is not known."""
        return ast.unparse(self.server) if self.server else ""

    @property
    def end(self) -> tuple[int, int]:
        """Where the call ends: row and column."""
        return self.call.end_lineno or 0, self.call.end_col_offset or 0


def starts(call: ast.Call, method: Method, owner: Class | None, project: Project) -> list[Start]:
    """Return what a call may start, one for each host that it may be towards.

    They are in the order of the profile, not of the paths that lead to the call.
    """
    outcomes, name = project.profile.outcomes, called_name(call)
    named = [item for item in outcomes.actions if name and name == item.method][:1]
    asks = name in outcomes.requests and len(call.args) > 1
    if not isinstance(call.func, ast.Attribute) or not (named or asks):
        return []
    if named and dotted(call.func.value) in OWN:  # a helper, in which the client is asked
        return []
    reaching = Reaching.of(method, owner, project)
    found, certain = [(item, keyword(call, "host")) for item in named], True
    if asks:
        found, certain = _requested(call.args[1], reaching, outcomes)
    server = _server(call.args[0], reaching) if call.args else None
    receiver = dotted(call.func.value) or ""
    ways = {(item.name, ast.unparse(host) if host else ""): (item, host) for item, host in found}
    order = [item.name for item in outcomes.actions]
    return [
        Start(call, action, method, server, receiver, host, certain)
        for _, (action, host) in sorted(
            ways.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    ]


def refused(start: Start, owner: Class | None, project: Project, parents: Parents) -> bool:
    """Tell whether the action is expected to be turned down at once."""
    expectations, run = Expectations.of(project), Run(start.method, owner)
    expected = keyword(start.call, project.profile.outcomes.refusal)
    if isinstance(expected, ast.List | ast.Tuple):
        return all((constant_int(item) or 0) >= 400 for item in expected.elts)
    inner: ast.AST = start.call
    for node in parents.above(start.call):
        if isinstance(node, ast.With) and inner in node.body:
            calls = [item.context_expr for item in node.items]
        else:
            calls = [node] if isinstance(node, ast.Call) else []
        if any(isinstance(item, ast.Call) and expectations.called(item, run) for item in calls):
            return True
        inner = node
    return False


def identified(node: ast.expr | None) -> ast.expr | None:
    """Return what an expression reads the id of, None for other expressions."""
    if isinstance(node, ast.Subscript) and constant_string(node.slice) == ID:
        return node.value
    return None


def _requested(
    given: ast.expr, reaching: Reaching, outcomes: Outcomes
) -> tuple[list[tuple[Action, ast.expr | None]], bool]:
    """Return which actions a request may ask for, towards which host, and whether for one alone."""
    known = {item.request: item for item in outcomes.actions if item.request}
    every, found, certain = Bodies(reaching), [], True
    for body in every.of(given):
        asked = [action for key, action in known.items() if key in body.entries]
        certain = certain and body.whole and len(asked) == 1
        for action in asked:
            for host in every.below(body, action.request, "host"):
                chosen = isinstance(host, ast.Constant) and not constant_string(host)
                found.append((action, None if chosen else host))
    return found, certain and len({action.name for action, _ in found}) == 1


def _server(given: ast.expr, reaching: Reaching) -> ast.expr | None:
    """Return the dictionary whose id is given, None where it is not known."""
    values = [identified(item.value) for item in reaching.meanings(given)]
    texts = {ast.unparse(item) if item else "" for item in values}
    return values[0] if len(texts) == 1 else None
