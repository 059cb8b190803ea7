"""Asking before each fix, through a pseudo-terminal, as a user has it."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time

import pytest

from conftest import A_UUID, fixed, fixtests, module

OTHER = "11111111-2222-3333-4444-555555555555"
QUESTION = b"[y,n,a,d,A,D,e,q,?]? "
TWO = module() + f"        self.attach(image_id='{OTHER}')\n".encode()
GUARDED = """import unittest


class OneTest(unittest.TestCase):

    def test_it(self):
        servers = self.api.get_servers()
        self.start(servers[0])
        self.attach(volume_id='{uuid}')
"""


class Terminal:
    """A run with questions in a terminal of its own."""

    def __init__(self, tree, *arguments, env=None):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fixtests", "-i", *arguments],
            cwd=tree,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0),
            env={**os.environ, "NO_COLOR": "1", **(env or {})},
        )
        os.close(slave)
        self.text = b""

    def wait_for(self, what):
        """Read until something is shown, and return what was shown before it."""
        until = time.monotonic() + 60
        while what not in self.text:
            if not self._read() or time.monotonic() > until:
                pytest.fail(f"{what!r} was not shown: {self.text.decode()}")
        before, _, self.text = self.text.partition(what)
        return before.decode()

    def answer(self, keys):
        """Wait for a question, answer it, and return what was shown before it."""
        shown = self.wait_for(QUESTION)
        os.write(self.master, keys)
        return shown

    def end(self):
        """Read to the end; return the exit code and what was shown."""
        while self._read():
            pass
        code = self.process.wait(timeout=60)
        os.close(self.master)
        return code, self.text.decode()

    def _read(self):
        if not select.select([self.master], [], [], 60)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the other side is gone
            return False
        self.text += data
        return bool(data)


@pytest.fixture
def two(tree):
    (tree / "tests/test_one.py").write_bytes(TWO)
    return tree


def text_of(tree, name="test_one.py"):
    return (tree / "tests" / name).read_text()


def test_accepted_fix_is_written_and_the_other_left(two):
    terminal = Terminal(two)
    shown = terminal.answer(b"y\n")
    assert "tests/test_one.py:7:31: FT101 literal UUID" in shown
    assert f"-        self.attach(volume_id='{A_UUID}')" in shown
    assert "+        self.attach(volume_id=VOLUME_ID)" in shown
    assert "IMAGE_ID" not in shown
    assert "+        self.attach(image_id=IMAGE_ID)" in terminal.answer(b"n\n")
    code, shown = terminal.end()
    assert code == 1
    assert "Fixed 1 finding in 1 file." in shown
    assert "attach(volume_id=VOLUME_ID)" in text_of(two)
    assert f"attach(image_id='{OTHER}')" in text_of(two)


def test_nothing_accepted_leaves_the_file(two):
    terminal = Terminal(two)
    terminal.answer(b"n\n")
    terminal.answer(b"N\n")
    assert terminal.end()[0] == 1
    assert text_of(two).encode() == TWO


def test_rest_of_the_file_is_fixed(two):
    (two / "tests/test_two.py").write_bytes(module())
    terminal = Terminal(two)
    terminal.answer(b"a\n")
    assert "tests/test_two.py" in terminal.answer(b"n\n")
    assert terminal.end()[0] == 1
    assert A_UUID not in text_of(two).split("class")[1]
    assert "image_id=IMAGE_ID" in text_of(two)
    assert text_of(two, "test_two.py").encode() == module()


def test_rest_of_the_file_is_left(two):
    (two / "tests/test_two.py").write_bytes(module())
    terminal = Terminal(two)
    terminal.answer(b"d\n")
    assert "tests/test_two.py" in terminal.answer(b"y\n")
    terminal.end()
    assert text_of(two).encode() == TWO
    assert text_of(two, "test_two.py").encode() == fixed()


@pytest.mark.parametrize(("keys", "after"), [(b"A\n", fixed()), (b"D\n", module())])
def test_rest_of_the_rule(tree, keys, after):
    (tree / "tests/test_one.py").write_text(GUARDED.format(uuid=A_UUID))
    (tree / "tests/test_two.py").write_bytes(module())
    terminal = Terminal(tree, "--select", "FT101,FT201")
    assert "FT201" in terminal.answer(b"y\n")
    assert "FT101" in terminal.answer(keys)
    terminal.end()
    assert "assert" in text_of(tree)
    assert ("volume_id=VOLUME_ID" in text_of(tree)) is (keys == b"A\n")
    assert text_of(tree, "test_two.py").encode() == after


def test_what_is_said_of_a_file_beats_what_was_said_of_a_rule(tree):
    (tree / "tests/test_one.py").write_bytes(module())
    (tree / "tests/test_two.py").write_text(GUARDED.format(uuid=A_UUID))
    terminal = Terminal(tree, "--select", "FT101,FT201")
    assert "FT101" in terminal.answer(b"A\n")
    assert "FT201" in terminal.answer(b"d\n")
    terminal.end()
    assert text_of(tree).encode() == fixed()
    assert text_of(tree, "test_two.py") == GUARDED.format(uuid=A_UUID)


@pytest.mark.parametrize("keys", [b"q\n", b"Q\n", b"\x04"], ids=["q", "Q", "end-of-input"])
def test_what_was_accepted_survives_the_end(two, keys):
    terminal = Terminal(two)
    terminal.answer(b"y\n")
    terminal.answer(keys)
    assert terminal.end()[0] == 1
    assert "attach(volume_id=VOLUME_ID)" in text_of(two)
    assert f"attach(image_id='{OTHER}')" in text_of(two)


def test_who_leaves_gets_the_summary_and_no_list_of_the_rest(two):
    terminal = Terminal(two)
    terminal.answer(b"y\n")
    terminal.answer(b"q\n")
    shown = terminal.end()[1]
    assert "1 finding left" in shown
    assert "FT101" not in shown


def test_who_answers_all_gets_a_list_of_the_rest(two):
    terminal = Terminal(two)
    terminal.answer(b"y\n")
    terminal.answer(b"n\n")
    assert "FT101" in terminal.end()[1]


def test_report_is_saved_also_for_one_who_leaves(two):
    terminal = Terminal(two, "--output-format", "json", "-o", "report.json")
    terminal.answer(b"q\n")
    terminal.end()
    assert len(json.loads((two / "report.json").read_text())) == 2


def test_questions_are_coloured_on_a_terminal(two):
    terminal = Terminal(two, env={"TERM": "xterm", "NO_COLOR": "", "FORCE_COLOR": ""})
    shown = terminal.answer(b"q\n")
    assert "\x1b[32m+        self.attach(volume_id=VOLUME_ID)\x1b[0m" in shown
    assert "\x1b[34m\x1b[1mFix 1/2" in shown
    terminal.end()


def test_questions_are_plain_where_colours_are_not_wanted(two):
    terminal = Terminal(two, env={"TERM": "xterm", "NO_COLOR": "1"})
    assert "\x1b[" not in terminal.answer(b"q\n")
    assert "\x1b[" not in terminal.end()[1]


def test_what_was_accepted_survives_an_interruption(two):
    terminal = Terminal(two)
    terminal.answer(b"y\n")
    terminal.answer(b"\x03")
    code, shown = terminal.end()
    assert code == 130
    assert "Interrupted; every file is whole." in shown
    assert "attach(volume_id=VOLUME_ID)" in text_of(two)
    assert f"attach(image_id='{OTHER}')" in text_of(two)
    assert fixtests("undo", folder=two).code == 0
    assert text_of(two).encode() == TWO


def test_anything_else_shows_what_can_be_answered(two):
    terminal = Terminal(two)
    terminal.answer(b"?\n")
    assert "d - leave this and the rest of the file" in terminal.answer(b"what\n")
    assert "q - leave this" in terminal.answer(b"\n")
    assert "? - this list" in terminal.answer(b"q\n")
    terminal.end()
    assert text_of(two).encode() == TWO


def test_fix_is_edited_before_it_is_written(two):
    editor = two.parent / "editor.sh"
    editor.write_text('#!/bin/sh\nsed -i "s/self.attach(/self.attach_it(/" "$1"\n')
    editor.chmod(0o755)
    terminal = Terminal(two, env={"EDITOR": str(editor), "VISUAL": str(editor)})
    terminal.answer(b"e\n")
    terminal.answer(b"n\n")
    assert terminal.end()[0] == 1
    assert "self.attach_it(volume_id=VOLUME_ID)" in text_of(two)
    assert f"self.attach(image_id='{OTHER}')" in text_of(two)


def test_edit_that_is_no_python_is_not_accepted(two):
    editor = two.parent / "editor.sh"
    editor.write_text('#!/bin/sh\necho "    (" >> "$1"\n')
    editor.chmod(0o755)
    terminal = Terminal(two, env={"EDITOR": str(editor), "VISUAL": str(editor)})
    terminal.answer(b"e\n")
    assert "not accepted: line" in terminal.answer(b"q\n")
    terminal.end()
    assert text_of(two).encode() == TWO


def test_dry_run_asks_and_shows_what_was_accepted(two):
    terminal = Terminal(two, "--dry-run")
    terminal.answer(b"y\n")
    terminal.answer(b"n\n")
    code, shown = terminal.end()
    assert code == 1
    assert "+        self.attach(volume_id=VOLUME_ID)" in shown
    assert "IMAGE_ID" not in shown
    assert text_of(two).encode() == TWO


def test_dry_run_asks_each_time(two):
    """What it printed before is no answer to questions."""
    for path in [*two.parent.rglob("*"), two.parent]:  # old enough to be kept
        os.utime(path, (0, 0))
    for _ in range(2):
        terminal = Terminal(two, "--dry-run")
        terminal.answer(b"n\n")
        terminal.answer(b"n\n")
        assert terminal.end()[0] == 1


def test_without_a_terminal_nothing_is_asked_and_nothing_written(two):
    answer = fixtests("-i", folder=two)
    assert answer.code == 2
    assert "--interactive needs a terminal" in answer.err
    assert text_of(two).encode() == TWO


def test_killed_while_it_asks_nothing_is_written(two):
    terminal = Terminal(two)
    terminal.answer(b"y\n")
    terminal.wait_for(QUESTION)
    terminal.process.send_signal(signal.SIGKILL)
    terminal.end()
    assert text_of(two).encode() == TWO
