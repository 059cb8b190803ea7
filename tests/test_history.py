"""Taking runs back: every byte, and nothing that the user has done since."""

import json
import shlex
import subprocess
import sys

import pytest

from conftest import A_UUID, fixed, fixtests, git, module
from fixtests.plan import plan_file
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
    assert answer.code == 2
    assert answer.err.startswith("error: run 1 has nothing left to take back; ")
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


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--rule", "FT401"], "FT401: run 1 has no fixes of it to take back, only of FT101\n"),
        (
            ["--rule", "FT101,FT201"],
            "FT201: run 1 has no fixes of it to take back, only of FT101\n",
        ),
        (
            ["--file", "tests/test_none.py"],
            "tests/test_none.py: run 1 has nothing to take back there, "
            "only in tests/test_one.py, tests/test_two.py\n",
        ),
        (
            ["--file", "tests/test_one.py", "--file", "none"],
            "none: run 1 has nothing to take back there, "
            "only in tests/test_one.py, tests/test_two.py\n",
        ),
    ],
)
def test_file_or_rule_that_means_nothing_is_an_error(tree, arguments, reason):
    (tree / "tests/test_two.py").write_bytes(module())
    fixtests(folder=tree)
    after = contents(tree)
    answer = fixtests("undo", *arguments, folder=tree)
    assert (answer.code, answer.err) == (2, f"error: {reason}")
    assert contents(tree) == after


def test_rule_that_was_taken_back_is_not_there_any_more(tree):
    path = tree / "tests/test_one.py"
    path.write_text(LATEST.format(uuid=A_UUID))
    before = path.read_bytes()
    fixtests(folder=tree)
    fixtests("undo", "--rule", "FT101", folder=tree)
    half = path.read_bytes()
    answer = fixtests("undo", "--rule", "FT101", folder=tree)
    assert answer.code == 2
    assert answer.err == "error: run 1 has nothing of that left to take back\n"
    assert path.read_bytes() == half
    assert fixtests("undo", "--rule", "FT201", folder=tree).code == 0
    assert path.read_bytes() == before
    assert "no run below" in fixtests("undo", folder=tree).err


def test_rest_of_a_run_is_taken_back_after_one_rule(tree):
    path = tree / "tests/test_one.py"
    path.write_text(LATEST.format(uuid=A_UUID))
    before = path.read_bytes()
    fixtests(folder=tree)
    after = path.read_bytes()
    fixtests("undo", "--rule", "FT101", folder=tree)
    half = path.read_bytes()
    assert before != half != after
    fixtests("undo", "2", folder=tree)
    assert path.read_bytes() == after
    for expected in (half, before):
        assert fixtests("undo", folder=tree).code == 0
        assert path.read_bytes() == expected
    assert "no run below" in fixtests("undo", folder=tree).err


def test_undo_takes_back_the_last_run_that_stands(tree):
    path = tree / "tests/test_one.py"
    before = path.read_bytes()
    fixtests(folder=tree)
    first = path.read_bytes()
    path.write_bytes(first.replace(b"OneTest", b"TwoTest"))
    path.write_bytes(path.read_bytes() + module()[module().index(b"class") :])
    edited = path.read_bytes()
    fixtests(folder=tree)
    second = path.read_bytes()
    assert second != edited
    steps = [
        (["undo"], edited),  # run 3 takes run 2 back
        (["undo", "3"], second),  # a redo, run 4
        (["undo"], edited),  # of run 4
        (["undo", "5"], second),
        (["undo", "6"], edited),
    ]
    for words, expected in steps:
        answer = fixtests(*words, folder=tree)
        assert (answer.code, path.read_bytes()) == (0, expected), words
    path.write_bytes(first)
    assert fixtests("undo", folder=tree).err == "Took back run 1 in 1 file.\n"
    assert path.read_bytes() == before
    assert "no run below" in fixtests("undo", folder=tree).err
    states = [
        line.split("  ")[3].strip() for line in fixtests("runs", folder=tree).text.split("\n")[:-1]
    ]
    assert states == [
        "undone by 8",
        "undone by 3",
        "undone by 4",
        "undone by 5",
        "undone by 6",
        "undone by 7",
        "1 file",
        "1 file",
    ]


@pytest.fixture
def sharing(tree):
    """A tree in which three files share a module that the fix creates."""
    (tree / "fixtests.toml").write_text(SHARED)
    (tree / "tests/__init__.py").touch()
    (tree / "tests/test_two.py").write_bytes(module(A_UUID[:-1] + "2", "image_id"))
    (tree / "tests/test_three.py").write_bytes(module(A_UUID[:-1] + "3", "server_id"))
    return tree


def importable(tree):
    """Tell whether each test module finds the constants that it uses."""
    for path in sorted((tree / "tests").glob("test_*.py")):
        code = f"import tests.{path.stem} as module; module.OneTest.attach = lambda *a, **b: 0"
        code += "; module.OneTest('test_attach').debug()"
        done = subprocess.run([sys.executable, "-B", "-c", code], cwd=tree, check=False)
        if done.returncode:
            return False
    return True


def test_module_that_files_use_is_not_taken_back_without_them(sharing):
    before = contents(sharing)
    fixtests(folder=sharing)
    after = contents(sharing)
    answer = fixtests("undo", "--file", "tests/constants.py", folder=sharing)
    assert answer.code == 2
    assert contents(sharing) == after
    users = "tests/test_one.py, tests/test_three.py, tests/test_two.py"
    assert f"error: tests/constants.py: is used by {users}; `fixtests undo 1 " in answer.err
    command = shlex.split(answer.err.split("`")[1])
    assert fixtests(*command[1:], folder=sharing).code == 0
    assert contents(sharing) == before


def test_module_goes_with_the_rest_once_nobody_uses_it(sharing):
    before = contents(sharing)
    fixtests(folder=sharing)
    assert fixtests("undo", "--file", "tests/test_two.py", folder=sharing).code == 0
    assert contents(sharing)["tests/test_two.py"] == before["tests/test_two.py"]
    assert importable(sharing)
    assert "3 of 4 files" in fixtests("runs", folder=sharing).text
    after = contents(sharing)
    for names in (["constants.py"], ["constants.py", "test_one.py"]):
        words = [word for name in names for word in ("--file", f"tests/{name}")]
        assert fixtests("undo", *words, folder=sharing).code == 2
        assert contents(sharing) == after
    assert fixtests("undo", folder=sharing).err == "Took back run 1 in 3 files.\n"
    assert contents(sharing) == before


def test_user_is_not_put_back_without_its_module(sharing):
    fixtests(folder=sharing)
    after = contents(sharing)
    fixtests("undo", "--file", "tests/test_two.py", folder=sharing)
    fixtests("undo", folder=sharing)
    before = contents(sharing)
    answer = fixtests("undo", "2", folder=sharing)
    assert answer.code == 2
    assert "tests/test_two.py: needs IMAGE_ID, which is not in tests/constants.py" in answer.err
    answer = fixtests("undo", "3", "--file", "tests/test_one.py", folder=sharing)
    assert answer.code == 2
    assert "`fixtests undo 3 --file tests/test_one.py --file tests/constants.py`" in answer.err
    assert contents(sharing) == before
    for number in ("3", "2"):
        assert fixtests("undo", number, folder=sharing).code == 0
        assert importable(sharing)
    assert contents(sharing) == after


def test_module_is_not_taken_back_from_users_of_a_later_run(sharing):
    fixtests(folder=sharing)
    (sharing / "tests/test_four.py").write_bytes(module())
    fixtests(folder=sharing)
    after = contents(sharing)
    assert b"constants.VOLUME_ID" in after["tests/test_four.py"]
    answer = fixtests("undo", "1", folder=sharing)
    assert answer.code == 2
    assert "tests/constants.py: is used by tests/test_four.py" in answer.err
    assert contents(sharing) == after
    assert fixtests("undo", folder=sharing).code == 0
    assert fixtests("undo", folder=sharing).code == 0


def test_module_is_not_taken_back_from_users_by_hand(sharing):
    fixtests(folder=sharing)
    path = sharing / "tests/mine.py"
    path.write_text("from .constants import VOLUME_ID\n")
    answer = fixtests("undo", folder=sharing)
    assert answer.code == 2
    assert "tests/constants.py: is used by tests/mine.py" in answer.err
    assert importable(sharing)
    path.write_text("from .elsewhere import constants\nprint(constants.VOLUME_ID)\n")
    assert fixtests("undo", folder=sharing).code == 0


def test_rule_is_taken_back_with_the_module_of_its_fixes(sharing):
    path = sharing / "tests/test_one.py"
    path.write_text(LATEST.format(uuid=A_UUID))
    fixtests("--select", "FT201", folder=sharing)
    guarded = contents(sharing)
    fixtests("undo", folder=sharing)
    fixtests("--select", "FT101,FT201", folder=sharing)
    after = contents(sharing)
    assert fixtests("undo", "--rule", "FT101", "--file", str(path), folder=sharing).code == 0
    assert contents(sharing) == {**after, "tests/test_one.py": guarded["tests/test_one.py"]}
    assert fixtests("undo", "--rule", "FT101", folder=sharing).code == 0
    assert contents(sharing) == guarded


def test_rule_is_taken_back_from_files_whose_other_fixes_share_a_module(sharing):
    path = sharing / "tests/test_one.py"
    path.write_text(LATEST.format(uuid=A_UUID))
    fixtests("--select", "FT101", folder=sharing)
    named = contents(sharing)
    fixtests("undo", folder=sharing)
    fixtests("--select", "FT101,FT201", folder=sharing)
    assert fixtests("undo", "--rule", "FT201", folder=sharing).code == 0
    assert contents(sharing) == named


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


def test_oldest_runs_go_past_what_is_only_named_like_a_run(tree, monkeypatch):
    monkeypatch.setattr(journal, "KEPT", 2)
    for number in (1, 3, 4, 5):
        folder = journal.state() / "runs" / str(number)
        folder.mkdir(parents=True)
        (folder / "run.json").write_text(json.dumps({"form": 1, "files": []}))
    for name in ("2", "6"):
        (journal.state() / "runs" / name).write_bytes(b"")
    (journal.state() / "open").mkdir()
    journal.prune()
    assert [run.number for run in journal.every()] == [4, 5]


@pytest.mark.parametrize("command", [["runs"], ["undo"], ["undo", "1"], ["plan"]])
def test_folder_that_is_gone_is_named(tree, command):
    fixtests(folder=tree)
    script = (
        "import os, sys; from fixtests.cli import main as cli; os.mkdir('gone'); os.chdir('gone'); "
        f"os.rmdir('../gone'); sys.argv = ['fixtests', *{command}]; sys.exit(cli.outcome())"
    )
    # -P: Python 3.13.0 itself stumbles over a folder that is gone where it looks for modules there.
    python = [sys.executable, "-P", "-c", script]
    done = subprocess.run(python, cwd=tree, capture_output=True, check=False, text=True)
    assert done.returncode == 2
    assert done.stderr == (
        "error: the current folder is gone (No such file or directory); go to another\n"
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda state: (state / "open/2").mkdir(),
        lambda state: (state / "open/2/below").mkdir(parents=True),
        lambda state: (state / "open" / ("9" * 250)).write_bytes(b""),
        lambda state: (state / "runs" / ("9" * 250)).mkdir(),
    ],
)
def test_what_is_only_named_like_a_run_holds_nothing_up(tree, state_dir, make):
    fixtests(folder=tree)
    make(state_dir)
    answer = fixtests("runs", folder=tree)
    assert (answer.code, answer.err, answer.text.count("\n")) == (0, "", 1)
    assert fixtests("undo", folder=tree).code == 0
    assert fixtests(folder=tree).err == "Fixed 1 finding in 1 file.\n"
    assert fixtests("undo", folder=tree).code == 0
    assert (tree / "tests/test_one.py").read_bytes() == module()
    answer = fixtests("runs", folder=tree)
    assert (answer.code, answer.err, answer.text.count("\n")) == (0, "", 4)


def test_mark_of_what_is_no_folder_of_a_run_is_taken_away(tree, state_dir):
    fixtests(folder=tree)
    for name in ("runs", "open"):
        (state_dir / name / "2").write_bytes(b"")
    assert fixtests("undo", folder=tree).code == 0
    assert list((state_dir / "open").iterdir()) == []
    answer = fixtests("runs", folder=tree)
    assert (answer.code, answer.err) == (0, "")


def damaged(name, change):
    """Return what changes a value in a file of the first run."""

    def damage(folder):
        path = folder / name
        told = json.loads(path.read_bytes())
        change(told)
        path.write_text(json.dumps(told))

    return pytest.param(name, damage)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        damaged("run.json", lambda told: told.pop("time")),
        damaged("run.json", lambda told: told.update(time="today")),
        damaged("run.json", lambda told: told.update(time=1e300)),
        damaged("run.json", lambda told: told.update(command=5)),
        damaged("run.json", lambda told: told.update(command=[5])),
        damaged("run.json", lambda told: told.update(undoes=[])),
        damaged("run.json", lambda told: told.update(without=5)),
        damaged("run.json", lambda told: told.update(files={})),
        damaged("run.json", lambda told: told["files"].append(5)),
        damaged("run.json", lambda told: told["files"][0].update(path=5)),
        damaged("run.json", lambda told: told["files"][0].update(path="a\0b")),
        damaged("run.json", lambda told: told["files"][0].update(path="tests/test_one.py")),
        damaged("run.json", lambda told: told["files"][0].update(before=5)),
        damaged("run.json", lambda told: told["files"][0].update(group=[])),
        damaged("run.json", lambda told: told["files"][0].update(temporary="/etc/passwd")),
        damaged("run.json", lambda told: told["plan"].update(files=5)),
        damaged("outcome.json", lambda told: told.pop("problems")),
        damaged("outcome.json", lambda told: told.update(problems=[])),
        damaged("outcome.json", lambda told: told.update(problems={"a": 5})),
        damaged("outcome.json", lambda told: told.update(undone="2")),
        damaged("ready.json", lambda told: told.update(places=[])),
        damaged("ready.json", lambda told: told.update(places={"0": 5})),
        damaged("ready.json", lambda told: told.update(places={"0": ["0", "1"]})),
        damaged("ready.json", lambda told: told.update(places={"0": [0, 10**18]})),
        damaged("ready.json", lambda told: told.update(places={"0": [-5, 10]})),
    ],
)
def test_value_of_a_journal_that_does_not_fit_is_named(tree, state_dir, name, damage):
    fixtests(folder=tree)
    damage(state_dir / "runs/1")
    answer = fixtests("undo", folder=tree)
    assert answer.code == 2
    folder = state_dir / "runs/1"
    where = folder if name == "ready.json" else folder / name
    assert answer.err.startswith(f"error: {where}")
    assert answer.err.endswith(f"restore it, or move {folder} away\n")
    assert answer.err.count("\n") == 1
    assert (tree / "tests/test_one.py").read_bytes() == fixed()


def test_names_that_are_no_text_are_taken_back(tree):
    name = b"test_\xff\n.py".decode("utf-8", "surrogateescape")
    (tree / "tests" / name).write_bytes(module())
    before = contents(tree)
    fixtests(folder=tree)
    assert contents(tree) != before
    answer = fixtests("undo", "--file", f"tests/{name}", "--rule", "FT101", folder=tree)
    assert (answer.code, answer.err) == (0, "Took back run 1 in 1 file.\n")
    answer = fixtests("undo", "--file", f"tests/{name}", folder=tree)
    assert answer.code == 2
    assert fixtests("runs", folder=tree).code == 0
    assert fixtests("undo", folder=tree).code == 0
    assert contents(tree) == before


def test_plan_in_the_journal_is_read_once_however_many_files_are_merged(tree, monkeypatch):
    from fixtests.write import history, undo

    for number in range(10):
        path = tree / f"tests/test_{number}.py"
        path.write_bytes(module() + b"        self.start()\n" * 5)
    fixtests(folder=tree)
    for path in (tree / "tests").glob("test_?.py"):
        path.write_bytes(path.read_bytes() + b"# mine\n")
    read = []
    load = plan_file.recorded
    monkeypatch.setattr(plan_file, "recorded", lambda *given: read.append(1) or load(*given))
    taken = undo.Undo(history.chosen(1, tree), files=[], rules=[], merge=True)
    assert {item.problem for item in taken.carry_out([])} == {""}
    assert len(read) == 1
