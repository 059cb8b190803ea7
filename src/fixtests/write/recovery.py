"""What killed runs left behind, finished or taken back."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fixtests.plan.plan import MovedError
from fixtests.write import journal, loans, staging
from fixtests.write.record import Entry, JournalError
from fixtests.write.run_folder import Run, sync


@dataclass(frozen=True)
class Recovery:
    """What became of a run that had been killed; the numbers are those of files.

    `left` says why files of its own cannot be removed. Of a run that had come to
    its end, and was not `killed`, that is all. `returned` are the files of a loan that
    hold again what they held, None where it is none.
    """

    number: int
    killed: bool
    left: dict[Path, str]
    written: int = 0
    taken_back: int = 0
    untouched: int = 0
    changed: tuple[Path, ...] = ()
    returned: int | None = None


def recover() -> Iterator[Recovery]:
    """Finish or take back what runs left that were killed, and say what became of them.

    A fix that had landed in part is finished where its files are still staged,
    else taken back. Raises JournalError.
    """
    if not journal.unfinished():
        return
    try:
        with journal.lock(patience=0):
            for run in journal.unfinished():
                if run.has_ended:
                    left = staging.close(run, written=bool(run.written))
                    yield Recovery(run.number, killed=False, left=left)
                else:
                    yield _recovered(run)
    except journal.BusyError:
        return
    except OSError as error:
        raise JournalError(
            f"{error.filename or journal.state()}: a run that was killed cannot be ended: "
            f"{error.strerror}; nothing is lost, run again when that can be written"
        ) from None


def _recovered(run: Run) -> Recovery:
    if not run.begun:
        run.drop()
        return Recovery(run.number, killed=True, left={})
    if run.told.get("loan"):
        kept = loans.give_back(run)
        returned = sum(entry.path not in kept for entry in run.entries)
        return Recovery(run.number, killed=True, left=kept, returned=returned)
    groups: dict[int, list[Entry]] = {}
    for entry in run.entries:
        groups.setdefault(entry.group, []).append(entry)
    found = _Settlement(run)
    for part in groups.values():
        found.judge(part)
    found.carry_out()
    for folder in {entry.path.parent for entry in run.entries}:
        sync(folder)
    left = staging.end(run, found.problems)
    edited = set(found.changed)
    taken_back = len(found.back)
    untouched = len(found.problems.keys() - edited) - taken_back
    written = len(run.entries) - taken_back - untouched - len(edited)
    return Recovery(run.number, True, left, written, taken_back, untouched, tuple(found.changed))


@dataclass
class _Settlement:
    """What is to become of the files of a killed run, and why some are as before."""

    run: Run
    problems: dict[Path, str] = field(default_factory=dict)
    changed: list[Path] = field(default_factory=list)
    back: list[Entry] = field(default_factory=list)
    overtaken: list[Entry] = field(default_factory=list)
    finish: list[tuple[Entry, os.stat_result | None]] = field(default_factory=list)

    def judge(self, part: Sequence[Entry]) -> None:
        """Decide about the files of one group. Raises OSError."""
        landed, other, unwritten = [], [], []
        left: list[tuple[Entry, os.stat_result | None]] = []
        for entry in part:
            status = _status(entry.path)
            state = staging.held(entry.path)
            if state == entry.before:
                left.append((entry, status))
            elif state != entry.after:
                other.append(entry)
                if not self.run.is_ready or _is_staged(entry):
                    unwritten.append(entry)
            elif staging.is_overtaken(entry):
                self.overtaken.append(entry)
                other.append(entry)
                unwritten.append(entry)
            else:
                landed.append(entry)
        self.changed += [entry.path for entry in other]
        if landed and not unwritten and all(_is_staged(entry) for entry, _ in left):
            self.finish += left
        elif landed and (left or other):
            self.back += landed
            self.problems |= {entry.path: "taken back" for entry in part}
        else:
            unwritten += [entry for entry, _ in left]
            self.problems |= {entry.path: "never written" for entry in unwritten}

    def carry_out(self) -> None:
        """Bring the files to where they are to be. Raises OSError and JournalError.

        An edit goes back last: until then it shows that its group is to be taken back.
        """
        for entry in self.back:
            self.run.check(entry)
        for entry, status in self.finish:
            entry.kept.unlink(missing_ok=True)
            try:
                staging.land(entry, status)
            except MovedError as error:
                raise JournalError(f"{entry.path}: {error}") from None
        for entry, _ in self.finish:
            if staging.is_overtaken(entry):
                raise JournalError(f"{entry.path}: {staging.CHANGED}")
        for entry in (*self.back, *self.overtaken):
            staging.restore(entry, self.run)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except OSError:
        return None


def _is_staged(entry: Entry) -> bool:
    return entry.after is None or staging.held(entry.temporary) == entry.after
