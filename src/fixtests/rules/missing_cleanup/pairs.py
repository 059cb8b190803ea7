"""What helpers of a test make that another helper deletes: `create_lamp` beside `delete_lamp`."""

from __future__ import annotations

import ast

from fixtests.reasoning import helpers, orders, roles
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import OWN, Run
from fixtests.rules.missing_cleanup.clients import noun_of
from fixtests.rules.missing_cleanup.creations import expression
from fixtests.rules.missing_cleanup.deletions import is_refused, says
from fixtests.rules.missing_cleanup.derived import Derived, deleters_of
from fixtests.rules.missing_cleanup.naming import naming
from fixtests.rules.missing_cleanup.origins import spot
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.rules.missing_cleanup.reaching import ENDING
from fixtests.rules.missing_cleanup.verbs import DELETES
from fixtests.syntax.queries import called_name, last_name
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_cleanups import Resource
from fixtests.tree.project import Project


def made_by_helper(call: ast.Call, run: Run, ownership: Ownership) -> Derived | None:
    """Return what a helper of the test's class makes for a test, and leaves it to delete.

    The test deletes it, or others of its class delete theirs. None where the tree does not show the
    helper, and where it sees to the deletion itself.
    """
    project = ownership.project
    match call.func:
        case ast.Attribute(ast.Name(id=first), name) if first in OWN:
            noun = noun_of(name.lstrip("_"))
        case _:
            return None
    if is_refused(call):
        return None
    if not noun or not run.method.name.startswith("test") or not project.profile.cleanups.derived:
        return None
    helper = ownership.calls.own(call.func, run)
    if helper is None or run.owner is None or not _is_plain(helper.method):
        return None
    deletion = _deletion(noun, run, ownership)
    if not deletion or ownership.creations.has_stand_ins(run.method):
        return None
    token = ("call", *spot(run.method, call))
    origins = ownership.origins(run.method, run.owner)
    ran = Body.of(run.method, project).calls
    if any(_requests_deletion(item) and token in origins.given(item) for item in ran):
        return None
    if _clears_all(deletion, run, ownership):
        return None
    deleting = [item for item in ran if says(deleters_of(noun), called_name(item))]
    if not any(token in origins.given(item) for item in deleting) and (
        _deletes(noun, run.method, project)
        or _deletes("", helper.method, project)
        or not _others_delete(deletion, helper, run, ownership)
    ):
        return None
    if not project.memory.ask(("asks", *helper.key), _asks, helper, ownership):
        return None
    if helpers.clears_after_itself(call, run, project) or helpers.clears_from_list(
        call, run, project
    ):
        return None
    return Derived(
        name=noun.replace("_", " "),
        create=(name,),
        deleters=deleters_of(noun),
        on="self",
        id="",
        delete=(f"self.{deletion}",),
        safe=False,
        note=f"look what `{deletion}` takes, and what it waits for",
    )


def lets_be_gone(resource: Resource, run: Run, ownership: Ownership) -> bool:
    """Tell whether a cleanup of a tree does no harm where a test has deleted the thing before.

    It passes over what its clients raise then, not what others do that a helper asks.
    """
    if not ownership.project.profile.cleanups.tolerant or not is_pair(resource):
        return ownership.project.profile.cleanups.tolerant
    helper = ownership.calls.own(expression(resource.delete[0]), run)
    return helper is not None and any(
        _tells_client(item) for item in Body.of(helper.method, ownership.project).calls
    )


def is_pair(resource: Resource) -> bool:
    """Tell whether a resource is what a helper of a test's class makes and another one deletes."""
    return isinstance(resource, Derived) and resource.on == "self"


def _tells_client(call: ast.Call) -> bool:
    """Tell whether a call has a client delete something."""
    match call.func:
        case ast.Attribute(value=ast.Name() | ast.Attribute() as holder, attr=name):
            asks = roles.CLIENT.fullmatch(last_name(holder)) and not name[:1].isupper()
            return bool(asks) and roles.DELETES.match(name) is not None
    return False


def _deletion(noun: str, run: Run, ownership: Ownership) -> str:
    """Return the name of the method that deletes things of a kind for a test, empty for none."""
    if run.owner is None:
        return ""
    for name in (f"{DELETES}{noun}", f"_{DELETES}{noun}"):
        if ownership.creations.deletes(f"self.{name}", run.method, run.owner):
            return name
    return ""


def _deletes(noun: str, method: Method, project: Project) -> bool:
    """Tell whether a function deletes something of a name, however the words of it are divided."""
    names = (orders.order_of(item) or called_name(item) for item in Body.of(method, project).calls)
    word = noun.replace("_", "")
    return any(ENDING.search(name) and word in name.replace("_", "") for name in names)


def _requests_deletion(call: ast.Call) -> bool:
    """Tell whether a call has a client send a request that deletes: `client.delete('lamps/%s')`."""
    match call.func:
        case ast.Attribute(value=holder, attr=name):
            asks = roles.CLIENT.fullmatch(last_name(holder)) is not None
            return asks and name == DELETES.rstrip("_")
    return False


def _clears_all(deletion: str, run: Run, ownership: Ownership) -> bool:
    """Tell whether what is registered before each test of a class deletes, and is told of nothing.

    It deletes by a method whatever it finds then.
    """
    project, starts = ownership.project, list[Run | None]()
    for item in project.mro(run.owner) if run.owner else ():
        if not isinstance(item, Class):
            continue
        for name in roles.preparing(project) & item.methods.keys():
            prepares = Run(item.methods[name], run.owner)
            starts += [
                ownership.calls.own(given, prepares)
                for call in Body.of(prepares.method, project).calls
                if roles.REGISTERS_CLEANUP.fullmatch(called_name(call)) and len(call.args) == 1
                for given in call.args
            ]
    reached = ownership.calls.reached(starts, lambda it: project.is_test(it.method.module.path))
    return any(
        called_name(call) == deletion
        for step in reached
        for call in Body.of(step.method, project).calls
    )


def _asks(helper: Run, ownership: Ownership) -> bool:
    """Tell whether a helper asks a client, or runs one of the tests that does."""

    def enters(run: Run) -> bool:
        return ownership.project.is_test(run.method.module.path)

    return any(
        isinstance(item.func, ast.Attribute)
        and roles.CLIENT.fullmatch(last_name(item.func.value)) is not None
        for step in ownership.calls.reached([helper], enters)
        for item in Body.of(step.method, ownership.project).calls
    )


def _others_delete(deletion: str, helper: Run, run: Run, ownership: Ownership) -> bool:
    """Tell whether other tests of a class delete for themselves what a helper makes.

    Not where its class clears up by the same method, and not where the creation in the helper is
    known: then that is judged.
    """
    project = ownership.project
    around = roles.preparing(project) | roles.clearing(project)
    calling = [
        method.name
        for item in (project.mro(run.owner) if run.owner else ())
        if isinstance(item, Class)
        for method in naming(item, deletion, project)
    ]
    if not any(name.startswith("test") for name in calling) or around & {*calling}:
        return False
    return not any(
        ownership.creations.match(item, helper.method, helper.owner)
        for item in Body.of(helper.method, project).calls
    )


def _is_plain(method: Method) -> bool:
    """Tell whether nothing gets to see what a function returns before its caller does."""
    return all(last_name(item) == "classmethod" for item in method.node.decorator_list)
