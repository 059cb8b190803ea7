"""What shows whether a test needs the version that it is pinned to: the one below."""

from __future__ import annotations

import re

from fixtests.rules.api import Expected, Mutant, Standing
from fixtests.rules.latest_microversion import versions
from fixtests.syntax.queries import constant_string

PINNED = re.compile(rf"(?:[a-z-]+ )?{versions.FORM.pattern}")


def of_version(standing: Standing) -> list[Mutant]:
    """Return the mutant that pins one version lower; there is none below the lowest, `2.1`."""
    source = standing.module.source
    for node in standing.nodes:
        text = constant_string(node)
        pinned = PINNED.fullmatch(text) if text else None
        if pinned and int(pinned[2]) > 1:
            version, lower = f"{pinned[1]}.{pinned[2]}", f"{pinned[1]}.{int(pinned[2]) - 1}"
            span = source.span(node)
            edit = standing.edit(span, source.slice(span).replace(version, lower))
            passes = f"also passes at {lower}"
            fails = f"{version} is the lowest that passes"
            return [Mutant((edit,), Expected.PASS, passes, fails)]
    return []
