"""Taking runs back: every byte, and nothing that the user has done since."""

import json

import pytest

from conftest import A_UUID, fixed, fixtests, git, module
from fixtests.write import journal

SHARED = 'root = true\n[literal-uuid]\nconstants-module = "tests/constants.py"\n'
LATEST = """import unittest


class OneTest(unittest.TestCase):

    def test_it(self):
        servers = self.api.get_servers()
        self.attach(volume_id='{uuid}')
        # between the two
        self.start(servers[0])
"""


@pytest.fixture
def several(tree):
    """A tree with files of many shapes, each with something to fix."""
    tests = tree / "tests"
    (tests / "test_crlf.py").write_bytes(module().replace(b"\n", b"\r\n"))
    (tests / "test_mark.py").write_bytes(b"\xef\xbb\xbf" + module())
    (tests / "test_latin.py").write_bytes(b"# coding: latin-1\n# \xe9\n" + module())
    (tests / "test_end.py").write_bytes(module().rstrip(b"\n"))
    (tests / "test_two.py").write_text(LATEST.format(uuid=A_UUID))
    return tree


def contents(tree):
    return {
        path.relative_to(tree).as_posix(): path.read_bytes() for path in sorted(tree.rglob("*.py"))
    }


def test_undo_restores_every_byte(several):
    before = contents(several)
    assert fixtests(folder=several).code in (0, 1)
    assert all(after != before[name] for name, after in contents(several).items())
    answer = fixtests("undo", folder=several)
    assert (answer.code, answer.err) == (0, "Took back run 1 in 6 files.\n")
    assert contents(several) == before


def test_undo_of_undo_is_the_result(several):
    fixtests(folder=several)
    after = contents(several)
    fixtests("undo", folder=several)
    assert fixtests("undo", "2", folder=several).code == 0
    assert contents(several) == after


def test_modes_are_kept(tree):
    path = tree / "tests/test_one.py"
    path.chmod(0o751)
    fixtests(folder=tree)
    fixtests("undo", folder=tree)
    assert path.stat().st_mode & 0o777 == 0o751


def test_created_module_goes_with_the_rest(tree):
    (tree / "fixtests.toml").write_text(SHARED)
    before = contents(tree)
    fixtests(folder=tree)
    assert "tests/constants.py" in contents(tree)
    assert fixtests("undo", folder=tree).code == 0
    assert contents(tree) == before


def test_runs_are_listed_for_the_project_here(tree, tmp_path):
    assert fixtests("runs", folder=tree).text == ""
    fixtests(folder=tree)
    fixtests("undo", folder=tree)
    first, second = fixtests("runs", folder=tree).text.splitlines()
    assert first.split()[0] == "1"
    assert "undone by 2" in first
    assert second.endswith("1 file          fixtests undo")
    other = tmp_path / "other"
    other.mkdir()
    (other / "fixtests.toml").write_text("root = true\n")
    assert fixtests("runs", folder=other).text == ""
    answer = fixtests("undo", folder=other)
    assert answer.code == 2
    assert "no run below" in answer.err


def test_run_is_taken_back_once(tree):
    fixtests(folder=tree)
    assert fixtests("undo", folder=tree).code == 0
    answer = fixtests("undo", "1", folder=tree)
    assert (answer.code, answer.err) == (2, "error: run 1 has nothing left to take back\n")
    assert "no run below" in fixtests("undo", folder=tree).err
    assert "there is no run 7" in fixtests("undo", "7", folder=tree).err


def test_one_file_is_taken_back(several):
    before = contents(several)
    fixtests(folder=several)
    after = contents(several)
    assert fixtests("undo", "--file", "tests/test_two.py", folder=several).code == 0
    assert contents(several) == {**after, "tests/test_two.py": before["tests/test_two.py"]}
    assert fixtests("undo", folder=several).err == "Took back run 1 in 5 files.\n"
    assert contents(several) == before


def test_one_rule_is_taken_back(tree):
    path = tree / "tests/test_one.py"
    path.write_text(LATEST.format(uuid=A_UUID))
    fixtests("--select", "FT201", folder=tree)
    guarded = path.read_bytes()
    path.write_text(LATEST.format(uuid=A_UUID))
    fixtests("--select", "FT101,FT201", folder=tree)
    assert guarded != path.read_bytes()
    assert fixtests("undo", "--rule", "literal-uuid", folder=tree).code == 0
    assert path.read_bytes() == guarded
    answer = fixtests("undo", "--rule", "FT999", folder=tree)
    assert answer.code == 2
    assert "FT999" in answer.err


def test_file_that_was_edited_since_is_left(several):
    fixtests(folder=several)
    path = several / "tests/test_two.py"
    path.write_bytes(path.read_bytes() + b"# mine\n")
    mine = path.read_bytes()
    answer = fixtests("undo", folder=several)
    assert answer.code == 2
    assert "tests/test_two.py: was edited since; --merge takes back what can be" in answer.err
    assert path.read_bytes() == mine
    assert (several / "tests/test_one.py").read_bytes() == module()


def test_merge_keeps_what_was_edited_since(tree):
    path = tree / "tests/test_one.py"
    more = b"        self.start()\n" * 5
    path.write_bytes(module() + more)
    fixtests(folder=tree)
    path.write_bytes(path.read_bytes() + b"# mine\n")
    assert fixtests("undo", "--merge", folder=tree).code == 0
    assert path.read_bytes() == module() + more + b"# mine\n"


def test_merge_that_meets_the_run_is_refused(tree):
    path = tree / "tests/test_one.py"
    fixtests(folder=tree)
    path.write_bytes(fixed().replace(b"VOLUME_ID", b"MINE"))
    answer = fixtests("undo", "--merge", folder=tree)
    assert answer.code == 2
    assert "what was edited since meets what the run changed" in answer.err
    assert path.read_bytes() == fixed().replace(b"VOLUME_ID", b"MINE")


def test_migration_is_taken_back(tree):
    (tree / "codemods").mkdir()
    (tree / "codemods/one.py").write_text(
        '"""Name UUIDs."""\n\nfrom fixtests.migrate import Rules\n\n'
        'RULES = Rules(select=("FT101",))\n'
    )
    assert fixtests("migrate", "one", folder=tree).code == 0
    assert (tree / "tests/test_one.py").read_bytes() == fixed()
    fixtests("undo", folder=tree)
    assert (tree / "tests/test_one.py").read_bytes() == module()


def test_project_of_git_has_one_history(tree):
    git(tree.parent, "init", "-q")
    fixtests("project", folder=tree.parent)
    assert fixtests("undo", folder=tree / "tests").code == 0
    assert (tree / "tests/test_one.py").read_bytes() == module()


def test_journal_is_outside_of_the_tree_and_private(tree, state_dir):
    before = sorted(tree.rglob("*"))
    fixtests(folder=tree)
    assert sorted(tree.rglob("*")) == before
    (run,) = (state_dir / "runs").iterdir()
    assert run.stat().st_mode & 0o077 == 0
    assert list((state_dir / "open").iterdir()) == []


@pytest.mark.parametrize("name", ["before", "ready.json", "run.json", "outcome.json"])
def test_damaged_journal_is_named_and_nothing_is_written(tree, state_dir, name):
    fixtests(folder=tree)
    path = state_dir / "runs/1" / name
    path.write_bytes(b"x" * path.stat().st_size)
    answer = fixtests("undo", "1", folder=tree)
    assert answer.code == 2
    assert f"runs/1/{name}" in answer.err
    assert (tree / "tests/test_one.py").read_bytes() == fixed()


def test_oldest_runs_go(tree, monkeypatch):
    monkeypatch.setattr(journal, "KEPT", 2)
    for number in range(4):
        folder = journal.state() / "runs" / str(number + 1)
        folder.mkdir(parents=True)
        (folder / "run.json").write_text(json.dumps({"form": 1, "files": []}))
    (journal.state() / "open").mkdir()
    journal.prune()
    assert [run.number for run in journal.every()] == [3, 4]
