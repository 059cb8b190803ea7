"""Which indexes need a guard, and where each guard stands."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from typing import Any

from fixtests.model import Applicability, Finding, Span
from fixtests.reasoning.calls import Run
from fixtests.reasoning.fetched import asserting, forgiving, guards, keeping, reach, usual
from fixtests.reasoning.fetched.flow import Flow, relevant
from fixtests.reasoning.fetched.lists import Lists, Origins
from fixtests.reasoning.fetched.uses import Reached, Use
from fixtests.rules.api import Context
from fixtests.rules.unguarded_index import naming, obstacles
from fixtests.rules.unguarded_index.candidates import plausible
from fixtests.rules.unguarded_index.made_of import MadeOf
from fixtests.syntax.queries import Function, constant_int, is_function, walk
from fixtests.tree.files import within


def of_function(node: ast.AST, context: Context) -> Iterator[Finding]:
    """Yield one finding for each guard that a function needs."""
    project = context.project
    if not is_function(node) or not project.is_test(context.source.path):
        return
    if within(context.relative, project.profile.data):
        return
    nodes = walk(node)
    indexed = [
        item.value
        for item in nodes
        if isinstance(item, ast.Subscript) and constant_int(item.slice) is not None
    ]
    method = context.method_at(node)
    if method is None:
        return
    lists, run = Lists.of(project), Run(method, context.class_at(node))
    kept = keeping.of_test(nodes, run, lists)
    if not (kept or plausible(nodes, indexed)):
        return
    if asserting.is_pytest(node, run.owner, project):
        return
    origins, names = Origins(lists, run), relevant(nodes, indexed)
    uses = Flow(node, origins, origins.checked, names, origins.blocks, kept).uses
    if not uses:
        return
    own, tables = guards.names(method.node), obstacles.tables(nodes)
    made_of = MadeOf(node)
    given: dict[ast.stmt, set[str]] = {}  # a later statement may give a name anew
    far = {obstacles.fetching_call(use) for use in uses if obstacles.far_above(use)} - {""}
    named: list[tuple[Use, Finding]] = []
    for use in uses:
        if ast.unparse(use.list) in tables or usual.is_in_reply(use.node, context.module):
            continue
        if made_of.counts(use):
            continue
        if any(isinstance(item, ast.Call) for item in walk(use.list)):
            taken = given.setdefault(use.place.statement, own.copy())
            yield _chained(use, node, context, taken)
        else:
            named.append((use, _named(use, node, context, far)))
    yield from _in_order(named, context)


def _in_order(named: list[tuple[Use, Finding]], context: Context) -> Iterator[Finding]:
    """Yield findings whose guards stand below the same statement in the order of their indexes.

    Some stand there since it fetches their list, and some since the next one indexes theirs.
    """
    below = {finding.anchor for _, finding in named if finding.data.get("after")}
    for use, finding in named:
        before, data = use.place.previous, finding.data
        above = context.source.span(before) if before is not None else None
        if above in below and "guard" in data and not (data["after"] or data["replaced"]):
            finding = dataclasses.replace(finding, anchor=above, data={**data, "after": True})
        yield finding


def _named(use: Use, function: Function, context: Context, far: set[str]) -> Finding:
    """Return the finding for a list that has a name; those of `far` calls are guarded there."""
    owner = context.class_at(function)
    listed = ast.unparse(use.list)
    message = f"`{listed}` was fetched and is indexed without a check of its length"
    blocks: reach.Blocks = context.module.noted(reach.Blocks, reach.Blocks)
    unable = asserting.unable(function, owner, context.project)
    if not unable and (call := reach.asserted(use.place, listed, blocks)):
        unable = obstacles.asserted_below(call, use)
    obstacle = unable or obstacles.OBSTACLES[use.reached]
    if unable or use.reached in (Reached.RAISING, Reached.EXPECTED) or obstacles.may_lack_key(use):
        return context.finding(use.node, f"{message}; {obstacle}", Applicability.DISPLAY)
    written = context.source.slice(context.source.span(use.list))
    if "\n" in written or "\r" in written:
        written = listed
    guard = guards.guard(written, use.index, owner, context.project)
    obstacle = obstacle or obstacles.shared(use, owner) or _apart(guard, function, context)
    obstacle = obstacle or obstacles.stands_in(use, function, context)
    obstacle = obstacle or obstacles.halves(use, function)
    if obstacle:
        message = f"{message}; {obstacle}"
    as_far = obstacles.fetching_call(use) in far
    above = obstacles.right_above(use) or obstacles.far_above(use, 0 if as_far else obstacles.FAR)
    weak = reach.weaker(use.place, use.origin, listed, blocks)
    span = context.source.span(weak) if weak is not None else None
    return context.finding(
        use.node,
        message,
        Applicability.UNSAFE if obstacle else Applicability.SAFE,
        anchor=above or use.place.statement,
        guard=guard,
        after=above is not None,
        heads=not use.place.position,  # a comment above it speaks of the block
        replaced=[span.start, span.end] if span is not None else None,
    )


def _apart(guard: str, function: Function, context: Context) -> str:
    """Return why a guard may not end a test as the index does, or as its class does, in words."""
    if asserting.is_plain(function, context.class_at(function)):
        return obstacles.PLAIN
    module, project = context.module, context.project
    running = forgiving.of_callers(function, module, project)
    return running or guards.hidden(guard, function, context.class_at(function), module, project)


def _chained(use: Use, function: Function, context: Context, taken: set[str]) -> Finding:
    """Return the finding for a call that is indexed directly; its result needs a name first."""
    owner = context.class_at(function)
    message = f"the result of a call is indexed without a check: `{ast.unparse(use.node)}`"
    obstacle = asserting.unable(function, owner, context.project)
    in_string = any(isinstance(item, ast.JoinedStr) for item in context.parents.above(use.node))
    if not obstacle and (use.reached is not Reached.ALWAYS or in_string):
        obstacle = (
            "it cannot be named in a statement of its own just before; name the list where it "
            "is reached and assert its length"
        )
    whole = context.source.span(use.node)
    flagged = None
    if use.node.value.lineno != use.node.end_lineno and not in_string:
        flagged = Span(context.source.span(use.node.value).end, whole.end)  # the index's line
    if obstacle:
        return context.finding(
            use.node, f"{message}; {obstacle}", Applicability.DISPLAY, span=flagged
        )
    written = context.source.slice(context.source.span(use.node.value))
    statement = use.place.statement
    own = usual.of_function(use.node.value, function, context.module)
    known = own or usual.name(use.node.value, context.module)
    other = guards.noun(use.node.value)
    below = own and naming.is_bound_below(known, use, function, context.module)
    if below and other not in {*taken, guards.UNNAMED}:
        known = other  # the list below keeps its name
    elif known in taken and (own or known not in guards.names(function)):
        known = guards.numbered(known, taken)  # the list above is called so now
    would_be = known if known and known not in taken else other
    if would_be in taken or would_be[-1].isdigit():
        several = naming.of_target(use, other)
        known = several if several and several not in taken else known
    name, assignment = guards.naming(
        use.node.value,
        statement,
        written,
        taken,
        context.line_length,
        known,
        context.source.line(use.node.value.lineno),
    )
    guard = guards.guard(name, use.index, owner, context.project)
    fake = obstacles.is_of_stand_in(use.list, function, context)
    obstacle = obstacles.STAND_IN if fake else obstacles.stands_in(use, function, context)
    if not obstacle:
        obstacle = naming.in_the_way(use, function, name, context.module)
        obstacle = obstacle or _apart(guard, function, context)
    return context.finding(
        use.node,
        f"{message}; {obstacle}" if obstacle else message,
        Applicability.UNSAFE if obstacle else Applicability.SAFE,
        anchor=statement,
        span=flagged,
        assignment=assignment,
        guard=guard,
        **_written(f"{name}[{constant_int(use.node.slice)}]", whole, statement, context),
    )


def _written(index: str, whole: Span, statement: ast.stmt, context: Context) -> dict[str, Any]:
    """Return what is put in the place of an indexed call, and where.

    It is the whole value of its statement where brackets hold together the lines of the call alone:
    they go then.
    """
    if isinstance(statement, ast.Assign):
        value = context.source.span(statement.value)
        between = Span(context.source.span(statement.targets[-1]).end, value.start)
        before = context.source.slice(Span(value.start, whole.start))
        after = context.source.slice(Span(whole.end, value.end))
        if "(" in context.source.slice(between) and "\n" not in before + after:
            return {"replacement": before + index + after, "replaced": [value.start, value.end]}
    return {"replacement": index, "replaced": [whole.start, whole.end]}
