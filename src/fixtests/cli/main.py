"""The command line: arguments, order of work and exit codes; printing is `report`'s."""

from __future__ import annotations

import contextlib
import errno
import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from fixtests import __version__
from fixtests.cache import cache
from fixtests.cli import from_files
from fixtests.cli.answer import WriteBack, refuse, run, top_of_here
from fixtests.cli.options import (
    ATOMIC,
    DRY_RUN,
    FIX_OPTIONS,
    RULE_OPTIONS,
    UNASKED,
    over_files,
    words,
)
from fixtests.files import places, repo
from fixtests.model import RunError
from fixtests.report import faults, pages, profiles
from fixtests.report.location import shown
from fixtests.report.screen import Screen, transcribe
from fixtests.report.summary import count
from fixtests.rules import registry
from fixtests.run import pool
from fixtests.run.session import Request, Session, UsageError
from fixtests.text.docstrings import docstring
from fixtests.write import outputs

INTERRUPTED = 130


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
            if places.is_run_open():
                recover()
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
            if error.filename is not None:  # no stream of ours
                raise
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
    except BaseException as error:  # whatever it is, it must not end in a traceback or in 0
        code = crash(error)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            if stream is not None:
                stream.flush()
    return code if isinstance(code, int) else int(code is not None)


def crash(error: BaseException) -> int:
    """Say of a fault of ours where it is and how to bring it about again; return the exit code."""
    if isinstance(error, MemoryError):
        what = "there is not enough memory; try again with --jobs 1, or with fewer paths"
    else:
        again = shlex.join(["fixtests", *sys.argv[1:]])
        what = f"internal error {faults.described(error)}; please report it with this: {again}"
    with contextlib.suppress(Exception):
        Screen("never").warn(f"error: {what}")
    return 2


def recorded(entry: str) -> int:
    """Run the command line and keep its answer in the cache, unless something failed."""
    pool.recorder = cache.Recorder(entry)
    printed = transcribe()
    code = outcome()
    if code in (0, 1):
        pool.recorder.write(cache.Answer(printed, code), repo.asked)
    return code


@click.group(cls=DefaultGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="fixtests")
def main() -> None:
    """Turn findings about tests into reviewed patches.

    `fixtests [PATHS]` applies safe fixes in place; `fixtests --dry-run
    [PATHS]` shows them as a diff and writes nothing. `fixtests fix --help`
    lists the options. A path named like a command is reached with `./check`.
    """


@main.command()
@over_files(*FIX_OPTIONS, ATOMIC, *RULE_OPTIONS)
def fix(dry_run: bool, **options: Any) -> None:
    """Apply safe fixes in place (the default command)."""
    run(WriteBack.DIFF if dry_run else WriteBack.WRITE, **options)


@main.command()
@over_files(*RULE_OPTIONS)
def check(**options: Any) -> None:
    """Report findings and change nothing."""
    run(WriteBack.CHECK, **options)


@main.command()
@over_files(
    click.option("--unsafe-fixes", is_flag=True, default=None,
                 help="Plan fixes that need a look, too."),
    *RULE_OPTIONS,
)  # fmt: skip
def plan(**options: Any) -> None:
    """Save what `fixtests` would do, for `fixtests apply` to do exactly that."""
    run(WriteBack.PLAN, **options)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@over_files(*RULE_OPTIONS[:-2])
def baseline(file: Path, **options: Any) -> None:
    """Accept today's findings in FILE; those of old that are gone leave it."""
    from_files.accept(file, options)


@main.command()
@click.argument(
    "given",
    nargs=-1,
    required=True,
    metavar="REVIEW... [PATHS]...",
    type=click.Path(path_type=Path),
)
@click.option(
    "--unsafe-fixes", is_flag=True, default=None, help="Answer with fixes that need a look, too."
)
@click.option(
    "--output-format",
    type=click.Choice(["text", "review"]),
    default="text",
    show_default=True,
    help="Answers as text, or as a table in Markdown.",
)
@click.option("--diff-only", is_flag=True, help="Print the diff alone; answers go to stderr.")
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The folder to read project knowledge from.",
)
def review(given: tuple[Path, ...], **options: Any) -> None:
    """Answer a review finding by finding, and show the fixes that answer it as a diff.

    REVIEW is prose (.txt, .md), SARIF, or the JSON of `fixtests check`, in a
    file or a pipe. PATHS are the files that it is about, by default those that
    it names in the tree of the current folder.
    """
    from_files.answer_review(given, **options)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The folder that the plan's paths begin at.",
)
@click.option("--partial", is_flag=True, help="Apply the rest where files have moved.")
@DRY_RUN
@ATOMIC
@click.option("--quiet", "-q", is_flag=True, help="Print no summary.")
def apply(file: Path, root: Path | None, partial: bool, dry_run: bool, **options: Any) -> None:
    """Write exactly what a plan says, or refuse what has moved, file by file."""
    from_files.carry_out(file, root, dry_run=dry_run, partial=partial, **options)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--drop",
    multiple=True,
    callback=words,
    metavar="WHAT",
    help="Findings to drop: codes, rule names, fingerprints, or paths and patterns of them.",
)
def plan_edit(file: Path, drop: tuple[str, ...] | None) -> None:
    """List the findings of a plan, or drop some; the rest still applies whole."""
    from fixtests.plan import saved

    screen = Screen("never")
    try:
        body = saved.read(file)
        for line in saved.listing(body, file) if not drop else ():
            screen.emit(line)
        if drop:
            dropped, idle = saved.drop(body, file, drop)
            outputs.save(file, saved.text(body).encode())
            for word in idle:
                screen.warn(f"warning: {file}: holds no finding that {word!r} means")
            screen.warn(f"Dropped {count(dropped, 'finding')}.")
    except RunError as error:
        refuse(str(error))
    sys.exit(0)


@main.command()
def runs() -> None:
    """List the runs that wrote below the current project."""
    from fixtests.write import history

    try:
        for line in history.listing(top_of_here()):
            Screen("never").emit(line)
    except RunError as error:
        refuse(str(error))


@main.command()
@click.argument("number", type=click.IntRange(min=1), required=False, metavar="[RUN]")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Only this file or folder; may be given several times.",
)
@click.option(
    "--rule",
    "rules",
    multiple=True,
    callback=words,
    metavar="RULES",
    help="Only the fixes of these rules: codes or names.",
)
@click.option("--merge", is_flag=True, help="Keep what was edited since, where that can be.")
def undo(number: int | None, files: tuple[Path, ...], rules: Any, merge: bool) -> None:
    """Take a run back, the last one where none is named."""
    from fixtests.write import history

    try:
        chosen = {registry.find(word).code for word in rules or ()}
        taken = history.Undo(
            history.chosen(number, top_of_here()),
            files=[Path(item).absolute() for item in files],
            rules=chosen,
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


@main.command()
@click.argument("script")
@over_files(DRY_RUN, ATOMIC)
def migrate(script: str, dry_run: bool, **options: Any) -> None:
    """Apply a script of codemods/ in place: rules, a LibCST command or a Bowler query."""
    from fixtests.migrate import run as migration
    from fixtests.migrate.script import Script

    try:
        loaded = Script.load(script, options["root"])
    except RunError as error:
        refuse(str(error))
    mode = WriteBack.DIFF if dry_run else WriteBack.WRITE
    run(mode, partial(migration.run, loaded), **UNASKED, **options)


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
    except (registry.SelectionError, UsageError) as error:
        refuse(str(error))
    for line in lines:
        Screen("never").emit(line)


def described(name: str) -> Iterator[str]:
    """Return the page of a profile as the current folder's configuration extends it.

    Raises UsageError.
    """
    session = Session(Request())
    here = Path.cwd()
    settings = replace(session.config(here), profile=name)
    extension = settings.extend_profile
    source = f"extended by {extension.place.where}" if extension else "as built in"
    return profiles.page(session.profile(session.root(here), settings), source)


def recover() -> None:
    """Finish or take back what runs left that were killed, and say so."""
    from fixtests.write import recovery

    screen = Screen("never")
    try:
        for item in recovery.recover():
            parts = [f"{count(item.written, 'file')} written", f"{item.untouched} as before"]
            if item.taken_back:
                parts.append(f"{item.taken_back} taken back")
            screen.warn(f"warning: run {item.number} was killed: {', '.join(parts)}")
            for path in item.changed:
                screen.warn(f"warning: {shown(str(path))}: changed since then; left as it is")
    except (OSError, RunError) as error:
        refuse(str(error))


for command in (main, *main.commands.values()):
    if command.callback:
        command.help = docstring(command.callback)  # under `python -OO` click finds none
