"""Run the tests of all samples before and after their fixes, in a world of stand-ins.

    python benchmarks/samples.py

Prints how many tests can run and which fixes break one: the safe ones of all samples, then the
unsafe ones, of which some do.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from fixtests.testing import samples
from fixtests.testing.execution import Runner
from fixtests.testing.samples import Sample


def main() -> None:
    runner, every = Runner(), samples.every()
    safe = [item for item in every if item.kind == "before"]
    unsafe = [item for item in every if item.result("unsafe").exists()]
    print(f"safe fixes: {report(safe, runner)}")
    print(f"unsafe fixes: {report(unsafe, runner, unsafe_fixes=True)}")
    runner.close()


def report(found: list[Sample], runner: Runner, *, unsafe_fixes: bool = False) -> str:
    """Return how many tests of samples run, and which of them the fixes break."""
    lines, count = [], 0
    for sample in found:
        with tempfile.TemporaryDirectory() as folder:
            root = sample.root(Path(folder) / "root")
            answers = runner.check(root, sample.rule, unsafe_fixes=unsafe_fixes)
        count += len(answers)
        for test, answer in answers.items():
            if answer["cannot"]:
                lines.append(f"  {sample.name} {test}: passes in no world: {answer['cannot']}")
            lines += [f"  {sample.name} {test}: {problem}" for problem in answer["broken"]]
    return "\n".join([f"{len(found)} samples with {count} tests; of these", *lines])


if __name__ == "__main__":
    main()
