"""The command line: arguments, order of work and exit codes; printing is `report`'s."""

from __future__ import annotations

import contextlib
import errno
import importlib
import sys
from typing import TYPE_CHECKING, Any

import click

from fixtests import __version__
from fixtests.files import git, user_folders
from fixtests.text.docstrings import docstring

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

INTERRUPTED = 130
WHOLE = 1000  # characters that no first sentence of a command's help has
# The module of each command; its function is called as the command is. They import what carries
# them out in their functions, so that help and the command line's own errors need little.
COMMANDS = {
    "apply": "plan_commands",
    "baseline": "commands",
    "campaign": "series_commands",
    "check": "commands",
    "clean": "commands",
    "commit": "series_commands",
    "explain": "commands",
    "fix": "commands",
    "lsp": "commands",
    "migrate": "migrate_command",
    "new-rule": "commands",
    "plan": "commands",
    "plan-edit": "plan_commands",
    "review": "commands",
    "rules": "commands",
    "runs": "commands",
    "series": "series_commands",
    "undo": "commands",
    "verify": "plan_commands",
}


class DefaultGroup(click.Group):
    """A group whose default command is `fix`: `fixtests PATH` is `fixtests fix PATH`.

    A command is imported when it is asked for.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"fixtests.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        if command.callback:
            command.help = docstring(command.callback)  # under `python -OO` click finds none
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line, or two, for each command: all of what it does."""
        found = [(name, self.get_command(ctx, name)) for name in COMMANDS]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, command.get_short_help_str(WHOLE)) for name, command in found if command]
            )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `fix` in front unless a command, or the group's own options, were asked for."""
        known = {*COMMANDS, "--help", "-h", "--version"}
        completes = ctx.resilient_parsing and not args  # the first word, which may be a command
        if not completes and (not args or args[0] not in known):
            args = ["fix", *args]
        ctx.meta["arguments"] = tuple(args)  # a series notes how it was made
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the first word: a command, a file, or an option of the default command."""
        from click.shell_completion import CompletionItem

        found = super().shell_complete(ctx, incomplete)
        usual = self.get_command(ctx, "fix")
        if usual is None or not incomplete.startswith("-"):
            return [*found, CompletionItem(incomplete, type="file")]
        return [*found, *usual.shell_complete(click.Context(usual, ctx), incomplete)]

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an interruption says so and has an exit code of its own."""
        try:
            if user_folders.is_run_open():
                recover()
            return super().invoke(ctx)
        except KeyboardInterrupt:
            from fixtests.report.screen import Screen

            Screen("never").warn("Interrupted; every file is whole.")
            sys.exit(INTERRUPTED)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; output that goes nowhere is exit 2, or 1 where nobody reads on."""
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                for stream in (sys.stdout, sys.stderr):
                    if stream is not None:
                        stream.flush()
        except OSError as error:
            if error.filename is not None:  # no stream of ours
                raise
            abandon(error)
            sys.exit(1 if error.errno == errno.EPIPE else 2)


def abandon(error: OSError) -> None:
    """Say why output is not taken, unless nobody reads on, and send the rest nowhere."""
    from fixtests.report.screen import Screen

    screen = Screen("never")
    with contextlib.suppress(OSError):
        if error.errno != errno.EPIPE:
            screen.warn(f"error: cannot write the output: {error.strerror}")
    screen.abandon()


def outcome() -> int:
    """Run the command line and return its exit code, with all output sent off."""
    try:
        main()
        code: int | str | None = 0
    except SystemExit as error:
        code = error.code
    except BaseException as error:  # whatever it is, it must not end in a traceback or in 0
        code = crash(error)
    code = code if isinstance(code, int) else int(code is not None)
    code = _with_plugins(code)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            if stream is not None:
                stream.flush()
    return code


def _with_plugins(code: int) -> int:
    """Name what is wrong with plug-ins, so far as a command has met it; return the exit code."""
    loading = sys.modules.get("fixtests.plugins.loading")
    found = loading.faults() if loading else ()
    if not found:
        return code
    from fixtests.report.screen import Screen

    with contextlib.suppress(OSError):
        for line in found:
            Screen("never").warn(f"error: {line}")
    return code if code == INTERRUPTED else 2


def crash(error: BaseException) -> int:
    """Say of a fault of ours where it is and how to bring it about again; return the exit code."""
    import shlex

    from fixtests.report import faults
    from fixtests.report.screen import Screen

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
    from fixtests.cache import recorder
    from fixtests.cache.output_cache import Answer
    from fixtests.report.screen import transcribe

    noted = recorder.active = recorder.Recorder(entry)
    printed = transcribe()
    code = outcome()
    if noted.lasts and noted.code == code:
        noted.write(Answer(printed, code), git.asked)
    return code


def recover() -> None:
    """Finish or take back what runs left that were killed, and say so."""
    from fixtests.cli.refusals import refuse
    from fixtests.model import RunError
    from fixtests.report.location import shown
    from fixtests.report.screen import Screen
    from fixtests.report.summary import count
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


if main.callback:
    main.help = docstring(main.callback)
