"""FT504 names the function of the tree that waits for the same, and none that does not."""

import pytest

from fixtests.testing import samples
from fixtests.testing.roots import Root

NAMED = {
    "example": ["call `self._wait_for_state`"],
    "until-it-is-gone": ["call `wait_until_gone`"],
    "inherited": ["call `self._wait_for_state`"],
    "imported": ["call `waiters.wait_for_book_state`"],
    "usual-in-the-tree": ["call `desk.waiting.wait_until_true`"],
    "usual-loop-over": [
        "loop over `desk.waiting.iterate_timeout`",
        "call `desk.waiting.async_wait_until`",
    ],
    "nothing-left-and-something-there": [
        "give it a function that tests can share",
        "call `self.wait_for_print`",
        "call `self.wait_for_shredder`",
    ],
    "usual-of-both-kinds": [
        "call `desk.waiting.wait_for_condition`",
        "call `desk.waiting_beside.wait_for_condition`",
        "give it a function that tests can share",
    ],
    "waits-for-another-end": [
        "give it a function that tests can share",
        "give it a function that tests can share",
        "call `self.wait_for_index`",
        "give it a function that tests can share",
    ],
    "another-thing": ["give it a function that tests can share"],
    "inner-loop": ["give it a function that tests can share"] * 2,
}


@pytest.mark.parametrize("case", NAMED)
def test_message_names_what_waits_for_the_same(case, tmp_path):
    (sample,) = [it for it in samples.every() if it.name == f"hand-written-wait/{case}"]
    root = Root(sample.start, tmp_path / "root")
    found = [
        finding.message
        for result in samples.run(samples.request(root, sample.rule))
        for finding in result.findings
    ]
    assert [message.rpartition("; ")[2] for message in found] == NAMED[case]


def test_limit_may_stand_outside_of_a_loop(tmp_path):
    name = "hand-written-wait/limited-from-outside"
    (sample,) = [it for it in samples.every() if it.name == name]
    root = Root(sample.start, tmp_path / "root")
    (result,) = [it for it in samples.run(samples.request(root, sample.rule)) if it.findings]
    assert not [it.message for it in result.findings if "without a limit" in it.message]


def test_message_says_where_a_loop_may_never_end(tmp_path):
    (sample,) = [it for it in samples.every() if it.name == "hand-written-wait/forms-of-loops"]
    root = Root(sample.start, tmp_path / "root")
    (result,) = [it for it in samples.run(samples.request(root, sample.rule)) if it.findings]
    endless = [
        it.message.split("`")[1] for it in result.findings if "without a limit" in it.message
    ]
    assert endless == [
        "test_attribute_that_is_refreshed",
        "_test_value_of_several_tests",
        "test_left_when_it_happens",
        "tearDown",
    ]
