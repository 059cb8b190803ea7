"""Marks in copies of files: nothing else changes, and what is run says so."""

import ast
import codecs
import sys
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtests.model import Span
from fixtests.text.source import Source
from fixtests.verify import marks
from fixtests.verify.marks import marked, with_end
from generated import TIMES


def source(text, encoding="utf-8"):
    return Source.decode("/tests/test_a.py", text.encode(encoding))


def mark(text, *words):
    """Return a text with marks for some words, each of which stands once."""
    read = source(text)
    places = {}
    for word in words:
        assert read.utf8.count(word.encode()) == 1
        start = read.utf8.index(word.encode())
        places[word] = Span(start, start + len(word))
    return marked(read, places)


def after(text, *words):
    return mark(text, *words).content.decode().replace("__import__('fixtests_marks').", "")


def test_mark_is_a_line_of_its_own_before_the_innermost_statement():
    text = "def test_a():\n    for item in items():\n        if item:\n            use(item)\n"
    assert after(text, "use") == (
        "def test_a():\n    for item in items():\n        if item:\n"
        "            hit(0)\n            use(item)\n"
    )


def test_places_in_one_statement_share_a_mark():
    found = mark("def test_a():\n    one(\n        two)\n    three()\n", "one", "two", "three")
    assert found.numbers == {"one": 0, "two": 0, "three": 1}
    assert found.content.count(b"hit(") == 2


def test_numbers_begin_where_they_are_to():
    read = source("def test_a():\n    use()\n")
    assert marked(read, {"a": Span(18, 19)}, 7).numbers == {"a": 7}


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        # the header of a function: its body
        ("def test_a():\n    use()\n", "test_a", "def test_a():\n    hit(0)\n    use()\n"),
        ("@flag\ndef a():\n    use()\n", "flag", "@flag\ndef a():\n    hit(0)\n    use()\n"),
        (
            'def test_a():\n    """Says."""\n    use()\n',
            "test_a",
            'def test_a():\n    """Says."""\n    hit(0)\n    use()\n',
        ),
        (
            'def test_a():\n    """Says."""\n    use()\n',
            "Says",
            'def test_a():\n    """Says."""\n    hit(0)\n    use()\n',
        ),
        # a decorated function in a function
        (
            "def a():\n    @flag(one)\n    class B:\n        c = 1\n",
            "one",
            "def a():\n    hit(0)\n    @flag(one)\n    class B:\n        c = 1\n",
        ),
        # what shares its line, and elif: the statement around
        ("def a():\n    if b: use()\n", "use", "def a():\n    hit(0)\n    if b: use()\n"),
        ("def a():\n    b(); use()\n", "use", None),
        (
            "def a():\n    if b:\n        c()\n    elif use():\n        d()\n",
            "use",
            "def a():\n    hit(0)\n    if b:\n        c()\n    elif use():\n        d()\n",
        ),
        (
            "def a():\n    try:\n        b()\n    except use:\n        d()\n",
            "use",
            "def a():\n    hit(0)\n    try:\n        b()\n    except use:\n        d()\n",
        ),
        (
            "def a():\n    if b: \\\n        use()\n",
            "use",
            "def a():\n    hit(0)\n    if b: \\\n        use()\n",
        ),
        # a function on one line
        ("def a(): use()\n", "use", None),
        ("def a():\n    def b(): use()\n    b()\n", "use", None),
        ('def a():\n    """use"""\n', "use", None),
        # line ends, indentation and the end of the file
        ("def a():\r\n\tuse()\r\n", "use", "def a():\r\n\thit(0)\r\n\tuse()\r\n"),
        ("def a():\r\n    use()", "use", "def a():\r\n    hit(0)\r\n    use()"),
        ("def a():\n\x0c    use()\n", "use", "def a():\n\x0c    hit(0)\n\x0c    use()\n"),
        ("def a():\r    b()\r    use()\r", "use", "def a():\r    b()\r    hit(0)\r    use()\r"),
        ("\ufeffdef a():\n    use()\n", "use", "\ufeffdef a():\n    hit(0)\n    use()\n"),
    ],
)  # fmt: skip
def test_where_a_mark_stands(text, word, expected):
    assert after(text, word) == (expected or text)
    assert mark(text, word).at_import == frozenset()
    assert bool(mark(text, word).numbers) == (expected is not None)


@pytest.mark.parametrize("text", ["use()\n", "class A:\n    b = use()\n", "if use():\n    a()\n"])
def test_what_stands_in_no_function_runs_at_import(text):
    assert mark(text, "use") == type(mark(text, "use"))(text.encode(), {}, frozenset({"use"}))


@pytest.mark.parametrize(
    "text",
    [
        "def a():\n    if b: \\\n        use()\n",  # would not be Python
        "def a():\n    if b: \\\n    use()\n",  # would come whether `b` or not
        "def a():\n    b = '''\n'''; use()\n",  # would be text
    ],
)
def test_mark_that_would_change_something_is_none(monkeypatch, text):
    monkeypatch.setattr(marks, "_begins_line", lambda *_: True)
    assert mark(text, "use") == marks.Marked(text.encode(), {}, frozenset())


def test_other_encodings_stay():
    text = "# coding: latin-1\ndef a():\n    b('\xe9')\n"
    read = source(text, "latin-1")
    found = marked(read, {"b": Span(read.utf8.index(b"b("), read.utf8.index(b"b(") + 1)})
    assert found.content == text.encode("latin-1").replace(
        b"    b", b"    __import__('fixtests_marks').hit(0)\n    b"
    )


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", b"%s\n"),
        (b"a = 1\n", b"%s\n"),
        (b"a = 1", b"\n%s\n"),
        (b"a = 1\r\nb = 2", b"\r\n%s\r\n"),
        (b"a = 1\r", b"%s\r"),
        (b"def a():\n    b()\n    ", b"\n%s\n"),
        (b"if a:\n    b = 1\n# \\", b"\n%s\n"),
        (codecs.BOM_UTF8 + b"a = 1\n", b"%s\n"),
    ],
)
def test_last_line_notes_that_all_was_loaded(content, line):
    ended = with_end(content, 3)
    assert ended == content + line % b"__import__('fixtests_marks').loaded(3)"
    last = Source.decode("", ended).parse().body[-1]
    assert ast.unparse(last) == "__import__('fixtests_marks').loaded(3)"


@st.composite
def bodies(draw, depth=0):
    """Draw the lines of a block; each `note(n)` says that it is run, and `n` is never the same."""
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(KINDS if depth < 3 else ["note(#)"]))
        if kind.endswith(":"):
            tab = draw(st.sampled_from(["    ", "  ", "\t"]))
            for header in kind.split("|"):
                lines += header.split("\n")
                indent = " " * (len(lines[-1]) - len(lines[-1].lstrip()))
                lines += [f"{indent}{tab}{line}" for line in draw(bodies(depth + 1))]
        else:
            lines.append(kind)
    return [*lines, "note(#)"]


KINDS = [
    *("note(#)", "note(#)", "note(#)", "note(\n#)", "note(#); note(#)", '"""Text."""'),
    *("", "# no \\"),
    *("if note(#): note(#)", "if note(#) or \\\n   note(#):", "if note(#):|elif note(#):|else:"),
    *("for _ in (1, 2):", "while note(#):|else:", "try:|except ValueError:|finally:"),
    *("def inner():", "@deco(0)\ndef inner():", "class Inner:", "with deco(note(#)):"),
    *("match note(#):\n  case _ if note(#):",),
]  # fmt: skip


def numbered(lines):
    """Give each `#` in a body a number."""
    parts = "\n".join(lines).replace("# no", "\0 no").split("#")
    text = parts[0] + "".join(f"{number}{part}" for number, part in enumerate(parts[1:]))
    return text.replace("\0", "#")


@st.composite
def files(draw):
    """Draw a file with one function whose body is any block, with any line ends."""
    body = [*draw(bodies()), "inner()"]
    text = "def run():\n" + "\n".join(f"    {line}" for line in numbered(body).split("\n"))
    text = draw(st.sampled_from(["", "\x0c", "a = 'é'\n"])) + text
    ended = text + draw(st.sampled_from(["\n", ""]))
    return ended.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))


class Deco:
    def __init__(self, _):
        pass

    def __call__(self, function):
        return function

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


def run(content):
    """Run the function of a file; return the marks and notes in their order."""
    seen, left = [], [60]

    def note(number):
        seen.append(number)
        left[0] -= 1
        if left[0] < 0:
            raise KeyError(number)
        return number % 3 == left[0] % 3

    known, sys.modules["fixtests_marks"] = (
        sys.modules.get("fixtests_marks"),
        SimpleNamespace(hit=lambda number: seen.append(("hit", number))),
    )
    try:
        space = {"note": note, "deco": Deco}
        exec(compile(content, "test_a.py", "exec"), space)
        try:
            space["run"]()
        except (KeyError, NameError, UnboundLocalError, TypeError) as error:
            seen.append(type(error))
    finally:
        del sys.modules["fixtests_marks"]
        if known:
            sys.modules["fixtests_marks"] = known
    return seen


@settings(max_examples=100 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=files())
def test_marks_change_nothing_else_and_note_what_is_run(text):
    read = source(text)
    calls = {
        node.args[0].value: read.span(node)
        for node in ast.walk(read.parse())
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "note"
    }
    found = marked(read, {str(number): place for number, place in calls.items()})
    kept = [line for line in found.content.splitlines(True) if b"fixtests_marks" not in line]
    assert b"".join(kept) == read.content
    without, noted = run(read.content), run(found.content)
    assert [item for item in noted if not isinstance(item, tuple)] == without
    hits = set()
    for item in noted:
        if isinstance(item, tuple):
            hits.add(item[1])
        elif not isinstance(item, type) and str(item) in found.numbers:
            assert found.numbers[str(item)] in hits
    assert found.at_import == frozenset()
