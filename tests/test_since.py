"""`--since` and `--staged`: only findings on lines that changed, however git is set up."""

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import A_UUID, fixtests, git
from fixtests.cache import output_cache
from fixtests.git.changes import different, patches
from fixtests.model import Applicability, Edit, FileResult, Finding, Fix, Span, Status, digest
from fixtests.plan import narrowing
from fixtests.report import formats
from fixtests.run.changed import Changed

HOOKS = Path(__file__).resolve().parents[1] / ".pre-commit-hooks.yaml"
NAME = "tests/test_many.py"


def a_uuid(number):
    """Return one of many ids that have nothing in common."""
    return f"{random.Random(number).getrandbits(128):032x}"


def row(number, uuid=None):
    """Return a line with a finding of its own."""
    word = uuid or a_uuid(number)
    word = "-".join((word[:8], word[8:12], f"4{word[13:16]}", f"a{word[17:20]}", word[20:]))
    return f"        self.attach_{number}(volume_{number}_id='{word}')\n"


def text(*numbers, more=()):
    """Return a test module with a finding on a line for each number, from line 6 on."""
    head = "import unittest\n\n\nclass ManyTest(unittest.TestCase):\n    def test_all(self):\n"
    return (head + "".join(map(row, numbers)) + "".join(more)).encode()


def commit(root, message="more"):
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)


@pytest.fixture
def project(tmp_path):
    """A repository whose only commit has a test module with four findings, in lines 6 to 9."""
    root = tmp_path / "project"
    (root / "tests").mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    (root / "fixtests.toml").write_text("root = true\n")
    (root / NAME).write_bytes(text(1, 2, 3, 4))
    commit(root)
    return root


def found(folder, *arguments, env=None) -> list[str]:
    """Return the places that a run names, as `path:row`, after it has found something or not."""
    answer = fixtests("check", "--output-format", "concise", *arguments, folder=folder, env=env)
    places = [":".join(line.split(":")[:2]) for line in answer.text.splitlines()]
    assert answer.code == bool(places), answer.err
    return places


def refused(folder, *arguments, env=None) -> str:
    """Return why a run is refused; nothing else is said."""
    answer = fixtests("check", *arguments, folder=folder, env=env)
    assert (answer.code, answer.out) == (2, b"")
    return answer.err


def test_only_findings_on_changed_lines_count_and_the_others_are_counted(project):
    (project / NAME).write_bytes(text(1, 2, 7, 3, 4))
    answer = fixtests("check", "--since", "HEAD", "--output-format", "concise", folder=project)
    assert answer.code == 1
    assert answer.text.startswith(f"{NAME}:8:")
    assert answer.text.count("\n") == 1
    assert answer.err.splitlines()[1:] == ["4 findings on other lines left out."]


def test_where_nothing_changed_nothing_counts(project):
    assert found(project, "--since", "HEAD") == []


def test_lines_that_only_moved_or_went_do_not_count(project):
    (project / NAME).write_bytes(b"# a\n# b\n" + text(1, 3, 4))
    assert found(project, "--since", "HEAD") == []


def test_what_is_committed_staged_changed_and_untracked_counts(project):
    (project / NAME).write_bytes(text(1, 2, 5, 3, 4))
    commit(project)
    (project / NAME).write_bytes(text(1, 2, 5, 3, 6, 4))
    git(project, "add", ".")
    (project / NAME).write_bytes(text(7, 1, 2, 5, 3, 6, 4))
    (project / "tests/test_new.py").write_bytes(text(8, 9))
    expected = [f"{NAME}:{number}" for number in (6, 9, 11)]
    assert found(project, "--since", "HEAD~1") == [
        *expected,
        "tests/test_new.py:6",
        "tests/test_new.py:7",
    ]


def test_file_that_has_another_name_counts_with_its_new_lines(project):
    (project / NAME).rename(project / "tests/test_other.py")
    (project / "tests/test_other.py").write_bytes(text(1, 2, 3, 5, 4))
    commit(project)
    git(project, "config", "diff.renames", "false")
    assert found(project, "--since", "HEAD~1") == ["tests/test_other.py:9"]


def test_revision_is_followed_back_to_where_the_branch_left_it(project):
    git(project, "switch", "-qc", "work")
    (project / NAME).write_bytes(text(1, 2, 3, 4, 5))
    commit(project)
    git(project, "switch", "-q", "main")
    (project / NAME).write_bytes(text(1, 3, 4))
    commit(project)
    git(project, "switch", "-q", "work")
    assert found(project, "--since", "main") == [f"{NAME}:10"]


def test_finding_of_several_lines_counts_where_any_of_them_changed(project):
    call = ["        self.assertEqual(\n", "            self.size,\n", "            4)\n"]
    before = text(more=call).replace(b"unittest", b"testtools")
    (project / NAME).write_bytes(before)
    commit(project)
    (project / NAME).write_bytes(before.replace(b"self.size", b"self.get_size()"))
    whole = ("--select", "FT603")
    assert found(project, *whole, "--since", "HEAD") == found(project, *whole) == [f"{NAME}:6"]


def test_fix_leaves_what_stands_on_other_lines(project):
    (project / NAME).write_bytes(text(1, 2, 3, 4, 5))
    answer = fixtests("--since", "HEAD", folder=project)
    assert answer.code == 0
    after = (project / NAME).read_bytes()
    assert all(row(number).encode() in after for number in (1, 2, 3, 4))
    assert row(5).encode() not in after
    assert b"volume_5_id=VOLUME_5_ID" in after
    assert answer.err.splitlines() == [
        "Fixed 1 finding in 1 file.",
        "4 findings on other lines left out.",
    ]
    assert fixtests("--since", "HEAD", folder=project).code == 0
    assert (project / NAME).read_bytes() == after


def test_preview_and_plan_hold_only_what_changed(project):
    (project / NAME).write_bytes(text(1, 2, 3, 4, 5))
    diff = fixtests("--dry-run", "--since", "HEAD", folder=project).text
    assert "VOLUME_5_ID" in diff
    assert "VOLUME_4_ID" not in diff
    plan = fixtests("plan", "--since", "HEAD", folder=project).text
    assert "VOLUME_5_ID" in plan
    assert "VOLUME_4_ID" not in plan


def test_comment_that_silences_nothing_is_named_where_it_is_new(project):
    idle = "        self.go()  # noqa: FT101\n"
    (project / NAME).write_bytes(text(1, more=[idle]))
    commit(project)
    (project / NAME).write_bytes(text(1, more=[idle, "        # new\n", idle]))
    answer = fixtests("check", "--since", "HEAD", folder=project)
    assert [line for line in answer.err.splitlines() if "warning" in line] == [
        f"warning: {NAME}:9: unused suppression of FT101; remove it"
    ]


def test_accepted_findings_are_not_counted_among_those_left_out(project):
    fixtests("baseline", "known.json", folder=project)
    (project / NAME).write_bytes(text(1, 2, 5, 3, 4))
    answer = fixtests("check", "--since", "HEAD", "--baseline", "known.json", folder=project)
    assert answer.code == 1
    assert "left out" not in answer.err


def test_answer_is_never_that_of_an_earlier_commit(project):
    (project / NAME).write_bytes(text(1, 2, 3, 4, 5))
    assert found(project, "--since", "HEAD") == [f"{NAME}:10"]
    commit(project)
    assert found(project, "--since", "HEAD") == []
    assert output_cache.place(["check"]) is not None
    for words in (["--since", "HEAD"], ["--since=HEAD"], ["--staged"]):
        assert output_cache.place(["check", *words]) is None


def test_file_that_did_not_change_is_not_even_read(project):
    (project / "tests/test_odd.py").write_bytes(b"def f(:  # FT101 " + A_UUID.encode())
    commit(project)
    (project / NAME).write_bytes(text(1, 2, 3, 4, 5))
    assert found(project, "--since", "HEAD") == [f"{NAME}:10"]
    assert fixtests("check", folder=project).code == 2


def test_fix_that_only_another_one_makes_possible_is_left_for_another_run(project):
    """It may stand on any line, as a file has it that is not written yet."""
    path = project / "one.py"
    path.write_bytes(b"a = 1\nb = 2\n")

    def finding(start):
        span = Span(start, start + 1)
        fix = Fix("three", Applicability.SAFE, (Edit(str(path), start, start + 1, "3"),))
        about = ("FT101", "literal-uuid", str(path), span, span, "a number", Applicability.SAFE)
        return Finding(*about, fingerprint=f"at {start}", fix=fix)

    first, second = finding(4), finding(10)
    whole = FileResult(
        *(str(path), digest(path.read_bytes()), Status.CHANGED, str(project)),
        findings=(first,),
        fixed=(first,),
        edits=(*first.fix.edits, *second.fix.edits),
        result=digest(b"a = 3\nb = 3\n"),
        later=((second,),),
    )
    changed = Changed([path], {path: (range(1, 2),)}, {})
    narrowed = narrowing.on_changed_lines(whole, changed)
    assert narrowed.edits == first.fix.edits
    assert narrowed.result == digest(b"a = 3\nb = 2\n")
    assert (narrowed.findings, narrowed.later, narrowed.elsewhere) == ((first,), (), 0)


# Where there is no commit to compare with, or several.


def test_unknown_revision_is_refused(project):
    (project / "empty").mkdir()
    for word, folder in (("nothing", "."), ("-x", "tests"), ("HEAD..HEAD", "empty")):
        reason = refused(project, f"--since={word}", folder).splitlines(keepends=True)[-1]
        assert reason == (
            f"error: {project}: --since {word}: there is no such commit; "
            "check the name, or fetch it\n"
        )


def test_histories_without_a_common_commit_are_refused(project):
    git(project, "switch", "-q", "--orphan", "other")
    (project / "test_one.py").write_bytes(text(1))
    commit(project)
    assert "HEAD has no commit in common with it; check" in refused(project, "--since", "main")


def test_branch_without_a_commit_is_refused(project):
    git(project, "switch", "-q", "--orphan", "other")
    (project / "fixtests.toml").write_text("root = true\n")
    (project / "test_one.py").write_bytes(text(1))
    assert "has no commit yet, so that nothing" in refused(project, "--since", "main")
    git(project, "add", ".")
    assert found(project, "--staged") == ["test_one.py:6"]


def test_path_that_is_not_there_is_named_as_ever(project):
    answer = fixtests("check", "--since", "HEAD", "gone/test_gone.py", ".", folder=project)
    assert answer.code == 2
    assert "error: gone/test_gone.py: does not exist; check the path" in answer.err


def test_files_outside_of_git_are_refused(tree):
    assert "test_one.py: is in no git repository" in refused(tree, "--since", "HEAD")
    assert "test_one.py: is in no git repository" in refused(tree, "--staged")


def test_shallow_clone_without_the_commit_is_refused_and_with_it_right(project, tmp_path):
    first = git(project, "rev-parse", "HEAD").decode().strip()
    for number in (5, 6):
        (project / NAME).write_bytes(text(1, 2, 3, 4, *range(5, number + 1)))
        commit(project)
    git(project, "branch", "old", first)
    short = tmp_path / "short"
    git(tmp_path, "clone", "-q", "--depth=2", project.as_uri(), str(short))
    assert found(short, "--since", "HEAD~1") == [f"{NAME}:11"]
    assert "this clone is shallow: run `git fetch --unshallow`" in refused(short, "--since", first)
    git(short, "fetch", "-q", "--depth=1", "origin", "old")
    reason = refused(short, "--since", "FETCH_HEAD")
    assert "no commit in common with it; this clone is shallow" in reason


def test_detached_head_is_as_any_other(project):
    git(project, "switch", "-q", "--detach", "main")
    (project / NAME).write_bytes(text(1, 2, 3, 4, 5))
    commit(project)
    assert found(project, "--since", "main") == [f"{NAME}:10"]


# Work trees of other kinds.


def test_linked_work_tree_has_a_head_and_an_index_of_its_own(project, tmp_path):
    linked = tmp_path / "linked"
    git(project, "worktree", "add", "-q", str(linked))
    (linked / NAME).write_bytes(text(1, 2, 3, 4, 5))
    assert found(linked, "--since", "main") == [f"{NAME}:10"]
    assert found(project, "--since", "HEAD") == found(linked, "--staged") == []
    git(linked, "add", ".")
    assert found(linked, "--staged") == [f"{NAME}:10"]


def test_submodule_is_a_repository_of_its_own(project, tmp_path):
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    allowed = ("-c", "protocol.file.allow=always")
    git(outer, *allowed, "submodule", "--quiet", "add", project.as_uri(), "inner")
    git(outer, "commit", "-qm", "outer")
    (outer / "test_own.py").write_bytes(text(9))
    (outer / "inner" / NAME).write_bytes(text(1, 2, 3, 4, 5))
    expected = [f"inner/{NAME}:10", "test_own.py:6"]
    assert found(outer, "--since", "HEAD", ".", "inner") == expected[::-1]
    git(outer, "config", "diff.submodule", "diff")
    assert found(outer, "--since", "HEAD") == ["test_own.py:6"]
    git(outer, "branch", "of-outer")
    reason = refused(outer, "--since", "of-outer", ".", "inner")
    assert f"{outer}/inner: --since of-outer: there is no such commit" in reason


def test_sparse_clone_is_judged_by_what_is_there(project, tmp_path):
    (project / "more").mkdir()
    (project / "more/test_more.py").write_bytes(text(5))
    commit(project)
    sparse = tmp_path / "sparse"
    git(tmp_path, "clone", "-q", "--sparse", project.as_uri(), str(sparse))
    git(sparse, "sparse-checkout", "set", "--cone", "--sparse-index", "tests")
    (sparse / NAME).write_bytes(text(1, 2, 3, 4, 6))
    assert not (sparse / "more").exists()
    assert found(sparse, "--since", "HEAD") == [f"{NAME}:10"]
    assert found(sparse, "--since", "HEAD~1") == [f"{NAME}:10"]
    (sparse / "more").mkdir()  # a file by hand where there ought to be none
    (sparse / "more/test_more.py").write_bytes(text(5, 7))
    assert found(sparse, "--since", "HEAD") == ["more/test_more.py:7", f"{NAME}:10"]


def test_file_that_git_was_told_not_to_look_at_is_looked_at(project):
    git(project, "update-index", "--assume-unchanged", NAME)
    (project / NAME).write_bytes(text(1, 2, 5, 3, 4))
    assert found(project, "--since", "HEAD") == [f"{NAME}:8"]


def test_file_that_git_does_not_track_any_more_counts_with_its_new_lines(project):
    git(project, "rm", "-q", "--cached", NAME)
    (project / NAME).write_bytes(text(1, 2, 5, 3, 4))
    assert found(project, "--since", "HEAD") == [f"{NAME}:8"]


def test_file_that_was_in_conflict_counts_with_its_new_lines(project):
    git(project, "switch", "-qc", "work")
    (project / NAME).write_bytes(text(1, 2, 5, 4))
    commit(project)
    git(project, "switch", "-q", "main")
    (project / NAME).write_bytes(text(1, 2, 6, 4))
    commit(project)
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", "merge", "-q", "work"]
    assert subprocess.run(command, cwd=project, capture_output=True, check=False).returncode == 1
    (project / NAME).write_bytes(text(1, 2, 6, 5, 4))
    assert found(project, "--since", "HEAD") == [f"{NAME}:9"]
    assert "files are in conflict, so that nothing can be staged" in refused(project, "--staged")


# Bytes: line ends, filters, names, and what a user may have set.


@pytest.mark.parametrize("staged", [False, True])
def test_line_ends_that_git_converts_are_no_changes(project, staged):
    git(project, "config", "core.autocrlf", "true")
    (project / NAME).write_bytes(text(1, 2, 5, 3, 4).replace(b"\n", b"\r\n"))
    if staged:
        subprocess.run(["git", "add", "."], cwd=project, check=True, capture_output=True)
    assert found(project, *(("--staged",) if staged else ("--since", "HEAD"))) == [f"{NAME}:8"]


def test_files_with_other_line_ends_have_the_lines_that_git_counts(project):
    (project / NAME).write_bytes(b"# a\r# b\r" + text(1, 2, 3, 4).replace(b"\n", b"\r\n"))
    commit(project)
    (project / NAME).write_bytes(b"# a\r# b\r" + text(1, 2, 5, 3, 4).replace(b"\n", b"\r\n"))
    assert found(project, "--since", "HEAD") == [f"{NAME}:10"]
    git(project, "add", ".")
    assert found(project, "--staged") == [f"{NAME}:10"]


def test_last_line_without_an_end_that_gets_one_has_changed(project):
    (project / NAME).write_bytes(text(1, 2, 3).rstrip(b"\n"))
    commit(project)
    (project / NAME).write_bytes(text(1, 2, 3))
    assert found(project, "--since", "HEAD") == [f"{NAME}:8"]


def test_filter_that_moves_lines_does_not_move_what_changed(project):
    filters = {"clean": "sed 1,2d", "smudge": "sed '1i # top\\n# more'"}
    for kind, command in filters.items():
        git(project, "config", f"filter.top.{kind}", command)
    (project / ".gitattributes").write_text("*.py filter=top\n")
    (project / NAME).write_bytes(b"# top\n# more\n" + text(1, 2, 3, 4))
    commit(project)
    (project / NAME).write_bytes(b"# top\n# more\n" + text(1, 2, 5, 3, 4))
    assert found(project, "--since", "HEAD") == [f"{NAME}:10"]
    git(project, "add", ".")
    assert found(project, "--staged") == [f"{NAME}:10"]
    (project / NAME).write_bytes(b"# top\n# more\n" + text(9, 1, 2, 5, 3, 4))
    assert found(project, "--staged") == [f"{NAME}:10"]
    git(project, "config", "filter.top.smudge", "false")
    git(project, "config", "filter.top.required", "true")
    assert "smudge filter top failed" in refused(project, "--since", "HEAD")


def test_file_that_git_takes_for_binary_has_lines(project):
    (project / ".gitattributes").write_text("*.py binary\n")
    commit(project)
    (project / NAME).write_bytes(text(1, 2, 5, 3, 4))
    assert found(project, "--since", "HEAD") == [f"{NAME}:8"]


WORDS = ["a b", 'a "b"', "a\tb", "\\", "é", os.fsdecode(b"\xff"), "-x "]
NAMES = [f"test_{word}.py" for word in WORDS]


def test_names_are_what_they_are(project):
    for at, name in enumerate(NAMES):
        (project / name).write_bytes(text(10 + at, 20 + at))
    git(project, "config", "core.quotePath", "true")
    commit(project)
    for at, name in enumerate(NAMES):
        (project / name).write_bytes(text(10 + at, 30 + at, 20 + at))
    report = ("check", "--output-format", "json-lines", "--since", "HEAD")
    answer = fixtests(*report, folder=project)
    entries = map(json.loads, answer.text.splitlines())
    places = sorted((item["filename"], item["location"]["row"]) for item in entries)
    assert places == sorted((str(project / name), 7) for name in NAMES)


SET = {
    "color.ui": "always",
    "core.quotePath": "true",
    "diff.algorithm": "patience",
    "diff.context": "9",
    "diff.external": "false",
    "diff.interHunkContext": "9",
    "diff.mnemonicPrefix": "true",
    "diff.noprefix": "true",
    "diff.orderFile": "order",
    "diff.relative": "true",
    "diff.renameLimit": "1",
    "diff.renames": "false",
    "diff.srcPrefix": "x/",
    "diff.wsErrorHighlight": "all",
    "status.showUntrackedFiles": "no",
}


@pytest.mark.parametrize("staged", [False, True])
def test_whatever_a_user_has_set_the_lines_are_the_same(project, staged):
    (project / "order").write_text("tests/*\n")
    for number in (10, 20, 30):
        (project / f"tests/test_é{number}.py").write_bytes(text(*range(number, number + 5)))
    commit(project)
    for name, value in SET.items():
        git(project, "config", name, value)
    (project / NAME).write_bytes(text(1, 7, 2, 3, 8, 4))
    for number in (10, 20, 30):
        (project / f"tests/test_é{number}.py").unlink()
        (project / f"tests/test_e{number + 1}.py").write_bytes(
            text(number, 5, *range(number + 1, number + 5))
        )
    git(project, "add", ".")
    env = {**os.environ, "GIT_DIFF_OPTS": "-u9", "GIT_EXTERNAL_DIFF": "false"}
    asked = ("--staged",) if staged else ("--since", "HEAD")
    renamed = [f"tests/test_e{number}.py:7" for number in (11, 21, 31)]
    expected = [*renamed, f"{NAME}:7", f"{NAME}:10"]
    assert found(project, *asked, env=env) == expected
    assert found(project / "tests", *asked, env=env) == [
        item.removeprefix("tests/") for item in expected
    ]


LINES = ["--- a/x.py", "+++ b/x.py", "@@ -1 +1 @@", "@@ -1,0 +9,9 @@", "diff --git a/x b/x",
         "\\ No newline at end of file", "", " ", "a", "b", "c\r", "- a", "+ b"]  # fmt: skip


def test_lines_of_a_patch_may_look_like_anything(tmp_path):
    """Without the rows that changed, each file is a part of the old one; git counts as many."""
    git(tmp_path, "init", "-q")
    rolled = random.Random(7)
    olds, news = {}, {}
    for number in range(300):
        name = f"{number:03}.py"
        olds[name] = [rolled.choice(LINES) for _ in range(rolled.randint(1, 9))]
        news[name] = [line for line in olds[name] if rolled.random() < 0.7]
        for _ in range(rolled.randint(1, 3)):
            news[name].insert(rolled.randint(0, len(news[name])), rolled.choice(LINES))
        (tmp_path / name).write_bytes("\n".join(olds[name]).encode())
    commit(tmp_path)
    for name, lines in news.items():
        (tmp_path / name).write_bytes("\n".join(lines).encode())
    told = dict(patches(git(tmp_path, "diff", "-a", "-U0")))
    counted = git(tmp_path, "diff", "-a", "--numstat").decode().splitlines()
    added = {name: int(number) for number, _, name in map(str.split, counted) if int(number)}
    rows = {
        name.decode(): {at for part in item.lines for at in part} for name, item in told.items()
    }
    assert {name: len(found) for name, found in rows.items()} == added
    for name, changed in rows.items():
        left = iter(olds[name])
        lines = "\n".join(news[name]).removesuffix("\n").split("\n")  # as git counts them
        kept = [line for at, line in enumerate(lines, 1) if at not in changed]
        assert all(line in left for line in kept)


def test_lines_that_differ_are_found_without_git_too():
    assert different(b"a\nb\nc\n", b"a\nx\nc\ny") == (range(2, 3), range(4, 5))
    assert different(b"", b"a\n") == (range(1, 2),)
    assert different(b"a\nb\n", b"b\n") == ()


# What is staged.


def test_what_is_staged_is_judged_as_it_is_staged(project):
    (project / NAME).write_bytes(text(1, 2, 5, 3, 4))
    git(project, "add", ".")
    (project / NAME).write_bytes(b"# one line more\n" + text(1, 2, 3, 4, 6))
    answer = fixtests("check", "--staged", folder=project)
    assert (answer.code, answer.text.count("-->")) == (1, 1)
    assert f"--> {NAME}:8:" in answer.text
    assert row(5).strip() in answer.text
    (project / NAME).write_bytes(b"no Python, which nobody is to commit (\n")
    assert fixtests("check", "--staged", folder=project) == answer


def test_what_is_staged_and_judged_is_kept_for_no_later_run(project):
    much = ["        # " + 70 * "-" + "\n"] * 5000  # results of few bytes are not kept anyway
    (project / NAME).write_bytes(text(1, more=[*much, row(5)]))
    git(project, "add", ".")
    (project / NAME).write_bytes(text(more=[*much, "        pass\n"]))
    for _ in range(2):  # and what was kept before is not believed
        assert found(project) == []
        assert found(project, "--staged") == [f"{NAME}:5007"]


def test_staged_file_that_git_was_told_not_to_look_at_is_judged_as_it_is_staged(project):
    (project / NAME).write_bytes(text(1, 2, 5, 3, 4))
    git(project, "add", ".")
    git(project, "update-index", "--assume-unchanged", NAME)
    (project / NAME).write_bytes(text(1))
    assert found(project, "--staged") == [f"{NAME}:8"]


def test_what_is_not_staged_does_not_count(project):
    (project / NAME).write_bytes(text(1, 2, 5, 3, 4))
    (project / "test_new.py").write_bytes(text(6))
    assert found(project, "--staged") == []


def test_staged_file_that_is_not_there_is_named(project):
    (project / NAME).write_bytes(text(1, 2, 5, 3, 4))
    git(project, "add", ".")
    (project / NAME).unlink()
    answer = fixtests("check", "--staged", "tests", folder=project)
    assert answer.code == 2
    assert f"error: {NAME}: is staged, and is not there; stage that it is gone" in answer.err
    git(project, "add", ".")
    assert found(project, "--staged") == []


def test_staged_and_since_are_not_combined(project):
    reason = refused(project, "--staged", "--since", "HEAD")
    assert reason == "error: --since says which lines count; leave --staged out\n"


def test_what_writes_knows_nothing_of_staged_lines(project):
    for command in ("fix", "plan"):
        assert "No such option" in fixtests(command, "--staged", folder=project).err


def hook(project, path=NAME):
    """Make a hook of git of what `.pre-commit-hooks.yaml` says of the hook that only checks."""
    _, _, about = HOOKS.read_text().partition("- id: fixtests-check\n")
    entry = re.search(r"^  entry: fixtests (.*)$", about, re.MULTILINE)[1]
    script = project / ".git/hooks/pre-commit"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f"#!/bin/sh\nexec {sys.executable} -m fixtests {entry} {path}\n")
    script.chmod(0o755)


def committed(project, *arguments):
    """Try to commit; return whether that was done, and what the hook printed."""
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "more"]
    done = subprocess.run([*command, *arguments], cwd=project, capture_output=True, check=False)
    return done.returncode == 0, (done.stdout + done.stderr).decode()


def test_hook_lets_old_findings_pass_and_new_ones_not(project):
    hook(project)
    (project / NAME).write_bytes(b"# harmless\n" + text(1, 2, 3, 4))
    git(project, "add", ".")
    done, said = committed(project)
    assert done, said
    bad = b"# harmless\n" + text(1, 2, 3, 4, 5)
    (project / NAME).write_bytes(bad)
    assert committed(project, "-a")[0] is False
    assert committed(project, NAME)[0] is False
    git(project, "add", ".")
    done, said = committed(project)
    assert (done, said.count("FT101"), f"{NAME}:11:" in said) == (False, 1, True)
    assert (project / NAME).read_bytes() == bad


@pytest.mark.parametrize("path", [NAME, "tests"])
def test_hook_of_a_linked_work_tree_looks_at_its_own_index(project, tmp_path, path):
    hook(project, path)
    linked = tmp_path / "linked"
    git(project, "worktree", "add", "-q", str(linked))
    (linked / NAME).write_bytes(text(1, 2, 3, 4, 5))
    done, said = committed(linked, "-a")
    assert (done, said.count("FT101")) == (False, 1)
    (linked / NAME).write_bytes(text(1, 2, 3))
    assert committed(linked, "-a") == (True, "Nothing to fix.\n")


# What a project sets once.


def test_configured_baseline_and_format_hold_until_others_are_given(project):
    keys = 'root = true\nbaseline = "known/all.json"\noutput-format = "concise"\n'
    (project / "fixtests.toml").write_text(keys)
    (project / "known").mkdir()
    accepted = fixtests("baseline", "known/all.json", folder=project)
    assert "4 accepted, 4 of them new" in accepted.err
    assert "4 accepted, 0 of them new, 0 gone" in (
        fixtests("baseline", "known/all.json", folder=project).err
    )
    (project / NAME).write_bytes(text(1, 2, 5, 3, 4))
    for folder in (project, project / "tests"):
        answer = fixtests("check", folder=folder)
        assert answer.text.split(":")[1:2] == ["8"]
        assert answer.text.count("\n") == 1
    full = fixtests("check", "--output-format", "full", folder=project)
    assert full.text.count("-->") == 1
    fixtests("baseline", "other.json", folder=project)
    assert fixtests("check", "--baseline", "other.json", folder=project).code == 0
    assert fixtests("check", "--isolated", folder=project).text.count("-->") == 5
    assert fixtests(folder=project).code == 0
    assert row(4).encode() in (project / NAME).read_bytes()


def test_configured_baseline_that_changes_changes_the_answer(project):
    (project / "fixtests.toml").write_text('root = true\nbaseline = "known.json"\n')
    fixtests("baseline", "known.json", folder=project)
    assert found(project) == []
    text_of_none = '{"format": "fixtests-baseline", "version": 1, "findings": []}'
    (project / "known.json").write_text(text_of_none)
    assert len(found(project)) == 4
    (project / "known.json").unlink()
    assert "known.json: cannot be read: No such file" in refused(project)


def test_baseline_is_that_of_the_folder_that_a_file_stands_in(project):
    (project / "fixtests.toml").write_text('root = true\nbaseline = "known.json"\n')
    fixtests("baseline", "known.json", folder=project)
    (project / "more").mkdir()
    (project / "more/test_more.py").write_bytes(text(5))
    (project / "more/fixtests.toml").write_text('baseline = "known.json"\n')
    fixtests("baseline", "known.json", ".", folder=project / "more")
    assert found(project) == []
    (project / "more/fixtests.toml").write_text("")
    assert found(project) == ["more/test_more.py:6"]


def test_format_that_there_is_not_is_named_with_its_place(project):
    (project / "fixtests.toml").write_text('root = true\noutput-format = "fancy"\n')
    assert refused(project) == (
        f"error: {project}/fixtests.toml:2: output-format: there is no format 'fancy'; valid are "
        f"{', '.join(formats.PRINTERS)}\n"
    )
