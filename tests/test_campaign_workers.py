"""A campaign on workers of Dask says what it says here, whatever becomes of driver and workers."""

import threading
from pathlib import Path

import pytest

from campaigns import (
    await_that,
    begun,
    branches,
    campaign,
    make_clone,
    make_clones,
    outcomes,
    processes,
    start,
    subjects,
)
from dask_machines import machines
from fixtests import __version__
from fixtests.campaign import workers
from fixtests.campaign.piece import Piece
from fixtests.campaign.workers import PieceErrand, PieceError, PieceReply, Workers
from fixtests.verify.process import Ended, StoppedError
from fixtests.verify.scheduler import SchedulerError
from fixtests.verify.slots import LostError

# A command line by whose leases a lost driver is noticed soon.
SOON = "from fixtests.verify import scheduler; scheduler.LEASE = 3.0\n"
SOON += "from fixtests.cli.main import main; main()"


@pytest.fixture
def clones(tmp_path):
    """A folder with two clones, a folder that is none, and a campaign over all three."""
    pytest.importorskip("distributed")
    make_clones(tmp_path)
    return tmp_path


@pytest.mark.slow("starts a scheduler and workers twice")
def test_killed_campaign_on_workers_goes_on_and_only_what_failed_is_done_again(clones, state_dir):
    with machines(clones / "machines", {}, {}) as (main, *_):
        started = start(clones, "--scheduler", main.address, tool=("-c", SOON))
        await_that(lambda: any(state_dir.glob("campaigns/*/done/*.json")))  # of the clone `one`
        started.kill()
        started.communicate()
        await_that(lambda: not processes(clones))
        assert branches(clones / "two") == ["master"]
        (clones / "hold").unlink()

        answer, rows = campaign(clones, "--scheduler", main.address)
        assert answer.code == 1, answer.err
        assert outcomes(rows) == {"one": "as before", "two": "done", "three": "failed"}
        assert begun(answer) == ["two"]
        assert subjects(clones / "two", "fixtests-waiting") == ["Name literal UUIDs in tests"]

        make_clone(clones / "three")
        answer, rows = campaign(clones, "--scheduler", main.address)
        assert answer.code == 0, answer.err
        assert outcomes(rows) == {"one": "as before", "two": "as before", "three": "done"}
        assert begun(answer) == ["three"]


@pytest.mark.slow("starts a scheduler and workers, of which one is lost")
def test_clone_that_a_worker_was_lost_with_fails_and_the_others_do_not(clones):
    make_clone(clones / "three")
    with machines(clones / "machines", {}, {}) as (main, *both):
        started = start(clones, "--scheduler", main.address, tool=("-c", SOON))
        await_that(lambda: sum(worker.is_running_tests() for worker in both) == 1)
        lost = next(worker for worker in both if worker.is_running_tests())
        lost.end()
        out, said = started.communicate()
        assert started.returncode == 1, said
        rows = [line.split()[:2] for line in out.decode().splitlines()[1:]]
        assert rows == [["one", "done"], ["two", "failed"], ["three", "done"]]
        assert f"error: two: worker {lost.address} was lost while it worked on it" in said.decode()
        assert not processes(clones)
        (clones / "hold").unlink()
        answer, rows = campaign(clones, "--scheduler", main.address)
        assert (answer.code, begun(answer)) == (0, ["two"]), answer.err


class Answering:
    """A scheduler with two workers that answer as they are told to."""

    run, lease, address = "run", 15.0, "tcp://scheduler"

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []
        self.warnings = []
        self.warn = self.warnings.append

    def threads(self):
        return dict.fromkeys(self.answers, 4)

    def ask(self, address, work, errand, archive, by):
        self.asked.append(address)
        found = self.answers[address]
        if isinstance(found, Exception):
            raise found
        return found


A_PIECE = Piece(Path("/nowhere"), ("commit",), 1, Path("/nowhere/log"), "/nowhere")
LACKING = PieceReply(lacks="does not see it")
ENDED = PieceReply(ended=Ended(0, False, ""))


def test_piece_goes_to_another_worker_where_one_lacks_something():
    there = Answering(one=LACKING, two=ENDED)
    place = Workers(there, 1)
    assert [place.run(A_PIECE, threading.Event()).code for _ in range(3)] == [0, 0, 0]
    assert there.asked.count("two") == 3
    assert there.asked.count("one") <= 1
    assert len(there.warnings) == there.asked.count("one")


def test_workers_that_all_lack_something_are_told_with_it():
    place = Workers(Answering(one=LACKING, two=PieceReply(lacks="has another fixtests")), 1)
    with pytest.raises(SchedulerError, match="no worker can work on it:") as raised:
        place.run(A_PIECE, threading.Event())
    assert "one does not see it" in str(raised.value)
    assert "two has another fixtests" in str(raised.value)


def test_piece_that_a_worker_was_lost_with_is_not_given_to_another():
    there = Answering(one=LostError("was lost"), two=LostError("was lost"))
    with pytest.raises(PieceError, match=r"^worker (one|two) was lost$"):
        Workers(there, 1).run(A_PIECE, threading.Event())
    assert len(there.asked) == 1


def test_piece_of_a_campaign_that_is_stopped_is_given_to_nobody():
    there = Answering(one=ENDED)
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(StoppedError, match=r"^$"):
        Workers(there, 1).run(A_PIECE, stopping)
    assert there.asked == []


def test_worker_says_what_it_lacks(tmp_path):
    make_clone(tmp_path / "one")
    piece = Piece(tmp_path / "one", ("commit",), 1, tmp_path / "reports/one.txt", str(tmp_path))
    said = workers.answer("name", PieceErrand(__version__, "run", 15.0, piece)).lacks
    assert said == f"does not see {tmp_path / 'reports'}, which it is to share with others"
    said = workers.answer("name", PieceErrand("0.0", "run", 15.0, piece)).lacks
    assert said == f"has fixtests {__version__} instead of 0.0"
