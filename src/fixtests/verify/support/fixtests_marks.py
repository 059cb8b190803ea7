"""What the lines that were put into a copy call: which of them ran, for which test.

A runner of ours says to whom all that runs belongs; elsewhere the frames on the stack are asked.
"""

import atexit
import os
import sys
import unittest

from fixtests_events import send

belongs = None  # the ids of the tests that run, where a runner says so
_times = {}
_told = {}


def hit(number):
    """Note that the marked place runs, at once where it is the first time for a test."""
    for test in _running() if belongs is None else belongs:
        place = (number, test)
        _times[place] = _times.get(place, 0) + 1
        if place not in _told:
            _told[place] = 1
            send("hit", mark=number, test=test, times=1)


def loaded(number):
    """Note that the file that calls this was loaded, and from where."""
    frame = sys._getframe(1)
    path = frame.f_globals.get("__file__") or frame.f_code.co_filename
    send("loaded", number=number, path=os.path.realpath(path))


def flush():
    """Note how often places have run by now."""
    for place, times in list(_times.items()):
        more = times - _told[place]
        if more:
            _told[place] = times
            send("hit", mark=place[0], test=place[1], times=more)


def forget():
    """Count anew, in a process that was forked from one that has counted."""
    _times.clear()
    _told.clear()


def _running():
    """Return whose test runs: the outermost one on the stack, else the one that pytest names."""
    found = ""
    frame = sys._getframe(2)
    while frame is not None:
        names = frame.f_locals if frame.f_code.co_varnames[:1] in (("self",), ("cls",)) else {}
        test = names.get("self")
        if isinstance(test, unittest.TestCase):
            found = test.id()
        owner = names.get("cls")
        if isinstance(owner, type) and issubclass(owner, unittest.TestCase):
            found = "setUpClass (" + owner.__module__ + "." + owner.__qualname__ + ")"
        frame = frame.f_back
    return (os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0] or found,)


atexit.register(flush)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget)
