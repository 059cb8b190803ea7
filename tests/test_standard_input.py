"""`-`: source from the standard input, taken for a file; nothing is written."""

import json
import subprocess
import sys

import pytest

from conftest import A_UUID, fixed, fixtests, git, module

NAME = "tests/test_one.py"
CRLF = module().replace(b"\n", b"\r\n")
SHARED = 'root = true\n[literal-uuid]\nconstants-module = "tests/constants.py"\n'


def given(source, *arguments, folder):
    """Run the command line over source that comes in."""
    stdin = folder.with_name("stdin")
    stdin.write_bytes(source)
    return fixtests(*arguments, folder=folder, stdin=stdin)


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_check_reports_what_comes_in_and_not_what_is_there(tree):
    (tree / NAME).write_bytes(b"# nothing\n")
    before = contents(tree)
    answer = given(
        module(), "check", "-", "--stdin-filename", NAME, "--output-format", "json", folder=tree
    )
    assert answer.code == 1
    (found,) = json.loads(answer.out)
    assert (found["code"], found["location"]["row"]) == ("FT101", 7)
    assert found["filename"] == str(tree / NAME)
    assert contents(tree) == before


@pytest.mark.parametrize(
    "source", [module(), CRLF, b"\xef\xbb\xbf" + module()], ids=["LF", "CRLF", "mark"]
)
def test_fix_prints_the_source_and_writes_nothing(tree, source):
    before = contents(tree)
    answer = given(source, "fix", "-", "--stdin-filename", NAME, folder=tree)
    assert answer.code == 0
    (tree / NAME).write_bytes(source)
    assert answer.err == "Fixed 1 finding in 1 file.\n"
    assert fixtests(folder=tree).code == 0
    assert answer.out == (tree / NAME).read_bytes()
    assert {**contents(tree), tree / NAME: before[tree / NAME]} == before
    assert fixtests("runs", folder=tree).text.count("fix") == 1


def test_fix_is_the_default_command(tree):
    assert given(module(), "-", "--stdin-filename", NAME, folder=tree).out == fixed()


def test_dry_run_prints_the_diff_that_it_prints_of_a_file(tree):
    answer = given(module(), "--dry-run", "-", "--stdin-filename", NAME, folder=tree)
    assert answer.code == 1
    assert answer.out == fixtests("--dry-run", NAME, folder=tree).out
    assert answer.out.startswith(b"diff --git a/tests/test_one.py")


def test_source_without_findings_comes_back_as_it_is(tree):
    source = b"# -*- coding: latin-1 -*-\r\nx = '\xe9'"
    answer = given(source, "fix", "-", "--stdin-filename", NAME, folder=tree)
    assert (answer.code, answer.out) == (0, source)
    answer = given(source, "--dry-run", "-", "--stdin-filename", NAME, folder=tree)
    assert (answer.code, answer.out) == (0, b"")


def test_source_that_is_no_python_comes_back_and_fails(tree):
    answer = given(b"def\n", "fix", "-", "--stdin-filename", NAME, folder=tree)
    assert (answer.code, answer.out) == (2, b"def\n")
    assert "error: tests/test_one.py: line 1" in answer.err


def test_named_file_need_not_be_there_but_its_place_counts(tree):
    (tree / "fixtests.toml").write_text('root = true\n[per-file-ignores]\n"old/*" = ["FT101"]\n')
    for name, code in (("tests/test_new.py", 1), ("old/test_new.py", 0), ("../test_x.py", 1)):
        answer = given(module(), "check", "-", "--stdin-filename", name, folder=tree)
        assert answer.code == code, name
    assert not (tree / "old").exists()


def test_suppressions_in_the_source_hold(tree):
    silent = module().replace(b")\n", b")  # noqa: FT101\n")
    answer = given(silent, "check", "-", "--stdin-filename", NAME, folder=tree)
    assert (answer.code, answer.out) == (0, b"")


def test_forced_excludes_hold(tree):
    words = ("-", "--stdin-filename", NAME, "--exclude", "tests")
    assert given(module(), *words, folder=tree).out == fixed()
    assert given(module(), *words, "--force-exclude", folder=tree).out == module()


def test_header_of_a_diff_starts_at_the_top_level(tree):
    git(tree, "init", "-q")
    words = ("--dry-run", "-", "--stdin-filename", "test_one.py")
    answer = given(module(), *words, folder=tree / "tests")
    assert b"+++ b/tests/test_one.py\n" in answer.out


def test_fix_that_needs_another_file_is_left_out_and_that_is_said(tree):
    (tree / "fixtests.toml").write_text(SHARED)
    answer = given(module(), "fix", "-", "--stdin-filename", NAME, folder=tree)
    assert (answer.code, answer.out) == (1, module())
    assert "1 fix left out: a constant goes to another file" in answer.err
    assert not (tree / "tests/constants.py").exists()


def test_statistics_stand_beside_the_source(tree):
    answer = given(module(), "fix", "-", "--stdin-filename", NAME, "--statistics", folder=tree)
    assert answer.out == fixed()
    assert "FT101 literal-uuid" in answer.err


def test_source_is_saved_where_that_is_asked_for(tree):
    words = ("-", "--stdin-filename", NAME, "-o", "after.py")
    answer = given(module(), *words, folder=tree)
    assert (answer.code, answer.out) == (0, b"")
    assert (tree / "after.py").read_bytes() == fixed()
    assert given(module(), "--dry-run", *words, folder=tree).out == b""
    assert (tree / "after.py").read_bytes().startswith(b"diff --git")


def test_nothing_is_kept_of_it_for_later_runs(tree):
    given(b"# nothing\n", "check", "-", "--stdin-filename", NAME, folder=tree)
    assert fixtests("check", folder=tree).code == 1
    assert given(b"# nothing\n", "check", "-", "--stdin-filename", NAME, folder=tree).code == 0
    assert A_UUID in fixtests("check", folder=tree).text


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["check", "-"], "`-` needs --stdin-filename FILE"),
        (["check", "-", NAME, "--stdin-filename", NAME], "leave other paths out"),
        (["check", "--stdin-filename", NAME], "give `-` as the path"),
        (["plan", "-"], "is for `fixtests check` and `fixtests fix`"),
        (["migrate", "assert_length_idiom", "-"], "is for `fixtests check` and `fixtests fix`"),
        (["-i", "-", "--stdin-filename", NAME], "leave --interactive out"),
        (["check", "-", "--stdin-filename", "tests"], "is a directory"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(tree, command, reason):
    answer = given(module(), *command, folder=tree)
    assert (answer.code, answer.out) == (2, b"")
    assert reason in answer.err


def test_closed_standard_input_is_empty(tree):
    command = f"{sys.executable} -m fixtests - --stdin-filename {NAME} <&-"
    done = subprocess.run(command, shell=True, cwd=tree, capture_output=True)
    assert (done.returncode, done.stdout) == (0, b"")
