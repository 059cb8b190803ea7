"""How long a file may take: the same on any machine, and whatever it is that takes so long."""

import gc
import os
import signal
import subprocess
import sys
import time

import pytest

from conftest import fixtests, module
from fixtests.cache import entries
from fixtests.cli import main as cli
from fixtests.engine import check_file
from fixtests.model import Status
from fixtests.run import limits, one_file, pool
from fixtests.run.request import Request
from fixtests.run.session import Session
from sparse import sparse

OLD = 10**9  # seconds, a time of change long ago
LATE = "takes more than 0.4 seconds of processor time; exclude it, or split it up"


@pytest.fixture
def bait(tree, monkeypatch):
    """A file that something is planted for, between two others; limits are small."""
    monkeypatch.setattr(limits, "PROCESSOR", 0.4)
    monkeypatch.setattr(limits, "GRACE", 0.1)
    for name in ("again", "bait"):
        (tree / f"tests/test_{name}.py").write_bytes(module())
    return tree / "tests/test_bait.py"


@pytest.fixture(params=[1, 2], ids=["one process", "two processes"])
def jobs(request, monkeypatch):
    if request.param == 2:
        monkeypatch.setattr(pool, "WORTHWHILE", 0)
        monkeypatch.setattr(pool, "CHUNK", 500)
        monkeypatch.setattr(pool, "EACH", 10)
    return request.param


def plant(monkeypatch, what):
    """Have something done in the engine whenever the file is looked at."""
    run = check_file.run

    def planted(path, content, job):
        if path.endswith("test_bait.py"):
            what()
        return run(path, content, job)

    monkeypatch.setattr(check_file, "run", planted)


def work(seconds):
    """Keep the processor busy."""
    begun = time.process_time()
    while time.process_time() - begun < seconds:
        pass


def hang():
    """Go on without end, in a function of C that looks for no signals, as the parser is one."""
    sum(range(10**15))


def wait_unheard():
    """Wait without end, as for a disk that is gone: not even signals get through."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGPROF})
    time.sleep(10_000)


def results(tree, jobs=1, where=None):
    session = Session(Request((tree,), fix=False), where)
    found = list(pool.run(session, session.files(), lambda share: None, jobs=jobs))
    session.keep()
    return found


def others_are_found(found):
    first, bait, last = found
    assert [item.code for item in (*first.findings, *last.findings)] == ["FT101"] * 2
    return bait


def test_time_that_goes_by_without_work_counts_for_nothing(bait, monkeypatch, jobs):
    usual = results(bait.parent)
    plant(monkeypatch, lambda: time.sleep(0.6))
    assert results(bait.parent, jobs) == usual


@pytest.mark.parametrize("seconds", sparse([0.2, 10**6], 2, "takes seconds"))
def test_a_busy_machine_finds_what_an_idle_one_finds(bait, monkeypatch, capsys, seconds):
    monkeypatch.setattr(gc, "disable", gc.enable)
    plant(monkeypatch, lambda: work(seconds))
    monkeypatch.setattr(sys, "argv", ["fixtests", "check", "--no-cache", str(bait.parent)])
    idle = cli.outcome(), capsys.readouterr()
    crowd = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        busy = cli.outcome(), capsys.readouterr()
    finally:
        for process in crowd:
            process.kill()
            process.wait()
    assert busy == idle
    assert idle[0] == (1 if seconds < 1 else 2)
    assert (LATE in idle[1].err) is (seconds > 1)
    assert idle[1].out.count("FT101") == (3 if seconds < 1 else 2)


@pytest.mark.parametrize(
    "what", sparse([hang, lambda: work(10**6)], 2, "takes seconds"), ids=["C code", "a rule"]
)
def test_what_hangs_is_named_and_all_others_are_answered(bait, monkeypatch, jobs, what):
    plant(monkeypatch, what)
    given_up = others_are_found(results(bait.parent, jobs))
    assert (given_up.path, given_up.detail) == (str(bait), LATE)
    assert given_up.status is Status.FAILED


def test_text_that_the_parser_itself_is_slow_with_is_named(bait, monkeypatch, jobs):
    monkeypatch.setattr(limits, "PROCESSOR", 0.2)
    monkeypatch.setattr(limits, "GRACE", 0.2)
    bait.write_text("x = [" + "1, " * 1_000_000 + "]\n")
    given_up = others_are_found(results(bait.parent, jobs))
    assert given_up.detail == LATE.replace("0.4", "0.2")


def test_hanging_file_is_exit_2(bait, monkeypatch, capsys):
    monkeypatch.setattr(gc, "disable", gc.enable)
    plant(monkeypatch, hang)
    monkeypatch.setattr(sys, "argv", ["fixtests", "check", str(bait.parent)])
    assert cli.outcome() == 2
    said = capsys.readouterr()
    assert said.err.count("error: ") == 1
    assert f"test_bait.py: {LATE}" in said.err
    assert said.out.count("FT101") == 2


@pytest.mark.parametrize("what", [lambda: work(10**6), hang], ids=["a rule", "C code"])
@pytest.mark.parametrize(
    "size", sparse([0, 10**9], 2, "takes seconds"), ids=["a large run", "a small run"]
)
def test_what_failed_is_known_until_the_file_or_the_program_changes(
    bait, cache_dir, tmp_path, monkeypatch, what, size
):
    monkeypatch.setattr(pool, "MANY", size)
    begun = tmp_path / "begun"
    begun.touch()

    def noted():
        with begun.open("a") as stream:
            stream.write("x")
        if begun.read_text() == "x":
            what()

    plant(monkeypatch, noted)
    for _ in range(2):
        assert others_are_found(results(bait.parent, where=str(cache_dir))).detail == LATE
        assert begun.read_text() == "x"
    bait.write_bytes(bait.read_bytes() + b"# later\n")
    assert others_are_found(results(bait.parent, where=str(cache_dir))).findings
    assert begun.read_text() == "xx"


def test_what_failed_is_asked_again_of_another_program(bait, cache_dir, monkeypatch):
    with monkeypatch.context() as patched:
        plant(patched, lambda: work(10**6))
        assert others_are_found(results(bait.parent, where=str(cache_dir))).detail == LATE
    assert others_are_found(results(bait.parent, where=str(cache_dir))).detail == LATE
    monkeypatch.setattr(entries, "_state_of_program", lambda: ["another one"])
    assert others_are_found(results(bait.parent, where=str(cache_dir))).findings


def test_answer_with_what_failed_for_good_is_given_again(tree, cache_dir):
    (tree / "tests/test_bad.py").write_text("def f(:\n")
    (tree / "tests/test_gone.py").symlink_to("nothing.py")
    for path in [*tree.parent.rglob("*"), tree.parent]:
        os.utime(path, (OLD, OLD), follow_symlinks=False)
    for given, kept in (((), 1), (("tests/test_gone.py",), 1), (("tests/test_bad.py",), 2)):
        asked = ("check", *given, "--cache-dir", cache_dir)
        first = fixtests(*asked, folder=tree)
        assert first.code == 2
        assert fixtests(*asked, folder=tree) == first
        assert len([*cache_dir.glob("*.json")]) == kept


@pytest.mark.parametrize("unheard", [False, True], ids=["a pipe", "a disk that is gone"])
def test_what_waits_without_end_is_not_judged(
    bait, cache_dir, tmp_path, monkeypatch, jobs, unheard
):
    monkeypatch.setattr(limits, "CLOCK", 0.6)
    monkeypatch.setattr(limits, "TICKS", 4)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = one_file.read

    def waiting(path):
        if path == bait:
            wait_unheard() if unheard else pipe.read_bytes()
        return read(path)

    with monkeypatch.context() as patched:
        patched.setattr(one_file, "read", waiting)
        left = others_are_found(results(bait.parent, jobs, str(cache_dir)))
    assert left.status is Status.FAILED
    assert left.detail == (
        "not judged: 0.01 minutes went by, nearly all of them without work: something that is"
        " read for it does not answer; try again, or exclude it"
    )
    assert others_are_found(results(bait.parent, jobs, str(cache_dir))).status is Status.FOUND


def test_what_works_for_long_does_not_wait(bait, monkeypatch, jobs):
    usual = results(bait.parent)
    monkeypatch.setattr(limits, "CLOCK", 0.2)
    monkeypatch.setattr(limits, "TICKS", 4)
    plant(monkeypatch, lambda: work(0.25))
    assert results(bait.parent, jobs) == usual
