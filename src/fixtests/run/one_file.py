"""From paths to FileResults, one file at a time, whatever goes wrong in it."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from fixtests.engine import check_file
from fixtests.files import discover
from fixtests.model import FileResult, Status
from fixtests.report import faults
from fixtests.run import limits
from fixtests.run.session import Session
from fixtests.text.source import read


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
    job = session.jobs.of(item)
    trail = job.project.trail
    try:
        with limits.within():
            try:
                contents = session.request.contents
                content = contents[item] if item in contents else read(item)
            except OSError as error:
                return _failed(item, _unread(error))
            trail.looked = 0
            trail.look("file", str(item))
            result = check_file.run(str(item), content, job)
            return replace(result, lasting=result.status is Status.FAILED)
    except limits.TooLong as late:
        session.start_over(item, trail.looks(trail.looked))
        if late.pattern:
            raise session.configuration.too_slow(late.pattern, item, limits.PROCESSOR) from None
        return _failed(item, limits.too_long(), lasting=True)
    except limits.Waited:
        session.start_over(item)
        return _failed(item, limits.waited())
    except RecursionError:
        session.start_over(item, trail.looks(trail.looked))
        reason = "is nested too deeply to be worked on; exclude it, or make it flatter"
        return _failed(item, reason, lasting=True)
    except Exception as error:  # a fault of ours in one file must not stop the others
        if faults.is_interruption(error):
            raise KeyboardInterrupt from None
        return _failed(item, f"internal error {faults.described(error)}; please report it")


def _failed(item: Path, reason: str, *, lasting: bool = False) -> FileResult:
    return FileResult(str(item), "", Status.FAILED, detail=reason, lasting=lasting)


def _unread(error: OSError) -> str:
    """Return why a file cannot be read."""
    if error.errno == errno.EINVAL:  # as `read` says of what is no file any more
        return f"not judged: {error.strerror}; put the file back, or exclude it"
    return f"cannot be read: {error.strerror}; check its permissions"
