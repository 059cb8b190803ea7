"""Migrations that are a selection of rules with options: the engine's work, as in any run."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fixtests.rules import registry
from fixtests.run.configuration import Configuration
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.settings import nearest, tables
from fixtests.settings.config import Config


@dataclass(frozen=True)
class Rules:
    """Which rules a migration applies, with what options, and whether fixes may need a look.

    `select` takes what `--select` takes; `options` are keyed by rule name, then
    by option, spelt as in configuration. Both beat configuration files.
    """

    select: tuple[str, ...]
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    unsafe_fixes: bool = False

    def problem(self) -> str:
        """Return what is wrong with the selection or an option, "" where nothing is."""
        selected: object = self.select  # ("FT101") is no tuple, whatever the annotation says
        if not isinstance(selected, tuple) or not selected:
            return f'select must be a tuple such as ("FT101",), not {self.select!r}'
        kinds = registry.option_types()
        try:
            registry.select(self.select, (), ())
            for name, given in dict(self.options).items():
                if name not in kinds:
                    return f"options: unknown rule {name!r}{nearest.meant(name, kinds)}"
                tables.build(kinds[name], given, tables.Place(f"options of {name}"))
        except (registry.SelectionError, tables.TableError, TypeError, ValueError) as error:
            return str(error)
        return ""

    def session(self, request: Request) -> Session:
        """Return a session of these rules. Raises UsageError."""
        asked = dataclasses.replace(
            request,
            select=tuple(self.select),
            extend_select=(),
            options=self.options,
            unsafe_fixes=self.unsafe_fixes or request.unsafe_fixes or False,
        )
        return Session(asked, configuration=_Configuration(asked))


class _Configuration(Configuration):
    """One whose rules are the migration's, whatever else a project has turned on."""

    def at(self, folder: Path) -> Config:
        return dataclasses.replace(super().at(folder), extend_select=())
