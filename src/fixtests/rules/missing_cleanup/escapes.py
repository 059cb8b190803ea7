"""Ways in which somebody who is not followed deletes what a test creates: doubt enough.

It is handed to an object of another class; its id is put where a whole module or class finds it;
or the address of a request is put together from parts that say nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterable, Iterator

from fixtests.reasoning import roles
from fixtests.reasoning.any_heir import AnyHeir
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import OWN, Run
from fixtests.reasoning.module_names import is_settled
from fixtests.reasoning.orders import PLACE
from fixtests.rules.missing_cleanup.deletions import Word, deletes, is_for, words_of
from fixtests.rules.missing_cleanup.naming import naming
from fixtests.rules.missing_cleanup.ownership import FEW, Ownership
from fixtests.rules.missing_cleanup.reaching import Deleting
from fixtests.rules.missing_cleanup.used_classes import bare_fixtures, classes_used, helpers
from fixtests.syntax.queries import called_name, children, last_name, values_given
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.profile_cleanups import Resource
from fixtests.tree.project import Project
from fixtests.tree.traits import Trait

LETTER = re.compile(r"[^\W\d]")


def doubt(resource: Resource, method: Method, owner: Class | None, ownership: Ownership) -> str:
    """Return what may delete a resource by such a way, in words; empty where nothing may."""
    ask = ownership.project.memory.ask
    run = Run(method, owner)
    found = ask(("escapes of", resource, *run.key), _within, resource, run, ownership)
    if not found and owner is not None:
        found = ask(("escapes", resource, owner.node), _around, resource, owner, ownership)
    if not found:
        return ""
    reason, where = found
    row = f"line {where.node.lineno} " if where.module is method.module else ""
    return f"{row}{reason}; check that it deletes no {resource.name} of this test"


def _within(resource: Resource, run: Run, ownership: Ownership) -> tuple[str, Method] | None:
    """Return what a test runs that may delete a resource unseen."""
    return _first(resource, _entered([run], ownership), ownership)


def _around(resource: Resource, owner: Class, ownership: Ownership) -> tuple[str, Method] | None:
    """Return what runs before and after the tests of a class and may delete a resource unseen.

    What is so of a class as which they run is found out once for all that it inherits from.
    """
    ask = ownership.project.memory.ask
    heirs = ownership.calls.heirs(owner)
    if len(heirs) > FEW and not _may_be_around(resource, owner, ownership):
        return None
    for receiver in reversed((owner, *heirs)):
        key = "escapes as", resource, receiver.node
        if found := ask(key, _around_as, resource, receiver, ownership):
            return found
    return None


def _may_be_around(resource: Resource, owner: Class, ownership: Ownership) -> bool:
    """Tell whether anything may that runs so as a class or any below it."""
    project = ownership.project
    question = "escapes", resource.deleters, resource.url

    def told(method: Method) -> frozenset[bool]:
        may = any(classes_used(method, project)) or _may_delete(resource, method, project)
        return frozenset([True] if may else [])

    def may(run: Run) -> bool:
        return bool(AnyHeir.of(project).gathered(run, question, told, frozenset([True])))

    return ownership.somewhere_around(owner, question, may)


def _around_as(
    resource: Resource, receiver: Class, ownership: Ownership
) -> tuple[str, Method] | None:
    """Return what of that runs as one class."""
    runs = ownership.project.memory.ask(
        ("runs around", receiver.node), _before, receiver, ownership
    )
    return _first(resource, runs, ownership)


def _before(receiver: Class, ownership: Ownership) -> list[Run]:
    """Return the functions of the tests that run as a class before and after its tests."""
    around = (
        Run(found, receiver)
        for item in ownership.project.mro(receiver)
        if isinstance(item, Class)
        for found in ownership.around(item)
    )
    return _entered(around, ownership)


def _entered(starts: Iterable[Run], ownership: Ownership) -> list[Run]:
    """Return some functions and all of the tests that they run."""

    def enters(run: Run) -> bool:
        return ownership.project.is_test(run.method.module.path)

    return list(ownership.calls.reached(starts, enters))


def _first(
    resource: Resource, runs: Iterable[Run], ownership: Ownership
) -> tuple[str, Method] | None:
    """Return the first of some functions that may delete a resource unseen, and how in words."""
    for run in runs:
        where = "escapes", resource, *run.key
        if reason := ownership.project.memory.ask(where, _of_function, resource, run, ownership):
            return reason, run.method
    return None


def _of_function(resource: Resource, run: Run, ownership: Ownership) -> str:
    """Return what of a function may delete a resource unseen, in words, empty for nothing."""
    for helper in helpers(run, ownership):
        methods = ownership.calls.methods_of(helper)
        if any(ownership.reaches(item, resource) for item in methods):
            return f"uses `{helper.name}`, which deletes"
    for helper in bare_fixtures(run, ownership):
        key = "bare", resource, helper.node
        name = ownership.project.memory.ask(key, _deleted_by, resource, helper, ownership)
        if name:
            return f"uses `{helper.name}`, which deletes what `{name}` holds"
    if not _may_delete(resource, run.method, ownership.project):
        return ""
    requests = ownership.project.profile.cleanups.requests
    for call in Body.of(run.method, ownership.project).calls:
        if deletes(call, resource, requests):
            for name in _given(call, run, ownership):
                return f"deletes what `{name}` holds"
        elif resource.url and _asks_unseen(call, requests):
            return f"asks `{called_name(call)}` for an address that is put together"
    return ""


def _may_delete(resource: Resource, method: Method, project: Project) -> bool:
    """Tell whether a call in a function may delete a resource, by what it says itself."""
    words, is_unseen = told_unseen(method, project)
    return (is_unseen and bool(resource.url)) or any(is_for(word, resource) for word in words)


@Trait
def told_unseen(method: Method, project: Project) -> tuple[tuple[Word, ...], bool]:
    """Return what the calls in a function say that may be of a deletion, sorted.

    The other part tells whether one asks for an address that says nothing.
    """
    requests = project.profile.cleanups.requests
    calls = Body.of(method, project).calls
    words = {word for call in calls for word in words_of(call, requests)}
    return Deleting.of(project).words(words), any(_asks_unseen(call, requests) for call in calls)


def _asks_unseen(call: ast.Call, requests: Container[str]) -> bool:
    """Tell whether a client is asked for an address that is put together and says nothing."""
    if called_name(call) not in requests or not _is_of_client(call):
        return False
    addresses = (text for kind, text in words_of(call, requests) if kind == "address")
    return any(not LETTER.search(text.replace(PLACE, "")) for text in addresses)


def _deleted_by(resource: Resource, helper: Class, ownership: Ownership) -> str:
    """Return the name of a module or a class that holds what a fixture deletes, else nothing."""
    runs = (it for it in ownership.calls.methods_of(helper) if ownership.reaches(it, resource))
    return next(filter(None, (_deleted(resource, it, ownership) for it in runs)), "")


def _deleted(resource: Resource, run: Run, ownership: Ownership) -> str:
    """Return the name of a module or a class that holds what a function deletes, else nothing."""
    requests = ownership.project.profile.cleanups.requests
    calls = Body.of(run.method, ownership.project).calls
    deleting = (call for call in calls if deletes(call, resource, requests))
    return next((name for call in deleting for name in _given(call, run, ownership)), "")


def _given(call: ast.Call, run: Run, ownership: Ownership) -> Iterator[str]:
    """Yield the names of a module and attributes of a class that a call's arguments come from."""
    for value in values_given(call):
        yield from _shared(value, run, ownership)


def _is_of_client(call: ast.Call) -> bool:
    """Tell whether what is called is a method of something that is called as clients are."""
    holder = last_name(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    return roles.CLIENT.fullmatch(holder) is not None


def _shared(
    node: ast.AST, run: Run, ownership: Ownership, seen: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Yield the names of a module and attributes of a class that a value may come from.

    Not those that always hold what is written there, and no attributes that methods store.
    """
    body = Body.of(run.method, ownership.project)
    match node:
        case ast.Name(id=name):
            if name in body.sources and name not in seen:
                for value in body.sources[name]:
                    yield from _shared(value, run, ownership, seen | {name})
            elif name not in (*OWN, *body.sources, *body.parameters, *body.inner):
                yield from [name] if _may_change(name, run.method.module) else []
        case ast.Attribute(ast.Name("self" | "cls"), name):
            yield from [f"self.{name}"] if _is_of_class(name, run, ownership) else []
        case ast.Call(func=ast.Attribute(value=ast.Name() as held), args=args):
            for part in (held, *args):
                yield from _shared(part, run, ownership, seen)
        case ast.Call(args=args):
            for part in args:
                yield from _shared(part, run, ownership, seen)
        case _:
            for child in children(node):
                yield from _shared(child, run, ownership, seen)


def _may_change(name: str, module: Module) -> bool:
    """Tell whether a name of a module's level may hold something else than what it is bound to."""
    value = module.values.get(name)
    return value is not None and not (
        isinstance(value, ast.Constant | ast.Tuple) and is_settled(module, name)
    )


def _is_of_class(name: str, run: Run, ownership: Ownership) -> bool:
    """Tell whether an attribute is a class's, holds no constant, and no method stores it."""
    if run.owner is None:
        return False
    value = ownership.project.attribute(run.owner, name)
    constant = isinstance(value, ast.Constant) and value.value is not None
    return value is not None and not constant and not _is_stored(name, run.owner, ownership)


def _is_stored(name: str, owner: Class, ownership: Ownership) -> bool:
    """Tell whether a method of a class, of a base or of an heir binds an attribute of `self`."""
    project = ownership.project
    return any(
        f"self.{name}" in Body.of(method, project).sources
        for item in (*project.mro(owner), *ownership.calls.heirs(owner))
        if isinstance(item, Class)
        for method in naming(item, name, project)
    )
