"""How long lines may be: the option, else the project's own linters, nearest first, else 79."""

import os
import re
import time

import pytest

from conftest import fixtests
from fixtests.run.configuration import Configuration
from fixtests.run.request import Request, UsageError

# Its guard is a line of 84 characters where it stands on one.
LONG = "servers_that_were_fetched_from_the_first_cell_alone"
TEXT = f"""\
import unittest


class OneTest(unittest.TestCase):

    def test_first(self):
        {LONG} = self.api.get_servers()
        self.use({LONG}[0])
"""
GUARD = f"self.assertGreater(len({LONG}), 0)"
OLD = time.time() - 3600


@pytest.fixture
def tests(tree):
    (tree / "tests/test_one.py").write_text(TEXT)
    return tree / "tests"


def says(tree, **asked):
    return Configuration(Request(**asked)).at(tree).line_length


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fixtests.toml", "line-length = 99\n"),
        ("ruff.toml", "line-length = 99\n"),
        (".ruff.toml", "line-length = 99\n"),
        ("pyproject.toml", "[tool.ruff]\nline-length = 99\n"),
        ("pyproject.toml", "[tool.black]\nline-length = 99\n"),
        ("setup.cfg", "[flake8]\nmax-line-length = 99\n"),
        ("tox.ini", "[tox]\n[flake8]\nmax_line_length: 99\n"),
        (".flake8", "[flake8]\nMax-Line-Length = 99\n"),
        ("tox.ini", "[pycodestyle]\nmax-line-length = 99\n"),
    ],
)
def test_line_length_is_what_the_project_says(tree, tests, name, text):
    before = fixtests("--dry-run", folder=tree).text
    assert GUARD not in before
    (tree / name).write_text(f"{text}")
    assert says(tree) == 99
    assert f"+        {GUARD}\n" in fixtests("--dry-run", folder=tree).text
    isolated = fixtests("--dry-run", "--isolated", folder=tree).text
    assert GUARD not in isolated


@pytest.mark.parametrize(
    "files",
    [
        {"fixtests.toml": "line-length = 99\n", "ruff.toml": "line-length = 120\n"},
        {"ruff.toml": "line-length = 99\n", "pyproject.toml": "[tool.ruff]\nline-length = 120\n"},
        {"pyproject.toml": "[tool.black]\nline-length = 120\n[tool.ruff]\nline-length = 99\n"},
        {
            "pyproject.toml": "[tool.black]\nline-length = 99\n",
            ".flake8": "[flake8]\nmax-line-length = 1\n",
        },
        {"pyproject.toml": "[tool.ruff]\n[tool.black]\nline-length = 99\n"},
        {
            "tox.ini": "[flake8]\nmax-line-length = 99\n",
            "setup.cfg": "[pycodestyle]\nmax-line-length = 120\n",
        },
        {
            "setup.cfg": "[isort]\nline_length = 120\n",
            "tox.ini": "[flake8]\nmax-line-length = 99\n",
        },
        {"pyproject.toml": "[tool.isort]\nline_length = 120\n", "ruff.toml": "line-length = 99\n"},
        {"fixtests.toml": "line-length = 99\n", "tox.ini": "[flake8]\nmax-line-length = none\n"},
    ],
    ids=lambda files: " ".join(files),
)
def test_some_files_beat_others(tree, files):
    for name, text in files.items():
        (tree / name).write_text(text)
    assert says(tree) == 99


@pytest.mark.parametrize(
    ("files", "length"),
    [
        ({"ruff.toml": ""}, 88),
        ({".ruff.toml": "[lint]\nselect = ['E']\n"}, 88),
        ({"pyproject.toml": "[tool.ruff.lint]\nselect = ['E']\n"}, 88),
        ({"pyproject.toml": "[tool.black]\nskip-string-normalization = true\n"}, 88),
        ({"pyproject.toml": "[tool.black]\n", "tox.ini": "[tox]\nenvlist = flake8\n"}, 88),
        ({"ruff.toml": "", "tox.ini": "[flake8]\nmax-line-length = 99\n"}, 99),
        ({"ruff.toml": "", "tox.ini": "[flake8]\nignore = H405\n"}, None),
        ({"ruff.toml": "", "setup.cfg": "[pycodestyle]\nignore = E1\n"}, None),
        ({"ruff.toml": 'extend = "../ruff.toml"\n'}, None),
        ({"pyproject.toml": "[project]\ndependencies = ['ruff', 'black']\n"}, None),
    ],
    ids=str,
)
def test_ruff_and_black_have_a_usual_length_where_no_other_linter_is_told_anything(
    tree, files, length
):
    for name, text in files.items():
        (tree / name).write_text(text)
    assert says(tree) == length


def test_usual_length_of_the_nearest_folder_beats_what_is_said_above(tree, tests):
    (tree / "pyproject.toml").write_text("[tool.ruff]\nline-length = 120\n")
    (tests / "ruff.toml").write_text("")
    assert says(tests) == 88


def test_nearest_folder_wins_and_what_is_above_the_root_says_nothing(tree, tests):
    (tree.parent / "ruff.toml").write_text("line-length = 150\n")
    assert says(tests) is None
    (tree / "ruff.toml").write_text("line-length = 99\n")
    assert says(tests) == 99
    (tests / ".flake8").write_text("[flake8]\nmax-line-length = 120\n")
    assert (says(tree), says(tests)) == (99, 120)
    (tree / "fixtests.toml").write_text("line-length = 88\n")
    assert says(tests) == 88  # the option, wherever it stands
    (tree / "other.toml").write_text("ignore = []\n")
    assert says(tests, config_file=tree / "other.toml") == 120


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "ruff.toml",
            "a = 1\nline-length = '99'\n",
            "2: line-length must be a whole number above 0",
        ),
        ("pyproject.toml", "[tool.ruff]\nline-length = true\n", "2: tool.ruff.line-length must be"),
        (
            "pyproject.toml",
            "[tool.black]\n\nline-length = -1\n",
            "3: tool.black.line-length must be",
        ),
        ("ruff.toml", "line-length = \n", "1: is not valid TOML"),
        (
            "setup.cfg",
            "[a]\n[flake8]\nmax-line-length = x\n",
            "3: max-line-length of [flake8] must be",
        ),
        (".flake8", "[flake8]\nmax-line-length = 0\n", "2: max-line-length of [flake8] must be"),
        (
            "tox.ini",
            "[flake8]\nmax-line-length = 9 # so\n",
            "2: max-line-length of [flake8] must be",
        ),
        ("tox.ini", "[flake8]\nmax-line-length = 9\n[flake8]\n", "3: cannot be parsed: "),
        ("tox.ini", "max-line-length = 9\n", "1: cannot be parsed: "),
        ("tox.ini", "[flake8]\nmax-line-length = 9\n=\n", "3: cannot be parsed: "),
    ],
)
def test_what_cannot_be_followed_is_named_with_file_line_and_remedy(tree, name, text, said):
    (tree / name).write_text(text)
    with pytest.raises(UsageError, match=re.escape(f"{tree / name}:{said}")) as raised:
        says(tree)
    assert "TOML" in said or "or set line-length in the configuration of" in str(raised.value)
    assert fixtests("check", folder=tree).code == 2


def test_invalid_utf8_is_named(tree):
    (tree / "tox.ini").write_bytes(b"[flake8]\nmax-line-length = 9\n# \xff\n")
    with pytest.raises(UsageError, match=r"tox\.ini: is not UTF-8; save it as UTF-8"):
        says(tree)


def test_folder_of_that_name_says_nothing(tree):
    (tree / "tox.ini").mkdir()
    assert says(tree) is None


@pytest.mark.parametrize("change", ["new", "other"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("setup.cfg", "[flake8]\nmax-line-length = {}\n"),
        ("tox.ini", "[flake8]\nmax-line-length = {}\n"),
        ("tests/.flake8", "[flake8]\nmax-line-length = {}\n"),
        ("ruff.toml", "line-length = {}\n"),
        ("tests/.ruff.toml", "line-length = {}\n"),
    ],
)
def test_answer_does_not_outlive_what_it_was_limited_by(tree, tests, cache_dir, name, text, change):
    path = tree / name
    if change == "other":
        path.write_text(text.format(79))
    aged(tree.parent)
    before = fixtests("--dry-run", folder=tree).text
    assert list(cache_dir.glob("*.json"))
    path.write_text(text.format(99))
    if change == "new":
        aged(path.parent)  # so that the folder's time of change does not tell
    after = fixtests("--dry-run", folder=tree)
    assert after == fixtests("--dry-run", "--no-cache", folder=tree)
    assert GUARD not in before
    assert GUARD in after.text


def aged(folder):
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (OLD, OLD))
