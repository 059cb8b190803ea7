"""Which file, which function and which row a remark is about, however it calls them."""

import pytest

from conftest import fixtests
from test_review import review, verdicts

LAMPS = '''\
import unittest


class LampsTest(unittest.TestCase):
    """Looks at lamps."""

    def test_lamp_with_two_bulbs(self):
        lamps = self.api.get_lamps()
        self.light(lamps[0])

    def test_long_lamp(self):
        """Look at a lamp."""
        lamps = self.api.get_lamps()
        self.dim(lamps[0])

    def helper(self, lamp):
        """Dim a lamp."""
        self.assertEqual(lamp.size, self.size)
        self.dim(lamp)
'''


@pytest.fixture
def tests(tree):
    (tree / "tests/test_one.py").write_text(LAMPS)
    return tree


def test_letter_stands_for_a_file(tests):
    (tests / "tests/test_two.py").write_text("import unittest\n")
    text = (
        "Files: `tests/test_one.py` (A), `tests/test_two.py` (B)\n\n| # | where | remark |\n"
        "|---|---|---|\n| 1 | A:14 | the list is indexed without a check of its length |\n"
    )
    assert "tests/test_one.py:14: FT201" in review(tests, text).text


@pytest.mark.parametrize("head", ["Patch Set 3, Line 9: self.light(lamps[0])", "PS3, Line 9:"])
def test_comment_of_a_mail_of_gerrit_begins_with_a_patch_set(tests, head):
    text = f"Change in lamps\n\nFile tests/test_one.py:\n\n{head}\nindexed without a check\n"
    assert "tests/test_one.py:9: FT201" in review(tests, text).text


def test_strong_title_with_one_label_begins_a_finding(tests):
    text = (
        "# Findings\n\nMapped to weaknesses.\n\n"
        "**CWE-547: Constants**\n*File:* tests/test_one.py\n*Lines:* 9\n"
        "`lamps[0]` is unchecked.\n\n"
        "**CWE-1116**\n*File:* tests/test_one.py, `test_lamp_with_two_bulbs`\nNo docstring.\n\n"
        "**CWE-129**\n*File:* tests/test_one.py:14\nThe list is indexed without a check.\n"
    )
    assert len(verdicts(review(tests, text))) == 3


@pytest.mark.parametrize("name", ["lamp_with_two_bulbs", "with_two_bulbs"])
def test_part_of_a_name_stands_for_the_one_that_has_it(tests, name):
    said = review(tests, f"- {name}: a list is indexed without a check of its length\n")
    assert "tests/test_one.py:9: FT201" in said.text
    assert "tests/test_one.py:14" not in said.text


def test_part_of_several_names_stands_for_none(tests):
    (tests / "tests/test_one.py").write_text(LAMPS.replace("test_long_lamp", "test_two_bulbs"))
    said = review(tests, "- two_bulbs: a list is indexed without a check of its length\n")
    assert "tests/test_one.py:9" in said.text
    assert "tests/test_one.py:14" in said.text


def test_lines_that_are_shown_together_stand_together(tests):
    text = (
        "Hi,\n\n> +        lamps = self.api.get_lamps()\n> +        self.dim(lamps[0])\n\n"
        "The list is indexed without a check of its length.\nSee you.\n"
    )
    said = review(tests, text)
    assert "tests/test_one.py:14: FT201" in said.text
    assert "tests/test_one.py:9:" not in said.text


def test_whole_path_tells_which_of_several_files_is_meant(tree):
    for folder in ("one", "two"):
        (tree / folder).mkdir()
        (tree / folder / "test_lamps.py").write_text(LAMPS)
    (tree / "review.md").write_text(
        "**Review** (files: `two/test_lamps.py`)\n\n| File | Line | Finding |\n|---|---|---|\n"
        "| test_lamps.py | 14 | the list is indexed without a check of its length |\n"
    )
    said = fixtests("review", tree / "review.md", folder=tree)
    assert "two/test_lamps.py:14: FT201" in said.text
    assert "one/test_lamps.py" not in said.text


def test_nothing_is_denied_of_a_file_on_words_that_only_come_near_to_a_rule(tests):
    said = review(tests, "- line 19: this one and that one are the same string\n")
    assert verdicts(said) == ["not understood"]


def test_quoted_code_is_looked_for_outside_of_the_function_that_it_calls(tests):
    text = LAMPS.replace(
        "self.api.get_lamps()\n        self.light", "self.find()\n        self.light"
    )
    (tests / "tests/test_one.py").write_text(
        text + "\n    def find(self):\n        return self.api.get_lamps()\n"
    )
    said = "- tests/test_one.py: what `find` delivers is indexed with `lamps[0]` without a check\n"
    assert "tests/test_one.py:9" in review(tests, said).text


def test_what_a_call_is_given_is_no_row(tests):
    body = (
        "        for _ in range(30):\n            sleep(1)\n            self.api.get_lamp(lamp)\n"
    )
    (tests / "tests/test_one.py").write_text(LAMPS + body)
    said = "- tests/test_one.py: for _ in range(30) with a sleep, a hand-written polling loop\n"
    assert "not in this file" not in review(tests, said).text


def test_file_that_has_the_test_is_meant_of_several_with_its_name(tests):
    for folder, name in (("tests/api", "red"), ("tests/scenario", "green")):
        (tests / folder).mkdir()
        (tests / folder / "test_lamps.py").write_text(LAMPS.replace("long_lamp", name))
    (tests / "tests/api/test_shelves.py").write_text("import unittest\n")
    said = (
        "- tests/api/test_shelves.py:1: import order\n"
        "- test_lamps.py: test_green indexes the list without a check of its length\n"
    )
    assert "tests/scenario/test_lamps.py:14" in review(tests, said).text


def test_class_without_a_docstring_is_answered_by_what_is_there(tests):
    text = LAMPS + "\n\nclass ShelvesTest(unittest.TestCase):\n    pass\n"
    (tests / "tests/test_one.py").write_text(text)
    said = "- tests/test_one.py: class {} has no docstring\n"
    assert verdicts(review(tests, said.format("LampsTest"))) == ["already right"]
    assert verdicts(review(tests, said.format("ShelvesTest"))) == ["reported only"]


def test_class_in_another_file_than_the_one_spoken_of_before(tests):
    (tests / "tests/test_two.py").write_text(LAMPS.replace("LampsTest", "ShelvesTest"))
    said = (
        "tests/test_two.py: import order\n"
        "tests/test_one.py: class ShelvesTest is missing a docstring\n"
    )
    assert verdicts(review(tests, said))[-1] == "already right"


def test_number_of_things_is_not_denied_by_a_length(tests):
    said = (
        "- tests/test_one.py: test_long_lamp checks hit and miss, give the miss a test of its own\n"
    )
    assert "already right" not in review(tests, said).text


def test_word_on_the_head_of_a_test_is_not_about_what_every_test_has(tests):
    said = "- tests/test_one.py:7: naming, multiply should read multiple\n"
    assert verdicts(review(tests, said)) == ["not understood"]


def test_index_stands_in_the_function_that_was_spoken_of(tests):
    said = (
        "In tests/test_one.py, I begin with test_long_lamp. It takes its list from the server. "
        "There lamps[0] is used as if it surely held something.\n"
    )
    answer = review(tests, said)
    assert "test_one.py:14: FT201" in answer.text
    assert "test_one.py:9: FT201" not in answer.text


def test_name_whose_beginning_is_left_out_is_that_of_the_function_that_ends_so(tests):
    said = "- tests/test_one.py: `..._with_two_bulbs`: no docstring\n"
    answer = review(tests, said)
    assert "test_one.py:7: FT601" in answer.text
    assert answer.text.count("FT601") == 1


def test_literal_that_is_quoted_and_stands_there_is_not_denied(tests):
    path = tests / "tests/test_one.py"
    path.write_text(LAMPS.replace("self.size", "'long-lamp-id'"))
    said = "- tests/test_one.py: the UUID 'long-lamp-id' is a literal\n"
    assert verdicts(review(tests, said)) == ["cannot tell without the tree"]


def test_list_that_is_added_to_in_a_loop_before_its_index_holds_something(tests):
    path = tests / "tests/test_one.py"
    fetched = "lamps = self.api.get_lamps()\n        self.dim(lamps[0])"
    added = (
        "lamps = []\n        for size in (1, 2):\n            lamps.append(size)\n"
        "            self.dim(lamps[0])"
    )
    assert fetched in LAMPS
    path.write_text(LAMPS.replace(fetched, added))
    said = "- tests/test_one.py: test_long_lamp: `lamps[0]` is used without a check of its length\n"
    answer = review(tests, said)
    assert verdicts(answer) == ["already right"]
    assert "something is added to `lamps` before, on line 15" in answer.text
