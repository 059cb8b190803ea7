"""Minutes and chats: each line is a remark of its own."""

from pathlib import Path

import pytest

from conftest import topics
from fixtests.review import claims, speakers
from fixtests.review.claim import Asks

MINUTES = """Item 1: tests/test_lamps.py

 Ann: test_red has no docstring.
 Bo: glad that the ids come
  from a sentinel.
 Ann: backslashes should go.
"""
CHAT = """Ann  09:31
looking at tests/test_lamps.py
the lamp is never deleted

Bo  09:33
`a if a > b else b` = max(a, b)
"""
CHANNEL = """[09:31] <ann> tests/test_lamps.py: no docstring
[09:32] <bo> the lamp is never deleted
"""


def said(text, tmp_path):
    path = tmp_path / "review.txt"
    path.write_text(text)
    return [
        (item.origin.rpartition(":")[2], item.place.files, item.asks)
        for item in claims.load(Path(path), topics()).claims
    ]


def test_each_line_of_minutes_is_a_remark(tmp_path):
    files = ("tests/test_lamps.py",)
    assert said(MINUTES, tmp_path) == [
        ("3", files, Asks.CHANGE),
        ("4", files, Asks.NOTHING),
        ("6", files, Asks.CHANGE),
    ]


def test_file_that_a_chat_turns_to_holds_for_what_follows(tmp_path):
    found = said(CHAT, tmp_path)
    assert [(row, files) for row, files, _ in found][-2:] == [
        ("3", ("tests/test_lamps.py",)),
        ("6", ("tests/test_lamps.py",)),
    ]


def test_heads_of_a_chat_may_be_bold():
    text = "**ann** 11:08\n14: no docstring\n\n**Bo B.** 11:10\n15: never deleted"
    assert speakers.spelled(text.splitlines()) == [
        "", "- 14: no docstring", "", "", "- 15: never deleted",
    ]  # fmt: skip


def test_lines_of_a_channel_are_items():
    assert [line[:2] for line in speakers.spelled(CHANNEL.splitlines())] == ["- ", "- "]


@pytest.mark.parametrize(
    "text",
    [
        "Where: line 4\nProblem: no docstring",
        "From: ann\nSubject: lamps",
        "Note: it is long.\nSo we read it in parts,\nand that takes time.",
        "one line: nothing",
    ],
)
def test_labels_and_heads_of_mails_are_no_speakers(text):
    lines = text.splitlines()
    assert speakers.spelled(lines) == lines


TITLED = """Files: tests/test_lamps.py, tests/test_shelves.py

test_lamps.py
<ann>  test_red has no docstring
<bo>  nice ids

test_shelves.py
<ann>  test_oak has no docstring
<bo>  +1 for the sentinel
"""
LISTED = """Files: tests/test_lamps.py, tests/test_shelves.py

test_lamps:

* test_red has no docstring

test_shelves:

* test_oak has no docstring
"""


@pytest.mark.parametrize(
    ("text", "rows"), [(TITLED, ("4", "5", "8", "9")), (LISTED, ("5", "9"))], ids=["chat", "lists"]
)
def test_name_of_a_file_alone_holds_for_what_stands_below_it(tmp_path, text, rows):
    found = said(text, tmp_path)
    assert tuple(row for row, _, _ in found) == rows
    half = len(rows) // 2
    assert [files for _, files, _ in found] == [("test_lamps.py",)] * half + [
        ("test_shelves.py",)
    ] * half


def test_who_speaks_is_no_part_of_what_is_said(tmp_path):
    asked = [asks for _, _, asks in said(TITLED, tmp_path)]
    assert asked == [Asks.CHANGE, Asks.NOTHING, Asks.CHANGE, Asks.NOTHING]


@pytest.mark.parametrize(
    "line", ["ann_b (10:14): {}", "10:14 ann_b: {}", "[10:14:02] <ann_b> {}", "ann_b, 10:14> {}"]
)
def test_who_logs_a_remark_and_when_is_no_part_of_it(line):
    said = "the lamp is never deleted", "test_red has no docstring"
    assert speakers.spelled([line.format(text) for text in said]) == [f"- {text}" for text in said]
