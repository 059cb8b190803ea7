"""Command lines that messages print: each, typed as it is printed, does what it says."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import A_UUID, fixtests, git, module

HINT = re.compile(r"`((?:cd \S+ && )?(?:fixtests|git) [^`]+)`")
PLAIN = re.compile(r"(?:cd ([\w/.-]+) && )?fixtests ([\w/.,:= '-]*)")  # nothing else for a shell
UNNAMED = ("FILE", "NAME")  # places that a user fills in


@pytest.fixture
def typed(tmp_path):
    """What types a command line in a folder, as a user has it in a shell, and tells its output."""
    program = tmp_path / "bin/fixtests"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m fixtests "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"

    def run(line, folder, code=0):
        if plain := PLAIN.fullmatch(line):
            elsewhere, words = plain.groups()
            done = fixtests(*shlex.split(words), folder=Path(folder, elsewhere or "."))
            assert done.code == code, f"{line}\n{done.text}{done.err}"
            return done.text + done.err
        shell = ["/bin/sh", "-c", line]
        surroundings = {**os.environ, "PATH": path}
        done = subprocess.run(
            shell, cwd=folder, env=surroundings, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    return run


def hints(text):
    return [line for line in HINT.findall(text) if not re.search("|".join(UNNAMED), line)]


@pytest.fixture
def clone(tmp_path):
    """A repository with a finding in each of three folders."""
    root = tmp_path / "clone"
    for folder in ("api", "db", "net"):
        (root / folder).mkdir(parents=True)
        (root / folder / "test_one.py").write_bytes(module())
    git(root, "init", "-q", "-b", "master")
    for name, value in (("user.name", "A Tester"), ("user.email", "tester@example.org")):
        git(root, "config", name, value)
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    return root


@pytest.fixture
def server(clone, tmp_path):
    """A bare repository that takes what is pushed."""
    there = tmp_path / "there.git"
    git(tmp_path, "init", "-q", "--bare", str(there))
    git(clone, "remote", "add", "origin", str(there))
    return there


def branches(root):
    return git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads").decode().split()


def taken(server):
    return git(server, "for-each-ref", "--format=%(subject)").decode().splitlines()


@pytest.mark.parametrize("how", [["--branch", "b8"], ["--branch", "it's"], ["--branches"], []])
def test_what_is_next_pushes_the_series_that_was_made(clone, server, typed, how):
    done = fixtests("commit", *how, "db", folder=clone)
    made = branches(clone)
    (push, _) = hints(done.err)
    assert "1 commit pushed." in typed(push, clone)
    assert branches(clone) == made
    assert len(git(server, "for-each-ref").splitlines()) == 1


def test_it_does_so_from_wherever_the_series_was_made(clone, server, typed, tmp_path):
    for branch, folder in (("b8", tmp_path), ("b9", clone / "api")):
        done = fixtests("commit", "--branch", branch, clone / "db", folder=folder)
        (push, *_) = hints(done.err)
        assert push.startswith("cd ") == (folder == tmp_path)
        typed(push, folder)
    assert len(git(server, "for-each-ref").splitlines()) == 2


def test_what_git_pushes_is_the_series_as_well(clone, server, typed):
    done = fixtests("commit", "--branch", "b8", "db", folder=clone)
    typed(hints(done.err)[1], clone)
    (line,) = git(server, "for-each-ref", "--format=%(refname)").decode().splitlines()
    assert line == "refs/for/master%topic=b8"


def test_without_a_remote_patches_come_next(clone, typed, tmp_path):
    done = fixtests("commit", "--branch", "it's", clone / "db", clone / "api", folder=tmp_path)
    (patches,) = hints(done.err)
    assert len(typed(patches, tmp_path).split()) == 2


def test_push_alone_makes_no_other_series(clone, server):
    fixtests("commit", "--branch", "b8", "db", folder=clone)
    done = fixtests("commit", "--push", folder=clone)
    assert done.code == 2
    assert "fixtests: is no series of this repository, there are b8; name one with" in done.err
    assert (branches(clone), git(server, "for-each-ref")) == (["b8", "master"], b"")


def test_what_was_refused_is_pushed_and_what_was_closed_made_anew(clone, server, typed):
    fixtests("commit", "--branch", "b8", "db", folder=clone)
    hook = server / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'change 12 is closed' >&2\nexit 1\n")
    hook.chmod(0o755)
    done = fixtests("commit", "--branch", "b8", "--push", folder=clone)
    refresh, push = hints(done.err)
    before = git(clone, "log", "--format=%b", "master..b8")
    typed(refresh, clone)
    assert git(clone, "log", "--format=%b", "master..b8") != before
    hook.unlink()
    assert "1 commit pushed." in typed(push, clone)


def test_a_shard_is_named_so_that_it_can_be_closed_and_then_the_series_made_anew(clone, typed):
    fixtests("commit", "--branch", "b8", "db", folder=clone)
    text = fixtests("series", folder=clone).text
    shard = re.search("shard: (.+)", text)[1]
    told = typed(f"fixtests series b8 --close {shard}", clone)
    assert f"next: {hints(told)[0]}" in fixtests("series", folder=clone).text
    typed(hints(told)[0], clone)
    assert " closed" not in fixtests("series", folder=clone).text


def test_a_summary_says_that_fixes_are_in_commits_and_in_no_file(clone):
    for new in ("1 of them new", "all as before"):
        done = fixtests("commit", "db", folder=clone)
        assert new in done.err
        assert "The commits fix 1 finding in 1 file.\n" in done.err
        assert "Fixed" not in done.err


def test_what_a_review_wrote_is_taken_back_wherever_it_was(clone, tree, typed):
    review = clone / "review.md"
    review.write_text("- db/test_one.py:7: the literal UUID has no name\n")
    done = fixtests("review", "--write", review, clone / "db/test_one.py", folder=tree)
    assert (clone / "db/test_one.py").read_bytes() != module()
    fixtests("db", "api", "net", folder=clone)  # another run comes in between
    fixtests("undo", folder=clone)
    typed(hints(done.err)[0], tree)
    assert (clone / "db/test_one.py").read_bytes() == module()


def test_the_rest_of_a_plan_is_dropped(clone, typed):
    fixtests("plan", "-o", "plan.json", folder=clone)
    done = fixtests("plan-edit", "plan.json", "--drop", "db", "--drop", "d b", folder=clone)
    (rest,) = hints(done.err)
    assert "Dropped 1 finding." in typed(rest, clone)


def test_a_baseline_that_is_not_there_is_made(clone, typed):
    for text in (None, "{}"):
        if text:
            (clone / "a b.json").write_text(text)
        done = fixtests("check", "--baseline", "a b.json", folder=clone)
        (made,) = hints(done.err)
        typed("rm -f 'a b.json'", clone)
        typed(made, clone)
        assert fixtests("check", "--baseline", "a b.json", folder=clone).code == 0


def test_help_of_a_codemod_is_where_a_wrong_option_says(clone, tmp_path, typed):
    script = tmp_path / "own one.py"
    script.write_text(
        '"""Say."""\n\nfrom fixtests.migrate import Rules\n\nRULES = Rules(("FT101",))\n'
    )
    for name in ("tenant_to_project", script):
        done = fixtests("migrate", name, "--foo", "db", folder=clone)
        assert done.code == 2
        (page,) = hints(done.err)
        assert "--dry-run" in typed(page, clone)


def test_what_cannot_be_moved_and_what_is_no_option_is_said(clone):
    done = fixtests("migrate", "move_module", "db", folder=clone)
    assert done.code == 2
    assert "move_module: nothing says what moves; give OLD=NEW before the paths" in done.err
    done = fixtests("migrate", "--foo", "tenant_to_project", "db", folder=clone)
    assert done.code == 2
    assert "--foo: no such option; " in done.err
    assert "tenant_to_project has --words, --key, " in done.err
    done = fixtests("migrate", "--dry-ran", "db", folder=clone)
    assert done.code == 2
    assert "--dry-ran: no such option; options of a codemod come after its NAME" in done.err


def test_a_command_that_was_meant_is_one(clone, typed):
    done = fixtests("chek", folder=clone)
    assert hints(done.err) == ["fixtests check"]
    assert A_UUID in typed("fixtests check", clone, code=1)


def test_no_statistics_are_no_table(tree):
    (tree / "tests/test_one.py").write_text("")
    done = fixtests("check", "-q", "--statistics", folder=tree)
    assert (done.code, done.text, done.err) == (0, "", "")
    done = fixtests("check", "--statistics", "--output-format", "json", folder=tree)
    assert json.loads(done.out) == []


def test_a_local_that_is_bound_on_the_line_flagged_is_nothing_to_use_there(tree):
    lines = ["import unittest", "", "", "class OneTest(unittest.TestCase):"]
    for name in ("show", "hide"):
        lines += [f"    def test_{name}(self):", f"        volume_id = '{A_UUID}'"]
        lines += [f"        self.{name}(volume_id)"]
    (tree / "tests/test_one.py").write_text("\n".join([*lines, ""]))
    found = json.loads(fixtests("check", "--output-format", "json", folder=tree).out)
    said = f"literal UUID `{A_UUID}`: `volume_id` holds it, in one of 2 places"
    assert [item["message"] for item in found] == [said] * 2
    assert [item["reason"] for item in found] == ["share a constant"] * 2
