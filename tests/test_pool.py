"""Several processes: the same results in the same order, whatever becomes of a worker."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import fixtests, module
from fixtests.engine import check_file
from fixtests.model import Status
from fixtests.run import one_file, pool
from fixtests.run.request import Request
from fixtests.run.session import Session


@pytest.fixture
def many(tree):
    for number in range(30):
        (tree / f"tests/test_{number}.py").write_bytes(module(name=f"name_{number % 7}_id"))
    (tree / "tests/test_bad.py").write_text("x = (\n")
    return tree


@pytest.fixture
def cheap(monkeypatch):
    monkeypatch.setattr(pool, "WORTHWHILE", 0)
    monkeypatch.setattr(pool, "CHUNK", 500)
    monkeypatch.setattr(pool, "EACH", 10)


def results(tree, jobs):
    session = Session(Request(paths=(tree,)))
    seen = []
    found = list(pool.run(session, session.files(), seen.append, jobs=jobs))
    assert len(seen) == len(found)
    assert sum(seen) == pytest.approx(1)
    return found


def test_two_processes_find_what_one_finds(many, cheap):
    assert results(many, 2) == results(many, 1)


def test_what_is_done_is_known_before_all_before_it_is_done(many, cheap, monkeypatch):
    """So that a bar moves while the first of the files takes its time."""
    session = Session(Request(paths=(many,)))
    files, done = session.files(), []
    one, end = one_file.one, time.monotonic() + 30

    def slow(session, item):
        while item == files[0] and not (many / "go").exists() and time.monotonic() < end:
            time.sleep(0.01)
        return one(session, item)

    def seen(share):
        done.append(share)
        if len(done) == 5:
            (many / "go").touch()

    monkeypatch.setattr(one_file, "one", slow)
    first = next(pool.run(session, files, seen, jobs=2))
    assert Path(first.path) == files[0]
    assert len(done) > 5


def test_large_file_is_a_large_part_of_the_work(tree):
    (tree / "tests/test_two.py").write_bytes(module() + b"# comment\n" * 20_000)
    session = Session(Request(paths=(tree,)))
    shares = []
    list(pool.run(session, session.files(), shares.append, jobs=1))
    assert 0 < shares[0] < 0.1
    assert 0.9 < shares[1] < 1


def test_what_was_read_may_be_let_go_at_any_time(many, monkeypatch):
    before = results(many, 1)
    monkeypatch.setattr("fixtests.run.session.ENOUGH", 0)
    assert results(many, 1) == before


@pytest.mark.parametrize("jobs", [1, 2])
def test_worker_that_dies_fails_the_file_that_it_was_at_and_no_other(
    many, cheap, monkeypatch, jobs
):
    usual = {item.path: item for item in results(many, 2)}
    one = one_file.one

    def dying(session, item):
        if item.name == "test_3.py":
            os._exit(9)
        if item.name == "test_17.py":
            os.kill(os.getpid(), signal.SIGKILL)
        return one(session, item)

    monkeypatch.setattr(one_file, "one", dying)
    found = {item.path: item for item in results(many, jobs)}
    changed = {Path(path).name: found[path] for path in usual if found[path] != usual[path]}
    assert {*changed} == {"test_3.py", "test_17.py"}
    assert [*found] == [*usual]
    assert {item.status for item in changed.values()} == {Status.FAILED}
    for name, way in (("test_3.py", "itself"), ("test_17.py", "SIGKILL")):
        assert changed[name].detail.startswith("not judged: the process that worked on it was ")
        assert f"ended by {way}" in changed[name].detail
        assert not changed[name].lasting


@pytest.mark.parametrize("command", [("check",), ("--dry-run",)], ids=" ".join)
def test_output_does_not_depend_on_jobs(many, command):
    one = fixtests(*command, "-j", "1", "--no-cache", folder=many)
    assert one.code == 2
    assert fixtests(*command, "-j", "2", "--no-cache", folder=many) == one


def test_interruption_in_a_wrapping_is_one(tree, monkeypatch):
    def interrupted(*_):
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise RuntimeError("while a class was made") from error

    monkeypatch.setattr(check_file, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        results(tree, 1)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are listed there")
@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_an_ended_run(tmp_path, way):
    body = module() + b"\n        x = self.api.get_servers()[0]\n" * 20
    (tmp_path / "fixtests.toml").write_text("root = true\n")
    for number in range(700):
        (tmp_path / f"test_{number}.py").write_bytes(body * 3)
    process = subprocess.Popen(
        [sys.executable, "-m", "fixtests", "check", "-j", "2", "--no-cache"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(0.8)
    process.send_signal(way)
    assert process.wait(60) in (130, -way)
    for _ in range(50):
        if not group(process.pid):
            return
        time.sleep(0.1)
    pytest.fail("a worker is left")


def group(pid):
    """Return the processes that are left in a process group."""
    left = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, number = place.read_text().rpartition(")")[2].split()[:3]
            left += [place] if number == str(pid) and state != "Z" else []
    return left


def test_jobs_must_be_positive(tree):
    assert fixtests("check", "--jobs", "0", folder=tree).code == 2


def test_chunks_hold_every_file_once():
    for count in (2, 3, 8):
        for sizes in ([], [1], [5] * 100, [10**7, 1, 1], list(range(0, 10**6, 9999))):
            chunks = list(pool._chunks(sizes, count))
            assert [at for chunk in chunks for at in chunk] == list(range(len(sizes)))
