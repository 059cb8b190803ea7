"""Creations that are deleted in some cases only: by some tests, or at the end of a test."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from operator import attrgetter

from fixtests.reasoning import helpers, roles
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Run
from fixtests.rules.missing_cleanup.belonging import ANYTHING, goes_along
from fixtests.rules.missing_cleanup.deletions import deletes
from fixtests.rules.missing_cleanup.origins import UNKNOWN, Token, spot
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.rules.missing_cleanup.verbs import CREATES
from fixtests.syntax.queries import bound_names, called_name, calls, dotted, walk
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_cleanups import Resource
from fixtests.tree.project import Project

IS_TESTED = re.compile(r"delet|remov|destroy|clean|lifecycle|crud", re.IGNORECASE)
NAME = "name"  # the key of a thing that is deleted by its name
LOOKS = re.compile(r"\b(?:test|check|verif|ensure|make sure|try)", re.IGNORECASE)  # over a comment
PLAIN = (ast.Expr, ast.Assign)
BETWEEN = 2  # statements of a test that a creation and a deletion at its end have around others


def deleted_last(
    call: ast.Call, resource: Resource, method: Method, owner: Class | None, ownership: Ownership
) -> ast.stmt | None:
    """Return the last statement of a test, where that alone deletes what a call creates in it.

    There is none where the deletion may be what is tested.
    """
    body, last, run = method.node.body, method.node.body[-1], Run(method, owner)
    if not method.name.startswith("test") or IS_TESTED.search(method.name):
        return None
    requests = ownership.project.profile.cleanups.requests
    match last:
        case ast.Expr(value=ast.Call(func=ast.Attribute()) as deletion):
            if not deletes(deletion, resource, requests) or _asserts(deletion, run, ownership):
                return None
            if deletion.keywords or len(deletion.args) != 1:
                return None  # what else it is told may be what the test is about
        case _:
            return None
    places = [place for place, node in enumerate(body) if node.lineno <= call.lineno]
    if len(body) - len(places) < BETWEEN or (body[places[-1]].end_lineno or 0) < call.lineno:
        return None
    found = _deleting(call, resource, run, ownership, alone=True)
    return last if found == [deletion] else None


def _deleting(
    call: ast.Call, resource: Resource, run: Run, ownership: Ownership, *, alone: bool
) -> list[ast.Call]:
    """Return the calls of a function that delete what one in it creates.

    With `alone`, there are none where one of them may as well delete what another call creates.
    """
    origins = ownership.origins(run.method, run.owner)
    token: Token = ("call", *spot(run.method, call))
    own, others, found = {token, UNKNOWN}, set[Token](), []
    given = origins.given(call)
    by_name = resource.id == NAME or not resource.has_id
    if by_name and not any(map(origins.stored, given)):
        own |= given
    ran = Body.of(run.method, ownership.project).calls
    for item in ran:
        if item is not call and ownership.creations.match(item, run.method, run.owner):
            others.add(("call", *spot(run.method, item)))
            others |= origins.given(item) if by_name else set()
    for item in ran:
        targets = [it for it in ownership.targets_of(item, run, resource) if own & it]
        if alone and any(others & target for target in targets):
            return []
        found += [item] if targets else []
    return found


def _asserts(deletion: ast.Call, run: Run, ownership: Ownership) -> bool:
    """Tell whether a deletion is a helper's that looks at what comes of it."""
    callee = ownership.calls.callee_in_tests(deletion.func, run)
    return callee is not None and any(
        roles.decides(called_name(item)) for item in Body.of(callee.method, ownership.project).calls
    )


def deleting_test(
    call: ast.Call, resource: Resource, method: Method, owner: Class | None, ownership: Ownership
) -> str:
    """Return a test that deletes for itself what is made for each test, empty for none."""
    if method.name not in roles.PREPARES_EACH:
        return ""
    stored = ownership.origins(method, owner).stored(("call", *spot(method, call)))
    return next((item.name for item in ownership.deleting(stored, owner, resource)), "")


@dataclass(frozen=True)
class Kept:
    """The calls of a helper that keep what it creates, and whether they are no more than others.

    Where most callers delete, those that do not are at fault, else the helper is.
    """

    calls: list[tuple[ast.Call, Run]]
    few: bool

    @property
    def first(self) -> str:
        """The name of one of these callers."""
        return self.calls[0][1].method.name


def kept_by_callers(
    call: ast.Call, resource: Resource, method: Method, owner: Class | None, ownership: Ownership
) -> Kept | None:
    """Return which calls of a helper keep what it creates, where others delete it.

    None where nobody keeps it, or where what they get goes further.
    """
    run = Run(method, owner)
    token: Token = ("call", *spot(method, call))
    if not ownership.returns(token, run) or ownership.releases(call, token, run, resource):
        return None
    if goes_along(call, resource, run, ownership):
        return None
    kept, deleted = [], 0
    for above, over in ownership.calls.callers(run):
        given: Token = ("call", *spot(over.method, above))
        if ownership.releases(above, given, over, resource):
            deleted += 1
        elif ownership.returns(given, over) or not _ends_here(over.method, ownership):
            return None
        else:
            kept.append((above, over))
    return Kept(kept, few=len(kept) <= deleted) if deleted and kept else None


def _ends_here(method: Method, ownership: Ownership) -> bool:
    """Tell whether nobody but who runs the tests calls a function."""
    return method.name.startswith("test") or roles.prepares(method.name, ownership.project)


def deleted_if_reached(
    call: ast.Call, resource: Resource, method: Method, owner: Class | None, ownership: Ownership
) -> bool:
    """Tell whether a test deletes what it creates by statements of its body alone, later on.

    They may stand in a loop. Nothing deletes it where a statement before these fails.
    """
    body = method.node.body
    if not method.name.startswith("test"):
        return False
    run, token = Run(method, owner), ("call", *spot(method, call))
    origins = ownership.origins(method, owner)
    if origins.handed(token) or origins.stored(token):
        return False
    deleting = _deleting(call, resource, run, ownership, alone=False)
    looped = [item for node in body if isinstance(node, ast.For) for item in node.body]
    statements = [item.value for item in (*body, *looped) if isinstance(item, PLAIN)]
    kept = ownership.stored(call, token, run, resource)
    first = min((item.lineno for item in deleting), default=0)
    between = [node for node in body if call.lineno < node.lineno < first and not _tells(node)]
    return (
        len(between) >= BETWEEN
        and any(True for node in between for _ in calls(node))
        and all(item in statements for item in deleting)
        and not any(roles.REGISTERS_CLEANUP.fullmatch(called_name(item)) for item in deleting)
        and not any(ownership.deleting(kept, owner, resource))
    )


def is_step(
    call: ast.Call, resource: Resource, method: Method, owner: Class | None, ownership: Ownership
) -> bool:
    """Tell whether a test deletes what it creates to see what comes of that, not to clear up.

    Its name or a comment says so, the helper that deletes looks, or something follows that has to
    do with more than the deletion.
    """
    run, parents, source = Run(method, owner), method.module.parents, method.module.source
    deleting = _deleting(call, resource, run, ownership, alone=False)
    if IS_TESTED.search(method.name) or any(_asserts(item, run, ownership) for item in deleting):
        return True
    last = max((parents.statement(item) for item in deleting), key=attrgetter("lineno"))
    row = last.lineno - 1
    while (line := source.line(row).strip().decode(errors="replace")).startswith("#"):
        if LOOKS.search(line) and IS_TESTED.search(line):
            return True
        row -= 1
    told: set[str] = set()
    for node in method.node.body:
        if last.lineno <= (node.end_lineno or node.lineno):
            if last.lineno < node.lineno and not _clears_up(node, told, ownership.project):
                return True
            told |= bound_names(node) if isinstance(node, ast.Assign) else set()
    return False


def _clears_up(statement: ast.stmt, told: set[str], project: Project) -> bool:
    """Tell whether a statement deletes more, waits until it is gone, or looks what was `told`."""
    match statement:
        case ast.Expr(value=ast.Call() as call) | ast.Assign(value=ast.Call() as call):
            if deletes(call, ANYTHING, project.profile.cleanups.requests) or roles.waits(call):
                return True
        case _:
            return False
    named = {item.id for value in call.args for item in walk(value) if isinstance(item, ast.Name)}
    looks = roles.ASSERTS.match(called_name(call)) is not None and named and named <= told
    return bool(looks) or _tells(statement)


def _tells(statement: ast.stmt) -> bool:
    """Tell whether a statement only tells something, or registers what runs later."""
    match statement:
        case ast.Expr(value=ast.Call(func=function)):
            name = dotted(function) or ""
            registers = roles.REGISTERS_CLEANUP.fullmatch(name.rpartition(".")[2])
            return registers is not None or roles.TELLS.fullmatch(name) is not None
    return False


def held_by(call: ast.Call, method: Method, owner: Class | None, ownership: Ownership) -> str:
    """Return the call of a test that makes what a thing is in, or what is made of it; else nothing.

    No resource is known for that call, and statements of the test alone delete what it makes. Until
    then the thing cannot go: a volume in a group, the type of that group.
    """
    run, origins = Run(method, owner), ownership.origins(method, owner)
    own: Token = ("call", *spot(method, call))
    ran = Body.of(method, ownership.project).calls
    for other in ran:
        name, its = called_name(other), ("call", *spot(method, other))
        if other is call or not name.startswith(CREATES):
            continue
        if own not in origins.given(other) and its not in origins.given(call):
            continue
        if ownership.creations.match(other, method, owner):
            continue
        ends = [item for item in ran if its in origins.given(item)]
        if helpers.clears_after_itself(other, run, ownership.project) or any(
            roles.REGISTERS_CLEANUP.fullmatch(called_name(item)) for item in ends
        ):
            continue
        if any(roles.DELETES.search(called_name(item)) for item in ends):
            return name
    return ""
