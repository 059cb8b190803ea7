"""A small suite with planted fixes, of which some are to blame for what fails, each in its own way.

A line that ends in `# NAME: OTHER` has a fix that makes OTHER of its statement; NAME says what is
expected of it. Fixes are safe unless the name ends in `unsafe`.
"""

import re
from dataclasses import replace
from pathlib import Path

from fixtests.model import (
    Applicability,
    Edit,
    FileResult,
    Finding,
    Fix,
    Span,
    Status,
    Verdict,
    digest,
)
from fixtests.plan.plan import fixing

PLANTED = re.compile(rb"( *)(.*?)  # ([a-z-]+): (.*)")

BASE = """\
import unittest


class Case(unittest.TestCase):
    def setUp(self):
        self.size = 2  # base: self.size = 1 + 1

    def unused(self):
        return 1  # uncovered: return 2

    def unused_too(self):
        return 1  # uncovered-unsafe: return 2
"""
HEIR = """\
from demo.tests.base import Case


class {name}Test(Case):
    def test_size(self):
        self.assertEqual(2, self.size)
"""
ALONE = """\
import unittest


class AloneTest(unittest.TestCase):
    def test_first(self):
        count = 2  # guilty: count = 3
        other = 1  # fine-beside: other = 0 + 1
        self.assertEqual((2, 1), (count, other))

    def test_second(self):
        found = [1]  # guilty-too: found = []
        self.assertEqual(1, len(found))

    def test_third(self):
        found = [1]  # fine: found = [0 + 1]
        self.assertEqual(1, len(found))
"""
PAIR = """\
import unittest


class PairTest(unittest.TestCase):
    def test_pair(self):
        one = 1  # pair-kept: one = 2
        two = 1  # pair: two = 2
        self.assertLess(one + two, 4)
"""
IMPORT = """\
import unittest

LIMIT = 3  # import: LIMIT = 1 // 0


class ImportTest(unittest.TestCase):
    def test_limit(self):
        most = 3  # fine-in-import: most = 1 + 2
        self.assertEqual(most, LIMIT)
"""
WORKER = """\
import os
import unittest


class WorkerTest(unittest.TestCase):
    def test_a(self):
        found = os.getpid()  # worker: found = os._exit(3)
        self.assertTrue(found)

    def test_b(self):
        found = 1  # fine-in-worker: found = 0 + 1
        self.assertTrue(found)
"""
HANG = """\
import time
import unittest


class HangTest(unittest.TestCase):
    def test_a(self):
        time.sleep(0)  # hang: time.sleep(3600)

    def test_b(self):
        found = 1  # fine-in-hang: found = 0 + 1
        self.assertTrue(found)
"""
FLAKY = """\
import os
import unittest


class FlakyTest(unittest.TestCase):
    def test_flaky(self):
        found = 1  # flaky: found = 0 + 1
        with open(os.environ["PLANTED_RUNS"], "a+") as stream:
            stream.write("x")
            stream.seek(0)
            self.assertEqual(found, len(stream.read()) % 2)
"""
FAILING = """\
import unittest


class FailingTest(unittest.TestCase):
    def test_failing(self):
        found = 1  # failing: found = 0 + 1
        self.assertEqual(2, found)
"""
BESIDE = """\
import os
import unittest


class BesideTest(unittest.TestCase):
    def test_a(self):
        found = "x"  # beside: found = os.environ.setdefault("PLANTED", "x")
        self.assertEqual("x", found)

    def test_b(self):
        found = os.environ.get("PLANTED")  # fine-beside-another: found = os.getenv("PLANTED")
        self.assertIsNone(found)
"""
MODULES = {
    "demo/__init__.py": "",
    "demo/tests/__init__.py": "",
    "demo/tests/base.py": BASE,
    **{f"demo/tests/test_{it}.py": HEIR.format(name=it.title()) for it in ("one", "two", "three")},
    "demo/tests/test_alone.py": ALONE,
    "demo/tests/test_pair.py": PAIR,
    "demo/tests/test_import.py": IMPORT,
    "demo/tests/test_worker.py": WORKER,
    "demo/tests/test_hang.py": HANG,
    "demo/tests/test_flaky.py": FLAKY,
    "demo/tests/test_failing.py": FAILING,
    "demo/tests/test_beside.py": BESIDE,
}
EXPECTED = {
    **dict.fromkeys(
        ("base", "fine", "fine-beside", "fine-in-import", "fine-in-worker", "fine-in-hang"),
        Verdict.PROVED,
    ),
    **dict.fromkeys(("pair-kept", "fine-beside-another"), Verdict.PROVED),
    **dict.fromkeys(
        ("guilty", "guilty-too", "pair", "import", "worker", "hang", "beside"),
        Verdict.TAKEN_BACK,
    ),
    "uncovered": Verdict.NOT_COVERED,
    "uncovered-unsafe": Verdict.NOT_COVERED,
    "flaky": Verdict.NOT_JUDGED,
    "failing": Verdict.NOT_JUDGED,
}


def plant(root: Path, below: str = "") -> None:
    """Write the suite below a root, in a folder of it where one is given."""
    for name, text in MODULES.items():
        path = root / below / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def results(root: Path, below: str = "") -> list[FileResult]:
    """Return what a run would make of the planted files: all fixes."""
    found = []
    for name in MODULES:
        path = root / below / name
        findings = tuple(_findings(path))
        if findings:
            bare = FileResult(
                str(path), digest(path.read_bytes()), Status.FOUND, str(root), findings, findings
            )
            found.append(fixing(bare, findings))
            assert found[-1].fixed == findings
    return [_changed(item) for item in found]


def _changed(result: FileResult) -> FileResult:
    return replace(result, status=Status.CHANGED)


def _findings(path: Path):
    start = 0
    for line in path.read_bytes().splitlines(keepends=True):
        if match := PLANTED.match(line):
            first = start + match.start(2)
            span = Span(first, start + match.end(2))
            name = match[3].decode()
            tier = Applicability.UNSAFE if name.endswith("unsafe") else Applicability.SAFE
            edit = Edit(str(path), span.start, span.end, match[4].decode())
            fix = Fix(name, tier, (edit,))
            yield Finding(
                "FT999", name, str(path), span, span, name, tier, fingerprint=name, fix=fix
            )
        start += len(line)


def verdicts(found: list[FileResult]) -> dict[str, Verdict]:
    """Return what was found out about each planted fix, by its name."""
    return {
        item.name: item.proof.verdict
        for result in found
        for item in result.findings
        if item.proof is not None
    }


def texts(found: list[FileResult]) -> dict[str, str]:
    """Return in words what was found out about each planted fix, by its name."""
    return {item.name: str(item.proof) for result in found for item in result.findings}
