"""What helpers of a test make that another helper deletes: `create_lamp` beside `delete_lamp`."""

from __future__ import annotations

import ast

from fixtests.reasoning import helpers
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import OWN, Run
from fixtests.rules.missing_cleanup.clients import CREATES, DELETES
from fixtests.rules.missing_cleanup.deletions import says
from fixtests.rules.missing_cleanup.derived import Derived, deleters_of
from fixtests.rules.missing_cleanup.origins import spot
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.syntax.queries import called_name, last_name
from fixtests.tree.module import Method


def made_by_helper(call: ast.Call, run: Run, ownership: Ownership) -> Derived | None:
    """Return what a helper of the test's class makes for a test, and leaves it to delete.

    None where the tree does not show the helper, and where it sees to the deletion itself.
    """
    project = ownership.project
    match call.func:
        case ast.Attribute(ast.Name(id=first), name) if first in OWN and name.startswith(CREATES):
            noun = name.removeprefix(CREATES)
        case _:
            return None
    if not run.method.name.startswith("test") or not project.profile.cleanups.derived:
        return None
    helper = ownership.calls.own(call.func, run)
    deletion = f"self.{DELETES}{noun}"
    if helper is None or run.owner is None or not _is_plain(helper.method):
        return None
    if not ownership.creations.deletes(deletion, run.method, run.owner):
        return None
    token = ("call", *spot(run.method, call))
    origins = ownership.origins(run.method, run.owner)
    if not any(
        says(deleters_of(noun), called_name(item)) and token in origins.given(item)
        for item in Body.of(run.method, project).calls
    ):
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
        delete=(deletion,),
        safe=False,
        note=f"look what `{DELETES}{noun}` takes, and what it waits for",
    )


def _is_plain(method: Method) -> bool:
    """Tell whether nothing gets to see what a function returns before its caller does."""
    return all(last_name(item) == "classmethod" for item in method.node.decorator_list)
