"""Runs that wrote: which there were, and how one is taken back."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from fixtests.cli.outcomes import top_of_here
from fixtests.cli.refusals import refuse
from fixtests.files import discover
from fixtests.model import RunError
from fixtests.report.location import shown
from fixtests.report.screen import Screen
from fixtests.report.summary import count
from fixtests.rules import registry


def tell() -> None:
    """Print the runs that wrote below the current project."""
    from fixtests.write import history

    try:
        for line in history.listing(top_of_here()):
            Screen("never").emit(line)
    except RunError as error:
        refuse(str(error))


def take_back(
    number: int | None, files: Sequence[Path], rules: Iterable[str], *, merge: bool
) -> NoReturn:
    """Take a run back, the last one that stands where none is named, and leave."""
    from fixtests.write import history
    from fixtests.write.undo import Undo

    try:
        taken = Undo(
            history.chosen(number, top_of_here()),
            files=[discover.real(item) for item in files],
            rules={registry.find(word).code for word in rules},
            merge=merge,
        )
        outcomes = taken.carry_out(sys.argv[1:])
    except (RunError, registry.SelectionError) as error:
        refuse(str(error))
    screen = Screen("never")
    for item in outcomes:
        if item.problem:
            screen.warn(f"error: {shown(str(item.path))}: {item.problem}")
    done = sum(not item.problem for item in outcomes)
    if done:
        screen.warn(f"Took back run {taken.run.number} in {count(done, 'file')}.")
    sys.exit(2 if done < len(outcomes) else 0)
