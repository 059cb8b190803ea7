"""The base classes of tests: what unittest and testtools have, and whatever else a sample asks."""
# ruff: noqa: N802, N815, PT009 - the names are unittest's, and so are the assertions

from __future__ import annotations

import functools
import unittest
import unittest.case
from typing import Any

from fake_api.paths import path_of, shown
from fake_api.unknown import Failure, Unknown, child, value_of
from fake_api.world import UNSET, now

# What the bases of functional tests have, though a sample may not use it before a fix does.
EVERYWHERE = ("api", "admin_api", "api_fixture")


class _Expecting(unittest.case._AssertRaisesContext):
    """Expects an exception, and tells the world so."""

    def __enter__(self) -> Any:
        now().expected.append(self.expected)
        return super().__enter__()

    def __exit__(self, kind: Any, value: Any, trace: Any) -> bool:
        now().expected.pop()
        if isinstance(value, Failure):
            self.expected_regex = None
        return super().__exit__(kind, value, trace)


class _Open(type):
    """Gives a class the attributes that it does not have."""

    def __getattr__(cls, name: str) -> Any:
        return attribute(name)


def attribute(name: str) -> Any:
    """Return an attribute that the bases of a test, which are not here, are taken to have."""
    world = now()
    if name.startswith("__"):
        raise AttributeError(name)
    if world.met and name not in world.met.attributes and name not in EVERYWHERE:
        raise AttributeError(f"no class of the test is known to have {name!r}")
    world.attributes.add(name)
    return child("self", name)


class _Fixtures:
    """Uses fixtures, and takes them away at the end."""

    def useFixture(self, fixture: Any) -> Any:
        fixture.setUp()
        self.addCleanup(fixture.cleanUp)
        return fixture


class Case(_Fixtures, unittest.TestCase, metaclass=_Open):
    """A test case of any project."""

    maxDiff = None
    skipException = unittest.SkipTest

    def __getattr__(self, name: str) -> Any:
        return attribute(name)

    def run(self, *arguments: Any, **named: Any) -> Any:
        return Unknown("self.run")(*arguments, **named)

    def setUp(self) -> None:
        super().setUp()
        declared = (vars(base).get("microversion") for base in type(self).__mro__)
        version = vars(self).get("microversion") or next(filter(None, declared), None)
        if version is not None:
            self.api.microversion = self.admin_api.microversion = version

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        for step in ("skip_checks", "setup_credentials", "setup_clients", "resource_setup"):
            getattr(cls, step)()

    @classmethod
    def skip_checks(cls) -> None:
        """Do what tempest does first, which is nothing here."""

    setup_credentials = setup_clients = resource_setup = resource_cleanup = skip_checks

    @classmethod
    def addClassResourceCleanup(cls, function: Any, *arguments: Any, **named: Any) -> None:
        cls.addClassCleanup(function, *arguments, **named)

    def assertRaises(self, expected: Any, *arguments: Any, **named: Any) -> Any:
        return self._expect(_Expecting(expected, self), "assertRaises", arguments, named)

    def assertRaisesRegex(self, expected: Any, regex: Any, *arguments: Any, **named: Any) -> Any:
        context = _Expecting(expected, self, regex)
        return self._expect(context, "assertRaisesRegex", arguments, named)

    def _expect(self, context: Any, name: str, arguments: Any, named: Any) -> Any:
        """Return the exception, as testtools does, or a context manager."""
        manager = context.handle(name, arguments, named)
        return context.exception if manager is None else manager

    def assertIsNone(self, obj: Any, msg: Any = None) -> None:
        if isinstance(obj, Unknown) and value_of(obj) is UNSET:
            obj = None if obj == None else 0  # noqa: E711 - the comparison asks the world
        super().assertIsNone(obj, msg)

    def assertIsInstance(self, obj: Any, cls: Any, msg: Any = None) -> None:
        if not isinstance(obj, Unknown) or value_of(obj) is not UNSET:
            super().assertIsInstance(obj, cls, msg)


class TempestCase(Case):
    """A test case of tempest or one of its plugins."""

    def assertEmpty(self, items: Any, msg: Any = None) -> None:
        self.assertEqual(0, len(items), msg)

    def assertNotEmpty(self, items: Any, msg: Any = None) -> None:
        self.assertGreater(len(items), 0, msg)


def _note(case: type, name: str) -> None:
    """Let an assertion of a test case note what it is about, but not those that it calls."""
    method = getattr(case, name)

    @functools.wraps(method)
    def noting(self: Any, *arguments: Any, **named: Any) -> Any:
        world = now()
        if not world.asserting:
            texts = ", ".join(shown(item) for item in (*arguments, *named.values()))
            world.asserted.append(f"{name}({texts})")
        world.asserting += 1
        try:
            return method(self, *arguments, **named)
        finally:
            world.asserting -= 1

    setattr(case, name, noting)


def note_assertions(case: type) -> None:
    """Let the assertions that a class adds to those of its base be noted."""
    for name in vars(case) if case is not Case else dir(case):
        if name == "fail" or name.startswith("assert"):
            _note(case, name)


note_assertions(Case)
note_assertions(TempestCase)


class Fixture(_Fixtures):
    """A fixture of the library of that name."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._cleanups: list[Any] = []

    def setUp(self) -> None:
        self._cleanups = []

    def cleanUp(self) -> None:
        while self._cleanups:
            function, arguments, named = self._cleanups.pop()
            function(*arguments, **named)

    def addCleanup(self, function: Any, *arguments: Any, **named: Any) -> None:
        self._cleanups.append((function, arguments, named))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Unknown(f"{type(self).__name__}.{name}")


def bases_for(thing: Unknown, bases: tuple[object, ...]) -> tuple[type, ...]:
    """Return the class to inherit from where a base is not here; once for all such bases."""
    unknown = [item for item in bases if isinstance(item, Unknown)]
    if thing is not unknown[0] or any(isinstance(b, type) and issubclass(b, Case) for b in bases):
        return ()
    is_tempest = any(path_of(item).startswith("tempest") for item in unknown)
    return (TempestCase if is_tempest else Case,)
