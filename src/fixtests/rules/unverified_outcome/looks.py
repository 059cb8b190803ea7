"""What is looked at again after a call that changes something, beside what it replies itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import TypeGuard

from fixtests.reasoning import helpers, roles
from fixtests.reasoning.calls import Run
from fixtests.rules.api import Context
from fixtests.rules.unverified_outcome.window import Window
from fixtests.syntax.queries import bound_names, called_name, walk

STATUS = re.compile(r"status\w*|\w*code|content_type|headers|ok|text|reason")  # of an answer
FETCHES = re.compile(
    r"_*(?:\w+_)?(?:get|show|list|find|fetch|detail|read|refresh|query)s?(?:_\w+)?"
)

DIGITS = "0123456789"  # at the end of a name
WORD = re.compile(r"[A-Za-z][a-z]{2,}")  # of a name
EMPTY = frozenset(  # words of names that say nothing of what a call is about
    (
        *("action", "all", "api", "client", "for", "from", "not", "server_action", "the", "with"),
        *("admin", "none", "self", "state", "statu", "test", "true", "until"),
        *("assert", "change", "check", "delete", "equal", "fetch", "find", "force", "get", "list"),
        *("match", "post", "put", "read", "reset", "run", "set", "show", "update", "wait"),
    )
)


def again(node: ast.Call, after: Sequence[ast.Call], context: Context) -> ast.Call | None:
    """Return the first call after one that waits, or fetches what is asserted later, None for none.

    What asks the fake that a change went to, and what is fetched within an assertion, counts too;
    a wait for what another call has started is none for this one.
    """
    later = sorted(
        (item for item in after if item.lineno > (node.end_lineno or 0)),
        key=lambda item: (item.lineno, item.col_offset),
    )
    asserted = [item for item in later if roles.ASSERTS.match(called_name(item))]
    started = False
    for item in later:
        name = called_name(item)
        if roles.ASKS_A_MOCK.fullmatch(name):
            return item
        if roles.WAITS.fullmatch(name):
            if not started and are_related(node, item):
                return item
            started = False
        started = started or roles.TAKES_TIME.fullmatch(name) is not None
        if item in asserted and (
            _is_refused(node, item)
            if _expects_failure(item)
            else _fetches(item) or _reads_state(item)
        ):
            return item
        if FETCHES.fullmatch(name):
            bound = bound_names(context.parents.statement(item))
            used = any(
                _names(one) & bound
                for one in asserted
                if one.lineno >= item.lineno and not _expects_failure(one)
            )
            if used and are_related(node, item):
                return item
    return None


def _is_refused(node: ast.Call, item: ast.Call) -> bool:
    """Tell whether an expected failure is of what fetches what a call is about, or of the same.

    That something else is refused says nothing of it.
    """
    same = any(
        isinstance(part, ast.Attribute) and part.attr == called_name(node) for part in item.args
    )
    return (same or _fetches(item)) and are_related(node, item)


def _expects_failure(call: ast.Call) -> bool:
    name = called_name(call)
    return roles.ASSERTS_FAILURE.match(name) is not None or "raises" in name.lower()


def at_statement(node: ast.Call, run: Run, context: Context) -> ast.Call | None:
    """Return what looks at a call that is a statement of its own, None for none, and for looks."""
    statement, name = context.parents.statement(node), called_name(node)
    if not isinstance(statement, ast.Expr | ast.Assign) or statement.value is not node:
        return None
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Constant):
        return None
    if (
        helpers.waits_or_asserts(node)
        or FETCHES.fullmatch(name)
        or name.startswith(roles.OF_ANY_TEST)
    ):
        return None
    window = Window(run.method, run.owner, context.project, node)
    after = [item for item in window.following if isinstance(item, ast.Call)]
    look = again(node, after, context)
    reply = bound_names(statement)
    used = (
        item for item in after if roles.ASSERTS.match(called_name(item)) and reply & _names(item)
    )
    return look or min(used, key=lambda item: item.lineno, default=None)


def is_used(node: ast.Call, after: Sequence[ast.Call], context: Context) -> bool:
    """Tell whether what a call replies, or is about, is asserted, fetched or waited for."""
    reply = bound_names(context.parents.statement(node))
    looks = [
        item
        for item in after
        if roles.ASSERTS.match(called_name(item))
        or roles.WAITS.fullmatch(called_name(item))
        or FETCHES.fullmatch(called_name(item))
    ]
    return any(are_related(node, item) or reply & _names(item) for item in looks)


def are_related(one: ast.Call, other: ast.Call) -> bool:
    """Tell whether two calls name one thing, or are given the same.

    Names that differ in their number alone, as `volume1` and `volume2`, are those of two things.
    """
    names = _names(one), _names(other)
    stems = ({name.rstrip(DIGITS) for name in found} for found in names)
    if names[0].isdisjoint(names[1]) and not set.isdisjoint(*stems):
        return False
    return not _subjects(one).isdisjoint(_subjects(other))


def _subjects(call: ast.Call) -> set[str]:
    """Return what a call is about: the words of its name, and what it is given by name."""
    inner = [item for part in (*call.args, *call.keywords) for item in walk(part)]
    named = [
        called_name(call),
        *(called_name(item) for item in inner if isinstance(item, ast.Call)),
        *(item.attr for item in inner if _is_fetch(item)),
    ]
    words = {word.lower().removesuffix("s") for name in named for word in WORD.findall(name)}
    given = {item.id for item in inner if isinstance(item, ast.Name)} - {"self"}
    return words - EMPTY | given | {ast.unparse(item) for item in inner if _is_own(item)}


def into_reply(node: ast.Call, after: Sequence[ast.AST], context: Context) -> ast.Call | None:
    """Return the first assertion that looks into what a call replies, None for none.

    What is bound from the reply is the reply, too. How the call was answered is nothing in it.
    """
    reply = bound_names(context.parents.statement(node))
    for item in after:
        match item:
            case ast.Assign(value=value) if not reply.isdisjoint(_read_names(value)):
                reply |= bound_names(item)
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                reply |= bound_names(target) if not reply.isdisjoint(_read_names(value)) else set()
    own = (
        item
        for item in after
        if isinstance(item, ast.Call) and roles.ASSERTS.match(called_name(item))
    )
    found = [
        item
        for item in own
        if not reply.isdisjoint(_names(item))
        if not all(map(STATUS.fullmatch, _read(item, reply) or [""]))
    ]
    return min(found, key=lambda item: item.lineno, default=None)


def _is_own(node: ast.AST) -> bool:
    """Tell whether a node is what a test keeps: an attribute of itself, and none that is called."""
    match node:
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return not name.endswith(roles.API)
    return False


def only_status(node: ast.Call, asserted: Sequence[ast.Call], context: Context) -> bool:
    """Tell whether assertions look at how a call was answered, and not at what is in the answer."""
    statement = context.parents.statement(node)
    reply = bound_names(statement) if isinstance(statement, ast.Assign) else set()
    read = [_read(item, reply) for item in asserted]
    return bool(reply) and all(STATUS.fullmatch(name) for names in read for name in names or [""])


def _read(call: ast.Call, names: set[str]) -> list[str]:
    """Return what the arguments of an assertion read of some names."""
    return [
        item.attr
        for part in call.args
        for item in walk(part)
        if isinstance(item, ast.Attribute)
        and isinstance(item.value, ast.Name)
        and item.value.id in names
    ]


def _reads_state(call: ast.Call) -> bool:
    """Tell whether an argument is an attribute of something that the test holds."""
    return any(
        isinstance(item, ast.Attribute)
        and isinstance(item.value, ast.Attribute)
        and not item.attr.isupper()
        and _root(item) == "self"
        for part in call.args
        for item in walk(part)
    )


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _fetches(call: ast.Call) -> bool:
    """Tell whether an assertion fetches something, or is handed what does."""
    inner = (item for part in call.args for item in walk(part))
    return any(map(_is_fetch, inner))


def _is_fetch(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and FETCHES.fullmatch(node.attr) is not None


def _names(call: ast.Call) -> set[str]:
    return {name for part in call.args for name in _read_names(part)}


def _read_names(node: ast.AST) -> set[str]:
    return {item.id for item in walk(node) if isinstance(item, ast.Name)}
