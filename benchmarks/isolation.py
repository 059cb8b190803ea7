"""Count the rounds and tests that it takes to find guilty fixes, simulated, as Markdown.

Usage: isolation.py [--seeds N] [--width N]

The trees are made up in the shape of a large suite: 1,098 fixes in 174 files, 82 % of which one
test reaches, the others all tests of their file. Each fix is guilty with some probability, and then
all tests that reach it fail. What is counted lies between the first run with all fixes and the
confirmation, for `verify/isolate.py` and, to compare, for each file halved by itself with all its
tests, all files at the same time. It takes some seconds, and ends where a fix is judged wrongly.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from fixtests.verify import isolate
from tried import Tree

FIXES, FILES, ALONE = 1098, 174, 902  # the last of them are reached by one test
MEAN, SPREAD = 1.41, 0.994  # of the logarithm of the tests of a file
GUILTY = (0.01, 0.053, 0.15)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=5, help="trees per line (default: 5)")
    parser.add_argument("--width", type=int, default=isolate.WIDTH, help="sets tried at once")
    options = parser.parse_args()
    print("| guilty | taken back | whole runs | one by one | files halved | isolated |")
    print("|-|-|-|-|-|-|")
    for chance in GUILTY:
        rows = [counted(chance, seed, options.width) for seed in range(options.seeds)]
        middle = [statistics.median(column) for column in zip(*rows, strict=True)]
        taken, whole, ones, runs, *rest = (f"{number:,.0f}" for number in middle)
        print(
            f"| {chance:.1%} | {taken} | {whole} | {runs} runs / {ones} tests "
            f"| {rest[0]} rounds / {rest[1]} tests "
            f"| {rest[2]} rounds / {rest[3]} runs / {rest[4]} tests |"
        )


def counted(chance: float, seed: int, width: int) -> tuple[int, ...]:
    """Return what it takes in one tree; see the head of the table."""
    tree = shaped(chance, seed)
    fixes = list(tree.reach)
    judged = isolate.prove(fixes, tree.reach, tree.near, tree.run, width=width)
    affected = len(frozenset().union(*tree.reach.values()))
    guilty = {fix for _, (fix,) in ((test, tuple(own)) for test, own in tree.guilty)}
    if judged.taken.keys() != guilty:
        raise SystemExit(f"seed {seed}: {len(judged.taken.keys() ^ guilty)} fixes judged wrongly")
    whole = [question for question in tree.asked if len(question.tests) == affected]
    isolated = (
        judged.rounds - len(whole),
        judged.runs - len(whole),
        judged.executions - len(whole) * affected,
    )
    ones = judged.one_by_one_executions, judged.one_by_one
    return len(judged.taken), len(whole), *ones, *halved(tree, fixes), *isolated


def shaped(chance: float, seed: int) -> Tree:
    """Return a tree in which each fix is guilty with some probability."""
    luck = random.Random(seed)
    sizes = [max(1, round(luck.lognormvariate(MEAN, SPREAD))) for _ in range(FILES)]
    names = [[f"{file}.{test}" for test in range(size)] for file, size in enumerate(sizes)]
    reach, near = {}, {}
    for at, file in enumerate(luck.choices(range(FILES), sizes, k=FIXES)):
        own = names[file]
        alone = at < ALONE
        reach[f"{file}.{at}"] = frozenset([luck.choice(own)] if alone else own)
        near[f"{file}.{at}"] = frozenset(own)
    guilty = [fix for fix in reach if luck.random() < chance]
    return Tree(reach, near, [(test, frozenset({fix})) for fix in guilty for test in reach[fix]])


def halved(tree: Tree, fixes: Sequence[str]) -> tuple[int, int]:
    """Return the rounds and tests that it takes where each file is halved, all at the same time."""
    files: dict[str, list[str]] = {}
    for fix in fixes:
        files.setdefault(fix.partition(".")[0], []).append(fix)
    rounds, executions = 0, 0
    for own in files.values():
        tests = frozenset().union(*(tree.reach[fix] for fix in own))
        asked = _asked(own, lambda on, tests=tests: any(tree.is_broken(it, on) for it in tests))
        rounds = max(rounds, asked)
        executions += asked * len(tests)
    return rounds, executions


def _asked(own: list[str], fails: Callable[[frozenset[str]], bool]) -> int:
    """Return how many questions it takes to find the guilty of some fixes, half by half."""
    asked, left = 0, list(own)
    while fails(frozenset(left)):
        low, high = 0, len(left)
        while high - low > 1:
            middle = (low + high) // 2
            asked += 1
            if fails(frozenset(left[:middle])):
                high = middle
            else:
                low = middle
        del left[high - 1]
        asked += 1  # whether the rest passes
    return asked


if __name__ == "__main__":
    main()
