"""Which calls create what nobody deletes, and what is said of them."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator

from fixtests.model import Applicability, Finding
from fixtests.reasoning import words
from fixtests.reasoning.calls import Run
from fixtests.rules.api import Context
from fixtests.rules.missing_cleanup.belonging import (
    clear_up,
    goes_along,
    goes_with_registered,
    is_seen_to,
)
from fixtests.rules.missing_cleanup.cleanups import (
    Cleanup,
    cleanup_for,
    cleanup_from_helper,
    in_the_way,
    moved,
)
from fixtests.rules.missing_cleanup.derived import Derived
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.rules.missing_cleanup.pairs import lets_be_gone, made_by_helper
from fixtests.rules.missing_cleanup.partly import (
    Kept,
    deleted_if_reached,
    deleted_last,
    deleting_test,
    held_by,
    is_step,
    kept_by_callers,
)
from fixtests.rules.missing_cleanup.replies import LOOP, reply_of, surroundings
from fixtests.syntax.queries import called_name
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_cleanups import Resource

# What becomes of a resource, why a fix needs a look, and the deletion that a cleanup replaces.
Said = tuple[str, str, ast.stmt | None]
LATER = "a cleanup runs later than its last statement: see that nothing waits for the deletion"
OTHERS = "others delete theirs"
REACHED = "the test deletes it, too: see that what is gone by then does no harm"
HELD = "what `{name}` makes is in its way then: register the deletion of that, too"
INSTEAD = "register its deletion right after it is created, in the place of that statement"
BESIDE = "register another deletion right after it is created, which lets it be gone by then"
SHORT = 3  # letters of an abbreviation
TWICE = "see that a second deletion does no harm there"


def of_call(node: ast.AST, context: Context) -> Iterator[Finding]:
    """Yield the creating call where nobody deletes what it creates."""
    ownership = Ownership.of(context.project)
    if not isinstance(node, ast.Call) or not ownership.creations.may_be(called_name(node)):
        return
    method = context.method_at(node)
    if method is None or not _is_judged(context):
        return
    holder = context.class_at(method.node)
    owner = ownership.clients.host(holder)
    known = ownership.creations.match(node, method, owner)
    resource = known or made_by_helper(node, Run(method, owner), ownership)
    if resource is None or ownership.creations.makes(method, resource):
        return
    place = surroundings(node, method, owner, context.project, context.parents)
    if place == "nothing":
        return
    if any(ownership.deleted(node, method, item, resource) for item in {holder, owner}):
        kept = kept_by_callers(node, resource, method, owner, ownership)
        if kept and (sites := _at_fault(kept, context)):
            yield from _kept(node, sites, resource, context)
            return
        found = _at_last(node, place, resource, method, owner, ownership)
        if kept:
            found = f"that `{kept.first}` does not delete", OTHERS, None
    else:
        found = _never(node, resource, method, owner, ownership)
    if found is not None:
        yield _said(node, found, place, resource, method, owner, context)


def _said(
    node: ast.Call,
    found: Said,
    place: str,
    resource: Resource,
    method: Method,
    owner: Class | None,
    context: Context,
) -> Finding:
    """Return the finding at a creating call of which something was found out."""
    ownership = Ownership.of(context.project)
    becomes = found[0].replace("that is", "that are").replace("that stays", "that stay")
    created = f"`{ast.unparse(node.func)}` creates {_counted(resource.name)}"
    told, reason, last = f"{created} {becomes if _several(resource.name) else found[0]}", *found[1:]
    reply = reply_of(node, context.parents)
    cleanup = cleanup_for(node, reply, resource, method, owner, ownership)
    early = reason in (LATER, REACHED)
    if early and (name := held_by(node, method, owner, ownership)):
        cleanup, last = Cleanup(missing=HELD.format(name=name)), None
    elif reason == REACHED and not lets_be_gone(resource, Run(method, owner), ownership):
        step = is_step(node, resource, method, owner, ownership)
        cleanup = Cleanup(missing=BESIDE if step else INSTEAD)
    elif last:
        cleanup = moved(cleanup, last, reply, method, context.project)
    elif cleanup.statements and reason in ("", TWICE):
        reason = in_the_way(node, reply, place, resource, method, owner, ownership) or reason
    return _finding(node, context, told, cleanup, reason, last)


def _kept(
    node: ast.Call,
    sites: list[tuple[ast.Call, Run]],
    resource: Resource,
    context: Context,
) -> Iterator[Finding]:
    """Yield the calls of a helper that keep what it creates."""
    noun = _counted(resource.name)
    ownership = Ownership.of(context.project)
    for call, run in sites:
        reply = reply_of(call, context.parents)
        cleanup = cleanup_from_helper(call, node, reply, resource, run, ownership)
        told = f"`{ast.unparse(call.func)}` creates {noun} that nothing deletes"
        yield _finding(call, context, told, cleanup, OTHERS)


def _finding(
    node: ast.Call,
    context: Context,
    message: str,
    cleanup: Cleanup,
    reason: str,
    last: ast.stmt | None = None,
) -> Finding:
    if not cleanup.statements:
        message = f"{message}; {cleanup.missing or reason}"
        return context.finding(node, message, Applicability.DISPLAY)
    if cleanup.before:
        reason = f"{reason or 'its reply has no id'}; each is deleted where it is looked up"
    message = f"{message}; {reason}" if reason else message
    return context.finding(
        node,
        message,
        Applicability.UNSAFE if reason else Applicability.SAFE,
        anchor=cleanup.before,
        statements=[*cleanup.statements],
        needed=cleanup.needed,
        before=cleanup.before is not None,
        removed=[*dataclasses.astuple(context.source.span(last))] if last else None,
    )


def _is_judged(context: Context) -> bool:
    """Tell whether a file holds tests that leave something behind: none with recorded samples."""
    return context.works_with_clients and not context.project.is_sample(context.source.path)


def _at_fault(kept: Kept, context: Context) -> list[tuple[ast.Call, Run]]:
    """Return the calls in the module that keep what a helper creates, where few do."""
    return [item for item in kept.calls if kept.few and item[1].method.module is context.module]


def _never(
    call: ast.Call, resource: Resource, method: Method, owner: Class | None, ownership: Ownership
) -> Said | None:
    """Say of what no deletion is seen for in reach who deletes it, None where others see to it."""
    if is_seen_to(call, resource, Run(method, owner), ownership):
        return None
    if test := deleting_test(call, resource, method, owner, ownership):
        return f"that only `{test}` deletes", TWICE, None
    return "that nothing deletes", "", None


def _at_last(
    call: ast.Call,
    place: str,
    resource: Resource,
    method: Method,
    owner: Class | None,
    ownership: Ownership,
) -> Said | None:
    """Say of what only the end of a test deletes why that is too late, and how far to trust a fix.

    The statement is the deletion, where a cleanup can take its place.
    """
    if place not in ("", LOOP):
        return None
    run = Run(method, owner)
    if resource.within and goes_along(call, resource, run, ownership):
        return None
    given = ownership.origins(method, owner).given(call)
    if not resource.has_id and clear_up(given, run, ownership):
        return None
    if isinstance(resource, Derived) and goes_with_registered(call, run, ownership):
        return None
    if not place and (last := deleted_last(call, resource, method, owner, ownership)):
        return "that is deleted where the test comes to its end", LATER, last
    tolerant = ownership.project.profile.cleanups.tolerant
    reported = tolerant or isinstance(resource, Derived)
    if reported and deleted_if_reached(call, resource, method, owner, ownership):
        return "that stays where the test fails before it is deleted", REACHED, None
    return None


def _counted(noun: str) -> str:
    """Return a noun with its article, which one for several things has not."""
    if _several(noun):
        return noun
    return f"{'an' if noun[0].lower() in 'aeio' else 'a'} {noun}"


def _several(noun: str) -> bool:
    """Tell whether a noun is one for several things: `topics`, not `qos`."""
    last = noun.rpartition(" ")[2]
    return words.plural(last) and len(last) > SHORT
