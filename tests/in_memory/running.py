"""One file's tests run with lists of one length: what each came to, asserted, asked for and left.

A test that another one could spoil is not told from one that is spoilt: each form of each file runs
in a process of its own, forked from one that has loaded the tree.
"""

from __future__ import annotations

import ast
import importlib.util
import io
import json
import os
import signal
import sys
import traceback
import unittest
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from in_memory import stand_ins
from in_memory.stand_ins import Watched

MODULE = "nova.tests.functional.test_x"
SECONDS = 60  # for one form of one file, which takes milliseconds, on a machine that is busy


@dataclass(frozen=True)
class Ran:
    """What became of one test; an empty verdict says that it passed."""

    verdict: str
    asserted: list[str]
    events: list[str]
    left: int


class _Asserting(ast.NodeTransformer):
    """Lets each `assert` of a module say what it is about."""

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        self.generic_visit(node)
        noted = ast.Name("__asserted__", ast.Load())
        node.test = ast.Call(noted, [node.test], [])
        return ast.fix_missing_locations(ast.copy_location(node, node))


class _Result(unittest.TestResult):
    """Keeps why a test failed, in one line."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []

    def addError(self, test: Any, err: Any) -> None:  # noqa: N802 - as unittest calls it
        self.problems.append(_text(err[1]))

    addFailure = addError  # noqa: N815

    def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802
        Watched.asserted.append(f"skipped: {reason}")

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802
        if err is not None:
            self.problems.append(_text(err[1]))

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802
        self.problems.append("succeeded unexpectedly")

    def addExpectedFailure(self, test: Any, err: Any) -> None:  # noqa: N802
        Watched.asserted.append(f"expected {_text(err[1])}")


def apart(path: Path, length: str) -> dict[str, Ran]:
    """Run a file in a process of its own; one that hangs or dies ran no test."""
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(here)
        signal.alarm(SECONDS)
        found = {name: asdict(ran) for name, ran in run(path, length).items()}
        with os.fdopen(there, "w") as out:
            out.write(json.dumps(found))
        os._exit(0)
    os.close(there)
    with os.fdopen(here) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return {name: Ran(**ran) for name, ran in json.loads(text or "{}").items()}


def run(path: Path, length: str) -> dict[str, Ran]:
    """Load a file and run its tests, each against a service of its own."""
    warnings.simplefilter("ignore")
    sys.stdout = sys.stderr = io.StringIO()
    stand_ins.start(length)
    try:
        module = _load(path)
        suite = unittest.defaultTestLoader.loadTestsFromModule(module)
        tests = list(_flat(suite))
    except BaseException as error:
        return {"(loading)": Ran(_text(error), [], [], 0)}
    return {test.id(): _run_one(test, length) for test in tests}


def _run_one(test: unittest.TestCase, length: str) -> Ran:
    stand_ins.start(length)
    result = _Result()
    try:
        unittest.TestSuite([test]).run(result)
    except BaseException as error:
        result.problems.append(_text(error))
    service = Watched.service
    events = [str(event) for event in service.events]
    return Ran("; ".join(result.problems), Watched.asserted, events, service.left())


def _load(path: Path) -> Any:
    tree = _Asserting().visit(ast.parse(path.read_bytes()))
    spec = importlib.util.spec_from_file_location(MODULE, path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[MODULE] = module
    vars(module)["__asserted__"] = stand_ins.asserted
    exec(compile(tree, str(path), "exec", dont_inherit=True), vars(module))
    return module


def _flat(suite: unittest.TestSuite) -> Any:
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from _flat(item)
        else:
            yield item


def _text(error: BaseException) -> str:
    text = "".join(traceback.format_exception_only(error))
    return " / ".join(line for line in text.splitlines() if line.strip())[:300]
