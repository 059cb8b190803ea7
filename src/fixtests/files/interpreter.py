"""The interpreter that runs this program."""

from __future__ import annotations

import sys
from pathlib import Path


def own() -> str:
    """Return its whole path: a relative one, as of a PATH, leads elsewhere in another folder."""
    return str(Path(sys.executable).absolute())
