"""Whether a test asserts a failure anywhere: by itself, in its helpers, through what it stubs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain

from fixtests.reasoning import helpers, roles, words
from fixtests.reasoning.calls import Calls, Run
from fixtests.syntax.queries import (
    Function,
    called_name,
    calls,
    constant_int,
    last_name,
    values_given,
    walk,
)
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project

FAILING = re.compile(
    r"(?i)fail|error|exception|raise|fault|invalid|reject|refus|denied|forbid|conflict|not_?found"
    r"|unauthorized|bad_?request|negative|abort|rollback|exceed|unavailable|unable"
    r"|status_?code|\b[45]\d\d\b|illegal|malformed|bogus|wrong|not exist|cannot|can't|could not"
    r"|no such|missing|not (?:allowed|found|permitted|supported)|unsupported|unhealthy"
    r"|already (?:\w+ )?(?:exists?|taken|used|in use)|wo?n'?t_?exist"
)
ENDED = re.compile(r"(?:exit|return)_?(?:code|status)|returncode|rc", re.IGNORECASE)
STATUS = re.compile(r"(?:\w+_)?(?:code|status)", re.IGNORECASE)
REFUSED = 400  # the first status that tells of a failure
EXPECTED = re.compile(r"(?i)expect|return_value|side_effect|flag")
SHOWN = 3
KINDS = (ast.Name, ast.Attribute)  # how an exception is named


def asserted(method: Method, owner: Class | None, project: Project) -> bool:
    """Tell whether a test asserts a failure, or something that may follow from one."""
    named = project.profile.words.failures
    failing = words.widened(FAILING, "{}", (*named, *map(words.snake_case, named)))
    if _shows(method, failing) or any(
        callee is None
        or roles.ASSERTS.match(callee.name)
        or any(_asserts(call, failing) for call in calls(callee.node))
        for callee in _helpers(method, owner, project)
    ):
        return True
    if _asserts_by_another_name(method, owner, project):
        return True
    return _expects_nothing(method.node) and asserts_anything(method, owner, project)


def _asserts_by_another_name(method: Method, owner: Class | None, project: Project) -> bool:
    """Tell whether a test calls what asserts for it that there is nothing: `self.none(reply)`.

    The function asserts nothing else, or is told of nothing, or of a failure.
    """
    run = Run(method, owner)
    for call, found in Calls.of(project).called(run):
        if found is None or found == run or _only_prepares(found.method.name, project):
            continue
        if any(
            roles.ASSERTS_NOTHING.fullmatch(called_name(item)) for item in calls(found.method.node)
        ):
            return True
        if any(map(_is_nothing, values_given(call))) and helpers.running(
            call, run, project, _is_assertion
        ):
            return True
    return False


def _is_assertion(call: ast.Call) -> bool:
    return roles.ASSERTS.match(called_name(call)) is not None


def states(method: Method, owner: Class | None, project: Project) -> bool:
    """Tell whether a test, or what it runs, checks something that speaks of a failure.

    That nothing is there, or a name that says so elsewhere, may have other reasons.
    """
    named = project.profile.words.failures
    failing = words.widened(FAILING, "{}", (*named, *map(words.snake_case, named)))
    known = (callee for callee in _helpers(method, owner, project) if callee is not None)
    return any(
        _checks(call, failing) for callee in chain([method], known) for call in calls(callee.node)
    )


def tolerates(function: Function) -> bool:
    """Tell whether a test passes over an error that it catches, and asserts nothing at all."""
    nodes = [item for part in function.body for item in walk(part)]
    handlers = [item for item in nodes if isinstance(item, ast.ExceptHandler)]
    passed = any(isinstance(part, ast.Pass) for item in handlers for part in item.body)
    return passed and not any(
        isinstance(item, ast.Raise | ast.Assert)
        or (isinstance(item, ast.Call) and roles.MAY_CHECK.search(called_name(item)))
        for item in nodes
    )


def asserts_anything(method: Method, owner: Class | None, project: Project) -> bool:
    """Tell whether a test asserts anything at all."""
    run = [method, *_helpers(method, owner, project)]
    return any(callee is None or any(map(_may_assert, walk(callee.node))) for callee in run)


def _may_assert(node: ast.AST) -> bool:
    """Tell whether a part of a function may be an assertion, or tells a function what to expect."""
    match node:
        case ast.Assert():
            return True
        case ast.Call(keywords=given):
            name = called_name(node)
            told = any(roles.NAMES_EXPECTED.match(item.arg or "") for item in given)
            checks = roles.MAY_CHECK.search(name) or re.fullmatch(roles.COMPARES, name)
            return told or checks is not None
    return False


def lets_raise(function: Function, claimed: str) -> bool:
    """Tell whether a mock of a test raises what the test is named after, which may be dealt with.

    `test_keyboard_interrupt` is about what comes after `sleep.side_effect = KeyboardInterrupt`.
    """
    for node in walk(function):
        match node:
            case ast.Assign(targets=[ast.Attribute(attr="side_effect")], value=value):
                raised = value
            case ast.keyword(arg="side_effect", value=value):
                raised = value
            case _:
                continue
        named = {last_name(item) for item in walk(raised) if isinstance(item, KINDS)}
        if any(name[:1].isupper() and words.snake_case(name) in claimed for name in named):
            return True
    return False


def asserts_plainly(method: Method, owner: Class | None, project: Project) -> bool:
    """Tell whether a test calls an assertion, or what is known of what it runs does."""
    return any(map(holds_assertion, (method, *filter(None, _helpers(method, owner, project)))))


def holds_assertion(method: Method) -> bool:
    """Tell whether a function calls an assertion itself."""
    return any(
        isinstance(item, ast.Assert) or (isinstance(item, ast.Call) and _is_assertion(item))
        for item in walk(method.node)
    )


def _helpers(method: Method, owner: Class | None, project: Project) -> Iterator[Method | None]:
    """Yield what a test runs but to prepare itself, None for a method nothing is known of."""

    def enters(run: Run) -> bool:
        own = run.method.node is method.node
        return not own and not _only_prepares(run.method.name, project)

    known = Calls.of(project)
    start = Run(method, owner)
    reached = known.reached([found for _, found in known.called(start)], enters)
    for run in chain([start], reached):
        if run is not start:
            yield run.method
        if any(found is None and _unknown(call) for call, found in known.called(run)):
            yield None


def _only_prepares(name: str, project: Project) -> bool:
    """Tell whether a function of a name is run to get somewhere, not to check anything."""
    framed = roles.prepares(name, project) or name in roles.clearing(project)
    return framed or name == "__init__" or roles.CHECKS_NOTHING.fullmatch(name) is not None


def offered(owner: Class, project: Project) -> list[str]:
    """Return what a test of a class can assert a failure with, helpers of the tree first."""

    def asserting(item: Class) -> frozenset[str]:
        return frozenset(filter(roles.ASSERTS_FAILURE.fullmatch, item.methods))

    names = project.above(owner, "asserting failure", asserting)
    return [*sorted(names)[:SHOWN], "assertRaises"]


def is_switched_off(function: Function, above: ast.ClassDef) -> bool:
    """Tell whether a test of a class does nothing, or is skipped."""
    return roles.is_skipped(function, above) or all(
        isinstance(item, ast.Pass | ast.Return | ast.Raise)
        or (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))
        or (
            isinstance(item, ast.Expr)
            and isinstance(item.value, ast.Call)
            and called_name(item.value) in roles.SKIPS
        )
        for item in function.body
    )


def _shows(method: Method, failing: re.Pattern[str]) -> bool:
    """Tell whether a test itself speaks of a failure anywhere but in its name and its prose."""
    body = method.node.body[bool(ast.get_docstring(method.node)) :]
    return any(
        isinstance(node, ast.Raise | ast.Try | ast.Assert)
        or _speaks(node, failing)
        or (isinstance(node, ast.Call) and _is_negative(node))
        for outer in (*method.node.decorator_list, *body)
        for node in walk(outer)
    )


def _expects_nothing(function: Function) -> bool:
    """Tell whether a test expects or stubs nothing, or asserts what it is given as an argument."""
    given = {item.arg for item in walk(function.args) if isinstance(item, ast.arg)} - {"self"}
    for node in walk(function):
        match node:
            case ast.Call() if roles.RUNS_A_CHECK.fullmatch(called_name(node)):
                told = values_given(node)
                if any(isinstance(item, ast.Name) and item.id in given for item in told):
                    return True
            case ast.keyword(arg=str(name), value=value):
                if EXPECTED.search(name) and _holds_nothing(value):
                    return True
            case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=value):
                if EXPECTED.search(name) and _holds_nothing(value):
                    return True
    return False


def _holds_nothing(value: ast.expr) -> bool:
    return any(isinstance(item, ast.expr) and _is_nothing(item) for item in walk(value))


def _speaks(node: ast.AST, failing: re.Pattern[str]) -> bool:
    """Tell whether a name, a text or a number is one of failures."""
    match node:
        case ast.Constant(value=str(text)):
            return failing.search(text) is not None
        case ast.Attribute(attr=name) | ast.Name(id=name) | ast.keyword(arg=str(name)):
            return failing.search(name) is not None
        case ast.Constant(value=int(number)):
            return REFUSED <= number < 600
    return False


def _asserts(call: ast.Call, failing: re.Pattern[str]) -> bool:
    """Tell whether a call of a helper asserts a failure."""
    name = called_name(call)
    if not name.lower().lstrip("_").startswith(roles.ASSERTS_OR_EXPECTS):
        return False
    return any(_speaks(node, failing) for node in walk(call))


def _checks(call: ast.Call, failing: re.Pattern[str]) -> bool:
    """Tell whether a call speaks of a failure where it checks something, or an argument does."""
    checks = roles.MAY_CHECK.search
    given = [item for item in call.keywords if checks(item.arg or "")]
    parts: list[ast.AST] = [call] if checks(called_name(call)) else [*given]
    return any(_speaks(node, failing) for part in parts for node in walk(part))


def _is_negative(call: ast.Call) -> bool:
    """Tell whether a call asserts that there is nothing, or that something is not so."""
    name = called_name(call)
    if roles.ASSERTS_NOTHING.fullmatch(name) or _says_how_it_ended(call):
        return True
    runs = roles.RUNS_A_CHECK.fullmatch(name) is not None
    return runs and any(map(_is_nothing, values_given(call)))


def _says_how_it_ended(call: ast.Call) -> bool:
    """Tell whether a call compares what a command gave back with something else than success."""
    names = {getattr(item, "attr", getattr(item, "id", "")) for item in values_given(call)}
    codes = [*filter(None, map(constant_int, values_given(call)))]
    if any(map(ENDED.fullmatch, names)):
        return bool(codes)
    return any(map(STATUS.fullmatch, names)) and max(codes, default=0) >= REFUSED


def _is_nothing(node: ast.expr) -> bool:
    match node:
        case ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.Constant(value=value):
            return value is None or value is False or value in (0, 1, "", b"")
    return constant_int(node) is not None and ast.unparse(node).startswith("-")


def _unknown(call: ast.Call) -> bool:
    """Tell whether a call runs a method of the test that nothing is known of."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
            return not name.startswith(roles.OF_ANY_TEST)
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return True
    return False
