"""Lists the tests of modules, or runs some of them with unittest and says how each ended.

A module is listed and its tests are picked by their ids, since ids of scenarios, of generated
tests and of `load_tests` cannot be loaded by name.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import unittest
from collections.abc import Iterable, Iterator
from time import perf_counter
from types import ModuleType
from typing import Any
from unittest.util import strclass

import fixtests_marks
from fixtests_events import failure, send, tail

Failure = Any  # a type, its error and a traceback


class Result(unittest.TestResult):
    """Sends the start and the end of each test; what is wrong with a class is wrong with its tests.

    `members` are the ids of the tests of a class or a module, by its dotted name.
    """

    def __init__(self, members: dict[str, list[str]]) -> None:
        super().__init__()
        self.members = members
        self.status, self.tail, self.began = "", "", 0.0

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        """Note that a test runs."""
        super().startTest(test)
        self.status, self.tail = "", ""
        fixtests_marks.belongs = (test.id(),)
        send("start", id=test.id())
        self.began = perf_counter()

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        """Send how a test ended; one that said nothing has not passed."""
        super().stopTest(test)
        seconds = perf_counter() - self.began
        fixtests_marks.belongs = ("",)
        fixtests_marks.flush()
        status = self.status or "missing"
        send("stop", id=test.id(), status=status, seconds=seconds, tail=self.tail)

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        """Note that it passed, unless a part of it has failed."""
        super().addSuccess(test)
        self.status = self.status or "passed"

    def addError(self, test: unittest.TestCase, err: Failure) -> None:  # noqa: N802
        """Note an error, of a test or of all tests of a class or a module."""
        self._note(test, "failed", self._told(test, err))

    def addFailure(self, test: unittest.TestCase, err: Failure) -> None:  # noqa: N802
        """Note a failed assertion."""
        self._note(test, "failed", self._told(test, err))

    def addSubTest(  # noqa: N802
        self, test: unittest.TestCase, subtest: unittest.TestCase, err: Failure | None
    ) -> None:
        """Note the failure of a part of a test."""
        if err is not None:
            self._note(test, "failed", str(subtest) + "\n" + self._told(subtest, err))

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802
        """Note that a test, or a part of it, was skipped."""
        self._note(test, "skipped", str(reason))

    def addExpectedFailure(self, test: unittest.TestCase, err: Failure) -> None:  # noqa: N802
        """Note a failure that is expected: whatever else fails would be expected, too."""
        self._note(test, "skipped", "fails as expected")

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        """Note that a test passed that is expected to fail."""
        self._note(test, "failed", "passes unexpectedly")

    def _told(self, test: unittest.TestCase, err: Failure) -> str:
        """Return a failure without the frames of unittest itself, as it prints them."""
        try:
            text = self._exc_info_to_string(err, test)  # type: ignore[attr-defined]
        except Exception:  # objects may fail to say what they are
            text = failure(*err)
        return str(tail(text))

    def _note(self, test: unittest.TestCase, status: str, why: str) -> None:
        kind, _, owner = test.id().partition(" (")
        if kind in ("setUpClass", "tearDownClass", "setUpModule", "tearDownModule") and owner:
            for name in self.members.get(owner.rstrip(")"), ()):
                send("stop", id=name, status=status, seconds=0.0, tail=test.id() + "\n" + why)
        elif self.status != "failed":
            self.status, self.tail = status, why


class Suite(unittest.TestSuite):
    """Says whose the fixtures of classes and modules are while these run."""

    def _handleModuleFixture(self, test: unittest.TestCase, result: Result) -> None:  # noqa: N802
        fixtests_marks.belongs = result.members[type(test).__module__]
        super()._handleModuleFixture(test, result)  # type: ignore[misc]
        fixtests_marks.belongs = ("",)

    def _handleClassSetUp(self, test: unittest.TestCase, result: Result) -> None:  # noqa: N802
        fixtests_marks.belongs = result.members[strclass(type(test))]
        super()._handleClassSetUp(test, result)  # type: ignore[misc]
        fixtests_marks.belongs = ("",)


def flat(suite: Any) -> Iterator[Any]:
    """Yield the tests of a suite, and of the suites in it."""
    if isinstance(suite, unittest.TestSuite):
        for item in suite:
            yield from flat(item)
    else:
        yield suite


def load(path: str, names: list[list[str]]) -> ModuleType:
    """Return the module that a file is, by the first of some names that leads to it.

    Raises what the module raises, and ImportError where each name leads elsewhere.
    """
    errors: list[Exception] = []
    for name, folder in names:
        if folder not in sys.path:
            sys.path.insert(0, folder)
        try:
            module = importlib.import_module(name)
            place = os.path.realpath(getattr(module, "__file__", None) or "")
            if place == os.path.realpath(path):
                return module
            errors.append(ImportError(name + " is loaded from " + place + ", not from " + path))
        except (ImportError, ValueError) as wrong:
            errors.append(wrong)
    raise errors[0]


def listed(path: str, names: list[list[str]]) -> list[Any] | None:
    """Return the tests of a file, or None where it cannot say them, which is sent."""
    send("load", path=path)
    try:
        tests = list(flat(unittest.defaultTestLoader.loadTestsFromModule(load(path, names))))
        for test in tests:
            if type(test).__module__ == "unittest.loader":
                test.debug()  # raises what is wrong
    except unittest.SkipTest as reason:
        send("broken", path=path, status="skipped", tail=str(reason))
    except KeyboardInterrupt:
        raise
    except BaseException:
        send("broken", path=path, status="missing", tail=failure(*sys.exc_info()))
    else:
        return tests
    return None


def show(path: str, tests: Iterable[Any]) -> None:
    """Send what tests a file has."""
    for test in tests:
        owner = type(test)
        module = sys.modules.get(owner.__module__)
        place = os.path.realpath(getattr(module, "__file__", None) or path)
        name = getattr(test, "_testMethodName", "")
        send("test", id=test.id(), via=path, path=place, owner=owner.__qualname__, name=name)


def pick(tests: Iterable[Any], ids: Iterable[str]) -> list[Any]:
    """Return the tests that have some ids, in their order."""
    known: dict[str, Any] = {}
    for test in tests:
        known.setdefault(test.id(), test)
    return [known[name] for name in ids if name in known]


def main() -> None:
    """Do what the request says."""
    with open(os.environ["FIXTESTS_REQUEST"], encoding="utf-8") as stream:
        request = json.load(stream)
    sys.argv[:] = ["python -m unittest"]
    fixtests_marks.belongs = ("",)
    chosen: list[Any] = []
    for module in request["modules"]:
        tests = listed(module["path"], module["names"])
        if request["list"]:
            show(module["path"], tests or ())
        else:
            chosen += pick(tests or (), module["ids"])
    send("load", path="")
    members: dict[str, list[str]] = {}
    for test in chosen:
        for name in (type(test).__module__, strclass(type(test))):
            members.setdefault(name, []).append(test.id())
    Suite(chosen).run(Result(members))
    fixtests_marks.flush()
    send("done")


if __name__ == "__main__":
    main()
