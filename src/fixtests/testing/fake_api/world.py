"""One world: what it was asked, what it answered, which calls reached it, and what exists in it.

A question has a name that is the same in every run, so that a later run gets the same answers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

RESULT = re.compile(r"\(\)#\w+")
STEPS = 1000
UNSET = object()


class LimitReachedError(BaseException):
    """A test asked or slept more than any sample needs: it hangs."""


@dataclass(frozen=True)
class Call:
    """One call that left the test, as text; `phase` is "test" or "cleanup"."""

    phase: str
    name: str
    arguments: str

    def __str__(self) -> str:
        return f"{self.phase}: {self.name}({self.arguments})"


@dataclass(frozen=True)
class Met:
    """What a first run met, which is all that a second one may count upon."""

    attributes: frozenset[str]
    modules: frozenset[str]
    results: frozenset[str]
    values: dict[str, object]


@dataclass
class Record:
    """A thing that was created; each change makes a new version of it."""

    kind: str
    number: int
    version: int = 0
    alive: bool = True
    stuck: bool = False
    held_by: set[str] = field(default_factory=set)

    @property
    def handle(self) -> str:
        return f"{self.kind}#{self.number}"

    @property
    def view(self) -> str:
        """Return the path of what the thing looks like now."""
        return f"{self.handle}@{self.version}"


class World:
    """The state of one run; `met` is None in a first run."""

    def __init__(self, answers: dict[str, object], met: Met | None = None) -> None:
        self.answers = answers
        self.met = met
        self.phase = "load"
        self.steps = 0
        # Questions: what was answered, what else could have been, how long a list had to be.
        self.taken: dict[str, object] = {}
        self.options: dict[str, Sequence[object]] = {}
        self.wanted: dict[str, int] = {}
        # Unknown things, by path: values, items and attributes, elements.
        self.values: dict[str, object] = {}
        self.fields: dict[str, dict[object, object]] = {}
        self.lists: dict[str, list[object]] = {}
        # Things that were created, and what existed when a call was made.
        self.records: dict[str, Record] = {}
        self.gone: set[str] = set()
        self.views: dict[str, list[str]] = {}
        self.listed: dict[str, list[str]] = {}
        # What the test did.
        self.calls: list[Call] = []
        self.asserted: list[str] = []
        self.asserting = 0  # how many assertions are running, one called by the other
        self.results: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.modules: set[str] = set()
        self.errors: dict[str, type[Exception]] = {}
        self.expected: list[object] = []
        # What the tree says: texts that mean the same as others, and small numbers.
        self.synonyms: dict[str, str] = {}
        self.numbers: set[int] = set()

    def step(self) -> None:
        """Count one thing that the test did; raise LimitReachedError for the last one."""
        self.steps += 1
        if self.steps > STEPS:
            raise LimitReachedError(f"more than {STEPS} steps")

    def ask(self, path: str, what: str, options: Sequence[object]) -> object:
        """Return the answer to a question; the first of its options where none was given."""
        self.step()
        question = f"{path} {what}"
        if question in self.taken:
            return self.taken[question]
        answer = self.answers.get(question, options[0])
        if self.is_added(path):
            return answer
        self.taken[question] = answer
        self.options[question] = options
        return answer

    def decide(self, path: str, what: str, answer: object) -> None:
        """Answer a question before it is asked, so that there is no other answer."""
        self.taken[f"{path} {what}"] = answer
        self.options[f"{path} {what}"] = (answer,)

    def is_added(self, path: str) -> bool:
        """Whether a path leads through a call that the first run did not make."""
        if self.met is None:
            return False
        return any(path[: found.end()] not in self.met.results for found in RESULT.finditer(path))

    def free(self) -> list[str]:
        """Return the questions that the first run did not ask: any answer to them is right."""
        return [question for question in self.taken if question not in self.answers]

    def learned(self) -> Met:
        """Return what a second run may count upon."""
        names = (self.attributes, self.modules, self.results)
        return Met(*map(frozenset, names), values=dict(self.values))

    def left(self) -> int:
        """Return how many of the things that the test created are still there."""
        return sum(item.alive for item in self.records.values() if item.kind != "migration")


class _Now:
    """The world that the running test is in."""

    world = World({})


def now() -> World:
    """Return the world of the running test."""
    return _Now.world


def enter(world: World) -> None:
    """Make a world the one that everything happens in."""
    _Now.world = world
