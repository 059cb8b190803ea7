"""The samples of a package's rules, each with each check, for its tests to run one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fixtests.testing import checks, execution, samples
from fixtests.testing.samples import Sample

Check = Callable[[Sample, Path], None]


@dataclass(frozen=True)
class Case:
    """One check of one sample."""

    name: str
    sample: Sample
    check: Check

    def __str__(self) -> str:
        return self.name

    def run(self, folder: Path) -> None:
        """Check the sample in an empty folder. Raises AssertionError."""
        self.check(self.sample, folder)


def cases(prefix: str, stand_ins: Path | None = None) -> list[Case]:
    """Return each check of each sample of the rules whose codes begin so.

    `stand_ins` is a file that says what tests of the samples need to run, beside what is made up.
    """
    found = []
    for sample in samples.every(prefix):
        named: dict[str, Check] = {
            f"{sample.name}: {check.__name__.replace('_', ' ')}": check
            for check, kinds in checks.CHECKS
            if sample.kind in kinds
        }
        if sample.kind == "before":
            named[f"{sample.name}: tests pass as before"] = _running(stand_ins)
        found += [Case(name, sample, check) for name, check in named.items()]
    return found


def _running(stand_ins: Path | None) -> Check:
    def tests_pass_as_before(sample: Sample, folder: Path) -> None:
        """Run the tests of a sample before and after its safe fixes."""
        runner = execution.running(stand_ins)
        answers = runner.check(sample.root(folder / "root"), sample.rule)
        problems = [f"{test}: {it}" for test, answer in answers.items() for it in answer["broken"]]
        problems += [
            f"{test}: passes in no world: {answer['cannot']}"
            for test, answer in answers.items()
            if answer["cannot"]
        ]
        if not answers:
            problems.append("holds no test that can run")
        if problems:
            raise AssertionError("\n".join(problems))

    return tests_pass_as_before
