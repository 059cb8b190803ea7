"""What a run is asked for, by the command line or by a migration, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fixtests.model import RunError


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line or by a migration; it beats configuration.

    `options` are keyed by rule name, then by option. With `writes`, what an
    earlier run kept is proved again, since it is to end in files. Only lines count that changed
    `since` a revision, or that are `staged`. `contents` is what files are taken to hold, in the
    place of what they do. With `accepts`, the baseline that configuration names counts, unless
    another one is given. With `silencing`, a comment that silences a finding is its fix.
    """

    paths: tuple[Path, ...] = (Path(),)
    root: Path | None = None
    config_file: Path | None = None
    isolated: bool = False
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fixable: tuple[str, ...] | None = None
    unfixable: tuple[str, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend_unsafe_fixes: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] | None = None
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool | None = None
    unsafe_fixes: bool | None = None
    silence: bool = True
    silencing: bool = False
    baseline: Path | None = None
    accepts: bool = False
    since: str | None = None
    staged: bool = False
    contents: Mapping[Path, bytes] = field(default_factory=dict)
    fix: bool = True
    writes: bool = False
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class UsageError(RunError):
    """A request or a configuration that cannot be followed."""
