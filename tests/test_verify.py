"""Fixes are put to the suite that they stand in: planted ones, by each runner, and killed on it."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import planted
from conftest import fixtests
from fixtests.cli.verifying import Verifier
from fixtests.model import Verdict
from fixtests.plan import plan_file
from fixtests.report.screen import Screen
from fixtests.run.request import Request

CONFIG = """\
root = true
verify.command = "{command}"
verify.python = "{python}"
verify.timeout = 6
"""
STESTR = "[DEFAULT]\ntest_path=./{below}demo/tests\ntop_dir=./{below}\n"
LONG = "dozens of processes, of which some hang until their time is up"
KILLS = 20
SOON = 10.0  # seconds in which what was left running has to be gone


def environment(folder, root):
    """Make a virtual environment in which the sources of a tree are installed as editable."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    ours = [item for item in sys.path if item.endswith("-packages")]
    (packages / "project.pth").write_text("\n".join([str(root / "src"), *ours]) + "\n")
    return folder / "bin/python"


def suite(tmp_path, monkeypatch, command, below=""):
    """Plant the suite; return its root, in which `fixtests` knows how to run it."""
    monkeypatch.setenv("PLANTED_RUNS", str(tmp_path / "runs"))
    root = tmp_path / "suite"
    planted.plant(root, below)
    python = environment(tmp_path / "environment", root) if below else sys.executable
    (root / "fixtests.toml").write_text(CONFIG.format(command=command, python=python))
    (root / ".stestr.conf").write_text(STESTR.format(below=below))
    return root


def contents(root):
    return {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.mark.xdist_group("waiting")  # one process has what mostly waits
@pytest.mark.parametrize(
    ("command", "below"),
    [
        ("unittest", "src/"),
        *(
            pytest.param(command, below, marks=pytest.mark.slow(LONG))
            for command in ("unittest", "pytest", "stestr")
            for below in ("", "src/")
            if (command, below) != ("unittest", "src/")
        ),
    ],
)
def test_planted_fixes_are_judged_right(tmp_path, monkeypatch, command, below):
    root = suite(tmp_path, monkeypatch, command, below)
    before = contents(root)
    found = Verifier(Request((root,))).proved(planted.results(root, below), Screen("never"))
    assert planted.verdicts(found) == planted.EXPECTED, planted.texts(found)
    assert contents(root) == before
    fixed = {item.name for result in found for item in result.fixed}
    stand = {Verdict.PROVED, Verdict.NOT_COVERED, Verdict.NOT_JUDGED}
    assert fixed == {
        name
        for name, verdict in planted.EXPECTED.items()
        if verdict in stand and not name.endswith("unsafe")
    }


def saved(root):
    """Save the planted fixes as a plan beside the tree."""
    file = root.parent / "plan.json"
    file.write_text(plan_file.text(plan_file.body(planted.results(root), root, {})))
    return file


def told(file):
    """Return what a plan says of each fix that was tried."""
    return {
        item["name"]: Verdict(item["proof"]["verdict"])
        for entry in json.loads(file.read_text())["files"]
        for item in entry["findings"]
        if "proof" in item
    }


def left(state):
    """Return the processes that have to do with a state folder."""
    found = []
    for item in Path("/proc").glob("[0-9]*"):
        try:
            words = (item / "cmdline").read_bytes() + b"\0" + (item / "environ").read_bytes()
        except OSError:
            continue
        if str(state).encode() in words and int(item.name) != os.getpid():
            found.append(words[:200])
    return found


@pytest.mark.slow(LONG)
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are not shown here")
def test_killed_at_any_moment_the_tree_is_untouched_and_the_next_run_goes_on(
    tmp_path, monkeypatch, state_dir
):
    root = suite(tmp_path, monkeypatch, "unittest")
    monkeypatch.setenv("FIXTESTS_STATE_DIR", str(state := tmp_path / "state"))
    file = saved(root)
    before, plan = contents(root), file.read_bytes()
    chance = random.Random(16)
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-m", "fixtests", "verify", "--root", root, file],
            cwd=root,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "FIXTESTS_CACHE_DIR": str(tmp_path / "cache")},
        )
        time.sleep(chance.uniform(0.3, 6))
        process.send_signal(signal.SIGKILL)
        process.wait()
        end = time.monotonic() + SOON
        while left(state) and time.monotonic() < end:
            time.sleep(0.1)
        assert left(state) == []
        assert contents(root) == before
        assert file.read_bytes() == plan
    answer = fixtests("verify", "--root", root, file, folder=root)
    assert answer.code == 1, answer.err
    assert "known from before" in answer.err
    assert told(file) == planted.EXPECTED


CLIENT = """\
class Client:
    def get_servers(self):
        return [{'id': 1}]

    def get_flavors(self):
        return []
"""
LISTS = """\
import unittest

from tests.client import Client


class ListsTest(unittest.TestCase):
    def setUp(self):
        self.api = Client()

    def test_servers(self):
        servers = self.api.get_servers()
        self.assertEqual(1, servers[0]['id'])

    def test_flavors(self):
        flavors = self.api.get_flavors()
        if flavors != []:
            self.assertTrue(flavors[0])
        servers = self.api.get_servers()
        with self.subTest():
            self.assertEqual(1, servers[0]['id'])
"""


@pytest.fixture
def lists(tmp_path):
    """A project whose test of lists has unguarded indexes."""
    root = tmp_path / "lists"
    (root / "tests").mkdir(parents=True)
    (root / "tests/__init__.py").touch()
    (root / "tests/client.py").write_text(CLIENT)
    (root / "tests/test_lists.py").write_text(LISTS)
    config = CONFIG.format(command="unittest", python=sys.executable)
    (root / "fixtests.toml").write_text(f'{config}profile = "nova"\nselect = ["FT201"]\n')
    return root


def test_what_is_proved_is_written_and_the_rest_is_reported(lists):
    answer = fixtests("--verify", "--unsafe-fixes", "--output-format", "json", folder=lists)
    text = (lists / "tests/test_lists.py").read_text()
    findings = json.loads(answer.out)
    assert " proved" in answer.err
    assert text.count("assertGreater(len(servers), 0)") == 2
    assert "2 x its guard can fail" in answer.err
    assert [item["proof"]["verdict"] for item in findings if item["proof"]] == [
        item["proof"]["verdict"] for item in findings
    ]
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "-q", "tests.test_lists"], cwd=lists, check=False
    )
    assert done.returncode == 0


def test_a_plan_carries_its_proofs_to_whoever_applies_it(lists):
    file = lists.parent / "plan.json"
    assert fixtests("plan", "-o", file, folder=lists).code == 0
    assert fixtests("verify", file, folder=lists).code == 0
    proofs = [
        item["proof"]
        for entry in json.loads(file.read_text())["files"]
        for item in entry["findings"]
    ]
    assert [proof["verdict"] for proof in proofs] == ["proved"] * len(proofs)
    assert {proof["mutant"] for proof in proofs} == {"its guard can fail"}
    assert all(proof["tree"] and proof["when"] for proof in proofs)
    assert fixtests("apply", file, folder=lists).code == 0


SHORT = """\
import unittest


class ShortTest(unittest.TestCase):
    def test_sum(self):
        one = 1  # {name}: one = {other}
        two = 2  # fine: two = 1 + 1
        self.assertEqual(3, one + two)
"""


@pytest.mark.parametrize(
    ("name", "other", "code", "one"), [("fine-too", "3 - 2", 0, "3 - 2"), ("guilty", "2", 1, "1")]
)
def test_exit_code_says_whether_a_fix_left_the_plan(lists, monkeypatch, name, other, code, one):
    text = SHORT.format(name=name, other=other)
    monkeypatch.setattr(planted, "MODULES", {"tests/test_lists.py": text})
    planted.plant(lists)
    file = saved(lists)
    for expected in (code, 0):  # what has left it is not tried again
        answer = fixtests("verify", "--root", lists, file, folder=lists)
        assert answer.code == expected, answer.err
    assert fixtests("apply", "--root", lists, file, folder=lists).code == 0
    fixed = (lists / "tests/test_lists.py").read_text()
    assert f" one = {one}  #" in fixed
    assert " two = 1 + 1  #" in fixed


def test_a_dry_run_shows_what_is_proved(lists):
    answer = fixtests("--verify", "--dry-run", folder=lists)
    assert answer.code == 1
    assert b"+        self.assertGreater(len(servers), 0)\n" in answer.out
    assert (lists / "tests/test_lists.py").read_text() == LISTS


def test_a_review_is_answered_by_what_stands(lists):
    review = lists.parent / "review.md"
    review.write_text("tests/test_lists.py:17: servers[0] is used without a check\n")
    answer = fixtests("review", "--write", "--verify", review, "tests", folder=lists)
    assert b"\n  fixed\n" in answer.out
    assert (lists / "tests/test_lists.py").read_text().count("assertGreater") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--verify-command", "pytest"], "give --verify, too"),
        (["--scheduler", "tcp://127.0.0.1:1"], "give --verify, too"),
        (["--verify", "--verify-command", "nowhere {ids}"], "there is no such command"),
        (["review", "--verify", "x.md"], "give --write, too"),
        (["--verify", "--verify-command", "env it"], "does not say where tests are named"),
    ],
)
def test_what_cannot_be_is_refused(lists, arguments, said):
    (lists / "x.md").write_text("tests/test_lists.py:17: servers[0] is not checked\n")
    answer = fixtests(*arguments, folder=lists)
    assert answer.code == 2
    assert said in answer.err
    assert (lists / "tests/test_lists.py").read_text() == LISTS
