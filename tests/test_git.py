"""Git is asked in the same surroundings whatever its user has set, and its refusals are told."""

import os

import pytest

from conftest import git
from fixtests.git.repository import GitError, Repository


@pytest.fixture
def repository(tmp_path):
    """A repository with one commit."""
    root = tmp_path / "a project"
    root.mkdir()
    git(root, "init", "-q")
    (root / "one.py").write_bytes(b"1\n")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    return root


def test_repository_is_that_around_a_file_or_a_folder(repository):
    (repository / "deep/er").mkdir(parents=True)
    for path in ("", "one.py", "deep/er"):
        assert Repository.find(repository / path).root == repository


def test_there_is_none_outside_of_git(tmp_path):
    assert Repository.find(tmp_path) is None


def test_what_git_refuses_is_said_in_its_words(repository):
    with pytest.raises(GitError, match="a project: git rev-parse: Needed a single revision") as got:
        Repository.find(repository).run("rev-parse", "--verify", "nothing")
    assert got.value.code == 128


def test_folder_that_only_looks_like_a_repository_is_refused(tmp_path):
    (tmp_path / ".git").write_text("no pointer\n")
    with pytest.raises(GitError, match=r"invalid gitfile format: .*\.git"):
        Repository.find(tmp_path)


def test_repository_whose_files_are_elsewhere_is_refused(repository, tmp_path):
    git(repository, "config", "core.worktree", str(tmp_path))
    with pytest.raises(GitError, match=f"whose work tree is {tmp_path}; name files there"):
        Repository.find(repository)


def test_missing_git_is_named(repository, monkeypatch):
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(GitError, match="git cannot be run: No such file or directory; install git"):
        Repository.find(repository)


def test_names_are_bytes_as_they_are(repository):
    names = [b'a "quoted" one.py', b"b\xff.py", b"c\n.py"]
    for name in names:
        (repository / os.fsdecode(name)).touch()
    git(repository, "config", "core.quotePath", "true")
    listed = Repository.find(repository).run("ls-files", "-z", "--others")
    assert listed.split(b"\0") == [*names, b""]


def test_what_git_reads_from_its_input_is_handed_over(repository):
    told = Repository.find(repository).run("hash-object", "--stdin", input=b"1\n")
    assert told == git(repository, "rev-parse", "HEAD:one.py")


@pytest.mark.parametrize("variable", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"])
def test_variables_about_another_repository_do_not_lead_astray(
    repository, tmp_path, monkeypatch, variable
):
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    monkeypatch.setenv(variable, str(other))
    found = Repository.find(repository)
    assert (found.root, found.git_dir) == (repository, repository / ".git")
    assert found.run("ls-files", "-z") == b"one.py\0"


@pytest.mark.parametrize(
    ("variable", "value"),
    [("GIT_DIFF_OPTS", "-u0"), ("GIT_EXTERNAL_DIFF", "true"), ("GIT_LITERAL_PATHSPECS", "1")],
)
def test_variables_about_output_do_not_lead_astray(repository, monkeypatch, variable, value):
    (repository / "one.py").write_bytes(b"1\n2\n")
    found = Repository.find(repository).run("diff", "--", "*.py")
    assert found.endswith(b"@@ -1 +1,2 @@\n 1\n+2\n")
    monkeypatch.setenv(variable, value)
    assert Repository.find(repository).run("diff", "--", "*.py") == found


def test_index_of_a_hook_is_that_of_the_repository_that_it_runs_in(repository, monkeypatch):
    (repository / "two.py").write_bytes(b"2\n")
    monkeypatch.chdir(repository)
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next")
    git(repository, "add", "two.py")
    assert Repository.find(repository).run("ls-files", "-z") == b"two.py\0"


def test_variables_of_one_call_are_added(repository):
    found = Repository.find(repository)
    empty = {"GIT_INDEX_FILE": str(repository / "nothing")}
    assert found.run("ls-files", "-z", env=empty) == b""


def test_linked_work_trees_share_a_folder_and_have_their_own(repository, tmp_path):
    git(repository, "worktree", "add", "-q", str(tmp_path / "linked"))
    found = Repository.find(tmp_path / "linked")
    assert found.root == tmp_path / "linked"
    assert found.git_dir == repository / ".git/worktrees/linked"
    assert found.common_dir == repository / ".git"
