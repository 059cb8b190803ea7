"""What runs without a call that says so, and meets a deletion that a test registers.

A hook that is told when an attribute is set, a cleanup that was registered before and so runs after
the deletion, and a creation that the file replaces, whose reply names nothing that is there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Run
from fixtests.reasoning.module_names import may_bind
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.syntax.queries import called_name, calls, dotted, is_function, last_name
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_cleanups import Resource

REGISTERS = re.compile(r"add\w*Cleanup|addClassResourceCleanup|add_\w*cleanup")
HOOK = re.compile(r"__(?!init__|new__)\w+__")
SETTERS = frozenset({"setter", "deleter"})
LOOKS = re.compile(r"_*(?:get|show|list|find|wait|check|assert|api_get)")


def doubt(
    call: ast.Call, resource: Resource, method: Method, owner: Class | None, ownership: Ownership
) -> str:
    """Return what may meet the deletion of what a call creates unseen, in words, else nothing."""
    if replaced := _replaced(call, Run(method, owner), ownership):
        return f"this file replaces `{replaced}`: check that what it gives is there to be deleted"
    if owner is None:
        return ""
    key = "unseen", resource, owner.node
    found = ownership.project.memory.ask(key, _of_class, resource, owner, ownership)
    return found or _earlier(resource, method, owner, ownership)


def _replaced(call: ast.Call, run: Run, ownership: Ownership) -> str:
    """Return what a file may bind of a creating method and what that calls of its own object."""
    names = [called_name(call)]
    for callee in ownership.clients.objects.methods(call.func, run):
        inner = Body.of(callee.method, ownership.project).calls
        names += [called_name(it) for it in inner if (dotted(it.func) or "").startswith("self.")]
    module = run.method.module
    return next((name for name in names if name and may_bind(module, name)), "")


def _of_class(resource: Resource, owner: Class, ownership: Ownership) -> str:
    """Return which hook of a class may delete a resource, in words."""
    for item in ownership.project.mro(owner):
        if not isinstance(item, Class) or not ownership.project.is_test(item.module.path):
            continue
        for hook in _hooks(item, ownership):
            if ownership.reaches(Run(hook, owner), resource):
                return (
                    f"`{hook.name}` deletes a {resource.name}; check that it is none of this test"
                )
    return ""


def _hooks(owner: Class, ownership: Ownership) -> Iterator[Method]:
    """Yield the functions that run where attributes of a class are set or read."""
    for node in filter(is_function, owner.node.body):
        sets = any(last_name(item) in SETTERS for item in node.decorator_list)
        if sets or HOOK.fullmatch(node.name):
            yield Method(owner.module, owner, node)
    for value in owner.attributes.values():
        found = None
        if isinstance(value, ast.Call):
            found = ownership.project.lookup(owner.module, dotted(value.func) or "")
        if isinstance(found, Class):
            yield from (it for name, it in found.methods.items() if HOOK.fullmatch(name))


def _earlier(resource: Resource, method: Method, owner: Class, ownership: Ownership) -> str:
    """Say that a cleanup which was registered before looks at what is deleted by then."""
    project = ownership.project
    around = [
        found
        for item in project.mro(owner)
        if isinstance(item, Class)
        for found in ownership.around(item)
    ]
    for found in (method, *around):
        for call in Body.of(found, project).calls:
            if REGISTERS.fullmatch(called_name(call)) and call.args:
                run = Run(found, owner)
                if any(_looks(item, resource) for item in _run_later(call.args[0], run, ownership)):
                    where = "" if found is method else f" of `{found.name}`"
                    return (
                        f"a cleanup{where} looks at each {resource.name}, once this one is gone: "
                        "check that it needs it no more"
                    )
    return ""


def _run_later(function: ast.expr, run: Run, ownership: Ownership) -> Iterator[ast.Call]:
    """Yield the calls of a function that a cleanup runs, and of what that runs in turn."""
    if isinstance(function, ast.Lambda):
        yield from calls(function)
        return
    callee = ownership.calls.callee_in_tests(function, run)
    for step in ownership.calls.reached([callee] if callee else [], lambda _: True):
        if ownership.project.is_test(step.method.module.path):
            yield from Body.of(step.method, ownership.project).calls


def _looks(call: ast.Call, resource: Resource) -> bool:
    """Tell whether a call is for a resource of a kind, by its name, and for no deletion."""
    name = called_name(call)
    return LOOKS.match(name) is not None and resource.name.replace(" ", "_") in name
