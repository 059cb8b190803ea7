"""Actions that are not flagged, for those who say that nobody looks at how they end."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.reasoning import roles
from fixtests.reasoning.calls import Run
from fixtests.rules.api import Context
from fixtests.rules.unverified_outcome.actions import starts
from fixtests.rules.unverified_outcome.evidence import verified
from fixtests.rules.unverified_outcome.seen import is_test, seen_after, sentence
from fixtests.rules.unverified_outcome.window import Window
from fixtests.syntax.queries import called_name, last_name, walk

SOON = 8  # rows after a call within which what is asserted is about it
LATER = 16  # those within which it is waited for


def of_call(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield a call that starts an action by whether its end is looked at."""
    method = context.method_at(node)
    if not isinstance(node, ast.Call) or method is None:
        return
    owner = context.class_at(method.node)
    may_start = starts(node, method, owner, context.project)
    if not may_start:
        yield from _of_another(node, Run(method, owner), context)
        return
    window = Window(may_start[0].method, owner, context.project, may_start[0].call)
    name = ast.unparse(node.func)
    seen = seen_after(window)
    if verified(window):
        told, judgement = f"what `{name}` starts is followed to its end", Judgement.RIGHT
    elif seen.hosts and seen.statuses:
        told, judgement = sentence(may_start, seen), Judgement.HALF
    else:
        told, judgement = f"nothing tells how what `{name}` starts is to end", Judgement.OPEN
    yield context.judged(node, judgement, told)


def _of_another(node: ast.Call, run: Run, context: Context) -> Iterator[Judged]:
    """Yield a call of which no profile knows how it ends by what is seen to follow it."""
    if not isinstance(node.func, ast.Attribute) or not roles.TAKES_TIME.fullmatch(node.func.attr):
        return
    name = ast.unparse(node.func)
    helper = roles.waits_itself(node, run, context.project)
    if helper is not None:
        told = f"`{helper.name}`, which it runs, waits; the rule does not know for what"
        yield context.judged(node, Judgement.HALF, told)
        return
    window, last = Window(run.method, run.owner, context.project, node), node.end_lineno or 0
    after = [item for item in window.following if isinstance(item, ast.Call)]
    soon = [item for item in after if last < item.lineno <= last + LATER]
    about = [item for item in soon if _words(node) & _words(item)]
    waits = [item for item in about if roles.WAITS.match(called_name(item))]
    asserted = [
        item
        for item in soon
        if about and roles.ASSERTS.match(called_name(item)) and item.lineno <= last + SOON
    ]
    seen = {item.lineno: ast.unparse(item.func) for item in (*waits, *asserted)}
    if seen:
        row = min(seen)
        told = f"the next look after `{name}` is `{seen[row]}` on line {row}"
        yield context.judged(node, Judgement.HALF, told)
    elif not is_test(run.method) or any(roles.ASSERTS.match(called_name(item)) for item in after):
        yield context.judged(node, Judgement.OPEN, f"nothing tells how `{name}` is to end")
    else:
        told = f"nothing is waited for or asserted after `{name}`; the rule does not know it"
        yield context.judged(node, Judgement.SO, told)


def _words(call: ast.Call) -> set[str]:
    """Return the words of what a call names, its own name among them."""
    names = [
        called_name(call),
        *map(last_name, (item for part in call.args for item in walk(part))),
    ]
    return {word for name in names for word in name.lower().split("_")[-2:] if len(word) > 3}
