"""The command line: arguments, order of work and exit codes; printing is `report`'s."""

from __future__ import annotations

import contextlib
import errno
import gc
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from fixtests import __version__, cache, pool, registry, repo, runner
from fixtests.model import FileResult, RunError
from fixtests.report import pages, profiles, summary, text
from fixtests.report.location import Texts, shown
from fixtests.report.screen import Screen, transcribe

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
Over = Callable[..., Iterator[FileResult]]  # called as `runner.run` is
INTERRUPTED = 130
PATHS: Decorator = click.argument(
    "paths", nargs=-1, type=click.Path(path_type=Path, readable=False), metavar="[PATHS]..."
)


class WriteBack(StrEnum):
    """What becomes of a plan."""

    CHECK = "check"
    DIFF = "diff"
    WRITE = "write"


@dataclass(frozen=True)
class Output:
    """How a run answers."""

    mode: WriteBack
    format: str
    screen: Screen
    statistics: bool = False
    exit_zero: bool = False
    exit_non_zero_on_fix: bool = False


class DefaultGroup(click.Group):
    """A group whose default command is `fix`: `fixtests PATH` is `fixtests fix PATH`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `fix` in front unless a command, or the group's own options, were asked for."""
        own = {"--help", "-h", "--version"}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["fix", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an interruption says so and has an exit code of its own."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            Screen("never").warn("Interrupted; every file is whole.")
            sys.exit(INTERRUPTED)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; output that goes nowhere is exit 2, or 1 where nobody reads on."""
        screen = Screen("never")
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                screen.flush()
        except OSError as error:
            unread = error.errno == errno.EPIPE
            with contextlib.suppress(OSError):
                if not unread:
                    screen.warn(f"error: cannot write the output: {error.strerror}")
            screen.abandon()
            sys.exit(1 if unread else 2)


def outcome() -> int:
    """Run the command line and return its exit code, with all output sent off."""
    try:
        main()
        code: int | str | None = 0
    except SystemExit as error:
        code = error.code
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            if stream is not None:
                stream.flush()
    return code if isinstance(code, int) else int(code is not None)


def recorded(entry: str) -> int:
    """Run the command line and keep its answer in the cache, unless something failed."""
    pool.recorder = cache.Recorder(entry)
    printed = transcribe()
    code = outcome()
    if code in (0, 1):
        pool.recorder.write(cache.Answer(printed, code), repo.asked)
    return code


def words(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> Any:
    """Split an option that may be given several times, or once with commas.

    Raises click.BadParameter where it is given and empty.
    """
    found = tuple(word.strip() for item in value for word in item.split(",") if word.strip())
    if value and not found:
        raise click.BadParameter("it is empty; name something, or leave the option out")
    return found or None


def microversions(
    context: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> dict[str, str]:
    """Read `SERVICE=VERSION`. Raises click.BadParameter."""
    found = {}
    for item in value:
        service, sign, version = item.partition("=")
        if not sign:
            raise click.BadParameter(f"{item!r} is not SERVICE=VERSION, as in compute=2.100")
        found[service] = version
    return found


RULE_OPTIONS: list[Decorator] = [
    click.option("--select", multiple=True, callback=words, metavar="RULES",
                 help="Codes, prefixes, names or ALL."),
    click.option("--extend-select", multiple=True, callback=words, metavar="RULES",
                 help="Rules in addition to those selected."),
    click.option("--ignore", multiple=True, callback=words, metavar="RULES",
                 help="Rules to leave out."),
    click.option("--microversion", multiple=True, callback=microversions,
                 metavar="SERVICE=VERSION", help="What FT401 pins to."),
    click.option("--ignore-suppressions", is_flag=True, help="Look behind comments."),
    click.option("--statistics", is_flag=True, help="Count findings by rule."),
    click.option("--output-format", type=click.Choice(["full", "concise", "json"]),
                 default="full", show_default=True, help="How findings are printed."),
]  # fmt: skip
RUN_OPTIONS: list[Decorator] = [
    click.option("--exclude", multiple=True, callback=words, metavar="PATTERNS",
                 help="Paths to leave out, instead of the usual ones."),
    click.option("--extend-exclude", multiple=True, callback=words, metavar="PATTERNS",
                 help="Paths to leave out as well."),
    click.option("--force-exclude", is_flag=True, help="Exclude files that are named, too."),
    click.option("--no-respect-gitignore", is_flag=True, help="Check ignored files too."),
    click.option("--config", "config_file", type=click.Path(path_type=Path), metavar="FILE",
                 help="A configuration file to use instead of those found."),
    click.option("--isolated", is_flag=True, help="Ignore configuration files."),
    click.option("--root", type=click.Path(path_type=Path, file_okay=False, exists=True),
                 help="The folder to read project knowledge from."),
    click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="N",
                 help="How many processes to use; by default one for each processor."),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
    click.option("--cache-dir", type=click.Path(path_type=Path, file_okay=False),
                 help="Where the cache is, instead of the user's cache folder."),
    click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto",
                 show_default=True, help="Colour the output."),
    click.option("--exit-zero", is_flag=True, help="Exit 0 even where findings remain."),
    click.option("--quiet", "-q", is_flag=True, help="Print no summary."),
]  # fmt: skip
DRY_RUN: Decorator = click.option(
    "--dry-run", "--diff", "dry_run", is_flag=True, help="Print a diff, write nothing."
)
FIX_OPTIONS: list[Decorator] = [
    DRY_RUN,
    click.option("--unsafe-fixes", is_flag=True, default=None,
                 help="Apply fixes that need a look, too."),
    click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit 1 where anything was fixed."),
]  # fmt: skip
# What `split` is told where a command does not choose rules.
UNASKED: dict[str, Any] = {
    "select": None,
    "extend_select": None,
    "ignore": None,
    "microversion": {},
    "ignore_suppressions": False,
    "statistics": False,
    "output_format": "full",
}


def over_files(*added: Decorator) -> Decorator:
    """Add PATHS, some options, and those that every command over files has."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed([PATHS, *added, *RUN_OPTIONS]):
            command = option(command)
        return command

    return decorate


@click.group(cls=DefaultGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="fixtests")
def main() -> None:
    """Turn findings about tests into reviewed patches.

    `fixtests [PATHS]` applies safe fixes in place; `fixtests --dry-run
    [PATHS]` shows them as a diff and writes nothing. `fixtests fix --help`
    lists the options. A path named like a command is reached with `./check`.
    """


@main.command()
@over_files(*FIX_OPTIONS, *RULE_OPTIONS)
def fix(dry_run: bool, **options: Any) -> None:
    """Apply safe fixes in place (the default command)."""
    run(WriteBack.DIFF if dry_run else WriteBack.WRITE, **options)


@main.command()
@over_files(*RULE_OPTIONS)
def check(**options: Any) -> None:
    """Report findings and change nothing."""
    run(WriteBack.CHECK, **options)


@main.command()
@click.argument("script")
@over_files(DRY_RUN)
def migrate(script: str, dry_run: bool, **options: Any) -> None:
    """Apply a script of codemods/ in place: rules, a LibCST command or a Bowler query."""
    from fixtests import migrate as migrations

    try:
        migration = migrations.Script.load(script, options["root"])
    except RunError as error:
        refuse(str(error))
    mode = WriteBack.DIFF if dry_run else WriteBack.WRITE
    run(mode, partial(migrations.run, migration), **UNASKED, **options)


@main.command()
def rules() -> None:
    """List the rules."""
    for line in pages.listing(registry.every()):
        Screen("never").emit(line)


@main.command()
@click.argument("rule", required=False)
@click.option("--profile", metavar="NAME", help="Show a profile instead.")
def explain(rule: str | None, profile: str | None) -> None:
    """Show a rule's page: what, why, an example, how safe its fix is, its options.

    With --profile, show what is known about a project instead, with what the
    current folder's configuration adds to it.
    """
    try:
        match rule, profile:
            case str(), None:
                lines = pages.page(registry.find(rule))
            case None, str():
                lines = described(profile)
            case _:
                refuse("explain needs either RULE or --profile NAME; see `fixtests rules`")
    except (registry.SelectionError, runner.UsageError) as error:
        refuse(str(error))
    for line in lines:
        Screen("never").emit(line)


def described(name: str) -> Iterator[str]:
    """Return the page of a profile as the current folder's configuration extends it.

    Raises runner.UsageError.
    """
    session = runner.Session(runner.Request())
    here = Path.cwd()
    settings = replace(session.config(here), profile=name)
    extension = settings.extend_profile
    source = f"extended by {extension.place.where}" if extension else "as built in"
    return profiles.page(session.profile(session.root(here), settings), source)


def run(mode: WriteBack, over: Over | None = None, **options: Any) -> NoReturn:
    """Do one run over files and leave with its exit code."""
    output, request = split(mode, options)
    over = over or partial(pool.run, jobs=options["jobs"])
    gc.disable()  # a third of a run would go into looking for cycles among syntax trees
    try:
        code = finish(collect(request, output.screen, over), output)
    except RunError as error:
        refuse(str(error))
    sys.exit(0 if output.exit_zero and code == 1 else code)


def split(mode: WriteBack, options: dict[str, Any]) -> tuple[Output, runner.Request]:
    """Divide the options into what is asked for and how it is to be answered."""
    output = Output(
        mode,
        options["output_format"],
        Screen(options["color"], quiet=options["quiet"]),
        options["statistics"],
        options["exit_zero"],
        options.get("exit_non_zero_on_fix", False),
    )
    versions = options["microversion"]
    request = runner.Request(
        paths=options["paths"] or (Path(),),
        root=options["root"],
        config_file=options["config_file"],
        isolated=options["isolated"],
        select=options["select"],
        extend_select=options["extend_select"] or (),
        ignore=options["ignore"] or (),
        exclude=options["exclude"],
        extend_exclude=options["extend_exclude"] or (),
        force_exclude=options["force_exclude"],
        respect_gitignore=False if options["no_respect_gitignore"] else None,
        unsafe_fixes=options.get("unsafe_fixes"),
        silence=not options["ignore_suppressions"],
        place=mode is not WriteBack.CHECK or output.format != "concise",
        fix=mode is not WriteBack.CHECK,
        options={"latest-microversion": versions} if versions else {},
    )
    return output, request


def collect(request: runner.Request, screen: Screen, over: Over) -> list[FileResult]:
    """Run over the files of a request. Raises runner.UsageError, and what `over` raises."""
    session = runner.Session(request, pool.recorder.where if pool.recorder else None)
    files = session.files()
    if not files:
        screen.warn("warning: no Python files found under the given paths")
    with screen.progress(files) as advance:
        results = list(over(session, files, advance))
    session.keep()
    return results


def finish(results: list[FileResult], output: Output) -> int:
    """Write or show what the results come to, print the report, and return the exit code."""
    screen = output.screen
    failed = {Path(item.path): item.detail for item in summary.failures(results)}
    written: set[Path] = set()
    if output.mode is not WriteBack.CHECK:
        from fixtests import apply
        from fixtests.plan import Plan

        plan = Plan.build(results)
        if output.mode is WriteBack.DIFF:
            screen.emit_diff(plan.diff())
        else:
            for outcome in apply.apply(plan):
                if outcome.problem:
                    failed[outcome.path] = outcome.problem
                else:
                    written.add(outcome.path)
    writes = output.mode is WriteBack.WRITE
    counted = summary.Summary(tuple(results), frozenset(written), frozenset(failed), writes)
    report(counted, output)
    for item in counted.notes:
        screen.note(f"{item.status}: {shown(item.path)}: {item.detail}")
    for path, problem in sorted(failed.items()):
        screen.warn(f"error: {shown(str(path))}: {problem}")
    for line in counted.lines():
        screen.note(line)
    return counted.exit_code(on_fix=output.exit_non_zero_on_fix)


def report(counted: summary.Summary, output: Output) -> None:
    """Print findings, or their statistics, and the problems of suppression comments."""
    screen = output.screen
    for result in counted.results:
        for problem in result.problems:
            screen.warn(f"warning: {shown(result.path)}:{problem.row}: {problem.message}")
    found = (
        [*counted.fixed, *counted.remaining] if output.mode is WriteBack.DIFF else counted.remaining
    )
    if output.statistics:
        emit = screen.warn if output.mode is WriteBack.DIFF else screen.emit
        for line in summary.statistics(found):
            emit(line)
    elif output.mode is not WriteBack.DIFF:
        for line in text.PRINTERS[output.format](found, Texts(counted.results)):
            screen.emit(line)


def refuse(message: str) -> NoReturn:
    """Leave with what is wrong with the request."""
    Screen("never").warn(f"error: {message}")
    sys.exit(2)
