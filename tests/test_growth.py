"""The cost of a file grows with its size, whatever of it is large, and no faster.

Costs are numbers of calls. A loop of C that goes over all there is counts as one: what it takes
is seen in `python tests/growth.py`, which prints the processor time as well.
"""

import itertools
import random

import pytest

import growth
from fixtests.model import Status
from fixtests.rules import registry
from fixtests.run.request import Request
from fixtests.run.session import Session
from sparse import sparse

DEEP = "one_deep_hierarchy"
TEN_TIMES = 13  # times the calls for ten times the input, at most
FEW = (15, 150)  # of what a file is made of: what a run takes once, whatever it looks at,
OF_FEW = 10  # counts more there, so that the calls are less than ten times as many
KINDS = {kind.code: kind for kind in growth.KINDS}
# What took more than its share once; the others are gone through by the slow test.
LARGE = (
    *(
        (code, "one_long_test")
        for code in ("FT101", "FT102", "FT201", "FT202", "FT301", "FT401", "FT501", "FT602")
    ),
    *((code, "one_long_expression") for code in ("FT101", "FT102", "FT201", "FT603")),
    *((code, "many_classes") for code in ("FT301", "FT603")),
    *((code, "helpers_and_tests") for code in ("FT301", "FT501")),
    *((code, "one_long_setup") for code in ("FT102", "FT201", "FT202")),
    *((code, DEEP) for code in ("FT102", "FT201", "FT202", "FT301", "FT401", "FT504", "FT603")),
)

SHAPES = "other rules and shapes take their seconds, too"


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
    return [more / less for less, more in itertools.pairwise(calls)]


def test_there_is_a_kind_of_suite_for_every_rule():
    assert [kind.code for kind in growth.KINDS] == sorted(rule.code for rule in registry.every())


@pytest.mark.parametrize("code", KINDS)
def test_each_rule_finds_something_in_each_test(code, tmp_path):
    result, _ = looked_at(tmp_path, code, "many_tests", 5)
    assert result.status in (Status.FOUND, Status.CHANGED)
    assert len(result.findings) >= 5


@pytest.mark.parametrize("code", sparse(KINDS, 2, SHAPES))
def test_many_tests_take_as_much_more_as_there_are(code, tmp_path):
    assert max(grows(tmp_path, code, "many_tests", FEW)) <= OF_FEW


@pytest.mark.parametrize(("code", "shape"), sparse(LARGE, 3, SHAPES))
def test_whatever_is_large_takes_as_much_more_as_it_is(code, shape, tmp_path):
    assert max(grows(tmp_path, code, shape, FEW)) <= OF_FEW


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("FT301", growth.in_one_file),
        *((code, growth.in_a_file_each) for code in ("FT101", "FT301")),
    ],
)
def test_classes_that_inherit_from_each_other_take_as_much_more_as_there_are(
    code, written, tmp_path
):
    """A test of FT301 is judged as each class that inherits it, FT101 asks the files beside."""
    calls = []
    for count in (1, 20, 200):
        root = tmp_path / str(count)
        written(root, KINDS[code], count)
        found = []
        calls += [growth.calls(lambda: found.extend(growth.look(root, code)))]  # noqa: B023
        assert sum(len(item.findings) for item in found) >= count
    assert calls[2] / calls[1] <= TEN_TIMES


@pytest.mark.slow("a thousand of each takes minutes of processor time")
@pytest.mark.parametrize(("code", "shape"), [*itertools.product(KINDS, growth.SHAPES)])
def test_a_thousand_take_ten_times_what_a_hundred_do(code, shape, tmp_path):
    assert max(grows(tmp_path, code, shape, (100, 1000))) <= TEN_TIMES


@pytest.mark.parametrize("code", ["FT401", "FT601", "FT602"])
def test_a_line_of_classes_may_be_longer_than_the_stack_of_python(code, tmp_path):
    result, _ = looked_at(tmp_path, code, "one_deep_hierarchy", 300)
    assert len(result.findings) == 300


@pytest.mark.parametrize("seed", range(30))
def test_resolution_orders_are_those_of_python(seed, tmp_path):
    chosen = random.Random(seed)
    written, names = [], ["object"]
    for number in range(25):
        bases = chosen.sample(names[1:], min(len(names) - 1, chosen.randrange(4))) or ["object"]
        line = f"class C{number}({', '.join(bases)}):\n    pass\n"
        try:
            exec("".join([*written, line]), {})
        except TypeError:  # no order fits
            continue
        written.append(line)
        names.append(f"C{number}")
    (tmp_path / "lines.py").write_text("".join(written))
    known = {}
    exec("".join(written), known)
    project = Session(Request((tmp_path,))).jobs.of(tmp_path / "lines.py").project
    for name in names[1:]:
        order = project.mro(project.locate(f"lines.{name}"))
        assert [item.name for item in order] == [item.__name__ for item in known[name].__mro__]
