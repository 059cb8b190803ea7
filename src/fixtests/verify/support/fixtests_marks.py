"""What the lines that were put into a copy call: which of them ran, for which test.

A runner of ours says to whom all that runs belongs; elsewhere the frames on the stack are asked.
"""

from __future__ import annotations

import atexit
import os
import sys
import unittest
from collections.abc import Sequence
from types import FrameType

from fixtests_events import send

belongs: Sequence[str] | None = None  # the ids of the tests that run, where a runner says so
_times: dict[tuple[int, str], int] = {}
_told: dict[tuple[int, str], int] = {}


def hit(number: int) -> None:
    """Note that the marked place runs, at once where it is the first time for a test."""
    for test in _running() if belongs is None else belongs:
        place = (number, test)
        _times[place] = _times.get(place, 0) + 1
        if place not in _told:
            _told[place] = 1
            send("hit", mark=number, test=test, times=1)


def loaded(number: int) -> None:
    """Note that the file that calls this was loaded, and from where."""
    frame = sys._getframe(1)
    path = frame.f_globals.get("__file__") or frame.f_code.co_filename
    send("loaded", number=number, path=os.path.realpath(path), process=os.getpid())


def end() -> None:
    """Note that this process comes to its end: one that is killed, or ends itself, does not."""
    flush()
    send("exited", process=os.getpid())


def flush() -> None:
    """Note how often places have run by now."""
    for place, times in list(_times.items()):
        more = times - _told[place]
        if more:
            _told[place] = times
            send("hit", mark=place[0], test=place[1], times=more)


def forget() -> None:
    """Count anew, in a process that was forked from one that has counted."""
    _times.clear()
    _told.clear()


def _running() -> Sequence[str]:
    """Return whose test runs: the class or outermost test on the stack, or what pytest says.

    What runs for a class runs for all its tests, whichever of them pytest names.
    """
    found = owner_of = ""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        names = frame.f_locals if frame.f_code.co_varnames[:1] in (("self",), ("cls",)) else {}
        test = names.get("self")
        if isinstance(test, unittest.TestCase):
            found = test.id()
        owner = names.get("cls")
        if isinstance(owner, type) and issubclass(owner, unittest.TestCase):
            owner_of = "setUpClass (" + owner.__module__ + "." + owner.__qualname__ + ")"
        frame = frame.f_back
    named = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
    return (named or found,) if found or not owner_of else (owner_of,)


atexit.register(end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget)
