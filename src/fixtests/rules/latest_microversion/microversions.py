"""Where a test says which API microversion it asks for: attributes, clients, arguments, headers."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from fixtests.reasoning import roles, stand_ins
from fixtests.reasoning.calls import Run
from fixtests.reasoning.flow import Order, dropping
from fixtests.reasoning.objects import Objects
from fixtests.rules.latest_microversion.reads import reads
from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import Function, called_name, constant_string, walk_function
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.project import Project

VERSION = re.compile(r"(?:api_)?micro_?version", re.IGNORECASE)
NUMBER = re.compile(r"\d+\.\d+")
CAP = re.compile(r"MAX_(?:API_)?MICRO_?VERSION")
ENTERING = frozenset({"enter_context", "enterContext", "enter_async_context"})
HEADER = re.compile(r"(?:x-)?openstack-(?:[a-z]+-)?api-version", re.IGNORECASE)


class Form(Enum):
    """How a version is asked for."""

    ATTRIBUTE = auto()
    CAP = auto()
    CLIENT = auto()
    BLOCK = auto()
    ARGUMENT = auto()
    HEADER = auto()
    INDIRECT = auto()  # by way of a name, a tuple, `setattr` or a stub


@dataclass(frozen=True)
class Request:
    """One place that asks for a version; `target` is what it sets, as it is written."""

    form: Form
    target: str
    statement: ast.stmt


def request(node: ast.expr, module: Module, project: Project) -> Request | None:
    """Return what a literal, or a name of one, asks for; None where it names no version to send."""
    parents = module.parents
    parent = parents.of(node)
    match parent:
        case ast.Assign(targets=targets):
            each = (sets(target, module, project) for target in targets)
            found = next(filter(None, each), None)
        case ast.AnnAssign(target=target, value=value) if value is node:
            found = sets(target, module, project)
        case ast.keyword(arg=str(name), value=value) if value is node and VERSION.fullmatch(name):
            found = _passed(parent, name, parents)
        case ast.Dict() if node in parent.values:
            found = _header(parent.keys[parent.values.index(node)])
        case _:
            found = None
    return Request(*found, parents.statement(node)) if found else None


def lifted_cap(
    request: Request, module: Module, owner: Class | None, project: Project
) -> int | None:
    """Return the row of the number that the same client was set to before, in the same function.

    It is the row of the `try` where the request stands in its `finally`.
    """
    function = module.parents.function(request.statement)
    if function is None:
        return None
    around = [request.statement, *module.parents.above(request.statement)]
    for inner, outer in pairwise(around):
        if isinstance(outer, ast.Try) and inner in outer.finalbody:
            return outer.lineno
    caps = project.memory.ask(("caps", function), _caps, function).get(request.target)
    if not caps:
        return None
    method = Method(module, owner, function)
    key = "order of caps", function, owner, request.target
    drops = dropping(method, owner, project)
    order = project.memory.ask(key, lambda: Order(function.body, caps, drops))
    last = order.last(request.statement)
    return min((item.lineno for item in caps if item in last), default=None)


def _caps(function: Function) -> dict[str, list[ast.Assign]]:
    """Return where a function sets something to a number, by what that is."""
    caps: dict[str, list[ast.Assign]] = {}
    for node in walk_function(function):
        if isinstance(node, ast.Assign) and NUMBER.fullmatch(constant_string(node.value) or ""):
            for target in dict.fromkeys(map(ast.unparse, node.targets)):
                caps.setdefault(target, []).append(node)
    return caps


def sets(target: ast.expr, module: Module, project: Project) -> tuple[Form, str] | None:
    """Tell what an assignment to a target asks for."""
    parents = module.parents
    match target:
        case ast.Name(id=name) if parents.function(target) is None and parents.class_of(target):
            if CAP.fullmatch(name):
                return Form.CAP, name
            return (Form.ATTRIBUTE, name) if VERSION.fullmatch(name) else None
        case ast.Attribute(value=receiver, attr=name) if VERSION.fullmatch(name):
            if isinstance(receiver, ast.Name) and receiver.id in ("self", "cls"):
                return Form.ATTRIBUTE, name
            if takes_version(receiver, name, module, project):
                return Form.CLIENT, ast.unparse(target)
        case ast.Subscript(slice=key):
            return _header(key)
    return None


def _passed(keyword: ast.keyword, name: str, parents: Parents) -> tuple[Form, str] | None:
    """Tell what a keyword argument asks for: a block's mutation, or a client's making."""
    call = parents.of(keyword)
    if not isinstance(call, ast.Call):
        return None
    if _is_entered(call, parents):
        return Form.BLOCK, name
    makes_client = roles.MAKES_CLIENT.search(called_name(call))
    return (Form.ARGUMENT, name) if makes_client else None


def _is_entered(call: ast.Call, parents: Parents) -> bool:
    """Tell whether a call makes a context manager that is entered at once."""
    above = parents.of(call)
    return isinstance(above, ast.withitem) or (
        isinstance(above, ast.Call) and called_name(above) in ENTERING
    )


def _header(key: ast.expr | None) -> tuple[Form, str] | None:
    name = constant_string(key)
    return (Form.HEADER, name) if name and HEADER.fullmatch(name) else None


def takes_version(node: ast.expr, attribute: str, module: Module, project: Project) -> bool:
    """Tell whether an expression is an API client that sends the version it is set to.

    An object does whose class the tree shows to read it; names answer for others.
    """
    method = module.method_at(node)
    run = Run(method, module.class_at(method.node)) if method else None
    owners = {item.owner for item in Objects.of(project).instances(node, run)} if run else set()
    known = [reads(project, owner, attribute) for owner in owners]
    if known and None not in known:
        return any(known) and not any(roles.NAMES_NO_CLIENT.search(item.name) for item in owners)
    return _is_client(node, module.parents.function(node), module)


def _is_client(node: ast.expr, function: Function | None, module: Module) -> bool:
    """Tell whether an expression is an API client, by its name or by what its name was set to."""
    match node:
        case ast.Attribute(attr=name):
            return _names_client(name)
        case ast.Subscript(value=value):
            return _is_client(value, function, module)
        case ast.Call():
            return _names_client(called_name(node))
        case ast.Name(id=name):
            return _names_client(name) or name in module.noted(
                (_aliases, function), _aliases, function
            )
    return False


def _names_client(name: str) -> bool:
    if stand_ins.names_stand_in(name) or roles.NAMES_NO_CLIENT.search(name):
        return False
    return roles.NAMES_CLIENT.search(name) is not None


def _aliases(function: Function | None) -> set[str]:
    """Return the names that a function gives to attributes which are called like clients."""
    aliases = set[str]()
    for node in walk_function(function) if function else ():
        match node:
            case ast.Assign(targets=[ast.Name(id=bound)], value=ast.Attribute(attr=origin)):
                aliases.update([bound] if _names_client(origin) else [])
    return aliases
