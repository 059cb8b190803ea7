"""The words everything is said in: plain, frozen data without behaviour of its own.

Offsets are UTF-8 byte offsets into the decoded text of a file, never into the
file's own bytes; `source.Source` converts between the two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Applicability(StrEnum):
    """How far a fix can be trusted.

    SAFE: a test that passes today still passes, and for the same reason.
    UNSAFE: needs a look or a test run. DISPLAY: no mechanical fix.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


class Status(StrEnum):
    """What a run did with one file."""

    CLEAN = "clean"
    FOUND = "found"
    CHANGED = "changed"
    SKIPPED = "skipped"
    FAILED = "failed"


class RunError(Exception):
    """What makes a run impossible; the message says where, and what to do."""

    @property
    def place(self) -> str:
        """What the message begins with: a file, with its line, or an option; empty for neither."""
        place, colon, _ = str(self).partition(": ")
        return place if colon else ""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of UTF-8 offsets."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `start` to `end` of the file at `path` by `content`.

    Insertions (`start == end`) at one place are ordered by `order`, then by
    the order in which their findings stand in the file.
    """

    path: str
    start: int
    end: int
    content: str
    order: int = 0


class Declaration(NamedTuple):
    """A constant that a fix needs in a module other than the flagged one."""

    path: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that stand or fall together."""

    title: str
    applicability: Applicability
    edits: tuple[Edit, ...]
    declarations: tuple[Declaration, ...] = ()


class Verdict(StrEnum):
    """What the target's own tests say of one fix.

    PROVED: tests that ran it pass as before. NOT_COVERED: no test ran it. TAKEN_BACK: a test
    fails with it. NOT_JUDGED: what would tell fails without it, too, or cannot be run.
    """

    PROVED = "proved"
    NOT_COVERED = "not covered"
    TAKEN_BACK = "taken back"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the target's own tests said of one fix, in which tree, and when.

    `tests` are the ids of those that ran it, `reason` says why it is not proved, `failure` are the
    last lines of the failure that speaks against it, `mutant` says what came of a change that
    shows whether the fix matters, or of other versions than its own; all are empty where there is
    nothing to say. `tree` is the digest of all files as they were, `when` the time in ISO 8601.
    """

    verdict: Verdict
    tests: tuple[str, ...] = ()
    reason: str = ""
    failure: str = ""
    mutant: str = ""
    tree: str = ""
    when: str = ""

    def __str__(self) -> str:
        if self.verdict is Verdict.PROVED:
            number = f"{len(self.tests):,} test{'' if len(self.tests) == 1 else 's'}"
            return f"{self.verdict} ({'; '.join(filter(None, (number, self.mutant)))})"
        return ": ".join(filter(None, (self.verdict, self.reason)))


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that a rule flags.

    `span` is the thing flagged, `anchor` the statement a fix works on, and
    `data` what the check learned, so that placing the fix decides nothing; `together` in it
    is the same for those of a rule of which all are fixed or none. The
    `message` says all in one line: "what is wrong; the reason: the hint", of which
    the last one or two may be missing. `proof` is None where no test was run for it.
    """

    code: str
    name: str
    path: str
    span: Span
    anchor: Span
    message: str
    applicability: Applicability
    data: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    suppressed: bool = False
    fix: Fix | None = None
    proof: Proof | None = None


class Judgement(StrEnum):
    """What a rule thinks of a place that somebody speaks against.

    RIGHT: what may be said against it is not so. HALF: something is done there, not all
    that could be, so that it depends on what is said; alone of the four it may be
    thought of a place that the rule flags. SO: it is so, and the rule leaves it. OPEN:
    nothing tells.
    """

    RIGHT = "right"
    HALF = "half"
    SO = "so"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Judged:
    """A place that a rule has looked at and does not flag, and why in words.

    `measured` is the number that the rule has counted there, 0 for none.
    """

    code: str
    span: Span
    judgement: Judgement
    message: str
    measured: int = 0


class Problem(NamedTuple):
    """A suppression comment that does nothing or cannot be understood."""

    row: int
    message: str


@dataclass(frozen=True, slots=True)
class FileResult:
    """What the engine made of one file; `detail` says why in words.

    `digest` is that of the bytes that were read. `findings` are all that was
    found, `fixed` those that are gone from the result, to which `edits` lead;
    `result` is the digest of its bytes, empty where nothing changes. `later`
    are the fixes of further rounds: those that clashed with another one, or
    were to be found only after it. Their offsets are those of the round before.
    `sought` are the codes of rules that look for something a project has to name, and that
    may stand in the file: each with what nobody named, empty where all is known.
    `elsewhere` is how many findings were left out for the lines that they stand on.
    `faults` are the rules of plug-ins that raised here, in words: all else stands without them.
    `lasting` says of a failure that it comes from the file and the program alone, so that it is
    the same until one of them is another one.
    """

    path: str
    digest: str
    status: Status
    root: str = ""
    findings: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    edits: tuple[Edit, ...] = ()
    result: str = ""
    detail: str = ""
    later: tuple[tuple[Finding, ...], ...] = ()
    sought: tuple[tuple[str, str], ...] = ()
    elsewhere: int = 0
    faults: tuple[str, ...] = ()
    lasting: bool = False


def digest(content: bytes) -> str:
    """Return the hexadecimal SHA-256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()
