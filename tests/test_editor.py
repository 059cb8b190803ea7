"""Placing fixes: every shape of statement, with each verb."""

import ast

import pytest

from fixtests.fixing import editor
from fixtests.fixing.fragments import CannotPlaceError
from fixtests.fixing.nodes import Nodes
from fixtests.fixing.replacement import Replacement
from fixtests.model import Applicability, Edit, Finding, Span
from fixtests.settings.layout import Layout
from fixtests.syntax import proof
from fixtests.text import edits
from fixtests.text.source import Source, SourceError
from fixtests.tree.profile import Profile
from fixtests.tree.project import Project


class Script:
    """A rule whose fix is given by the test."""

    code = "FT000"
    name = "script"
    title = "FT000 script"

    def __init__(self, act):
        self.act = act

    def fix(self, finding, edit):
        self.act(edit)


def place(tmp_path, text, act, marked="TARGET"):
    """Run verbs at the expression named TARGET; return the text after."""
    source = Source.decode(str(tmp_path / "test_it.py"), text.encode())
    project = Project(tmp_path, Profile())
    module = project.adopt(source, source.parse())
    parents = module.parents
    node = next(
        item for item in ast.walk(module.tree) if isinstance(item, ast.Name) and item.id == marked
    )
    statement = parents.statement(node)
    finding = Finding(
        "FT000",
        "script",
        source.path,
        source.span(node),
        source.span(statement),
        "",
        Applicability.SAFE,
    )
    fix = editor.Rewriter(module, project, Layout()).place(Script(act), finding)
    after = edits.apply(source.utf8, edits.ordered(fix.edits)).decode()
    ast.parse(after)
    return after


BEFORE = {
    "plain": ("def f():\n    x = TARGET\n", "def f():\n    new()\n    x = TARGET\n"),
    "comment-above": (
        "def f():\n    y()\n\n    # about it\n    x = TARGET\n",
        "def f():\n    y()\n\n    new()\n    # about it\n    x = TARGET\n",
    ),
    "comment-of-less-depth": (
        "def f():\n    y()\n# far\n    x = TARGET\n",
        "def f():\n    y()\n# far\n    new()\n    x = TARGET\n",
    ),
    "tabs": ("def f():\n\tx = TARGET\n", "def f():\n\tnew()\n\tx = TARGET\n"),
    "semicolons": (
        "def f():\n    a(); x = TARGET; b()  # end\n",
        "def f():\n    a()\n    new()\n    x = TARGET\n    b()  # end\n",
    ),
    "one-line-suite": (
        "def f():\n    if a: x = TARGET\n    else: pass\n",
        "def f():\n    if a:\n        new()\n        x = TARGET\n    else: pass\n",
    ),
    "one-line-suite-deep": (
        "class C:\n    def f(self):\n        for a in b:\n            if a: x = TARGET  # why\n",
        "class C:\n    def f(self):\n        for a in b:\n            if a:\n"
        "                new()\n                x = TARGET  # why\n",
    ),
    "header": (
        "def f():\n    with TARGET:\n        a()\n",
        "def f():\n    new()\n    with TARGET:\n        a()\n",
    ),
    "several-lines": (
        "def f():\n    x = (\n        TARGET)\n",
        "def f():\n    new()\n    x = (\n        TARGET)\n",
    ),
    "crlf": ("def f():\r\n    x = TARGET\r\n", "def f():\r\n    new()\r\n    x = TARGET\r\n"),
    "crlf-one-line-suite": (
        "def f():\r\n    if a: x = TARGET\r\n",
        "def f():\r\n    if a:\r\n        new()\r\n        x = TARGET\r\n",
    ),
    "form-feed": ("\fdef f():\n    x = TARGET\n", "\fdef f():\n    new()\n    x = TARGET\n"),
    "triple-quotes": (
        'def f():\n    x = """\n  a""", TARGET\n',
        'def f():\n    new()\n    x = """\n  a""", TARGET\n',
    ),
    "module-level": ("import a\nTARGET\n", "import a\nnew()\nTARGET\n"),
}
AFTER = {
    "plain": (
        "def f():\n    x = TARGET\n    y()\n",
        "def f():\n    x = TARGET\n    new()\n    y()\n",
    ),
    "no-final-newline": ("def f():\n    x = TARGET", "def f():\n    x = TARGET\n    new()"),
    "trailing-comment": (
        "def f():\n    x = TARGET  # it\n",
        "def f():\n    x = TARGET  # it\n    new()\n",
    ),
    "several-lines": (
        "def f():\n    x = g(\n        TARGET,\n    )\n    y()\n",
        "def f():\n    x = g(\n        TARGET,\n    )\n    new()\n    y()\n",
    ),
    "semicolons": ("x = TARGET; y()\n", "x = TARGET\nnew()\ny()\n"),
    "one-line-suite": ("if a: x = TARGET\n", "if a:\n    x = TARGET\n    new()\n"),
    "crlf-no-final-newline": ("a()\r\nx = TARGET", "a()\r\nx = TARGET\r\nnew()"),
}


@pytest.mark.parametrize("case", BEFORE)
def test_insert_before(tmp_path, case):
    text, expected = BEFORE[case]
    assert place(tmp_path, text, lambda edit: edit.insert_before("new()")) == expected


@pytest.mark.parametrize("case", AFTER)
def test_insert_after(tmp_path, case):
    text, expected = AFTER[case]
    assert place(tmp_path, text, lambda edit: edit.insert_after("new()")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "x = TARGET\n",
        "@dec\ndef f(a=TARGET): pass\n",
        "if a:\n    pass\nelif TARGET:\n    pass\n",
        "try:\n    pass\nexcept TARGET:\n    pass\n",
        "match TARGET:\n    case 1:\n        pass\n",
        "def f():\n        return ('é' + TARGET)\n",
        "def f():\n    x = (\n        TARGET  # why\n        , 1)\n",
        "x = 1; y = TARGET; z = 2\n",
        "class C:\n\tx = [1, \\\n\t  TARGET]\n",
        "async def f():\n    await g(TARGET)\n",
        "def f():\n    yield TARGET\n",
        "x = lambda a: TARGET\n",
        "x = [TARGET for a in b]\n",
        "def f():\r\n    return TARGET\r\n",
    ],
)
def test_replace(tmp_path, text):
    assert place(tmp_path, text, lambda edit: edit.replace("a.b['c']")) == text.replace(
        "TARGET", "a.b['c']"
    )


def test_replace_takes_away_brackets_that_only_broke_a_long_line(tmp_path):
    long = "TARGET" * 12
    text = f"def f():\n    x = (\n        {long})\n"
    after = place(tmp_path, text, lambda edit: edit.replace("a"), marked=long)
    assert after == "def f():\n    x = a\n"


def test_replace_keeps_brackets_of_a_call_and_of_a_tuple(tmp_path):
    for text in ("f(\n    TARGET)\n", "x = (\n    TARGET,)\n", "x = (  # why\n    TARGET)\n"):
        expected = text.replace("TARGET", "a")
        assert place(tmp_path, text, lambda edit: edit.replace("a")) == expected


@pytest.mark.parametrize(
    ("text", "verb", "reason"),
    [
        ("x = f'{TARGET}'\n", "replace", "f-string"),
        ("x = 1 if TARGET else 2\n", "glued", "would change"),
        ("x = 1 if a else'b', TARGET\n", "quoted", "no space divides it"),
        ("def f():\n    TARGET; return(lambda: x)\n", "insert_before", "LibCST cannot read"),
        (f"x = {'not ' * 500}a; TARGET\n", "insert_before", "nested too deeply"),
        ("if a:\n    pass\nelif TARGET:\n    pass\n", "insert_before", "elif"),
    ],
    ids=["f-string", "not-an-expression", "no-space", "return-and-lambda", "deep", "elif"],
)
def test_what_has_no_place_is_refused(tmp_path, text, verb, reason):
    act = {
        "replace": lambda edit: edit.replace("a"),
        "quoted": lambda edit: edit.replace("a", Span(15, 18)),
        "glued": lambda edit: edit.replace("(a)"),
        "insert_before": lambda edit: edit.insert_before("new()"),
    }[verb]
    with pytest.raises(editor.CannotPlaceError, match=reason):
        place(tmp_path, text, act)


def span_of(text, part):
    start = text.index(part)
    return Span(start, start + len(part))


ITEM = "with f(TARGET) as x:\n    pass\n"


@pytest.mark.parametrize(
    "act",
    [
        lambda edit: (edit.replace("g(a)", span_of(ITEM, "f(TARGET)")),
                      edit.reword({span_of(ITEM, " as x"): ""})),
        lambda edit: (edit.rewrite({span_of(ITEM, "TARGET"): "g(a)"}),
                      edit.reword({span_of(ITEM, " as x"): ""})),
        lambda edit: (edit.replace("a"), edit.insert_before("b()"), edit.replace("c")),
        lambda edit: (edit.replace("a"), edit.remove(Span(0, len(ITEM) - 1))),
    ],
    ids=["replace-and-reword", "rewrite-and-reword", "replace-twice", "replace-and-remove"],
)  # fmt: skip
def test_two_verbs_for_one_text_are_refused(tmp_path, act):
    with pytest.raises(editor.CannotPlaceError, match="two verbs of the fix change `"):
        place(tmp_path, ITEM, act)


def test_two_verbs_for_two_texts_are_not(tmp_path):
    text = "x = 1, TARGET\n"
    after = place(tmp_path, text, lambda edit: (edit.replace("a"), edit.replace("2", Span(4, 5))))
    assert after == "x = 2, a\n"


@pytest.mark.parametrize(
    ("text", "part", "reason"),
    [
        ("f(TARGET,\n  1)\n", "TARGET,\n  1", "goes on in another line"),
        ("f(g(TARGET,\n    1), 2)\n", "(TARGET,", "the bracket would go"),
    ],
)
def test_words_on_two_lines_are_refused(tmp_path, text, part, reason):
    with pytest.raises(editor.CannotPlaceError, match=reason):
        place(tmp_path, text, lambda edit: edit.reword({span_of(text, part): "a"}))


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a()\nTARGET  # why\nb()\n", None),
        ("a()\nTARGET(\n    1,  # the first one\n    2)\nb()\n", None),
        ("a()\nTARGET  # noqa: F821\nb()\n", "a()\nb()\n"),
        ("a()\nTARGET('# no comment')\nb()\n", "a()\nb()\n"),
        ("if a:\n    a()\n    TARGET  # type: ignore[name-defined]\n", "if a:\n    a()\n"),
    ],
)
def test_removed_statement_takes_no_comment_for_readers_along(tmp_path, text, left, alone):
    def act(edit):
        edit.remove(edit.finding.anchor, alone=alone)

    if left is not None:
        assert place(tmp_path, text, act) == left
        return
    with pytest.raises(editor.CannotPlaceError, match="a comment in its lines would go with it"):
        place(tmp_path, text, act)


def test_replace_keeps_brackets_that_stand_for_a_space(tmp_path):
    long = "TARGET" * 12
    text = f"x = 1 if a else(\n    {long})\n"
    after = place(tmp_path, text, lambda edit: edit.replace("b"), marked=long)
    assert after == "x = 1 if a else(\n    b)\n"


def test_long_call_is_folded(tmp_path):
    call = f"self.addCleanup({'a' * 40}, {'b' * 30})"
    text = "def f():\n    x = TARGET\n"
    after = place(tmp_path, text, lambda edit: edit.insert_after(call))
    assert after == (
        "def f():\n    x = TARGET\n"
        f"    self.addCleanup(\n        {'a' * 40},\n        {'b' * 30})\n"
    )


IMPORTS = {
    "sorted-into-its-block": (
        "import os\n\nfrom nova import a\nfrom nova.z import b\n\nTARGET\n",
        "import os\n\nfrom nova import a\nfrom nova.tests import fixtures\n"
        "from nova.z import b\n\nTARGET\n",
    ),
    "a-block-of-its-own": (
        "import os\n\nTARGET\n",
        "import os\n\nfrom nova.tests import fixtures\n\nTARGET\n",
    ),
    "after-the-docstring": (
        '"""Doc."""\nTARGET\n',
        '"""Doc."""\n\nfrom nova.tests import fixtures\nTARGET\n',
    ),
    "after-the-licence": (
        "# Licence\n# text\nTARGET\n",
        "# Licence\n# text\n\nfrom nova.tests import fixtures\nTARGET\n",
    ),
    "there-already": (
        "from nova.tests import fixtures\nTARGET\n",
        "from nova.tests import fixtures\nTARGET\n",
    ),
    "not-among-future-imports": (
        "from __future__ import annotations\n\nimport os\n\nTARGET\n",
        "from __future__ import annotations\n\nimport os\n\n"
        "from nova.tests import fixtures\n\nTARGET\n",
    ),
    "last-of-its-block": (
        "from nova import a\n\nTARGET\n",
        "from nova import a\nfrom nova.tests import fixtures\n\nTARGET\n",
    ),
    "before-everything": (
        "from zope import z\n\nTARGET\n",
        "from zope import z\n\nfrom nova.tests import fixtures\n\nTARGET\n",
    ),
}


@pytest.mark.parametrize("case", IMPORTS)
def test_require_import(tmp_path, case):
    text, expected = IMPORTS[case]
    act = lambda edit: edit.require_import("from nova.tests import fixtures")  # noqa: E731
    assert place(tmp_path, text, act) == expected


@pytest.mark.parametrize(
    ("text", "wanted", "after"),
    [
        ("import os\n\nTARGET\n", "import zlib", "import os\nimport zlib\n\nTARGET\n"),
        (
            "from oslo_b import c\n\nfrom test_it import d\n\nTARGET\n",
            "from oslo_a import e",
            "from oslo_a import e\nfrom oslo_b import c\n\nfrom test_it import d\n\nTARGET\n",
        ),
        (  # what is the project's own cannot be told
            "from oslo_b import c\n\nTARGET\n",
            "from oslo_a import e",
            "from oslo_b import c\n\nfrom oslo_a import e\n\nTARGET\n",
        ),
    ],
    ids=["standard library", "other packages", "unknown"],
)
def test_import_joins_those_of_its_kind(tmp_path, text, wanted, after):
    assert place(tmp_path, text, lambda edit: edit.require_import(wanted)) == after


def test_constants_stand_together_after_imports(tmp_path):
    def act(edit):
        edit.declare_constant("A", "'1'")
        edit.declare_constant("B", "'2'")

    text = "import os\n\n\nclass C:\n    x = TARGET\n"
    expected = "import os\n\nA = '1'\nB = '2'\n\n\nclass C:\n    x = TARGET\n"
    assert place(tmp_path, text, act) == expected


CLASS_BODIES = {
    "function": ("    def f(self):\n", "    A = '1'\n    B = '2'\n\n    def f(self):\n"),
    "after-a-blank-line": (
        "\n    def f(self):\n",
        "\n    A = '1'\n    B = '2'\n\n    def f(self):\n",
    ),
    "comment-and-decorator": (
        "    # about it\n    @classmethod\n    def f(self):\n",
        "    A = '1'\n    B = '2'\n\n    # about it\n    @classmethod\n    def f(self):\n",
    ),
    "docstring": (
        '    """It."""\n\n    def f(self):\n',
        '    """It."""\n\n    A = \'1\'\n    B = \'2\'\n\n    def f(self):\n',
    ),
    "docstring-without-a-gap": (
        '    """It\n\n    is."""\n    def f(self):\n',
        '    """It\n\n    is."""\n\n    A = \'1\'\n    B = \'2\'\n\n    def f(self):\n',
    ),
    "assignments": (
        '    """It."""\n    x = 1  # one\n    y: int = 2\n\n    def f(self):\n',
        '    """It."""\n    x = 1  # one\n    y: int = 2\n'
        "    A = '1'\n    B = '2'\n\n    def f(self):\n",
    ),
    "long-assignment": (
        "    x = [\n        1,\n    ]\n\n    def f(self):\n",
        "    A = '1'\n    B = '2'\n    x = [\n        1,\n    ]\n\n    def f(self):\n",
    ),
    "tabs": ("\tdef f(self):\n", "\tA = '1'\n\tB = '2'\n\n\tdef f(self):\n"),
}


@pytest.mark.parametrize("case", CLASS_BODIES)
def test_class_constants_open_the_body(tmp_path, case):
    def act(edit):
        edit.declare_class_constant("C", "A", "'1'")
        edit.declare_class_constant("C", "B", "'2'")

    body, expected = CLASS_BODIES[case]
    end = "\t\treturn TARGET\n" if case == "tabs" else "        return TARGET\n"
    text = place(tmp_path, f"class C:\n{body}{end}", act)
    assert text == f"class C:\n{expected}{end}"


def test_class_constant_has_no_place_beside_the_class_line(tmp_path):
    text = "class C: x = TARGET\n"
    with pytest.raises(editor.CannotPlaceError, match="lines of its own"):
        place(tmp_path, text, lambda edit: edit.declare_class_constant("C", "A", "'1'"))


PROMOTED = {
    "one-line": (
        "def f():\n    # about it\n    x = TARGET\n",
        (2, 2, '"""About it."""'),
        'def f():\n    """About it."""\n    x = TARGET\n',
    ),
    "several-lines": (
        "class C:\n\tdef f(self):\n\t\t# a\n\t\t#\n\t\t# b\n\n\t\tx = TARGET\n",
        (3, 5, '"""A.\n\nb\n"""'),
        'class C:\n\tdef f(self):\n\t\t"""A.\n\n\t\tb\n\t\t"""\n\n\t\tx = TARGET\n',
    ),
    "first-of-two": (
        "def f():\n    # a\n    # b\n    x = TARGET\n",
        (2, 2, "new()"),
        "def f():\n    new()\n    # b\n    x = TARGET\n",
    ),
    "crlf": (
        "def f():\r\n    # a\r\n    x = TARGET\r\n",
        (2, 2, '"""A.\n\nb\n"""'),
        'def f():\r\n    """A.\r\n\r\n    b\r\n    """\r\n    x = TARGET\r\n',
    ),
    "line-ends-of-two-kinds": (
        "def f():\n    y = 1\r\n    # a\n    x = TARGET\n",
        (3, 3, "new()"),
        "def f():\n    y = 1\r\n    new()\n    x = TARGET\n",
    ),
    "no-final-newline": ("x = TARGET\n# a", (2, 2, "new()"), "x = TARGET\nnew()"),
}


@pytest.mark.parametrize("case", PROMOTED)
def test_promote(tmp_path, case):
    text, arguments, expected = PROMOTED[case]
    assert place(tmp_path, text, lambda edit: edit.promote(*arguments)) == expected


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("def f():\n    # a\n    x = TARGET\n", 2, 3),
        ("def f():\n    # a\n\n    # b\n    x = TARGET\n", 2, 4),
        ('def f():\n    x = """\n    # a\n    """, TARGET\n', 3, 3),
        ("def f():\n    x = (\n        # a\n        TARGET)\n", 3, 3),
        ("# a\nx = TARGET\n", 1, 1),
    ],
    ids=["statement", "blank-line", "string", "brackets", "first-line"],
)
def test_promote_takes_whole_lines_of_comments_only(tmp_path, text, first, last):
    with pytest.raises(editor.CannotPlaceError, match="comment is not where"):
        place(tmp_path, text, lambda edit: edit.promote(first, last, "new()"))


def test_nothing_is_inserted_above_what_was_promoted_in_the_same_round(tmp_path):
    text = b"def f():\n    # a\n    x = TARGET\n"
    source = Source.decode(str(tmp_path / "test_it.py"), text)
    module = Project(tmp_path, Profile()).adopt(source, source.parse())
    span = source.span(module.tree.body[0].body[0])
    finding = Finding("FT000", "script", source.path, span, span, "", Applicability.SAFE)
    rewriter = editor.Rewriter(module, Project(tmp_path, Profile()), Layout())
    promoted = rewriter.place(Script(lambda edit: edit.promote(2, 2, "'A.'")), finding)
    inserted = rewriter.place(Script(lambda edit: edit.insert_before("new()")), finding)
    assert edits.clash(promoted.edits[0], inserted.edits[0])


def test_proof_of_a_promotion_is_strict_about_the_code_around_it():
    before = Source.decode("test_it.py", b"def f(a):\n    # b\n    c = d\n")
    edit = Edit("test_it.py", 9, 17, "\n    'B.'")
    good = Source.decode("test_it.py", b"def f(a):\n    'B.'\n    c = d\n")
    proof.same_outside(before, before.parse(), good, good.parse(), [edit])
    for text in (b"def f(a):\n    'B.'\n    c = de\n", b"def f():\n    'B.'\n    c = d\n"):
        bad = Source.decode("test_it.py", text)
        with pytest.raises(proof.ProofError, match="outside its edits"):
            proof.same_outside(before, before.parse(), bad, bad.parse(), [edit])


EXTRACTED = {
    "result": (
        "class C:\n    # it\n    @d\n    def t(self):\n        a = 1\n        # b\n"
        "        TARGET = a\n\n        f(TARGET)\n",
        (6, 7, "def h(self, a):", "return TARGET", "TARGET = self.h(a)"),
        "class C:\n    def h(self, a):\n        # b\n        TARGET = a\n        return TARGET\n\n"
        "    # it\n    @d\n    def t(self):\n        a = 1\n        TARGET = self.h(a)\n\n"
        "        f(TARGET)\n",
    ),
    "crlf": (
        "class C:\r\n    def t(self):\r\n        a()\r\n        TARGET\r\n",
        (4, 4, "def h(self):", "", "self.h()"),
        "class C:\r\n    def h(self):\r\n        TARGET\r\n\r\n"
        "    def t(self):\r\n        a()\r\n        self.h()\r\n",
    ),
    "no-final-newline": (
        "class C:\n\tdef t(self):\n\t\ta()\n\t\tTARGET",
        (4, 4, "def h(self):", "", "self.h()"),
        "class C:\n\tdef h(self):\n\t\tTARGET\n\n\tdef t(self):\n\t\ta()\n\t\tself.h()",
    ),
    "strings-keep-their-lines": (
        'class C:\n    def t(self):\n        a()\n        TARGET = """\n  b\n"""\n',
        (4, 6, "def h(self):", "", "self.h()"),
        'class C:\n    def h(self):\n        TARGET = """\n  b\n"""\n\n'
        "    def t(self):\n        a()\n        self.h()\n",
    ),
}


@pytest.mark.parametrize("case", EXTRACTED)
def test_extract(tmp_path, case):
    text, arguments, expected = EXTRACTED[case]
    assert place(tmp_path, text, lambda edit: edit.extract(*arguments)) == expected


@pytest.mark.parametrize(
    ("first", "last"), [(4, 4), (5, 5), (6, 6)], ids=["half", "inside", "comment"]
)
def test_extract_moves_whole_statements_only(tmp_path, first, last):
    text = "class C:\n    def t(self):\n        a()\n        if TARGET:\n            b()\n# c\n"
    with pytest.raises(editor.CannotPlaceError, match=r"same statements|no function"):
        place(
            tmp_path, text, lambda edit: edit.extract(first, last, "def h(self):", "", "self.h()")
        )


REWRITTEN = {
    "aligned": (
        "def f():\n    x = TARGET(a,\n               b)\n",
        "def f():\n    x = longer.one(a,\n                   b)\n",
    ),
    "header": (
        "def f():\n    if TARGET(a,\n              b):\n        pass\n",
        "def f():\n    if longer.one(a,\n                  b):\n        pass\n",
    ),
    "decorator": (
        "@TARGET(a,\n        b)\ndef f():\n    pass\n",
        "@longer.one(a,\n            b)\ndef f():\n    pass\n",
    ),
    "default": (
        "def f(x=TARGET(a,\n               b)):\n    pass\n",
        "def f(x=longer.one(a,\n                   b)):\n    pass\n",
    ),
    "other letters": (
        "def f():\n    x = g('\u20ac', TARGET(a,\n                       b))\n",
        "def f():\n    x = g('\u20ac', longer.one(a,\n                           b))\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), REWRITTEN.values(), ids=list(REWRITTEN))
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_rewrite_moves_along_what_is_aligned(tmp_path, before, after, newline):
    text = before.replace("\n", newline)
    start = len(text[: text.index("TARGET")].encode())
    span = Span(start, start + len("TARGET"))
    changed = place(tmp_path, text, lambda edit: edit.rewrite({span: "longer.one"}))
    assert changed == after.replace("\n", newline)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = f'{TARGET}'\n", "inside an f-string"),
        ("match a:\n    case 1 if TARGET:\n        pass\n", "no simple statement"),
    ],
)
def test_rewrite_refuses_what_it_cannot_lay_out(tmp_path, text, said):
    start = text.index("TARGET")
    span = Span(start, start + len("TARGET"))
    with pytest.raises(editor.CannotPlaceError, match=said):
        place(tmp_path, text, lambda edit: edit.rewrite({span: "x"}))


RECAST = {
    "as-it-stood": (
        "self.check(TARGET in held)\n",
        "self.holds(TARGET, held)\n",
    ),
    "below-the-bracket": (
        "self.check(TARGET in\n           held)\n",
        "self.assert_holds(TARGET,\n                  held)\n",
    ),
    "words-that-go-on-below-the-bracket": (
        "self.check(TARGET in 'words '\n           'that go on')\n",
        "self.assert_holds(TARGET, 'words '\n                  'that go on')\n",
    ),
    "on-a-line-of-its-own": (
        "self.check(\n    TARGET in held,\n)\n",
        "self.holds(\n    TARGET, held,\n)\n",
    ),
    "too-long-below-the-bracket": (
        f"self.check(TARGET in {'x' * 54})\n",
        f"self.assert_held(TARGET,\n                 {'x' * 54})\n",
    ),
    "too-long-even-there": (
        f"self.check(TARGET in {'x' * 63})\n",
        f"self.assert_held(\n    TARGET, {'x' * 63})\n",
    ),
    "too-long-for-one-line": (
        f"self.check(TARGET in {'x' * 68})\n",
        f"self.assert_it_held(\n    TARGET,\n    {'x' * 68})\n",
    ),
    "too-long-before": (
        f"self.check(TARGET in {'x' * 90})\n",
        f"self.has(TARGET, {'x' * 90})\n",
    ),
    "lines-inside": (
        'self.check(TARGET in held(\n    \'a\', """b\n c"""))\n',
        'self.holds(TARGET, held(\n    \'a\', """b\n c"""))\n',
    ),
    "brackets-of-their-own": (
        "x = self.check((TARGET) in (held)), 1\n",
        "x = self.holds(TARGET, held), 1\n",
    ),
}


def recast(text, tmp_path, method):
    """Call another method where a module's first statement calls one, with both sides."""
    source = Source.decode(str(tmp_path / "test_it.py"), text.encode())
    project = Project(tmp_path, Profile())
    module = project.adopt(source, source.parse())
    call = next(item for item in ast.walk(module.tree) if isinstance(item, ast.Call))
    sides = [source.span(item) for item in (call.args[0].left, call.args[0].comparators[0])]
    span, anchor = source.span(call), source.span(module.tree.body[0])
    finding = Finding("FT000", "script", source.path, span, anchor, "", Applicability.SAFE)
    act = lambda edit: edit.recast(method, sides)  # noqa: E731
    fix = editor.Rewriter(module, project, Layout()).place(Script(act), finding)
    return edits.apply(source.utf8, edits.ordered(fix.edits)).decode()


@pytest.mark.parametrize("case", RECAST)
def test_recast_keeps_lines_where_they_fit(tmp_path, case):
    text, expected = RECAST[case]
    method = expected.partition("self.")[2].partition("(")[0]
    assert recast(text, tmp_path, method) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("self.check(TARGET in  # why\n    held)\n", "a comment"),
        ("check(TARGET in held)\n", "no call of a method"),
        ("f'{self.check(TARGET in held)}'\n", "f-string"),
    ],
    ids=["comment", "function", "f-string"],
)
def test_recast_says_why_it_has_no_place(tmp_path, text, said):
    with pytest.raises(editor.CannotPlaceError, match=said):
        recast(text, tmp_path, "assert_that_it_holds")


REWORDED = {
    "name": ("TARGET = old\n", "TARGET = longer\n"),
    "parts of a text": ("f(TARGET, 'old', \"old\")\n", "f(TARGET, 'longer', \"longer\")\n"),
    "aligned": (
        "old(TARGET,\n    [1,\n     2])\n",
        "longer(TARGET,\n       [1,\n        2])\n",
    ),
    "aligned with what moves": (
        "old(TARGET, old=[1,\n                 2],\n    x=3)\n",
        "longer(TARGET, longer=[1,\n                       2],\n       x=3)\n",
    ),
    "indented": ("old(\n    TARGET,\n    2)\n", "longer(\n    TARGET,\n    2)\n"),
    "text that goes on": (
        "old(TARGET,\n    '''one\n     two''')\n",
        "longer(TARGET,\n       '''one\n     two''')\n",
    ),
    "comment between": (
        "old(TARGET,  # one (\n    # two\n    2)\n",
        "longer(TARGET,  # one (\n       # two\n       2)\n",
    ),
    "divided after a comma": (
        "f(TARGET, (1, 2), {a}, old)\n".format(a="a" * 54),
        "f(TARGET, (1, 2), {a},\n  longer)\n".format(a="a" * 54),
    ),
    "divided in a line that goes on": (
        "f(TARGET,\n  {a}, old, 1)\n".format(a="a" * 67),
        "f(TARGET,\n  {a}, longer,\n  1)\n".format(a="a" * 67),
    ),
    "divided after a bracket": (
        "if TARGET.old(b.{a}('of old')):\n    pass\n".format(a="a" * 46),
        "if TARGET.longer(\n        b.{a}('of longer')):\n    pass\n".format(a="a" * 46),
    ),
    "put between brackets": (
        "TARGET = old.{a}\n".format(a="a" * 66),
        "TARGET = (\n    longer.{a})\n".format(a="a" * 66),
    ),
    "in comments": (
        "TARGET = f(1)  # old\n\n# old\n",
        "TARGET = f(1)  # longer\n\n# longer\n",
    ),
    "too long before": (
        "TARGET = old + '{a}'\n".format(a="a" * 80),
        "TARGET = longer + '{a}'\n".format(a="a" * 80),
    ),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(("before", "after"), REWORDED.values(), ids=list(REWORDED))
def test_other_words_stand_where_the_old_ones_did(before, after, newline, tmp_path):
    before, after = before.replace("\n", newline), after.replace("\n", newline)
    words = {Span(at, at + 3): "longer" for at in _all(before, "old")}
    assert place(tmp_path, before, lambda edit: edit.reword(words)) == after


@pytest.mark.parametrize(
    "before",
    [
        "TARGET = 1\n# old {a}\n".format(a="a " * 36),
        "TARGET = old.{a}\n".format(a="a" * 70),
    ],
    ids=["comment", "no bracket"],
)
def test_words_that_leave_a_line_too_long_are_no_fix(before, tmp_path):
    words = {Span(at, at + 3): "longer" for at in _all(before, "old")}
    with pytest.raises(editor.CannotPlaceError, match="longer than 79 columns"):
        place(tmp_path, before, lambda edit: edit.reword(words))


def _all(text, word):
    return [at for at in range(len(text)) if text.startswith(word, at)]


HOLES = (  # where an expression may stand
    *("x = HOLE", "x: int = HOLE", "x += HOLE", "return HOLE", "yield HOLE", "HOLE", "del a[HOLE]"),
    *("x = a + HOLE", "x = HOLE ** b", "x = -HOLE", "x = not HOLE", "x = a if HOLE else b"),
    *(
        "x = a, HOLE",
        "x = [a, HOLE]",
        "x = (HOLE)",
        "x = (a, HOLE)",
        "x = {a, HOLE}",
        "x = *a, HOLE",
    ),
    *(
        "x = {HOLE: a}",
        "x = {a: HOLE}",
        "x = {**HOLE}",
        "x = {a: b, **HOLE}",
        "f(HOLE)",
        "f(a, HOLE)",
    ),
    *("f(*HOLE)", "f(**HOLE)", "f(b=HOLE)", "f((HOLE))", "HOLE.a", "HOLE[0]", "HOLE(a)", "a[HOLE]"),
    *(
        "a[HOLE:]",
        "a[:, HOLE]",
        "x = [i for i in HOLE]",
        "f(i for i in a if HOLE)",
        "x = HOLE < a < b",
    ),
    *("x = lambda: HOLE", "x = lambda a=HOLE: a", "x = a or HOLE", "assert HOLE, a", "raise HOLE"),
    *("with HOLE as b: pass", "with (HOLE): pass", "for i in HOLE: pass", "while HOLE: pass"),
    *("if (a := HOLE): pass", "class A(HOLE): pass", "@HOLE\ndef f(): pass", "[HOLE][0] = 1"),
    *("async def f():\n    await HOLE", "match HOLE:\n    case 1: pass", "HOLE[0]['a'] = 1"),
    *(
        "match a:\n    case HOLE: pass",
        "match a:\n    case 1 if HOLE: pass",
        "HOLE = 1",
        "x = a @HOLE",
        "fHOLE",
    ),
)
STOOD = ("one", "'one'", "1", "f(1)", "(i for i in a)", "a, b", "(a, b)", "x.y", "a + b", "None")
TEXTS = (
    *("new", "new.one", "new[0]", "f(new)", "new[0]['id']", "'new'", "1", "-1", "a + b", "a, b"),
    *(
        "lambda: 1",
        "a if b else c",
        "*a",
        "a := 1",
        "(a := 1)",
        "yield",
        "not a",
        "await a",
        "a  #",
    ),
    *(
        "i for i in a",
        "(i for i in a)",
        "[1]",
        "match",
        "type",
        "print",
        "a if b",
        "a = 1",
        "new)(b",
    ),
)


@pytest.mark.parametrize("hole", HOLES)
def test_what_may_stand_somewhere_is_what_the_parser_takes_there(hole, tmp_path):
    for stood in STOOD:
        text = hole.replace("HOLE", stood)
        start = hole.index("HOLE")
        try:
            source = Source.decode(str(tmp_path / "test_it.py"), f"if 1:\n  {text}\n".encode())
            module = Project(tmp_path, Profile()).adopt(source, source.parse())
        except SourceError:
            continue
        nodes = Nodes(module, set())
        span = Span(start + 8, start + 8 + len(stood))
        for new in TEXTS:
            try:
                replacement = Replacement(nodes, span, new, Layout(79))
            except CannotPlaceError:  # no expression by itself
                continue
            if replacement._may_stand_there():
                replacement._prove()


@pytest.mark.parametrize("hole", ["x = HOLE", "x = [a, HOLE]", "f(b=HOLE)", "x = HOLE['id']"])
def test_a_call_may_stand_for_another_without_a_look_at_the_statement(hole, tmp_path):
    text = hole.replace("HOLE", "f(1)").encode()
    source = Source.decode(str(tmp_path / "test_it.py"), text)
    nodes = Nodes(Project(tmp_path, Profile()).adopt(source, source.parse()), set())
    span = Span(text.index(b"f(1)"), text.index(b"f(1)") + 4)
    assert Replacement(nodes, span, "g(2)", Layout(79))._may_stand_there()
