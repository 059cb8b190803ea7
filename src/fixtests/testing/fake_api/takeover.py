"""Puts the world's clock, HTTP, mocks, modules and test case in place of the real ones."""

from __future__ import annotations

import json
import sys
import threading
import time
import unittest
import urllib.request
from typing import Any
from unittest import mock

from fake_api import cases, modules, served
from fake_api.unknown import Unknown
from fake_api.world import LimitReachedError

SLEEPS = 100


class _Clock:
    """A clock that only sleeping moves on."""

    def __init__(self) -> None:
        self.seconds = 1.7e9
        self.sleeps = 0

    def read(self) -> float:
        return self.seconds

    def sleep(self, seconds: Any) -> None:
        self.sleeps += 1
        self.seconds += seconds if isinstance(seconds, (int, float)) else 1
        if self.sleeps > SLEEPS:
            raise LimitReachedError(f"more than {SLEEPS} sleeps")


CLOCK = _Clock()


def take_over() -> None:
    """Make this process one in which nothing but samples can run."""
    sys.dont_write_bytecode = True
    sys.meta_path.insert(0, modules.FINDER)
    unittest.TestCase = cases.Case
    for name in ("time", "monotonic", "perf_counter"):
        setattr(time, name, CLOCK.read)
    time.sleep = CLOCK.sleep
    urllib.request.urlopen = served.urlopen
    json.dumps, json.loads = served.dumps, served.loads
    threading.excepthook = lambda arguments: None  # an error in a thread fails no test
    _patch_nothing_unknown()


def _patch_nothing_unknown() -> None:
    """Let `mock.patch` of something that is not here give an unknown thing, not a mock.

    Nothing would call a mock there, so that no test could pass that expects it to be called.
    """
    patching: Any = mock._patch
    entered = patching.__enter__

    def enter(self: Any) -> Any:
        made = entered(self)
        if not isinstance(self.target, (Unknown, modules.MadeUp)) or self.new is not mock.DEFAULT:
            return made
        unknown = Unknown(f"mock of {self.attribute}")
        setattr(self.target, self.attribute, unknown)
        return unknown

    patching.__enter__ = enter
