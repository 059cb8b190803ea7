"""The files of a run to their results, of which only those on some lines may count."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from fixtests.files.discover import Missing
from fixtests.model import FileResult, RunError
from fixtests.report.location import shown
from fixtests.run.session import Session

Item = Path | Missing
Over = Callable[..., Iterator[FileResult]]  # called as `one_file.run` is
Each = Callable[[FileResult], None]
Watch = Callable[[Sequence[Item]], contextlib.AbstractContextManager[Callable[[float], None]]]


@contextlib.contextmanager
def unwatched(files: Sequence[Item]) -> Iterator[Callable[[float], None]]:
    """Run over files without telling anybody how far it is."""
    yield lambda _: None


def collect(
    session: Session,
    files: Sequence[Item],
    over: Over,
    watch: Watch = unwatched,
    each: Each = lambda _: None,
) -> tuple[list[FileResult], Session]:
    """Return the results of a session's files, and the session that they come from.

    That is another one where files are taken to hold what is staged. `each` is called with each
    result as it comes, but where only findings on some lines count. Raises RunError where files
    are to be written and a path is missing, UsageError, and what `over` raises.
    """
    request = session.request
    absent = [item for item in files if isinstance(item, Missing) and item.is_absent]
    if absent and request.writes:
        raise RunError(
            "\nerror: ".join(f"{shown(str(item.path))}: {item.reason}" for item in absent)
            + "; nothing was written"
        )
    if request.since is None and not request.staged:
        return _over(session, files, over, watch, each), session
    from fixtests.plan import narrowing
    from fixtests.run import changed

    touched = changed.of(request, files)
    if touched.contents:  # is not what the tree holds: nobody is to take it for that later
        session = Session(replace(request, contents=touched.contents))
    results = _over(session, touched.items, over, watch)
    return [narrowing.on_changed_lines(item, touched) for item in results], session


def _over(
    session: Session,
    files: Sequence[Item],
    over: Over,
    watch: Watch,
    each: Each = lambda _: None,
) -> list[FileResult]:
    """Return the results of a session's files, and keep what is known for later runs."""
    results = []
    with watch(files) as advance:
        for result in over(session, files, advance):
            each(result)
            results.append(result)
    session.keep()
    return results
