"""The phases of a long test that comments name, and what flows from one to the next."""

import ast

import pytest

from fixtests.api import Project, check
from fixtests.rules.long_test import flow, naming
from fixtests.rules.long_test.phases import described, phases
from fixtests.text.source import Source

TEST = """\
def test_move(self, mock_glue):
    \"\"\"Moves.\"\"\"
    wall = self.wall()
    # Build the shelf
    shelf = self.build(wall)
    name = shelf.name
    self.hang(shelf)
    # Move it
    total = 0
    for book in shelf.books:
        total += book.pages
    self.move(shelf)

    self._wait_for_move(shelf)
    # Check the number of pages
    self.assertEqual(2, total)
    self.assertEqual(name, shelf.name)
    mock_glue.assert_called_once_with(wall)
"""


def drops(block):
    """Stand in for the project: of what is asked here only assertRaises takes exceptions."""
    return any("assertRaises" in ast.unparse(item) for item in block.items)


READS = flow.Reads(drops)


def told(text, methods=()):
    source = Source.decode("test_it.py", text.encode())
    function = source.parse().body[0]
    return described(function, phases(function, source), READS, methods)


def test_phases_begin_at_comments():
    found = told(TEST)
    assert [(item.phase.first, item.phase.last, item.phase.spaced) for item in found] == [
        (3, 3, False),
        (4, 7, False),
        (8, 14, True),
        (15, 18, False),
    ]


def test_each_phase_with_a_name_is_told_as_the_call_of_a_helper():
    assert [item.call for item in told(TEST) if item.name] == [
        "name, shelf = self._build_shelf(wall)",
        "self._check_number_of_pages(mock_glue, name, shelf, total, wall)",
    ]


def test_a_helper_takes_no_name_that_the_class_has():
    assert [item.name for item in told(TEST, methods={"_build_shelf"})][1] == ""


def test_two_phases_of_a_test_have_not_one_name():
    text = "def test_it(self):\n" + "    # Build a wall\n    self.build()\n    self.wait()\n" * 2
    assert [item.name for item in told(text)] == ["_build_wall", ""]


def test_a_test_without_comments_is_one_phase():
    assert len(told("def test_it(self):\n" + "    self.build()\n\n" * 40)) == 1
    assert told('def test_it(self):\n    """Nothing."""\n') == []


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
    assert READS.flow(ast.parse(text).body) == (read, bound)


@pytest.mark.parametrize(
    ("comment", "code", "name"),
    [
        ("Create the first server.", "self.create()\nself.wait()", "_create_first_server"),
        ("Create a server", "self.create()", ""),  # a single call
        ("Create a server", "server = 'one'\nself.wait()", ""),
        ("Create a server", "self.assertEqual(1, self.create())\nself.assertTrue(self.ok())", ""),
        ("Create a server with", "self.create()\nself.wait()", ""),
        ("Create a server with (at least) two ports", "self.create()\nself.wait()", ""),
        ("Create a server. Wait for it", "self.create()\nself.wait()", ""),
        ("Create a server in a cell that has no other one", "self.create()\nself.wait()", ""),
        ("Create a server that is not seen", "self.create()\nself.wait()", ""),
        ("The server is created", "self.create()\nself.wait()", ""),
        ("server with a port", "self.create()\nself.wait()", ""),
        ("Create", "self.create()\nself.wait()", ""),
        ("Verify that the move is done", "self.assertTrue(a)", "_verify_move_is_done"),
        ("Verify that the move is done", "self.create()\nself.wait()", ""),
        ("NOTE(somebody): Create the server", "self.create()\nself.wait()", ""),
        ("", "self.create()\nself.wait()", ""),
    ],
)
def test_names_of_helpers(comment, code, name):
    assert naming.name_of(comment, ast.parse(code).body) == name


def test_what_another_test_does_too_and_what_is_left_are_said(tmp_path):
    steps = "\n".join(f"        self.hang(shelf, {number})" for number in range(8))
    (tmp_path / "fixtests.toml").write_text("[long-test]\nmax-lines = 14\n")
    (tmp_path / "test_shelf.py").write_text(
        "import unittest\n\n\nclass ShelfTest(unittest.TestCase):\n"
        "    def test_one(self):\n        shelf = self.shelf()\n        # Fill the shelf\n"
        f"{steps}\n"
        f"        # The rest\n{steps.replace('hang', 'paint')}\n\n"
        f"    def test_two(self):\n        shelf = None\n{steps}\n"
    )
    (result,) = check(Project(tmp_path, select=["FT602"]))
    (finding,) = result.findings
    assert finding.message == (
        "`test_one` has 20 lines, more than 14; lines 7-15, `self._fill_shelf(shelf)`, can be a "
        "method: `test_two` takes the same steps, which one method would serve"
    )
    (tmp_path / "fixtests.toml").write_text("[long-test]\nmax-lines = 10\n")
    (result,) = check(Project(tmp_path, select=["FT602"]))
    assert result.findings[0].message.endswith("serve; 12 lines are left then")
