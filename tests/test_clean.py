"""`fixtests clean`, and the bounds that hold without it: nothing goes that somebody needs."""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import fixtests, git, module
from fixtests.cache import entries
from fixtests.cli import cleaning
from fixtests.verify import folders, store
from fixtests.verify.store import Result, Store
from fixtests.verify.trial import Outcome, Status
from fixtests.write import logs

DAY = 24 * 3600
RESULT = Result(Outcome(Status.PASSED, 1.5, "x" * 1000))


@pytest.fixture
def verify(state_dir):
    return state_dir / "verify"


def entry(folder, number, content=b"x" * 1000, age=0.0, suffix=".json"):
    """Make a file of the cache."""
    path = folder / f"{number:064}{suffix}"
    path.write_bytes(content)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def copied(verify, name, *, lock=True, age=0.0):
    """Make the folder of a bench whose process is gone."""
    folder = verify / "copies" / name
    (folder / "base/tree").mkdir(parents=True)
    (folder / "base/tree/module.py").write_bytes(b"x" * 2000)
    if lock:
        (folder / folders.LOCK).touch()
    os.utime(folder, (time.time() - age, time.time() - age))
    return folder


def test_cache_goes_and_what_is_not_of_it_stays(tree, cache_dir):
    made = [entry(cache_dir, 1), entry(cache_dir, 2, suffix=".known")]
    note = cache_dir / "notes.json"
    note.write_text("mine")
    planned = fixtests("clean", "--dry-run", folder=tree)
    assert (planned.code, planned.text) == (0, f"2 cache files, 2.0 kB, in {cache_dir}\n")
    assert planned.err == "Would remove 2.0 kB.\n"
    assert all(path.exists() for path in made)
    done = fixtests("clean", folder=tree)
    assert (done.out, done.err) == (planned.out, "Removed 2.0 kB.\n")
    assert [path.name for path in cache_dir.iterdir()] == [note.name]
    again = fixtests("clean", folder=tree)
    assert (again.code, again.out, again.err) == (0, b"", "Nothing to remove.\n")


def test_cache_that_is_named_is_the_one_that_goes(tree, cache_dir, tmp_path):
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    left, gone = entry(cache_dir, 1), entry(other, 1)
    fixtests("clean", "--cache-dir", other, folder=tree)
    assert left.exists()
    assert not gone.exists()


def test_runs_can_be_taken_back_after_it(tree):
    fixtests(folder=tree)
    assert (tree / "tests/test_one.py").read_bytes() != module()
    assert fixtests("clean", folder=tree).code == 0
    assert fixtests("undo", folder=tree).code == 0
    assert (tree / "tests/test_one.py").read_bytes() == module()


def test_what_a_process_may_be_writing_stays(tree, cache_dir):
    new = entry(cache_dir, 1, suffix=".json.7.tmp")
    old = entry(cache_dir, 2, suffix=".json.7.tmp", age=DAY)
    assert fixtests("clean", folder=tree).text.startswith("1 cache file, 1.0 kB, in ")
    assert new.exists()
    assert not old.exists()


def test_copies_of_killed_runs_go(tree, verify):
    killed = [copied(verify, "one"), copied(verify, "two")]
    planned = fixtests("clean", "--dry-run", folder=tree)
    assert planned.text == f"2 copied trees, 4.0 kB, in {verify / 'copies'}\n"
    assert all(folder.exists() for folder in killed)
    assert fixtests("clean", folder=tree).out == planned.out
    assert list((verify / "copies").iterdir()) == []


def test_copies_and_results_of_a_run_that_goes_on_stay(tree, verify):
    held = folders.Folder(verify)
    kept = Store(verify / "results.sqlite")
    try:
        kept.keep("root", "key", {"one": RESULT})
        answer = fixtests("clean", folder=tree)
        assert answer.code == 0
        assert answer.err.splitlines() == [
            f"{verify / 'copies'}: used by a run that goes on; left as it is",
            "Nothing to remove.",
        ]
        assert held.path.exists()
        assert kept.find("key", ["one"]) == {"one": RESULT}
    finally:
        kept.close()
        held.close()


def test_folder_that_is_being_made_stays_until_nobody_can_be_making_it(tree, verify):
    new = copied(verify, "new", lock=False)
    old = copied(verify, "old", lock=False, age=DAY)
    fixtests("clean", folder=tree)
    assert new.exists()
    assert not old.exists()


def test_next_bench_removes_what_killed_ones_left(verify):
    killed, old = copied(verify, "killed"), copied(verify, "old", lock=False, age=DAY)
    new = copied(verify, "new", lock=False)
    folder = folders.Folder(verify)
    assert (killed.exists(), old.exists(), new.exists()) == (False, False, True)
    assert folders.is_held(folder.path)
    folder.close()


def test_results_of_killed_runs_go(tree, verify):
    path = verify / "results.sqlite"
    kept = Store(path)
    kept.keep("root", "key", {f"test_{number}": RESULT for number in range(300)})
    kept.close()
    before = path.stat().st_size
    planned = fixtests("clean", "--dry-run", folder=tree)
    assert planned.text.startswith("600 test results, ")
    assert path.stat().st_size == before
    done = fixtests("clean", folder=tree)
    assert done.out == planned.out
    freed = before - path.stat().st_size
    assert done.err == f"Removed {cleaning.megabytes(freed)}.\n"
    assert fixtests("clean", folder=tree).err == "Nothing to remove.\n"
    again = Store(path)
    assert again.find("key", ["test_1"]) == again.durations("root") == {}
    again.close()


def test_what_cannot_be_removed_is_named(cache_dir, verify, monkeypatch, capsys):
    entry(cache_dir, 1)
    copied(verify, "one")
    (verify / "results.sqlite").write_bytes(b"no database" * 100)

    def refuse(path):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(entries, "remove", refuse)
    monkeypatch.setattr(folders, "remove", lambda folder: None)
    with pytest.raises(SystemExit) as left:
        cleaning.clean(None, dry_run=False)
    assert left.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        f"error: {cache_dir}: cannot be removed: Permission denied; check its permissions",
        f"error: {verify / 'copies'}: cannot be removed: one; check their permissions",
        f"error: {verify / 'results.sqlite'}: cannot be cleared: file is not a database; "
        "remove it by hand",
        "Nothing to remove.",
    ]


def test_entries_that_are_too_old_go_by_themselves(cache_dir):
    old, new = entry(cache_dir, 1, age=31 * DAY), entry(cache_dir, 2, age=29 * DAY)
    entries.keep({}, str(cache_dir), "something")
    assert not old.exists()
    assert new.exists()


def test_entries_that_are_too_many_bytes_go_by_themselves(cache_dir, monkeypatch):
    monkeypatch.setattr(entries, "SIZE", 2500)
    made = [entry(cache_dir, number, age=number) for number in range(1, 5)]
    entries._prune(str(cache_dir))
    assert [path.exists() for path in made] == [True, True, False, False]


def aged(path, days):
    """Make all that a store knows some days older."""
    with sqlite3.connect(path) as database:
        for table in ("results", "took"):
            database.execute(f"update {table} set at = at - ?", (days * DAY,))
    database.close()


def opened(path):
    """Return what a store knows when it is opened again: a result, and how long its test took."""
    kept = Store(path)
    try:
        return kept.find("key", ["one"]), kept.durations("root")
    finally:
        kept.close()


def test_results_that_are_too_old_go_by_themselves(verify):
    path = verify / "results.sqlite"
    kept = Store(path)
    kept.keep("root", "key", {"one": RESULT})
    kept.close()
    aged(path, 6)
    assert opened(path) == ({"one": RESULT}, {"one": 1.5})
    aged(path, 2)
    assert opened(path) == ({}, {"one": 1.5})
    aged(path, 90)
    assert opened(path) == ({}, {})


def test_store_that_is_too_large_loses_its_oldest_results(verify, monkeypatch):
    path = verify / "results.sqlite"
    monkeypatch.setattr(store, "SIZE", 700_000)
    monkeypatch.setattr(store, "WASTE", 100_000)
    names = [f"test_{number}" for number in range(100)]
    for key in ("oldest", "old", "new"):
        kept = Store(path)
        kept.keep("root", key, dict.fromkeys(names, RESULT))
        kept.close()
        aged(path, 1)
    kept = Store(path)
    assert [len(kept.find(key, names)) for key in ("oldest", "old", "new")] == [0, 0, 100]
    kept.close()
    assert path.stat().st_size < 700_000


def test_store_of_an_earlier_version_is_used_on(verify):
    path = verify / "results.sqlite"
    verify.mkdir(parents=True)
    with sqlite3.connect(path) as database:
        database.execute("create table durations (root text, test text, seconds real)")
        database.execute("insert into durations values ('root', 'one', 1.0)")
    database.close()
    assert store.held(path)[0] == 1
    assert opened(path) == ({}, {})
    assert store.held(path) == (0, 0)


def test_lock_of_another_process_is_seen(tree, verify):
    code = (
        "import sys, pathlib; from fixtests.verify.folders import Folder\n"
        "held = Folder(pathlib.Path(sys.argv[1])); print(held.path, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(verify)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as process:
        path = Path(process.stdout.readline().strip())
        assert "used by a run that goes on" in fixtests("clean", folder=tree).err
        assert path.exists()
        process.kill()
    assert fixtests("clean", folder=tree).text.startswith("1 copied tree, ")
    assert not path.exists()


def test_what_campaigns_printed_goes_when_it_is_old_and_how_far_they_are_stays(tree, state_dir):
    folder = state_dir / "campaigns/one"
    (folder / "done").mkdir(parents=True)
    names = ("lock", "done/nova.json", "nova.txt", "nova.json", "cinder.txt")
    for name in names:
        (folder / name).write_bytes(b"x" * 1000)
        age = 29 if name == "cinder.txt" else 31
        os.utime(folder / name, (time.time() - age * DAY,) * 2)
    with logs.alone(folder / "lock", "it"):
        assert fixtests("clean", folder=tree).err == "Nothing to remove.\n"
    planned = fixtests("clean", "--dry-run", folder=tree)
    assert planned.text == f"2 campaign logs, 2.0 kB, in {state_dir}\n"
    assert all((folder / name).exists() for name in names)
    assert fixtests("clean", folder=tree).out == planned.out
    assert {str(path.relative_to(folder)) for path in folder.rglob("*")} == {
        *("lock", "done", "done/nova.json", "cinder.txt")
    }


def test_records_of_series_go_with_their_repository(tree, state_dir):
    git(tree, "init", "-q")
    git(tree, "config", "user.name", "A Tester")
    git(tree, "config", "user.email", "tester@example.org")
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "one")
    assert fixtests("commit", folder=tree).code == 0
    records = [path for path in (state_dir / "series").rglob("*") if path.is_file()]
    for path in records:
        os.utime(path, (time.time() - 99 * DAY,) * 2)
    assert fixtests("clean", folder=tree.parent).text.find("series record") < 0  # it is open
    assert "1 commit, all as before." in fixtests("commit", folder=tree).err
    (tree / ".git").rename(tree / "gone")
    os.utime(records[0])
    assert fixtests("clean", folder=tree.parent).text.find("series record") < 0
    os.utime(records[0], (0, 0))
    done = fixtests("clean", folder=tree.parent)
    assert done.text.startswith(f"{len(records)} series records, ")
    assert list((state_dir / "series").glob("*")) == []
