"""One script over a tree, to the results that any run has.

A script yields changes and never writes; its own code runs in this process and its forks, the
code of the target never does.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from fixtests.files import discover
from fixtests.migrate import work
from fixtests.migrate.script import Script
from fixtests.model import FileResult
from fixtests.run import pool
from fixtests.run.session import Session


def run(
    script: Script,
    session: Session,
    files: Sequence[Path | discover.Missing],
    seen: Callable[[float], None],
    *,
    given: Any = None,
    once: bool = False,
    jobs: int | None = None,
) -> Iterator[FileResult]:
    """Yield the result of each file, as `pool.run` does; the script itself is left out.

    `given` are the script's arguments. With `once`, what a second run would change again is
    taken. LibCST and Bowler are imported only for a script that needs them. What a
    script prints goes to stderr, so that stdout holds the diff alone.

    Raises ScriptError, and request.UsageError as any run does.
    """
    others = [item for item in files if item != script.path]
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(sys.stderr):
            over = work.Over(others, Path(folder), once)
            of_script = work.of(script, given, session.request, over)
        results = pool.run(of_script.session, others, seen, jobs=jobs, one=of_script.one)
        while True:
            with contextlib.redirect_stdout(sys.stderr):  # not while others print what is yielded
                result = next(results, None)
            if result is None:
                return
            yield result
