"""Which calls delete a resource by what they say themselves, and what calls give to functions."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator
from functools import cache

from fixtests.reasoning import roles
from fixtests.rules.missing_cleanup.origins import UNKNOWN, Origins, Token
from fixtests.syntax.queries import called_name, constant_string, last_name
from fixtests.tree.module import Method
from fixtests.tree.patterns import pattern
from fixtests.tree.profile_cleanups import Resource


def deletes(call: ast.Call, resource: Resource, requests: Container[str]) -> bool:
    """Tell whether a call deletes a resource of a kind by its own name, address or action.

    `requests` are methods that take the address of what is to be deleted.
    """
    name = called_name(call)
    if says(resource.deleters, name) or roles.CLEARS_ALL.fullmatch(name) or cleared_client(call):
        return True
    if resource.url and name in requests and call.args:
        return pattern(resource.url).fullmatch(_address(call.args[0])) is not None
    return any(
        says(resource.deleters, constant_string(key) or "")
        for argument in call.args
        if isinstance(argument, ast.Dict)
        for key in argument.keys
    )


def cleared_client(call: ast.Call) -> ast.expr | None:
    """Return the client that deletes all that it has made in a call, None for other calls."""
    bare = called_name(call) in roles.CLEARS_ITS_OWN and not (call.args or call.keywords)
    match call.func:
        case ast.Attribute(value=holder) if bare and roles.NAMES_CLIENT.search(last_name(holder)):
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
    """Return the constant parts of an address, with `%s` for the others."""
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
            return _address(value).replace("{}", "%s")
    return "%s"


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
    text = constant_string(argument) or ""
    if text and roles.only_asserts(called_name(call)):
        return False
    return says(resource.deleters, text or last_name(argument))


def came_from(
    origins: Origins, values: list[ast.expr], resource: Resource, *, empty: bool
) -> frozenset[Token]:
    """Return where deleted values come from; a deletion that names nothing is of anything."""
    found = frozenset(token for value in values for token in origins.of(value))
    return found | {UNKNOWN} if empty or not (found or resource.has_id) else found
