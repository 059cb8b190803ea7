"""The cache: an answer is given again only while nothing that it came from has changed."""

import hashlib
import json
import os
import time

import pytest

from conftest import fixtests, git, module
from fixtests import cache

CHECK = ("check", "--output-format", "concise")
OLD = time.time() - 3600


def age(folder):
    """Make everything in a folder an hour old, so that no doubt is left about it."""
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (OLD, OLD))


def entries(cache_dir):
    return sorted(cache_dir.glob("*.json"))


def reworded(entry):
    """Put other words into an entry, with the right checksum, and return them."""
    told = json.loads(entry.read_bytes().partition(b"\n")[2])
    told["parts"] = [[False, "from the cache\n"]]
    body = json.dumps(told).encode()
    entry.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


@pytest.mark.parametrize("arguments", [CHECK, ("--dry-run",), ("check",)], ids=" ".join)
def test_second_answer_is_the_first_one(tree, cache_dir, arguments):
    age(tree.parent)
    first = fixtests(*arguments, folder=tree)
    assert len(entries(cache_dir)) == 1
    assert fixtests(*arguments, folder=tree) == first
    assert fixtests(*arguments, "--no-cache", folder=tree) == first
    reworded(entries(cache_dir)[0])
    assert fixtests(*arguments, folder=tree).text == "from the cache\n"


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
    "arguments", [("--no-cache", *CHECK[1:]), (), ("rules",)], ids=["no-cache", "fix", "rules"]
)
def test_what_may_not_be_kept_is_not(tree, cache_dir, arguments):
    age(tree.parent)
    fixtests(*arguments, folder=tree)
    assert not entries(cache_dir)


def test_failed_run_is_not_kept(tree, cache_dir):
    (tree / "tests/test_bad.py").write_text("x = (\n")
    age(tree.parent)
    assert fixtests(*CHECK, folder=tree).code == 2
    assert not entries(cache_dir)


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
    monkeypatch.setattr(cache, "KEPT", 2)
    (tmp_path / "notes.json").write_text("mine")
    for number in range(4):
        entry = tmp_path / f"{number:064}.json"
        cache._save(str(entry), b"x")
        os.utime(entry, (OLD + number, OLD + number))
    cache._prune(str(tmp_path))
    assert [path.name[-8:] for path in entries(tmp_path)] == ["002.json", "003.json", "tes.json"]
