"""A quick selection of the fault suite; benchmarks/faults.py runs it in full."""

from random import Random

import pytest

from fault_cases import KINDS, RandomKills


@pytest.mark.parametrize(
    ("kind", "every"), KINDS.items(), ids=lambda item: getattr(item, "__name__", "")
)
def test_nothing_is_lost_by(kind, every, tmp_path):
    losses = list(kind(tmp_path, every))
    if not losses and kind.__name__ == "full_disk":
        pytest.skip("no disk may be mounted here; the limit of file sizes stands in for it")
    assert losses
    assert [loss for case in losses for loss in case] == []


def test_nothing_is_lost_by_a_kill_from_outside(tmp_path):
    kills = RandomKills(tmp_path, Random(20))
    losses = list(kills.cases(4))
    assert [loss for case in losses for loss in case] == []
    assert kills.between
