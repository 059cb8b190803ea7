"""What is known of the creations that somebody says are left behind: who deletes them, or nothing.

What no profile knows is judged by names: a `delete_share` beside a `create_share`.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator

from fixtests.model import Judged, Judgement
from fixtests.reasoning import helpers, roles, undoing
from fixtests.reasoning.calls import Run
from fixtests.rules.api import Context
from fixtests.rules.missing_cleanup.origins import Token, spot
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.rules.missing_cleanup.replies import surroundings
from fixtests.syntax.queries import called_name, calls, last_name, walk
from fixtests.tree.module import Class, Method
from fixtests.tree.patterns import pattern

BESIDE = ("test", "bulk", "multiple", "several")  # what the names of things may have beside them
LEADING_ON = ("from", "by", "with", "for", "in", "on")  # to what is no part of the name
MAY_FAIL = (roles.ASSERTS, roles.WAITS, roles.CHANGES)
Deletion = tuple[int, bool]  # its row, and whether it runs in any case


def of_call(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield what is known of a call that creates something."""
    method = context.method_at(node)
    if not isinstance(node, ast.Call) or method is None:
        return
    ownership = Ownership.of(context.project)
    holder = context.class_at(method.node)
    owner = ownership.clients.host(holder)
    resource = ownership.creations.match(node, method, owner)
    if resource is None:
        yield from _by_name(node, method, context)
    elif surroundings(node, method, owner, context.project, context.parents) == "nothing":
        told = f"`{ast.unparse(node.func)}` is expected to fail, so that nothing is created"
        yield context.judged(node, Judgement.RIGHT, told)
    elif any(ownership.deleted(node, method, item, resource) for item in (owner, holder)):
        deleters = pattern(resource.deleters)
        noun = resource.name.rpartition(" ")[2]

        def deletes(name: str) -> bool:
            return deleters.fullmatch(name) is not None or _is_deletion(name, noun)

        found = _deletions(node, method, holder, deletes, context)
        told = f"what `{ast.unparse(node.func)}` creates is deleted"
        yield _said(node, told, found, context)
    else:
        yield from _undone(node, method, context)


def _undone(node: ast.Call, method: Method, context: Context) -> Iterator[Judged]:
    """Yield a call that a cleanup undoes, in the function itself or in what it runs."""
    name, run = ast.unparse(node.func), Run(method, context.class_at(method.node))
    if found := undoing.by_cleanup(node, method.node, context.parents):
        call, what = found
        told = f"`{what}` is registered for what `{name}` does, on line {call.lineno}"
        late = _is_late(node, call, context)
        told = f"{told}, where the test comes as far as that" if late else told
        yield context.judged(node, Judgement.HALF if late else Judgement.RIGHT, told)
    elif helper := undoing.in_helper(node, run, context.project):
        told = f"`{helper.name}`, which it runs, registers what undoes it"
        yield context.judged(node, Judgement.RIGHT, told)


def _by_name(node: ast.Call, method: Method, context: Context) -> Iterator[Judged]:
    """Yield what the names of calls tell of a creation that no profile knows."""
    name, owner = called_name(node), context.class_at(method.node)
    helper = helpers.clears_after_itself(node, Run(method, owner), context.project)
    if helper is not None:
        told = f"`{helper.name}`, which it runs, registers the deletion"
        yield context.judged(node, Judgement.RIGHT, told)
        return
    undone = [*_undone(node, method, context)]
    if not roles.MAKES.fullmatch(name) or roles.ACTS_ON.fullmatch(name):
        yield from undone
        return
    noun = _noun(name)
    found = _deletions(node, method, owner, lambda other: _is_deletion(other, noun), context)
    is_sure = bool(noun) and any(registered for _, registered in found)
    kept = helpers.clears_from_list(node, Run(method, owner), context.project)
    if kept and not is_sure:
        told = f"it is kept in `{kept[0]}`, and `{kept[1].name}` deletes what is kept there"
        yield context.judged(node, Judgement.RIGHT, told)
    elif noun and found:
        told = f"something is called like a deletion of what `{ast.unparse(node.func)}` creates"
        yield _said(node, told, found, context)
    elif undone:
        yield from undone
    elif noun and _is_handed_on(node, context):
        told = f"nothing tells what becomes of that which `{ast.unparse(node.func)}` creates"
        yield context.judged(node, Judgement.OPEN, told)
    elif noun and roles.CREATES.match(name) and _is_in_sight(node, owner):
        told = f"nothing here is called like a deletion of what `{ast.unparse(node.func)}` creates"
        yield context.judged(node, Judgement.SO, f"{told}; the rule does not know it")
    else:
        told = f"nothing is known of what `{ast.unparse(node.func)}` creates"
        yield context.judged(node, Judgement.OPEN, told)


def _is_handed_on(node: ast.Call, context: Context) -> bool:
    """Tell whether what a call makes is put in a list, or in the arguments of a cleanup."""
    function = context.parents.function(node)
    above = context.parents.statement(node)
    if function is None or not isinstance(above, ast.Assign):
        return False
    names = {ast.unparse(target) for target in above.targets}
    return any(
        ast.unparse(item) in names
        for call in calls(function)
        if called_name(call) == "append" or roles.REGISTERS_CLEANUP.fullmatch(called_name(call))
        for part in call.args
        for item in walk(part)
        if isinstance(item, ast.expr)
    )


def _said(node: ast.Call, told: str, found: list[Deletion], context: Context) -> Judged:
    """Say that something is deleted, on which line, and whether it is where the test fails."""
    sure = [row for row, registered in found if registered]
    if sure or not found:
        told = f"{told}, on line {sure[0]}" if sure else told
        return context.judged(node, Judgement.RIGHT, told)
    told = f"{told}, on line {found[0][0]}, where the test comes as far as that"
    return context.judged(node, Judgement.HALF, told)


def _deletions(
    call: ast.Call,
    method: Method,
    owner: Class | None,
    deletes: Callable[[str], bool],
    context: Context,
) -> list[Deletion]:
    """Return where something is deleted: in the function itself, or in what clears up.

    Where some deletions are of the thing itself, only they count, and none that is of another one
    from a call of the same name; a wait for a deletion only where no deletion is in sight.
    """
    clearing = roles.clearing(context.project)
    methods = [*owner.methods.values()] if owner is not None else []
    clearers = [item.node for item in methods if item.name in clearing]
    origins = Ownership.of(context.project).origins(method, owner)
    its: Token = ("call", *spot(method, call))
    alike = {
        ("call", *spot(method, item))
        for item in calls(method.node)
        if called_name(item) == called_name(call)
    }
    for parts in ([method.node], clearers):
        named = [
            (node, origins.given(above) if isinstance(above, ast.Call) else set[Token]())
            for part in parts
            for node in walk(part)
            if isinstance(node, ast.Attribute | ast.Name) and deletes(last_name(node))
            for above in [context.parents.of(node)]
        ]
        named = [item for item in named if its in item[1] or not alike & item[1]]
        named = [item for item in named if its in item[1]] or named
        named = [item for item in named if not roles.WAITS.fullmatch(last_name(item[0]))] or named
        if named:
            return sorted(
                (node.lineno, parts is clearers or _is_registered(node, call, context))
                for node, _ in named
            )
    return []


def _is_registered(node: ast.AST, call: ast.Call, context: Context) -> bool:
    """Tell whether something runs in any case: in a `finally`, or registered right after a call."""
    inner = node
    for above in context.parents.above(node):
        if isinstance(above, ast.Call) and inner in above.args:
            if roles.REGISTERS_CLEANUP.fullmatch(called_name(above)):
                return not _is_late(call, above, context)
        elif isinstance(above, ast.Try) and inner in above.finalbody:
            return True
        inner = above
    return False


def _is_late(one: ast.Call, other: ast.Call, context: Context) -> bool:
    """Tell whether what stands between a creation and what registers its undoing may fail."""
    return _fails_between(one, other, context) or undoing.is_late(one, other, context.parents)


def _fails_between(one: ast.Call, other: ast.Call, context: Context) -> bool:
    """Tell whether something is asserted, waited for or changed between two calls of a function."""
    function = context.parents.function(other)
    if function is None or function is not context.parents.function(one):
        return False
    return any(
        (one.end_lineno or 0) < node.lineno < other.lineno
        and any(pattern.match(called_name(node)) for pattern in MAY_FAIL)
        for node in calls(function)
    )


def _noun(name: str) -> str:
    """Return what a call makes by its name, in the singular: `port` for `create_bulk_ports`."""
    last = [part for part in name.lower().strip("_").split("_")[1:] if part not in BESIDE]
    what = itertools.takewhile(lambda part: part not in LEADING_ON, last)
    return "_".join(what).removesuffix("s")


def _is_deletion(name: str, noun: str) -> bool:
    return roles.DELETES.search(name) is not None and noun in name.lower()


def _is_in_sight(node: ast.Call, owner: Class | None) -> bool:
    """Tell whether a call is no method of a class that may stand elsewhere, and clear up there."""
    match node.func:
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
            return owner is not None and name in owner.methods
    return True
