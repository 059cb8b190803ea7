"""Tests of pytest in samples run as those of unittest do, and what they assert counts."""

import os
import sys

import pytest

from fixtests.testing.execution import Runner

STAND_INS = """
import pytest


def price(item):
    raise ValueError(f"no item {item}")


class Printed:
    def __init__(self):
        self.text = "printed"


with pytest.raises(ValueError, match="no item 1"):
    price(1)
PROVIDED = {"shop": {"price": price}}
FIXTURES = {"printed": Printed}
MAY_DROP = {"raises-message": ("assert 'no item' in", "raises(")}
MAY_ASSERT = {"raises-message": ("raises(",)}
"""


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    file = tmp_path_factory.mktemp("stand_ins") / "stand_ins.py"
    file.write_text(STAND_INS)
    found = Runner(file)
    yield found
    found.close()


def compare(runner, folder, before, after=None, rule="some-rule"):
    for name, text in (("before", before), ("after", before if after is None else after)):
        (folder / name / "tests").mkdir(parents=True)
        (folder / name / "tests" / "test_one.py").write_text(text)
    return runner.compare(folder / "before", folder / "after", rule)


def in_function(*lines, head="def test_one(value, other):\n"):
    return head + "".join(f"    {line}\n" for line in lines)


ASSERTED = [
    "value == 5",
    "5 == value and value",
    "value in (5, 6)",
    "value is not None",
    "value is None",
    "isinstance(value, int)",
    "value.startswith('5')",
    "value",
    "not value.is_empty",
    "1 < value < 9",
    "all(item for item in [value])",
    "(found := value) == 5",
]


@pytest.mark.parametrize("asserted", ASSERTED)
def test_assertion_that_goes_is_noticed(runner, tmp_path, asserted):
    before = in_function(f"assert {asserted}", "other.show()")
    answer = compare(runner, tmp_path, before, in_function("other.show()"))
    (answer,) = answer.values()
    assert answer["cannot"] == ""
    assert answer["broken"][0].startswith("asserts otherwise: no longer assert ")


@pytest.mark.parametrize("asserted", ASSERTED)
def test_same_assertion_of_another_name_is_the_same(runner, tmp_path, asserted):
    before = in_function(f"assert {asserted}", "other.show()")
    renamed = in_function(
        "it = value", f"assert {asserted.replace('value', 'it')}, 'x'", "other.show()"
    )
    (answer,) = compare(runner, tmp_path, before, renamed).values()
    assert (answer["cannot"], answer["broken"]) == ("", [])


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("value == 5", "value != 6", "also assert <argument#value> != 6"),
        ("value == 5", "value is not None", "also assert <argument#value> is not None"),
        ("value or self", "value", ""),
        ("value.startswith('5')", "value.startswith('6')", "also assert <argument#value>"),
        ("str(1) == '1'", "str(1) in '1'", "also assert '1' in '1'"),
    ],
)
def test_assertion_that_says_something_else_is_noticed(runner, tmp_path, before, after, said):
    forms = [in_function(f"assert {it}") for it in (before, after)]
    (answer,) = compare(runner, tmp_path, *forms).values()
    assert answer["cannot"] == ""
    assert said in "".join(answer["broken"])
    assert bool(answer["broken"]) == bool(said)


def test_assertion_in_a_helper_and_in_an_expected_failure_counts(runner, tmp_path):
    text = "import pytest\ndef check(it):\n    assert it\ndef test_one(it):\n    check(it)\n"
    text += "    with pytest.raises(AssertionError):\n        assert it == 1 and 0\n    assert it\n"
    (answer,) = compare(runner, tmp_path / "same", text).values()
    assert (answer["cannot"], answer["broken"]) == ("", [])
    without = text.replace("    check(it)\n", "")
    (answer,) = compare(runner, tmp_path / "less", text, without).values()
    assert answer["broken"] == ["asserts otherwise: also raises(<AssertionError>)"]


PYTEST = """
import pytest
from shop import price


@pytest.fixture
def one():
    return 1


@pytest.fixture(name="two")
def of_another_name(one):
    yield one + one
    price.ended()


class TestPrice:
    def setup_method(self, method):
        self.kind = ValueError

    @pytest.fixture(autouse=True)
    def three(self, two):
        self.three = two + 1

    @pytest.mark.parametrize(("add", "sum_"), [(1, 4), pytest.param(2, 5, id="two")])
    def test_sum(self, add, sum_):
        assert self.three + add == sum_

    def test_price(self):
        with pytest.raises(self.kind, match="no item") as caught:
            price(None)
        assert str(caught.value) == "no item None"


def test_given(printed, two, anything):
    assert printed.text == "printed"
    assert two == 2
    assert anything.text == 7


@pytest.mark.skip_never
async def test_later(one):
    assert one == 1


class Helper:
    def test_nothing(self):
        assert False


def helper():
    assert False
"""


def test_functions_and_classes_of_pytest_run(runner, tmp_path):
    answers = compare(runner, tmp_path, PYTEST.replace("    price.ended()\n", ""))
    assert {test: answer["cannot"] for test, answer in answers.items()} == {
        "tests.test_one:TestPrice.test_sum": "",
        "tests.test_one:TestPrice.test_price": "",
        "tests.test_one:test_given": "",
        "tests.test_one:test_later": "",
    }
    assert [answer["broken"] for answer in answers.values()] == [[]] * 4


@pytest.mark.parametrize(
    ("old", "new", "test", "said"),
    [
        ("(2, 5", "(2, 6", "TestPrice.test_sum", "passed, now: AssertionError"),
        ("(1, 4), ", "", "TestPrice.test_sum", "also assert 5 == 5"),
        ('match="no item"', 'match="items"', "TestPrice.test_price", "'items' does not match"),
        (', match="no item"', "", "TestPrice.test_price", "also raises(<ValueError>)"),
        (
            "            price(None)\n",
            "            pass\n",
            "TestPrice.test_price",
            "did not raise",
        ),
        ('printed.text == "printed"', "anything.text == 7", "test_given", "asserts otherwise"),
        ("yield one", "yield 3 + one", "test_given", "passed, now: AssertionError"),
    ],
)
def test_what_breaks_them_is_noticed(runner, tmp_path, old, new, test, said):
    text = PYTEST.replace("    price.ended()\n", "")
    assert old in text
    answers = compare(runner, tmp_path, text, text.replace(old, new))
    assert said in "".join(answers[f"tests.test_one:{test}"]["broken"])


MESSAGE = """
import pytest
from shop import price


def test_price():
    with pytest.raises(ValueError) as excinfo:
        price(None)
    assert "no item" in str(excinfo.value)
"""
MATCH = MESSAGE.partition("    with")[0]
MATCH += '    with pytest.raises(ValueError, match="no item"):\n        price(None)\n'


def test_stand_ins_say_what_a_fix_may_assert_and_drop(runner, tmp_path):
    (answer,) = compare(runner, tmp_path / "may", MESSAGE, MATCH, "raises-message").values()
    assert (answer["cannot"], answer["broken"]) == ("", [])
    (answer,) = compare(runner, tmp_path / "not", MESSAGE, MATCH, "another").values()
    assert "asserts otherwise" in answer["broken"][0]
    wrong = MATCH.replace("no item", "an item")
    (answer,) = compare(runner, tmp_path / "wrong", MESSAGE, wrong, "raises-message").values()
    assert "does not match" in answer["broken"][0]


def test_python_that_is_named_from_the_current_folder_is_found(monkeypatch):
    monkeypatch.setattr(sys, "executable", os.path.relpath(sys.executable))
    found = Runner()
    found.close()
    assert found._process.returncode == 0
