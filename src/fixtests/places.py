"""Where this program keeps what is its own: the cache, and the journals of runs that wrote.

This module imports little, so that an answer from the cache is given before
anything else is loaded.
"""

from __future__ import annotations

import os
import sys


def cache() -> str:
    """Return the user's folder for what can be made again."""
    given = os.environ.get("FIXTESTS_CACHE_DIR")
    if given:
        return os.path.abspath(given)
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Caches", "fixtests")
    if sys.platform == "win32":
        return os.path.join(os.environ.get("LOCALAPPDATA") or home, "fixtests", "Cache")
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(base, "fixtests")


def state() -> str:
    """Return the user's folder for what cannot be made again."""
    given = os.environ.get("FIXTESTS_STATE_DIR")
    if given:
        return os.path.abspath(given)
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support", "fixtests")
    if sys.platform == "win32":
        return os.path.join(os.environ.get("LOCALAPPDATA") or home, "fixtests", "State")
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(home, ".local", "state")
    return os.path.join(base, "fixtests")


def is_run_open() -> bool:
    """Tell whether a run has begun to write and not ended, be it alive or killed."""
    try:
        return bool(os.listdir(os.path.join(state(), "open")))
    except OSError:
        return False
