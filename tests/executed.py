"""Inputs run before and after their safe fixes: laid out, fixed by one process, run by several.

Each input stands in a copy of the bundled tree, a project of its own, so that none can change what
is found in another.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inputs.shapes import Input
from laid_out import FIXTURES

HERE = Path(__file__).resolve().parent
TREE = FIXTURES / "demo"
PLACE = Path("nova", "tests", "functional", "test_x.py")
AT_ONCE = 400  # files for one process of the tool: a command line holds as many names
THROWN_AWAY = re.compile(r"^error: .*?(\d+)/nova/tests/functional/test_x\.py: (.*please report.*)$")
FAILED = re.compile(r"^error: .*?(\d+)/nova/tests/functional/test_x\.py: (.*)$")
GUARD = r"^ *self\.assert\w+\(len\((.+)\), \d+\)\n"
DOUBLED = re.compile(rf"{GUARD} *self\.assert\w+\(len\(\1\), \d+\)$", re.MULTILINE)
VERDICTS = ("broken", "thrown away", "failed", "redundant", "not found", "not fixed")
COMMAND = (sys.executable, "-m", "fixtests")


@dataclass
class Outcome:
    """What came of one input."""

    given: Input
    after: str = ""
    found: int = 0
    fixes: int = 0
    offered: int = 0
    thrown_away: str = ""
    failed: str = ""
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> int:
        """How many of its tests passed before, with lists of any length."""
        return int(self.answer["passed"])

    @property
    def broken(self) -> list[str]:
        """What is wrong with the tests that passed before, one line for each that is broken."""
        return list(self.answer["broken"].values())

    @property
    def verdict(self) -> str:
        """What is to be said of the input in one word or two."""
        if self.broken:
            return "broken"
        if self.thrown_away:
            return "thrown away"
        if self.failed:
            return "failed"
        if self.is_redundant:
            return "redundant"
        missing = {"not found": self.found, "not fixed": self.offered}
        return "fine" if missing.get(self.given.aim, 1) else self.given.aim

    @property
    def is_redundant(self) -> bool:
        """Whether a guard was added to one of the same list, or where the length is known."""
        known = self.given.kind.startswith("redundant: ") and self.fixes > 0
        return known or bool(DOUBLED.search(self.after) and not DOUBLED.search(self.given.text))


def check(
    given: Sequence[Input], folder: Path, tool: Sequence[str] = COMMAND, jobs: int | None = None
) -> list[Outcome]:
    """Apply the safe fixes of each input's rule in an empty folder, and run both forms.

    The folder holds the fixed forms afterwards; `tool` is the command line program to fix with.
    """
    outcomes = [Outcome(it) for it in given]
    places = [_lay_out(it, folder / "trees" / str(at)) for at, it in enumerate(given)]
    numbers = defaultdict(list)
    for at, item in enumerate(given):
        numbers[item.rule].append(at)
    for rule, members in numbers.items():
        for first in range(0, len(members), AT_ONCE):
            part = {at: places[at] for at in members[first : first + AT_ONCE]}
            _fix(rule, part, outcomes, tool, folder / "state")
    for outcome, place in zip(outcomes, places, strict=True):
        outcome.after = place.read_bytes().decode()
    run(outcomes, places, jobs or os.cpu_count() or 1)
    return outcomes


def run(outcomes: Sequence[Outcome], places: Sequence[Path], jobs: int) -> None:
    """Run both forms of each input, the one before beside it, and keep the answers."""
    requests = []
    for outcome, place in zip(outcomes, places, strict=True):
        before = place.parent / "before.py"
        before.write_text(outcome.given.text)
        asked = {"before": str(before), "after": str(place), "rule": outcome.given.rule}
        requests.append(json.dumps(asked))
    with ThreadPoolExecutor(jobs) as pool:
        answers = pool.map(_answers, [requests[at::jobs] for at in range(jobs)])
        for at, found in enumerate(answers):
            for outcome, answer in zip(outcomes[at::jobs], found, strict=True):
                outcome.answer = answer


def _answers(requests: list[str]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-E", "-S", "-m", "in_memory", str(TREE)],
        cwd=HERE,
        input="".join(f"{line}\n" for line in requests),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _lay_out(given: Input, root: Path) -> Path:
    """Return the place of an input in a tree of its own, whose other files are no copies."""
    ignored = shutil.ignore_patterns("test_*.py", "__pycache__")
    shutil.copytree(TREE, root, ignore=ignored, copy_function=os.link)
    place = root / PLACE
    place.write_text(given.text)
    return place


def _fix(
    rule: str,
    places: dict[int, Path],
    outcomes: list[Outcome],
    tool: Sequence[str],
    state: Path,
) -> None:
    """Count what is found, then apply the safe fixes, and note those that are not written."""
    names = [str(place) for place in places.values()]
    numbers = {str(place.resolve()): at for at, place in places.items()}
    options = ["--no-cache", "--isolated", "--select", rule]
    told = _tool([*tool, "check", *options, "--output-format", "json", *names], state)
    for finding in json.loads(told.stdout):
        outcome = outcomes[numbers[str(Path(finding["filename"]).resolve())]]
        outcome.found += 1
        outcome.offered += finding["fix"] is not None
        outcome.fixes += (finding["fix"] or {}).get("applicability") == "safe"
    told = _tool([*tool, "fix", *options, *names], state)
    for line in told.stderr.splitlines():
        if found := THROWN_AWAY.match(line):
            outcomes[int(found[1])].thrown_away = found[2]
        elif found := FAILED.match(line):
            outcomes[int(found[1])].failed = found[2]


def _tool(command: list[str], state: Path) -> subprocess.CompletedProcess[str]:
    kept = {"FIXTESTS_STATE_DIR": str(state), "FIXTESTS_CACHE_DIR": str(state / "cache")}
    done = subprocess.run(
        command, env={**os.environ, **kept}, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1, 2):
        raise RuntimeError(done.stderr)
    return done


COLUMNS: dict[str, Callable[[list[Outcome]], int]] = {
    "inputs": len,
    "passed": lambda its: sum(it.passed for it in its),
    "found": lambda its: sum(bool(it.found) for it in its),
    "fixes": lambda its: sum(it.fixes for it in its),
    "broken": lambda its: sum(len(it.broken) for it in its),
    "thrown": lambda its: sum(bool(it.thrown_away) for it in its),
    "failed": lambda its: sum(bool(it.failed) for it in its),
    "doubled": lambda its: sum(it.is_redundant for it in its),
    "silent": lambda its: sum(it.verdict.startswith("not ") for it in its),
    "changed": lambda its: sum(len(it.answer["changed"]) for it in its),
}


def by_kind(outcomes: Iterable[Outcome]) -> dict[tuple[str, str], list[Outcome]]:
    """Return outcomes by rule and kind."""
    found: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        found[outcome.given.rule, outcome.given.kind].append(outcome)
    return found


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield a line for each kind, one for each rule, and one for all."""
    yield "".join(f"{name:>8}" for name in COLUMNS) + "  rule and kind"
    kinds = by_kind(outcomes)
    for (rule, kind), members in sorted(kinds.items()):
        yield _row(members, f"{rule} {kind}")
    for rule in sorted({rule for rule, _ in kinds}):
        yield _row([it for it in outcomes if it.given.rule == rule], f"{rule} in all")
    yield _row(outcomes, "in all")
    for verdict in VERDICTS:
        wrong = Counter(
            rule for (rule, _), its in kinds.items() if any(it.verdict == verdict for it in its)
        )
        told = ", ".join(f"{rule} {count}" for rule, count in sorted(wrong.items()))
        yield f"kinds {verdict}: {sum(wrong.values())} of {len(kinds)} ({told or 'none'})"


def _row(members: Sequence[Outcome], name: str) -> str:
    return "".join(f"{count(list(members)):>8}" for count in COLUMNS.values()) + f"  {name}"


def reproducers(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the shortest input of each kind that is wrong, and what is wrong with it."""
    for (rule, kind), members in sorted(by_kind(outcomes).items()):
        wrong = [it for it in members if it.verdict != "fine"]
        if wrong:
            first = min(wrong, key=lambda it: (it.verdict != "broken", len(it.given.text)))
            what = first.broken[0] if first.broken else first.thrown_away or first.failed
            told = what.partition("; please")[0]
            yield f"=== {rule} {kind}: {first.verdict}\n    {told}\n{first.given.text}"
