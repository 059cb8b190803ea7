"""The one writer under fault: the original or the result, never half, and the right exit code."""

import os
import resource
import signal
import stat
import subprocess
import sys
import time

import pytest

from conftest import A_UUID, fixed, fixtests, module
from fixtests import model
from fixtests.plan.plan import Group, Plan, Write
from fixtests.write import apply

SHARED = '[literal-uuid]\nconstants-module = "tests/constants.py"\n'


def write(root, name, before, after):
    """Return what replaces the whole of a file, or creates it."""
    edit = model.Edit(name, 0, len(before or b""), after.decode())
    old = None if before is None else model.digest(before)
    return Write(root / name, root, old, model.digest(after), (edit,))


def plan(root, *pairs):
    return Plan((), tuple(Group((write(root, *pair),)) for pair in pairs))


def put(made):
    outcomes, _ = apply.apply(made, {})
    return outcomes


def leftovers(root):
    return sorted(path.name for path in root.rglob("*fixtests-*"))


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
    replace = os.replace
    seen = []

    def failing(source, target):
        seen.append(target)
        if len(seen) == 3:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    outcomes = put(Plan((), (Group((created, *writes)),)))
    assert {outcome.problem for outcome in outcomes} == {
        "could not be written: No space left on device; it is as it was"
    }
    for name, (before, _) in contents.items():
        assert (tree / name).read_bytes() == before
    assert not created.path.exists()
    assert leftovers(tree) == []


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


@pytest.mark.parametrize("signal_", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
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
