"""Every shape that a file, its name or its place comes in, through the real command line."""

import codecs
import os
import shutil

import pytest

from conftest import A_UUID, fixed, fixtests, git, module
from fixtests.model import Status
from fixtests.run import one_file
from fixtests.run.request import Request
from fixtests.run.session import Session
from sparse import sparse

LATIN = b"# -*- coding: latin-1 -*-\n# caf\xe9\n"
SECOND = b"#!/usr/bin/env python\n# vim: set fileencoding=euc-jp :\n# \xa4\xa2\n"
MARK = codecs.BOM_UTF8
CALL = b"        self.attach(volume_id="
DEPTH = 90


def nested(content, levels=DEPTH):
    """Return a module whose last line stands in so many blocks, one space deeper each."""
    head, last = content.rstrip(b"\n").rsplit(b"\n", 1)
    blocks = [b" " * (8 + level) + b"if self:" for level in range(levels)]
    return b"\n".join((head, *blocks, b" " * levels + last, b""))


def within(content, opening, closing):
    """Return a module whose literal stands inside of something."""
    start = content.index(CALL) + len(CALL)
    end = content.rindex(b")")
    return content[:start] + opening + content[start:end] + closing + content[end:]


SHAPES = {
    "cookie": (LATIN + module(), LATIN + fixed()),
    "cookie_in_second_line": (SECOND + module(), SECOND + fixed()),
    "mark": (MARK + module(), MARK + fixed()),
    "mark_and_cookie": (
        MARK + b"# coding: utf-8\n" + module(),
        MARK + b"# coding: utf-8\n" + fixed(),
    ),
    "crlf": (module().replace(b"\n", b"\r\n"), fixed().replace(b"\n", b"\r\n")),
    "cr": (module().replace(b"\n", b"\r"), fixed().replace(b"\n", b"\r")),
    "form_feed": (
        module().replace(b"\n\nclass", b"\n\x0c\nclass"),
        fixed().replace(b"\n\nclass", b"\n\x0c\nclass"),
    ),
    "tabs": (module().replace(b"    ", b"\t"), fixed().replace(b"    ", b"\t")),
    "no_final_newline": (module().rstrip(b"\n"), fixed().rstrip(b"\n")),
    "long_line": (
        module() + b"x = '" + b"a" * 100_000 + b"'  # " + b"b" * 100_000 + b"\n",
        fixed() + b"x = '" + b"a" * 100_000 + b"'  # " + b"b" * 100_000 + b"\n",
    ),
    "nested_blocks": (nested(module()), nested(fixed())),
    "empty": (b"", b""),
    "only_a_mark": (MARK, MARK),
    "only_line_ends": (b"\r\n\n\r\x0c", b"\r\n\n\r\x0c"),
    "only_a_comment": (b"# " + A_UUID.encode(), b"# " + A_UUID.encode()),
}
UNUSABLE = {
    "nul_in_the_middle": (module() + b"x = '\0'\n", "line 8: NUL byte; remove it"),
    "print": (module() + b"print 'old'\n", "line 8: Missing parentheses"),
    "except": (module() + b"try: x\nexcept E, e: y\n", "line 9: multiple exception types"),
    "raise": (module() + b"raise E, 'text'\n", "line 8: invalid syntax"),
    "octal": (module() + b"x = 0777\n", "line 8: leading zeros"),
    "backquotes": (module() + b"x = `y`\n", "line 8: invalid syntax"),
    "newer": (module() + b"lazy import json as other\n", "line 8: invalid syntax"),
    "blocks": (nested(module(), 5000), "too many levels of indentation"),
    "brackets": (within(module(), b"(" * 5000, b")" * 5000), "too many nested parentheses"),
    "attributes": (module() + b"x = a" + b".b" * 50_000 + b"\n", "exclude"),
    "branches": (module() + b"if a: x\n" + b"elif b: x\n" * 20_000, "exclude"),
}


def test_every_shape_is_kept_by_check_preview_and_fix(tree):
    tests = tree / "tests"
    (tests / "test_one.py").unlink()
    for name, (before, _) in SHAPES.items():
        (tests / f"test_{name}.py").write_bytes(before)
    copy = tree.with_name("copy")
    shutil.copytree(tree, copy)
    git(copy, "init", "-q")
    changing = [name for name, (before, after) in SHAPES.items() if before != after]
    checked = fixtests("check", "--output-format", "concise", folder=tree)
    assert checked.code == 1
    assert {line.partition(b":")[0].decode() for line in checked.out.splitlines()} == {
        f"tests/test_{name}.py" for name in changing
    }
    git(copy, "apply", "--whitespace=nowarn", stdin=fixtests("--dry-run", folder=tree).out)
    assert fixtests(folder=tree).code == 0
    for name, (_, after) in SHAPES.items():
        assert (tests / f"test_{name}.py").read_bytes() == after, name
        assert (copy / "tests" / f"test_{name}.py").read_bytes() == after, name
    assert fixtests("undo", folder=tree).code == 0
    for name, (before, _) in SHAPES.items():
        assert (tests / f"test_{name}.py").read_bytes() == before, name


def test_unusable_files_are_named_in_words_and_left_and_others_go_on(tree):
    for name, (content, _) in UNUSABLE.items():
        (tree / f"tests/test_{name}.py").write_bytes(content)
    said = fixtests(folder=tree)
    assert said.code == 2
    assert "internal error" not in said.err
    assert "Traceback" not in said.err
    told = dict(
        line.removeprefix("error: tests/test_").split(".py: ", 1)
        for line in said.err.splitlines()
        if line.startswith("error: ")
    )
    for name, (content, hint) in UNUSABLE.items():
        assert hint in told[name], name
        assert (tree / f"tests/test_{name}.py").read_bytes() == content, name
    assert (tree / "tests/test_one.py").read_bytes() == fixed()


@pytest.mark.parametrize(
    "filler",
    sparse([b"# a line\n" * 1_100_000, b"#" * 10_000_000 + b"\n"], 2, "takes seconds"),
    ids=["many lines", "a long line"],
)
def test_ten_megabytes_are_fixed(tree, filler):
    path = tree / "tests/test_one.py"
    path.write_bytes(module() + filler)
    assert fixtests(folder=tree).code == 0
    assert path.read_bytes() == fixed() + filler


def test_name_that_is_no_utf_8_is_checked_previewed_fixed_and_taken_back(tree):
    path = os.fsencode(tree / "tests") + b"/test_\xff\n\xc3\xa9.py"
    (tree / "tests/test_one.py").rename(os.fsdecode(path))
    for command in (["check"], ["check", "--output-format", "json"], ["--dry-run"], ["plan"]):
        said = fixtests(*command, folder=tree)
        code = 0 if command == ["plan"] else 1
        assert (said.code, "Traceback" in said.err) == (code, False), command
    copy = tree.with_name("copy")
    shutil.copytree(tree, copy)
    git(copy, "init", "-q")
    git(copy, "apply", stdin=fixtests("--dry-run", folder=tree).out)
    assert fixtests(folder=tree).code == 0
    with open(path, "rb") as stream:
        assert stream.read() == fixed()
    with open(os.fsencode(copy) + path.removeprefix(os.fsencode(tree)), "rb") as stream:
        assert stream.read() == fixed()
    assert fixtests("undo", folder=tree).code == 0
    with open(path, "rb") as stream:
        assert stream.read() == module()


def test_loops_of_links_pipes_and_devices_are_passed_by(tree):
    tests = tree / "tests"
    (tests / "around").symlink_to(tree)
    (tests / "test_self.py").symlink_to("test_self.py")
    (tests / "test_there.py").symlink_to("test_back.py")
    (tests / "test_back.py").symlink_to("test_there.py")
    (tests / "test_gone.py").symlink_to("nowhere.py")
    (tests / "test_folder.py").mkdir()
    os.mkfifo(tests / "test_pipe.py")
    said = fixtests(folder=tree)
    assert (said.code, said.err) == (0, "Fixed 1 finding in 1 file.\n")
    assert (tests / "test_one.py").read_bytes() == fixed()


def test_link_to_a_device_is_named_and_not_read(tree):
    (tree / "tests/test_zero.py").symlink_to("/dev/zero")
    said = fixtests(folder=tree)
    assert said.code == 2
    assert "error: tests/test_zero.py: links to a file outside of the root" in said.err
    assert (tree / "tests/test_one.py").read_bytes() == fixed()


def test_folder_that_cannot_be_written_to_is_an_error_and_the_file_is_whole(tree):
    tests = tree / "tests"
    tests.chmod(0o555)
    try:
        said = fixtests(folder=tree)
        content = (tests / "test_one.py").read_bytes()
    finally:
        tests.chmod(0o755)
    assert (said.code, content) in ((2, module()), (0, fixed()))
    assert (said.code == 2) == ("could not be written" in said.err)
    assert [path.name for path in tests.iterdir()] == ["test_one.py"]


def test_file_that_vanishes_after_it_was_listed_is_named_and_others_go_on(tree):
    (tree / "tests/test_two.py").write_bytes(module())
    session = Session(Request(paths=(tree,)))
    files = session.files()
    (tree / "tests/test_one.py").unlink()
    gone, other = one_file.run(session, files, lambda: None)
    assert (gone.status, other.status) == (Status.FAILED, Status.CHANGED)
    assert gone.detail.startswith("cannot be read: No such file")
