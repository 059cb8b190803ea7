"""The one writer: all is staged and journalled, then renamed; a group lands whole or not at all.

Signals wait until the file at hand is done. A file is looked at directly before
its rename; what the rename displaced is looked at after it, and again before the
run ends, and given back with its whole group where it was saved meanwhile. What a
killed run left behind is `recovery`'s.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtests.plan.plan import Plan, Write
from fixtests.write import journal, refusals, staging
from fixtests.write.landing import Part, landed, looked, reason_of, staged
from fixtests.write.record import Change, Entry, JournalError
from fixtests.write.run_folder import Run, sync
from fixtests.write.signals import patient
from fixtests.write.staging import HalfError

TOGETHER = "a file that the same fix needs could not be written"
ALL_OR_NOTHING = "not written, since another file of the run could not be; it is as it was"
STOPPED = "not written, since the run was interrupted; it is as it was"


@dataclass(frozen=True)
class Outcome:
    """What became of one file; `problem` is empty where it was written."""

    path: Path
    problem: str = ""


def apply(
    plan: Plan, told: Mapping[str, Any], *, atomic: bool = False
) -> tuple[list[Outcome], int | None]:
    """Write a plan, and say of each of its files what became of it.

    A file that changed since it was read is left out first, so that the
    others' groups are written without it; with `atomic` nothing is written
    then. `told` goes into the journal. Returns the run's number, too, None
    where nothing was written. Raises JournalError.
    """
    with alone():
        refused = refusals.refused(_changes(plan))
        if refused and not atomic:
            plan = plan.without(refused)
        if atomic:
            plan = plan.as_one()
        outcomes = [Outcome(path, problem) for path, problem in refused.items()]
        groups: list[list[Change]] = []
        left: list[list[Change]] = []
        for changes in _changes(plan):
            whole = not any(change.path in refused for change in changes)
            (groups if whole else left).append(changes)
        rest = (change.path for changes in left for change in changes)
        reason = ALL_OR_NOTHING if atomic else TOGETHER
        outcomes += [Outcome(path, reason) for path in rest if path not in refused]
        written, number = _written(groups, told, reason)
    return outcomes + written, number


def write(
    groups: Sequence[Sequence[Change]], told: Mapping[str, Any]
) -> tuple[list[Outcome], int | None]:
    """Make some changes of files, as `apply` does. Raises JournalError."""
    with alone():
        refused = refusals.refused(groups)
        outcomes = [Outcome(path, problem) for path, problem in refused.items()]
        whole = []
        for group in groups:
            if any(item.path in refused for item in group):
                rest = (item.path for item in group if item.path not in refused)
                outcomes += [Outcome(path, TOGETHER) for path in rest]
            else:
                whole.append(group)
        written, number = _written(whole, told, TOGETHER)
    return outcomes + written, number


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Be the only one that writes, on files that no killed run has left half way.

    Raises JournalError.
    """
    with journal.lock():
        if any(not run.has_ended for run in journal.unfinished()):
            raise JournalError("another run was killed meanwhile; run again to end it")
        yield


def _changes(plan: Plan) -> list[list[Change]]:
    return [[_change(item) for item in group.writes] for group in plan.groups]


def _change(write: Write) -> Change:
    return Change(write.path, write.root, write.digest, write.result, write.content)


def _written(
    groups: Sequence[Sequence[Change]], told: Mapping[str, Any], rest: str
) -> tuple[list[Outcome], int | None]:
    """Stage, journal and rename; on any failure the files of a group are as they were.

    `rest` is said of the other files of a group of which one cannot be written.
    """
    if not groups:
        return [], None
    with patient() as stopped:
        run = journal.begin(groups, told)
        entries = iter(run.entries)
        parts = [[(change, next(entries)) for change in group] for group in groups]
        problems = _prepared(parts, run, rest, stopped)
        half: set[int] = set()
        for step in (landed, looked):
            for part in parts:
                if any(problems[change.path] for change, _ in part):
                    continue
                if step is landed and stopped():
                    problems |= {change.path: STOPPED for change, _ in part}
                    continue
                try:
                    problems |= step(part, run, rest)
                except HalfError as error:
                    problems |= {change.path: str(error) for change, _ in part}
                    half.add(part[0][1].group)
                except OSError:  # written, but not looked at: the next command does that
                    half.add(part[0][1].group)
        for folder in {change.path.parent for part in parts for change, _ in part}:
            sync(folder)
        left = _end(run, {path: why for path, why in problems.items() if why}, half)
    number = None if all(problems.values()) else run.number
    return [Outcome(path, problem) for path, problem in (problems | left).items()], number


def _prepared(
    parts: Sequence[Part], run: Run, rest: str, stopped: Callable[[], bool]
) -> dict[Path, str]:
    """Stage all groups, and journal what they replace; return the problem of each file."""
    problems: dict[Path, str] = {}
    before: dict[Entry, bytes] = {}
    folders: dict[Path, OSError | None] = {}
    for part in parts:
        if stopped():
            problems |= {change.path: STOPPED for change, _ in part}
        else:
            problems |= staged(part, rest, before, folders)
    try:
        run.set_ready({item: old for item, old in before.items() if not problems[item.path]})
    except OSError as error:
        return dict.fromkeys(problems, reason_of(error, "the journal could not be written"))
    return problems


def _end(run: Run, problems: Mapping[Path, str], half: Collection[int]) -> dict[Path, str]:
    """Note how a run ended, and tidy up; return what must be left beside its files, and why.

    Where that fails, or groups are `half` done, its mark stays, and the next command ends it.
    """
    left: dict[Path, str] = {}
    if half:
        staging.discard(entry for entry in run.entries if entry.group not in half)
        return left
    with contextlib.suppress(OSError, JournalError):
        left = staging.end(run, problems)
        journal.prune()
    return left
