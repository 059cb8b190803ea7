"""What a command over files was asked for: options divided into the request and its answer."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fixtests.cache import seal
from fixtests.files import discover, user_folders
from fixtests.report import formats, statistics
from fixtests.report.screen import Screen
from fixtests.rules import registry
from fixtests.run.configuration import Configuration
from fixtests.run.request import Request, UsageError
from fixtests.settings import nearest

if TYPE_CHECKING:
    from fixtests.cli.verifying import Verifier

PINNING = "latest-microversion"  # the rule that --microversion is for
MINIMUM = "minimum"  # the version that --verify is to find
STDIN = Path("-")


class WriteBack(StrEnum):
    """What becomes of what was found."""

    CHECK = "check"
    DIFF = "diff"
    PLAN = "plan"
    WRITE = "write"
    COMMIT = "commit"


REPORTS = (WriteBack.CHECK, WriteBack.WRITE)  # where findings, or their numbers, go to stdout


class Output(NamedTuple):
    """How a run answers."""

    screen: Screen
    format: str = "full"
    statistics: bool = False
    silences: bool = False
    exit_zero: bool = False
    exit_non_zero_on_fix: bool = False
    atomic: bool = False
    interactive: bool = False
    target: Path | None = None
    verifier: Verifier | None = None
    baseline: Path | None = None  # where a page tells how it has grown

    @property
    def is_read(self) -> bool:
        """Whether findings are printed for people to read, and nowhere else."""
        return self.target is None and not self.statistics and self.format in formats.READ


def split(mode: WriteBack, options: dict[str, Any]) -> tuple[Output, Request]:
    """Divide the options into how the run is to be answered and what is asked for.

    Raises UsageError.
    """
    paths = options["paths"] or (start(options["root"]),)
    held = _standard_input(paths, options)
    silences = options.get("add_ignore", False)
    versions = {name: it for name, it in options["microversion"].items() if it != MINIMUM}
    lowest = _lowest(options)
    request = Request(
        paths=tuple(held) or paths,
        root=options["root"],
        config_file=options["config_file"],
        isolated=options["isolated"],
        select=options["select"],
        extend_select=options["extend_select"] or (),
        ignore=options["ignore"] or (),
        fixable=options.get("fixable"),
        unfixable=options.get("unfixable") or (),
        extend_safe_fixes=options.get("extend_safe_fixes") or (),
        extend_unsafe_fixes=options.get("extend_unsafe_fixes") or (),
        per_file_ignores=options.get("per_file_ignores"),
        exclude=options["exclude"],
        extend_exclude=options["extend_exclude"] or (),
        force_exclude=options["force_exclude"],
        respect_gitignore=False if options["no_respect_gitignore"] else None,
        unsafe_fixes=options.get("unsafe_fixes"),
        silence=not options["ignore_suppressions"],
        silencing=silences,
        baseline=options.get("baseline"),
        accepts="baseline" in options,
        since=options.get("since"),
        staged=options.get("staged", False),
        contents=held,
        fix=mode is not WriteBack.CHECK,
        writes=mode in (WriteBack.PLAN, WriteBack.WRITE, WriteBack.COMMIT),
        options={PINNING: versions} if versions else {},
    )
    configuration = Configuration(request)
    named = options.get("output_format")
    if mode is WriteBack.DIFF and named not in (None, formats.USUAL, formats.PAGE):
        raise UsageError(
            "--dry-run prints a diff or a page, and `fixtests check` findings with their fixes; "
            f"leave --output-format {named} out"
        )
    how = named or (formats.USUAL if mode is WriteBack.DIFF else configuration.format())
    if options["statistics"] and mode in REPORTS and how not in statistics.PRINTERS:
        known = ", ".join(statistics.PRINTERS)
        raise UsageError(f"--statistics has no form as {how}; give --output-format {known}")
    try:
        formats.printer(how)
    except formats.FormatError as error:
        raise UsageError(str(error)) from None
    output = Output(
        Screen(options["color"], quiet=options["quiet"], verbose=options["verbose"]),
        how,
        options["statistics"],
        silences,
        options["exit_zero"],
        options.get("exit_non_zero_on_fix", False),
        options.get("atomic", False),
        options.get("interactive", False),
        options.get("output_file"),
        verifier(request, options, lowest),
        configuration.baseline() if how == formats.PAGE else None,
    )
    return output, request


def start(root: Path | None) -> Path:
    """Return what a run without paths is over: the current folder, or a root that it is not in."""
    here = Path()
    with contextlib.suppress(OSError):  # the current folder is gone, as is said where it is used
        if root is not None and not here.resolve().is_relative_to(root.resolve()):
            return root.resolve()
    return here


def _standard_input(paths: Sequence[Path], options: Mapping[str, Any]) -> dict[Path, bytes]:
    """Return the standard input by the path that it is taken for; nothing where nobody names it.

    Raises UsageError.
    """
    name = options.get("stdin_filename")
    if STDIN not in paths:
        if name is not None:
            raise UsageError("--stdin-filename says what `-` is taken for; give `-` as the path")
        return {}
    if "stdin_filename" not in options:
        raise UsageError("`-`, the standard input, is for `fixtests check` and `fixtests fix`")
    if len(paths) > 1:
        raise UsageError("`-`, the standard input, is a run of its own; leave other paths out")
    if name is None:
        raise UsageError("`-` needs --stdin-filename FILE: where it stands says what holds for it")
    try:
        return {discover.real(name).resolve(): sys.stdin.buffer.read() if sys.stdin else b""}
    except OSError as error:
        raise UsageError(f"the standard input cannot be read: {error.strerror}") from None


def _lowest(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the services whose lowest version is to be found. Raises UsageError."""
    found = tuple(name for name, it in options["microversion"].items() if it == MINIMUM)
    if not found:
        return ()
    known = [field.name.replace("_", "-") for field in fields(registry.find(PINNING).options)]
    for name in found:
        asked = f"--microversion {name}={MINIMUM}"
        if name not in known:
            raise UsageError(f"{asked}: there is no service {name!r}{nearest.meant(name, known)}")
        if not options.get("verify"):
            raise UsageError(
                f"{asked} is found by running tests, which `fixtests --verify` does, also with"
                " --dry-run, and no other command; give --verify, or name a version"
            )
        if options.get("interactive"):
            raise UsageError(
                f"{asked} is found after --interactive has shown each fix; leave one of them out"
            )
    return found


def verifier(
    request: Request, options: Mapping[str, Any], lowest: Collection[str] = ()
) -> Verifier | None:
    """Return how fixes are to be proved, None where they are not. Raises UsageError.

    `lowest` are the services whose lowest version is to be found.
    """
    if options.get("verify"):
        from fixtests.cli.verifying import Verifier
        from fixtests.verify.asking import Way

        pinned = {PINNING: lowest} if lowest else {}
        where = options["scheduler"], options["in_place"]
        return Verifier(request, Way(options["verify_command"], *where, pinned))
    for name, what in (("verify_command", "how"), ("in_place", "where"), ("scheduler", "where")):
        if options.get(name):
            flag = f"--{name.replace('_', '-')}"
            raise UsageError(f"{flag} says {what} --verify runs tests; give --verify, too")
    return None


def cache_folder(options: Mapping[str, Any], screen: Screen) -> str | None:
    """Return the folder for what is kept from run to run, None where nothing is to be kept.

    A folder that others could have written is named and not used.
    """
    if options["no_cache"]:
        return None
    where = str(options["cache_dir"] or user_folders.cache())
    reason = seal.distrust(where)
    if reason:
        screen.warn(f"warning: the cache is not used: {reason}")
        return None
    return where
