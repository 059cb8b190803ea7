"""Which calls delete a resource by what they say themselves, and what calls give to functions."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator
from functools import cache
from typing import Literal

from fixtests.reasoning import roles
from fixtests.rules.missing_cleanup.origins import UNKNOWN, Origins, Token
from fixtests.syntax.queries import called_name, constant_string, last_name
from fixtests.tree.module import Method
from fixtests.tree.patterns import pattern
from fixtests.tree.profile_cleanups import Resource

# What is said that may be of a deletion, and as what: a called name, the address of a request,
# a key that is sent with one, the key of an action, what is given for somebody else to call, or
# what a client is told that deletes all it has made.
Word = tuple[Literal["called", "address", "sent", "key", "given", "clears"], str]


PLACE = "%s"  # what stands in an address for a part that is not written there


def deletes(call: ast.Call, resource: Resource, requests: Container[str]) -> bool:
    """Tell whether a call deletes a resource of a kind by its own name, address or action.

    `requests` are methods that take the address of what is to be deleted.
    """
    return any(is_for(word, resource) for word in words_of(call, requests))


def words_of(call: ast.Call, requests: Container[str]) -> Iterator[Word]:
    """Yield what a call says itself that may be of a deletion."""
    name = called_name(call)
    yield "called", name
    if name in roles.CLEARS_ITS_OWN and cleared_client(call) is not None:
        yield "clears", name
    sent = bool(call.args) and name in requests
    if sent:
        yield "address", _address(call.args[0])
    for argument in call.args:
        if isinstance(argument, ast.Dict):
            for key in argument.keys:
                yield "sent" if sent else "key", constant_string(key) or ""


def is_for(word: Word, resource: Resource) -> bool:
    """Tell whether something said is of a deletion of a resource.

    Where its address is known, that tells what a request is for, not what is sent with it.
    """
    kind, text = word
    if kind == "clears":
        return True
    if kind == "address":
        return bool(resource.url) and pattern(resource.url).fullmatch(text) is not None
    if kind == "sent" and resource.url:
        return False
    if says(resource.deleters, text):
        return True
    return kind == "called" and roles.CLEARS_ALL.fullmatch(text) is not None


def cleared_client(call: ast.Call) -> ast.expr | None:
    """Return the client that deletes all that it has made in a call, None for other calls."""
    if called_name(call) not in roles.CLEARS_ITS_OWN or call.args or call.keywords:
        return None
    match call.func:
        case ast.Attribute(value=holder) if roles.NAMES_CLIENT.search(last_name(holder)):
            return holder
    return None


def made_by(client: str) -> str:
    """Return what stands for all that a client has made, in the place of an attribute's name."""
    return f"{client}()"


@cache
def says(deleters: str, name: str) -> bool:
    """Tell whether a name is one of those that a regular expression of deletions is for."""
    return pattern(deleters).fullmatch(name) is not None


def _address(node: ast.expr) -> str:
    """Return the constant parts of an address, with `PLACE` for the others."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_address(part) for part in parts)
        case ast.BinOp(left=left, op=ast.Mod()):
            return _address(left)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _address(left) + _address(right)
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return _address(value).replace("{}", PLACE)
    return PLACE


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
    return name is not None and says(resource.deleters, name)


def given_as_deletion(argument: ast.expr, call: ast.Call) -> str | None:
    """Return the name that an argument may give of a function to call, None for a mere text."""
    text = constant_string(argument) or ""
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
    """Return where deleted values come from; a deletion that names nothing is of anything."""
    found = frozenset(token for value in values for token in origins.of(value))
    return found | {UNKNOWN} if empty or not (found or resource.has_id) else found
