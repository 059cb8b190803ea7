"""Work on several clones: one recipe, a series in each, one table at the end."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from fixtests.cli.refusals import refuse
from fixtests.model import RunError
from fixtests.report.location import shown, visible
from fixtests.report.screen import Screen
from fixtests.report.summary import count, minutes
from fixtests.settings.tables import TableError

if TYPE_CHECKING:
    from fixtests.campaign.recipe import Order
    from fixtests.campaign.run import Outcome

HEADINGS = (
    *("repository", "outcome", "new", "commits", "files", "fixes", "left", "seconds", "branch"),
)
NUMBERS = slice(2, 8)  # columns that are set to the right
GAP = "  "


def carry_out(
    file: Path, jobs: int, scheduler: str | None, output_format: str, *, quiet: bool
) -> NoReturn:
    """Make the series that a file says in each of several clones, and leave with the exit code."""
    from fixtests.campaign import recipe
    from fixtests.campaign.places import Here
    from fixtests.campaign.run import Runner
    from fixtests.campaign.workers import at

    screen = Screen("never", quiet=quiet)
    spoken = _Spoken(screen)
    try:
        found = recipe.read(file)
        outcomes: dict[Order, Outcome] = {}
        with (
            at(scheduler, jobs, screen.warn) if scheduler else nullcontext(Here()) as place,
            closing(Runner(found, place, jobs, spoken.begin).run()) as coming,
        ):
            for item in coming:
                outcomes[item.order] = item
                spoken.end(item)
    except (RunError, TableError) as error:
        refuse(str(error))
    ended = [outcomes[order] for order in found.orders]
    if output_format == "json":
        screen.emit(json.dumps([_body(item) for item in ended], indent=2))
    else:
        for line in _table(ended):
            screen.emit(line)
    sys.exit(0 if all(item.is_well for item in ended) else 1)


class _Spoken:
    """Says what is begun, and what came of it, with the time since the first."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._began = time.monotonic()

    def begin(self, order: Order) -> None:
        """Say that a clone is being worked on."""
        self._screen.note(f"[{self._time()}] {order.name}: begun")

    def end(self, outcome: Outcome) -> None:
        """Say what came of it."""
        done, name = outcome.done, outcome.order.name
        if done is None:
            self._screen.warn(f"error: {name}: {outcome.why}")
            return
        new = f", {done.new:,} of them new" if done.new else ""
        said = f"{outcome.kind}, {count(done.commits, 'commit')}{new}"
        self._screen.note(f"[{self._time()}] {name}: {said}")
        if done.failed:
            report = shown(f"{outcome.order.report}.json")
            self._screen.warn(
                f"error: {name}: {count(done.failed, 'file')} failed, which {report} names"
            )

    def _time(self) -> str:
        return minutes(time.monotonic() - self._began)


def _table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the lines of the table."""
    rows = [HEADINGS, *map(_row, outcomes)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        cells[NUMBERS] = [
            cell.rjust(width) for cell, width in zip(row[NUMBERS], widths[NUMBERS], strict=True)
        ]
        yield GAP.join(cells).rstrip()


def _row(outcome: Outcome) -> tuple[str, ...]:
    done = outcome.done
    name = visible(outcome.order.name)
    if done is None:
        return (name, str(outcome.kind), *("-",) * (len(HEADINGS) - 2))
    failed = f", {count(done.failed, 'file')} failed" if done.failed else ""
    counts = (done.new, done.commits, done.files, done.fixes, done.left)
    branch = visible(outcome.order.branch) if done.tip else "-"
    numbers = (*(f"{it:,}" for it in counts), f"{done.seconds:.1f}")
    return (name, f"{outcome.kind}{failed}", *numbers, branch)


def _body(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as data."""
    done, order = outcome.done, outcome.order
    return {
        "repository": order.name,
        "folder": str(order.clone),
        "outcome": str(outcome.kind),
        "why": outcome.why or None,
        "branch": order.branch if done and done.tip else None,
        "tip": done.tip if done else None,
        "new": done.new if done else None,
        "commits": done.commits if done else None,
        "files": done.files if done else None,
        "fixes": done.fixes if done else None,
        "left": done.left if done else None,
        "failed": done.failed if done else None,
        "seconds": round(done.seconds, 1) if done else None,
        "report": f"{order.report}.json",
        "log": f"{order.report}.txt",
    }
