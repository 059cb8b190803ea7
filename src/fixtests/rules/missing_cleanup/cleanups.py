"""Which statement registers the deletion of what a call creates, and what stands in its way."""

from __future__ import annotations

import ast
import dataclasses
from dataclasses import dataclass

from fixtests.reasoning import lineage, roles
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import OWN, Run
from fixtests.reasoning.flow import Reaching
from fixtests.rules.missing_cleanup import escapes, mentions, taking, unseen
from fixtests.rules.missing_cleanup.clients import User, made_alike
from fixtests.rules.missing_cleanup.creations import Shape, expression
from fixtests.rules.missing_cleanup.hazards import hazard
from fixtests.rules.missing_cleanup.lookups import loop_over
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.rules.missing_cleanup.pairs import is_pair
from fixtests.rules.missing_cleanup.replies import Reply, of_two_forms
from fixtests.syntax.queries import dotted, keyword, values_given, walk
from fixtests.tree.files import within
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_checks import PLACEHOLDER
from fixtests.tree.profile_cleanups import Resource
from fixtests.tree.project import Project

TWO_FORMS = "`{reply}` comes in two forms: delete what is taken out of it, below that"
UNSEEN = "nothing shows what its reply holds: see how it names the id"


@dataclass(frozen=True)
class Cleanup:
    """The statements, the import that they need, or in words what is missing for them.

    They stand after the creating statement, or `before` another one.
    """

    statements: tuple[str, ...] = ()
    needed: str = ""
    missing: str = ""
    before: ast.stmt | None = None


def cleanup_for(
    call: ast.Call,
    reply: Reply,
    resource: Resource,
    method: Method,
    owner: Class | None,
    ownership: Ownership,
) -> Cleanup:
    """Return how the deletion of what a call creates is registered after its statement."""
    profile = ownership.project.profile.cleanups
    first = method.node.args.args[:1]
    on_class = bool(first) and first[0].arg == "cls"
    template = profile.class_call if on_class else profile.call
    if owner is None or not first or first[0].arg not in ("self", "cls") or not template:
        return Cleanup(missing="no test case is at hand to register a cleanup with")
    if on_class and not _has_call(owner, template, ownership.project):
        return Cleanup(missing="no base of the class registers cleanups of a class")
    if not resource.has_id:
        return _same(call, resource, template, method, owner, ownership)
    if lost := _lost(reply, resource, method):
        return Cleanup(missing=lost)
    seen = taking.seen(call, reply, resource, Run(method, owner), ownership)
    if seen == "":
        return Cleanup(missing=resource.note if is_pair(resource) else UNSEEN)
    loop: tuple[ast.stmt, str] | None = None
    if resource.unnamed and resource.unnamed in Body.of(method, ownership.project).texts:
        reaching = Reaching.of(method, owner, ownership.project)
        loop = loop_over(reply, method.node, reaching)
        if loop is None:
            return Cleanup(missing=_UNNAMED.format(word=resource.unnamed, name=resource.name))
        reply = Reply(reply.statement, loop[1], tuple(resource.keys[:1]), "bound")
    shape: Shape = "reply" if resource.id else "id"
    if resource.on == "self":
        shape = ownership.creations.shape(call, resource, method, owner)
    named = seen or _named(reply, resource, shape, profile.attribute)
    if named is None:
        return Cleanup(missing=f"what `{ast.unparse(call.func)}` returns does not show the id")
    delete = _deletion(call, resource, method, owner, ownership)
    if delete is None:
        at_hand = f"no client at hand is known to delete a {resource.name}"
        return Cleanup(missing=at_hand if resource.delete else resource.note)
    arguments = resource.arguments.replace("{id}", named)
    statement = template.format(delete=delete, arguments=arguments)
    waits = []
    if resource.wait and not loop:
        register = template.partition("(")[0]
        client = delete.rpartition(".")[0]
        waits = [f"{register}({client}.{resource.wait}, {named})"]
    return Cleanup((*waits, statement), profile.import_, before=loop[0] if loop else None)


def _lost(reply: Reply, resource: Resource, method: Method) -> str:
    """Return why nothing names for certain what a call created, in words."""
    if not reply.text:
        return _LOST[reply.fate].format(name=resource.name)
    return TWO_FORMS.format(reply=reply.text) if reply.text in of_two_forms(method) else ""


def _has_call(owner: Class, template: str, project: Project) -> bool:
    """Tell whether a class has the method that registers its cleanups, as far as is known."""
    name = template.partition("(")[0].rpartition(".")[2]
    if project.method(owner, name) is not None:
        return True
    without = (*project.profile.cleanups.without_class_call, *roles.FRAMEWORKS)
    places = tuple(item.replace(".", "/") for item in without)
    outside = (item.replace(".", "/") for item in lineage.outside(owner, project))
    return any(not within(item, places) for item in outside)


def moved(
    cleanup: Cleanup, last: ast.stmt, reply: Reply, method: Method, project: Project
) -> Cleanup:
    """Return how a deletion is registered as it is written at the end of a test.

    Unless it uses a name that is bound after what it deletes is created.
    """
    match last:
        case ast.Expr(value=ast.Call(func=function, args=[given], keywords=[])):
            used = {item.id for item in walk(last) if isinstance(item, ast.Name)}
        case _:
            return cleanup
    later = (item for item in method.node.body if item.lineno > reply.statement.lineno)
    bound = {
        part.id
        for item in later
        for part in walk(item)
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)
    }
    if used & bound:
        return cleanup
    profile = project.profile.cleanups
    written = profile.call.format(delete=ast.unparse(function), arguments=ast.unparse(given))
    return Cleanup((*cleanup.statements[:-1], written), profile.import_)


def cleanup_from_helper(
    call: ast.Call,
    creating: ast.Call,
    reply: Reply,
    resource: Resource,
    run: Run,
    ownership: Ownership,
) -> Cleanup:
    """Return how the deletion is registered of what a helper creates, where that is called."""
    holder = dotted(creating.func.value) if isinstance(creating.func, ast.Attribute) else None
    first, _, client = (holder or "").partition(".")
    if first not in OWN or not client or not resource.delete or run.owner is None:
        return Cleanup(missing="register its deletion here")
    shape = ownership.creations.shape(call, resource, run.method, run.owner)
    if shape != "id" or reply.keys:
        return Cleanup(missing="register its deletion here")
    given = dataclasses.replace(
        resource, on="self", keys=(), wait=None, delete=(f"self.{client}.{resource.delete[0]}",)
    )
    return cleanup_for(call, reply, given, run.method, run.owner, ownership)


def _same(
    call: ast.Call,
    resource: Resource,
    template: str,
    method: Method,
    owner: Class,
    ownership: Ownership,
) -> Cleanup:
    """Return how a deletion is registered that takes what the creating call was given."""
    delete = _deletion(call, resource, method, owner, ownership)
    if delete is None:
        at_hand = f"no client at hand is known to delete a {resource.name}"
        return Cleanup(missing=at_hand if resource.delete else resource.note)
    given = {str(place): value for place, value in enumerate(call.args)}
    given |= {item.arg: item.value for item in call.keywords if item.arg}
    same = ast.unparse(call).removeprefix(f"{ast.unparse(call.func)}(").removesuffix(")")
    texts = {"same": same}
    again: list[ast.expr] = []
    for wanted in PLACEHOLDER.findall(resource.arguments):
        value = next((given[name] for name in wanted.split("|") if name in given), None)
        if wanted == "same":
            again += values_given(call)
        elif value is None:
            return Cleanup(missing="what it is given does not show what to delete")
        else:
            again.append(value)
            texts[wanted] = ast.unparse(value)
    if any(isinstance(part, ast.Call | ast.Starred) for value in again for part in walk(value)):
        return Cleanup(missing="bind what it is given to names, so that a cleanup can name it")
    arguments = PLACEHOLDER.sub(lambda match: texts[match[1]], resource.arguments)
    statement = template.format(delete=delete, arguments=arguments)
    return Cleanup((statement,), ownership.project.profile.cleanups.import_)


_LOST = {
    "discarded": "bind the reply to a name, so that a cleanup can name the {name}",
    "returned": "bind the reply to a name before it is returned, and register its deletion",
    "unpacked": "register its deletion by those names of its reply that show the {name}",
    "passed on": "bind the reply to a name of its own, so that a cleanup can name the {name}",
}


_UNNAMED = (
    "with `{word}` the reply does not show the id: "
    "register the deletion of each {name} where it is looked up"
)


def _named(reply: Reply, resource: Resource, shape: Shape, attribute: str) -> str | None:
    """Return the expression that names the resource, None where the reply does not show it."""
    if shape == "other":
        return None
    left = list(reply.keys)
    wanted = [resource.id] if resource.id and shape == "reply" else []
    for key in resource.keys[:1]:
        if left and left[0] in resource.keys:
            del left[0]
        elif not left:
            attribute = attribute.replace("{reply}", f"{{reply}}['{key}']")
        else:
            return None
    if left:
        return reply.text if left == wanted else None
    if not wanted:
        return reply.text
    return attribute.format(reply=reply.text, id=resource.id)


def _deletion(
    call: ast.Call, resource: Resource, method: Method, owner: Class, ownership: Ownership
) -> str | None:
    """Return the method that deletes what a call creates, as it is written in the test."""
    clients = ownership.clients
    if resource.on == "client" and isinstance(call.func, ast.Attribute):
        name = dotted(call.func.value) or ("" if resource.safe else made_alike(call.func.value))
        client = clients.client(call.func.value, Run(method, owner))
        if name and client and resource.delete and clients.offers(client, resource.delete[0]):
            return f"{name}.{resource.delete[0]}"
        return None
    creations = ownership.creations
    passed = keyword(call, ownership.project.profile.cleanups.client_argument)
    given = dotted(passed or ast.Constant(None))
    names = [f"{given}.{resource.delete[0].rpartition('.')[2]}"] if given else resource.delete
    return next(
        (name for name in names if creations.deletes(name, method, owner, admin=resource.admin)),
        None,
    )


def in_the_way(
    call: ast.Call,
    reply: Reply,
    place: str,
    resource: Resource,
    method: Method,
    owner: Class | None,
    ownership: Ownership,
) -> str:
    """Return why a fix is not safe and what would make it so, empty where it is."""
    if not resource.safe:
        return resource.note
    if place:
        return f"it stands in {place}: check that each one is deleted exactly once"
    if not (method.name.startswith("test") or method.name in roles.PREPARES_EACH):
        return f"`{method.name}` is a helper: check that no caller deletes the {resource.name}"
    if reply.fate == "waited for":
        return "the reply is waited for before it is bound: bind it first and register then"
    if _limited(reply, resource, method, owner, ownership):
        return "its client may not delete in every class that runs this: use one that may"
    return (
        hazard(ownership, resource, method, owner)
        or mentions.doubt(resource, method, owner, ownership)
        or escapes.doubt(resource, method, owner, ownership)
        or unseen.doubt(call, resource, method, owner, ownership)
    )


def _limited(
    reply: Reply, resource: Resource, method: Method, owner: Class | None, ownership: Ownership
) -> bool:
    """Tell whether a client acts as somebody who may not delete, here or in a subclass."""
    usual = ownership.project.profile.cleanups.clients[:1]
    for call in walk(reply.statement):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            node: ast.expr = call.func.value
            if resource.on == "self" and usual:
                node = expression(usual[0])
            if User.LIMITED in ownership.clients.users(node, Run(method, owner)):
                return True
    return False
