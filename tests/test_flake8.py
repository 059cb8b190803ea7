"""The plug-in for flake8, as flake8 itself loads and asks it."""

import io
import re
import subprocess
import sys

import pytest
from flake8.main.cli import main as flake8

from conftest import A_UUID, fixtests, module
from fixtests import flake8_plugin

FOUND = re.compile(r"(.+?):(\d+):(\d+): (FT\d+)(?: \[\*\])? (.*)")
ON = "--enable-extensions=FT"


@pytest.fixture
def many(tree, monkeypatch):
    """A tree with three modules; one accepted, one that comments and one that tables silence."""
    tests = tree / "tests"
    for number in range(3):
        (tests / f"test_{number}.py").write_bytes(module(A_UUID.replace("0", str(number + 1), 1)))
    (tests / "test_accepted.py").write_bytes(module(A_UUID.replace("0", "9", 1)))
    fixtests("baseline", "accepted.json", "tests/test_accepted.py", folder=tree)
    for name, comment in (("noqa", b"noqa: FT101"), ("own", b"fixtests: ignore[FT101] why")):
        text = module().replace(b"')\n", b"')  # " + comment + b"\n")
        (tests / f"test_{name}.py").write_bytes(text)
    (tests / "test_excluded.py").write_bytes(module())
    (tree / "fixtests.toml").write_text(
        'root = true\nbaseline = "accepted.json"\nextend-exclude = ["test_excluded.py"]\n'
        '[per-file-ignores]\n"test_2.py" = ["FT101"]\n'
    )
    monkeypatch.chdir(tree)
    flake8_plugin._shared.cache_clear()
    yield tree
    flake8_plugin._shared.cache_clear()


def run(capsys, *arguments):
    """Run flake8 on the tree in this process, and return its exit code and its lines."""
    code = flake8(["--isolated", "-j1", *arguments, "tests"])
    return code, capsys.readouterr().out.splitlines()


def found(lines):
    """Return place, code and message of each finding of ours."""
    return sorted(match.groups() for line in lines if (match := FOUND.fullmatch(line)))


def test_findings_are_those_of_check(many, capsys):
    code, lines = run(capsys, ON)
    checked = fixtests("check", "--output-format", "concise", "tests", folder=many)
    assert code == 1
    assert found(lines) == found(checked.text.splitlines())
    assert [line[0] for line in found(lines)] == [
        "tests/test_0.py",
        "tests/test_1.py",
        "tests/test_one.py",
    ]


def test_processes_that_flake8_forks_find_the_same(many, capsys):
    command = [sys.executable, "-m", "flake8", "--isolated", "-j2", ON, "tests"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert found(done.stdout.splitlines()) == found(run(capsys, ON)[1]) != []


@pytest.mark.parametrize(
    ("options", "finds"),
    [
        ([], False),
        ([ON], True),
        ([ON, "--select=FT101"], True),
        ([ON, "--select=E,FT2"], False),
        ([ON, "--extend-ignore=FT1"], False),
    ],
    ids=["off", "on", "select a code", "select others", "ignore"],
)
def test_flake8_chooses_codes(many, capsys, options, finds):
    assert bool(found(run(capsys, *options)[1])) is finds


def test_nothing_that_works_is_loaded_where_it_is_off(many):
    script = (
        "import sys\nfrom flake8.main.cli import main\nmain(['--isolated', 'tests'])\n"
        "print([name for name in sys.modules if name.startswith('fixtests.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "['fixtests.flake8_plugin']"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_bad_configuration_is_one_message(many, capfd, jobs):
    (many / "fixtests.toml").write_text('root = true\nselekt = ["FT101"]\n')
    assert flake8(["--isolated", f"-j{jobs}", ON, "tests"]) == 1
    said, errors = capfd.readouterr()
    assert said.splitlines() == [
        "There was a critical error during execution of Flake8:",
        f"fixtests: {many}/fixtests.toml:2: unknown key 'selekt'; did you mean 'select'?",
    ]
    assert errors == ""


def test_a_file_that_cannot_be_judged_is_said(many, capsys):
    (many / "tests/test_one.py").write_text("# coding: utf-7\nA = '+AGE-b'\n")
    _, lines = run(capsys, ON, "--select=FT")
    (line,) = [line for line in lines if " FT000 " in line]
    assert line.startswith("tests/test_one.py:1:1: FT000 line 1: encoding utf-7 does not")


def test_standard_input_is_what_it_is_called(many, capsys, monkeypatch):
    from flake8 import utils

    for name, finds in (("tests/test_new.py", True), ("tests/test_excluded.py", False)):
        utils.stdin_get_value.cache_clear()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(module())))
        flake8(["--isolated", ON, f"--stdin-display-name={name}", "--select=FT", "-"])
        lines = capsys.readouterr().out.splitlines()
        assert [line[:3] for line in found(lines)] == [(name, "7", "31")] * finds
