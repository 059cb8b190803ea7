"""Which fetched lists attributes of a test hold before it is run: what prepares it binds them."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterable
from functools import reduce
from typing import TypeGuard

from fixtests.reasoning import reflection, roles
from fixtests.reasoning.bodies import is_own
from fixtests.reasoning.calls import Run
from fixtests.reasoning.fetched.flow import Flow, relevant
from fixtests.reasoning.fetched.known import INDEXED, OPEN, Fetched, both
from fixtests.reasoning.fetched.lists import Lists, Origins
from fixtests.reasoning.objects import Objects
from fixtests.reasoning.receivers import is_lent
from fixtests.reasoning.stand_ins import may_replace, names_stand_in
from fixtests.syntax.queries import called_name, constant_int, constant_string, walk
from fixtests.tree.module import Class, Method, Module

OF_TEST = "self."
HOOKS = frozenset({"__setattr__", "__getattribute__"})
LOOKING = frozenset({ast.Subscript, ast.comprehension})
WRITTEN = (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.Constant)
INDEXES = (ast.Constant, ast.UnaryOp, ast.Slice)


def of_test(nodes: Iterable[ast.AST], run: Run, lists: Lists) -> dict[str, Fetched]:
    """Return which attributes hold a fetched list where a function is run, by their texts.

    Those of its nodes are asked for that are indexed or gone through.
    """
    owner = run.owner
    if owner is None or roles.prepares(run.method.name, lists.project):
        return {}
    names = {_looked_at(node) for node in nodes if node.__class__ in LOOKING} - {""}
    asked = {f"{OF_TEST}{name}": kept(owner, name, lists) for name in names}
    found = {name: item for name, item in asked.items() if item is not None}
    return {} if found and is_lent(run.method, lists.project) else found


def _looked_at(node: ast.AST) -> str:
    """Return the attribute of a test that a node indexes or goes through, empty for none."""
    looked: ast.expr | None = None
    if isinstance(node, ast.comprehension):
        looked = node.iter
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, INDEXES):
        looked = node.value
    match looked:
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name
    return ""


def indexing(attribute: str, owner: Class) -> int:
    """Return how many methods of a class index what an attribute of `self` holds before them."""
    parents = owner.module.parents
    nodes = [it for it in owner.module.near_word(attribute) if parents.class_of(it) is owner.node]
    indexing = {
        parents.function(node)
        for node in nodes
        if isinstance(node, ast.Subscript)
        and _is(node.value, attribute)
        and constant_int(node.slice) is not None
    }
    return len(indexing - {parents.function(node) for node in nodes if _is_stored(node, attribute)})


def kept(owner: Class, attribute: str, lists: Lists) -> Fetched | None:
    """Return what an attribute of a class's tests holds, None where it is no fetched list."""
    key = kept, owner.node, attribute
    return lists.project.memory.ask(key, _kept, owner, attribute, lists)


def _kept(owner: Class, attribute: str, lists: Lists) -> Fetched | None:
    """Find what is bound where tests are prepared; what is bound elsewhere too, nobody can tell."""
    project, objects = lists.project, Objects.of(lists.project)
    line = [item for item in project.mro(owner) if isinstance(item, Class)]
    bound = [store for item in line for store in objects.stores(attribute, item) or ()]
    methods = {store.method.node: store.method for store in bound}
    if any(isinstance(store.value, WRITTEN) for store in bound):
        return None
    if any(_is_hooked(attribute, item) for item in (*line, *project.subclasses(owner))):
        return None
    if not methods or not all(roles.prepares(it.name, project) for it in methods.values()):
        return None
    start: Fetched | None = OPEN
    found = reduce(both, (_at_end(it, owner, attribute, lists) for it in methods.values()), start)
    if found is None or found.kind not in INDEXED:
        return None
    if any(
        _is_of_stand_in(store.value, it) for store in bound for it in (owner, store.method.owner)
    ):
        return None
    if any(objects.stores(attribute, heir) for heir in project.subclasses(owner)):
        return None
    speaking = {owner.module, *(item.module for item in methods.values())}
    if any(reflection.may_set(module, attribute) for module in speaking):
        return None
    return None if any(_is_set_elsewhere(attribute, it, methods) for it in line) else found


def _is_set_elsewhere(attribute: str, owner: Class, methods: Container[ast.AST]) -> bool:
    """Tell whether what is neither a test nor one of some methods may set an attribute of tests."""
    parents = owner.module.parents
    if is_patched(owner.module, attribute):
        return True
    for node in owner.module.near_word(attribute):
        if _is_stored(node, attribute):
            function, around = parents.function(node), parents.class_of(node)
            if is_own(node.value) and around is not owner.node:
                continue
            if function not in methods and not (function and function.name.startswith("test")):
                return True
    return False


def _is_of_stand_in(value: ast.expr, owner: Class | None) -> bool:
    """Tell whether a value comes from an attribute of a test that a class binds to a fake."""
    called = value.func if isinstance(value, ast.Call) else value
    holder = called.value if isinstance(called, ast.Attribute) else None
    return owner is not None and holds_stand_in(holder, owner)


def holds_stand_in(holder: ast.expr | None, owner: Class) -> bool:
    """Tell whether an attribute of a test is bound to a fake by a class, or patched in its file."""
    if not isinstance(holder, ast.Attribute) or not is_own(holder.value):
        return False
    key = holds_stand_in, owner.node, holder.attr
    return owner.module.noted(key, _holds_stand_in, holder.attr, owner)


def _holds_stand_in(attribute: str, owner: Class) -> bool:
    if is_patched(owner.module, attribute):
        return True
    parents = owner.module.parents
    stored = (
        parents.of(node)
        for node in owner.module.near(re.compile(rf"\.{re.escape(attribute)}\s*=[^=]".encode()))
        if _is_stored(node, attribute) and parents.class_of(node) is owner.node
    )
    values = (item.value for item in stored if isinstance(item, ast.Assign))
    return any(isinstance(it, ast.Call) and names_stand_in(called_name(it)) for it in values)


def is_patched(module: Module, attribute: str) -> bool:
    """Tell whether a file puts something in the place of an attribute of a test."""
    return module.noted((is_patched, attribute), _is_patched, module, attribute)


def _is_patched(module: Module, attribute: str) -> bool:
    spoken = module.rows(re.compile(rf"['\"]{re.escape(attribute)}['\"]".encode()))
    return bool(spoken) and any(
        isinstance(node, ast.Call)
        and may_replace(node)
        and constant_string(node.args[1] if len(node.args) > 1 else None) == attribute
        and is_own(node.args[0])
        for node in module.near_word(attribute)
    )


def _is_hooked(attribute: str, owner: Class) -> bool:
    """Tell whether a class has a hand in what an attribute is that its tests are given."""
    held = owner.attributes.get(attribute)
    return (
        attribute in owner.methods
        or isinstance(held, ast.Call)
        or not HOOKS.isdisjoint(owner.methods)
    )


def _is_stored(node: ast.AST, attribute: str) -> TypeGuard[ast.Attribute]:
    if not isinstance(node, ast.Attribute) or isinstance(node.ctx, ast.Load):
        return False
    return node.attr == attribute


def _at_end(method: Method, owner: Class, attribute: str, lists: Lists) -> Fetched | None:
    """Return what an attribute holds once a method is through that binds it."""
    origins = Origins(lists, Run(method, owner))
    nodes = walk(method.node)
    wanted = [it for it in nodes if isinstance(it, ast.Attribute) and _is(it, attribute)]
    flow = Flow(method.node, origins, origins.checked, relevant(nodes, wanted), origins.blocks)
    names = {ast.unparse(item) for item in wanted}
    known = [flow.end.kinds.get(name) for name in names] if flow.end else []
    kinds = [kind for kind in known if kind is not None]
    least = max((flow.end.least.get(name, 0) for name in names), default=0) if flow.end else 0
    return Fetched(kinds[0], least) if kinds else None


def _is(node: ast.expr, attribute: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == attribute and is_own(node.value)
