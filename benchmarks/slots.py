"""Say how long a run of tests would take on more slots, from durations of one that has run.

Usage: slots.py STATE ROOT [--start SECONDS] [--slots N...]

STATE is the folder of the user's state (`FIXTESTS_STATE_DIR`) of a run with `--verify`, ROOT the
tree that it was of. The tests are divided into pieces as a run divides them, the longest first;
each piece takes `--start` seconds before its first test. What more processes on one machine cost
one another is not in it.
"""

from __future__ import annotations

import argparse
import heapq
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from fixtests.verify import shards
from fixtests.verify.shards import Known
from fixtests.verify.trial import Test

SLOTS = (1, 2, 4, 8, 16, 32, 64)


def recorded(state: Path, root: Path) -> dict[str, float]:
    """Return the seconds of each test that ran in a tree."""
    with closing(sqlite3.connect(state / "verify" / "results.sqlite")) as database:
        rows = database.execute(
            "select test, seconds from durations where root = ?", [str(root.resolve())]
        )
        return dict(rows)


def named(test: str) -> Known:
    """Return a test by its dotted id; its class is what stands before its name."""
    owner = test.partition("(")[0].rpartition(".")[0]
    module, _, name = owner.rpartition(".")
    return Known(Test(test, module, name, test), module)


def simulated(seconds: Mapping[str, float], slots: int, start: float) -> tuple[float, int]:
    """Return how long all tests take on some slots, and in how many pieces."""
    pieces = sorted(
        (weight for weight, _ in shards.divide([*map(named, seconds)], seconds, slots)),
        reverse=True,
    )
    free = [0.0] * slots
    for weight in pieces:
        heapq.heapreplace(free, free[0] + start + weight)
    return max(free), len(pieces)


def table(seconds: Mapping[str, float], counts: Sequence[int], start: float) -> list[str]:
    """Return the lines of a table in Markdown."""
    first, _ = simulated(seconds, 1, start)
    lines = [
        f"{len(seconds):,} tests, {sum(seconds.values()) / 60:.1f} minutes one by one,"
        f" {start:g} s to start a piece.",
        "",
        "| slots | pieces | minutes | times as fast |",
        "|---:|---:|---:|---:|",
    ]
    for count in counts:
        took, pieces = simulated(seconds, count, start)
        lines.append(f"| {count} | {pieces} | {took / 60:.1f} | {first / took:.1f} |")
    return lines


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("root", type=Path)
    parser.add_argument("--start", type=float, default=10.0)
    parser.add_argument("--slots", type=int, nargs="+", default=SLOTS)
    given = parser.parse_args()
    durations = recorded(given.state, given.root)
    if not durations:
        parser.error(f"{given.root}: no test ran there, as far as {given.state} knows")
    print("\n".join(table(durations, given.slots, given.start)))
