"""What an editor may do about findings: their fixes, a comment that silences one, all safe fixes.

Nothing is written here: each is an edit of documents of some version, for the editor to make.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lsprotocol import types

from fixtests.lsp import changes, silencing
from fixtests.lsp.changes import Surroundings
from fixtests.lsp.documents import Judged
from fixtests.lsp.positions import Positions, meet
from fixtests.model import Applicability, FileResult, Finding, RunError
from fixtests.plan.plan import MovedError, fixing
from fixtests.report.message import parts

QUICK_FIX = types.CodeActionKind.QuickFix.value
FIX_ALL = "source.fixAll.fixtests"
LOOK = "look at what it changes, or run the tests"


def offered(
    found: Judged, asked: types.CodeActionParams, around: Surroundings
) -> list[types.CodeAction]:
    """Return what may be done at a place of a document; what cannot be says why."""
    if found.result is None or found.positions is None:
        return []
    given: list[types.CodeAction] = []
    if _wants(asked, QUICK_FIX):
        given += _quick(found, found.result, found.positions, asked.range, around)
    if _wants(asked, FIX_ALL) and not _is_idle(asked):
        given += _all_safe(found, around)
    return given


def _wants(asked: types.CodeActionParams, kind: str) -> bool:
    """Tell whether a kind of action is asked for, by its name or by the beginning of that."""
    only = asked.context.only
    return only is None or any(kind == item or kind.startswith(f"{item}.") for item in only)


def _is_idle(asked: types.CodeActionParams) -> bool:
    """Tell whether an editor asks for all there is because its cursor has moved."""
    automatic = types.CodeActionTriggerKind.Automatic
    return asked.context.only is None and asked.context.trigger_kind == automatic


def _quick(
    found: Judged,
    result: FileResult,
    positions: Positions,
    place: types.Range,
    around: Surroundings,
) -> Iterator[types.CodeAction]:
    """Yield the fixes of what is found at a place, and for each a comment that silences it."""
    here = [(item, shown) for item, shown in found.shown() if meet(shown.range, place)]
    for finding, shown in here:
        if finding.fix is not None:
            yield _fix(found, replace(result, fixed=(finding,)), finding, shown, around)
    for finding, shown in here:
        edit = silencing.edit(positions.source, finding)
        if edit is not None:
            title = f"Silence {finding.code} on this line"
            change = changes.of([changes.own(found.document, positions, [edit])])
            yield types.CodeAction(title, QUICK_FIX, [shown], edit=change)


def _fix(
    found: Judged,
    result: FileResult,
    finding: Finding,
    shown: types.Diagnostic,
    around: Surroundings,
) -> types.CodeAction:
    """Return the action that makes one fix; one that has to be looked at says why."""
    title = f"Fix {finding.code} {finding.name}"
    safe = finding.applicability is Applicability.SAFE
    if not safe:
        title = f"{title} (unsafe: {parts(finding.message).reason or LOOK})"
    action = types.CodeAction(title, QUICK_FIX, [shown], is_preferred=safe)
    try:
        source = found.positions.source if found.positions else None
        action.edit = changes.made(fixing(result, [finding], source), found, around)
    except (MovedError, RunError) as error:
        action.disabled = types.CodeActionDisabled(str(error))
    return action


def _all_safe(found: Judged, around: Surroundings) -> Iterator[types.CodeAction]:
    """Yield the action that makes all safe fixes of a document, as `fixtests` would."""
    if not any(item.applicability is Applicability.SAFE and item.fix for item, _ in found.shown()):
        return
    action = types.CodeAction("Make all safe fixes of fixtests", FIX_ALL)
    result = around.live.fixed(found.document.path)
    try:
        if result.detail:
            raise RunError(result.detail)
        action.edit = changes.made(result, found, around)
    except RunError as error:
        action.disabled = types.CodeActionDisabled(str(error))
    yield action
