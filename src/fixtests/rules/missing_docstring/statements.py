"""What the statements of a test do: check, arrange, and how blank lines part them."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Sequence

from fixtests.reasoning import roles, stand_ins
from fixtests.syntax.queries import Function, called_name, calls, first_row, is_function, walk

IDENTIFIER = re.compile(r"\w+")


def only_refuses(function: Function) -> bool:
    """Tell whether all that a test checks is that something raises."""
    found = [item for item in function.body if checks(item) or expects(item)]
    return bool(found) and all(map(expects, found))


def expects(statement: ast.stmt) -> bool:
    """Tell whether a statement expects an exception."""
    return any(roles.EXPECTS.fullmatch(called_name(call)) for call in calls(statement))


def reaches_end(function: Function) -> bool:
    """Tell whether no blank line parts a test into checks above and below it."""
    runs = _runs(function.body)
    if len(runs) == 1:
        return True
    first = any(map(checks, runs[0]))
    return not first and any(checks(item) for run in runs[1:] for item in run)


def _runs(body: Sequence[ast.stmt]) -> list[list[ast.stmt]]:
    """Divide statements where a line or more lies between them."""
    found = [[body[0]]]
    for before, item in itertools.pairwise(body):
        if first_row(item) > (before.end_lineno or before.lineno) + 1:
            found.append([])
        found[-1].append(item)
    return found


def begins_with_check(function: Function) -> bool:
    """Tell whether a test checks something first and then goes on."""
    found = [checks(item) for item in function.body if not is_function(item)]
    return bool(found) and found[0] and not all(found)


def checks(statement: ast.stmt) -> bool:
    """Tell whether a statement asserts something."""
    return isinstance(statement, ast.Assert) or any(
        roles.ASSERTS.match(called_name(call)) for call in calls(statement)
    )


def arranges(statement: ast.stmt) -> bool:
    """Tell whether a statement sets something up, such as a flag or a mock."""
    match statement:
        case ast.Expr(value=ast.Call() as call):
            return _sets(call)
        case ast.Assign(targets=[ast.Attribute(), *_]):
            return True
        case ast.Assign(value=ast.Call() as call):
            return _sets(call)
    return False


def _sets(call: ast.Call) -> bool:
    return roles.ARRANGES.fullmatch(called_name(call)) is not None or stand_ins.may_replace(call)


def names_argument(text: str, statement: ast.stmt) -> bool:
    """Tell whether a comment names an argument that a statement gives, as code spells it."""
    named = {item.arg for item in walk(statement) if isinstance(item, ast.keyword) and item.arg}
    spelled = {name.lower() for name in named if "_" in name.strip("_") or name != name.lower()}
    return not spelled.isdisjoint(IDENTIFIER.findall(text))
