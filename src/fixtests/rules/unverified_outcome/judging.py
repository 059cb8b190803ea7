"""Actions that are not flagged, for those who say that nobody looks at how they end."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from fixtests.model import Judged, Judgement
from fixtests.reasoning import helpers, roles
from fixtests.reasoning.calls import Run
from fixtests.rules.api import Context
from fixtests.rules.unverified_outcome import looks
from fixtests.rules.unverified_outcome.actions import starts
from fixtests.rules.unverified_outcome.evidence import verified
from fixtests.rules.unverified_outcome.seen import is_test, seen_after, sentence
from fixtests.rules.unverified_outcome.window import Window
from fixtests.syntax.queries import called_name, calls, constant_string, last_name, walk

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
    elif reached := seen.statuses - {window.outcomes.ready}:
        told = f"after `{name}` the status {min(reached)} is waited for"
        judgement = Judgement.RIGHT
    elif seen.hosts and seen.statuses:
        told, judgement = sentence(may_start, seen), Judgement.HALF
    elif is_test(window.method) and not any(map(helpers.waits_or_asserts, window.following)):
        told = f"nothing is waited for or asserted after `{name}`"
        judgement = Judgement.SO
    else:
        told, judgement = f"nothing tells how what `{name}` starts is to end", Judgement.OPEN
    yield context.judged(node, judgement, told)


def _of_another(node: ast.Call, run: Run, context: Context) -> Iterator[Judged]:
    """Yield a call of which no profile knows how it ends by what is seen to follow it."""
    if not isinstance(node.func, ast.Attribute):
        return
    name, asked = ast.unparse(node.func), _asked(node)
    if roles.TELLS.fullmatch(name):
        return
    takes_time = roles.TAKES_TIME.fullmatch(asked or node.func.attr) is not None
    if told_to_wait := _told_to_wait(node):
        told = f"`{name}` is told to wait, by `{told_to_wait}`"
        yield context.judged(node, Judgement.RIGHT, told)
    elif takes_time or asked or _changes(node.func):
        yield _of_change(node, run, context, takes_time=takes_time)
    elif _ends_test(node, run, context):
        told = f"the test ends with `{name}`, and nothing is known to look at what it does"
        yield context.judged(node, Judgement.SO, told)
    elif look := looks.at_statement(node, run, context):
        yield context.judged(node, _by_look(node, look), _next(name, look))


def _of_change(node: ast.Call, run: Run, context: Context, *, takes_time: bool) -> Judged:
    """Judge a call that changes something by what follows it."""
    name = ast.unparse(node.func)
    helper = helpers.waits_itself(node, run, context.project) if takes_time else None
    if helper is not None:
        known = {*context.project.profile.outcomes.wait, *context.project.profile.outcomes.events}
        waits = (name for name in map(called_name, calls(helper.node)) if name in known)
        if wait := next(waits, ""):
            told = f"`{helper.name}`, which it runs, waits for its end by `{wait}`"
            return context.judged(node, Judgement.RIGHT, told)
        told = f"`{helper.name}`, which it runs, waits; the rule does not know for what"
        return context.judged(node, Judgement.HALF, told)
    window = Window(run.method, run.owner, context.project, node)
    if not window.order([node]).last(node):
        return context.judged(node, Judgement.OPEN, f"`{name}` is never reached")
    after = [item for item in window.following if isinstance(item, ast.Call)]
    look = (_look(node, after) if takes_time else None) or looks.again(node, after, context)
    if look is not None:
        judgement = Judgement.HALF if takes_time else _by_look(node, look)
        return context.judged(node, judgement, _next(name, look))
    if reply := looks.into_reply(node, window.following, context):
        told = f"what `{name}` replies is compared, on line {reply.lineno}"
        return context.judged(node, Judgement.HALF, told)
    if not is_test(run.method):
        return context.judged(node, Judgement.OPEN, f"nothing tells how `{name}` is to end")
    own = [item for item in after if roles.ASSERTS.match(called_name(item))]
    if not own:
        told = f"nothing is waited for or asserted after `{name}`; the rule does not know it"
    elif looks.only_status(node, own, context):
        row = min(item.lineno for item in own)
        told = f"after `{name}` only how it is answered is compared, on line {row}"
    elif looks.is_used(node, after, context):
        return context.judged(node, Judgement.OPEN, f"nothing tells how `{name}` is to end")
    else:
        told = f"no call after `{name}` names what it is about"
    return context.judged(node, Judgement.SO, told)


def _told_to_wait(node: ast.Call) -> str:
    """Return the keyword by which a call is told to wait itself; empty for none."""
    told = (
        item.arg
        for item in node.keywords
        if item.arg and roles.WAITS.fullmatch(item.arg)
        if not (isinstance(item.value, ast.Constant) and not item.value.value)
    )
    return next(told, "")


def _by_look(node: ast.Call, look: ast.Call) -> Judgement:
    """Return what the next look tells of a call: what is far away may be about something else."""
    is_near = look.lineno <= (node.end_lineno or 0) + LATER
    is_about = is_near or roles.WAITS.fullmatch(called_name(look))
    return Judgement.RIGHT if is_about else Judgement.OPEN


def _next(name: str, look: ast.Call) -> str:
    return f"the next look after `{name}` is `{ast.unparse(look.func)}` on line {look.lineno}"


def _ends_test(node: ast.Call, run: Run, context: Context) -> bool:
    """Tell whether a call is the last statement of a test, and neither looks nor runs what does."""
    name = called_name(node)
    last = run.method.node.body[-1]
    if not (is_test(run.method) and isinstance(last, ast.Expr) and last.value is node):
        return False
    if (
        helpers.waits_or_asserts(node)
        or looks.FETCHES.fullmatch(name)
        or roles.REGISTERS_CLEANUP.fullmatch(name)
    ):
        return False
    of_client = isinstance(node.func, ast.Attribute) and _is_client(node.func.value)
    return of_client or not helpers.may_wait_or_assert(node, run, context.project)


def _asked(node: ast.Call) -> str:
    """Return what a call is given by name to ask for, a method or a request; empty for none."""
    if not roles.HANDS_OVER.fullmatch(called_name(node)):
        return ""
    given = map(constant_string, node.args)
    return next((text for text in given if text and roles.ASKED.fullmatch(text)), "")


def _changes(called: ast.Attribute) -> bool:
    """Tell whether a method is one that sends a change, or one of a client that makes one."""
    if roles.SENDS.fullmatch(called.attr):
        return True
    return _is_client(called.value) and roles.CHANGES.fullmatch(called.attr) is not None


def _is_client(holder: ast.expr) -> bool:
    name = last_name(holder)
    return name.endswith(roles.API) or roles.REPLYING.fullmatch(name) is not None


def _look(node: ast.Call, after: Sequence[ast.Call]) -> ast.Call | None:
    """Return what waits for the end of something that takes time, or asserts it soon."""
    last = node.end_lineno or 0
    soon = [item for item in after if last < item.lineno <= last + LATER]
    about = [item for item in soon if _words(node) & _words(item)]
    found = [item for item in about if roles.WAITS.match(called_name(item))]
    if about:
        found += [
            item
            for item in soon
            if roles.ASSERTS.match(called_name(item)) and item.lineno <= last + SOON
        ]
    return min(found, key=lambda item: item.lineno, default=None)


def _words(call: ast.Call) -> set[str]:
    """Return the words of what a call names, its own name among them."""
    names = [
        called_name(call),
        *map(last_name, (item for part in call.args for item in walk(part))),
    ]
    return {word for name in names for word in name.lower().split("_")[-2:] if len(word) > 3}
