"""The cache: an answer is given again only while nothing that it came from has changed."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

import pytest

from conftest import fixtests, git, module
from fixtests.cache import output_cache, seal
from fixtests.cache.entries import _prune, save

CHECK = ("check", "--output-format", "concise")
OLD = time.time() - 3600


def age(folder):
    """Make everything in a folder an hour old, so that no doubt is left about it."""
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (OLD, OLD))


def entries(cache_dir):
    return sorted(cache_dir.glob("*.json"))


def reworded(entry):
    """Put other words into an entry, under the right seal."""
    told = json.loads(entry.read_bytes().partition(b"\n")[2])
    told["parts"] = [[False, "from the cache\n"]]
    body = json.dumps(told).encode()
    entry.write_bytes(seal.of(body).encode() + b"\n" + body)


FORMATS = [
    ("check", "--output-format", name) for name in ("json", "sarif", "github", "gerrit", "html")
]


@pytest.mark.parametrize("arguments", [CHECK, ("--dry-run",), ("check",), *FORMATS], ids=" ".join)
def test_second_answer_is_the_first_one(tree, cache_dir, arguments):
    age(tree.parent)
    first = fixtests(*arguments, folder=tree)
    assert len(entries(cache_dir)) == 1
    assert fixtests(*arguments, folder=tree) == first
    assert fixtests(*arguments, "--no-cache", folder=tree) == first
    reworded(entries(cache_dir)[0])
    assert fixtests(*arguments, folder=tree).text == "from the cache\n"


def test_folder_that_is_not_there_costs_no_entry(tree, cache_dir):
    missing = tree.parent / "python.zip"  # as the interpreter's own path holds one
    age(tree.parent)
    env = {**os.environ, "PYTHONPATH": f"{os.environ.get('PYTHONPATH', '')}{os.pathsep}{missing}"}
    fixtests("check", "--output-format", "json", folder=tree, env=env)
    (entry,) = entries(cache_dir)
    told = json.loads(entry.read_bytes().partition(b"\n")[2])
    assert str(missing) in told["absent"]


@pytest.mark.parametrize("option", ["-v", "--verbose", "-o=x", "-io", "--since=HEAD"])
def test_answer_is_not_kept_where_more_than_the_tree_decides(option):
    assert output_cache.place([*CHECK, option]) is None
    assert output_cache.place(CHECK) is not None


def test_page_that_tells_of_commits_is_not_kept(tree, cache_dir):
    page = ("check", "--output-format", "html")
    fixtests("baseline", "accepted.json", folder=tree)
    age(tree.parent)
    fixtests(*page, "--baseline", "accepted.json", folder=tree)
    assert entries(cache_dir) == []
    fixtests(*page, folder=tree)
    assert len(entries(cache_dir)) == 1


def edit(tree):
    (tree / "tests/test_one.py").write_bytes(module(name="image_id"))


def edit_of_the_same_size(tree):
    (tree / "tests/test_one.py").write_bytes(module(name="volume_no"))


def new_file(tree):
    (tree / "tests/test_two.py").write_bytes(module())


def new_configuration(tree):
    (tree / "tests/fixtests.toml").write_text('ignore = ["FT101"]\n')


def changed_configuration(tree):
    (tree / "fixtests.toml").write_text('root = true\nignore = ["FT101"]\n')


def gone(tree):
    (tree / "tests/test_one.py").unlink()


def module_that_it_imports(tree):
    (tree / "tests/values.py").write_text("VOLUME_ID = 'x'\n")


@pytest.mark.parametrize(
    "change",
    [edit, edit_of_the_same_size, new_file, new_configuration, changed_configuration, gone,
     module_that_it_imports],
    ids=lambda change: change.__name__,
)  # fmt: skip
def test_answer_does_not_hold_after(tree, cache_dir, change):
    (tree / "tests/values.py").write_text("VOLUME_ID = 'y'\n")
    age(tree.parent)
    fixtests(*CHECK, folder=tree)
    reworded(entries(cache_dir)[0])
    change(tree)
    assert fixtests(*CHECK, folder=tree) == fixtests(*CHECK, "--no-cache", folder=tree)


def test_rules_of_git_are_asked_again(tree, cache_dir):
    git(tree, "init", "-q")
    age(tree.parent)
    first = fixtests(*CHECK, folder=tree)
    reworded(entries(cache_dir)[0])
    assert fixtests(*CHECK, folder=tree).text == "from the cache\n" != first.text
    (tree / ".git/info/exclude").write_text("test_one.py\n")
    assert fixtests(*CHECK, folder=tree).text == ""


def test_touched_file_with_the_same_content_is_judged_by_content(tree, cache_dir):
    age(tree.parent)
    os.utime(tree / "tests/test_one.py")
    first = fixtests(*CHECK, folder=tree)
    reworded(entries(cache_dir)[0])
    os.utime(tree / "tests/test_one.py", (OLD, OLD))
    assert fixtests(*CHECK, folder=tree).text == "from the cache\n" != first.text


@pytest.mark.parametrize(
    "content",
    [b"", b"\x80\x04N.", b"{}", b"[]\n", b"0" * 64 + b"\n{}",
     hashlib.sha256(b"[]").hexdigest().encode() + b"\n[]",
     hashlib.sha256(b"{}").hexdigest().encode() + b"\n{}"],
    ids=["empty", "pickle", "json", "list", "checksum", "other-shape", "no-keys"],
)  # fmt: skip
def test_what_is_no_entry_is_not_trusted(tree, cache_dir, content):
    age(tree.parent)
    first = fixtests(*CHECK, folder=tree)
    entries(cache_dir)[0].write_bytes(content)
    assert fixtests(*CHECK, folder=tree) == first


def test_other_lines_have_other_entries(tree, cache_dir):
    age(tree.parent)
    fixtests(*CHECK, folder=tree)
    assert fixtests(*CHECK, "--ignore", "FT101", folder=tree).code == 0
    assert len(entries(cache_dir)) == 2


@pytest.mark.parametrize(
    "arguments", [(*CHECK, "--no-cache"), (), ("rules",)], ids=["no-cache", "fix", "rules"]
)
def test_what_may_not_be_kept_is_not(tree, cache_dir, arguments):
    age(tree.parent)
    assert fixtests(*arguments, folder=tree).code in (0, 1)
    assert not entries(cache_dir)


def test_run_that_failed_for_what_may_pass_is_not_kept(tree, cache_dir):
    os.mkfifo(tree / "tests/test_pipe.py")
    age(tree.parent)
    assert fixtests(*CHECK, "tests/test_pipe.py", folder=tree).code == 2
    assert not entries(cache_dir)


def test_exit_code_of_an_output_that_nobody_read_is_not_kept(tree, cache_dir):
    age(tree.parent)
    asked = [sys.executable, "-m", "fixtests", *CHECK, "--exit-zero"]
    unread, end = os.pipe()
    os.close(unread)
    assert subprocess.run(asked, cwd=tree, stdout=end, check=False).returncode == 1
    os.close(end)
    assert not entries(cache_dir)
    assert subprocess.run(asked, cwd=tree, capture_output=True, check=False).returncode == 0
    assert entries(cache_dir)


def test_folder_may_be_given(tree, cache_dir):
    age(tree.parent)
    other = cache_dir / "other"
    fixtests(*CHECK, "--cache-dir", other, folder=tree)
    assert len(entries(other)) == 1
    assert not entries(cache_dir)


def test_folder_that_cannot_be_made_only_costs_the_entry(tree, cache_dir):
    age(tree.parent)
    (cache_dir / "file").write_text("")
    answer = fixtests(*CHECK, "--cache-dir", cache_dir / "file" / "below", folder=tree)
    assert answer.code == 1


def test_oldest_entries_go_and_foreign_files_stay(tmp_path, monkeypatch):
    monkeypatch.setattr("fixtests.cache.entries.KEPT", 2)
    (tmp_path / "notes.json").write_text("mine")
    for number in range(4):
        entry = tmp_path / f"{number:064}.json"
        save(str(entry), b"x")
        os.utime(entry, (OLD + number, OLD + number))
    _prune(str(tmp_path))
    assert [path.name[-8:] for path in entries(tmp_path)] == ["002.json", "003.json", "tes.json"]


INDEXED = """from lib import base


class A(base.Base):
    def test_x(self):
        servers = self.api.get_servers()
        self.check(1, servers[0]['id'])
"""
BASE = "import unittest\n\n\nclass Base(unittest.TestCase):\n    pass\n"
FT201 = ("check", "--select", "FT201")


def both(*arguments, folder):
    """Return what the cache answers, which has to be what is found without it."""
    found = fixtests(*arguments, folder=folder)
    assert fixtests(*arguments, "--no-cache", folder=folder) == found
    return found


def beside_tests(tree):
    (tree / "lib").mkdir()
    return tree / "lib/base.py", tree / "lib/base.py", "tests/test_it.py"


def in_a_skipped_folder(tree):
    (tree / "build").mkdir()
    (tree / "lib").symlink_to("build")
    return tree / "lib/base.py", tree / "build/base.py", "."


def behind_a_link(tree):
    (tree / "lib").mkdir()
    (tree.parent / "far").mkdir()
    (tree / "lib/base.py").symlink_to(tree.parent / "far/base.py")
    return tree / "lib/base.py", tree.parent / "far/base.py", "tests"


@pytest.mark.parametrize("made", [beside_tests, in_a_skipped_folder, behind_a_link])
def test_module_that_appears_is_seen(tree, made):
    (tree / "tests/test_it.py").write_text(INDEXED)
    seen, target, looked_at = made(tree)
    age(tree.parent) if made is not behind_a_link else age_but_links(tree.parent)
    before = both(*FT201, looked_at, folder=tree)
    target.write_text(BASE)
    assert seen.exists()
    assert both(*FT201, looked_at, folder=tree) != before


def age_but_links(folder):
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (OLD, OLD), follow_symlinks=False)


def test_package_that_chooses_the_profile_is_seen(tree):
    (tree / "nova").mkdir()
    (tree / "tests/test_it.py").write_text(
        "from unittest import TestCase\n\n\nclass A(TestCase):\n"
        "    def test_x(self):\n        self.api.microversion = 'latest'\n"
    )
    age(tree.parent)
    before = both("check", "tests/test_it.py", folder=tree)
    (tree / "nova/__init__.py").touch()
    assert both("check", "tests/test_it.py", folder=tree) != before


def test_link_that_leads_elsewhere_is_followed_again(tree):
    other = tree.with_name("other")
    shutil.copytree(tree, other)
    (other / "tests/test_two.py").write_bytes(module())
    link = tree.with_name("link")
    link.symlink_to(tree)
    age(tree.parent)
    before = both(*CHECK, "link", folder=tree.parent)
    link.unlink()
    link.symlink_to(other)
    assert both(*CHECK, "link", folder=tree.parent) != before


def test_configuration_behind_a_link_is_seen_when_it_is_there(tree):
    link = tree / "tests/fixtests.toml"
    link.symlink_to(tree.parent / "far.toml")
    age_but_links(tree.parent)
    both(*CHECK, folder=tree)
    (tree.parent / "far.toml").write_text('ignore = ["FT101"]\n')
    assert both(*CHECK, folder=tree).code == 0


@pytest.mark.parametrize("where", ["proj", ".", "project", ""])
def test_tree_below_the_cache_or_beside_it_is_looked_at(tree, where):
    arguments = (*CHECK, "--cache-dir", where)
    age(tree.parent)
    assert fixtests(*arguments, "project", folder=tree.parent).code == 1
    (tree / "tests/test_one.py").write_text("x = (\n")
    assert fixtests(*arguments, "project", folder=tree.parent).code == 2


def test_git_that_refuses_says_something_else_than_that_there_is_nothing():
    assert output_cache.listing(None) != output_cache.listing(b"")


def test_pipe_in_the_place_of_an_entry_is_none(tree, cache_dir):
    age(tree.parent)
    first = fixtests(*CHECK, folder=tree)
    (entry,) = entries(cache_dir)
    entry.unlink()
    os.mkfifo(entry)
    assert fixtests(*CHECK, folder=tree) == first
