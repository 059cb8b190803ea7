"""What runs without a call that says so, and meets a deletion that a test registers.

A hook that is told when an attribute is set, a cleanup that was registered before and so runs after
the deletion, and a creation that the file replaces, whose reply names nothing that is there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.reasoning import hooks, replacing, roles
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.built_texts import ANY, like
from fixtests.reasoning.calls import Run
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.syntax.queries import called_name, calls, last_name
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.profile_cleanups import Resource

OF_MODULE = "tearDownModule"
OF_ALL = re.compile(r"class|module", re.IGNORECASE)  # in the name of what registers a cleanup
LOOKED_AT = (
    "a cleanup{where} looks at each {name}, once this one is gone: check that it needs it no more"
)


def doubt(
    call: ast.Call, resource: Resource, method: Method, owner: Class | None, ownership: Ownership
) -> str:
    """Return what may meet the deletion of what a call creates unseen, in words, else nothing."""
    deletions = tuple(name.rpartition(".")[2] for name in resource.delete)
    if replaced := replacing.of_call(call, Run(method, owner), ownership.project, deletions):
        return f"this file replaces `{replaced}`: check that what it gives is there to be deleted"
    if owner is None:
        return ""
    key = "unseen", resource, owner.node
    found = ownership.project.memory.ask(key, _of_class, resource, owner, ownership)
    return found or _earlier(resource, method, owner, ownership)


def _of_class(resource: Resource, owner: Class, ownership: Ownership) -> str:
    """Return which hook of a class may delete a resource, in words."""
    project = ownership.project

    def own(item: Class) -> list[Method]:
        if not project.is_test(item.module.path):
            return []
        return project.memory.ask((hooks, item.node), hooks.of_class, item, project)

    hooked = project.above(owner, hooks, lambda item: frozenset([item] if own(item) else []))
    for item in project.mro(owner) if hooked else ():
        for hook in own(item) if isinstance(item, Class) else ():
            if ownership.reaches(Run(hook, owner), resource):
                return (
                    f"`{hook.name}` deletes a {resource.name}; check that it is none of this test"
                )
    return ""


def _earlier(resource: Resource, method: Method, owner: Class, ownership: Ownership) -> str:
    """Say that a cleanup which was registered before looks at what is deleted by then."""
    ask = ownership.project.memory.ask
    key = "looked at around", resource, owner.node
    own = "registers look", resource, method.node, owner.node
    if ask(own, _registers_look, resource, Run(method, owner), ownership):
        return LOOKED_AT.format(where="", name=resource.name)
    name = ask(key, _looked_at_around, resource, owner, ownership)
    last = owner.module.functions.get(OF_MODULE)
    if last and any(
        _looks(call, resource, last.module) for call in Body.of(last, ownership.project).calls
    ):
        name = OF_MODULE
    return LOOKED_AT.format(where=f" of `{name}`", name=resource.name) if name else ""


def _looked_at_around(resource: Resource, owner: Class, ownership: Ownership) -> str:
    """Return the name of what prepares a class and registers a cleanup that looks at resources."""
    project = ownership.project

    def late(item: Class) -> frozenset[Method]:
        return frozenset(it for it in ownership.around(item) if _is_late(it, ownership))

    found = project.above(owner, "late cleanups", late)
    around = (
        method
        for item in (project.mro(owner) if found else ())
        if isinstance(item, Class)
        for method in ownership.around(item)
        if method in found
    )
    looks = (it.name for it in around if _meets(resource, Run(it, owner), ownership))
    return next(looks, "")


def _is_late(method: Method, ownership: Ownership) -> bool:
    """Tell whether what is run around tests does something after the cleanups of a test."""
    return _clears_class(method, ownership) or bool(_registered(method, ownership))


def _clears_class(method: Method, ownership: Ownership) -> bool:
    decorators = map(last_name, method.node.decorator_list)
    return method.name in roles.clearing(ownership.project) and "classmethod" in decorators


def _meets(resource: Resource, run: Run, ownership: Ownership) -> bool:
    """Tell whether what is run around tests looks at resources after the cleanups of a test.

    A method of the class does so at its end, whatever else registers a cleanup for it.
    """
    if _clears_class(run.method, ownership):
        body = Body.of(run.method, ownership.project)
        if any(_looks(call, resource, run.method.module) for call in body.calls):
            return True
    return _registers_look(resource, run, ownership)


def _registers_look(resource: Resource, run: Run, ownership: Ownership) -> bool:
    """Tell whether a function registers a cleanup that looks at resources of a kind.

    One of the class or the module is run after all of a test, wherever it is registered.
    """
    project = ownership.project
    for call in Body.of(run.method, project).calls:
        name = called_name(call)
        registers = call.args and roles.REGISTERS_CLEANUP.fullmatch(name)
        if registers and OF_ALL.search(name) and _names(call.args[0], resource):
            return True
    return any(
        _looks(call, resource, run.method.module)
        for it in _registered(run.method, ownership)
        for call in _run_later(it, run, ownership)
    )


def _registered(method: Method, ownership: Ownership) -> list[ast.expr]:
    """Return the functions that a function registers as cleanups."""
    project = ownership.project

    def registered() -> list[ast.expr]:
        return [
            call.args[0]
            for call in Body.of(method, project).calls
            if call.args and roles.REGISTERS_CLEANUP.fullmatch(called_name(call))
        ]

    return project.memory.ask(("registered", method.node), registered)


def _run_later(function: ast.expr, run: Run, ownership: Ownership) -> Iterator[ast.Call]:
    """Yield the calls of a function that a cleanup runs, and of what that runs in turn."""
    if isinstance(function, ast.Lambda):
        yield from calls(function)
        return
    callee = ownership.calls.callee_in_tests(function, run)
    for step in ownership.calls.reached([callee] if callee else [], lambda _: True):
        if ownership.project.is_test(step.method.module.path):
            yield from Body.of(step.method, ownership.project).calls


def _looks(call: ast.Call, resource: Resource, module: Module) -> bool:
    """Tell whether a call needs a kind of resource, by its name, or by the path that it asks for.

    `get('/servers/' + server_id)` does so, and what is only handed to another function.
    """
    functions = [call.func, *(item for item in call.args[:1] if isinstance(item, ast.Attribute))]
    if any(_names(item, resource) for item in functions):
        return True
    if not any(roles.REQUESTS.search(last_name(item)) for item in functions):
        return False
    spoken = re.compile(rf"(?<![a-z]){'[-_ ]?'.join(resource.name.split())}s?(?![a-z])")
    texts = (like(item, module) for item in call.args if item is not functions[-1])
    return any(text.startswith(ANY) or spoken.search(text) for text in texts)


def _names(function: ast.expr, resource: Resource) -> bool:
    """Tell whether a function is one of a kind of resource that does not delete, by its name."""
    name = last_name(function)
    return resource.name.replace(" ", "_") in name and not roles.DELETES.search(name)
