"""How a command leaves where it cannot do what was asked for."""

from __future__ import annotations

import sys
from typing import NoReturn

from fixtests.report.screen import Screen


def refuse(message: str) -> NoReturn:
    """Leave with what is wrong with the request."""
    Screen("never").warn(f"error: {message}")
    sys.exit(2)
