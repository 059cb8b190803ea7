"""From pins that are proved to the lowest versions with which the tests of their classes pass."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from fixtests.model import FileResult, Finding, Proof, Verdict
from fixtests.report.location import shown
from fixtests.verify import lowest
from fixtests.verify.lowest import Asked, Found, Run, Versions
from fixtests.verify.pins import Pin, Pins, repinned
from fixtests.verify.trial import Outcome, Ran, Trial
from fixtests.verify.units import Contents, Unit

WAITING = "not all fixes of its file can be made at once; select its rule alone"
Proofs = dict[str, Proof]


class Lowering:
    """The pins of one root, with the files as they are where some fixes are `kept`.

    `run` carries trials out, `say` is told what is being done.
    """

    def __init__(
        self,
        pins: Pins,
        contents: Contents,
        kept: Collection[str],
        run: Callable[[Sequence[Trial]], list[Ran]],
        say: Callable[[str], None],
    ) -> None:
        self._pins = pins
        self._contents = contents
        self._kept = kept
        self._run = run
        self._say = say
        self._all: dict[str, Pin] = {}
        self._results = {item.path: item for item in contents.results(kept)}
        self._made: dict[tuple[str, frozenset[tuple[str, int]]], FileResult | None] = {}

    def lower(
        self,
        units: Sequence[Unit],
        proofs: Proofs,
        reach: Mapping[str, frozenset[str]],
        faults: Mapping[str, str],
    ) -> list[str]:
        """Pin the lowest versions that pass, note it at the proofs, and return what to say.

        `reach` are the tests that run what a fix changes, `faults` says of tests why they tell
        nothing.
        """
        proved = [unit for unit in units if proofs[unit.name].verdict is Verdict.PROVED]
        self._all = {pin.name: pin for pin in self._pins.among(proved)}
        if not self._all:
            return ["No class is pinned whose lowest version could be looked for."]
        asked, aside = self._asked(proofs, reach, faults)
        found = lowest.find(asked, self._try, self._say)
        said = {name: _told(self._all[name], it) for name, it in found.found.items()} | aside
        for name, pin in self._all.items():
            for unit in pin.units:
                proofs[unit.name] = replace(proofs[unit.name], mutant=said[name])
        files = self._made_with({name: it.version for name, it in found.found.items()})
        self._contents.settle(self._kept, files or ())
        unsure = {name for name, it in found.found.items() if it.passes is not None}
        return [
            *(
                f"{shown(pin.path)}: {pin.owner or 'no class'}: {pin.versions[-1]} is pinned;"
                f" {said[name]}"
                for name, pin in self._all.items()
                if name in aside or name in unsure
            ),
            f"Looked for the lowest versions of {len(asked):,} of {len(said):,} classes:"
            f" {found.runs:,} runs of {found.executions:,} tests.",
        ]

    def _asked(
        self, proofs: Proofs, reach: Mapping[str, frozenset[str]], faults: Mapping[str, str]
    ) -> tuple[dict[str, Asked], dict[str, str]]:
        """Return what is to be searched for, by pin, and what is said of pins that cannot be."""
        asked, aside = dict[str, Asked](), dict[str, str]()
        for name, pin in self._all.items():
            tests = frozenset().union(*(proofs[unit.name].tests for unit in pin.units))
            reaching = frozenset().union(*(reach[unit.name] for unit in pin.units))
            fault = self._fault(pin, reaching, faults)
            if fault:
                aside[name] = f"lowest version not judged: {fault}"
            else:
                asked[name] = Asked(len(pin.versions) - 1, tests, reaching)
        return asked, aside

    def _fault(self, pin: Pin, reach: Collection[str], faults: Mapping[str, str]) -> str:
        """Say why a class cannot be judged, empty where it can."""
        told = next((f"{test} {faults[test]}" for test in sorted(reach) if test in faults), "")
        first = {pin.name: 0}
        return told or ("" if self._made_with(first) is not None else WAITING)

    def _try(self, runs: Sequence[Run]) -> list[Mapping[str, Outcome]]:
        """Answer how some tests go with some versions; of files that cannot be made so, nothing."""
        made = [self._made_with(run.versions) for run in runs]
        trials = [
            Trial(self._contents.holding(results), tuple(sorted(run.tests)), run.again)
            for run, results in zip(runs, made, strict=True)
            if results is not None
        ]
        found = iter(self._run(trials))
        return [{} if results is None else next(found).outcomes for results in made]

    def _made_with(self, versions: Versions) -> list[FileResult] | None:
        """Return the results of all files with some versions, None where one cannot be made so."""
        chosen: dict[str, set[tuple[str, int]]] = {}
        for name, version in versions.items():
            chosen.setdefault(self._all[name].path, set()).add((name, version))
        made = {path: self._file(path, frozenset(own)) for path, own in chosen.items()}
        results = [made.get(path, item) for path, item in self._results.items()]
        found = [item for item in results if item is not None]
        return found if len(found) == len(results) else None

    def _file(self, path: str, versions: frozenset[tuple[str, int]]) -> FileResult | None:
        key = path, versions
        if key not in self._made:
            findings: dict[str, Finding] = {}
            for name, version in versions:
                pin = self._all[name]
                if version < len(pin.versions) - 1:
                    findings |= self._pins.at(pin, pin.versions[version])
            result = self._results[path]
            self._made[key] = repinned(result, findings) if findings else result
        return self._made[key]


def _told(pin: Pin, found: Found) -> str:
    """Return what was found for a class, in words."""
    if found.passes is None or found.fails is None:
        return f"lowest version that passes: {pin.versions[found.version]}"
    passes, fails = pin.versions[found.passes], pin.versions[found.fails]
    if passes == fails:
        return f"not monotonic: passes and fails at {passes}"
    return f"not monotonic: passes at {passes}, fails at {fails}"
