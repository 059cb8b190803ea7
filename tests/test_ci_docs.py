"""What docs/ci.md says to run in a job, run on a branch with a new finding."""

import json
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from conftest import fixtests, git

TEXT = (Path(__file__).parents[1] / "docs/ci.md").read_text()
FENCES = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^|(?<=[:;=-] )|(?<=then ))fixtests check.*?(?=$|; fi)", re.MULTILINE)
COMMANDS = sorted(
    {
        command.replace(" {posargs}", "")
        for language, text in FENCES
        for command in COMMAND.findall(text)
        if "--staged" not in command  # which tests/test_since.py tries
    }
)
NEW = "nova/tests/functional/test_new.py"
VARIABLES = {"GITHUB_BASE_REF": "master", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "origin/master"}
MARKS = {
    "zuul": '"file_comments": {',
    "gerrit": '"fix_suggestions": [',
    "github": "::warning title=FT",
    "gitlab": '"check_name": "FT',
    "sarif": '"ruleId": "FT',
    "html": "<!doctype html>",
}


@pytest.fixture
def branch(suite):
    """A branch that adds a test with findings to a tree that has others."""
    git(suite, "init", "-q")
    git(suite, "add", ".")
    git(suite, "commit", "-q", "-m", "Tests")
    git(suite, "update-ref", "refs/remotes/origin/master", "HEAD")
    shutil.copy(suite / "nova/tests/functional/test_list_servers.py", suite / NEW)
    git(suite, "add", ".")
    git(suite, "commit", "-q", "-m", "A new test")
    return suite


def test_jobs_are_found_and_parsed():
    assert len(COMMANDS) >= 7
    for language, text in FENCES:
        if language == "yaml":
            assert yaml.safe_load(text)


@pytest.mark.parametrize("command", COMMANDS)
def test_command_of_a_job_does_what_it_is_for(command, branch, monkeypatch):
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    words = shlex.split(os.path.expandvars(command))[1:]
    answer = fixtests(*words, folder=branch)
    assert answer.code == (0 if "--exit-zero" in words else 1), answer.err
    saved = branch / words[words.index("-o") + 1] if "-o" in words else None
    text = saved.read_text() if saved else answer.text
    form = words[words.index("--output-format") + 1] if "--output-format" in words else ""
    assert MARKS.get(form, f"--> {NEW}:") in text
    assert NEW in text
    if "--since" in words:
        assert "test_list_servers.py" not in text


def test_comments_are_about_the_files_of_the_change_alone(branch):
    answer = fixtests("check", "--since", "HEAD^", "--output-format", "zuul", folder=branch)
    assert json.loads(answer.out)["zuul"]["file_comments"].keys() == {NEW}
