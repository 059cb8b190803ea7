"""Whether a file puts something else in the place of a function, or of what that calls in turn.

Nobody knows what comes of a call then: what it gives may not be there, what it waits for not come.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from fixtests.reasoning import roles
from fixtests.reasoning.built_texts import ANY, like, told
from fixtests.reasoning.calls import OWN, Calls, Run
from fixtests.reasoning.changing import SETTING
from fixtests.reasoning.module_names import may_bind, sets_attribute
from fixtests.reasoning.objects import Objects
from fixtests.reasoning.stand_ins import may_replace
from fixtests.syntax.queries import called_name, calls, dotted, last_name, walk
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.project import Project
from fixtests.tree.traits import Trait

# What puts something in the place of a client's attribute, or of one by a text that is made.
PUTTING = re.compile(
    rb"\((?:(?<=patch\()|(?<=\.object\()|(?<=\.multiple\()|(?<=\.dict\()|(?<=setattr\()"
    rb"|(?<=_out\()|(?<=Patch\()|(?<=PatchObject\()|(?<=PatchMultiple\()|(?<=\.Set\())\s*"
    rb"(?:[^'\"]{0,80}?(?:api|[cC]lient)\)*\s*,|['\"][\w.]*(?:[cC]lient|api)\.\w+['\"]"
    rb"|(?!['\"][\w.]+['\"]\s*[,)]|[^'\"(),]*,\s*['\"]\w+['\"]\s*[,)]))"
)
OBJECT_FIRST = frozenset({"object", "setattr", "Set", "set"})  # then the attribute's name
PLAIN = frozenset(name for kind in (dict, list, str) for name in dir(kind))
GROUPED = re.compile(r"\(\?:|\|")
FOLLOWED = 4  # calls on the way from a function to the request that it sends


def of_call(call: ast.Call, run: Run, project: Project, later: Sequence[str] = ()) -> str:
    """Return which name may be bound anew on the way of a call of an object, else nothing.

    So may one on the way of what is called `later` on the same object.
    """
    written = dotted(call.func)
    if written is None or written.partition(".")[0] not in OWN:
        return _of_call(call, run, project, later)
    key = of_call, run.method.module, run.owner and run.owner.node, written, later
    return project.memory.ask(key, _of_call, call, run, project, later)


def _of_call(call: ast.Call, run: Run, project: Project, later: Sequence[str]) -> str:
    module, own = run.method.module, called_name(call)
    if may_bind(module, own):
        return own
    ways = _led_to(call, run, project)
    ways += [
        Run(method, way.owner)
        for way in ways
        for name in later
        if way.owner and (method := project.method(way.owner, name))
    ]
    patterns = _patterns(module)
    for name in (own, *later, *_chain(ways, project)):
        if sets_attribute(module, name) or any(re.fullmatch(it, name) for it in patterns):
            return name
    bound = (bound_beside(way.method, project, module) for way in ways)
    return next(filter(None, bound), "")


def _chain(ways: list[Run], project: Project) -> list[str]:
    """Return the names of the methods of an object that its methods run in turn."""
    reached = Calls.of(project).reached(ways, lambda step: step.owner in {it.owner for it in ways})
    return [step.method.name for step in reached]


def may_put(module: Module, name: str) -> bool:
    """Tell whether a file puts something in the place of an attribute by a text that may be it."""
    return any(re.fullmatch(it, name) for it in _patterns(module))


def _patterns(module: Module) -> frozenset[str]:
    return module.noted(_put, lambda: frozenset(_put(module)))


def _put(module: Module) -> Iterator[str]:
    """Yield what the names are like that a file gives to patchers and to `setattr`.

    What is patched has to look like a client for a name of which a part is unknown, and for one
    that is written as it stands, which other things have, too.
    """
    for call in module.near(PUTTING):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        name, (owner, *rest) = called_name(call), call.args
        if name not in SETTING and not may_replace(call):
            continue
        if name in ("multiple", "dict"):
            found = list(_keywords(call, module)) if name == "multiple" or _lists(owner) else []
        elif name in OBJECT_FIRST or name in SETTING or name.endswith("Object"):
            found = [like(item, module) for item in rest[:1]]
        else:
            holder, last = _divided(owner, module)
            found, owner = [last], ast.Name(holder)
        plain = any(isinstance(item, ast.Constant) for item in call.args[:2])
        certain = (it for it in found if not plain and ANY not in it)
        yield from found if _is_client(owner) else certain


def _divided(target: ast.expr, module: Module) -> tuple[str, str]:
    """Return what the last two parts of a dotted name are like, nothing for what nobody knows."""
    texts = told(target, module)
    if texts:
        holders, lasts = zip(*(text.rpartition(".")[::2] for text in texts), strict=True)
        return holders[0].rpartition(".")[2], "|".join(map(re.escape, lasts))
    holder, _, pattern = like(target, module).rpartition(r"\.")
    if not holder or GROUPED.search(holder):
        return "", ANY
    return holder.rpartition(".")[2], pattern


def _keywords(call: ast.Call, module: Module) -> Iterator[str]:
    """Yield what the names are like that a call is given values for."""
    for word in call.keywords:
        yield from [re.escape(word.arg)] if word.arg else _keys(word.value, module)
    for item in call.args[1:2]:
        yield from _keys(item, module)


def _keys(node: ast.expr, module: Module) -> list[str]:
    keys = node.keys if isinstance(node, ast.Dict) else [None]
    return [like(it, module) if it else ANY for it in keys]


def _lists(node: ast.expr) -> bool:
    """Tell whether an expression is the dict of an object's attributes."""
    match node:
        case ast.Call(func=ast.Name(id="vars")) | ast.Attribute(attr="__dict__"):
            return True
    return False


def _is_client(node: ast.expr) -> bool:
    names = (last_name(item) for item in walk(node) if isinstance(item, ast.Name | ast.Attribute))
    return any(roles.CLIENT.fullmatch(name) or name.endswith("Client") for name in names)


def of_function(run: Run, module: Module, project: Project) -> str:
    """Return which name may be bound anew in a file on the way of a function, else nothing.

    What a class of the file overrides that is none of the function's own counts as well.
    """
    line = project.mro(run.owner) if run.owner else ()
    others = [item for item in module.classes.values() if item not in line]
    for name in {run.method.name: None, **_names([run], project, FOLLOWED)}:
        overridden = any(_overrides(item, name, project) for item in others)
        if overridden or may_bind(module, name):
            return name
    return ""


def _overrides(owner: Class, name: str, project: Project) -> bool:
    return name in owner.methods and project.method(owner, name, after=owner) is not None


def _names(runs: list[Run], project: Project, left: int) -> dict[str, None]:
    """Return what some functions call, and what that calls in turn, by its last names."""
    found = dict.fromkeys(name for run in runs for name in names_called(run.method, project))
    if left == 1:
        return found
    below = [
        it for run in runs for call in calls(run.method.node) for it in _led_to(call, run, project)
    ]
    return {**found, **_names(below, project, left - 1)} if below else found


@Trait
def names_called(method: Method, _: Project) -> tuple[str, ...]:
    """Return the last names of what a function calls, in order, but for those of plain things."""
    return _called(method)


@Trait
def bound_beside(method: Method, _: Project, module: Module) -> str:
    """Return the first of those names that a file binds as an attribute, else nothing."""
    return next((name for name in _called(method) if sets_attribute(module, name)), "")


def _called(method: Method) -> tuple[str, ...]:
    def called() -> tuple[str, ...]:
        names = dict.fromkeys(map(called_name, calls(method.node)))
        return tuple(name for name in names if name not in PLAIN)

    return method.module.noted((_called, method.node), called)


def _led_to(call: ast.Call, run: Run, project: Project) -> list[Run]:
    own = Calls.of(project).callee(call.func, run)
    return [own] if own else Objects.of(project).methods(call.func, run)
