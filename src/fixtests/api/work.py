"""What commands do, as functions: they return data, raise RunError, and neither print nor leave.

Each imports what carries it out when it is called, so that a rule costs no more than its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from fixtests.api.project import Name, Project, listed
from fixtests.model import FileResult, Finding

if TYPE_CHECKING:
    from fixtests.plan.plan import Plan
    from fixtests.report.location import Place
    from fixtests.review.checking import Checked
    from fixtests.review.run import Review


@dataclass(frozen=True)
class Applied:
    """What became of a plan: files that were written, and why others were not.

    `run` is the number by which `fixtests undo` takes it back, None where nothing was written.
    """

    run: int | None
    written: tuple[Path, ...]
    problems: Mapping[Path, str]


def check(project: Project, paths: Iterable[Name] = ()) -> tuple[FileResult, ...]:
    """Return what the rules find in files and folders, each with the fix that there is for it.

    Nothing is written. What goes wrong in one file is its result, of status FAILED with the reason
    in `detail`; rules of plug-ins that raised are named in `faults`. Raises RunError.
    """
    return tuple(_results(project, paths, fix=False))


def plugin_faults() -> tuple[str, ...]:
    """Return what is wrong with plug-ins that are installed, each in one line with the remedy.

    All functions go on without them.
    """
    from fixtests.plugins import loading
    from fixtests.rules import registry
    from fixtests.tree import known_profiles

    registry.every()
    known_profiles.names()
    return loading.faults()


def make_plan(project: Project, paths: Iterable[Name] = ()) -> Plan:
    """Return what a run would write: its `results`, and by `diff()` the diff of all of them.

    Raises RunError, also where a path is not there.
    """
    from fixtests.plan.plan import Plan

    return Plan.build(_results(project, paths, fix=True))


def apply_plan(plan: Plan, *, atomic: bool = False) -> Applied:
    """Write a plan. A file that is not what the plan was made for is left, and named.

    With `atomic`, nothing is written then. What a run left that was killed is finished or taken
    back first. Raises RunError.
    """
    from fixtests.files import user_folders
    from fixtests.write import applying, recovery

    if user_folders.is_run_open():
        recovery.recover()
    outcomes, number = applying.apply(plan, ("fixtests.api.apply_plan",), {}, atomic=atomic)
    return Applied(
        number,
        tuple(item.path for item in outcomes if not item.problem),
        {item.path: item.problem for item in outcomes if item.problem},
    )


def verify_plan(project: Project, plan: Plan, *, command: str | None = None) -> Plan:
    """Return the plan of the fixes that the project's own tests let stand.

    That runs the project's code, in copies of its tree. Each finding has its `proof`; those in
    the plan's `results` that are not fixed any more, too. `command` beats the configuration.
    Raises RunError where no test can be run, or a file is not what it was.
    """
    from fixtests.plan.plan import Plan
    from fixtests.verify import asking

    request = project.request((), fix=True)
    way = asking.Way(command)
    proven = asking.proved(plan.results, request, way, _Unheard(), lambda line: None)
    return Plan.build(proven.results)


def answer_review(project: Project, reviews: Iterable[Name], paths: Iterable[Name] = ()) -> Review:
    """Return the answers to what reviews claim, and the plan of the fixes that answer.

    `reviews` are files that hold them; without paths, the files are those that they name. Raises
    RunError.
    """
    from fixtests.review import checking
    from fixtests.review import run as reviewing
    from fixtests.run.configuration import Configuration

    @cache
    def checked(named: tuple[Path, ...]) -> Checked:
        return checking.checked(replace(project.request(named, fix=True), writes=False))

    settings = Configuration(project.request((), fix=True)).at(project.folder)
    given = (*listed("reviews", reviews), *listed("paths", paths))
    words = [project.folder / item for item in given]
    return reviewing.carry_out(words, settings, lambda named: checked(tuple(named)), project.folder)


def place_of(result: FileResult, finding: Finding) -> Place:
    """Return the row and column, from 1, at which a finding of a result begins and ends.

    Raises RunError where the file is not what it was.
    """
    from fixtests.report.location import Texts

    return Texts([result], {}).place(finding)


def _results(project: Project, paths: Iterable[Name], *, fix: bool) -> list[FileResult]:
    from fixtests.plan import collecting
    from fixtests.run import pool
    from fixtests.run.session import Session

    where = None if project.cache is None else str(Path(project.cache).resolve())
    session = Session(project.request(paths, fix=fix), where)
    over = partial(pool.run, jobs=project.jobs)
    results, _ = collecting.collect(session, session.files(), over)
    return results


class _Unheard:
    """Nobody, who is told how far a proof is."""

    def say(self, line: str) -> None:
        pass

    def expect(self, tests: int) -> None:
        pass

    def ended(self, test: str, outcome: object) -> None:
        pass
