"""What is tried and what comes of it: tests of a tree in which some files are changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """What became of one test.

    DIED: the process that ran it ended. TIMEOUT: it took too long and was ended. MISSING: it was
    asked for and never seen.
    """

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    DIED = "died"
    TIMEOUT = "timeout"
    MISSING = "missing"


@dataclass(frozen=True)
class Test:
    """One test: its id as the runner has it, and where it stands.

    `path` is the file of its module, relative to the root, `owner` the name of its class, empty
    for a function, and `name` that of its method or function.
    """

    id: str
    path: str
    owner: str
    name: str


@dataclass(frozen=True)
class Outcome:
    """What became of one test, in how many seconds, and the last lines of its failure."""

    status: Status
    seconds: float = 0.0
    tail: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.status in (Status.PASSED, Status.SKIPPED)


@dataclass(frozen=True)
class Trial:
    """Some tests, by id, in a copy of a tree in which some files, by relative path, are changed.

    `again` is how often it was run before, where what came of that does not do.
    """

    files: Mapping[str, bytes]
    tests: tuple[str, ...]
    again: int = 0

    def key(self, base: str, environment: str) -> str:
        """Return the name of what comes of it, given the digest of the tree and of all else."""
        digests = {name: hashlib.sha256(it).hexdigest() for name, it in self.files.items()}
        told = json.dumps(
            [base, environment, digests, sorted(self.tests), self.again], sort_keys=True
        )
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Ran:
    """What came of a trial.

    `hits` are, for each mark in the files, how often which test ran what it marks. `loaded` are
    the changed files that the tests loaded from the copy.
    """

    outcomes: Mapping[str, Outcome]
    hits: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    loaded: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Listing:
    """The tests of some modules, and why others have none that can be told."""

    tests: tuple[Test, ...]
    failed: Mapping[str, str] = field(default_factory=dict)
