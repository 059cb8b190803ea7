"""Resources that no profile knows, derived from what the client classes of a tree can do."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from fixtests.reasoning import roles
from fixtests.reasoning.calls import Run
from fixtests.reasoning.objects import Objects
from fixtests.reasoning.stand_ins import may_replace, names_stand_in
from fixtests.syntax.queries import called_name, calls, dotted, last_name, walk
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_cleanups import Resource
from fixtests.tree.project import Project

ANY_ID = ("id", "uuid")
CREATES = "create_"
DELETES = "delete_"
CASTS = re.compile(r"_*(?:fanout_)?cast(?:_\w+)?")
ENDS = r"(?:delet|clean|clear|remov|destroy|purg|unset|unshar)\w*"


def derive(func: ast.Attribute, run: Run, objects: Objects) -> Resource | None:
    """Return the resource that a client's method creates, where the client deletes it by its id.

    None where the tree does not show the client's class, and where nothing is created: what is
    below the client is a stand-in, or the method only sends a message.
    """
    found = objects.methods(func, run)
    noun = func.attr.removeprefix(CREATES)
    if not found or not all(_is_client(item) for item in found):
        return None
    if any(_casts(item) for item in found) or _is_stubbed(func, found, run, objects.project):
        return None
    given: set[str] = set()
    for item in found:
        deletion = objects.project.method(item.owner, DELETES + noun) if item.owner else None
        needed = _needed(deletion) if deletion else []
        if len(needed) != 1 or not _is_id(needed[0], noun):
            return None
        given.add(_given_already(needed[0], item.method))
    return Resource(
        name=noun.replace("_", " "),
        create=(func.attr,),
        deleters=rf"\w*{ENDS}_\w*{re.escape(noun)}\w*|\w*{re.escape(noun)}\w*_{ENDS}",
        keys=(noun,),
        arguments=given.pop() if len(given) == 1 else "{id}",
        delete=(DELETES + noun,),
        safe=False,
        note=f"no profile knows `{DELETES}{noun}`: look what it takes, and what it waits for",
    )


def _is_client(run: Run) -> bool:
    return run.owner is not None and roles.MAKES_CLIENT.search(run.owner.node.name) is not None


def _casts(run: Run) -> bool:
    """Tell whether a method hands what it is given to a queue, and answers nothing."""
    return any(CASTS.fullmatch(called_name(call)) for call in calls(run.method.node))


def _is_stubbed(func: ast.Attribute, found: Collection[Run], run: Run, project: Project) -> bool:
    """Tell whether a class of tests puts a stand-in below a client, or replaces a part of it."""
    holder = f"{dotted(func.value)}."
    names = {item.owner.node.name for item in found if item.owner}
    family = project.mro(run.owner) if run.owner else ()
    for node in (item for one in family if isinstance(one, Class) for item in walk(one.node)):
        match node:
            case ast.Assign(targets=[target], value=ast.Call() as value):
                below = f"{dotted(target)}.".startswith(holder)
                if below and dotted(target) != holder[:-1] and names_stand_in(called_name(value)):
                    return True
            case ast.Call() if may_replace(node) and node.args:
                if last_name(node.args[0]) in names:
                    return True
    return False


def _needed(method: Method) -> list[str]:
    """Return the parameters of a method that have to be given."""
    arguments = method.node.args
    listed = [item.arg for item in (*arguments.posonlyargs, *arguments.args)][1:]
    return listed[: len(listed) - len(arguments.defaults)]


def _is_id(name: str, noun: str) -> bool:
    """Tell whether a parameter is what one thing is named by."""
    return name in (*ANY_ID, noun) or name.endswith(("_id", "_uuid", "_ident"))


def _given_already(name: str, creation: Method) -> str:
    """Return what a deletion takes: what the creation is given under the name of its parameter."""
    given = _needed(creation)
    if name in ANY_ID or name not in given:
        return "{id}"
    return f"{{{given.index(name)}|{name}}}"
