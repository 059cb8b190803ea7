"""What is told of a long test: its phases, and what flows from one to the next."""

import ast

import pytest

from fixtests.rules.long_test import flow, naming
from fixtests.rules.long_test.phases import described, phases
from fixtests.text.source import Source

TEST = """\
def test_move(self, mock_glue):
    \"\"\"Moves.\"\"\"
    # Build the wall
    wall = self.build()
    name = wall.name
    self.hang(wall)
    self.hang(wall)
    self.hang(wall)
    self.hang(wall)
    self.hang(wall)

    total = 0
    for shelf in wall.shelves:
        total += shelf.books
    self.move(wall)
    self.move(wall)
    self.move(wall)
    self.move(wall)
    self._wait_for_move(wall)
    self.read(wall)
    self.read(wall)
    self.read(wall)
    self.read(wall)
    self.read(wall)
    self.read(wall)
    self.assertEqual(2, total)
    self.assertEqual(name, wall.name)
    self.remove(wall)
    self.remove(wall)
    self.remove(wall)
    self.remove(wall)
    self.remove(wall)
    self.remove(wall)
    mock_glue.assert_called_once_with(wall)
    self.assertEqual(0, total)
"""


def drops(block):
    """Stand in for the project: of what is asked here only assertRaises takes exceptions."""
    return any("assertRaises" in ast.unparse(item) for item in block.items)


READS = flow.Reads(drops)


def told(text, methods=()):
    source = Source.decode("test_it.py", text.encode())
    function = source.parse().body[0]
    return described(function, phases(function, source), READS, methods)


def test_phases_begin_at_comments_and_blank_lines_after_waits_and_assertions():
    found = told(TEST)
    assert [(item.phase.first, item.phase.last, item.phase.edge.words) for item in found] == [
        (3, 10, "the start"),
        (12, 19, "a blank line"),
        (20, 27, "the end of a wait"),
        (28, 35, "the end of assertions"),
    ]


def test_each_phase_is_told_as_the_call_of_a_helper():
    assert [item.call for item in told(TEST)] == [
        "name, wall = self._build_wall()",
        "total = self._run_wait_for_move(wall)",
        "self._run_read(name, total, wall)",
        "self._run_remove(mock_glue, total, wall)",
    ]


def test_a_helper_takes_no_name_that_the_class_has():
    found = told(TEST, methods={"_build_wall", "_run_read"})
    assert [item.name for item in found][:3] == [
        "_build_wall_2",
        "_run_wait_for_move",
        "_run_read_2",
    ]


def test_a_test_without_edges_is_one_phase():
    assert len(told("def test_it(self):\n" + "    self.build()\n" * 40)) == 1
    assert told('def test_it(self):\n    """Nothing."""\n') == []


def test_a_test_never_has_more_than_ten_phases():
    text = "def test_it(self):\n" + ("    self.build()\n" * 8 + "\n") * 30
    assert len(told(text)) == 10


@pytest.mark.parametrize(
    ("text", "read", "bound"),
    [
        ("a = b", {"b"}, {"a"}),
        ("a = a", {"a"}, {"a"}),
        ("a += 1", {"a"}, {"a"}),
        ("a.b = c", {"a", "c"}, set()),
        ("a, *b = c", {"c"}, {"a", "b"}),
        ("if a:\n    b = 1\nelse:\n    b = 2\nb", {"a"}, {"b"}),
        ("if a:\n    b = 1\nb", {"a", "b"}, set()),
        ("for a in b:\n    c = a\nc", {"b", "c"}, set()),
        ("while a:\n    a = 1", {"a"}, set()),
        ("with a as b:\n    c = b\nc", {"a"}, {"b", "c"}),
        ("with self.assertRaises(a):\n    b = c()\nb", {"self", "a", "b", "c"}, set()),
        ("try:\n    a = 1\nexcept b as c:\n    c\na", {"a", "b"}, set()),
        ("[a for a in b]", {"b"}, set()),
        ("[a for a in a]", {"a"}, set()),
        ("a = lambda b: b + c", {"c"}, {"a"}),
        ("def a(b=c):\n    return b + d", {"c", "d"}, {"a"}),
        ("class A(b):\n    c = d", {"b", "d"}, {"A"}),
        ("import a.b", set(), {"a"}),
        ("(a := b)", {"b"}, {"a"}),
        ("match a:\n    case [b]:\n        b", {"a"}, set()),
        ("match a:\n    case [b]:\n        b\nb", {"a", "b"}, set()),
        ("match a:\n    case [b]:\n        c = b\n    case _:\n        c = a", {"a"}, {"c"}),
        ("try:\n    a = b\nexcept c:\n    a = d\na", {"b", "c", "d"}, {"a"}),
        ("for a in (1, 2):\n    b = a\nb", set(), {"a", "b"}),
        ("if a:\n    self.fail()\nelse:\n    b = 1\nb", {"a", "self"}, {"b"}),
    ],
)
def test_names_that_statements_read_and_bind(text, read, bound):
    assert READS.free_names(ast.parse(text).body) == (read, bound)


@pytest.mark.parametrize(
    ("comment", "code", "name"),
    [
        ("Create the first server.", "pass", "_create_server"),
        ("Verify that the move is done, and fast", "pass", "_verify_move_done"),
        ("NOTE(somebody): Create the server", "self.api.post_server()", "_post_server"),
        ("There should be no server", "self.post_server()", "_run_post_server"),
        ("", "self.assertEqual(1, 2)", "_check_it"),
        ("", "A = {}", "_prepare_a"),
        ("Create a server with", "pass", "_create_server"),
    ],
)
def test_names_of_helpers(comment, code, name):
    assert naming.name_of(comment, ast.parse(code).body, ["A"]) == name
