"""`-v`: what was read, by which configuration and profile, what was skipped and why."""

import pytest

from conftest import fixtests, git, module
from fixtests.run import pool


@pytest.fixture
def project(tree):
    git(tree, "init", "-q")
    (tree / ".gitignore").write_text("old/\ntests/made.py\n__pycache__/\n")
    for name in ("build/test_x.py", "old/test_y.py", "tests/made.py", "__pycache__/z.py"):
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_bytes(module())
    (tree / "tests/test_two.py").write_text("def\n")
    (tree / "tests/test_three.py").write_bytes(module().replace(b")\n", b")  # noqa\n"))
    return tree


def told(*arguments, folder):
    return fixtests(*arguments, folder=folder).err.splitlines()


def test_what_is_read_and_what_is_not(project):
    said = told("check", "-v", "--no-cache", folder=project)
    assert said[:2] == ["root .: profile unittest", "configuration fixtests.toml"]
    assert "build: skipped, excluded" in said
    assert "old: skipped, ignored by git" in said
    assert "tests/made.py: skipped, ignored by git" in said
    assert "tests/test_one.py: read, 1 finding" in said
    assert "tests/test_three.py: read, 0 findings" in said
    assert any(line.startswith("tests/test_two.py: read, line 1") for line in said)
    assert "cache: none: 0 of 3 results known" in said
    assert not any("pycache" in line for line in said)


def test_what_is_ignored_is_no_news_where_it_is_read(project):
    said = told("check", "-v", "--no-respect-gitignore", folder=project)
    assert "old/test_y.py: read, 1 finding" in said
    assert not any("ignored by git" in line for line in said)


def test_configuration_and_profile_of_each_root(project):
    (project / "fixtests.toml").write_text('root = true\nprofile = "nova"\n')
    (project / "other").mkdir()
    (project / "other/fixtests.toml").write_text('profile = "cinder"\n')
    (project / "other/test_x.py").write_bytes(module())
    said = told("check", "-v", "--isolated", folder=project)
    assert "configuration: none" in said
    assert "root .: profile unittest" in said
    said = told("check", "-v", folder=project)
    assert "root .: profile nova" in said
    assert "root other: profile cinder" in said
    assert "configuration fixtests.toml" in said
    assert "configuration other/fixtests.toml" in said


def test_what_was_known_before_is_told(project, monkeypatch, cache_dir):
    (project / "tests/test_two.py").unlink()
    (project / "tests/test_one.py").write_bytes(module() + b"# x\n" * (pool.MANY // 4))
    first = told("check", "-v", folder=project)
    assert "tests/test_one.py: read, 1 finding" in first
    second = told("check", "-v", folder=project)
    assert "tests/test_one.py: known from before, 1 finding" in second
    assert f"cache {cache_dir}: 2 of 2 results known" in second


def test_it_tells_of_changed_lines_too(project):
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "all")
    (project / "tests/test_one.py").write_bytes(module() + b"\n")
    said = told("check", "-v", "--since", "HEAD", folder=project)
    assert [line for line in said if ": read, " in line] == ["tests/test_one.py: read, 0 findings"]


def test_report_on_stdout_is_the_same(project):
    plain = fixtests("check", folder=project)
    assert fixtests("check", "-v", folder=project).out == plain.out
    assert "root ." not in plain.err


def test_dry_run_and_fix_tell_it_too(tree):
    for command in (["--dry-run"], [], ["plan"], ["migrate", "assert_length_idiom"]):
        assert "root .: profile unittest" in told(*command, "--verbose", folder=tree)
