"""Fixes are proved by the suites that they stand in: planted ones, by each preset."""

import sys

import pytest

import planted
from fixtests.cli.verifying import Verifier
from fixtests.report.screen import Screen
from fixtests.run.request import Request

CONFIG = """\
root = true
verify.command = "{command}"
verify.python = "{python}"
verify.timeout = 6
"""


def configure(root, command):
    (root / "fixtests.toml").write_text(CONFIG.format(command=command, python=sys.executable))


@pytest.mark.parametrize("command", ["unittest", "pytest", "stestr"])
def test_planted_fixes_are_judged_right(tmp_path, monkeypatch, command):
    monkeypatch.setenv("PLANTED_RUNS", str(tmp_path / "runs"))
    root = tmp_path / "suite"
    planted.plant(root)
    configure(root, command)
    before = {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
    found = Verifier(Request((root,))).proved(planted.results(root), Screen("never"))
    assert planted.verdicts(found) == planted.EXPECTED, planted.texts(found)
    after = {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
    assert after == before
