"""What an editor may do about findings: their fixes, a comment that silences one, all safe fixes.

Nothing is written here: each is an edit of documents of some version, for the editor to make.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lsprotocol import types

from fixtests.fixing.silencing import Places
from fixtests.lsp import changes
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
    offer = Offer(found, found.result, found.positions, around)
    given: list[types.CodeAction] = []
    if _wants(asked, QUICK_FIX):
        given += offer.at(asked.range)
    if _wants(asked, FIX_ALL) and not _is_idle(asked):
        given += offer.all_safe()
    return given


def _wants(asked: types.CodeActionParams, kind: str) -> bool:
    """Tell whether a kind of action is asked for, by its name or by the beginning of that."""
    only = asked.context.only
    return only is None or any(f"{kind}.".startswith(f"{item}." if item else "") for item in only)


def _is_idle(asked: types.CodeActionParams) -> bool:
    """Tell whether an editor asks for all there is because its cursor has moved."""
    automatic = types.CodeActionTriggerKind.Automatic
    return asked.context.only is None and asked.context.trigger_kind == automatic


@dataclass(frozen=True)
class Offer:
    """What may be done in a document, given what was found in it and where."""

    found: Judged
    result: FileResult
    positions: Positions
    around: Surroundings

    def at(self, place: types.Range) -> Iterator[types.CodeAction]:
        """Yield the fixes of what is found at a place, and for each a comment that silences it."""
        here = [(item, shown) for item, shown in self.found.shown() if meet(shown.range, place)]
        for finding, shown in here:
            if finding.fix is not None:
                yield self._fix(finding, shown)
        places = Places(self.positions.source, "noqa", sys.maxsize)  # which flake8 reads, too
        for finding, shown in here:
            edit = places.on_line(finding)
            if edit is not None:
                title = f"Silence {finding.code} on this line"
                change = changes.of([changes.own(self.found.document, self.positions, [edit])])
                yield types.CodeAction(title, QUICK_FIX, [shown], edit=change)

    def _fix(self, finding: Finding, shown: types.Diagnostic) -> types.CodeAction:
        """Return the action that makes one fix; one that has to be looked at says why."""
        title = f"Fix {finding.code} {finding.name}"
        safe = finding.applicability is Applicability.SAFE
        if not safe:
            title = f"{title} (unsafe: {parts(finding.message).reason or LOOK})"
        action = types.CodeAction(title, QUICK_FIX, [shown], is_preferred=safe)
        result = replace(self.result, fixed=(finding,))
        try:
            self._make(action, fixing(result, [finding], self.positions.source))
        except MovedError as error:
            action.disabled = types.CodeActionDisabled(str(error))
        return action

    def all_safe(self) -> Iterator[types.CodeAction]:
        """Yield the action that makes all safe fixes, as `fixtests` would, where there is one."""
        if any(it.applicability is Applicability.SAFE and it.fix for it, _ in self.found.shown()):
            action = types.CodeAction("Make all safe fixes of fixtests", FIX_ALL)
            self._make(action, self.around.live.fixed(self.found.document.path))
            yield action

    def _make(self, action: types.CodeAction, result: FileResult) -> None:
        """Have an action write a result, or say why it cannot."""
        try:
            if result.detail:
                raise RunError(result.detail)
            document, places = self.found.document, self.positions
            action.edit = changes.made(result, document, places, self.around)
        except RunError as error:
            action.disabled = types.CodeActionDisabled(str(error))
