"""What becomes of the results of a run that are to be commits: a series on a branch of its own."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fixtests.cli import outcomes
from fixtests.cli.requests import Output
from fixtests.model import FileResult
from fixtests.report import summary
from fixtests.report.location import shown, visible
from fixtests.report.screen import Screen
from fixtests.report.summary import Summary, count
from fixtests.run.configuration import Configuration
from fixtests.run.request import Request, UsageError
from fixtests.write import outputs

if TYPE_CHECKING:
    from fixtests.git.repository import Repository
    from fixtests.series.building import Order
    from fixtests.series.making import Outcome as Stood
    from fixtests.series.record import Series

BRANCH = "fixtests"
SHORT = 10  # digits of a commit's name, as people read it
# What is no part of how a series is made, by itself or with a value.
ONCE = ("--refresh", "--push")
ONCE_WITH = ("--report", "--jobs")


@dataclass(frozen=True)
class Asked:
    """What the command line says of a series; what it leaves open, the configuration says.

    `script` names the script whose work it is, `report` the file that is to hold what came of it.
    """

    branch: str | None = None
    split: tuple[str, ...] | None = None
    max_files: int | None = None
    max_lines: int | None = None
    one_each: bool = False
    refresh: bool = False
    push: bool = False
    script: str = ""
    report: Path | None = None

    @property
    def name(self) -> str:
        """The name of the branch."""
        return self.branch or (f"{BRANCH}-{self.script}" if self.script else BRANCH)

    def order(self, repository: Repository) -> Order:
        """Return how the series is to be made. Raises UsageError and TemplateError."""
        from fixtests.series.building import Order
        from fixtests.series.messages import Template
        from fixtests.series.splitting import By, Splitting

        settings = Configuration(Request()).at(repository.root).commit
        template = Template()
        if settings.template is not None:
            template = Template.load(repository.root / settings.template)
        context = click.get_current_context().find_root()
        words = context.meta.get("arguments", ())
        here = Path.cwd().resolve()
        inside = here.is_relative_to(repository.root)
        return Order(
            self.name,
            Splitting(
                frozenset(map(By, self.split or settings.split)),
                self.max_files or settings.max_files,
                self.max_lines or settings.max_lines,
            ),
            template,
            one_each=self.one_each,
            refresh=self.refresh or context.meta.get("refresh", False),
            script=self.script,
            arguments=tuple(_lasting(words)),
            folder=here.relative_to(repository.root).as_posix() if inside else "",
        )


def script_name(script: str) -> str:
    """Return how a codemod that is given with its arguments is called: by its last name."""
    words = shlex.split(script)
    return Path(words[0]).name.removesuffix(".py").rpartition(".")[2] if words else ""


def make(results: Sequence[FileResult], output: Output, asked: Asked) -> int:
    """Make a series of what the results come to, hand it over where asked; return the exit code.

    Raises RunError; nothing is made then.
    """
    from fixtests.plan.plan import Plan
    from fixtests.series import making

    results = outcomes.proved(results, output)
    plan = Plan.build(results)
    failures = summary.failures(results)
    for path, problem in sorted(failures.items()):
        output.screen.warn(f"error: {shown(str(path))}: {problem}")
    paths = frozenset(Path(it.path) for it in results)
    counted = Summary(plan.results, paths, failures, writes=True, commits=True)
    outcomes.print_statistics(counted, output)
    if not plan.writes:
        output.screen.note("Nothing to commit.")
        _report(None, counted, asked)
        return 2 if failures else 0
    repository = making.repository_of(plan)
    order = asked.order(repository)
    maker = making.Maker(repository, order)
    stood = maker.make(plan)
    _say(stood, output.screen)
    for line in counted.lines():
        output.screen.note(line)
    _report(stood, counted, asked)
    code = 2 if failures else 0
    if asked.push or click.get_current_context().find_root().meta.get("push", False):
        return max(code, push(repository, stood.series, output.screen))
    _say_how(repository, stood.series, output.screen)
    return code


def _report(stood: Stood | None, counted: Summary, asked: Asked) -> None:
    """Save what came of a run where that was asked for. Raises OutputError."""
    file = asked.report or click.get_current_context().find_root().meta.get("report")
    if file is None:
        return
    series = stood.series if stood else None
    body = {
        "branch": series.branch if series else None,
        "tip": series.tip if series else None,
        "base": series.base if series else None,
        "commits": [
            {
                "shard": made.key,
                "subject": made.subject,
                "commit": made.commit,
                "new": stood is not None and made.key in stood.new,
                "files": sorted(made.files),
            }
            for made in (series.made if series else ())
        ],
        "fixes": len(counted.fixed),
        "left": len(counted.remaining),
        "failed": {str(path): why for path, why in sorted(counted.failed.items())},
    }
    outputs.save(file, f"{json.dumps(body, indent=2)}\n".encode())


def _lasting(words: Sequence[str]) -> Iterator[str]:
    """Yield those words of a command line that say how a series is made."""
    rest = iter(words)
    for word in rest:
        if word in ONCE_WITH:
            next(rest, None)
        elif word not in ONCE and word.partition("=")[0] not in ONCE_WITH:
            yield word


def push(repository: Repository, series: Series, screen: Screen) -> int:
    """Push what is left of a series; 2 where something was refused, else 0. Raises RunError."""
    from fixtests.series import names
    from fixtests.series.push import Push, Refused

    taken = refused = 0
    for item in Push(repository, series).carry_out():
        if isinstance(item, Refused):
            refused += 1
            screen.warn(f"error: {visible(str(item))}")
        else:
            taken += 1
    again = f"`{names.command(series, '--push')}` tries these again"
    left = f", {refused} refused; {again}" if refused else ""
    screen.note(f"{count(taken, 'commit')} pushed{left}.")
    return 2 if refused else 0


def _say(stood: Stood, screen: Screen) -> None:
    """Print the commits of a series, the new ones marked, and what is not in it any more."""
    series = stood.series
    for made in series.made:
        mark = "new" if made.key in stood.new else "as before"
        screen.emit(visible(f"{made.commit[:SHORT]} {made.subject} [{mark}]"))
    new, all_of_them = len(stood.new), count(len(series.made), "commit")
    if not stood.branches:
        screen.note(f"{series.branch}: {all_of_them}, all as before.")
    else:
        screen.note(f"{series.branch}: {all_of_them}, {new} of them new.")


def _say_how(repository: Repository, series: Series, screen: Screen) -> None:
    """Say how what is left is handed over, by a command for the current folder."""
    from fixtests.git.repository import Repository
    from fixtests.series import names
    from fixtests.series.push import Push, PushError

    here = Repository.find(outcomes.top_of_here())
    is_here = here is not None and here.root == repository.root
    there = "" if is_here else f"cd {shlex.quote(str(repository.root))} && "
    try:
        pushing = Push(repository, series)
    except PushError:
        since = shlex.quote(f"{series.base[:SHORT]}..{series.branch}")
        screen.note(f"Next: `{there}git format-patch {since}`")
        return
    left = pushing.left()
    if left:
        rest = f" and {len(left) - 1:,} more" if len(left) > 1 else ""
        command = f"{there}{names.command(series, '--push')}"
        screen.note(f"Next: `{command}`, which is `{pushing.command(left[0])}`{rest}")


def again(repository: Repository, series: Series) -> tuple[str, ...]:
    """Return the arguments by which a series was made, and go to where that was.

    Raises UsageError where that cannot be done again.
    """
    if "--plan" in series.arguments or "apply" in series.arguments[:1]:
        raise UsageError(
            f"{series.branch}: was made from a plan, which holds for the files of then; make"
            " a new one, and give it with --plan and --refresh"
        )
    try:
        os.chdir(repository.root / series.folder)
    except OSError as error:
        raise UsageError(
            f"{repository.root / series.folder}: the series was made here, and {error.strerror};"
            " give PATHS and options with --refresh"
        ) from None
    return series.arguments
