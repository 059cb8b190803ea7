"""Compare two workers of Dask with two slots: the same verdicts, and how long each takes.

Usage: workers.py [--runs N] [--modules N] [--planted]

A suite is generated: modules with tests that take a while, a fix for each test, and now and
then one that is to blame. The two ways take turns, each time without results from before. With
`--planted` it is the suite of tests/planted.py instead, in which some tests hang. The extra
`distributed` is needed, and a machine with two processors.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import planted
from dask_machines import machines
from fixtests.cli.verifying import Verifier
from fixtests.model import Verdict
from fixtests.report.screen import Screen
from fixtests.run.request import Request
from fixtests.verify.asking import Way

CONFIG = """\
root = true
verify.command = "unittest"
verify.python = "{python}"
verify.timeout = 6
"""
TESTS = 6  # in a module
GUILTY = 9  # one fix of so many is to blame
MODULE = """\
import time
import unittest


class GeneratedTest(unittest.TestCase):
    def setUp(self):
        time.sleep({pause})
"""
TEST = """
    def test_{number}(self):
        found = 1  # fix-{letters}: found = {other}
        self.assertEqual(1, found)
"""
PAUSE = 0.3  # seconds that each test waits


def generate(modules: int) -> None:
    """Put a generated suite in the place of the planted one."""
    planted.MODULES = {"demo/__init__.py": "", "demo/tests/__init__.py": ""}
    for module in range(modules):
        text = MODULE.format(pause=PAUSE)
        for test in range(TESTS):
            number = module * TESTS + test
            letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
            other = "2" if number % GUILTY == 0 else "0 + 1"
            text += TEST.format(number=test, letters=letters, other=other)
        planted.MODULES[f"demo/tests/test_{module}.py"] = text


def judged(folder: Path, scheduler: str | None) -> tuple[float, Mapping[str, Verdict]]:
    """Return how many seconds a run takes that knows nothing from before, and its verdicts."""
    root = folder / "suite"
    planted.plant(root)
    (root / "fixtests.toml").write_text(CONFIG.format(python=sys.executable))
    os.environ["FIXTESTS_STATE_DIR"] = str(folder / "state")
    os.environ["PLANTED_RUNS"] = str(folder.parent / "runs")
    Path(os.environ["PLANTED_RUNS"]).unlink(missing_ok=True)
    verifier = Verifier(Request((root,)), Way(scheduler=scheduler))
    began = time.monotonic()
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        found = verifier.proved(planted.results(root), Screen("never"))
    return time.monotonic() - began, planted.verdicts(found)


def table(here: Sequence[float], there: Sequence[float]) -> list[str]:
    """Return the lines of a table in Markdown."""
    lines = ["| run | two slots, s | two workers, s | ratio |", "|---:|---:|---:|---:|"]
    for number, (one, other) in enumerate(zip(here, there, strict=True), 1):
        lines.append(f"| {number} | {one:.1f} | {other:.1f} | {other / one:.3f} |")
    one, other = statistics.median(here), statistics.median(there)
    return [*lines, f"| median | {one:.1f} | {other:.1f} | {other / one:.3f} |"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--modules", type=int, default=12)
    parser.add_argument("--planted", action="store_true")
    given = parser.parse_args()
    if not given.planted:
        generate(given.modules)
    here, there = list[float](), list[float]()
    told: list[Mapping[str, Verdict]] = []
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        os.environ["PLANTED_RUNS"] = str(folder / "runs")
        with machines(folder / "machines", {}, {}) as (scheduler, *_):
            for number in range(given.runs):
                for seconds, address in ((here, None), (there, scheduler.address)):
                    where = folder / f"{number}-{len(told)}"
                    took, verdicts = judged(where, address)
                    seconds.append(took)
                    told.append(verdicts)
    print("\n".join(table(here, there)))
    print(f"verdicts: {'the same' if all(it == told[0] for it in told) else 'differ'}")
    sys.exit(any(it != told[0] for it in told))


if __name__ == "__main__":
    main()
