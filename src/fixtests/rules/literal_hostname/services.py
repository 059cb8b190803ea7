"""Which calls start a service, and which of their arguments name its host."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.summaries import Summaries
from fixtests.syntax.queries import called_name, walk
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project

NAME = re.compile(r"\w*(?:start|compute|host|service)\w*")


@dataclass(frozen=True, order=True)
class Slot:
    """One argument: its position after `self`, and its keyword."""

    position: int
    keyword: str


class Services:
    """The services that the tests of a project start."""

    def __init__(self, project: Project) -> None:
        self._calls = Calls.of(project)
        self._slots = Summaries[frozenset[Slot]](project, "slots", frozenset(), frozenset.union)
        self._known = {
            item.start: (Slot(item.position, item.keyword),) for item in project.profile.services
        }

    def hosts(self, call: ast.Call, caller: Method, owner: Class | None) -> list[ast.expr] | None:
        """Return the arguments of a call that name a service's host, None where it starts none."""
        name = called_name(call)
        if not (NAME.fullmatch(name) or name in self._known) or not _is_own(call.func):
            return None
        callee = self._calls.callee(call.func, Run(caller, owner))
        slots = (self.slots(callee) if callee else ()) or self._known.get(name, ())
        found = (argument(call, slot) for slot in slots)
        return [item for item in found if item is not None] if slots else None

    def slots(self, run: Run) -> tuple[Slot, ...]:
        """Return the parameters of a method that name hosts on which it starts services."""
        found = self._slots.ask(run.key, lambda: self._named_hosts(run.method, run.owner))
        return tuple(sorted(found))

    def _named_hosts(self, method: Method, owner: Class | None) -> frozenset[Slot]:
        listed = [item.arg for item in (*method.node.args.posonlyargs, *method.node.args.args)]
        listed += [item.arg for item in method.node.args.kwonlyargs]
        names = {
            item.id
            for call in walk(method.node)
            if isinstance(call, ast.Call)
            for host in self.hosts(call, method, owner) or ()
            for item in spread(host, method.node)
            if isinstance(item, ast.Name)
        }
        return frozenset(Slot(at, name) for at, name in enumerate(listed[1:]) if name in names)


def argument(call: ast.Call, slot: Slot) -> ast.expr | None:
    """Return what a call passes for a parameter."""
    for item in call.keywords:
        if item.arg == slot.keyword:
            return item.value
    before = call.args[: slot.position + 1]
    if len(before) <= slot.position or any(isinstance(item, ast.Starred) for item in before):
        return None
    return before[-1]


def spread(host: ast.expr, function: ast.AST) -> Iterator[ast.expr]:
    """Yield what an expression for hosts can be: list items, turns of a loop, both branches."""
    match host:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            for item in items:
                yield from spread(item, function)
        case ast.IfExp(body=one, orelse=other):
            yield from spread(one, function)
            yield from spread(other, function)
        case ast.Name(id=name):
            yield host
            for node in walk(function):
                match node:
                    case ast.For(target=ast.Name(id=turn), iter=several) if turn == name:
                        if not isinstance(several, ast.Name) or several.id != name:
                            yield from spread(several, function)
        case _:
            yield host


def _is_own(function: ast.expr) -> bool:
    """Tell whether a test calls a method of its own."""
    match function:
        case ast.Attribute(value=ast.Name(id="self" | "cls")):
            return True
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return True
    return False


def starters_of(
    owner: Class,
    started: Mapping[Class, set[str]],
    known: Mapping[Class, dict[str, Class]],
    project: Project,
) -> dict[str, Class]:
    """Return by each host the farthest class in a resolution order that starts services on it.

    `started` are the hosts of each class. What is known of the one base of a class is not gone
    through again.
    """
    match project.bases(owner):
        case [Class() as base] if base in known:
            return {**dict.fromkeys(started[owner], owner), **known[base]}
    found: dict[str, Class] = {}
    for item in project.mro(owner):
        if isinstance(item, Class):
            found.update(dict.fromkeys(started.get(item, ()), item))
    return found
