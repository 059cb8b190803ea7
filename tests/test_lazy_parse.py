"""Reading a file in part gives the tree that reading it whole gives."""

import ast
import itertools
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtests.syntax import lazy_parse, queries
from fixtests.syntax.uncommented import Uncommented
from fixtests.text.source import Source, SourceError
from fixtests.tree.parts import Parts

BODIES = [
    "pass",
    "x = 1  # ends in a comment",
    "x = [\n1,\n]",
    "x = '''\ntext\n    def no(self):\n        pass\n'''",
    'r"""doc"""\nreturn 1;',
    "if x:\n    pass\n\n# a comment\nelse:\n    y = {'a': (1,\n  2)}",
    "def inner():\n    return 1\nreturn inner",
    "x = 1 + \\\n  2",
    "y = '# no comment' + \"'''\"",
    "return f'{x!r:>{y}}'",
    "é = 'ü'",
]
HEADERS = [
    "def {name}(self):",
    "async def {name}(self):",
    "@decorated(1)\n# why\ndef {name}(\n    self, a=':',\n) -> None:  # so",
    "def {name}(self, a=')'):",
    "def {name}(self): return 1\ndef {name}_2(self):",
    "def {name}(self, a={{'b': (1, 2)}}):",
]


def indented(text, depth):
    """Indent code, but for the lines inside its triple-quoted strings."""
    lines, quoted = [], False
    for line in text.split("\n"):
        lines.append(line if quoted or not line else "    " * depth + line)
        quoted ^= line.count("'''") % 2 == 1 and "\"'''\"" not in line
    return "\n".join(lines)


@st.composite
def modules(draw):
    """Modules of functions and classes whose bodies try the outline's rules."""
    parts = []
    for number in range(draw(st.integers(1, 5))):
        header = draw(st.sampled_from(HEADERS)).format(name=f"f{number}")
        body = "\n".join(draw(st.lists(st.sampled_from(BODIES), min_size=1, max_size=3)))
        depth = draw(st.integers(0, 2))
        parts += [indented(f"class C{number}{level}:", level) for level in range(depth)]
        parts.append(indented(header, depth))
        parts.append(indented(body, depth + 1))
        parts.append(draw(st.sampled_from(["", "\n", "# between", "X = 1", "'''\nmore\n'''"])))
    return "\n".join(parts) + draw(st.sampled_from(["", "\n", "\n\n# end\n"]))


@settings(max_examples=300, deadline=None)
@given(modules(), st.sets(st.integers(1, 60)))
def test_tree_is_the_one_of_the_whole(text, keep):
    source = Source.decode("f.py", text.encode())
    try:
        whole = source.parse()
    except SourceError:
        return
    tree = lazy_parse.parse(source, sorted(keep))
    assert ast.dump(tree, include_attributes=True) == ast.dump(whole, include_attributes=True)
    assert not lazy_parse.faults(tree)
    bodies = [hole for _, hole in lazy_parse.bodies(tree)]
    assert bodies == [hole for _, hole in lazy_parse.bodies(lazy_parse.parse(source))]
    parts = Parts(source, Uncommented(source), bodies)
    each = [parts.body(number) for number in range(len(bodies))]
    outline = parts.outline.split(b"\0")
    pieces = itertools.zip_longest(outline, each, fillvalue=b"")
    assert b"".join(itertools.chain(*pieces)).rstrip() == Uncommented(source).code.rstrip()
    for number, hole in enumerate(bodies):
        assert parts.holding(range(hole.body, hole.last + 1)) == [number]


def test_bodies_of_functions_are_parts_of_their_own():
    source = Source.decode(
        "f.py", b"@a\ndef f(\n    x,\n):  # say\n    # it\n    return 1\n\n\ny = 1\ndef g(): pass\n"
    )
    parts = Parts(source, Uncommented(source), [it for _, it in lazy_parse.bodies(source.parse())])
    assert parts.outline == Uncommented(source).code
    holes = [hole for _, hole in lazy_parse.bodies(lazy_parse.parse(source))]
    parts = Parts(source, Uncommented(source), holes)
    assert parts.outline == b"@a\ndef f(\n    x,\n):\n\0y = 1\ndef g(): pass\n"
    assert parts.body(0) == b"    return 1\n"
    assert parts.body(1) == b""
    assert parts.holding([2, 6, 9]) == [0]


def unread(tree):
    return [node.name for node in tree.body if "_unread" in vars(node)]


def test_only_what_holds_a_row_is_read():
    source = Source.decode("f.py", b"\ndef one():\n    return 1\n\n\ndef two():\n    return 2\n")
    tree = lazy_parse.parse(source, [7])
    assert unread(tree) == ["one"]
    assert ast.unparse(tree.body[0]) == "def one():\n    return 1"
    assert unread(tree) == []


READABLE = "x = 1\ndef f():\n    x = 2\n    return x\n"


@pytest.mark.parametrize(
    "text",
    [
        READABLE.replace("    ", "\t"),
        READABLE.replace("2\n", "2\r\n"),
        READABLE.replace("x = 1", "\f"),
        READABLE.replace("1", "'\\''''' '''"),
    ],
    ids=["tabs", "carriage-return", "form-feed", "quotes"],
)
def test_what_cannot_be_told_is_read_whole(text):
    assert unread(lazy_parse.parse(Source.decode("f.py", READABLE.encode()))) == ["f"]
    assert unread(lazy_parse.parse(Source.decode("f.py", text.encode()))) == []


def test_function_that_is_no_python_says_where():
    text = textwrap.dedent(
        """
        class C:
            def one(self):
                return 1

            def two(self):
                print 'old'
        """
    )
    tree = lazy_parse.parse(Source.decode("f.py", text.encode()))
    assert lazy_parse.faults(tree) == []
    ast.dump(tree)
    (fault,) = lazy_parse.faults(tree)
    assert fault.startswith("line 7: Missing parentheses")


@pytest.mark.parametrize(
    "text",
    [
        "def f(*, a, b, c, d, e, f, g, h, i):\n    return 1",
        "x = {**a, **b, **c, **d, **e, **f, **g, **h, **i}",
    ],
)
def test_what_spans_a_row_beside_many_places_that_hold_nothing(text):
    """Parameters without a default, and what is taken into a dict, have an empty place each."""
    tree = ast.parse(text)
    last = tree.body[-1].end_lineno
    assert any(getattr(item, "lineno", 0) == last for item in queries.spanning(tree, [last]))
