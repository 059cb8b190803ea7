"""One script over a tree, to the results that any run has.

A script yields changes and never writes; its own code runs in this process, the
code of the target never does.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from fixtests.files import discover
from fixtests.migrate import selection
from fixtests.migrate.script import Script
from fixtests.migrate.selection import Rules
from fixtests.model import FileResult
from fixtests.run.session import Session


def run(
    script: Script,
    session: Session,
    files: Sequence[Path | discover.Missing],
    seen: Callable[[], None],
) -> Iterator[FileResult]:
    """Yield the result of each file, as `one_file.run` does; the script itself is left out.

    LibCST and Bowler are imported only for a script that needs them. What a
    script prints goes to stderr, so that stdout holds the diff alone.

    Raises ScriptError, and request.UsageError as any run does.
    """
    others = [item for item in files if item != script.path]
    with contextlib.redirect_stdout(sys.stderr):
        if isinstance(script.migration, Rules):
            yield from selection.run(script.migration, session, others, seen)
        elif isinstance(script.migration, type):
            from fixtests.migrate import commands

            yield from commands.run(script, session, others, seen)
        else:
            from fixtests.migrate import queries

            yield from queries.run(script, session, others, seen)
