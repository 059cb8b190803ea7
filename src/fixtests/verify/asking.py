"""Results proved as the configuration of each file's folder has it, beaten by what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from fixtests.files import user_folders
from fixtests.model import FileResult
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.settings.config import Verification
from fixtests.verify import proving
from fixtests.verify.pins import Pins
from fixtests.verify.proving import How, Progress, Proven
from fixtests.verify.scheduler import Scheduler


@dataclass(frozen=True)
class Way:
    """How fixes are to be proved: by which command, and where.

    `command` beats that of the configuration; `scheduler` is the address of one whose workers
    run the tests, which run here otherwise, and in the user's tree itself with `in_place`.
    `lowest` are the options of rules, by rule, of which the lowest version is to be found.
    """

    command: str | None = None
    scheduler: str | None = None
    in_place: bool = False
    lowest: Mapping[str, Collection[str]] = field(default_factory=dict)


def proved(
    results: Sequence[FileResult],
    request: Request,
    way: Way,
    progress: Progress,
    warn: Callable[[str], None],
) -> Proven:
    """Return results with the fixes that stand, each with its proof. Raises RunError."""
    session = Session(request)

    def settings(path: Path) -> Verification:
        found = session.configuration.at(path.parent).verify
        return replace(found, command=way.command) if way.command else found

    pins = Pins(way.lowest, session.jobs.of) if way.lowest else None
    with Scheduler(way.scheduler, warn) if way.scheduler else nullcontext() as there:
        return proving.prove(
            results,
            settings,
            lambda path: session.jobs.of(path).project,
            Path(user_folders.state()) / "verify",
            progress,
            How(pins, there, way.in_place),
        )
