"""Which files a run looks at, and what it says of those that it does not."""

import pytest

from conftest import fixtests, git, module

NESTED = "is a repository of its own and was passed over; name it as a path to look at it, too"


@pytest.fixture
def wide(tree):
    """A tree with the same finding in several folders, among them a file named like one."""
    for folder in ("functional", "unit/functional", "functionals"):
        (tree / folder).mkdir(parents=True)
        (tree / folder / "test_it.py").write_bytes(module())
    (tree / "unit/test_odd.py").write_bytes(module())
    return tree


def found(tree, *arguments):
    answer = fixtests("check", "--output-format", "concise", *arguments, folder=tree)
    return sorted(line.partition(":")[0] for line in answer.text.splitlines()), answer.err


EVERY = {
    *("functional/test_it.py", "functionals/test_it.py", "tests/test_one.py"),
    *("unit/functional/test_it.py", "unit/test_odd.py"),
}


@pytest.mark.parametrize(
    ("pattern", "left_out"),
    [
        ("functional/", {"functional/test_it.py", "unit/functional/test_it.py"}),
        ("functional", {"functional/test_it.py", "unit/functional/test_it.py"}),
        ("test_odd.py", {"unit/test_odd.py"}),
        ("unit/functional/", {"unit/functional/test_it.py"}),
        ("**/functional/", {"functional/test_it.py", "unit/functional/test_it.py"}),
        ("**/functional", {"functional/test_it.py", "unit/functional/test_it.py"}),
        ("functional*/", EVERY - {"tests/test_one.py", "unit/test_odd.py"}),
        ("functional/**", {"functional/test_it.py"}),
        ("./functional/", {"functional/test_it.py"}),
    ],
)
@pytest.mark.parametrize("by", ["git", "walking"])
def test_folders_are_excluded_as_ruff_and_git_have_it(wide, pattern, left_out, by):
    if by == "git":
        git(wide, "init", "-q")
    (wide / "fixtests.toml").write_text(f'root = true\nextend-exclude = ["{pattern}"]\n')
    files, err = found(wide)
    assert files == sorted(EVERY - left_out)
    assert "warning" not in err


def test_pattern_of_folders_leaves_a_file_of_that_name(wide):
    assert "unit/test_odd.py" in found(wide, "--extend-exclude", "test_odd.py/")[0]


def test_pattern_that_excludes_nothing_is_named_where_the_root_is_covered(wide):
    text = 'root = true\nextend-exclude = ["functionl/", "tests/*", "unit/x.py"]\n'
    (wide / "fixtests.toml").write_text(text)
    answer = fixtests("check", folder=wide)
    assert answer.code == 1
    assert [line for line in answer.err.splitlines() if "warning" in line] == [
        f"warning: the pattern {pattern!r} excludes nothing below .; correct it, or take it out"
        for pattern in ("functionl/", "unit/x.py")
    ]
    assert "warning" not in fixtests("check", "unit", folder=wide).err
    assert "warning" not in fixtests("check", "tests/test_one.py", folder=wide).err


def test_pattern_of_what_git_ignores_or_is_no_python_excludes_something(wide):
    git(wide, "init", "-q")
    (wide / ".gitignore").write_text("ignored\n")
    (wide / "ignored").mkdir()
    (wide / "doc").mkdir()
    (wide / "doc/page.rst").write_text("")
    answer = fixtests("check", "--extend-exclude", "ignored/,doc,built", folder=wide)
    assert "ignored" not in answer.err
    assert "doc" not in answer.err
    assert "the pattern 'built' excludes nothing" in answer.err


def test_pattern_of_what_is_usually_built_there_is_not_named(wide):
    assert "warning" not in fixtests("check", "--extend-exclude", "build,.tox/", folder=wide).err


def test_pattern_outside_of_the_root_says_nothing(wide):
    assert "warning" not in fixtests("check", "--extend-exclude", "/nowhere/x", folder=wide).err


@pytest.fixture
def nested(tree):
    """A repository with a clone in it, and a submodule."""
    other = tree.with_name("other")
    (other / "tests").mkdir(parents=True)
    (other / "tests/test_two.py").write_bytes(module())
    git(other, "init", "-q")
    git(other, "add", ".")
    git(other, "commit", "-q", "-m", "all")
    git(tree, "init", "-q")
    git(tree, "clone", "-q", str(other), "clone")
    allowed = "protocol.file.allow=always"
    git(tree, "-c", allowed, "submodule", "add", "-q", str(other), "vendored/sub")
    return tree


def test_repositories_inside_are_named_once(nested):
    files, err = found(nested)
    assert files == ["tests/test_one.py"]
    assert [line for line in err.splitlines() if "warning" in line] == [
        f"warning: clone: {NESTED}",
        f"warning: vendored/sub: {NESTED}",
    ]
    files, err = found(nested, ".", "clone", "vendored/sub/tests")
    assert files == [
        "clone/tests/test_two.py",
        "tests/test_one.py",
        "vendored/sub/tests/test_two.py",
    ]
    assert "warning" not in err


def test_repositories_that_are_excluded_or_empty_are_not_named(nested):
    assert NESTED not in found(nested, "--extend-exclude", "vendored,clone/")[1]
    git(nested, "submodule", "deinit", "-q", "-f", "vendored/sub")
    assert "vendored" not in found(nested)[1]


def test_kept_answer_names_them_as_well(nested, cache_dir):
    assert found(nested) == found(nested)
