"""What one file holds after each part of its fixes: those of one kind, then those of the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fixtests.model import Applicability, FileResult, Finding
from fixtests.plan.plan import MovedError, fixing, source_of


@dataclass(frozen=True, order=True)
class Kind:
    """What the fixes of one commit have in common; what a plan is not divided by is left out.

    `code` and `name` are those of the rule, or empty and the name of a script.
    """

    code: str = ""
    name: str = ""
    applicability: Applicability | None = None


@dataclass(frozen=True)
class Stage:
    """Fixes of one kind, and the file's result with them and all that come before."""

    kind: Kind
    findings: tuple[Finding, ...]
    result: FileResult


def stages(result: FileResult, kind_of: Callable[[Finding], Kind], script: str) -> list[Stage]:
    """Return a file's stages in their order, the last of which has all its fixes.

    What was found only after others goes with the last stage, and fixes that do not stand without
    those of the next kind go with that. Raises MovedError where the file is not what it was.
    """
    if not result.fixed:
        return [Stage(Kind(name=script), (), result)]
    source_of(result)
    kinds = sorted({kind_of(item) for item in result.fixed}, key=_order)
    found: list[Stage] = []
    waiting: list[Finding] = []
    for kind in kinds[:-1]:
        waiting += [item for item in result.fixed if kind_of(item) == kind]
        done = [item for stage in found for item in stage.findings] + waiting
        try:
            now = fixing(result, [item for item in result.fixed if item in done])
        except MovedError:
            continue
        found.append(Stage(kind, tuple(waiting), now))
        waiting = []
    waiting += [item for item in result.fixed if kind_of(item) == kinds[-1]]
    later = [item for findings in result.later for item in findings]
    return [*found, Stage(kinds[-1], (*waiting, *later), result)]


def _order(kind: Kind) -> tuple[str, str, str]:
    return kind.code, kind.name, kind.applicability or ""
