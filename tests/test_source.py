"""Bytes in, bytes out: every encoding and line end, through the whole engine."""

import ast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import A_UUID, fixed, module
from fixtests.engine import check_file
from fixtests.engine.job import Job
from fixtests.model import Applicability, Edit, Span, Status, digest
from fixtests.rules import registry
from fixtests.settings.layout import Layout
from fixtests.syntax import proof
from fixtests.syntax.suppressions import Suppressions
from fixtests.text import edits
from fixtests.text.source import Source, SourceError
from fixtests.text.word_rows import FEW
from fixtests.tree.profile import Profile
from fixtests.tree.project import Project

TIERS = frozenset({Applicability.SAFE})


def after(content, result):
    """Return what the edits of a result make of a file's bytes, None where there are none."""
    if not result.result:
        return None
    source = Source.decode(result.path, content)
    text = source.encode(edits.apply(source.utf8, result.edits))
    assert digest(text) == result.result
    return text


def run(folder, content, name="tests/test_it.py"):
    rules = [(rule, rule.options()) for rule in registry.every()]
    return check_file.run(
        str(folder / name),
        content,
        Job(Project(folder, Profile()), rules, Layout(), tiers=TIERS),
    )


COOKIE = b"# -*- coding: latin-1 -*-\n# caf\xe9\n"


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        (module(), fixed()),
        (module().replace(b"\n", b"\r\n"), fixed().replace(b"\n", b"\r\n")),
        (b"\xef\xbb\xbf" + module(), b"\xef\xbb\xbf" + fixed()),
        (COOKIE + module(), COOKIE + fixed()),
        (module().rstrip(b"\n"), fixed().rstrip(b"\n")),
        (b"\f\n" + module(), b"\f\n" + fixed()),
        ("# ünïcödé 😀\n".encode() + module(), "# ünïcödé 😀\n".encode() + fixed()),
        (module().replace(b"    ", b"\t"), fixed().replace(b"    ", b"\t")),
    ],
    ids=["plain", "crlf", "mark", "latin-1", "no-final-newline", "form-feed", "astral", "tabs"],
)
def test_shape_of_the_file_is_kept(tmp_path, before, wanted):
    assert after(before, run(tmp_path, before)) == wanted


def test_inserted_lines_join_no_line_ends_of_two_kinds(tmp_path):
    first, rest = module().split(b"\n", 1)
    before = b"# one\r" + first + b"\n\n\r" + rest.lstrip(b"\n")
    result = after(before, run(tmp_path, before))
    assert result is not None
    left = iter(result.splitlines(keepends=True))
    kept = [line for line in before.splitlines(keepends=True) if b"attach(" not in line]
    assert all(line in left for line in kept)


def test_mixed_line_ends_are_kept_line_by_line(tmp_path):
    lines = module().splitlines()
    before = b"".join(line + end for line, end in zip(lines, [b"\r\n", b"\n"] * 4, strict=False))
    result = after(before, run(tmp_path, before))
    kept = [
        line
        for line in result.splitlines(keepends=True)
        if line in before.splitlines(keepends=True)
    ]
    assert len(kept) >= len(lines) - 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"x = (\n", "line 1: '(' was never closed"),
        (b"x = 1\n\x00", "line 2: NUL byte"),
        (b"x = '\xff'\n", "line 1: byte 0xff is not utf-8"),
        (b"# coding: utf-9\n", "line 1: unknown encoding"),
        (b"print 'old'\n", "line 1: Missing parentheses"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "line 1: encoding problem"),
        (b"# coding: utf-7\nx = '+AGE-'\n", "does not give the same bytes back"),
        ("# coding: iso2022_kr\n# 한\n# 국\n".encode("iso2022_kr"), "does not give the same bytes"),
        (b"(" * 500 + b")" * 500, "too many nested parentheses"),
        (b"# coding: rot13\n", "rot13 is no encoding of text"),
        (b"# coding: undefined\n", "undefined is no encoding of text"),
    ],
    ids=[
        "syntax",
        "nul",
        "bytes",
        "cookie",
        "python-2",
        "mark-and-cookie",
        "utf-7",
        "lines-that-lean-on-others",
        "deep",
        "rot13",
        "undefined",
    ],
)
def test_unusable_file_fails_with_place_and_remedy(tmp_path, content, message):
    result = run(tmp_path, content)
    assert result.status is Status.FAILED
    assert message in result.detail
    assert ";" in result.detail or "make it valid" in result.detail


def test_constant_that_the_encoding_cannot_hold_fails_the_file():
    source = Source.decode("f.py", COOKIE)
    with pytest.raises(SourceError, match="cannot hold"):
        source.encode("€".encode())


@given(st.text(alphabet="aé😀\n\r\t\f\v\u2028 ", max_size=40))
def test_positions_agree_with_the_parser_under_any_line_ends(text):
    source = Source.decode("f.py", f"'''{text}'''\nx = ['é']  # é\n".encode())
    node = source.parse().body[1].value
    assert source.slice(source.span(node)) == "['é']"


LITERAL = f"'{A_UUID}'"
SHAPES = st.sampled_from(
    [
        "{0}",
        "f(volume_id={0})",
        "f(1, {0}); g()",
        "x = {{'volume_id': {0}}}  # why",
        "if a: f(image_id={0})",
        "for a in [{0}]:\n    f(a)",
        "with g(port_id={0}) as b:\n    pass",
        "x = (\n    {0}\n)",
        "x = \\\n  f(volume_id={0})",
        "try:\n    f(volume_id={0})\nexcept E: pass",
        "@dec({0})\ndef inner(a={0}):\n    '''{0}'''\n    return {0}",
        "x = lambda b={0}: {0}",
        "x = f'{{f({0})}}'",
        "volume_id = {0}",
        "self.volume_id = {0}",
        "assert x == {0}, 'é'",
        "x = [f(volume_id={0}) for y in z if y != {0}]",
        "return f(volume_id = {0})",
        "servers = self.client.list_servers()['servers']\nuse(servers[0])",
        "x = self.client.list_servers()['servers'][0]",
    ]
)


@st.composite
def modules(draw):
    body = []
    for shape in draw(st.lists(SHAPES, min_size=1, max_size=6)):
        uuid = A_UUID[:-1] + draw(st.sampled_from("123"))
        text = shape.format(f"'{uuid}'")
        body += [f"        {line}" for line in text.split("\n")]
        body += draw(st.sampled_from([[], [""], ["        # comment"], ["# far"]]))
    head = draw(st.sampled_from(["", "import os\n\n", '"""Doc."""\n', "X = 1\n", "\f"]))
    text = f"{head}\nclass T(unittest.TestCase):\n    def test_it(self):\n" + "\n".join(body)
    text += draw(st.sampled_from(["", "\n", "\n\n"]))
    if draw(st.booleans()):
        text = text.replace("        ", "\t\t").replace("    ", "\t")
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))).encode()


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(modules())
def test_any_module_converges_and_keeps_what_no_edit_touches(tmp_path, content):
    result = run(tmp_path, content)
    try:
        ast.parse(content.decode())
    except SyntaxError:
        assert result.status is Status.FAILED
        return
    assert result.status is not Status.FAILED, result.detail
    fixed = after(content, result)
    if fixed is None:
        return
    assert not run(tmp_path, fixed).result
    rebuilt = b""
    at = 0
    for edit in result.edits:
        rebuilt += content[at : edit.start] + edit.content.encode()
        at = edit.end
    assert rebuilt + content[at:] == fixed


def test_proof_sees_a_change_outside_the_edits():
    before = Source.decode("f.py", b"if a:\n    b()\nc()\n")
    edit = Edit("f.py", 14, 14, "    ")
    after = Source.decode("f.py", b"if a:\n    b()\n    c()\n")
    with pytest.raises(proof.ProofError, match="outside its edits"):
        proof.same_outside(before, before.parse(), after, after.parse(), [edit])


def test_span_and_location_count_characters_and_bytes():
    source = Source.decode("f.py", "é = 1\rx = 'é'\r\ny".encode())
    assert source.location(source.starts[2]) == (3, 1)
    assert source.slice(Span(0, 2)) == "é"
    assert source.newline == "\r"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("one = 1\n", [1]),
        ("x = one\n", [1]),
        ("one", [1]),
        ("one_2 = aone\nx.one(one)\n", [2, 2]),
        ("x\n\n#one\n", [3]),
    ],
)
def test_rows_of_a_word_are_those_where_it_stands_whole(text, rows):
    assert Source.decode("f.py", text.encode()).rows_of_word(b"one") == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("x = 1  # noqa\n", [1]),
        ("x = '# noqa'\n", []),
        ("x = '# noqa'  # noqa\n", [1]),
        ("x = 'a\\\n# noqa'\n", []),
        ("x = 1 + \\\n  2  # noqa\n", [2]),
        ('x = """\n# noqa\n"""  # noqa\n', [3]),
        ("x = ('a'  # noqa\n     'b')\n", [1]),
    ],
)
def test_comment_is_told_from_a_string(text, rows):
    found = Suppressions.read(Source.decode("f.py", text.encode()))
    assert [comment.row for comment in found.comments] == rows


LETTERS = st.lists(st.sampled_from(["one", "two", "# ", " ", "\n", "_", "."]), max_size=30)


@given(LETTERS, st.sampled_from(["one", "one two", "# one", "two.one", "#", ". ."]))
def test_words_that_are_looked_up_stand_where_they_are_found_by_going_through_the_text(parts, word):
    source = Source.decode("f.py", "".join(parts).encode())
    searched = source.rows_of_word(word.encode())
    for _ in range(FEW):
        source.rows_of_word(b"none")
    assert source.rows_of_word(word.encode()) == searched
