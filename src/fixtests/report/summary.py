"""What a run comes to: counts, wording and exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fixtests.model import Applicability, FileResult, Finding, Status


@dataclass(frozen=True)
class Summary:
    """The results of a run, counted.

    `written` are the paths that a run wrote, `failed` says why it could not read
    or write others, and `writes` whether it was to write at all. What it did to findings
    is that it `silences` them, or else fixes them; with `commits` that is in these, not in files.
    """

    results: tuple[FileResult, ...]
    written: frozenset[Path]
    failed: Mapping[Path, str]
    writes: bool
    silences: bool = False
    commits: bool = False

    @cached_property
    def fixed(self) -> list[Finding]:
        """Findings that the run put right, or would."""
        return [
            item
            for result in self.results
            if Path(result.path) in self.written or not self.writes
            for item in result.fixed
        ]

    @cached_property
    def remaining(self) -> list[Finding]:
        """Findings that the run leaves, without those that a comment silences."""
        fixed = {(item.path, item.fingerprint) for item in self.fixed}
        return [
            item
            for result in self.results
            for item in result.findings
            if not item.suppressed and (item.path, item.fingerprint) not in fixed
        ]

    @property
    def changed(self) -> int:
        """How many files the run changed, or would, without a finding that says why."""
        return sum(
            result.status is Status.CHANGED
            and not result.fixed
            and (Path(result.path) in self.written or not self.writes)
            for result in self.results
        )

    @property
    def notes(self) -> list[FileResult]:
        """Results with something to say of a file that did not fail."""
        return [item for item in self.results if item.detail and item.status is not Status.FAILED]

    @property
    def lasts(self) -> bool:
        """Whether the same run comes to the same until a file or the program changes."""
        lasting = {Path(item.path): item.detail for item in self.results if item.lasting}
        return self.failed.items() <= lasting.items()

    def exit_code(self, *, on_fix: bool = False) -> int:
        """Return 2 where a file failed, 1 where findings or unwritten changes remain, else 0.

        `on_fix` asks for 1 where anything was fixed.
        """
        if self.failed:
            return 2
        unwritten = bool(self.fixed or self.changed) and (on_fix or not self.writes)
        return 1 if self.remaining or unwritten else 0

    def lines(self) -> Iterator[str]:
        """Yield the summary in words."""
        if self.fixed:
            done, planned = ("Silenced", "silence") if self.silences else ("Fixed", "fix")
            files = len({item.path for item in self.fixed})
            verb, number = self._verb(done, planned), count(len(self.fixed), "finding")
            yield f"{verb} {number} in {count(files, 'file')}."
        if self.changed:
            yield f"{self._verb('Changed', 'change')} {count(self.changed, 'file')}."
        if self.remaining:
            tiers = Counter(item.applicability for item in self.remaining)
            parts = [f"{tiers[tier]:,} {text}" for tier, text in LEFT.items() if tiers[tier]]
            verb = "left" if self.fixed else "found"
            yield f"{count(len(self.remaining), 'finding')} {verb}: {', '.join(parts)}."
        elif not self.fixed and not self.changed and not self.failed:
            yield "Nothing to fix."
        elsewhere = sum(result.elsewhere for result in self.results)
        if elsewhere:
            yield f"{count(elsewhere, 'finding')} on other lines left out."
        yield from self._idle()
        skipped = sum(result.status is Status.SKIPPED for result in self.results)
        if skipped:
            yield f"{count(skipped, 'file')} skipped, named above."
        if self.failed:
            yield f"{count(len(self.failed), 'file')} failed, named above."

    def _verb(self, done: str, planned: str) -> str:
        """Return what is said of what was done, or would be, in the words for either."""
        if self.commits:
            return f"The commits {planned}"
        return done if self.writes else f"Would {planned}"

    def _idle(self) -> Iterator[str]:
        """Yield, for each rule that lacked something in every file, what nobody named."""
        told: dict[str, set[str]] = {}
        flagged = {item.code for result in self.results for item in result.findings}
        for result in self.results:
            for code, unknown in result.sought:
                told.setdefault(code, set()).add(unknown)
        for code, reasons in sorted(told.items()):
            if "" not in reasons:
                lack = "knows little here" if code in flagged else "had nothing to work with"
                yield f"{code} {lack}: {'; '.join(sorted(reasons))}."


LEFT = {
    Applicability.SAFE: "with a safe fix",
    Applicability.UNSAFE: "with a fix under --unsafe-fixes",
    Applicability.DISPLAY: "without a mechanical fix",
}


def failures(results: Iterable[FileResult]) -> dict[Path, str]:
    """Return why files could not be worked on, wholly or by some rules of plug-ins, by path."""
    found = {}
    for item in results:
        detail = [item.detail] if item.status is Status.FAILED else []
        if detail or item.faults:
            found[Path(item.path)] = "; ".join([*detail, *item.faults])
    return found


def minutes(seconds: float) -> str:
    """Return a time in minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where that is due."""
    more = "es" if noun.endswith("x") else "s"
    return f"{number:,} {noun}{'' if number == 1 else more}"
