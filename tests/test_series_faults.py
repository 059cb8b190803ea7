"""A quick selection of the fault suite of series, and all of it where slow tests are asked for."""

import pytest

from series_cases import KINDS, full_disk, killed_amid_branches

ALL = pytest.mark.slow("series are made some thousand times, a fault at every call of git")


@pytest.mark.parametrize(
    ("kind", "every"),
    [
        *(pytest.param(*item, id=item[0].__name__) for item in KINDS.items() if item[1]),
        *(pytest.param(kind, 1, id=f"{kind.__name__}-all", marks=ALL) for kind in KINDS),
    ],
)
def test_users_files_stand_and_a_series_is_whole_or_not_there(kind, every, tmp_path):
    losses = list(kind(tmp_path, every))
    if not losses and kind in (full_disk, killed_amid_branches):
        pytest.skip("no disk may be mounted here, or no strace is there; other kinds stand in")
    assert losses
    assert [loss for case in losses for loss in case] == []
