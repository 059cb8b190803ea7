"""What a commit says: what it does, why, how much, how that was verified, and what it leaves.

Nothing is said that depends on other commits, so that what changes elsewhere leaves it as it is.
"""

from __future__ import annotations

import string
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fixtests.model import Applicability, FileResult, Finding, RunError, Verdict
from fixtests.report.location import visible
from fixtests.report.message import parts
from fixtests.report.summary import count
from fixtests.rules import registry
from fixtests.rules.api import Rule
from fixtests.series.splitting import Shard
from fixtests.syntax.suppressions import CODEMOD
from fixtests.text.source import read

BUILT_IN = "$subject\n\n$reason\n\n$counts\n\n$verified\n\n$left\n"
SUBJECT = 72  # characters of a first line, as tools show it
NAMED = 8  # reasons that are named
TESTS = 5  # tests that are named
OTHER = "Mend what reviews of tests keep finding"
CONSTANTS = "Add constants for the values of tests"


class TemplateError(RunError):
    """A template that cannot be used; the message names it and the place."""


@dataclass(frozen=True)
class Template:
    """The text of a message, in which `$subject`, `$reason`, `$counts` and so on stand."""

    text: str = BUILT_IN
    where: str = "the built-in template"

    @classmethod
    def load(cls, path: Path) -> Template:
        """Read a project's own template. Raises TemplateError."""
        try:
            return cls(read(path).decode(), str(path))
        except OSError as error:
            raise TemplateError(f"{path}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise TemplateError(f"{path}: is not UTF-8; save it as UTF-8") from None

    def filled(self, words: Mapping[str, str]) -> str:
        """Return the message; where nothing is to be said, no gap is left. Raises TemplateError."""
        template = string.Template(self.text)
        try:
            text = template.substitute(words)
        except KeyError as error:
            known = ", ".join(f"${word}" for word in words)
            raise TemplateError(
                f"{self.where}: ${error.args[0]} is not known; there are {known}"
            ) from None
        except ValueError as error:
            raise TemplateError(f"{self.where}: {error}; write $$ for a dollar sign") from None
        lines = [line.rstrip() for line in text.splitlines()]
        kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
        said = "\n".join(kept).strip()
        if not said:
            raise TemplateError(f"{self.where}: leaves the message empty; put $subject in it")
        return f"{said}\n".encode("utf-8", "backslashreplace").decode()


def words(
    shard: Shard, results: Mapping[Path, FileResult], top: Path, width: int
) -> dict[str, str]:
    """Return what can stand in a template, each wrapped to a width; empty for nothing to say.

    `results` are those of the whole plan, by path.
    """
    rule = _rule(shard.kind.code)
    reason = rule.reason if rule else ""
    if shard.block is None:
        reason = "The values get their names here, in one place, for the commits that use them."
    return {
        "subject": subject(shard),
        "reason": _wrapped(reason, width),
        "counts": _wrapped(_counts(shard), width),
        "verified": _wrapped(_verified(shard.findings), width),
        "left": "\n".join(_left(shard, results, top, width)),
        "rule": shard.kind.code,
        "name": shard.kind.name,
        "directory": visible(shard.block.folder) if shard.block else "",
        "files": "\n".join(visible(str(step.path.relative_to(top))) for step in shard.steps),
    }


def subject(shard: Shard) -> str:
    """Return a first line: what is done, and where as far as there is room."""
    if shard.block is None:
        return CONSTANTS
    rule = _rule(shard.kind.code)
    said = rule.subject if rule else ""
    if not said:
        said = f"Apply {shard.kind.name.removeprefix(CODEMOD)}" if shard.kind.name else OTHER
    tier = shard.kind.applicability
    notes = ["needs a look"] if tier is Applicability.UNSAFE else []
    notes += [str(shard.block.number)] if shard.block.number > 1 else []
    end = f" ({', '.join(notes)})" if notes else ""
    folders = [*map(visible, PurePosixPath(shard.block.folder or ".").parts)]
    while folders and len(f"{said} in {'/'.join(folders)}{end}") > SUBJECT:
        del folders[0]
    return f"{said} in {'/'.join(folders)}{end}" if folders else f"{said}{end}"


def _rule(code: str) -> Rule | None:
    return next((rule for rule in registry.every() if rule.code == code), None)


def _title(code: str, name: str) -> str:
    """Return what a rule is called, or a codemod, whose code is its name."""
    return code if name == f"{CODEMOD}{code}" else f"{code} {name}"


def _counts(shard: Shard) -> str:
    files = count(len(shard.steps), "file")
    found = shard.findings
    if not found:
        return f"{files} changed by fixtests."
    rules = Counter(_title(item.code, item.name) for item in found)
    named = ", ".join(
        rule if len(rules) == 1 else f"{rule}: {times:,}" for rule, times in sorted(rules.items())
    )
    unsafe = sum(item.applicability is Applicability.UNSAFE for item in found)
    safety = f" {unsafe:,} of them cannot be told to be safe from the code alone." if unsafe else ""
    return f"{count(len(found), 'place')} in {files}, by fixtests ({named}).{safety}"


def _verified(findings: Sequence[Finding]) -> str:
    """Return what the target's own tests have said; nothing where they were not asked."""
    if not any(item.proof for item in findings):
        return ""
    proved = [
        item.proof for item in findings if item.proof and item.proof.verdict is Verdict.PROVED
    ]
    tests = sorted({test for proof in proved for test in proof.tests})
    shown = ", ".join(tests[:TESTS]) if len(tests) <= TESTS else ""
    said = (
        f"Verified: {len(proved):,} of {count(len(findings), 'place')} by"
        f" {count(len(tests), 'test')} that run them and pass as before"
        f"{f': {shown}' if shown else ''}."
    )
    mutants = Counter(proof.mutant for proof in proved if proof.mutant)
    told = "; ".join(f"{times:,} x {what}" for what, times in sorted(mutants.items()))
    return f"{said} {told[0].upper()}{told[1:]}." if told else said


def _left(shard: Shard, results: Mapping[Path, FileResult], top: Path, width: int) -> Iterator[str]:
    """Yield what findings of the same kind stay in the same files, and why."""
    codes = {item.code for item in shard.findings}
    left: list[Finding] = []
    for step in shard.steps:
        result = results.get(step.path)
        if result is not None:
            fixed = {item.fingerprint for item in _fixed(result)}
            left += [
                item
                for item in result.findings
                if item.code in codes and not item.suppressed and item.fingerprint not in fixed
            ]
    if not left:
        return
    yield f"Left in these files, {count(len(left), 'finding')}:"
    reasons = Counter(_why(item) for item in left)
    for reason, times in reasons.most_common(NAMED):
        text = f"{times:,} x {reason}"
        yield textwrap.fill(
            text, width, initial_indent="- ", subsequent_indent="  ", break_long_words=False
        )
    if len(reasons) > NAMED:
        yield f"- and {count(len(reasons) - NAMED, 'reason')} more"


def _fixed(result: FileResult) -> Iterable[Finding]:
    yield from result.fixed
    for findings in result.later:
        yield from findings


def _why(finding: Finding) -> str:
    """Return why a finding is not fixed."""
    if finding.proof and finding.proof.verdict is Verdict.TAKEN_BACK:
        return str(finding.proof)
    _, reason, hint = parts(finding.message)
    if reason or hint:
        return ": ".join(filter(None, (reason, hint)))
    return "a fix that needs a look" if finding.fix else "no mechanical fix"


def _wrapped(text: str, width: int) -> str:
    return "\n".join(
        textwrap.fill(" ".join(part.split()), width, break_long_words=False, break_on_hyphens=False)
        for part in text.split("\n\n")
    )
