"""What a branch takes beside its parent: when that is more than noise."""

import random
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
import measure
import parent

EVEN = [1.0, 1.1, 0.9, 1.0, 1.05, 0.95, 1.02, 0.98, 1.0]


def times(factor):
    return [each * factor for each in EVEN]


@pytest.mark.parametrize(
    ("factor", "said"), [(1.1, "slower"), (1.02, ""), (1.0, ""), (0.98, ""), (0.9, "faster")]
)
def test_what_takes_longer_in_each_round_is_slower_where_it_is_enough(factor, said):
    pair = parent.Pair("check", EVEN, times(factor))
    assert pair.ratio == pytest.approx(factor)
    assert pair.slower is (said == "slower")
    assert pair.faster is (said == "faster")
    assert pair.row().endswith(f"| {factor:.2f} | {said} |")


def test_a_few_slow_moments_are_noise():
    unlucky = [each * (2 if at in (2, 5, 7) else 1) for at, each in enumerate(EVEN)]
    assert not parent.Pair("check", EVEN, unlucky).slower
    assert not parent.Pair("check", unlucky, EVEN).faster


def test_one_lucky_moment_hides_nothing():
    lucky = [each * (0.5 if at == 4 else 1.2) for at, each in enumerate(EVEN)]
    assert parent.Pair("check", EVEN, lucky).slower


@pytest.mark.parametrize(
    ("often", "rounds", "expected"), [(9, 9, 1 / 512), (8, 9, 10 / 512), (7, 9, 46 / 512)]
)
def test_chance_is_that_of_coins(often, rounds, expected):
    more = [2.0 if at < often else 0.5 for at in range(rounds)]
    assert parent.chance([1.0] * rounds, more) == expected


def test_rounds_that_took_the_same_say_nothing():
    assert parent.chance([1.0] * 5, [1.0] * 5) == 1
    assert parent.chance([1.0] * 5, [1.0, 2.0, 2.0, 1.0, 2.0]) == 1 / 8


def test_equal_commands_are_seldom_called_slower():
    drawn = random.Random(7)
    pairs = [
        parent.Pair("", *([drawn.lognormvariate(0, 0.1) for _ in range(9)] for _ in range(2)))
        for _ in range(1000)
    ]
    assert sum(pair.slower for pair in pairs) <= 50


def a_measured(label, found, problem=""):
    run = measure.Run(1.0, 1.0, 10.0, found, 0, problem)
    return measure.Measured(measure.Command(label, ()), (run, run))


def test_what_failed_or_finds_something_else_is_said():
    both = [a_measured("check: parent", 3), a_measured("check: branch", 4, "exit 2")]
    assert [*parent.unlike({item.command.label: item for item in both})] == [
        "check: branch: exit 2",
        "check: 3 findings before, 4 now",
    ]
    same = [a_measured("check: parent", 3), a_measured("check: branch", 3)]
    assert not [*parent.unlike({item.command.label: item for item in same})]
