"""The command line: arguments, order of work and exit codes; printing is `report`'s."""

from __future__ import annotations

import contextlib
import errno
import shlex
import sys
from typing import Any

import click

from fixtests import __version__
from fixtests.cache.output_cache import Answer
from fixtests.cache.recorder import Recorder
from fixtests.cli import campaign_command, commands, plan_commands, series_commands
from fixtests.cli.run_command import refuse
from fixtests.files import git, user_folders
from fixtests.model import RunError
from fixtests.report import faults
from fixtests.report.location import shown
from fixtests.report.screen import Screen, transcribe
from fixtests.report.summary import count
from fixtests.run import pool
from fixtests.text.docstrings import docstring

INTERRUPTED = 130


class DefaultGroup(click.Group):
    """A group whose default command is `fix`: `fixtests PATH` is `fixtests fix PATH`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `fix` in front unless a command, or the group's own options, were asked for."""
        own = {"--help", "-h", "--version"}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["fix", *args]
        ctx.meta["arguments"] = tuple(args)  # a series notes how it was made
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an interruption says so and has an exit code of its own."""
        try:
            if user_folders.is_run_open():
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
            if pool.recorder is not None:
                pool.recorder.complete = False  # the exit code is that of the output's fault
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
    """Run the command line and keep its answer in the cache, unless another one may come."""
    pool.recorder = Recorder(entry)
    printed = transcribe()
    code = outcome()
    if code in (0, 1) or (code == 2 and pool.recorder.lasts):
        pool.recorder.write(Answer(printed, code), git.asked)
    return code


def recover() -> None:
    """Finish or take back what runs left that were killed, and say so."""
    from fixtests.write import recovery

    screen = Screen("never")
    try:
        for item in recovery.recover():
            parts = [f"{count(item.written, 'file')} written", f"{item.untouched} as before"]
            if item.taken_back:
                parts.append(f"{item.taken_back} taken back")
            if item.returned is not None:
                back = count(item.returned, "file")
                screen.warn(f"warning: a run with --in-place was killed: {back} put back as before")
            elif item.killed:
                screen.warn(f"warning: run {item.number} was killed: {', '.join(parts)}")
            for path in item.changed:
                screen.warn(f"warning: {shown(str(path))}: changed since then; left as it is")
            for path, problem in item.left.items():
                screen.warn(f"warning: {shown(str(path))}: {problem}")
    except (OSError, RunError) as error:
        refuse(str(error))


@click.group(cls=DefaultGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="fixtests")
def main() -> None:
    """Turn findings about tests into reviewed patches.

    `fixtests [PATHS]` applies safe fixes in place; `fixtests --dry-run
    [PATHS]` shows them as a diff and writes nothing. `fixtests fix --help`
    lists the options. A path named like a command is reached with `./check`.
    """


OF_GIT = (*series_commands.EVERY, *campaign_command.EVERY)
EVERY = (*commands.EVERY, *plan_commands.EVERY, *OF_GIT)
for command in EVERY:
    main.add_command(command)
for command in (main, *EVERY):
    if command.callback:
        command.help = docstring(command.callback)  # under `python -OO` click finds none
