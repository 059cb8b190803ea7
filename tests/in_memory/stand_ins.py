"""What the bundled tree imports that is not here, and the two places by which a test is watched.

`testtools` and `fixtures` are real test cases and fixtures of the few lines that the tree needs.
"""
# ruff: noqa: N802 - the names are those of testtools, fixtures and unittest

from __future__ import annotations

import functools
import json
import sys
import threading
import time
import types
import unittest
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from in_memory.service import HIGHEST, Response, Service

SLEEPS = 200  # a test that sleeps more often waits for what never comes
PLAIN = (str, bytes, int, float, type(None))


class HangsError(BaseException):
    """A test sleeps without end."""


class Watched:
    """The service that the running test talks to, and what the test asserted."""

    service = Service()
    asserted: list[str] = []  # noqa: RUF012 - one for all
    depth = 0
    sleeps = 0


def start(length: str) -> None:
    """Begin with a new service and nothing asserted."""
    Watched.service = Service(length)
    Watched.asserted = []
    Watched.depth = Watched.sleeps = 0


class Fixture:
    """A fixture of the library of that name."""

    def __init__(self, *_: object) -> None:
        self._cleanups: list[Any] = []

    def setUp(self) -> None:
        self._cleanups = []

    def addCleanup(self, function: Any, *arguments: Any, **named: Any) -> None:
        self._cleanups.append((function, arguments, named))

    def cleanUp(self) -> None:
        while self._cleanups:
            function, arguments, named = self._cleanups.pop()
            function(*arguments, **named)


class TestCase(unittest.TestCase):
    """A test case of testtools."""

    def useFixture(self, fixture: Any) -> Any:
        fixture.setUp()
        self.addCleanup(fixture.cleanUp)
        return fixture


def shown(value: object, depth: int = 4) -> str:
    """Return a value as text that is the same in every run."""
    if isinstance(value, str):
        return repr(HIGHEST if value == "latest" else value)
    if isinstance(value, PLAIN):
        return repr(value)
    if depth and isinstance(value, dict):
        pairs = (f"{shown(key, 1)}: {shown(item, depth - 1)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if depth and isinstance(value, (list, tuple)):
        return f"{type(value).__name__}({', '.join(shown(item, depth - 1) for item in value)})"
    return f"<{getattr(value, '__name__', type(value).__name__)}>"


def asserted(value: Any) -> Any:
    """Note what an `assert` statement is about, and give it back."""
    Watched.asserted.append(f"assert {shown(value)}")
    return value


def take_over(tree: Path) -> None:
    """Make this process one in which the tests of a tree run, and none of it is written."""
    sys.dont_write_bytecode = True
    for name, value in (("testtools", TestCase), ("fixtures", Fixture)):
        module = types.ModuleType(name)
        setattr(module, value.__name__, value)
        sys.modules[name] = module
    time.sleep = _sleep  # type: ignore[assignment]
    urllib.request.urlopen = _open
    threading.excepthook = lambda arguments: None  # an error in a thread fails no test
    for name in dir(unittest.TestCase):
        if name == "fail" or (name.startswith("assert") and not name.endswith("_")):
            method = getattr(unittest.TestCase, name)
            setattr(unittest.TestCase, name, _watched(name, method))
    _note_phases()
    sys.path.insert(0, str(tree))


def _sleep(seconds: float) -> None:
    Watched.sleeps += 1
    if Watched.sleeps > SLEEPS:
        raise HangsError("more sleeps than any test needs")


def _open(request: Any, data: Any = None, **options: Any) -> Response:
    if not isinstance(request, urllib.request.Request):
        request = urllib.request.Request(request, data)
    body = json.loads(request.data) if request.data else None
    version = request.get_header("Openstack-api-version", "")
    return Watched.service.answer(request.get_method(), request.full_url, body, version)


def _watched(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def watched(self: Any, *arguments: Any, **named: Any) -> Any:
        if not Watched.depth:
            texts = [shown(item) for item in (*arguments, *named.values())]
            Watched.asserted.append(f"{name}({', '.join(texts)})")
        Watched.depth += 1
        try:
            return method(self, *arguments, **named)
        finally:
            Watched.depth -= 1

    return watched


def _note_phases() -> None:
    """Let what a test does when it is over be told from what it does before."""
    for holder, name in ((unittest.TestCase, "doCleanups"), (unittest.TestCase, "run")):
        method = getattr(holder, name)
        phase = "cleanup" if name == "doCleanups" else "test"

        def noting(self: Any, *arguments: Any, _run: Any = method, _phase: str = phase) -> Any:
            Watched.service.phase = _phase
            return _run(self, *arguments)

        setattr(holder, name, noting)
