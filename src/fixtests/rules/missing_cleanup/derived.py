"""Resources that no profile knows, derived from what the client classes of a tree can do."""

from __future__ import annotations

import ast
import re

from fixtests.reasoning import roles
from fixtests.reasoning.calls import Run
from fixtests.reasoning.objects import Objects
from fixtests.tree.module import Method
from fixtests.tree.profile_cleanups import Resource

CREATES = "create_"
DELETES = "delete_"
ENDS = r"(?:delet|clean|clear|remov|destroy|purg|unset|unshar)\w*"


def derive(func: ast.Attribute, run: Run, objects: Objects) -> Resource | None:
    """Return the resource that a client's method creates, where the client deletes it by its id.

    None where the tree does not show the client's class.
    """
    found = objects.methods(func, run)
    noun = func.attr.removeprefix(CREATES)
    if not found or not all(_is_client(item) for item in found):
        return None
    for item in found:
        deletion = objects.project.method(item.owner, DELETES + noun) if item.owner else None
        if deletion is None or not _takes_id(deletion, noun):
            return None
    return Resource(
        name=noun.replace("_", " "),
        create=(func.attr,),
        deleters=rf"\w*{ENDS}_\w*{re.escape(noun)}\w*|\w*{re.escape(noun)}\w*_{ENDS}",
        keys=(noun,),
        delete=(DELETES + noun,),
        safe=False,
        note=f"no profile knows `{DELETES}{noun}`: look what it takes, and what it waits for",
    )


def _is_client(run: Run) -> bool:
    return run.owner is not None and roles.MAKES_CLIENT.search(run.owner.node.name) is not None


def _takes_id(deletion: Method, noun: str) -> bool:
    """Tell whether a method takes one thing by its id, and no more that has to be given."""
    arguments = deletion.node.args
    listed = [item.arg for item in (*arguments.posonlyargs, *arguments.args)][1:]
    needed = listed[: len(listed) - len(arguments.defaults)]
    return len(needed) == 1 and (needed[0] in ("id", "uuid", noun) or needed[0].endswith("_id"))
