"""Tests run on workers of Dask say what they say here, whatever becomes of the workers."""

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import planted
from dask_machines import machines
from fixtests.cli.verifying import Verifier
from fixtests.model import RunError
from fixtests.report.screen import Screen
from fixtests.run.request import Request
from fixtests.settings.config import Verification
from fixtests.verify import (
    archives,
    fitting,
    interpreters,
    pieces,
    presets,
    process,
    scheduler,
    trial,
)
from fixtests.verify.asked import Asked
from fixtests.verify.asking import Way
from fixtests.verify.attempts import Attempt
from fixtests.verify.bench import Bench
from fixtests.verify.copies import Copy
from fixtests.verify.lease import Lease
from fixtests.verify.pieces import Order, Reply
from fixtests.verify.process import Limits, StoppedError, Tail
from fixtests.verify.runners import Place
from fixtests.verify.scheduler import Scheduler, SchedulerError
from fixtests.verify.shards import Known
from fixtests.verify.slots import LostError, UnfitError
from fixtests.verify.trial import Outcome, Status, Trial
from fixtests.verify.work import LOSSES, Piece, Work, WorkError
from fixtests.verify.workers import slots

KEPT = 3.0  # seconds of a lease here
END = "\n__import__('fixtests_marks').loaded(1)\n"
# Each test notes that it runs, and fails where it runs elsewhere at the same time.
WATCHED = """\
import os, time, unittest

MARK = os.path.join(os.environ["WATCHED"], __name__)


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


class WatchedTest(unittest.TestCase):
    def test_alone(self):
        try:
            with open(MARK) as stream:
                self.assertFalse(is_alive(int(stream.read())), "it runs twice at once")
        except FileNotFoundError:
            pass
        with open(MARK, "w") as stream:
            stream.write(str(os.getpid()))
        time.sleep(float(os.environ.get("PAUSE", "1")))
        os.unlink(MARK)

    def test_wrong(self):
        self.assertEqual({number} % 2, 0)
"""


@pytest.fixture
def quickly(monkeypatch):
    """Have leases end soon."""
    monkeypatch.setattr(scheduler, "LEASE", KEPT)
    monkeypatch.setattr(scheduler, "GRACE", 1.0)


@pytest.fixture
def watched(tmp_path, monkeypatch, quickly):
    """A project with some modules of tests, of which every second one has one that fails."""
    monkeypatch.setenv("WATCHED", str(tmp_path))
    root = tmp_path / "project"
    (root / "tests").mkdir(parents=True)
    (root / "tests/__init__.py").touch()
    for number in range(4):
        (root / f"tests/test_{number}.py").write_text(WATCHED.format(number=number))
    return root


def outcomes(root, state, there=None):
    """Run all tests of a project and return what came of each."""
    preset = presets.find(root, Verification(command="unittest", python=sys.executable))
    files = [f"tests/{path.name}" for path in sorted((root / "tests").glob("test_*"))]
    with Bench(root, preset, state, 2, 60, scheduler=there) as bench:
        listing = bench.tests(files)
        changed = {path: ((root / path).read_text() + END).encode() for path in files}
        (ran,) = bench.run([Trial(changed, tuple(test.id for test in listing.tests))])
    return {name: it.status for name, it in ran.outcomes.items()}, ran.loaded


def struck(worker, number):
    """Send a worker a signal as soon as it runs tests."""

    def strike():
        while not worker.is_running_tests():
            time.sleep(0.02)
        worker.send(number)

    thread = threading.Thread(target=strike, daemon=True)
    thread.start()
    return thread


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are not shown here")
@pytest.mark.parametrize(
    "number",
    [
        signal.SIGKILL,
        pytest.param(signal.SIGSTOP, marks=pytest.mark.slow("waits for a worker that hangs")),
    ],
)
@pytest.mark.xdist_group("waiting")
def test_tests_of_a_worker_that_is_lost_run_elsewhere_and_never_twice_at_once(
    tmp_path, watched, number
):
    pytest.importorskip("distributed")
    said = []
    slow = {"PAUSE": "100"}  # its tests are to run when others get them
    with machines(tmp_path / "machines", slow, {}) as (main, lost, _):
        thread = struck(lost, number)
        with Scheduler(main.address, said.append) as there:
            found = outcomes(watched, tmp_path / "state", there)
        thread.join()
    assert found == outcomes(watched, tmp_path / "other")
    assert set(found[0].values()) == {Status.PASSED, Status.FAILED}
    (line,) = said
    assert line.startswith(f"warning: worker {lost.address} ")
    assert line.endswith("its tests run elsewhere")


@pytest.mark.slow("dozens of processes, of which some hang until their time is up")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_planted_fixes_are_judged_right_by_workers_of_which_one_is_lost(
    tmp_path, monkeypatch, quickly, number, capfd
):
    pytest.importorskip("distributed")
    monkeypatch.setenv("PLANTED_RUNS", str(tmp_path / "runs"))
    root = tmp_path / "suite"
    planted.plant(root)
    (root / "fixtests.toml").write_text(
        f'root = true\nverify.command = "unittest"\nverify.python = "{sys.executable}"\n'
        "verify.timeout = 6\n"
    )
    with machines(tmp_path / "machines", {}, {}) as (main, _, lost):
        struck(lost, number)
        verifier = Verifier(Request((root,)), Way(scheduler=main.address))
        found = verifier.proved(planted.results(root), Screen("never"))
    assert planted.verdicts(found) == planted.EXPECTED, planted.texts(found)
    assert capfd.readouterr().err.count(lost.address) == 1


@pytest.mark.slow("starts a scheduler and workers")
def test_a_worker_that_lacks_the_interpreter_is_named_and_the_other_runs_all(tmp_path, watched):
    pytest.importorskip("distributed")
    said = []
    nowhere = str(tmp_path / "nowhere")
    environments = ({fitting.VARIABLE: nowhere}, {})
    with (
        machines(tmp_path / "machines", *environments) as (main, lacking, _),
        Scheduler(main.address, said.append) as there,
    ):
        found = outcomes(watched, tmp_path / "state", there)
    assert found == outcomes(watched, tmp_path / "other")
    (line,) = said
    assert f"worker {lacking.address} has no interpreter {nowhere}" in line


@pytest.mark.slow("waits until a scheduler that has gone does not answer")
def test_a_scheduler_that_goes_is_named_and_nothing_runs_on(tmp_path, watched, monkeypatch):
    pytest.importorskip("distributed")
    with machines(tmp_path / "machines", {}, {}) as (main, first, second):
        thread = threading.Thread(target=lambda: (struck(first, signal.SIGCONT).join(), main.end()))
        thread.start()
        with (
            Scheduler(main.address, [].append) as there,
            pytest.raises(SchedulerError, match="what was found out is kept"),
        ):
            outcomes(watched, tmp_path / "state", there)
        thread.join()
        assert not any(it.is_running_tests() for it in (first, second) if it.is_alive())


SLEEPS = """\
import time, unittest


class SleepsTest(unittest.TestCase):
    def test_sleeps(self):
        time.sleep(600)
        found = self.api.get_servers()
        self.assertTrue(found[0])
"""


@pytest.mark.slow("waits until a worker believes that a run is gone")
def test_what_a_killed_run_had_on_workers_ends(tmp_path):
    pytest.importorskip("distributed")
    root = tmp_path / "project"
    (root / "tests").mkdir(parents=True)
    (root / "tests/__init__.py").touch()
    (root / "tests/test_sleeps.py").write_text(SLEEPS)
    (root / "fixtests.toml").write_text(
        'root = true\nprofile = "nova"\nselect = ["FT201"]\n'
        f'verify.command = "unittest"\nverify.python = "{sys.executable}"\n'
    )
    with machines(tmp_path / "machines", {}) as (main, worker):
        with subprocess.Popen(
            [
                *(sys.executable, "-m", "fixtests", "--verify", "--dry-run", "--unsafe-fixes"),
                *("--scheduler", main.address),
            ],
            cwd=root,
        ) as run:
            struck(worker, signal.SIGCONT).join(60)
            assert worker.is_running_tests()
            run.kill()
        end = time.monotonic() + 120
        while worker.is_running_tests():
            assert time.monotonic() < end
            time.sleep(0.2)
        assert worker.is_alive()


def test_without_the_library_the_remedy_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(SchedulerError, match=r"pip install 'fixtests\[distributed\]'"),
        Scheduler("tcp://127.0.0.1:1", [].append),
    ):
        pass


def limits(lease):
    return Limits(lambda: 0, lambda: False, 60, threading.Event(), lease)


def test_what_runs_by_a_lease_that_nobody_renews_is_ended(tmp_path):
    lease = Lease(1.0)
    lease.renew(time.monotonic())
    file = tmp_path / "process"
    script = f"import os, time; open({str(file)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    with pytest.raises(StoppedError, match="the lease has ended"):
        process.run([sys.executable, "-c", script], tmp_path, os.environ, limits(lease), Tail())
    with pytest.raises(ProcessLookupError, match="No such process"):
        os.kill(int(file.read_text()), 0)


def test_nothing_runs_without_a_lease(tmp_path):
    lease = Lease(600.0)
    file = tmp_path / "ran"
    with pytest.raises(StoppedError, match="the lease has ended"):
        process.run(["touch", str(file)], tmp_path, os.environ, limits(lease), Tail())
    assert not file.exists()


def test_a_lease_is_over_when_it_is_ended_and_not_given_again():
    lease = Lease(600.0)
    lease.renew(time.monotonic())
    assert lease.wait()
    lease.end()
    lease.renew(time.monotonic())
    assert not lease.is_held
    assert not lease.wait()


def test_a_guard_ends_what_it_guards_when_its_parent_has_stopped():
    script = "import time; time.sleep(600)"
    with subprocess.Popen(
        [sys.executable, "-I", "-S", process.GUARD, "0.5", sys.executable, "-c", script],
        stdin=subprocess.PIPE,
    ) as guard:
        assert guard.wait(timeout=60) == 128 + signal.SIGKILL  # though the pipe is open


TESTS = [Known(trial.Test(f"tests.{name}", "tests.py", "", name), "tests.py") for name in "abcdef"]


class FakeSlot:
    """Says that all has passed, or raises what it is told to, so often."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.ran = []

    def attempts(self, files, tests):
        if self.errors:
            raise self.errors.pop(0)
        self.ran += tests
        yield Attempt({item.test.id: Outcome(Status.PASSED) for item in tests})


class FakeSlots:
    """One list of slots after the other, the last of them for good."""

    def __init__(self, *lists):
        self.lists = list(lists)

    def now(self):
        return self.lists.pop(0) if len(self.lists) > 1 else self.lists[0]


def worked(slots_of):
    """Have six pieces of work done; return the tests of which something is known."""
    known = []
    asked = Asked(Trial({}, ()), "key", {})
    work = Work(slots_of, lambda _, attempt: known.extend(attempt.outcomes), threading.Event())
    work.do([Piece(asked, [item]) for item in TESTS])
    return sorted(known)


NAMES = [item.test.id for item in TESTS]


def test_what_a_lost_slot_was_doing_is_done_by_another():
    lost = FakeSlot(LostError("gone"))
    other = FakeSlot()
    assert worked(FakeSlots([lost, other], [other])) == NAMES
    assert lost.ran == []


def test_a_slot_that_comes_later_is_used():
    late = FakeSlot()
    assert worked(FakeSlots([FakeSlot(LostError("gone"))], [], [late])) == NAMES
    assert [item.test.id for item in late.ran if item in TESTS] == NAMES[1:] + NAMES[:1]


def test_tests_that_slots_are_lost_with_again_and_again_are_named():
    lists = [[FakeSlot(LostError("gone"))] for _ in range(LOSSES * len(TESTS))]
    with pytest.raises(WorkError, match=r"3 workers were lost while they ran tests\.a"):
        worked(FakeSlots(*lists, []))


def test_slots_that_lack_something_are_no_losses():
    lists = [[FakeSlot(UnfitError("lacks"))] for _ in range(LOSSES * len(TESTS) + 1)]
    assert worked(FakeSlots(*lists, [FakeSlot()])) == NAMES


class FakeScheduler:
    """A scheduler whose workers reply as they are told to."""

    address, run, lease = "tcp://scheduler", "run", 1.0

    def __init__(self, replies):
        self.replies = replies
        self.sent, self.said = [], []
        self.warn = self.said.append

    def threads(self):
        return dict.fromkeys(self.replies, 2)

    def send(self, archive, address):
        self.sent.append(address)
        return archive

    def ask(self, address, work, order, archive, by):
        if not order.tests and archive is None:
            return Reply(has_tree=False)
        return self.replies[address](order)


def of_workers(there, tmp_path):
    """Return the slots of a fake scheduler's workers, for a tree of one file."""
    copy = tmp_path / "tree"
    copy.mkdir()
    interpreter = interpreters.Interpreter(sys.executable, (), "")
    preset = presets.Preset("unittest", interpreter)
    place = Place(copy, copy, tmp_path, preset, 60, threading.Event(), lambda *_: None)
    return slots(there, place, "digest", "key")


def passed(order):
    return Reply((Attempt({item.test.id: Outcome(Status.PASSED) for item in order.tests}),))


def lacks(order):
    return Reply(lacks="has no pytest")


def test_a_tree_is_sent_to_each_worker_once(tmp_path):
    there = FakeScheduler({"tcp://a": passed, "tcp://b": passed})
    found = of_workers(there, tmp_path)
    assert len(found.now()) == 4
    assert worked(found) == NAMES
    assert sorted(set(there.sent)) == sorted(there.sent)
    assert there.said == []


def test_a_worker_that_lacks_something_is_named_once(tmp_path):
    there = FakeScheduler({"tcp://a": lacks, "tcp://b": passed})
    assert worked(of_workers(there, tmp_path)) == NAMES
    assert there.said == [
        "warning: worker tcp://a has no pytest; its tests run elsewhere",
    ]


def test_where_every_worker_lacks_something_each_is_named_with_the_reason(tmp_path):
    there = FakeScheduler({"tcp://a": lacks, "tcp://b": lacks})
    with pytest.raises(RunError, match="no worker can run the tests") as raised:
        worked(of_workers(there, tmp_path))
    assert str(raised.value).splitlines()[1:] == [
        "  tcp://a has no pytest",
        "  tcp://b has no pytest",
    ]


def test_a_worker_that_was_lost_may_come_back_for_a_while(tmp_path, monkeypatch):
    there = FakeScheduler({"tcp://a": passed})
    found = of_workers(there, tmp_path)
    (before, *_) = found.now()
    back, there.replies = there.replies, {}
    assert found.now() == []
    there.replies = back
    (after, *_) = found.now()
    assert after is not before
    monkeypatch.setattr(scheduler, "JOIN", 0.0)
    there.replies = {}
    with pytest.raises(RunError, match="has no worker any more"):
        [found.now() for _ in range(2)]


def test_a_worker_that_loses_touch_is_asked_again(tmp_path):
    stopped = [True, True]

    def now_and_then(order):
        return (
            Reply(is_stopped=True) if order.tests and stopped and stopped.pop() else passed(order)
        )

    there = FakeScheduler({"tcp://a": now_and_then})
    assert worked(of_workers(there, tmp_path)) == NAMES
    assert there.said == []


def test_a_worker_whose_files_are_gone_is_sent_them_again(tmp_path):
    gone = [True]

    def forgetful(order):
        return Reply(has_tree=False) if order.tests and gone and gone.pop() else passed(order)

    there = FakeScheduler({"tcp://a": forgetful})
    assert worked(of_workers(there, tmp_path)) == NAMES
    assert there.sent == ["tcp://a", "tcp://a"]
    assert there.said == []


@pytest.fixture
def here(tmp_path):
    """A preset with the interpreter that runs this."""
    return presets.find(tmp_path, Verification(command="unittest", python=sys.executable))


def fitted(preset, tmp_path, **more):
    wanted = dataclasses.replace(preset.interpreter, **more)
    return fitting.fitted(dataclasses.replace(preset, interpreter=wanted), tmp_path)


def test_an_environment_that_is_the_same_fits(here, tmp_path, monkeypatch):
    own = {"the-project": "1.dev1"}
    have = {**here.interpreter.have, **own}
    found = fitted(here, tmp_path, have=have, own=frozenset(own), folders=("src",))
    assert found.interpreter.folders == ("src",)
    monkeypatch.setenv(fitting.VARIABLE, sys.executable)
    assert fitted(here, tmp_path, path="/nowhere/python").interpreter.path == sys.executable


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"path": "/nowhere/python"}, "has no interpreter /nowhere/python: give it"),
        ({"version": "3.5.1"}, r"has no Python 3\.5 \(but 3\."),
        ({"have": {"frobnicate": "1.2"}}, "has no frobnicate 1.2: give it"),
        ({"have": {"pytest": "0.1"}}, r"has no pytest 0\.1 \(but "),
        ({"have": {f"x{it}": "1" for it in range(5)}}, "has no x0 1, x1 1, x2 1 and 2 more: "),
    ],
)
def test_an_environment_that_differs_is_told_by_what_it_has_not(here, tmp_path, more, said):
    with pytest.raises(RunError, match=said):
        fitted(here, tmp_path, **more)


def test_what_is_installed_as_editable_is_the_projects_own(tmp_path, monkeypatch):
    site = tmp_path / "site"
    for name, url in {"mine": '{"dir_info": {"editable": true}}', "other": "{}"}.items():
        (site / f"{name}-1.dist-info").mkdir(parents=True)
        (site / f"{name}-1.dist-info/METADATA").write_text(f"Name: {name}\nVersion: 1\n")
        (site / f"{name}-1.dist-info/direct_url.json").write_text(url)
    monkeypatch.setenv("PYTHONPATH", str(site))
    found = interpreters.probe(sys.executable, tmp_path / "elsewhere")
    assert found.own & {"mine", "other"} == {"mine"}
    assert interpreters.probe(sys.executable, tmp_path).own >= {"mine", "other"}


def test_a_tree_arrives_as_it_was(tmp_path):
    root = tmp_path / "tree"
    (root / "inner/empty").mkdir(parents=True)
    (root / "inner/run").write_text("#!/bin/sh\n")
    (root / "inner/run").chmod(0o755)
    (root / "away").symlink_to("/nowhere/at/all")
    (root / "up").symlink_to("../beside")
    archives.unpack(archives.packed(root), tmp_path / "other")
    before = Copy(root, tmp_path / "first").digest()
    assert Copy(tmp_path / "other/tree", tmp_path / "second").digest() == before


def test_a_worker_with_another_fixtests_says_so(here, tmp_path):
    order = Order("0.0", "run", 15, "key", "tree", tmp_path, here, 60)
    assert pieces.answer("piece", order).lacks.endswith(" instead of 0.0")
