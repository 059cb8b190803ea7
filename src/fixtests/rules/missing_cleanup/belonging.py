"""Things that go when another one is deleted: a subnet with its network, what hangs on a server."""

from __future__ import annotations

import ast

from fixtests.reasoning import helpers, roles
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Run
from fixtests.rules.missing_cleanup.derived import ENDS, Derived
from fixtests.rules.missing_cleanup.naming import naming
from fixtests.rules.missing_cleanup.origins import MADE, UNKNOWN, Token, spot
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.syntax.queries import called_name, calls, last_name
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_cleanups import Resource
from fixtests.tree.project import Project

ANYTHING = Resource(name="thing", create=("create",), deleters=rf"\w*{ENDS}")


def is_seen_to(call: ast.Call, resource: Resource, run: Run, ownership: Ownership) -> bool:
    """Tell whether something else than a deletion of its own may see to what a call creates."""
    return goes_along(call, resource, run, ownership) or _is_left(resource, run, ownership)


def goes_along(call: ast.Call, resource: Resource, run: Run, ownership: Ownership) -> bool:
    """Tell whether what a call creates may go with something that the call names.

    What no profile knows may go with anything that is deleted.
    """
    origins = ownership.origins(run.method, run.owner)
    given = origins.given(call)
    if isinstance(resource, Derived):
        if _is_of_fixture(call, run, ownership) or (
            not resource.has_id and clear_up(given, run, ownership)
        ):
            return True
        return _is_deleted(given, run, ownership)
    if not resource.within:
        return False
    made: dict[Token, tuple[ast.Call, Resource]] = {}
    for item in Body.of(run.method, ownership.project).calls:
        found = ownership.creations.match(item, run.method, run.owner)
        if found is not None and found.name in resource.within:
            made[("call", *spot(run.method, item))] = item, found
    holders = [made[token] for token in given if token in made]
    return not holders or any(
        ownership.deleted(item, run.method, run.owner, found) for item, found in holders
    )


def _is_of_fixture(call: ast.Call, run: Run, ownership: Ownership) -> bool:
    """Tell whether a call asks a client that a test of pytest makes of what a fixture gives it.

    What the fixture started may end with it, and with that all that is in it.
    """
    if run.method.owner is not None or not isinstance(call.func, ast.Attribute):
        return False
    asked = ownership.origins(run.method, run.owner).of(call.func.value)
    return any(token[0] == "parameter" for token in asked)


def goes_with_registered(call: ast.Call, run: Run, ownership: Ownership) -> bool:
    """Tell whether a call puts something into what a test makes, whose deletion it registers.

    So a pod goes with its namespace, whatever the test itself deletes.
    """
    origins = ownership.origins(run.method, run.owner)
    held = {token for token in origins.given(call) if token[0] == "call"}
    return bool(held) and any(
        roles.REGISTERS_CLEANUP.fullmatch(called_name(item))
        and any(roles.DELETES.search(last_name(value)) for value in item.args)
        and held & origins.given(item)
        for item in Body.of(run.method, ownership.project).calls
    )


def _is_left(resource: Resource, run: Run, ownership: Ownership) -> bool:
    """Tell whether a helper's class deletes what it looks up, or nobody is seen to call it."""
    if run.method.name.startswith("test") or roles.prepares(run.method.name, ownership.project):
        return False
    decorators = (getattr(item, "func", item) for item in run.method.node.decorator_list)
    if any(ownership.calls.callee(item, run) for item in decorators):
        return True  # it gets what the helper returns
    if not ownership.calls.callers(run) and not _may_be_reached(run.method, ownership):
        return True
    key = "cleaning up", run.owner and run.owner.node
    others = ownership.project.memory.ask(key, _cleaning, run.owner, ownership.project)
    found = (target for other in others for target in ownership.targets(other, resource))
    return any(token[0] in ("call", "unknown") for target in found for token in target)


def _cleaning(owner: Class | None, project: Project) -> list[Run]:
    """Return the methods of a class, inherited ones too, that are named for cleaning up."""

    def own(item: Class) -> frozenset[Method]:
        return frozenset(it for name, it in item.methods.items() if roles.CLEANS_UP.fullmatch(name))

    found = project.above(owner, "cleaning up", own) if owner else frozenset()
    return [Run(method, owner) for method in sorted(found, key=_place)]


def _place(method: Method) -> tuple[str, int]:
    return method.module.path, method.node.lineno


def _may_be_reached(method: Method, ownership: Ownership) -> bool:
    """Tell whether a function may run without a call of its own: a property, or an override."""
    plain = {"classmethod", "staticmethod"}
    if any(last_name(item) not in plain for item in method.node.decorator_list):
        return True
    order = ownership.project.mro(method.owner) if method.owner else ()
    return any(
        isinstance(item, Class) and item is not method.owner and method.name in item.methods
        for item in order
    )


def _is_deleted(tokens: set[Token], run: Run, ownership: Ownership) -> bool:
    """Tell whether a function, or its class, deletes something of where values come from."""
    named = {token for token in tokens - {UNKNOWN} if not _is_client(token)}
    if any(named & target for target in ownership.targets(run, ANYTHING)):
        return True
    attributes = {str(token[1]) for token in named if token[0] == "self"}
    held: set[Token] = {("self", name) for name in attributes}
    owners = [run.owner, *ownership.calls.heirs(run.owner)]
    made = any(_holds_made(name, owner, ownership) for owner in owners for name in attributes)
    return bool(attributes) and any(
        made or held & target
        for owner in owners
        for method in ownership.deleting(attributes, owner, ANYTHING)
        for target in ownership.targets(Run(method, owner), ANYTHING)
    )


def _holds_made(attribute: str, owner: Class | None, ownership: Ownership) -> bool:
    """Tell whether an attribute of a class holds something that was created."""
    return any(
        roles.MAKES.fullmatch(called_name(call).lstrip("_"))
        for item in (ownership.project.mro(owner) if owner else ())
        if isinstance(item, Class)
        for method in naming(item, attribute, ownership.project)
        for value in Body.of(method, ownership.project).sources.get(f"self.{attribute}", ())
        for call in calls(value)
    )


def clear_up(tokens: set[Token], run: Run, ownership: Ownership) -> bool:
    """Tell whether a value comes from a helper that sees to the deletion of what it makes."""
    return any(
        ("call", *spot(run.method, item)) in tokens
        and helpers.clears_after_itself(item, run, ownership.project)
        for item in Body.of(run.method, ownership.project).calls
    )


def _is_client(token: Token) -> bool:
    """Tell whether a value comes from a client: from that, everything comes."""
    if token[0] != "self":
        return False
    return roles.NAMES_CLIENT.search(str(token[1]).removesuffix(MADE)) is not None
