"""A group of files that change together: all of them land, or each is as it was."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fixtests.plan.plan import MovedError
from fixtests.write import staging
from fixtests.write.record import Change, Entry, JournalError
from fixtests.write.refusals import Refused, check
from fixtests.write.run_folder import Run
from fixtests.write.staging import HalfError

HALF = "could not be given back what it held; the next command does that"
Part = Sequence[tuple[Change, Entry]]  # a group of changes, as the journal has it


def staged(
    part: Part, rest: str, before: dict[Entry, bytes], folders: dict[Path, OSError | None]
) -> dict[Path, str]:
    """Write the temporary files of a group; return the problem of each file."""
    try:
        for change, entry in part:
            found = check(change)
            if found is not None:
                before[entry], _ = found
            _probe(entry, folders)
            if change.after is not None:
                staging.stage(
                    change.path, change.content(), entry.temporary, existed=found is not None
                )
    except (OSError, Refused, MovedError) as error:
        staging.discard(entry for _, entry in part)
        return _blamed(part, change, error, rest)
    return {change.path: "" for change, _ in part}


def _probe(entry: Entry, folders: dict[Path, OSError | None]) -> None:
    """Look at the folder of a file, once, before anything is left in it. Raises OSError."""
    folder = entry.path.parent
    if folder not in folders:
        folders[folder] = None
        try:
            staging.probe(entry.temporary)
        except OSError as error:
            folders[folder] = error
    problem = folders[folder]
    if problem is not None:
        raise problem


def landed(part: Part, run: Run, rest: str) -> dict[Path, str]:
    """Rename the files of a group; return the problem of each, with all as it was where one has."""
    done: list[Entry] = []
    try:
        for change, entry in part:
            found = check(change)
            staging.land(entry, None if found is None else found[1])
            done.append(entry)
    except (OSError, Refused, MovedError) as error:
        if entry.before and entry.after:  # an exchange has more than one step
            done.append(entry)
        _take_back(done, run)
        return _blamed(part, change, error, rest)
    try:
        return looked(part, run, rest)
    except OSError:  # it is looked at again before the run ends
        return {change.path: "" for change, _ in part}


def looked(part: Part, run: Run, rest: str) -> dict[Path, str]:
    """Look at what the renames of a group displaced; see `landed`.

    Raises OSError where it cannot be read, and HalfError.
    """
    problems = {
        change.path: staging.CHANGED if staging.is_overtaken(entry) else ""
        for change, entry in part
    }
    if any(problems.values()):
        _take_back([entry for _, entry in part], run)
        return {path: why or rest for path, why in problems.items()}
    return problems


def _take_back(done: Sequence[Entry], run: Run) -> None:
    """Give files back what they held. Raises HalfError."""
    try:
        for entry in done:
            staging.restore(entry, run)
    except (OSError, JournalError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise HalfError(f"{HALF} ({why})") from None


def _blamed(part: Part, change: Change, error: Exception, rest: str) -> dict[Path, str]:
    """Return the problem of each file of a group that is left as it was, because of one of them."""
    why = reason_of(error) if isinstance(error, OSError) else str(error)
    return {item.path: why if item is change else rest for item, _ in part}


def reason_of(error: OSError, what: str = "could not be written") -> str:
    """Return why a file is not written."""
    return f"{what}: {error.strerror or error}; it is as it was"
