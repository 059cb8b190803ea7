"""What a command over files was asked for: options divided into the request and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from fixtests.cache import seal
from fixtests.cli.verifying import Verifier
from fixtests.files import user_folders
from fixtests.report.screen import Screen
from fixtests.run.request import Request, UsageError

UNPLACED = ("concise", "github", "junit")  # formats that show no fix


class WriteBack(StrEnum):
    """What becomes of what was found."""

    CHECK = "check"
    DIFF = "diff"
    PLAN = "plan"
    WRITE = "write"


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
    """Divide the options into how the run is to be answered and what is asked for."""
    versions = options["microversion"]
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
        place=mode is not WriteBack.CHECK or options["output_format"] not in UNPLACED,
        baseline=options.get("baseline"),
        fix=mode is not WriteBack.CHECK,
        writes=mode in (WriteBack.PLAN, WriteBack.WRITE),
        options={"latest-microversion": versions} if versions else {},
    )
    output = Output(
        Screen(options["color"], quiet=options["quiet"]),
        options["output_format"],
        options["statistics"],
        options["exit_zero"],
        options.get("exit_non_zero_on_fix", False),
        options.get("atomic", False),
        options.get("interactive", False),
        options.get("output_file"),
        verifier(
            request,
            options.get("verify", False),
            options.get("verify_command"),
            options.get("in_place", False),
        ),
    )
    return output, request


def verifier(
    request: Request, verify: bool, command: str | None, in_place: bool
) -> Verifier | None:
    """Return how fixes are to be proved, None where they are not. Raises UsageError."""
    if command is not None and not verify:
        raise UsageError("--verify-command says how --verify runs tests; give --verify, too")
    if in_place and not verify:
        raise UsageError("--in-place says where --verify runs tests; give --verify, too")
    return Verifier(request, command, in_place) if verify else None


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
