"""Options that cannot be combined, for every command: refused here, in one place, and why.

What depends on the value of an option is judged where that is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import click
from click.core import ParameterSource


class Refused(NamedTuple):
    """One option, as a function takes it, what it does, and those that it leaves nothing to do."""

    option: str
    does: str
    others: tuple[str, ...]


RUNS = (
    Refused("isolated", "reads no configuration", ("config_file",)),
    Refused("no_cache", "keeps nothing", ("cache_dir",)),
    Refused("quiet", "leaves out what is no finding", ("verbose",)),
)
TESTS = (Refused("in_place", "runs the tests here", ("scheduler",)),)
WRITES = (
    Refused("dry_run", "writes nothing", ("commit", "atomic")),
    Refused("commit", "makes a series whole or not at all", ("atomic",)),
)
TRUST = ("fixable", "unfixable", "extend_safe_fixes", "extend_unsafe_fixes")
OF_FIXES = (  # what is said of fixes, and does not hold for comments in their place
    *("unsafe_fixes", "exit_non_zero_on_fix", "interactive", "verify", "microversion"),
    *("ignore_suppressions", "commit", *TRUST),
)
CHOICE = (
    *("select", "extend_select", "ignore", "microversion", "ignore_suppressions", "baseline"),
    *("since", "unsafe_fixes", "per_file_ignores", *TRUST),
)
DISCOVERY = (
    *("exclude", "extend_exclude", "force_exclude", "no_respect_gitignore", "config_file"),
    *("isolated", "jobs", "no_cache", "cache_dir"),
)
VERIFIES = ("verify_command", "in_place", "scheduler", "verify")
FIXES = ("once", "plan_file", "dry_run", "unsafe_fixes", "commit", "atomic", "since", *VERIFIES)
PRINTING = ("color", "exit_zero", "quiet", "verbose")
NO_FILE = "says that no file is read, and that none is written"
REFUSED: dict[str, tuple[Refused, ...]] = {
    "fix": (
        *(*RUNS, *TESTS, *WRITES),
        Refused("add_ignore", "fixes nothing, it writes comments", OF_FIXES),
        Refused("commit", "prints commits", ("output_format",)),
        Refused(
            "commit",
            "prints commits, which `fixtests commit --report FILE` saves",
            ("output_file",),
        ),
        Refused("commit", "exits 0 where a series was made", ("exit_non_zero_on_fix",)),
        Refused(
            "commit",
            "asks nothing (`fixtests plan-edit` chooses for `fixtests commit --plan`)",
            ("interactive",),
        ),
        Refused(
            "stdin_filename",
            NO_FILE,
            ("since", "commit", "interactive", "atomic", "output_format", "cache_dir", *VERIFIES),
        ),
        Refused("exit_zero", "exits 0 whatever was fixed", ("exit_non_zero_on_fix",)),
    ),
    "check": (
        *RUNS,
        Refused("since", "says which lines count", ("staged",)),
        Refused("stdin_filename", NO_FILE, ("since", "staged", "cache_dir")),
    ),
    "plan": RUNS,
    "baseline": RUNS,
    "apply": (*TESTS, *WRITES),
    "review": (*TESTS, Refused("write", "leaves no diff to print", ("diff_only",))),
    "migrate": (
        *(*RUNS, *TESTS, *WRITES),
        Refused("listed", "only lists what there is", (*FIXES, *DISCOVERY, *PRINTING)),
        Refused("plan_file", "only saves what would be done", ("dry_run", "commit", "atomic")),
        Refused("plan_file", "saves what `fixtests verify FILE` proves", VERIFIES),
    ),
    "commit": (
        *(*RUNS, *TESTS),
        Refused("script", "says what is committed", ("plan_file",)),
        Refused("script", "says what is fixed", CHOICE),
        Refused("plan_file", "says what is fixed", (*CHOICE, *DISCOVERY)),
        Refused("plan_file", "says which files are changed", ("paths",)),
    ),
    "verify": TESTS,
}


class Combined(click.Command):
    """A command that refuses options which cannot be combined."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options, and leave with exit code 2 where two of them do not fit."""
        left = super().parse_args(ctx, args)
        if not ctx.resilient_parsing:
            for message in _clashes(self, ctx):
                from fixtests.cli.refusals import refuse

                refuse(message)
        return left


def _clashes(command: click.Command, context: click.Context) -> Iterator[str]:
    """Yield why a command line cannot be followed, and what to leave out."""
    given = {
        item.name: item
        for item in command.params
        if item.name and context.get_parameter_source(item.name) is ParameterSource.COMMANDLINE
    }
    for refused in REFUSED.get(command.name or "", ()):
        for name in refused.others:
            if refused.option in given and name in given:
                first, second = _called(given[refused.option]), _called(given[name])
                yield f"{first} {refused.does}; leave {second} out"


def _called(parameter: click.Parameter) -> str:
    """Return how a user calls a parameter."""
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return (parameter.name or "").upper()
