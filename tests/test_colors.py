"""Colours: where they are wanted, and nowhere else."""

import os

import pytest

from conftest import fixtests
from fixtests.report import colors
from terminals import USUAL, on_terminal

COMMANDS = [["check"], ["check", "--output-format", "concise"], ["--dry-run"], ["explain", "FT201"]]
CODES = "\x1b["


class Stream:
    def __init__(self, *, terminal):
        self._terminal = terminal

    def isatty(self):
        return self._terminal


@pytest.mark.parametrize(
    ("choice", "variables", "terminal", "wanted"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": "0"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": ""}, False, False),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_what_is_coloured(monkeypatch, choice, variables, terminal, wanted):
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert colors.wanted(choice, Stream(terminal=terminal)) is wanted
    assert colors.wanted("auto", None) is bool(
        variables.get("FORCE_COLOR") and not variables.get("NO_COLOR")
    )


@pytest.mark.parametrize("command", COMMANDS[1:], ids=" ".join)
def test_terminal_is_coloured_unless_somebody_objects(tree, command):
    assert CODES in on_terminal(*command, folder=tree)[1]
    assert CODES not in on_terminal(*command, folder=tree, env={"NO_COLOR": "1"})[1]
    assert CODES not in on_terminal(*command, folder=tree, env={"TERM": "dumb"})[1]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_pipe_is_plain_unless_colours_are_forced(tree, command):
    plain = {**os.environ, **USUAL}
    assert CODES not in fixtests(*command, folder=tree, env=plain).text
    forced = {**plain, "FORCE_COLOR": "1"}
    assert CODES in fixtests(*command, folder=tree, env=forced).text


def test_findings_are_coloured_where_that_is_asked_for(tree):
    shown = fixtests("check", "--color", "always", folder=tree).text
    assert "\x1b[31m\x1b[1mFT101\x1b[0m \x1b[36m[*]\x1b[0m literal UUID" in shown
    assert "\x1b[31m\x1b[1m^^^" in shown
    shown = on_terminal("check", "--color", "never", folder=tree)[1]
    assert CODES not in shown


def test_answer_that_is_given_again_is_coloured_as_before(tree):
    first = fixtests("check", "--color", "always", folder=tree)
    assert fixtests("check", "--color", "always", folder=tree).out == first.out
    assert CODES not in fixtests("check", folder=tree).text


def test_what_is_saved_is_plain(tree):
    fixtests("check", "--color", "always", "-o", "report.txt", folder=tree)
    assert CODES not in (tree / "report.txt").read_text()


def test_files_that_failed_are_coloured(tree):
    (tree / "tests/test_two.py").write_text("def\n")
    shown = fixtests("check", "--color", "always", folder=tree).text
    assert "\x1b[31m\x1b[1merror:\x1b[0m line 1" in shown
