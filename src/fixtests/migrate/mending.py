"""Results of scripts, laid out as the project has it: long lines broken, imports in their place."""

from __future__ import annotations

from fixtests.migrate.results import Target
from fixtests.run.session import Session


def mended(target: Target, text: str, session: Session) -> str:
    """Return a result with its new lines and imports laid out."""
    return text
