"""Rearranged modules hold the same lines, mean the same, and leave alone what cannot move."""

import ast
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from generated import TIMES, contents, is_python
from laid_out import FIXTURES
from rearranged import branches_swapped, methods_reversed

SAMPLES = sorted(FIXTURES.rglob("*.py"))


def test_methods_move_with_their_decorators_comments_and_blank_lines():
    before = (
        "class C:  # why\n"
        '    """Doc."""\n'
        "\n"
        "    x = 1\n"
        "\n"
        "    # about a\n"
        "    def a(self):\n"
        "        return '''one\n"
        "    def no(self):\n"
        "'''\n"
        "        # the end of a\n"
        "\n"
        "    # about b\n"
        "    @decorated(\n"
        "        1)\n"
        "    # between\n"
        "    async def b(self): return 1\n"
        "    # the end\n"
        "y = 2\n"
    )
    after = (
        "class C:  # why\n"
        '    """Doc."""\n'
        "\n"
        "    x = 1\n"
        "\n"
        "    # about b\n"
        "    @decorated(\n"
        "        1)\n"
        "    # between\n"
        "    async def b(self): return 1\n"
        "\n"
        "    # about a\n"
        "    def a(self):\n"
        "        return '''one\n"
        "    def no(self):\n"
        "'''\n"
        "        # the end of a\n"
        "    # the end\n"
        "y = 2\n"
    )
    assert methods_reversed(before.encode()) == (after.encode(), 1)


def test_statements_between_methods_stay_and_inner_classes_are_reversed_too():
    before = (
        "class C:\n"
        "    def a(self): pass\n"
        "    x = 1\n"
        "    def b(self): pass\n"
        "    class D:\n"
        "        def d(self): pass\n"
        "        def e(self): pass\n"
        "    def c(self): pass\n"
    )
    after = (
        "class C:\n"
        "    def c(self): pass\n"
        "    x = 1\n"
        "    def b(self): pass\n"
        "    class D:\n"
        "        def e(self): pass\n"
        "        def d(self): pass\n"
        "    def a(self): pass\n"
    )
    assert methods_reversed(before.encode()) == (after.encode(), 2)


@pytest.mark.parametrize(
    "body",
    [
        "def a(self): pass\n",
        "def a(self): pass\n    def a(self): pass\n",
        "@property\n    def a(self): pass\n    @a.setter\n    def b(self, value): pass\n",
        "def a(self): pass\n    def b(self): pass\n    c = a\n",
        "def a(self): pass\n    def b(self, c=a): pass\n",
        "def a(self): pass\n    def b(self) -> a: pass\n",
        "def a(self): pass\n    x = 1\n    @decorated(x)\n    def b(self): pass\n",
        "def a(self): pass\n    class x: pass\n    def b(self, c=x): pass\n",
        "def a(self): pass\n    import x.y\n    @x.y\n    def b(self): pass\n",
        "def a(self): pass\n    x = 1; y = 2\n    def b(self): pass\n",
        "def a(self): pass\n    if x:\n        def b(self): pass\n    def b(self): pass\n",
        "def a(self): pass\n    def b(self): pass",
    ],
    ids=[
        "one",
        "two-of-a-name",
        "setter",
        "alias",
        "default",
        "annotation",
        "decorator-reads-a-name-between",
        "default-reads-a-class-between",
        "import-between",
        "two-on-a-line",
        "conditional",
        "no-line-end",
    ],
)
def test_class_whose_methods_have_an_order_stays(body):
    content = f"class C:\n    {body}".encode()
    assert methods_reversed(content) == (content, 0)


def test_branches_move_whole_and_the_condition_is_negated():
    before = (
        "def f():\n"
        "    if (a  # why\n"
        "            and b[1:2]):  # so\n"
        "        # first\n"
        "        one()\n"
        "        # before else\n"
        "    else:  # otherwise\n"
        "        two('''\n"
        "    else:\n"
        "''')\n"
        "        # last\n"
        "    # after\n"
    )
    after = (
        "def f():\n"
        "    if not ((a  # why\n"
        "            and b[1:2])):  # so\n"
        "        two('''\n"
        "    else:\n"
        "''')\n"
        "        # last\n"
        "    else:  # otherwise\n"
        "        # first\n"
        "        one()\n"
        "        # before else\n"
        "    # after\n"
    )
    assert branches_swapped(before.encode()) == (after.encode(), 1)


def test_nested_branches_and_the_last_two_of_a_chain_are_swapped():
    before = (
        "if(a):\n"
        "    if b:\n        one()\n    else:\n        two()\n"
        "else:\n    three()\n"
        "if c:\n    four()\nelif d:\n    five()\nelse:\n    six()\n"
    )
    after = (
        "if not ((a)):\n    three()\n"
        "else:\n"
        "    if not (b):\n        two()\n    else:\n        one()\n"
        "if c:\n    four()\nelif not (d):\n    six()\nelse:\n    five()\n"
    )
    assert branches_swapped(before.encode()) == (after.encode(), 3)


@pytest.mark.parametrize(
    "text",
    [
        "if a: one()\nelse: two()\n",
        "if a: one()\nelse:\n    two()\n",
        "if a:\n    one()\nelse: two()\n",
        "if a:\n    one()\nelif b:\n    two()\n",
        "if a:\n    one()\n",
        "x = one() if a else two()\n",
        "if a:\n    one()\nelse:\n    two()",
    ],
)
def test_branches_that_are_no_lines_of_their_own_stay(text):
    assert branches_swapped(text.encode()) == (text.encode(), 0)


@pytest.mark.parametrize("change", [methods_reversed, branches_swapped])
@settings(max_examples=60 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=contents())
def test_any_module_keeps_its_lines(change, content):
    try:
        after, count = change(content)
    except SyntaxError:
        assert not is_python(content)
        return
    if count == 0:
        assert after == content
        return
    ast.parse(after)
    assert len(after.splitlines()) == len(content.splitlines())
    if change is methods_reversed:
        assert sorted(after.splitlines()) == sorted(content.splitlines())
        assert change(after) == (content, count)


@pytest.mark.parametrize("change", [methods_reversed, branches_swapped])
def test_samples_have_places_to_rearrange(change):
    assert sum(change(Path(path).read_bytes())[1] for path in SAMPLES) >= 10
