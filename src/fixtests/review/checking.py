"""The files that reviews are about, under all rules: what is found, and what is left, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fixtests.engine import check_file
from fixtests.model import Applicability, FileResult, Finding, Judged
from fixtests.plan import collecting
from fixtests.plan.collecting import Watch
from fixtests.plan.plan import keeping
from fixtests.review.files import Judge
from fixtests.rules import registry
from fixtests.run import pool
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.text.source import read

Checked = tuple[list[FileResult], Judge]


def checked(request: Request, watch: Watch = collecting.unwatched) -> Checked:
    """Return what every rule finds in the files of a request, and what tells what it leaves.

    Raises RunError.
    """
    request = replace(request, select=tuple(rule.code for rule in registry.every()))
    session = Session(request)
    results, session = collecting.collect(session, session.files(), pool.run, watch)

    def judge(result: FileResult) -> Sequence[Judged]:
        path = Path(result.path)
        return check_file.judged(result.path, read(path), session.jobs.of(path))

    return results, judge


def withdrawn(proven: Sequence[FileResult], checked: Checked) -> Checked:
    """Return results without the fixes that tests speak against, which is said at the finding."""
    against = {
        (item.path, item.fingerprint): item.proof
        for result in proven
        for item in result.findings
        if item.proof and item not in result.fixed
    }

    def without(item: Finding) -> Finding:
        proof = against.get((item.path, item.fingerprint))
        if proof is None:
            return item
        message = f"{item.message}; {proof}"
        tier = Applicability.DISPLAY
        return replace(item, fix=None, applicability=tier, message=message, proof=proof)

    results, judge = checked
    return [
        keeping(
            replace(result, findings=tuple(map(without, result.findings))),
            [item for item in result.fixed if (item.path, item.fingerprint) not in against],
        )
        for result in results
    ], judge
