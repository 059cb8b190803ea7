"""Runs tests in one copy until it is known of each how it ended.

A process may die or hang in a test, and then says nothing of those after it: they run again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fixtests.verify import commands, runners, shards
from fixtests.verify.copies import Copy
from fixtests.verify.heard import Heard
from fixtests.verify.in_place import InPlace
from fixtests.verify.process import Ended
from fixtests.verify.runners import Place
from fixtests.verify.shards import Known
from fixtests.verify.trial import Outcome, Status

OURS = ("unittest", "pytest")  # run by a module of ours
GONE = Outcome(Status.MISSING, tail="There is no such test any more.")


@dataclass
class Attempt:
    """What one process has said: how tests ended, which of them hit marks, what was loaded."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    hits: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    loaded: frozenset[str] = frozenset()


def attempts(
    place: Place, copy: Copy | InPlace, files: Mapping[str, bytes], tests: Sequence[Known]
) -> Iterator[Attempt]:
    """Yield what each process says that is needed until all is known of some tests.

    Raises process.StoppedError, and what `changed` of the copy does.
    """
    left = [list(tests)]
    while left:
        now = left.pop()
        with copy.changed({**_noted(copy, place, now), **files}):
            run = runners.ran if place.preset.name in OURS else commands.ran
            heard, ended = run(place, now)
            outcomes = dict(_judged(place, now, heard, ended))
            if not outcomes and run is commands.ran:
                outcomes = dict(_explained(place, now))
        outcomes = {name: _without(f"{place.copy}/", it) for name, it in outcomes.items()}
        unseen = [item for item in now if item.test.id not in outcomes]
        parts = shards.halves(now, place.preset.name == "command")
        if len(unseen) < len(now):
            left += [unseen] if unseen else []
        elif parts:
            left += parts
        else:
            outcomes = dict.fromkeys((item.test.id for item in now), _died(ended))
        loaded = set(map(place.relative, heard.loaded)) & files.keys()
        yield Attempt(outcomes, heard.hits, frozenset(loaded))


def _noted(copy: Copy | InPlace, place: Place, tests: Sequence[Known]) -> dict[str, bytes]:
    """Return files that note that they were loaded, for a command that may say nothing else."""
    if place.preset.name != "command":
        return {}
    return {it.via: (copy.source / it.via).read_bytes() + commands.NOTE for it in tests}


def _judged(
    place: Place, tests: Sequence[Known], heard: Heard, ended: Ended
) -> Iterator[tuple[str, Outcome]]:
    """Yield the outcomes of tests that are sure by now."""
    died = _died(ended)
    for item in tests:
        name = item.test.id
        file = str(place.copy / item.via)
        if name in heard.running:
            yield name, died
        elif name in heard.outcomes:
            yield name, heard.outcomes[name]
        elif file in heard.broken:
            yield name, heard.broken[file]
        elif heard.is_done:
            yield name, GONE
        elif heard.loading == file:
            yield name, died
        elif heard.is_refused and not heard.outcomes and not heard.loading:
            yield name, Outcome(Status.MISSING, tail=ended.output)


def _explained(place: Place, tests: Sequence[Known]) -> Iterator[tuple[str, Outcome]]:
    """Yield why tests are missing of which a command has said nothing, where it can be told."""
    heard, _ = runners.listed(place, dict.fromkeys(item.via for item in tests))
    known = {test.id for test, _ in heard.tests}
    for item in tests:
        file = str(place.copy / item.via)
        if file in heard.broken:
            yield item.test.id, heard.broken[file]
        elif heard.is_done and item.test.id not in known:
            yield item.test.id, GONE


def _died(ended: Ended) -> Outcome:
    """Return the outcome of what ran when its process ended."""
    if ended.is_late:
        said = "It took too long and was ended."
        return Outcome(Status.TIMEOUT, tail=f"{ended.output}\n{said}".strip())
    said = f"Its process ended with code {ended.code}."
    return Outcome(Status.DIED, tail=f"{ended.output}\n{said}".strip())


def _without(folder: str, outcome: Outcome) -> Outcome:
    """Return an outcome that names files as they are called in any copy."""
    return replace(outcome, tail=outcome.tail.replace(folder, ""))
