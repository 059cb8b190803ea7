"""The worlds in which a test passes, and whether its fixed form passes in each of them as well.

A first world is found by trying other answers to the questions that led to a failure, more of
them by changing one answer each. What a test does not ask may be answered in any way.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from fake_api.running import Entry, Run, Tree
from fake_api.world import Call

RUNS_FOR_THE_FIRST = 120
RUNS_FOR_ONE_MORE = 5
RUNS_FOR_MORE = 240
WORLDS = 24
FREE_ANSWERS = 16
READS_OF_WAITS = ("get_migrations", "_wait_for_migration_status")
GUARDS = ("assertGreater(", "assertNotEmpty(")
# How assertions begin that the fix of a plug-in's rule may add, and that may go.
MAY_ASSERT: dict[str, tuple[str, ...]] = {}
MAY_DROP: dict[str, tuple[str, ...]] = {}
# What says less of a list: FT201 puts a guard in its place.
WEAKER = ("assertIsNotNone(", "assertTrue(")
DELETIONS = ("delete", "remove", "destroy", "DELETE")


@dataclass
class Answer:
    """What is to be told of one test: why it cannot run, or how its fixed form differs.

    `left` is how many things it leaves behind in the first world, before and after the fix.
    """

    cannot: str = ""
    worlds: int = 0
    left: tuple[int, int] = (0, 0)
    broken: list[str] = field(default_factory=list)


def compare(before: Tree, after: Tree, entry: Entry, rule: str) -> Answer:
    """Find worlds in which a test passes and run its fixed form in each."""
    passing, why = worlds(before, entry)
    answer = Answer("" if passing else why, len(passing))
    for run in passing:
        again, problems = _fixed(run, after, entry, rule)
        if run is passing[0]:
            answer.left = run.world.left(), again.world.left()
        if problems:
            answer.broken = problems
            break
    return answer


def worlds(tree: Tree, entry: Entry) -> tuple[list[Run], str]:
    """Return passing runs, each in another world; where there is none, why the first failed."""
    first, runs, why = _passing(tree, entry, {}, frozenset(), RUNS_FOR_THE_FIRST)
    if first is None:
        return [], why
    passing, seen, fixed = [first], {_key(first)}, set[str]()
    for question, options in first.world.options.items():
        fixed.add(question)
        for option in options:
            if option == first.world.taken[question] or runs >= RUNS_FOR_MORE:
                continue
            start = {**first.world.taken, question: option}
            run, more, _ = _passing(tree, entry, start, frozenset(fixed), RUNS_FOR_ONE_MORE)
            runs += more
            if run is not None and _key(run) not in seen and len(passing) < WORLDS:
                seen.add(_key(run))
                passing.append(run)
    return passing, ""


def _passing(
    tree: Tree, entry: Entry, answers: dict[str, object], fixed: frozenset[str], limit: int
) -> tuple[Run | None, int, str]:
    """Return a passing run, how many were tried, and why the first of them failed."""
    tried: dict[str, list[object]] = {}
    why = ""
    for runs in range(1, limit + 1):
        run = tree.run(entry, answers)
        if not run.verdict:
            return run, runs, ""
        why = why or run.verdict
        following = _following(run, tried, fixed)
        if following is None:
            return None, runs, why
        answers = following
    return None, limit, why


def _following(
    run: Run, tried: dict[str, list[object]], fixed: frozenset[str]
) -> dict[str, object] | None:
    """Return the answers to try next: a list as long as was needed, or the last other answer."""
    taken, options = run.world.taken, run.world.options
    for question, answer in taken.items():
        if answer not in tried.setdefault(question, []):
            tried[question].append(answer)
    questions = list(taken)
    for question, needed in run.world.wanted.items():
        if question in taken and question not in fixed and needed not in tried[question]:
            kept = questions[: questions.index(question)]
            return {**{key: taken[key] for key in kept}, question: needed}
    while questions:
        question = questions.pop()
        left = [item for item in options[question] if item not in tried[question]]
        if left and question not in fixed:
            return {**{key: taken[key] for key in questions}, question: left[0]}
        tried.pop(question, None)
    return None


def _fixed(run: Run, after: Tree, entry: Entry, rule: str) -> tuple[Run, list[str]]:
    """Run the fixed form in a world, whatever the rest of it is like; return what is wrong."""
    met = run.world.learned()
    again = after.run(entry, run.world.taken, met)
    problems = _problems(run, again, rule)
    for question in again.world.free()[:FREE_ANSWERS]:
        for option in again.world.options[question][1:]:
            if not problems:
                other = after.run(entry, {**run.world.taken, question: option}, met)
                problems = _problems(run, other, rule)
    return again, problems


def _problems(run: Run, again: Run, rule: str) -> list[str]:
    if again.verdict:
        return [f"passed, now: {again.verdict}"]
    asserted = _asserted_otherwise(run.world.asserted, again.world.asserted, rule)
    return asserted or unlike(run.world.calls, again.world.calls, rule)


def _asserted_otherwise(before: list[str], after: list[str], rule: str) -> list[str]:
    """Return the first assertion that is not made any more, or is made without need."""
    rest = list(before)
    may_go = tuple(MAY_DROP.get(rule, ()))
    for at, told in enumerate(after):
        while told in rest[1:] and told != rest[0] and rest[0].startswith(may_go):
            rest.pop(0)
        if rest and told == rest[0]:
            rest.pop(0)
        elif not _may_assert(rule, told):
            return [f"asserts otherwise: also {told}"]
        elif rest and rest[0].startswith((*WEAKER, *may_go)) and rest[0] not in after[at:]:
            rest.pop(0)  # what was added took its place
    while rest and may_go and rest[0].startswith(may_go):
        rest.pop(0)
    return [f"asserts otherwise: no longer {rest[0]}"] if rest else []


def unlike(before: list[Call], after: list[Call], rule: str) -> list[str]:
    """Return how two sequences of calls differ, but for what the fix of a rule adds.

    What is deleted at the end may be deleted earlier there: the last cleanup comes first.
    """
    fewer: list[Call] = []
    more: list[Call] = []
    for way, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if way != "equal":
            fewer += before[a:b]
            more += after[c:d]
    moved = Counter(fewer) & Counter(call for call in more if _may_add(rule, call))
    fewer = list((Counter(fewer) - moved).elements())
    more = [call for call in more if not _may_add(rule, call)]
    return [
        *(f"no longer calls {call}" for call in fewer),
        *(f"calls besides {call}" for call in more),
    ]


def _may_assert(rule: str, told: str) -> bool:
    """Whether the fix of a rule may add an assertion; a helper that waits may assert anything."""
    guards = rule in ("unguarded-index", "ALL") and told.startswith(GUARDS)
    added = told.startswith(tuple(MAY_ASSERT.get(rule, ())))
    return guards or added or rule == "unverified-outcome"


def _may_add(rule: str, call: Call) -> bool:
    if rule in ("missing-cleanup", "ALL") and call.phase == "cleanup":
        return any(word in call.name for word in DELETIONS)
    waits = rule in ("unverified-outcome", "ALL")
    return waits and call.name.rpartition(".")[2] in READS_OF_WAITS


def _key(run: Run) -> tuple[tuple[str, object], ...]:
    return tuple(run.world.taken.items())
