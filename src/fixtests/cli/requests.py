"""What a command over files was asked for: options divided into the request and its answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fixtests.cache import seal
from fixtests.files import user_folders
from fixtests.report.screen import Screen
from fixtests.rules import registry
from fixtests.run.configuration import Configuration
from fixtests.run.request import Request, UsageError
from fixtests.settings import tables

if TYPE_CHECKING:
    from fixtests.cli.verifying import Verifier

PINNING = "latest-microversion"  # the rule that --microversion is for
MINIMUM = "minimum"  # the version that --verify is to find
UNPLACED = ("concise", "github", "junit")  # formats that show no fix


class WriteBack(StrEnum):
    """What becomes of what was found."""

    CHECK = "check"
    DIFF = "diff"
    PLAN = "plan"
    WRITE = "write"
    COMMIT = "commit"


@dataclass(frozen=True)
class Output:
    """How a run answers."""

    screen: Screen
    format: str = "full"
    statistics: bool = False
    exit_zero: bool = False
    exit_non_zero_on_fix: bool = False
    atomic: bool = False
    interactive: bool = False
    target: Path | None = None
    verifier: Verifier | None = None


def split(mode: WriteBack, options: dict[str, Any]) -> tuple[Output, Request]:
    """Divide the options into how the run is to be answered and what is asked for.

    Raises UsageError.
    """
    if options.get("since") is not None and options.get("staged"):
        raise UsageError("--since cannot be combined with --staged; leave one of them out")
    versions = {name: it for name, it in options["microversion"].items() if it != MINIMUM}
    lowest = _lowest(options)
    request = Request(
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
        baseline=options.get("baseline"),
        accepts="baseline" in options,
        since=options.get("since"),
        staged=options.get("staged", False),
        fix=mode is not WriteBack.CHECK,
        writes=mode in (WriteBack.PLAN, WriteBack.WRITE, WriteBack.COMMIT),
        options={PINNING: versions} if versions else {},
    )
    how = options["output_format"] or Configuration(request).format()
    if mode is WriteBack.CHECK and how in UNPLACED:
        request = replace(request, place=False)
    output = Output(
        Screen(options["color"], quiet=options["quiet"]),
        how,
        options["statistics"],
        options["exit_zero"],
        options.get("exit_non_zero_on_fix", False),
        options.get("atomic", False),
        options.get("interactive", False),
        options.get("output_file"),
        verifier(request, options, lowest),
    )
    return output, request


def _lowest(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the services whose lowest version is to be found. Raises UsageError."""
    found = tuple(name for name, it in options["microversion"].items() if it == MINIMUM)
    known = [field.name.replace("_", "-") for field in fields(registry.find(PINNING).options)]
    for name in found:
        asked = f"--microversion {name}={MINIMUM}"
        if name not in known:
            raise UsageError(f"{asked}: there is no service {name!r}{tables.nearest(name, known)}")
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
        if options["in_place"] and options["scheduler"]:
            raise UsageError("--in-place runs the tests here; leave --scheduler out")
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
