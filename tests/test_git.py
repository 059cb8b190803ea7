"""Git is asked in the same surroundings whatever its user has set, and its refusals are told."""

import os

import pytest

from conftest import git
from fixtests.files import git as files_git
from fixtests.git import refs, user
from fixtests.git.commits import Commits, NotCommittedError
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
    assert (found.root, found.common_dir) == (repository, repository / ".git")
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
    assert found.common_dir == repository / ".git"


MESSAGE = "One line\n\nLeft in these files:\n- 1 x this\n"


@pytest.mark.parametrize(
    "setting",
    [
        "core.commentChar=-",
        "trailer.separators=#",
        "trailer.ifMissing=doNothing",
        "trailer.change-id.key=Change",
    ],
)
def test_trailers_are_the_last_paragraph_whatever_is_configured(repository, setting):
    git(repository, "config", *setting.split("="))
    told = user.with_trailers(Repository.find(repository), MESSAGE, {"Change-Id": "I1"})
    assert told == f"{MESSAGE}\nChange-Id: I1\n"


def test_end_of_git_by_a_signal_is_said_and_is_no_answer(repository, tmp_path, monkeypatch):
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nkill -KILL $$\n")
    program.chmod(0o755)
    found = Repository.find(repository)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    for question in (user.identity, lambda it: refs.check_name(it, "a")):
        with pytest.raises(GitError, match="was ended by signal 9") as got:
            question(Repository(found.root))
        assert got.value.code == -9


@pytest.mark.parametrize(("there", "wanted"), [("a", "a/b/c"), ("a/b", "a/b/c"), ("a/b", "a")])
def test_branch_beside_one_of_its_folders_is_refused(repository, there, wanted):
    git(repository, "branch", there)
    git(repository, "branch", "ab")
    found = Repository.find(repository)
    refs.check_room(found, "b")
    refs.check_room(found, there)
    with pytest.raises(refs.BranchError, match=f"{wanted}: git can .* beside {there}; rename"):
        refs.check_room(found, wanted)


def test_branch_that_is_to_be_made_in_another_checkout_is_not_free(repository, tmp_path):
    git(repository, "worktree", "add", "-q", "--detach", str(tmp_path / "other"))
    git(tmp_path / "other", "checkout", "-q", "--orphan", "new")
    found = Repository.find(repository)
    refs.check_free(found, "other")
    with pytest.raises(refs.BranchError, match=r"new: is checked out in .*other; check out"):
        refs.check_free(found, "new")


def test_branch_is_set_itself_where_it_points_to_another(repository):
    git(repository, "branch", "other")
    git(repository, "symbolic-ref", "refs/heads/name", "refs/heads/other")
    found = Repository.find(repository)
    old = refs.commit_at(found, "other")
    new = Commits(found, old).commit([old], {}, "two")
    refs.set_all(found, {"name": (new, old)})
    assert (refs.commit_at(found, "other"), refs.commit_at(found, "name")) == (old, new)


def test_nothing_is_left_of_an_index_for_a_commit_and_nobody_is_told(repository):
    git(repository, "config", "core.splitIndex", "true")
    hook = repository / ".git/hooks/post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch written\n")
    hook.chmod(0o755)
    found = Repository.find(repository)
    before = {path.name for path in (repository / ".git").iterdir()}
    head = refs.commit_at(found, "HEAD")
    commits = Commits(found, head)
    commits.commit([head], {"one.py": commits.entry("one.py", b"2\n")}, "two")
    assert {path.name for path in (repository / ".git").iterdir()} == before
    assert not (repository / "written").exists()


def test_file_is_committed_only_as_it_was_read(repository):
    found = Repository.find(repository)
    with pytest.raises(NotCommittedError, match=r"one.py: was changed meanwhile; run this again"):
        Commits(found, "HEAD").look_at({"one.py": b"what was there a moment ago\n"})


def test_attributes_that_are_not_checked_out_are_missed(repository):
    (repository / ".gitattributes").write_text("*.py eol=crlf\n")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "two")
    (repository / ".gitattributes").unlink()
    with pytest.raises(NotCommittedError, match=r"one.py: .gitattributes is in the commit, and mi"):
        Commits(Repository.find(repository), "HEAD").look_at({"one.py": b"1\n"})


def test_files_are_listed_whatever_repository_a_hook_belongs_to(repository, tmp_path, monkeypatch):
    git(tmp_path, "init", "-q", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    assert files_git.listed(repository) == [repository / "one.py"]
