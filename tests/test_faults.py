"""A quick selection of the fault suite; benchmarks/faults.py runs it in full."""

import subprocess
import sys
from random import Random

import pytest

from fault_cases import KINDS, RandomSignals


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
    kills = RandomSignals(tmp_path, Random(20))
    losses = list(kills.cases(4))
    assert [loss for case in losses for loss in case] == []
    assert kills.between


def test_interruption_before_the_command_line_is_there_is_no_traceback(tree):
    lines = (
        "import signal",
        "from fixtests import __main__, cache",
        "signal.signal(signal.SIGINT, signal.default_int_handler)",  # who starts us may ignore it
        "cache.place = lambda words: signal.raise_signal(signal.SIGINT)",
        "__main__.main()",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines), "check"],
        cwd=tree, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, b"Interrupted; every file is whole.\n")
