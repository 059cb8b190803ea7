"""From paths to FileResults, one file at a time, whatever goes wrong in it."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from fixtests.engine import check_file
from fixtests.files import discover
from fixtests.model import FileResult, Status
from fixtests.report import faults
from fixtests.run.session import Session
from fixtests.text.source import read
from fixtests.tree import patterns

PATIENCE = 120  # seconds for one file, a hundred times what a large one takes


class TooLong(BaseException):  # nobody may take it for an error of the file
    """A file that a hostile or odd text keeps busy without end.

    `pattern` is the regular expression of a profile that did, empty for none.
    """

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.pattern = pattern


def run(
    session: Session, files: Iterable[Path | discover.Missing], seen: Callable[[], None]
) -> Iterator[FileResult]:
    """Yield the result of each file, in order; `seen` is called after each."""
    for item in files:
        yield one(session, item)
        seen()


def one(session: Session, item: Path | discover.Missing) -> FileResult:
    """Return the result of one file, whatever goes wrong in it.

    Raises UsageError where a regular expression of a profile keeps it busy.
    """
    if isinstance(item, discover.Missing):
        return FileResult(str(item.path), "", Status.FAILED, detail=item.reason)
    try:
        contents = session.request.contents
        content = contents[item] if item in contents else read(item)
    except OSError as error:
        reason = f"cannot be read: {error.strerror}; check its permissions"
        return FileResult(str(item), "", Status.FAILED, detail=reason)
    job = session.jobs.of(item)
    try:
        with _within(PATIENCE):
            job.project.trail.looked = 0
            job.project.trail.look("file", str(item))
            return check_file.run(str(item), content, job)
    except TooLong as late:
        session.start_over()  # what was being found out is known in part only
        if late.pattern:
            raise session.configuration.too_slow(late.pattern, item, PATIENCE) from None
        reason = f"takes more than {PATIENCE} seconds; exclude it, or split it up"
        return FileResult(str(item), "", Status.FAILED, detail=reason)
    except RecursionError:
        session.start_over()
        reason = "is nested too deeply to be worked on; exclude it, or make it flatter"
        return FileResult(str(item), "", Status.FAILED, detail=reason)
    except Exception as error:  # a fault of ours in one file must not stop the others
        if _interrupted(error):
            raise KeyboardInterrupt from None
        reason = f"internal error {faults.described(error)}; please report it"
        return FileResult(str(item), "", Status.FAILED, detail=reason)


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise TooLong where a block goes on for too long, as far as the system can tell time."""
    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    def stop(number: int, frame: Any) -> NoReturn:
        raise TooLong(patterns.running())

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _interrupted(error: BaseException | None) -> bool:
    """Tell whether Ctrl-C is behind an error: what is being imported then wraps it."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False
