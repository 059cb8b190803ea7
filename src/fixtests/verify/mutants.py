"""The mutants of the fixes of a file: made, put together in few trials, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from fixtests.engine.blame import RuleFaultError, blamed
from fixtests.model import Edit, FileResult, Finding, Span, digest
from fixtests.plan import plan
from fixtests.plugins import loading
from fixtests.rules import registry
from fixtests.rules.api import Rule
from fixtests.rules.mutant import Mutant, Standing
from fixtests.text import edits as arithmetic
from fixtests.text.source import Source
from fixtests.tree.module import Module
from fixtests.verify.trial import Ran, Status

ENDED = {Status.PASSED: True, Status.FAILED: False}


@dataclass(frozen=True, eq=False)
class Planned:
    """A mutant of one or more fixes of a file, by fingerprint.

    `source` is the file with all fixes that are kept; what the mutant notes has the `number`.
    """

    fixes: tuple[str, ...]
    source: Source
    mutant: Mutant
    number: int

    def verdict(self, ran: Ran, tests: Collection[str]) -> str:
        """Return what is to be said of the fixes, which some tests reach; empty for nothing."""
        ended = {
            name: ENDED[outcome.status]
            for name, outcome in ran.outcomes.items()
            if name in tests and outcome.status in ENDED
        }
        return self.mutant.verdict(ended, ran.hits.get(self.number, ()))


def planned(result: FileResult, held: bytes, first: int) -> list[Planned]:
    """Return the mutants of a result's fixes, numbered from `first`.

    `held` is what the file holds with the fixes. Where that is more than the result says, such as
    constants for other files, there are none, and none of a fix that had to wait for another one.
    Fixes that have the same mutant share it. Raises MovedError where the file is not what it was.
    """
    if digest(held) != result.result or not result.fixed:
        return []
    before = plan.source_of(result)
    after = Source.decode(result.path, held)
    module = Module(PurePath(result.path).stem, after, after.parse(), package=False)
    made: dict[tuple[Edit, ...], tuple[Mutant, int, list[str]]] = {}
    rules = {rule.code: rule for rule in registry.every()}
    for finding, places in _landed(result):
        flagged, number = before.slice(finding.span), first + len(made)
        standing = Standing(module, places, flagged, number)
        rule = rules.get(finding.code)  # what a script finds has none
        for mutant in _of(rule, standing) if rule else ():
            made.setdefault(mutant.edits, (mutant, number, []))[2].append(finding.fingerprint)
    return [Planned(tuple(its), after, mutant, at) for mutant, at, its in made.values()]


def _of(rule: Rule, standing: Standing) -> list[Mutant]:
    """Return the mutants that a rule has; a plug-in's that raises has none, and is named."""
    try:
        with blamed(rule):
            return rule.mutants(standing)
    except RuleFaultError as fault:
        loading.note(f"{standing.module.source.path}: {fault}")
        return []


def _landed(result: FileResult) -> Iterator[tuple[Finding, tuple[Span, ...]]]:
    """Yield the fixes of a result's first round, and where their new texts stand in the end.

    What waits for a later round is found anew there, under a name that another fix may have.
    """
    rounds = [arithmetic.compatible(item) for item in (result.fixed, *result.later)]
    places = arithmetic.landed([edits for _, edits in rounds])[0]
    for finding in rounds[0][0]:
        own = finding.fix.edits if finding.fix else ()
        yield finding, tuple(places[edit] for edit in own)


def grouped(
    found: Iterable[Planned], reach: Callable[[Planned], frozenset[str]]
) -> list[list[Planned]]:
    """Return groups of mutants that can be tried at once: no test comes to two of a group.

    `reach` are the tests that may come to what a mutant changes. For one that changes a value
    they are more than those that run its fixes, since others may use the value.
    """
    groups: list[tuple[list[Planned], set[str]]] = []
    for item in found:
        tests = reach(item)
        for group, taken in groups:
            if taken.isdisjoint(tests) and not any(_clash(item, other) for other in group):
                group.append(item)
                taken |= tests
                break
        else:
            groups.append(([item], set(tests)))
    return [group for group, _ in groups]


def _clash(one: Planned, other: Planned) -> bool:
    return one.source.path == other.source.path and any(
        arithmetic.clash(edit, its) or edit.start == its.start
        for edit in one.mutant.edits
        for its in other.mutant.edits
    )


def contents(group: Sequence[Planned]) -> dict[str, bytes]:
    """Return what the files hold, by absolute path, in which the mutants of a group are made."""
    edits: dict[Source, list[Edit]] = {}
    for item in group:
        edits.setdefault(item.source, []).extend(item.mutant.edits)
    return {
        source.path: source.encode(arithmetic.apply(source.utf8, arithmetic.ordered(its)))
        for source, its in edits.items()
    }
