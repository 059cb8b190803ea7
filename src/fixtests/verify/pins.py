"""Fixes that write a version, class by class, and what they are with another version."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from fixtests.engine import check_file
from fixtests.engine.job import Job
from fixtests.model import Applicability, FileResult, Finding
from fixtests.plan.plan import MovedError, fixing
from fixtests.text.source import read
from fixtests.verify import places
from fixtests.verify.units import Unit

TIERS = frozenset((Applicability.SAFE, Applicability.UNSAFE))


@dataclass(frozen=True)
class Pin:
    """The fixes of a class, or one outside of any, that write the version which an option names.

    `versions` are those that may be written, lowest first; the last one is what the fixes write.
    """

    path: str
    owner: str
    rule: str
    option: str
    versions: tuple[str, ...]
    units: tuple[Unit, ...]

    @property
    def name(self) -> str:
        """What tells it from all others."""
        return "\0".join((self.units[0].name, self.option))


@dataclass
class Pins:
    """The options, by rule, whose lowest version is asked for, and what is done in each file."""

    options: Mapping[str, Collection[str]]
    job: Callable[[Path], Job]
    _known: dict[tuple[str, ...], Mapping[str, Finding]] = field(default_factory=dict)

    def among(self, units: Sequence[Unit]) -> Iterator[Pin]:
        """Yield what some fixes pin, each class once for each option."""
        files: dict[tuple[str, str], list[Unit]] = {}
        for unit in units:
            if unit.finding and unit.finding.name in self.options:
                files.setdefault((unit.finding.name, unit.result.path), []).append(unit)
        for (rule, path), own in files.items():
            for option in self.options[rule]:
                yield from self._pins(path, rule, option, own)

    def _pins(self, path: str, rule: str, option: str, units: Sequence[Unit]) -> Iterator[Pin]:
        """Yield what is pinned in one file: the fixes that depend on the option, by class."""
        versions = self._versions(path, rule, option)
        lowest = self._findings(path, rule, option, versions[0]) if versions else {}
        owners: dict[tuple[str, str], list[Unit]] = {}
        for unit in units:
            now = unit.finding
            other = lowest.get(now.fingerprint) if now else None
            if now and other and now.fix and other.fix and now.fix.edits != other.fix.edits:
                owner = self._owner(path, now)
                owners.setdefault((owner, "" if owner else unit.name), []).append(unit)
        for (owner, _), own in owners.items():
            yield Pin(path, owner, rule, option, versions, tuple(own))

    def at(self, pin: Pin, version: str) -> dict[str, Finding]:
        """Return the findings of a pin, by fingerprint, with fixes that write another version."""
        found = self._findings(pin.path, pin.rule, pin.option, version)
        return {
            unit.finding.fingerprint: found[unit.finding.fingerprint]
            for unit in pin.units
            if unit.finding
        }

    def _versions(self, path: str, rule: str, option: str) -> tuple[str, ...]:
        """Return what a rule may write in a file for an option."""
        self._findings(path, rule, option, None)  # the project is looked at as this file has it
        job = self.job(Path(path))
        rules = [item for item in job.rules if item[0].name == rule]
        return rules[0][0].versions(option, rules[0][1], job.project) if rules else ()

    def _findings(
        self, path: str, rule: str, option: str, version: str | None
    ) -> Mapping[str, Finding]:
        """Return what a rule would fix in a file if its option named a version, by fingerprint."""
        key = path, rule, option, version or ""
        if key not in self._known:
            job = self.job(Path(path))
            told = {option.replace("-", "_"): version} if version else {}
            rules = [(own, replace(its, **told)) for own, its in job.rules if own.name == rule]
            result = check_file.run(path, read(path), replace(job, rules=rules, tiers=TIERS))
            self._known[key] = {item.fingerprint: item for item in result.fixed}
        return self._known[key]

    def _owner(self, path: str, finding: Finding) -> str:
        """Return the class that a finding stands in, empty for none."""
        module = self.job(Path(path)).project.at(Path(path))
        around = places.at(module, module.source.row(finding.span.start)) if module else ()
        return next((place.owner for place in around), "")


def repinned(result: FileResult, findings: Mapping[str, Finding]) -> FileResult | None:
    """Return a result with other fixes for some of its findings, by fingerprint.

    None where not all of its fixes can be made at once: some of them wait for others.
    """

    def other(finding: Finding) -> Finding:
        return findings.get(finding.fingerprint, finding)

    fixed = tuple(map(other, result.fixed))
    bare = replace(result, findings=tuple(map(other, result.findings)))
    try:
        found = fixing(bare, fixed)
    except MovedError:
        return None
    return None if result.later or len(found.fixed) < len(fixed) else found
