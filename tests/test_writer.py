"""The one writer under fault: the original or the result, never half, and the right exit code."""

import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import A_UUID, fixed, fixtests, module
from fixtests import model
from fixtests.plan.plan import Group, Plan, Write
from fixtests.write import journal, record, recovery, staging, writer
from sparse import sparse

SHARED = '[literal-uuid]\nconstants-module = "tests/constants.py"\n'


def write(root, name, before, after):
    """Return what replaces the whole of a file, or creates it."""
    edit = model.Edit(name, 0, len(before or b""), after.decode())
    old = None if before is None else model.digest(before)
    return Write(root / name, root, old, model.digest(after), (edit,))


def plan(root, *pairs):
    return Plan((), tuple(Group((write(root, *pair),)) for pair in pairs))


def put(made):
    outcomes, _ = writer.apply(made, {})
    return outcomes


def leftovers(root):
    return sorted(path.name for path in root.rglob("*fixtests-*"))


def before_a_rename(monkeypatch, target, act):
    """Have something happen directly before a file is replaced, whichever way that is done."""

    def acting(real):
        def operate(source, path, **named):
            if Path(path) == target:
                act()
            return real(source, path, **named)

        return operate

    monkeypatch.setattr(os, "replace", acting(os.replace))
    monkeypatch.setattr(staging, "exchange", acting(staging.exchange))


def save_into(path):
    path.write_bytes(b"# mine\n")


def save_over(path):
    """Save as editors do that rename a new file over the old one."""
    new = path.with_name("new")
    new.write_bytes(b"# mine\n")
    new.rename(path)


def test_mode_is_kept(tree):
    path = tree / "tests/test_one.py"
    path.chmod(0o751)
    fixtests(folder=tree)
    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert path.read_bytes() == fixed()


def test_stale_file_is_not_written(tree):
    path = tree / "tests/test_one.py"
    made = plan(tree, ("tests/test_one.py", module(), fixed()))
    path.write_bytes(b"# edited meanwhile\n")
    (outcome,) = put(made)
    assert outcome.problem == "changed since it was read; run again"
    assert path.read_bytes() == b"# edited meanwhile\n"


def test_vanished_file_is_not_created(tree):
    path = tree / "tests/test_one.py"
    made = plan(tree, ("tests/test_one.py", module(), fixed()))
    path.unlink()
    (outcome,) = put(made)
    assert "vanished" in outcome.problem
    assert not path.exists()


def test_read_only_file_is_refused(tree):
    path = tree / "tests/test_one.py"
    path.chmod(0o444)
    answer = fixtests(folder=tree)
    assert answer.code == 2
    assert "tests/test_one.py: is read-only; make it writable" in answer.err
    assert path.read_bytes() == module()


def test_hard_link_is_refused_and_kept(tree):
    path = tree / "tests/test_one.py"
    os.link(path, tree / "other.txt")
    answer = fixtests(folder=tree)
    assert answer.code == 2
    assert "hard links" in answer.err
    assert path.read_bytes() == (tree / "other.txt").read_bytes() == module()


def test_symlink_is_followed_inside_the_root_and_refused_outside(tree):
    outside = tree.with_name("outside.py")
    outside.write_bytes(module())
    (tree / "tests/test_two.py").symlink_to(tree / "tests/test_one.py")
    (tree / "tests/test_three.py").symlink_to(outside)
    answer = fixtests(folder=tree)
    assert answer.code == 2
    assert "test_three.py: links to a file outside of the root" in answer.err
    assert (tree / "tests/test_two.py").is_symlink()
    assert (tree / "tests/test_one.py").read_bytes() == fixed()
    assert outside.read_bytes() == module()


def test_named_link_out_of_the_root_is_refused_and_others_go_on(tree):
    outside = tree.with_name("test_outside.py")
    outside.write_bytes(module())
    (tree / "tests/test_two.py").symlink_to(outside)
    for root in ([], ["--root", "."]):
        answer = fixtests(*root, "tests/test_two.py", "tests/test_one.py", folder=tree)
        assert answer.code == 2
        assert "test_two.py: links to a file outside of the root" in answer.err
    assert (tree / "tests/test_one.py").read_bytes() == fixed()
    assert outside.read_bytes() == module()


def test_file_reached_by_two_paths_is_written_once(tree):
    answer = fixtests("tests", "tests/test_one.py", "./tests/../tests/test_one.py", folder=tree)
    assert answer.err == "Fixed 1 finding in 1 file.\n"


def limited():
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def test_full_disk_leaves_the_original(tree):
    done = subprocess.run(
        [sys.executable, "-m", "fixtests"],
        cwd=tree,
        capture_output=True,
        preexec_fn=limited,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 2
    assert b"the journal cannot be written: File too large" in done.stderr
    assert (tree / "tests/test_one.py").read_bytes() == module()
    assert leftovers(tree) == []


def test_files_of_one_fix_land_together_or_not_at_all(tree, monkeypatch):
    contents = {
        "tests/test_one.py": (module(), fixed()),
        "tests/test_two.py": (b"a = 1\n", b"a = 2\n"),
    }
    (tree / "tests/test_two.py").write_bytes(b"a = 1\n")
    writes = tuple(write(tree, name, *pair) for name, pair in contents.items())
    created = write(tree, "tests/constants.py", None, b"A = 1\n")

    def full():
        if created.path.exists() and writes[0].path.read_bytes() == fixed():
            raise OSError(28, "No space left on device")

    before_a_rename(monkeypatch, writes[1].path, full)
    outcomes = put(Plan((), (Group((created, *writes)),)))
    assert {outcome.path: outcome.problem for outcome in outcomes} == {
        created.path: writer.TOGETHER,
        writes[0].path: writer.TOGETHER,
        writes[1].path: "could not be written: No space left on device; it is as it was",
    }
    for name, (before, _) in contents.items():
        assert (tree / name).read_bytes() == before
    assert not created.path.exists()
    assert leftovers(tree) == []


def unable_to_exchange(one, other):
    return False


@pytest.mark.parametrize("save", [save_into, save_over])
def test_save_right_before_the_rename_is_kept(tree, monkeypatch, save):
    path = tree / "tests/test_one.py"
    made = plan(tree, ("tests/test_one.py", module(), fixed()))
    before_a_rename(monkeypatch, path, lambda: save(path))
    (outcome,) = put(made)
    assert outcome.problem == "changed since it was read; run again"
    assert path.read_bytes() == b"# mine\n"
    assert path.stat().st_nlink == 1
    assert leftovers(tree) == []


def test_save_right_before_the_rename_is_kept_where_names_cannot_be_exchanged(tree, monkeypatch):
    path = tree / "tests/test_one.py"
    made = plan(tree, ("tests/test_one.py", module(), fixed()))
    monkeypatch.setattr(staging, "exchange", unable_to_exchange)
    before_a_rename(monkeypatch, path, lambda: save_into(path))
    (outcome,) = put(made)
    assert outcome.problem == "changed since it was read; run again"
    assert path.read_bytes() == b"# mine\n"
    assert leftovers(tree) == []


def test_writing_goes_on_where_neither_exchange_nor_links_can_be_had(tree, monkeypatch):
    def unable(*given, **named):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(staging, "exchange", unable_to_exchange)
    monkeypatch.setattr(os, "link", unable)
    created = write(tree, "tests/constants.py", None, b"A = 1\n")
    first = write(tree, "tests/test_one.py", module(), fixed())
    assert {outcome.problem for outcome in put(Plan((), (Group((created, first)),)))} == {""}
    assert (tree / "tests/constants.py").read_bytes() == b"A = 1\n"
    assert (tree / "tests/test_one.py").read_bytes() == fixed()
    assert leftovers(tree) == []


@pytest.mark.parametrize("save", [save_into, save_over])
def test_save_right_before_a_rename_takes_the_whole_group_back(tree, monkeypatch, save):
    names = ("tests/test_one.py", "tests/test_two.py")
    for name in names:
        (tree / name).write_bytes(module())
    created = write(tree, "tests/constants.py", None, b"A = 1\n")
    writes = [write(tree, name, module(), fixed()) for name in names]
    path = tree / names[1]
    before_a_rename(monkeypatch, path, lambda: save(path))
    outcomes = put(Plan((), (Group((created, *writes)),)))
    assert {item.path.name: item.problem for item in outcomes} == {
        "constants.py": writer.TOGETHER,
        "test_one.py": writer.TOGETHER,
        "test_two.py": "changed since it was read; run again",
    }
    assert not created.path.exists()
    assert (tree / names[0]).read_bytes() == module()
    assert path.read_bytes() == b"# mine\n"
    assert leftovers(tree) == []


def test_slow_save_into_the_old_file_is_given_back_before_the_run_ends(tree, monkeypatch):
    path, other = tree / "tests/test_one.py", tree / "tests/test_two.py"
    other.write_bytes(module())
    made = plan(
        tree, ("tests/test_one.py", module(), fixed()), ("tests/test_two.py", module(), fixed())
    )
    with path.open("r+b") as stream:

        def save():
            stream.write(b"# mine\n")
            stream.flush()

        before_a_rename(monkeypatch, other, save)
        problems = {item.path: item.problem for item in put(made)}
    assert problems == {path: "changed since it was read; run again", other: ""}
    assert path.read_bytes().startswith(b"# mine\n")
    assert other.read_bytes() == fixed()


def test_file_created_right_before_a_rename_is_kept(tree, monkeypatch):
    created = write(tree, "tests/constants.py", None, b"A = 1\n")
    link = os.link

    def late(source, target, **named):
        created.path.write_bytes(b"# mine\n")
        link(source, target, **named)

    monkeypatch.setattr(os, "link", late)
    before_a_rename(monkeypatch, created.path, lambda: created.path.write_bytes(b"# mine\n"))
    (outcome,) = put(Plan((), (Group((created,)),)))
    assert outcome.problem == "exists by now; run again"
    assert created.path.read_bytes() == b"# mine\n"


def test_file_of_another_owner_is_refused(tree, monkeypatch):
    path = tree / "tests/test_one.py"
    made = plan(tree, ("tests/test_one.py", module(), fixed()))
    path.chmod(0o666)
    inode = path.stat().st_ino
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    (outcome,) = put(made)
    assert outcome.problem.startswith("belongs to ")
    assert outcome.problem.endswith("a rename would take it over; run as its owner, in its group")
    assert path.read_bytes() == module()
    assert path.stat().st_ino == inode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize(("user", "group"), [(1234, -1), (-1, 1234)])
def test_file_that_cannot_be_given_its_owner_or_group_is_refused(tree, monkeypatch, user, group):
    path = tree / "tests/test_one.py"
    os.chown(path, user, group)
    made = plan(tree, ("tests/test_one.py", module(), fixed()))

    def refuse(*given, **named):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refuse)
    (outcome,) = put(made)
    assert "1234" in outcome.problem
    assert "a rename would take it over" in outcome.problem
    assert path.read_bytes() == module()
    assert 1234 in (path.stat().st_uid, path.stat().st_gid)
    assert leftovers(tree) == []


def append_only(folder):
    """Have a folder take new files and give none away; skip where that cannot be had."""
    command = ["chattr", "+a", str(folder)]
    if shutil.which("chattr") is None or subprocess.run(command, check=False).returncode:
        pytest.skip("no folder can be made append-only here")


def test_folder_that_lets_nothing_go_is_named_once_and_holds_nothing_up(tree):
    closed = tree / "closed"
    closed.mkdir()
    for number in range(3):
        (closed / f"test_{number}.py").write_bytes(module())
    append_only(closed)
    try:
        answer = fixtests(folder=tree)
        assert answer.code == 2
        for number in range(3):
            assert f"closed/test_{number}.py: could not be written: its folder lets" in answer.err
            assert (closed / f"test_{number}.py").read_bytes() == module()
        (left,) = leftovers(tree)
        assert f"closed/{left}: cannot be removed: Operation not permitted" in answer.err
        assert (tree / "tests/test_one.py").read_bytes() == fixed()
        answer = fixtests("runs", folder=tree)
        assert (answer.code, answer.err) == (0, "")
        assert fixtests("undo", folder=tree).err == "Took back run 1 in 1 file.\n"
        answer = fixtests("runs", folder=tree)
        assert (answer.code, answer.err) == (0, "")
    finally:
        subprocess.run(["chattr", "-a", str(closed)], check=True)


def test_half_staged_file_of_an_earlier_version_is_no_save(tree):
    """Versions that kept no links staged what they took back where new files are staged."""
    names = ("tests/test_one.py", "tests/test_two.py")
    changes = []
    for name in names:
        (tree / name).write_bytes(module())
        before, after = model.digest(module()), model.digest(fixed())
        changes.append(record.Change(tree / name, tree, before, after, fixed))
    with journal.lock():
        run = journal.begin([changes], {})
        run.set_ready({entry: module() for entry in run.entries})
    (tree / names[0]).write_bytes(fixed())
    run.entries[0].temporary.write_bytes(module()[:40])
    (item,) = recovery.recover()
    assert (item.taken_back, item.untouched, item.changed) == (1, 1, ())
    assert [(tree / name).read_bytes() for name in names] == [module(), module()]
    assert leftovers(tree) == []


def test_save_that_a_killed_run_displaced_is_given_back_with_its_group(tree):
    names = ("tests/test_one.py", "tests/test_two.py")
    changes = []
    for name in names:
        (tree / name).write_bytes(module())
        before, after = model.digest(module()), model.digest(fixed())
        changes.append(record.Change(tree / name, tree, before, after, fixed))
    with journal.lock():
        run = journal.begin([changes], {})
        run.set_ready({entry: module() for entry in run.entries})
    for entry in run.entries:
        entry.temporary.write_bytes(fixed())
        staging.land(entry, entry.path.lstat())
    run.entries[1].kept.write_bytes(b"# mine\n")
    (item,) = recovery.recover()
    assert (item.written, item.taken_back, item.changed) == (0, 1, (tree / names[1],))
    assert (tree / names[0]).read_bytes() == module()
    assert (tree / names[1]).read_bytes() == b"# mine\n"
    assert leftovers(tree) == []


def test_killed_run_whose_files_cannot_be_removed_is_ended_and_they_are_named_once(
    tree, monkeypatch
):
    path = tree / "tests/test_one.py"
    content = fixed()
    change = record.Change(
        path, tree, model.digest(module()), model.digest(content), lambda: content
    )
    with journal.lock():
        run = journal.begin([[change]], {})
    run.entries[0].temporary.write_bytes(content)

    def unlink(given, **named):
        if Path(given).parent == path.parent:
            raise PermissionError(1, "Operation not permitted")
        real(given, **named)

    real = os.unlink
    monkeypatch.setattr(os, "unlink", unlink)
    (item,) = recovery.recover()
    assert (item.killed, list(item.left)) == (True, [run.entries[0].temporary])
    assert list(recovery.recover()) == []


def test_refused_files_of_many_are_told_from_the_others_in_linear_time(tree, monkeypatch):
    compared = []
    equal = record.Change.__eq__

    def counted(self, other):
        compared.append(1)
        return equal(self, other)

    monkeypatch.setattr(record.Change, "__eq__", counted)
    changes = []
    for number in range(60):
        path = tree / f"tests/test_{number}.py"
        path.write_bytes(module())
        before, after = model.digest(module()), model.digest(fixed())
        changes.append([record.Change(path, tree, before, after, fixed)])
    path.write_bytes(b"# mine\n")
    outcomes, _ = writer.write(changes, {})
    assert [item.path for item in outcomes if item.problem] == [path]
    assert len(compared) < 2 * len(changes)


def test_files_of_a_killed_run_are_told_apart_in_linear_time(tree, monkeypatch):
    changes = []
    for number in range(60):
        path = tree / f"tests/test_{number}.py"
        path.write_bytes(module())
        before, after = model.digest(module()), model.digest(fixed())
        changes.append(record.Change(path, tree, before, after, fixed))
    with journal.lock():
        run = journal.begin([changes], {})
        run.set_ready({entry: module() for entry in run.entries})
    for change in changes[::2]:
        change.path.write_bytes(fixed())
    compared = []
    equal = record.Entry.__eq__

    def counted(self, other):
        compared.append(1)
        return equal(self, other)

    monkeypatch.setattr(record.Entry, "__eq__", counted)
    (item,) = recovery.recover()
    assert (item.written, item.taken_back) == (0, 30)
    assert len(compared) < 2 * len(changes)


def test_stale_file_does_not_hold_back_others_that_share_a_module(tree):
    (tree / "fixtests.toml").write_text(SHARED)
    (tree / "tests/test_two.py").write_bytes(module(A_UUID[:-1] + "2"))
    (tree / "tests/test_two.py").chmod(0o444)
    answer = fixtests(folder=tree)
    assert answer.code == 2
    assert b"constants.VOLUME_ID" in (tree / "tests/test_one.py").read_bytes()
    assert (tree / "tests/constants.py").read_text() == f"VOLUME_ID = '{A_UUID}'\n"


def test_shared_module_that_cannot_be_extended_is_an_error_and_nothing_is_written(tree):
    (tree / "fixtests.toml").write_text(SHARED)
    (tree / "tests/constants.py").write_text("VOLUME_ID = (\n")
    answer = fixtests(folder=tree)
    assert answer.code == 2
    assert "tests/constants.py: line 1" in answer.err
    assert (tree / "tests/test_one.py").read_bytes() == module()


def test_shared_module_without_a_folder_is_an_error_of_the_preview_too(tree):
    (tree / "fixtests.toml").write_text(SHARED.replace("tests/", "new/"))
    for arguments in ([], ["--dry-run"]):
        answer = fixtests(*arguments, folder=tree)
        assert (answer.code, answer.out) == (2, b"")
        assert "new/constants.py: its folder does not exist" in answer.err


def test_refused_shared_module_is_named_with_its_reason(tree):
    (tree / "fixtests.toml").write_text(SHARED)
    (tree / "tests/constants.py").write_text("A = 1\n")
    (tree / "tests/constants.py").chmod(0o444)
    answer = fixtests(folder=tree)
    assert "tests/constants.py: is read-only" in answer.err
    assert "tests/test_one.py: a file that the same fix needs" in answer.err


def test_licence_of_a_new_shared_module_is_read_in_its_users_encoding(tree):
    (tree / "fixtests.toml").write_text(SHARED)
    header = b"# coding: latin-1\n# Licensed \xe9\n\n"
    (tree / "tests/test_one.py").write_bytes(header + module())
    assert fixtests(folder=tree).code == 0
    written = (tree / "tests/constants.py").read_text(encoding="utf-8")
    assert written == f"# Licensed é\n\nVOLUME_ID = '{A_UUID}'\n"


@pytest.mark.parametrize(
    "signal_", sparse([signal.SIGKILL, signal.SIGTERM, signal.SIGINT], 3, "two seconds each")
)
def test_killed_at_any_moment_every_file_is_whole(tree, signal_):
    count = 40
    for number in range(count):
        (tree / f"tests/test_{number}.py").write_bytes(module())
    for delay in (0.15, 0.25, 0.3, 0.35, 0.4, 0.5):
        for path in (tree / "tests").glob("test_*.py"):
            path.write_bytes(module())
        process = subprocess.Popen(
            [sys.executable, "-m", "fixtests"],
            cwd=tree,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        time.sleep(delay)
        process.send_signal(signal_)
        _, told = process.communicate(timeout=60)
        code = process.returncode
        contents = {path.read_bytes() for path in (tree / "tests").glob("test_*.py")}
        assert contents <= {module(), fixed()}
        assert code in (0, -signal_, 130), told


def test_digest_is_of_the_bytes():
    assert model.digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
