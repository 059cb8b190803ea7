"""Names put in the place of others, with the lines that hang on them, and imports that move."""

import ast
import io
import tokenize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtests.fixing import alignment, editor
from fixtests.model import Span
from fixtests.reasoning.imported import Imports
from fixtests.settings.layout import Layout
from fixtests.syntax.literals import beginning
from fixtests.text.source import Source
from fixtests.tree.module import Module
from test_editor import place

LONG = "a_name_that_is_longer"
LIMIT = Layout().line_length


def renamed(tmp_path, text, new):
    """Put a name in the place of each `TARGET`."""
    at = [index for index in range(len(text)) if text.startswith("TARGET", index)]
    spans = [Span(index, index + len("TARGET")) for index in at]
    return place(tmp_path, text, lambda edit: edit.reword(dict.fromkeys(spans, new)))


RENAMED = {
    "aligned": (
        "x = TARGET(a,\n           b(c,\n             d),\n    e)\n",
        f"x = {LONG}(a,\n{' ' * 26}b(c,\n{' ' * 28}d),\n    e)\n",
    ),
    "hanging": ("x = TARGET(\n    a,\n    b)\n", f"x = {LONG}(\n    a,\n    b)\n"),
    "hanging-in-aligned": (
        "TARGET(a,\n       b(\n           c))\n",
        f"{LONG}(a,\n{' ' * 22}b(\n{' ' * 26}c))\n",
    ),
    "string-of-lines": (
        'TARGET(a, """\n       b\n""",\n       c)\n',
        f'{LONG}(a, """\n       b\n""",\n{" " * 22}c)\n',
    ),
    "comment": ("TARGET(a,  # one\n       b)  # two\n", f"{LONG}(a,  # one\n{' ' * 22}b)  # two\n"),
    "twice": ("TARGET(TARGET(a,\n              b))\n", f"{LONG}({LONG}(a,\n{' ' * 44}b))\n"),
    "crlf": ("TARGET(a,\r\n       b)\r\n", f"{LONG}(a,\r\n{' ' * 22}b)\r\n"),
    "decorator": (
        "@TARGET(a,\n        b)\ndef f():\n    pass\n",
        f"@{LONG}(a,\n{' ' * 23}b)\ndef f():\n    pass\n",
    ),
    "comma": (
        f"x = TARGET.function({'a' * 20}, {'b' * 20}, key=1)\n",
        f"x = {LONG}.function({'a' * 20}, {'b' * 20},\n{' ' * 35}key=1)\n",
    ),
    "bracket": (
        f"    x = TARGET.function({'a' * 45})\n".lstrip(),
        f"x = {LONG}.function(\n    {'a' * 45})\n",
    ),
    "header": (
        f"if TARGET.function({'a' * 45}):\n    pass\n",
        f"if {LONG}.function(\n        {'a' * 45}):\n    pass\n",
    ),
    "bracket-of-an-earlier-line": (
        f"x = TARGET.function(a,\n{' ' * 20}{'b' * 50})\n",
        f"x = {LONG}.function(\n    a,\n    {'b' * 50})\n",
    ),
    "no-bracket": (
        f"result = TARGET.{'a' * 50}\n",
        f"result = (\n    {LONG}.{'a' * 50})\n",
    ),
    "known-to-be-long": (
        f"x = {'a' * 80}  # noqa\ny = TARGET\n",
        f"x = {'a' * 80}  # noqa\ny = {LONG}\n",
    ),
}


@pytest.mark.parametrize("case", RENAMED)
def test_what_hangs_on_a_name_moves_with_it(tmp_path, case):
    text, expected = RENAMED[case]
    after = renamed(tmp_path, text, LONG)
    assert after == expected
    assert max(len(line) for line in after.split("\n") if "noqa" not in line) <= LIMIT + 1


def test_shorter_name_takes_what_hangs_on_it_back(tmp_path):
    assert renamed(tmp_path, "x = TARGET(a,\n           b)\n", "f") == "x = f(a,\n      b)\n"


def test_dotted_string_is_divided_where_nothing_else_helps():
    text = f"patch('TARGET.{'a' * 40}.{'b' * 30}')"
    start = text.index("TARGET")
    after = alignment.changed(text, [(start, start + 6, "c" * 20)], LIMIT)
    assert ast.literal_eval(after.removeprefix("patch")) == (f"{'c' * 20}.{'a' * 40}.{'b' * 30}")
    assert max(map(len, after.split("\n"))) <= LIMIT


def test_line_that_cannot_be_divided_is_refused():
    with pytest.raises(editor.CannotPlaceError, match="longer than 79 columns"):
        alignment.changed("TARGET", [(0, 6, "a" * 80)], LIMIT)


words = st.sampled_from(["TARGET", "TARGET.a", "bb", "'c.d.e'", "f(TARGET, 1)", "[TARGET,\n g]"])


def calls(inner):
    gaps = st.sampled_from([", ", ",\n        ", ",  # why\n    "])
    return st.builds(
        lambda items, gap, open_: f"h({open_}{gap.join(items)})",
        st.lists(inner, min_size=1, max_size=4),
        gaps,
        st.sampled_from(["", "\n    "]),
    )


@settings(max_examples=200, deadline=None)
@given(st.recursive(words, calls, max_leaves=12))
def test_names_are_all_that_a_layout_changes(expression):
    text = f"x = {expression}"
    at = [index for index in range(len(text)) if text.startswith("TARGET", index)]
    try:
        after = alignment.changed(text, [(index, index + 6, LONG) for index in at], LIMIT)
    except editor.CannotPlaceError:
        return
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(text.replace("TARGET", LONG)))
    assert after.count("# why") == text.count("# why")
    assert max(map(len, after.split("\n"))) <= max(LIMIT, *map(len, text.split("\n")))
    [*tokenize.generate_tokens(io.StringIO(after).readline)]


MOVED_IMPORTS = {
    "in-place": (
        "import os\n\nfrom a import b\nfrom a import d\n\nTARGET\n",
        ("from a import b", ["b"], ["from a import c"]),
        "import os\n\nfrom a import c\nfrom a import d\n\nTARGET\n",
    ),
    "sorted-away-with-its-comment": (
        "from a import b  # why\nfrom a import d\nfrom a import f\n\nTARGET\n",
        ("from a import b", ["b"], ["from a import e"]),
        "from a import d\nfrom a import e  # why\nfrom a import f\n\nTARGET\n",
    ),
    "block-left-behind-goes": (
        "import os\n\nfrom a import b\n\nTARGET\n",
        ("from a import b", ["b"], ["import io"]),
        "import io\nimport os\n\nTARGET\n",
    ),
    "unsorted-in-place": (
        "from a import z\nfrom a import b\nfrom a import c\n\nTARGET\n",
        ("from a import z", ["z"], ["from a import y"]),
        "from a import y\nfrom a import b\nfrom a import c\n\nTARGET\n",
    ),
    "there-already": (
        "from a import b\nfrom a import c\n\nTARGET\n",
        ("from a import b", ["b"], ["from a import c"]),
        "from a import c\n\nTARGET\n",
    ),
    "dotted-beside-its-package": (
        "import a.b\nimport a.d\n\nTARGET\n",
        ("import a.b", ["a.b"], ["import a.c"]),
        "import a.c\nimport a.d\n\nTARGET\n",
    ),
    "one-of-three": (
        "from a import b, c as d, e\n\nTARGET\n",
        ("from a import b, c as d, e", ["d"], []),
        "from a import b, e\n\nTARGET\n",
    ),
    "last-two-of-three-in-brackets": (
        "from a import (\n    b,\n    c,\n    d,\n)\n\nTARGET\n",
        ("from a import (\n    b,\n    c,\n    d,\n)", ["c", "d"], ["from a.x import c"]),
        "from a import (\n    b,\n)\nfrom a.x import c\n\nTARGET\n",
    ),
    "function": (
        "def f():\n    from a import b\n    from a import c\n    TARGET\n",
        ("from a import b", ["b"], ["from z import b", "from z import y"]),
        "def f():\n    from z import b\n    from z import y\n    from a import c\n    TARGET\n",
    ),
    "try": (
        "try:\n    from a import b, c\nexcept ImportError:\n    TARGET\n",
        ("from a import b, c", ["b"], ["from z import b"]),
        "try:\n    from a import c\n    from z import b\nexcept ImportError:\n    TARGET\n",
    ),
    "too-long": (
        "from a import b\n\nTARGET\n",
        ("from a import b", ["b"], [f"from a.{'c' * 60} import d as b"]),
        f"from a.{'c' * 60} import (\n    d as b)\n\nTARGET\n",
    ),
    "crlf": (
        "from a import b\r\nfrom a import c\r\n\r\nTARGET\r\n",
        ("from a import b", ["b"], ["from a import d"]),
        "from a import c\r\nfrom a import d\r\n\r\nTARGET\r\n",
    ),
}


@pytest.mark.parametrize("case", MOVED_IMPORTS)
def test_replace_import(tmp_path, case):
    text, (statement, names, texts), expected = MOVED_IMPORTS[case]
    span = Span(text.index(statement), text.index(statement) + len(statement))
    assert (
        place(tmp_path, text, lambda edit: edit.replace_imports([(span, names, texts)])) == expected
    )


MOVED_TOGETHER = {
    "in-place": (["a.b", "a.c", "a.d"], {"a.b": "a.B", "a.c": "a.ca"}, ["a.B", "a.ca", "a.d"]),
    "before-others": (["a.b", "a.x", "a.y"], {"a.x": "a.A", "a.y": "a.a1"}, ["a.A", "a.a1", "a.b"]),
    "past-others": (["a.b", "a.c", "a.d"], {"a.b": "a.e", "a.d": "a.a"}, ["a.a", "a.c", "a.e"]),
    "all": (["a.b", "a.c"], {"a.b": "a.z", "a.c": "a.y"}, ["a.y", "a.z"]),
}


@pytest.mark.parametrize("case", MOVED_TOGETHER)
def test_imports_that_move_together_stay_sorted(tmp_path, case):
    before, moved, after = MOVED_TOGETHER[case]
    lines = [f"import {name}" for name in before]
    text = "import os\n\n" + "\n".join(lines) + "\n\nTARGET\n"
    changes = [
        (Span(text.index(line), text.index(line) + len(line)), [name], [f"import {moved[name]}"])
        for line, name in zip(lines, before, strict=True)
        if name in moved
    ]
    expected = "import os\n\n" + "".join(f"import {name}\n" for name in after) + "\nTARGET\n"
    assert place(tmp_path, text, lambda edit: edit.replace_imports(changes)) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("from a import b; TARGET\n", "shares its line"),
        ("def f():\n    from a import b\n\nTARGET\n", "nothing would be left"),
        ("from a import (b,  # why\n               c)\n\nTARGET\n", "a comment stands between"),
    ],
)
def test_import_that_has_no_place_is_refused(tmp_path, text, reason):
    start = text.index("from")
    statement = next(node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom))
    span = Span(start, start + len(ast.get_source_segment(text, statement)))
    with pytest.raises(editor.CannotPlaceError, match=reason):
        place(tmp_path, text, lambda edit: edit.replace_imports([(span, ["b"], [])]))


USES = {
    "b\n": 1,
    "def f():\n    return b\n": 1,
    "def f(b):\n    return b\n": 0,
    "def f():\n    b = 1\n    return lambda: b\n": 0,
    "def f(c=b):\n    return [b for b in b]\n": 2,
    "class C:\n    b = 1\n    def f(self):\n        return b\n": 1,
    "class C:\n    b = 1\n    c = b\n": 0,
}


@pytest.mark.parametrize("text", USES)
def test_uses_of_an_import_are_those_of_its_scope(text):
    source = Source.decode("m.py", f"from a import b\n{text}".encode())
    imports = Imports.of(Module("m", source, source.parse(), package=False))
    [item] = imports.every
    assert len(imports.uses(item)) == USES[text]
    assert imports.alone(item)


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("b\n", True),
        ("def f():\n    c = b\n", False),
        ("def f(c):\n    pass\n\n\nb\n", True),
        ("c = b\n", False),
        ("from x import *\n\nb\n", False),
        ("def f():\n    return c, b\n", False),
        ("def f():\n    global c\n    return b\n", False),
    ],
)
def test_name_is_free_where_it_means_nothing(text, free):
    source = Source.decode("m.py", f"from a import b\n{text}".encode())
    imports = Imports.of(Module("m", source, source.parse(), package=False))
    assert imports.is_free("c", imports.every[0]) is free
    assert not imports.is_free("len", imports.every[0])


@pytest.mark.parametrize(
    ("text", "length", "places"),
    [
        ("'ab.c'", 3, ["ab."]),
        ("'ab.'  # why\n 'c'", 4, ["ab.", "c"]),
        ("f'ab{c}'", 2, ["ab"]),
        ("f'a{b}'", 2, None),
        (r"'\x61b'", 2, None),
        ("b'ab'", 2, None),
    ],
)
def test_beginning_of_a_string_is_found_in_its_parts(text, length, places):
    found = beginning(text.encode(), 0, length)
    assert (found and [text[span.start : span.end] for span in found]) == places
