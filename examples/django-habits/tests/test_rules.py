"""Every sample of every rule, checked as those of fixtests are."""

from pathlib import Path

import pytest

from fixtests.testing import cases, rules_are_whole

STAND_INS = Path(__file__).with_name("stand_ins.py")


@pytest.mark.parametrize("case", cases("DT", STAND_INS), ids=str)
def test_sample(case, tmp_path):
    case.run(tmp_path)


def test_rules_are_whole():
    rules_are_whole("DT")
