"""What the code of a file says: the same with other comments, and another one for other code."""

import ast
import io
import textwrap
import tokenize
from pathlib import Path

import pytest

import fixtests
from fixtests.syntax.triple_quoted import strings
from fixtests.syntax.uncommented import Uncommented, may_nest
from fixtests.text.source import Source

HERE = Path(__file__).parent
FILES = [*HERE.glob("*.py"), *Path(fixtests.__file__).parent.glob("*/*.py")][::8]

SAME = {
    "at the end": ("x = 1\n", "x = 1\n# later\n"),
    "at an end without a line end": ("x = 1", "x = 1\n# later"),
    "beside code": ("x = 1\n", "x = 1  # later\n"),
    "other words": ("x = 1  # one\n", "x = 1 # 'two'\n"),
    "above": ("def f():\n    x = 1\n", "# a\n\ndef f():\n# b\n\n        # c\n    x = 1\n"),
    "in brackets": ("f(\n    1,\n)\n", "f(  # a\n    # b\n    1,  # c\n\n)\n"),
    "behind a text of several lines": ('"""\n#\n"""\n', '"""\n#\n"""  # a\n'),
    "behind texts with the sign": ("x = '#', \"#\"\n", "x = '#', \"#\"  # a\n"),
    "between them": ("x = '''#''' + '''\n'''\n", "# a\nx = '''#''' + '''\n''' # b\n"),
}
OTHERS = {
    "a text": ("x = '# a'\n", "x = '# b'\n"),
    "a text of several lines": ('"""\n# a\n"""\n', '"""\n# b\n"""\n'),
    "a blank line in it": ('"""a\n\nb"""\n', '"""a\nb"""\n'),
    "one that goes on": ("x = 'a \\\n# b'\n", "x = 'a \\\n# c'\n"),
    "one that goes on behind code": ("x = 'a \\\nb # \"c'\n", "x = 'a \\\nb # \"d'\n"),
    "a line that goes on": ("x = 1 + \\\n2\n", "x = 1 + \\\n\n2\n"),
    "a line that only seems to go on": ("x = \\\n1\n", "x = \\ # a\n1\n"),
    "code behind a comment": ("# a\nx\n", "# a\n# x\n"),
    "spaces": ("if a:\n    b\nc\n", "if a:\n    b\n    c\n"),
    "lines": ("a; b\n", "a\nb\n"),
}


def code(text):
    return Uncommented(Source.decode("a.py", text.encode())).code


@pytest.mark.parametrize(("one", "two"), SAME.values(), ids=SAME)
def test_comments_and_blank_lines_say_nothing(one, two):
    assert code(one) == code(two)
    assert ast.dump(ast.parse(one)) == ast.dump(ast.parse(two))


@pytest.mark.parametrize(("one", "two"), OTHERS.values(), ids=OTHERS)
def test_what_is_no_comment_counts(one, two):
    assert code(one) != code(two)


@pytest.mark.parametrize("text", ["# a\r\nx = 1\r\n", "# coding: latin-1\n# a\nx = 1\n"], ids=str)
def test_where_comments_cannot_be_told_for_certain_all_counts(text):
    assert code(text) == text.encode()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_rest_of_a_file_is_its_code_without_comments(path):
    text = path.read_text()
    found = Uncommented(Source.decode(str(path), text.encode()))
    assert ast.dump(ast.parse(found.code)) == ast.dump(ast.parse(text))
    masked, whole = (
        ast.dump(ast.parse(it), include_attributes=True) for it in (found.masked, text)
    )
    assert masked == whole
    assert len(found.masked) == len(text.encode())
    tokens = tokenize.tokenize(io.BytesIO(found.code).readline)
    if strings(text.encode()) is not None and not may_nest(text.encode()):
        assert [token for token in tokens if token.type == tokenize.COMMENT] == []


@pytest.mark.parametrize(
    ("text", "nests"),
    [
        ("""f'{a}' + rf"{b!r:>{c}}" """, True),  # the width could be a text
        ("""f'{a}' + F"{b["c"]}" """, True),
        ("""f'{a["b"]}' + fr"{b['c']}" """, False),
        ("""f'{{"' + f"}}'" """, False),
        ("""f'''{a}''' + f'' + f\"\"\"\n{b}\n\"\"\" """, False),
        ("""f'''{a["b"]}''' """, True),
        ("""x = iff'{' """, False),
    ],
    ids=str,
)
def test_texts_that_may_hold_their_own_quotes(text, nests):
    assert may_nest(textwrap.dedent(text).encode()) is nests
