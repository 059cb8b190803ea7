"""What killed runs left behind, finished or taken back."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fixtests.model import digest
from fixtests.text.source import read
from fixtests.write import journal, staging
from fixtests.write.journal import Entry, Run

REPLACED = (errno.EACCES, errno.EINVAL, errno.EISDIR, errno.ELOOP, errno.ENOTDIR, errno.EPERM)


@dataclass(frozen=True)
class Recovery:
    """What became of a run that had been killed; the numbers are those of files."""

    number: int
    written: int
    taken_back: int
    untouched: int
    changed: tuple[Path, ...]


def recover() -> Iterator[Recovery]:
    """Finish or take back what runs left that were killed, and say what became of them.

    A fix that had landed in part is finished where its files are still staged,
    else taken back. Raises journal.JournalError.
    """
    if not journal.unfinished():
        return
    try:
        with journal.lock(patience=0):
            for run in journal.unfinished():
                if run.has_ended:
                    run.unmark()
                else:
                    yield _recovered(run)
    except journal.BusyError:
        return
    except OSError as error:
        raise journal.JournalError(
            f"{error.filename or journal.state()}: a run that was killed cannot be ended: "
            f"{error.strerror}; nothing is lost, run again when that can be written"
        ) from None


def _recovered(run: Run) -> Recovery:
    groups: dict[int, list[Entry]] = {}
    for entry in run.entries if run.begun else ():
        groups.setdefault(entry.group, []).append(entry)
    problems: dict[Path, str] = {}
    back: list[Entry] = []
    changed: list[Path] = []
    finish: list[Entry] = []
    for part in groups.values():
        states = {entry: _state(entry.path) for entry in part}
        landed = [entry for entry in part if states[entry] == entry.after != entry.before]
        left = [entry for entry in part if states[entry] == entry.before]
        other = [entry for entry in part if entry not in (*landed, *left)]
        unwritten = [entry for entry in other if not run.is_ready or _is_staged(entry)]
        changed += [entry.path for entry in other]
        if landed and not unwritten and all(map(_is_staged, left)):
            finish += left
        elif landed and (left or other):
            back += landed
            problems |= dict.fromkeys((entry.path for entry in part), "taken back")
        else:
            problems |= dict.fromkeys((item.path for item in (*left, *unwritten)), "never written")
    for entry in back:
        run.check(entry)
    for entry in finish:
        staging.rename(entry)
    for entry in back:
        staging.restore(entry, run)
    if run.begun and not staging.discard(run.entries):
        raise journal.JournalError(
            f"{run.folder}: its temporary files cannot be removed; make the folders that it "
            "wrote to writable, or move it away"
        )
    for folder in {entry.path.parent for part in groups.values() for entry in part}:
        journal.sync(folder)
    edited = set(changed)
    taken_back = len(back)
    untouched = len(problems.keys() - edited) - taken_back
    written = sum(map(len, groups.values())) - taken_back - untouched - len(edited)
    if len(problems) < sum(map(len, groups.values())):
        journal.end(run, problems)
    else:
        run.drop()
    return Recovery(run.number, written, taken_back, untouched, tuple(changed))


def _state(path: Path) -> str | None:
    """Return the digest of what a file holds now, None where there is none. Raises OSError."""
    try:
        return digest(read(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno not in REPLACED:
            raise
        return "unreadable"


def _is_staged(entry: Entry) -> bool:
    return entry.after is None or _state(entry.temporary) == entry.after
