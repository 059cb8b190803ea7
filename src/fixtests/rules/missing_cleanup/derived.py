"""Resources that no profile knows, derived from what the client classes of a tree can do."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from fixtests.reasoning import orders, roles
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Run
from fixtests.reasoning.objects import Objects
from fixtests.reasoning.stand_ins import may_replace, names_stand_in
from fixtests.rules.missing_cleanup.clients import answers, generic_deletion, noun_of
from fixtests.rules.missing_cleanup.replies import reply_of
from fixtests.rules.missing_cleanup.verbs import CREATES, DELETES
from fixtests.syntax.queries import called_name, calls, constant_string, dotted, last_name, walk
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_cleanups import Resource
from fixtests.tree.project import Project

ANY_ID = ("id", "uuid")
ONE = ("self", "id")  # parameters of what deletes one thing
BY_NAME = ("name", "_ref", "_href")  # how parameters end that take no id of a reply
UNKNOWN_DELETION = "no profile knows `{}`: look what it takes, and what it waits for"
TAKES_KIND = "register `{}` with what it is and its id"
TAKES_NAME = "register `{}`, which takes no id, with what names it"
SEVERAL = {"bulk", "multiple"}  # in the names of methods that create some at once
CASTS = re.compile(r"_*(?:fanout_)?cast(?:_\w+)?")
ITS_END = r"(?:e?s)?(?:[_\d]\w*)?"  # what may follow the name of a thing, in one of a method
ENDS = r"(?:delet|clean(?!ing)|clear|remov|destroy|purg|unset|unshar)\w*"


HELP = "--help"  # with that, a command does nothing


@dataclass(frozen=True)
class Derived(Resource):
    """A resource that no profile knows."""


def derive(func: ast.Attribute, run: Run, objects: Objects) -> Derived | None:
    """Return the resource that a client's method creates, where the client deletes it by its id.

    None where the tree does not show the client's class, and where nothing is created: what is
    below the client is a stand-in, or the method only sends a message.
    """
    noun, project = noun_of(func.attr), objects.project
    owners = {item.owner for item in objects.instances(func.value, run)}
    if not owners or noun.startswith("or_") or SEVERAL & {*noun.split("_")}:
        return None
    deletion = DELETES + noun
    if not all(offers(item, func.attr, project) for item in owners):
        return None
    if any(_registers(item, func.attr, project) for item in owners):
        return None
    any_kind = [generic_deletion(item, project) for item in owners]
    if not all(offers(item, deletion, project) for item in owners):
        if (
            not func.attr.startswith(CREATES[0])
            or None in any_kind
            or _is_stubbed(func, owners, run, project)
        ):
            return None
        told = next(item.name for item in any_kind if item)
        return _derived(func.attr, noun, "{id}", "", TAKES_KIND.format(told))
    if _is_stubbed(func, owners, run, project):
        return None
    given: set[str] = set()
    named = False
    for owner in owners:
        creation = project.method(owner, func.attr)
        deleting = project.method(owner, deletion)
        if creation is None or deleting is None:
            given.add("{id}")
            continue
        needed = _needed(deleting)
        if _casts(creation) or len(needed) != 1 or not _is_of_one(needed[0], noun):
            return None
        named |= needed[0].endswith(BY_NAME)
        given.add(_given_already(needed[0], creation))
    arguments = given.pop() if len(given) == 1 else "{id}"
    if named:
        return _derived(func.attr, noun, "", "", TAKES_NAME.format(deletion))
    return _derived(func.attr, noun, arguments, deletion, UNKNOWN_DELETION.format(deletion))


def _derived(create: str, noun: str, arguments: str, delete: str, note: str) -> Derived:
    return Derived(
        name=noun.replace("_", " "),
        create=(create,),
        deleters=deleters_of(noun),
        keys=(noun,),
        arguments=arguments,
        delete=(delete,) if delete else (),
        safe=False,
        note=note,
    )


def ordered(call: ast.Call) -> Derived | None:
    """Return what a command creates that a call runs."""
    verb, _, noun = orders.order_of(call).partition("_")
    if verb != orders.CREATE or any(HELP in orders.text_of(item) for item in call.args):
        return None
    words = noun.replace("_", " ")
    return Derived(
        name=words,
        create=(called_name(call),),
        deleters=deleters_of(noun),
        arguments="",
        safe=False,
        note=f"register the command that deletes the {words} by its name",
    )


def deleters_of(noun: str) -> str:
    """Return a regular expression of the names by which things of a kind are deleted."""
    word = f"{re.escape(noun[:-1])}(?:y|ie)" if noun.endswith("y") else re.escape(noun)
    named = rf"{word}{ITS_END}"
    return rf"\w*{ENDS}_(?:\w*_)?{named}|(?:\w*_)?{named}_{ENDS}"


def alike(
    known: Iterable[Resource], call: ast.Call, func: ast.Attribute, run: Run, objects: Objects
) -> Resource | None:
    """Return the resource of a profile that a client creates which the profile does not name.

    Its reply is taken apart as the profile has it, and it deletes such things.
    """
    for resource in known:
        if resource.on == "client" and resource.receiver and resource.delete:
            names = func.attr, resource.delete[0]
            alike = _has_form(call, resource.keys, run, objects.project) and _has_methods(
                func, names, run, objects
            )
            if alike and _takes_id(func, resource, run, objects):
                note = f"the profile knows another client's `{names[1]}`: look what this one takes"
                return replace(resource, safe=False, note=resource.note or note)
    return None


def _has_form(call: ast.Call, keys: tuple[str, ...], run: Run, project: Project) -> bool:
    """Tell whether a function takes the first of some keys from a reply, or throws it away."""
    reply = reply_of(call, run.method.module.parents)
    if keys and reply.fate == "discarded":
        return True
    if not keys or reply.keys or not reply.text:
        return bool(keys) and reply.keys[:1] == keys[:1]
    return any(
        isinstance(node, ast.Subscript)
        and constant_string(node.slice) == keys[0]
        and dotted(node.value) == reply.text
        for node in Body.of(run.method, project).nodes
    )


def _has_methods(func: ast.Attribute, names: tuple[str, ...], run: Run, objects: Objects) -> bool:
    """Tell whether a client has some methods, or where the tree does not show it, is used so."""
    owners = {item.owner for item in objects.instances(func.value, run)}
    if owners:
        return all(offers(item, name, objects.project) for item in owners for name in names)
    holder = last_name(func.value)
    if not roles.REPLYING.fullmatch(holder) or objects.project.profile.cleanups.known:
        return False
    used = rf"\b{re.escape(holder)}\.{DELETES}\w"
    return bool(objects.project.texts.holding(re.compile(used.encode())))


def _takes_id(func: ast.Attribute, resource: Resource, run: Run, objects: Objects) -> bool:
    """Tell whether the deletion of a client needs no more than an id where a profile's does not.

    One that takes the id of something around the thing, too, may leave it to go with that.
    """
    for item in objects.instances(func.value, run):
        method = objects.project.method(item.owner, resource.delete[0])
        given = method.node.args if method and resource.arguments == "{id}" else None
        if given and len([*given.posonlyargs, *given.args]) - len(given.defaults) > len(ONE):
            return False
    return True


def offers(owner: Class, name: str, project: Project) -> bool:
    """Tell whether a class is that of a client which has a method, by its name or what it does."""
    if roles.MAKES_CLIENT.search(owner.node.name) is not None:
        return answers(owner, name, project)
    method = project.method(owner, name)
    return method is not None and any(_asks(call) for call in Body.of(method, project).calls)


def _asks(call: ast.Call) -> bool:
    """Tell whether a call is one of a client of its own object."""
    match call.func:
        case ast.Attribute(ast.Attribute(ast.Name("self"), holder)):
            return roles.CLIENT.fullmatch(holder) is not None
    return False


def _registers(owner: Class, name: str, project: Project) -> bool:
    """Tell whether a method registers the deletion of what it creates."""
    method = project.method(owner, name)
    return method is not None and any(
        roles.REGISTERS_CLEANUP.fullmatch(called_name(call))
        for call in Body.of(method, project).calls
    )


def _casts(method: Method) -> bool:
    """Tell whether a method hands what it is given to a queue, and answers nothing."""
    return any(CASTS.fullmatch(called_name(call)) for call in calls(method.node))


def _is_stubbed(func: ast.Attribute, owners: Collection[Class], run: Run, project: Project) -> bool:
    """Tell whether a class of tests puts a stand-in below a client, or replaces a part of it."""
    holder = f"{dotted(func.value)}."
    names = {item.node.name for item in owners}
    methods = [method for item in owners if (method := project.method(item, func.attr))]
    parts = {called_name(call) for method in methods for call in calls(method.node)} | {func.attr}
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
                if dotted(node.args[0]) == holder[:-1] and parts & {
                    *map(constant_string, node.args)
                }:
                    return True
    return False


def _needed(method: Method) -> list[str]:
    """Return the parameters of a method that have to be given."""
    arguments = method.node.args
    listed = [item.arg for item in (*arguments.posonlyargs, *arguments.args)][1:]
    return listed[: len(listed) - len(arguments.defaults)]


def _is_of_one(name: str, noun: str) -> bool:
    """Tell whether a parameter is what one thing is named by."""
    return name in (*ANY_ID, noun) or name.endswith(("_id", "_uuid", "_ident", *BY_NAME))


def _given_already(name: str, creation: Method) -> str:
    """Return what a deletion takes: what the creation is given under the name of its parameter."""
    given = _needed(creation)
    if name in ANY_ID or name not in given:
        return "{id}"
    return f"{{{given.index(name)}|{name}}}"
