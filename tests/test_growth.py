"""The cost of a file grows with its size, whatever of it is large, and no faster.

Costs are numbers of calls. A loop of C that goes over all there is counts as one: what it takes
is seen in `python tests/growth.py`, which prints the processor time as well.
"""

import functools

import pytest

import growth
from fixtests.model import Status
from fixtests.rules import registry

TEN_TIMES = 13  # times the calls for ten times the input, at most
KINDS = {kind.code: kind for kind in growth.KINDS}
SAYING_MUCH = ("FT101", "FT102", "FT201", "FT202", "FT301", "FT401", "FT504", "FT602", "FT603")


def looked_at(folder, code, shape, count):
    """What is found in a file of a size, and what that takes."""
    root = folder / f"{code}-{shape}-{count}"
    growth.write(root, growth.SHAPES[shape](KINDS[code], count))
    results = []
    calls = growth.calls(lambda: results.extend(growth.look(root, code)))
    (result,) = [item for item in results if item.path.endswith("test_sample.py")]
    assert result.detail == ""
    return result, calls


def grows(folder, code, shape, counts):
    """How many times the calls it takes to look at a file for each that is larger."""
    looked_at(folder, code, shape, 1)  # what is loaded once is loaded
    calls = [looked_at(folder, code, shape, count)[1] for count in counts]
    return [more / less for less, more in zip(calls, calls[1:], strict=False)]


def test_there_is_a_kind_of_suite_for_every_rule():
    assert [kind.code for kind in growth.KINDS] == sorted(rule.code for rule in registry.every())


@pytest.mark.parametrize("code", KINDS)
def test_each_rule_finds_something_in_each_test(code, tmp_path):
    result, _ = looked_at(tmp_path, code, "many_tests", 5)
    assert result.status in (Status.FOUND, Status.CHANGED)
    assert len(result.findings) >= 5


@pytest.mark.parametrize("code", KINDS)
def test_many_tests_take_as_much_more_as_there_are(code, tmp_path):
    assert max(grows(tmp_path, code, "many_tests", (30, 300))) <= TEN_TIMES


@pytest.mark.parametrize("code", SAYING_MUCH)
def test_a_long_test_takes_as_much_more_as_it_is_long(code, tmp_path):
    assert max(grows(tmp_path, code, "one_long_test", (30, 300))) <= TEN_TIMES
