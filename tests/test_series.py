"""A plan as commits: each stands, the checkout stays, and what is as it was keeps its ids."""

import dataclasses
import json
from pathlib import Path

import pytest

from conftest import A_UUID, fixtests, git
from fixtests.model import Proof, Verdict

ANOTHER = "0b5a1f8e-2d7c-4e0a-8f43-6a9d1c2b3e4f"
CONFIGURATION = 'root = true\nselect = ["FT101", "FT603"]\n'
FOLDERS = ("api", "db", "net")


def module(uuid=A_UUID, more=""):
    """Return a test module with two findings of FT101 and, after these, two of FT603."""
    return (
        "import testtools\n\n\n"
        "class OneTest(testtools.TestCase):\n"
        "    def test_one(self):\n"
        f"        volume = self.show(volume_id='{uuid}')\n"
        f"        self.assertEqual(volume['id'], '{uuid}')\n"
        f"        self.assertEqual(volume['size'], 3)\n{more}"
    )


@pytest.fixture
def project(tmp_path):
    """A repository with three folders of two test modules each."""
    root = tmp_path / "project"
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True)
        for number in (1, 2):
            (root / folder / f"test_{number}.py").write_text(module())
    (root / "fixtests.toml").write_text(CONFIGURATION)
    git(root, "init", "-q", "-b", "master")
    git(root, "config", "user.name", "A Tester")
    git(root, "config", "user.email", "tester@example.org")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    return root


def told(root, *arguments):
    """Return git's answer as lines of text."""
    return git(root, *arguments).decode().splitlines()


def commits(root, branch="fixtests", base="master"):
    """Return the commits of a series by first line, without the one that holds them together."""
    lines = told(root, "log", "--no-merges", "--format=%H %s", f"{base}..{branch}")
    return {line.partition(" ")[2]: line.partition(" ")[0] for line in lines}


def message(root, commit):
    return git(root, "log", "-1", "--format=%B", commit).decode()


def change_ids(root, branch="fixtests"):
    lines = told(root, "log", "--no-merges", "--format=%B", f"master..{branch}")
    return sorted(line for line in lines if line.startswith("Change-Id: "))


def seen(root):
    """Return all that a user could miss: files, index, HEAD, other branches, stash, state."""
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }
    index = (root / ".git/index").read_bytes()
    head = (root / ".git/HEAD").read_bytes()
    refs = [line for line in told(root, "for-each-ref") if "refs/heads/fixtests" not in line]
    return files, index, head, refs


def move(root, name, text):
    """Commit another content of a file on the trunk."""
    (root / name).write_text(text)
    git(root, "add", name)
    git(root, "commit", "-qm", f"move {name}")


def test_commits_are_by_rule_and_directory_and_nothing_of_the_user_changes(project):
    before = seen(project)
    done = fixtests("commit", folder=project)
    assert done.code == 0, done.err
    assert seen(project) == before
    assert sorted(commits(project)) == sorted(
        f"{what} in {folder}"
        for what in ("Name literal UUIDs", "Put expected values first")
        for folder in FOLDERS
    )
    assert "fixtests: 6 commits, 6 of them new." in done.err


def test_branch_holds_what_fix_writes_and_each_commit_parses(project):
    fixtests("commit", folder=project)
    for commit in commits(project).values():
        for name in told(project, "ls-tree", "-r", "--name-only", commit):
            if name.endswith(".py"):
                compile(git(project, "show", f"{commit}:{name}"), name, "exec")
    fixtests(folder=project)
    assert told(project, "diff", "--stat", "fixtests") == []
    assert told(project, "diff", "--stat", "master") != []


def test_patches_give_the_same_in_a_clone(project, tmp_path):
    fixtests("commit", "--max-files", 1, folder=project)
    assert len(commits(project)) == 12
    patches = tmp_path / "patches"
    git(project, "format-patch", "-q", "-o", str(patches), "master..fixtests")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "-b", "master", str(project), str(clone))
    git(clone, "am", "-q", *sorted(map(str, patches.iterdir())))
    assert told(clone, "rev-parse", "HEAD^{tree}") == told(project, "rev-parse", "fixtests^{tree}")


def test_commits_of_one_folder_stand_on_one_another_and_on_no_others(project):
    fixtests("commit", folder=project)
    found = commits(project)
    for folder in FOLDERS:
        first = found[f"Name literal UUIDs in {folder}"]
        second = found[f"Put expected values first in {folder}"]
        assert told(project, "rev-parse", f"{second}^") == [first]
        assert told(project, "rev-parse", f"{first}^") == told(project, "rev-parse", "master")


def test_second_run_changes_nothing(project):
    fixtests("commit", folder=project)
    before = told(project, "for-each-ref")
    done = fixtests("commit", folder=project)
    assert (done.code, told(project, "for-each-ref")) == (0, before)
    assert "6 commits, all as before" in done.err
    assert done.text.count("[as before]") == 6


def test_another_series_is_only_made_on_request(project):
    fixtests("commit", folder=project)
    before = told(project, "for-each-ref")
    done = fixtests("commit", "--select", "FT101", folder=project)
    assert done.code == 2
    assert "--refresh makes it anew" in done.err
    assert told(project, "for-each-ref") == before
    done = fixtests("commit", "--select", "FT101", "--refresh", folder=project)
    assert (done.code, len(commits(project))) == (0, 3)


def test_refresh_keeps_what_did_not_move(project):
    fixtests("commit", folder=project)
    before, ids = commits(project), change_ids(project)
    move(project, "db/test_1.py", module(more="        self.done()\n"))
    done = fixtests("commit", "--refresh", folder=project)
    assert done.code == 0, done.err
    after = commits(project)
    assert {name for name in before if before[name] != after[name]} == {
        "Name literal UUIDs in db",
        "Put expected values first in db",
    }
    assert change_ids(project) == ids
    assert len(ids) == 6
    fixtests(folder=project)
    assert told(project, "diff", "--stat", "fixtests") == []


def test_commit_holds_nothing_that_the_trunk_has_done(project):
    """Where only the second commit of a block is for a file that has moved, both are made anew."""
    (project / "api/test_2.py").write_text(module().replace(A_UUID, "no"))
    git(project, "commit", "-qam", "one kind")
    fixtests("commit", folder=project)
    ids = change_ids(project)
    move(project, "api/test_2.py", module(more="        self.done()\n").replace(A_UUID, "no"))
    assert fixtests("commit", "--refresh", folder=project).code == 0
    found = commits(project)
    first, second = (
        found[f"{it} in api"] for it in ("Name literal UUIDs", "Put expected values first")
    )
    assert told(project, "rev-parse", f"{first}^") == told(project, "rev-parse", "master")
    assert b"done" not in git(project, "show", "-U0", "--format=", second)
    assert change_ids(project) == ids


def test_refresh_makes_it_as_it_was_made_from_where_it_was(project):
    fixtests("commit", "test_1.py", "--select", "FT603", "--max-files", 1, folder=project / "api")
    move(project, "db/test_1.py", module(more="        self.done()\n"))
    done = fixtests("commit", "--refresh", folder=project / "net")
    assert done.code == 0, done.err
    assert list(commits(project)) == ["Put expected values first in api"]


def test_files_stay_in_their_commits_when_others_come(project):
    fixtests("commit", "--max-files", 2, folder=project)
    before = commits(project)
    move(project, "api/test_0.py", module())
    fixtests("commit", "--refresh", folder=project)
    after = commits(project)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {
        "Name literal UUIDs in api (2)",
        "Put expected values first in api (2)",
    }


def test_shared_constants_come_first_in_a_commit_of_their_own(project):
    table = '[literal-uuid]\nconstants-module = "constants.py"\n'
    (project / "fixtests.toml").write_text(CONFIGURATION + table)
    git(project, "commit", "-qam", "constants")
    assert fixtests("commit", folder=project).code == 0
    found = commits(project)
    first = found["Add constants for the values of tests"]
    assert told(project, "show", "--format=", "--name-only", first) == ["constants.py"]
    assert A_UUID.encode() in git(project, "show", f"{first}:constants.py")
    for folder in FOLDERS:
        assert told(project, "rev-parse", f"{found[f'Name literal UUIDs in {folder}']}^") == [first]
    fixtests(folder=project)
    git(project, "add", "-AN")
    assert told(project, "diff", "--stat", "fixtests") == []


def test_messages_say_what_why_how_many_and_what_is_left(project):
    move(project, "api/test_1.py", module(more=f"        self.use('{ANOTHER}')\n"))
    fixtests("commit", folder=project)
    said = message(project, commits(project)["Name literal UUIDs in api"])
    title, empty, *body = said.strip().splitlines()
    assert (title, empty) == ("Name literal UUIDs in api", "")
    assert "A reader cannot tell that" in said
    assert "4 places in 2 files, by fixtests (FT101 literal-uuid)." in said
    assert max(map(len, body)) <= 72
    assert "Left in these files, 1 finding:\n- 1 x " in said
    assert body[-1].startswith("Change-Id: I")


def test_width_and_sign_off_are_those_of_the_users_git(project):
    git(project, "config", "gui.commitMsgWidth", "50")
    git(project, "config", "format.signOff", "true")
    fixtests("commit", folder=project)
    for commit in commits(project).values():
        *body, change_id, sign = message(project, commit).strip().splitlines()
        assert sign == "Signed-off-by: A Tester <tester@example.org>"
        assert change_id.startswith("Change-Id: I")
        assert max(map(len, body[1:])) <= 50


def test_template_of_the_project_is_used(project):
    table = '[commit]\ntemplate = "message.txt"\nsplit = ["rule"]\n'
    (project / "fixtests.toml").write_text(CONFIGURATION + table)
    (project / "message.txt").write_text("tests: $subject\n\nRule: $rule\n\nRelated: $$1\n")
    git(project, "add", ".")
    git(project, "commit", "-qm", "template")
    fixtests("commit", folder=project)
    assert sorted(commits(project)) == [
        "tests: Name literal UUIDs",
        "tests: Put expected values first",
    ]
    (commit,) = told(
        project, "log", "--format=%H", "--grep=Name literal", "fixtests", "--no-merges"
    )
    assert message(project, commit).startswith(
        "tests: Name literal UUIDs\n\nRule: FT101\n\nRelated: $1\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("$subjekt", "message.txt: $subjekt is not known; there are $subject, "),
        ("$subject 5$", "message.txt: Invalid placeholder"),
        ("$left", "message.txt: leaves the message empty"),
    ],
)
def test_template_that_cannot_be_used_is_named(project, text, said):
    (project / "fixtests.toml").write_text(f'{CONFIGURATION}[commit]\ntemplate = "message.txt"\n')
    (project / "message.txt").write_text(text)
    done = fixtests("commit", folder=project)
    assert done.code == 2
    assert said in done.err
    assert "refs/heads/fixtests" not in "".join(told(project, "for-each-ref"))


def test_plan_can_be_committed_with_what_tests_have_said(project):
    fixtests("plan", "-o", "plan.json", folder=project)
    body = json.loads((project / "plan.json").read_text())
    for file in body["files"]:
        for finding in file["findings"]:
            tests = (f"{file['path']}::test_one",)
            proof = Proof(Verdict.PROVED, tests, mutant="its guard can fail")
            finding["proof"] = dataclasses.asdict(proof)
    (project / "plan.json").write_text(json.dumps(body))
    done = fixtests("commit", "--plan", "plan.json", folder=project)
    assert done.code == 0, done.err
    said = " ".join(message(project, commits(project)["Name literal UUIDs in api"]).split())
    assert "Verified: 4 of 4 places by 2 tests that run them and pass as before" in said
    assert "4 x its guard can fail." in said


@pytest.mark.parametrize("command", [("fix",), ("apply", "plan.json")])
def test_other_commands_commit_too(project, command):
    fixtests("plan", "-o", "plan.json", folder=project)
    before = seen(project)
    done = fixtests(*command, "--commit", folder=project)
    assert done.code == 0, done.err
    assert seen(project) == before
    assert len(commits(project)) == 6


def test_work_of_a_script_is_one_kind_of_commit(project):
    (project / "shorter.py").write_text(
        '"""Give volumes a shorter name."""\n'
        "from libcst.codemod import VisitorBasedCodemodCommand\n"
        "class Shorter(VisitorBasedCodemodCommand):\n"
        "    DESCRIPTION = 'Shorter names.'\n"
        "    def leave_Name(self, original_node, updated_node):\n"
        "        if updated_node.value == 'volume':\n"
        "            return updated_node.with_changes(value='vol')\n"
        "        return updated_node\n"
    )
    done = fixtests("migrate", "./shorter.py", "--commit", *FOLDERS, folder=project)
    assert done.code == 0, done.err
    assert sorted(commits(project, "fixtests-shorter")) == [
        f"Apply shorter in {folder}" for folder in FOLDERS
    ]


def test_each_commit_can_have_a_branch_and_the_text_of_its_request(project):
    done = fixtests("commit", "--branches", folder=project)
    assert done.code == 0, done.err
    names = told(project, "for-each-ref", "--format=%(refname:short)", "refs/heads/fixtests")
    assert names == sorted(
        ["fixtests/all", *(f"fixtests/{it}-{d}-1" for it in ("FT101", "FT603") for d in FOLDERS)]
    )
    assert change_ids(project, "fixtests/all") == []
    assert "next:" not in fixtests("series", folder=project).text  # there is nowhere to push to
    git(project.parent, "init", "-q", "--bare", "there.git")
    git(project, "remote", "add", "origin", str(project.parent / "there.git"))
    assert fixtests("commit", "--push", folder=project).code == 0
    pushed = told(project.parent / "there.git", "for-each-ref", "--format=%(refname:short)")
    assert pushed == [name for name in names if name != "fixtests/all"]
    (series,) = json.loads(fixtests("series", "--output-format", "json", folder=project).out)
    second = next(item for item in series["commits"] if item["shard"] == "FT603||api|1")
    assert second["next"].startswith(
        "gh pr create --base fixtests/FT101-api-1 --head fixtests/FT603-api-1 --title"
    )
    body = second["next"].rpartition(" ")[2]
    assert "This stands on `fixtests/FT101-api-1`." in Path(body).read_text()
    assert Path(body).with_suffix(".title").read_text() == "Put expected values first in api\n"


CHECK = """#!/bin/sh
while read old new ref; do
  case $ref in refs/for/master%topic=fixtests) ;; *) echo "no branch $ref"; exit 1 ;; esac
  for commit in $(git rev-list --reverse $new --not --branches --glob=refs/changes); do
    git log -1 --format=%B $commit | git interpret-trailers --parse | grep -c ^Change-Id: |
      grep -qx 1 || { echo "no Change-Id in the last paragraph"; exit 1; }
    id=$(git log -1 --format=%B $commit | sed -n 's/^Change-Id: //p')
    if [ -e closed/$id ]; then echo "change http://review/c/p/+/7 closed"; exit 1; fi
    echo $id >> received
  done
done
"""
NOTE = """#!/bin/sh
while read old new ref; do
  git update-ref refs/changes/$new $new
  git update-ref -d $ref
done
"""


@pytest.fixture
def server(project):
    """A server that takes what Gerrit would, and writes down the ids of changes it has got."""
    there = project.parent / "there.git"
    git(project.parent, "clone", "-q", "--bare", str(project), str(there))
    git(project, "remote", "add", "origin", str(there))
    for name, text in (("pre-receive", CHECK), ("post-receive", NOTE)):
        (there / "hooks" / name).write_text(text)
        (there / "hooks" / name).chmod(0o755)
    (there / "closed").mkdir()
    return there


def received(server):
    """Return the ids that came, in their order."""
    file = server / "received"
    return file.read_text().split() if file.exists() else []


def test_each_change_is_pushed_once_by_itself(project, server):
    done = fixtests("commit", "--push", folder=project)
    assert (done.code, len(received(server))) == (0, 6), done.err
    assert sorted(f"Change-Id: {it}" for it in received(server)) == change_ids(project)
    assert "6 commits pushed." in done.err
    done = fixtests("commit", "--push", folder=project)
    assert (done.code, len(received(server))) == (0, 6)
    move(project, "db/test_1.py", module(more="        self.done()\n"))
    git(server, "fetch", "-q", str(project), "master:master")
    done = fixtests("commit", "--refresh", "--push", folder=project)
    assert done.code == 0, done.err
    again = received(server)[6:]
    assert len(again) == 2
    assert set(again) < set(received(server)[:6])


def test_closed_change_gets_another_id_and_the_others_are_pushed(project, server):
    fixtests("commit", folder=project)
    closed = message(project, commits(project)["Put expected values first in db"]).split()[-1]
    (server / "closed" / closed).touch()
    done = fixtests("commit", "--push", folder=project)
    assert done.code == 2
    assert "Put expected values first in db: its change is closed" in done.err
    assert "5 commits pushed, 1 refused" in done.err
    assert standings(project)["Put expected values first in db"] == "closed"
    done = fixtests("commit", "--refresh", "--push", folder=project)
    assert done.code == 0, done.err
    assert len(received(server)) == 6
    assert closed not in received(server)


def test_what_is_refused_is_pushed_again_and_nothing_else(project, server):
    fixtests("commit", folder=project)
    hook = server / "hooks/pre-receive"
    hook.write_text(
        CHECK.replace(
            "  for commit", "  git diff --quiet master $new -- net || exit 1\n  for commit"
        )
    )
    done = fixtests("commit", "--push", folder=project)
    assert done.code == 2
    again = "`fixtests commit --push --branch fixtests` tries these again"
    assert f"4 commits pushed, 2 refused; {again}." in done.err
    assert "Put expected values first in net: what it stands on was not taken" in done.err
    hook.write_text(CHECK)
    done = fixtests("commit", "--push", folder=project)
    assert (done.code, len(received(server))) == (0, 6)
    assert "2 commits pushed." in done.err


def standings(project):
    """Return what became of each commit, by its first line."""
    (series,) = json.loads(fixtests("series", "--output-format", "json", folder=project).out)
    return {item["subject"]: item["status"] for item in series["commits"]}


def test_what_became_of_commits_is_told_by_content(project):
    fixtests("commit", folder=project)
    assert set(standings(project).values()) == {"not merged"}
    git(project, "cherry-pick", commits(project)["Name literal UUIDs in api"])
    git(project, "commit", "-q", "--amend", "-m", "as a server rewrites it")
    move(project, "net/test_1.py", module(ANOTHER))
    found = standings(project)
    assert found.pop("Name literal UUIDs in api") == "merged"
    assert found.pop("Name literal UUIDs in net") == "conflicting"
    assert found.pop("Put expected values first in net") == "conflicting"
    assert set(found.values()) == {"not merged"}
    ids = change_ids(project)
    assert fixtests("commit", "--refresh", folder=project).code == 0
    assert len(change_ids(project)) == 5
    assert set(change_ids(project)) < set(ids)
    found = standings(project)
    assert found.pop("Name literal UUIDs in api") == "merged"
    assert set(found.values()) == {"not merged"}


def test_what_is_found_anew_where_a_change_was_merged_is_another_change(project):
    fixtests("commit", folder=project)
    ids = change_ids(project)
    for name in ("Name literal UUIDs in api", "Put expected values first in api"):
        git(project, "cherry-pick", commits(project)[name])
    text = (project / "api/test_1.py").read_text()
    move(project, "api/test_1.py", f"{text}        self.assertEqual(volume['kind'], 4)\n")
    for _ in range(2):
        assert fixtests("commit", "--refresh", folder=project).code == 0
        (new,) = set(change_ids(project)) - set(ids)
        said = message(project, commits(project)["Put expected values first in api"])
        assert new in said
        assert len(change_ids(project)) == 5


def test_merged_upstream_counts_before_it_is_pulled(project, server):
    git(project, "fetch", "-q", "origin")
    git(project, "branch", "-q", "--set-upstream-to=origin/master")
    fixtests("commit", folder=project)
    tip = told(project, "rev-parse", "fixtests")[0]
    git(project, "update-ref", "refs/remotes/origin/master", tip)
    assert set(standings(project).values()) == {"merged"}


def test_series_says_the_next_command_for_each_commit(project, server):
    fixtests("commit", folder=project)
    text = fixtests("series", folder=project).text
    assert text.startswith("fixtests, for master: 6 commits\n")
    for commit in commits(project).values():
        assert f"next: git push origin {commit}:refs/for/master%topic=fixtests" in text
    done = fixtests("series", "fixtests", "--close", "FT101||db|1", folder=project)
    assert done.code == 0, done.err
    text = fixtests("series", folder=project).text
    assert " closed: Name literal UUIDs in db" in text
    assert "next: fixtests commit --refresh --branch fixtests" in text
    done = fixtests("series", "fixtests", "--close", "FT101||dd|1", folder=project)
    assert done.code == 2
    assert "FT101||dd|1: is no part of fixtests; there are FT101||api|1" in done.err


def test_there_may_be_no_series(project):
    done = fixtests("series", folder=project)
    assert (done.code, done.text) == (0, "")
    assert "No series; `fixtests commit` makes one." in done.err
    done = fixtests("series", "other", folder=project)
    assert done.code == 2
    assert "other: is no series of this repository; `fixtests commit` makes one" in done.err


def refused(project, *arguments):
    """Return what is said where nothing is committed; see that nothing is."""
    before = seen(project), told(project, "for-each-ref")
    done = fixtests("commit", *arguments, folder=project)
    assert done.code == 2, done.err
    assert (seen(project), told(project, "for-each-ref")) == before
    return done.err


def test_what_is_not_committed_is_refused_by_name(project):
    (project / "api/test_1.py").write_text(module(ANOTHER))
    (project / "net/test_3.py").write_text(module())
    said = refused(project)
    assert "api/test_1.py: has changes that are not committed; commit them first" in said
    assert "net/test_3.py: is not in the commit; commit it first" in said
    assert "net/test_1.py" not in said


def test_changes_elsewhere_are_neither_committed_nor_in_the_way(project):
    (project / "notes.txt").write_text("mine")
    (project / "fixtests.toml").write_text(CONFIGURATION + "\n# mine\n")
    git(project, "rm", "-q", "--cached", "db/test_2.py")
    before = seen(project)
    assert fixtests("commit", "api", folder=project).code == 0
    assert seen(project) == before
    names = told(project, "diff", "--name-only", "master", "fixtests")
    assert names == ["api/test_1.py", "api/test_2.py"]


def test_branch_of_somebody_else_is_left(project):
    git(project, "branch", "fixtests")
    assert "fixtests: this branch is there already, and not as fixtests" in refused(project)
    assert fixtests("commit", "--branch", "mine", folder=project).code == 0


def test_series_that_somebody_added_to_is_left(project):
    fixtests("commit", folder=project)
    tree = told(project, "rev-parse", "fixtests^{tree}")[0]
    commit = told(project, "commit-tree", "-m", "mine", "-p", "fixtests", tree)[0]
    git(project, "update-ref", "refs/heads/fixtests", commit)
    assert "this branch is there already" in refused(project, "--refresh", "--select", "FT101")


def test_branch_that_is_checked_out_is_left(project):
    fixtests("commit", folder=project)
    git(project, "worktree", "add", "-q", str(project.parent / "other"), "fixtests")
    assert "fixtests: is checked out in " in refused(project, "--refresh", "--select", "FT101")


def test_name_that_no_branch_can_have_is_refused(project):
    assert "'a..b' is no name for a branch" in refused(project, "--branch", "a..b")


def test_nobody_to_sign_it_is_refused_with_the_remedy(project, monkeypatch):
    git(project, "config", "--unset", "user.name")
    git(project, "config", "--unset", "user.email")
    git(project, "config", "user.useConfigOnly", "true")
    monkeypatch.setenv("HOME", str(project.parent))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(project.parent))
    said = refused(project)
    assert "git does not know who you are; run `git config --global user.name NAME`" in said


def test_repository_without_a_commit_is_refused(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "test_1.py").write_text(module())
    done = fixtests("commit", "--select", "FT101", folder=tmp_path)
    assert done.code == 2
    assert "has no commit yet; make the first one" in done.err


def test_folder_without_git_is_refused(tmp_path):
    (tmp_path / "test_1.py").write_text(module())
    done = fixtests("commit", "--select", "FT101", folder=tmp_path)
    assert done.code == 2
    assert "test_1.py: is in no git repository; nothing can be committed" in done.err


def test_files_of_two_repositories_are_refused(project):
    inner = project / "api/inner"
    inner.mkdir()
    (inner / "test_1.py").write_text(module())
    git(inner, "init", "-q")
    assert "are in different repositories" in refused(project, "api/test_1.py", "api/inner")


def test_nothing_to_commit_is_said(project):
    done = fixtests("commit", "--select", "FT401", "--report", "report.json", folder=project)
    assert (done.code, done.text) == (0, "")
    assert "Nothing to commit." in done.err
    report = json.loads((project / "report.json").read_text())
    assert (report["branch"], report["commits"], report["fixes"]) == (None, [], 0)


def test_report_says_what_is_new_and_is_no_part_of_how_the_series_is_made(project):
    assert fixtests("commit", "--report", "../one.json", folder=project).code == 0
    move(project, "db/test_1.py", module(more="        self.done()\n"))
    done = fixtests("commit", "--refresh", "--report=../two.json", folder=project)
    assert done.code == 0, done.err
    one, two = (json.loads((project.parent / f"{it}.json").read_text()) for it in ("one", "two"))
    assert (one["branch"], one["fixes"], one["left"], one["failed"]) == ("fixtests", 24, 0, {})
    assert two["tip"] == told(project, "rev-parse", "fixtests")[0]
    assert sum(item["new"] for item in one["commits"]) == 6
    new = [item["subject"] for item in two["commits"] if item["new"]]
    assert new == ["Name literal UUIDs in db", "Put expected values first in db"]
    (project.parent / "two.json").unlink()
    assert fixtests("commit", "--refresh", folder=project).code == 0
    assert not (project.parent / "two.json").exists()


def test_work_of_a_script_is_divided_as_any_other(project):
    (project / "codemods").mkdir()
    (project / "codemods/uuids.py").write_text(
        '"""Name literal UUIDs."""\nfrom fixtests.migrate.selection import Rules\n'
        'RULES = Rules(select=("FT101",))\n'
    )
    done = fixtests("commit", "--script", "uuids", "--max-files", "1", folder=project)
    assert done.code == 0, done.err
    assert set(commits(project, "fixtests-uuids")) == {
        f"Name literal UUIDs in {folder}{part}" for folder in FOLDERS for part in ("", " (2)")
    }
    assert "--script says what is fixed; leave --select out" in refused(
        project, "--script", "uuids", "--select", "FT101"
    )
    assert "--script says what is fixed; leave --since out" in refused(
        project, "--script", "uuids", "--since", "HEAD"
    )
    assert "--script says what is committed; leave --plan out" in refused(
        project, "--script", "uuids", "--plan", "plan.json"
    )


def test_what_cannot_be_combined_is_refused(project):
    done = fixtests("fix", "--commit", "--dry-run", folder=project)
    assert done.code == 2
    assert "--dry-run writes nothing; leave --commit out" in done.err
    assert "--plan says which files are changed" in refused(project, "api", "--plan", "plan.json")
    assert "'lines' is none of rule, directory" in refused(project, "--split", "lines")
