"""A quick selection of the fault suite, and all of it where slow tests are asked for."""

import signal
import subprocess
import sys
from random import Random

import pytest

from fault_cases import KINDS, RandomSignals, concurrent

ALL = pytest.mark.slow("faults strike at every operation of the writer, and hundreds of times")
EVERY = {kind: 10 if kind is concurrent else 1 for kind in KINDS}  # two runs at once, ten times


@pytest.mark.parametrize(
    ("kind", "every"),
    [
        *(pytest.param(*item, id=item[0].__name__) for item in KINDS.items()),
        *(pytest.param(*item, id=f"{item[0].__name__}-all", marks=ALL) for item in EVERY.items()),
    ],
)
def test_nothing_is_lost_by(kind, every, tmp_path):
    losses = list(kind(tmp_path, every))
    if not losses and kind.__name__ == "full_disk":
        pytest.skip("no disk may be mounted here; the limit of file sizes stands in for it")
    assert losses
    assert [loss for case in losses for loss in case] == []


@pytest.mark.parametrize(
    ("number", "times"),
    [
        pytest.param(signal.SIGKILL, 2, id="kill"),
        pytest.param(signal.SIGKILL, 200, id="kill-all", marks=ALL),
        pytest.param(signal.SIGTERM, 50, id="termination-all", marks=ALL),
        pytest.param(signal.SIGINT, 50, id="interruption-all", marks=ALL),
    ],
)
def test_nothing_is_lost_by_a_signal_from_outside(number, times, tmp_path):
    signals = RandomSignals(tmp_path, Random(20), number)
    losses = list(signals.cases(times))
    assert [loss for case in losses for loss in case] == []
    assert signals.between


def test_interruption_before_the_command_line_is_there_is_no_traceback(tree):
    lines = (
        "import signal",
        "from fixtests import __main__",
        "from fixtests.cache import output_cache",
        "signal.signal(signal.SIGINT, signal.default_int_handler)",  # who starts us may ignore it
        "output_cache.place = lambda words: signal.raise_signal(signal.SIGINT)",
        "__main__.main()",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines), "check"],
        cwd=tree, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, b"Interrupted; every file is whole.\n")
