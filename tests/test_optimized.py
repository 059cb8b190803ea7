"""`python -O`, `python -OO` and PYTHONOPTIMIZE change nothing of what is said and what is found."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fixtests.cli.main import COMMANDS, main
from fixtests.rules import registry

CODEMODS = Path(__file__).resolve().parents[1] / "codemods"
ELSEWHERE = {"pin_microversions": "nova/tests/functional"}  # what a codemod finds its work in
PAGES = [
    ["--help"],
    *([name, "--help"] for name in COMMANDS),
    ["rules"],
    *(["explain", rule.code] for rule in registry.every()),
]
RUNS = [
    ["check", "--no-cache", "--select", "ALL", "--output-format", "sarif"],
    ["--dry-run", "--no-cache", "--select", "ALL", "--unsafe-fixes"],
    *(
        ["migrate", "--dry-run", str(path), ELSEWHERE.get(path.stem, "nova/tests/unit")]
        for path in sorted(CODEMODS.glob("*.py"))[::3]
    ),
]
# Runs each command line in one process, and prints exit codes and output as JSON.
SCRIPT = """\
import json, sys
from click.testing import CliRunner
from fixtests.cli.main import main
said = []
for words in json.load(sys.stdin):
    answer = CliRunner().invoke(main, words)
    said.append([" ".join(words), answer.exit_code, answer.stdout, answer.stderr])
json.dump(said, sys.stdout)
"""


def said(folder, words, level):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=folder,
        input=json.dumps(words).encode(),
        env={**os.environ, "PYTHONOPTIMIZE": level},
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "level",
    [pytest.param("1", marks=pytest.mark.slow("all of it is told by -OO, which does more")), "2"],
)
def test_optimization_changes_no_output(suite, level):
    usual = said(suite, [*PAGES, *RUNS], "")
    codes = [code for _, code, *_ in usual]
    assert codes[: len(PAGES) + 2] == [0] * len(PAGES) + [1, 1]
    assert {*codes[len(PAGES) :]} == {1, 2}  # changes, and a codemod that is not told what moves
    for one, other in zip(usual, said(suite, [*PAGES, *RUNS], level), strict=True):
        assert one == other


def test_every_command_and_rule_is_described():
    described = [main, *(main.get_command(None, name) for name in COMMANDS)]
    assert [item.name for item in described if not item.help] == []
    assert [rule.code for rule in registry.every() if "## What it does" not in rule.page] == []
