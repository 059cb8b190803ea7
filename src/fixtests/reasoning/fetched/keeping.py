"""Which fetched lists attributes of a test hold before it is run: what prepares it binds them."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable
from functools import reduce
from typing import TypeGuard

from fixtests.reasoning import reflection, roles
from fixtests.reasoning.bodies import is_own
from fixtests.reasoning.calls import Run
from fixtests.reasoning.fetched.flow import Flow, relevant
from fixtests.reasoning.fetched.known import INDEXED, OPEN, Fetched, both
from fixtests.reasoning.fetched.lists import Lists, Origins
from fixtests.reasoning.stores import stores
from fixtests.syntax.queries import constant_int, walk
from fixtests.tree.module import Class, Method

OF_TEST = "self."


def of_test(names: Iterable[str], run: Run, lists: Lists) -> dict[str, Fetched]:
    """Return which attributes among some names hold a fetched list where a function is run."""
    owner = run.owner
    if owner is None or roles.prepares(run.method.name, lists.project):
        return {}
    own = (name for name in names if name.startswith(OF_TEST) and name.count(".") == 1)
    found = {name: kept(owner, name.removeprefix(OF_TEST), lists) for name in own}
    return {name: item for name, item in found.items() if item is not None}


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
    project = lists.project
    line = [item for item in project.mro(owner) if isinstance(item, Class)]
    bound = [store for item in line for store in stores(item, attribute)]
    methods = {store.method.node: store.method for store in bound}
    if not methods or not all(roles.prepares(it.name, project) for it in methods.values()):
        return None
    if any(stores(heir, attribute) for heir in project.subclasses(owner)):
        return None
    if any(_is_set_elsewhere(attribute, item, methods) for item in line):
        return None
    start: Fetched | None = OPEN
    found = reduce(both, (_at_end(it, owner, attribute, lists) for it in methods.values()), start)
    return found if found is not None and found.kind in INDEXED else None


def _is_set_elsewhere(attribute: str, owner: Class, methods: Container[ast.AST]) -> bool:
    """Tell whether what is neither a test nor one of some methods may set an attribute of tests."""
    parents = owner.module.parents
    if reflection.may_set(owner.module, attribute):
        return True
    for node in owner.module.near_word(attribute):
        if _is_stored(node, attribute):
            function, around = parents.function(node), parents.class_of(node)
            if is_own(node.value) and around is not owner.node:
                continue
            if function not in methods and not (function and function.name.startswith("test")):
                return True
    return False


def _is_stored(node: ast.AST, attribute: str) -> TypeGuard[ast.Attribute]:
    if not isinstance(node, ast.Attribute) or isinstance(node.ctx, ast.Load):
        return False
    return node.attr == attribute


def _at_end(method: Method, owner: Class, attribute: str, lists: Lists) -> Fetched | None:
    """Return what an attribute holds once a method is through that binds it."""
    origins = Origins(lists, Run(method, owner))
    nodes = walk(method.node)
    wanted = [it for it in nodes if isinstance(it, ast.Attribute) and _is(it, attribute)]
    flow = Flow(method.node, origins, origins.checked, relevant(nodes, wanted), origins.expected)
    names = {ast.unparse(item) for item in wanted}
    known = [flow.end.kinds.get(name) for name in names] if flow.end else []
    kinds = [kind for kind in known if kind is not None]
    least = max((flow.end.least.get(name, 0) for name in names), default=0) if flow.end else 0
    return Fetched(kinds[0], least) if kinds else None


def _is(node: ast.expr, attribute: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == attribute and is_own(node.value)
