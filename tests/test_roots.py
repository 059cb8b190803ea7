"""A tree that is named from outside: what is judged, answered, planned and applied there."""

import pytest

from conftest import fixed, fixtests, module

NAME = "tests/test_one.py"


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "test_mine.py").write_bytes(module())
    (folder / "fixtests.toml").write_text("root = true\n")
    return folder


def test_without_paths_the_root_is_judged_from_outside(tree, outside):
    answer = fixtests("check", "--root", "../project", folder=outside)
    assert (answer.code, answer.err) == (1, "1 finding found: 1 with a safe fix.\n")
    assert str(tree / NAME) in answer.text
    assert fixtests("--root", tree, folder=outside).code == 0
    assert (tree / NAME).read_bytes() == fixed()
    assert (outside / "test_mine.py").read_bytes() == module()


def test_inside_the_current_folder_is_judged(tree):
    (tree / "more").mkdir()
    answer = fixtests("check", "--root", "..", folder=tree / "more")
    assert (answer.code, answer.text) == (0, "")


def test_a_review_is_answered_from_outside(tree, outside):
    (outside / "review.md").write_text(f"- {NAME}:7: the literal UUID has no name\n")
    answer = fixtests("review", "--root", tree, "review.md", folder=outside)
    assert "fixed\n" in answer.text, answer.err
    assert f"+++ b/{NAME}" in answer.text


def test_a_plan_of_a_root_is_applied_there(tree, outside):
    answer = fixtests("plan", "--root", tree, "-o", "plan.json", folder=outside)
    assert answer.code == 0, answer.err
    for command in ("apply", "verify"):
        answer = fixtests(command, "plan.json", folder=outside)
        assert answer.code == 2
        (line,) = answer.err.splitlines()
        assert f"none of its files is there, such as {outside / NAME}; its paths begin" in line
    assert fixtests("apply", "--root", tree, "plan.json", folder=outside).code == 0
    assert (tree / NAME).read_bytes() == fixed()


def test_a_file_of_a_plan_that_is_gone_is_named(tree):
    (tree / "tests/test_two.py").write_bytes(module())
    fixtests("plan", "-o", "plan.json", folder=tree)
    (tree / NAME).unlink()
    answer = fixtests("apply", "plan.json", folder=tree)
    assert f"error: {NAME}: vanished since it was read; run again\n" in answer.err


def test_of_two_configurations_in_one_folder_the_one_that_is_not_read_is_named(tree):
    (tree / "pyproject.toml").write_text('[tool.fixtests]\nignore = ["FT101"]\n')
    said = "warning: fixtests.toml: is not read, since pyproject.toml has a table tool.fixtests"
    for _ in range(2):  # the second answer comes from the cache
        answer = fixtests("check", "tests", folder=tree)
        assert (answer.code, answer.text) == (0, "")
        assert answer.err.splitlines() == [
            f"{said}; put all keys into one of them",
            "Nothing to fix.",
        ]
    (tree / "pyproject.toml").write_text('[project]\nname = "fixtests"\n')
    answer = fixtests("check", "tests", folder=tree)
    assert (answer.code, answer.err) == (1, "1 finding found: 1 with a safe fix.\n")


def test_one_patch_of_two_roots_without_git_has_names_from_what_holds_both(tree):
    inner = tree / "contrib"
    (inner / "tests").mkdir(parents=True)
    (inner / "fixtests.toml").write_text("root = true\n")
    (inner / "tests/test_two.py").write_bytes(module())
    text = fixtests("--dry-run", folder=tree).text
    assert f"+++ b/{NAME}\n" in text
    assert "+++ b/contrib/tests/test_two.py\n" in text
