"""Which calls delete a resource by what they say themselves, and what calls give to functions."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator
from functools import cache
from typing import Literal

from fixtests.reasoning import roles
from fixtests.reasoning.orders import (
    ANYTHING,
    NONE,
    Assigned,
    order,
    order_of,
    text_of,
)
from fixtests.rules.missing_cleanup.clients import DELETES_ANY
from fixtests.rules.missing_cleanup.derived import Derived
from fixtests.rules.missing_cleanup.origins import UNKNOWN, Origins, Token
from fixtests.rules.missing_cleanup.verbs import DELETES
from fixtests.syntax.queries import called_name, constant_string, last_name
from fixtests.tree.module import Method
from fixtests.tree.patterns import pattern
from fixtests.tree.profile_cleanups import Resource

# What is said that may be of a deletion, and as what: a called name, the address of a request,
# a key that is sent with one, the key of an action, what is given for somebody else to call, or
# what a client is told that deletes all it has made.
Word = tuple[Literal["called", "address", "sent", "key", "given", "clears"], str]


def deletes(
    call: ast.Call, resource: Resource, requests: Container[str], assigned: Assigned = NONE
) -> bool:
    """Tell whether a call deletes a resource of a kind by its own name, address or action.

    `requests` are methods that take the address of what is to be deleted, `assigned` is what
    names of the function are bound to.
    """
    return any(is_for(word, resource) for word in words_of(call, requests, assigned))


def words_of(call: ast.Call, requests: Container[str], assigned: Assigned = NONE) -> Iterator[Word]:
    """Yield what a call says itself that may be of a deletion."""
    name = called_name(call)
    yield "called", name
    if name in roles.CLEARS_ITS_OWN and cleared_client(call) is not None:
        yield "clears", name
    if told := order_of(call, assigned):
        yield "called", told
    elif name in DELETES_ANY and call.args:
        yield "called", _of_kind(call.args[0])
    sent = bool(call.args) and name in requests
    if sent:
        yield "address", text_of(call.args[0])
    for argument in call.args:
        if isinstance(argument, ast.Dict):
            for key in argument.keys:
                yield "sent" if sent else "key", constant_string(key) or ""


def is_for(word: Word, resource: Resource) -> bool:
    """Tell whether something said is of a deletion of a resource.

    Where its address is known, that tells what a request is for, not what is sent with it.
    """
    kind, text = word
    if kind == "clears" or text == ANYTHING:
        return True
    if kind == "address":
        return bool(resource.url) and pattern(resource.url).fullmatch(text) is not None
    if kind == "sent" and resource.url:
        return False
    if says(resource.deleters, text):
        return True
    return kind == "called" and roles.CLEARS_ALL.fullmatch(text) is not None


def _of_kind(told: ast.expr) -> str:
    """Return how a method would be called that deletes things of the kind that one is told."""
    kind = constant_string(told)
    return f"{DELETES}{kind}" if kind else ANYTHING


def cleared_client(call: ast.Call) -> ast.expr | None:
    """Return the client that deletes all that it has made in a call, None for other calls."""
    if called_name(call) not in roles.CLEARS_ITS_OWN or call.args or call.keywords:
        return None
    match call.func:
        case ast.Attribute(value=holder) if roles.NAMES_CLIENT.search(last_name(holder)):
            return holder
    return None


@cache
def says(deleters: str, name: str) -> bool:
    """Tell whether a name is one of those that a regular expression of deletions is for."""
    return pattern(deleters).fullmatch(name) is not None


def given_for(
    name: str, callee: Method, args: list[ast.expr], keywords: list[ast.keyword]
) -> Iterator[ast.expr]:
    """Yield what a call gives for a parameter."""
    arguments = callee.node.args
    listed = [item.arg for item in [*arguments.posonlyargs, *arguments.args]]
    if listed[:1] in (["self"], ["cls"]):
        del listed[0]
    if name in listed and listed.index(name) < len(args):
        yield args[listed.index(name)]
    elif arguments.vararg and arguments.vararg.arg == name:
        yield from args[len(listed) :]
    for item in keywords:
        if item.arg == name or (item.arg and arguments.kwarg and arguments.kwarg.arg == name):
            yield item.value


def names_deletion(argument: ast.expr, resource: Resource, call: ast.Call) -> bool:
    """Tell whether an argument is a deletion, or the name of one that a helper is to call."""
    name = given_as_deletion(argument, call)
    return name is not None and (name == ANYTHING or says(resource.deleters, name))


def given_as_deletion(argument: ast.expr, call: ast.Call) -> str | None:
    """Return the name that an argument may give of a function to call, None for a mere text.

    A command is called as a function would be that does the same.
    """
    name = last_name(argument)
    if name in DELETES_ANY and argument in call.args[:-1]:
        return _of_kind(call.args[call.args.index(argument) + 1])
    text = order(argument) or constant_string(argument) or ""
    if text and roles.only_asserts(called_name(call)):
        return None
    return text or last_name(argument)


def is_refused(call: ast.Call) -> bool:
    """Tell whether a helper is told of an exception that what it calls for its caller raises."""
    return any(
        roles.TOLD_FAILURE.fullmatch(item.arg or "") is not None
        and last_name(item.value)[:1].isupper()
        for item in call.keywords
    )


def came_from(
    origins: Origins, values: list[ast.expr], resource: Resource, *, empty: bool
) -> frozenset[Token]:
    """Return where deleted values come from; a deletion that names nothing is of anything.

    So is one by a constant of what no profile knows, and of what is deleted by its name.
    """
    found = frozenset(token for value in values for token in origins.of(value))
    anything = empty or not (found or (resource.has_id and not isinstance(resource, Derived)))
    return found | {UNKNOWN} if anything else found
