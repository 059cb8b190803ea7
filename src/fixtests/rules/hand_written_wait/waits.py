"""Which function of the tree waits for what a loop waits for: it looks at the same in its loops."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from fixtests.reasoning import roles
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Calls, Run
from fixtests.rules.hand_written_wait import loops
from fixtests.rules.hand_written_wait.loops import Loop
from fixtests.rules.hand_written_wait.styles import Style
from fixtests.syntax.queries import (
    Function,
    called_name,
    constant_string,
    last_name,
    walk,
    walk_function,
)
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.project import Project

ABSENT = re.compile(r".*(NotFound|NotExist|Gone|404)\w*", re.IGNORECASE)
OF_ANYTHING = frozenset({"get", "show", "list", "find", "refresh", "reload"})
IDENTITIES = frozenset({"id", "uuid", "name"})


@dataclass(frozen=True)
class Aim:
    """What is waited for: what is fetched, which keys are looked at, and whether it is to go.

    `told` are the calls that fetch by a text that stands in them, with that text; `ends` says
    whether loops are left when what they look at is something, when it is nothing, or both.
    """

    fetched: frozenset[str]
    told: frozenset[tuple[str, str]]
    keys: frozenset[str]
    absent: bool
    ends: frozenset[bool]

    def is_met_by(self, other: Aim) -> bool:
        """Tell whether another wait is for the same, as far as can be seen."""
        return bool(
            any(map(partial(self._fetches_as, other), self.fetched & other.fetched))
            and self.absent == other.absent
            and (not self.ends or not other.ends or bool(self.ends & other.ends))
            and (self.absent or not self.keys or self.keys & other.keys)
        )

    def _fetches_as(self, other: Aim, name: str) -> bool:
        """Tell whether another wait may fetch the same: the same text, if each names one."""
        ours, theirs = ({item for item in aim.told if item[0] == name} for aim in (self, other))
        return not (ours and theirs) or bool(ours & theirs)


def fitting(loop: Loop, owner: Class, project: Project) -> str:
    """Return how a function that waits for the same is called in a class, empty for none."""
    aim, style = _aim([loop], [loop]), Style.of_loop(loop)
    known = project.memory.ask(("known waits", owner.node), _aims, owner, project)
    found = [
        (-len(aim.keys & other.keys), len(other.keys), name)
        for name, function, other in known
        if aim.is_met_by(other) and style.fits(function)
    ]
    return min(found)[2] if found else ""


def _aims(owner: Class, project: Project) -> list[tuple[str, Function, Aim]]:
    """Return what the functions wait for that a class can call, by their names."""
    found = []
    for name, run in _known(owner, project):
        aim = project.memory.ask(("aim", *run.key), _aim_of, run, project)
        found += [(name, run.method.node, aim)] if aim is not None else []
    return found


def _known(owner: Class, project: Project) -> Iterator[tuple[str, Run]]:
    """Yield the functions that wait, by their names, which a class inherits or its modules know."""
    for name, method in project.methods(owner).items():
        if _is_waiter(name):
            yield f"self.{name}", Run(method, owner)
    modules = [item.module for item in project.mro(owner) if isinstance(item, Class)]
    for module in dict.fromkeys(modules):
        yield from _of_module(module, "")
        for name, target in module.imports.items():
            found = project.locate(target) if _is_waiter(name) else None
            if isinstance(found, Module):
                yield from _of_module(found, f"{name}.")
            elif isinstance(found, Method):
                yield name, Run(found)


def _of_module(module: Module, prefix: str) -> Iterator[tuple[str, Run]]:
    for name, method in module.functions.items():
        if _is_waiter(name):
            yield f"{prefix}{name}", Run(method)


def _is_waiter(name: str) -> bool:
    """Tell whether a function waits by its name, and is no test: `test_withheld_until_later`."""
    return roles.WAITS.fullmatch(name) is not None and not name.startswith("test")


def _aim_of(run: Run, project: Project) -> Aim | None:
    """Return what a function waits for, itself or by others that wait, None where it never does."""
    reached = Calls.of(project).reached(
        [run], lambda other: other == run or roles.WAITS.fullmatch(other.method.name) is not None
    )
    nodes = [item for each in reached for item in Body.of(each.method, project).nodes]
    waiting = [
        item for item in nodes if isinstance(item, ast.While | ast.For) and roles.sleeps(item)
    ]
    return _aim(waiting, nodes) if waiting else None


def _aim(waiting: Iterable[Loop], around: Iterable[ast.AST]) -> Aim:
    """Return what some loops wait for; keys may stand around them, and what catches an end."""
    inside = [item for loop in waiting for item in walk_function(loop)]
    nodes = [inner for item in around for inner in walk(item)]
    keys = {_key(item) for item in nodes} - IDENTITIES - {""}
    fetches = [(_fetched(call), _told(call)) for call in loops.fetches(inside)]
    return Aim(
        frozenset(name for name, _ in fetches),
        frozenset((name, text) for name, text in fetches if text),
        frozenset(keys),
        any(isinstance(item, ast.ExceptHandler) and _ends_on_absence(item) for item in nodes)
        or any(isinstance(item, ast.ExceptHandler) and _leaves(item) for item in inside),
        frozenset(end for loop in waiting for end in _ends(loop)),
    )


def _ends(loop: Loop) -> Iterator[bool]:
    """Yield whether a loop is left when a plain name or call is something, or when it is nothing.

    `while files:` goes on until nothing is left, `if files: break` ends with the first.
    """
    if isinstance(loop, ast.While) and not isinstance(loop.test, ast.Constant):
        yield from (not end for end in _truths(loop.test))
    for item in walk_function(loop):
        if isinstance(item, ast.If) and _leaves(item):
            yield from _truths(item.test)


def _truths(test: ast.expr) -> Iterator[bool]:
    """Yield what a condition wants a plain name or call to be, nothing where it compares."""
    match test:
        case ast.Name() | ast.Call():
            yield True
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name() | ast.Call()):
            yield False


def _told(call: ast.Call) -> str:
    """Return the text that says what a call fetches, in whatever case: `run('FT.INFO', index)`."""
    return (constant_string(call.args[0]) or "").lower() if call.args else ""


def _fetched(call: ast.Call) -> str:
    """Return what a call fetches: its name, and what it is called on where that tells nothing."""
    name = called_name(call)
    if name in OF_ANYTHING and isinstance(call.func, ast.Attribute):
        return f"{last_name(call.func.value)}.{name}"
    return name.removesuffix("s")


def _key(node: ast.AST) -> str:
    """Return the key or attribute that a node looks at; one that only opens a reply is none."""
    match node:
        case ast.Subscript(value=ast.Call()):
            return ""
        case ast.Subscript(slice=key):
            return constant_string(key) or ""
        case ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]):
            return constant_string(key) or ""
        case ast.Dict(keys=[key]):
            return constant_string(key) or ""
        case ast.Compare(left=ast.Attribute(attr=name)):
            return name
    return ""


def _leaves(block: ast.ExceptHandler | ast.If) -> bool:
    """Tell whether a loop is left where what it looks at raises, or where a condition holds."""
    return isinstance(block.body[-1], ast.Return | ast.Break)


def _ends_on_absence(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler ends a wait because the thing is gone."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    last = handler.body[-1]
    return isinstance(last, ast.Return | ast.Break | ast.Pass) and any(
        ABSENT.fullmatch(last_name(kind)) for kind in kinds
    )
