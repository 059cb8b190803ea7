"""A plan written and journalled with what it was made from, so that `undo` takes it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fixtests.plan import plan_file
from fixtests.plan.plan import Plan
from fixtests.write import writer
from fixtests.write.writer import Outcome


def apply(
    plan: Plan, command: Sequence[str], about: Mapping[str, Any], *, atomic: bool = False
) -> tuple[list[Outcome], int | None]:
    """Write a plan, as `writer.apply` does; its journal has the command and what it was about.

    Raises JournalError.
    """
    fixed = [replace(item, findings=()) for item in plan.results if item.result]
    told = {"command": [*command], "plan": plan_file.body(fixed, Path("/"), about)}
    return writer.apply(plan, told, atomic=atomic)
