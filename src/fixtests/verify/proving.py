"""From the fixes that a run would make to those that the target's own tests let stand.

The tests run first without any fix, which tells what fails anyway and which tests run what a fix
changes; then with all fixes; then what fails is narrowed down to the fixes that are to blame.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from fixtests.model import FileResult, Proof, RunError, Verdict
from fixtests.plan.plan import MovedError
from fixtests.settings.config import Verification
from fixtests.text.source import Source, read
from fixtests.tree.project import Project
from fixtests.verify import isolate, marks, presets, selection, units
from fixtests.verify.bench import Bench
from fixtests.verify.judging import cause, unlisted
from fixtests.verify.lowering import Lowering
from fixtests.verify.mattering import Mattering
from fixtests.verify.pins import Pins
from fixtests.verify.rounds import Question
from fixtests.verify.scheduler import Scheduler
from fixtests.verify.trial import Outcome, Ran, Status, Test, Trial
from fixtests.verify.units import Contents, Unit
from fixtests.write import writer


class VerifyError(RunError):
    """Tests that cannot tell anything; the message says why, and what to do."""


@dataclass
class Proven:
    """Results with the fixes that are left, and what was done to find that out."""

    results: list[FileResult]
    proofs: dict[str, Proof] = field(default_factory=dict)
    flaky: list[str] = field(default_factory=list)
    failing: list[str] = field(default_factory=list)
    runners: list[str] = field(default_factory=list)
    lowest: list[str] = field(default_factory=list)
    executions: int = 0
    one_by_one: int = 0
    resumed: int = 0


class Progress(Protocol):
    """Who is told how far it is."""

    def say(self, line: str) -> None:
        """Take note of what is being done from now on."""

    def expect(self, tests: int) -> None:
        """Take note of how many tests run next."""

    def ended(self, test: str, outcome: Outcome) -> None:
        """Take note of a test that has ended; several threads do so."""


@dataclass(frozen=True)
class How:
    """What is done beside proving, and where: `pins` tell whose lowest versions are to be found.

    With a `scheduler`, its workers run the tests, with `in_place` they run in the tree itself.
    """

    pins: Pins | None = None
    scheduler: Scheduler | None = None
    in_place: bool = False


def prove(
    results: Sequence[FileResult],
    settings: Callable[[Path], Verification],
    project: Callable[[Path], Project],
    state: Path,
    progress: Progress,
    how: How,
) -> Proven:
    """Return results with the fixes that their own tests let stand, each with its proof.

    `settings` and `project` are those of a file, `state` the folder for what was found out, so
    that a run that was ended goes on from there. Raises RunError where no test can be run, or a
    file is not what it was.
    """
    proven = Proven(list(results))
    roots = dict.fromkeys(item.root for item in results if item.result)
    for root in map(Path, roots):
        own = [item for item in results if item.root == str(root)]
        todo = units.divided(own)
        first = Path(todo[0].result.path)
        preset = presets.find(root, settings(first))
        runner = f"{preset.name} with {preset.interpreter.path}"
        proven.runners += [] if runner in proven.runners else [runner]
        timeout = settings(first).timeout
        bench = Bench(
            *(root, preset, state, None, timeout, progress.ended),
            scheduler=how.scheduler,
            in_place=how.in_place,
        )
        with writer.alone() if how.in_place else nullcontext(), bench:
            try:
                tree = _Tree(root, todo, project(first), bench, progress)
                tree.prove(proven, how.pins)
            except MovedError as error:
                raise VerifyError(f"{root}: {error}") from None
            bench.forget()  # it has come to its end: the next one is to look anew
            proven.executions += bench.executions
            proven.resumed += bench.resumed
        found = units.proved(own, tree.contents, tree.kept, proven.proofs.get)
        at = {item.path: item for item in found}
        proven.results = [at.get(item.path, item) for item in proven.results]
    return proven


class _Tree:
    """The fixes and tests of one root."""

    def __init__(
        self, root: Path, todo: list[Unit], project: Project, bench: Bench, progress: Progress
    ) -> None:
        self._root = root
        self._todo = todo
        self._project = project
        self._bench = bench
        self._progress = progress
        self._say = progress.say
        self._paths: dict[str, str] = {}  # the files of tests, by id
        self._marked: dict[str, Outcome] = {}  # tests that passed in the tree with marks
        self._nearby: dict[str, frozenset[str]] = {}  # tests of a fix's file
        self.contents = Contents(todo, root)
        self.kept: set[str] = set()

    def prove(self, proven: Proven, pins: Pins | None) -> None:
        """Find out which fixes stand, with which version, and say so for each one."""
        reached = {
            unit.name: selection.reached(self._project, unit.result, unit.finding)
            for unit in self._todo
        }
        paths = sorted({path for item in reached.values() for path in item.paths})
        self._say(f"Looking for the tests of {len(self._todo):,} fixes in {len(paths):,} files")
        listing = self._bench.tests(paths)
        if not listing.tests and listing.failed:
            path, why = next(iter(listing.failed.items()))
            remedy = self._bench.remedy
            raise VerifyError(f"{path}: no test can be run: {cause(why)}{remedy}")
        self._paths = {test.id: test.path for test in listing.tests}
        may = {
            name: frozenset(test.id for test in listing.tests if item.includes(test))
            for name, item in reached.items()
        }
        self._nearby = self._near(may, listing.tests)
        reach = self._ran_by(may)
        judged = isolate.prove(list(may), reach, self._nearby, self._try, self._say)
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        for unit in self._todo:
            proof = judged.proofs[unit.name]
            if not may[unit.name]:
                proof = unlisted(reached[unit.name].paths, listing.failed) or proof
            proven.proofs[unit.name] = replace(proof, tree=self._bench.base, when=now)
            stands = proof.verdict is Verdict.PROVED
            if stands or (unit.is_safe and proof.verdict is not Verdict.TAKEN_BACK):
                self.kept.add(unit.name)
        if pins is not None:
            lowering = Lowering(pins, self.contents, self.kept, self._run, self._say)
            proven.lowest += lowering.lower(self._todo, proven.proofs, reach, judged.faults)
        fine = frozenset(self._paths) - {*judged.failing, *judged.flaky}
        near = {name: tests & fine for name, tests in self._nearby.items()}
        mattering = Mattering(self._root, near, self._run, self._say)
        mattering.tell(self.contents, self.kept, proven.proofs)
        proven.flaky += [f"{name} ({tally})" for name, tally in judged.flaky.items()]
        proven.failing += judged.failing
        proven.one_by_one += judged.one_by_one_executions

    def _ran_by(self, may: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """Run all tests without any fix and return which run what each fix changes.

        That is what its mark has noted; for a fix that has none, they are those that may.
        """
        files: dict[str, bytes] = {}
        numbers: dict[str, int] = {}
        for path, units_of in self._files().items():
            source = Source.decode(path, read(self._root / path))
            places = {unit.name: unit.finding.span for unit in units_of if unit.finding}
            found = marks.marked(source, places, len(numbers))
            files[path] = found.content
            numbers.update(found.numbers)
        tests = frozenset().union(*may.values())
        self._say(f"Running {len(tests):,} tests without any fix, to see which run what")
        (ran,) = self._run([Trial(files, tuple(sorted(tests)))])
        self._marked = {name: it for name, it in ran.outcomes.items() if it.is_fine}
        return {
            name: tests & frozenset(ran.hits.get(numbers[name], ())) if name in numbers else tests
            for name, tests in may.items()
        }

    def _files(self) -> dict[str, list[Unit]]:
        found: dict[str, list[Unit]] = {}
        for unit in self._todo:
            path = Path(unit.result.path).relative_to(self._root).as_posix()
            found.setdefault(path, []).append(unit)
        return found

    def _near(
        self, may: Mapping[str, frozenset[str]], listed: Sequence[Test]
    ) -> dict[str, frozenset[str]]:
        """Return, for each fix, the tests that its file can make fail as a whole."""
        inside: dict[str, set[str]] = {}
        for test in listed:
            inside.setdefault(test.path, set()).add(test.id)
        paths = {unit.name: path for path, found in self._files().items() for unit in found}
        return {name: it | inside.get(paths[name], set()) for name, it in may.items()}

    def _try(self, questions: Sequence[Question]) -> list[Mapping[str, Outcome]]:
        """Answer how some tests go with some fixes, for several of both at once.

        What passed in the tree with marks needs no second run without them.
        """
        known = [self._known(question) for question in questions]
        self._marked = {}  # from now on a test is run to see whether it goes as it did
        trials = [
            Trial(
                self.contents.of(question.fixes),
                tuple(sorted(question.tests - its.keys())),
                question.again,
            )
            for question, its in zip(questions, known, strict=True)
        ]
        found = self._run(trials)
        return [{**its, **ran.outcomes} for its, ran in zip(known, found, strict=True)]

    def _known(self, question: Question) -> dict[str, Outcome]:
        if question.fixes:
            return {}
        return {name: it for name, it in self._marked.items() if name in question.tests}

    def _run(self, trials: Sequence[Trial]) -> list[Ran]:
        """Run trials. Raises VerifyError where tests load their modules from elsewhere."""
        ending = [replace(trial, files=_ending(trial.files)) for trial in trials]
        found = self._bench.run(ending, self._progress.expect)
        for trial, ran in zip(trials, found, strict=True):
            for name, outcome in ran.outcomes.items():
                path = self._paths.get(name, "")
                passed = outcome.status is Status.PASSED
                if passed and path in trial.files and path not in ran.loaded:
                    raise VerifyError(
                        f"{path}: its tests run another file than the one that was changed, so that"
                        " they tell nothing of a fix; name an interpreter that loads the project's"
                        f" modules from the folder in which it is started{self._bench.remedy}"
                    )
        return found


def _ending(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files that note at their end that they are loaded."""
    return {
        path: marks.with_end(content, number)
        for number, (path, content) in enumerate(files.items())
    }
