"""Where this program keeps what is its own: the cache, and the journals of runs that wrote.

This module imports little, so that an answer from the cache is given before
anything else is loaded.
"""

from __future__ import annotations

import os
import sys


def cache() -> str:
    """Return the user's folder for what can be made again."""
    return _folder("FIXTESTS_CACHE_DIR", "XDG_CACHE_HOME", (".cache",), "Caches", "Cache")


def state() -> str:
    """Return the user's folder for what cannot be made again."""
    base = (".local", "state")
    return _folder("FIXTESTS_STATE_DIR", "XDG_STATE_HOME", base, "Application Support", "State")


def _folder(own: str, general: str, base: tuple[str, ...], darwin: str, windows: str) -> str:
    """Return the folder that a variable of ours names, else the one that the system has for it."""
    given = os.environ.get(own)
    if given:
        return os.path.abspath(given)
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", darwin, "fixtests")
    if sys.platform == "win32":
        return os.path.join(os.environ.get("LOCALAPPDATA") or home, "fixtests", windows)
    return os.path.join(os.environ.get(general) or os.path.join(home, *base), "fixtests")


def is_run_open() -> bool:
    """Tell whether a run has begun to write and not ended, be it alive or killed."""
    try:
        return bool(os.listdir(os.path.join(state(), "open")))
    except OSError:
        return False
