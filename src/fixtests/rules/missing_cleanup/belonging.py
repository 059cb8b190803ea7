"""Things that go when another one is deleted: a subnet with its network, what hangs on a server."""

from __future__ import annotations

import ast

from fixtests.reasoning import roles
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Run
from fixtests.rules.missing_cleanup.derived import ENDS
from fixtests.rules.missing_cleanup.origins import UNKNOWN, Token, spot
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.syntax.queries import called_name
from fixtests.tree.profile_cleanups import Resource

ANYTHING = Resource(name="thing", create=("create",), deleters=rf"\w*{ENDS}")


def goes_along(call: ast.Call, resource: Resource, run: Run, ownership: Ownership) -> bool:
    """Tell whether what a call creates may go with something that the call names.

    What no profile knows may go with anything that is deleted.
    """
    origins = ownership.origins(run.method, run.owner)
    given = ownership.given(call, origins)
    if ownership.creations.derives(called_name(call)):
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


def _is_deleted(tokens: set[Token], run: Run, ownership: Ownership) -> bool:
    """Tell whether a function, or its class, deletes something of where values come from."""
    named = {token for token in tokens - {UNKNOWN} if not _is_client(token)}
    if any(named & target for target in ownership.targets(run, ANYTHING)):
        return True
    attributes = {str(token[1]) for token in named if token[0] == "self"}
    owners = [run.owner, *ownership.calls.heirs(run.owner)]
    return bool(attributes) and any(
        next(ownership.deleting(attributes, owner, ANYTHING), None) is not None for owner in owners
    )


def _is_client(token: Token) -> bool:
    """Tell whether a value comes from a client: from that, everything comes."""
    return token[0] == "self" and roles.NAMES_CLIENT.search(str(token[1])) is not None
