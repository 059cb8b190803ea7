"""Comments that silence findings: where they stand, and what their codes mean."""

import pytest

from conftest import fixtests, module

QUOTES = '"' * 3


def said(tree, text):
    (tree / "tests/test_one.py").write_bytes(text)
    return fixtests("check", folder=tree)


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("noqa: FT1", 0),
        ("noqa: FT10", 0),
        ("noqa: ft1", 0),
        ("noqa: E501 FT1", 0),
        ("noqa: F1", 1),
        ("noqa: FT4", 1),
        ("noqa: FT1011", 1),
        ("fixtests: ignore[FT1]", 1),
    ],
)
def test_codes_of_noqa_are_prefixes_as_in_flake8(tree, comment, code):
    assert said(tree, module().rstrip() + f"  # {comment}\n".encode()).code == code


def test_prefix_is_unused_where_all_its_rules_ran(tree):
    text = b"A = 1  # noqa: FT4\nB = 1  # noqa: FT1, F4\n"
    first, *_ = said(tree, text).err.splitlines()
    assert first == "warning: tests/test_one.py:1: unused suppression of FT4; remove it"
    assert "FT1" not in said(tree, text).err
    assert "FT1; remove" in fixtests("check", "--select", "ALL", folder=tree).err


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("# flake8: noqa\n", 0),
        ("# flake8:noqa\n", 0),
        ("# Flake8=NOQA\n", 0),
        ("# flake8: noqa: FT101\n", 0),
        ("# flake8: noqa: E501\n", 0),
        ("if 1:\n    # flake8: noqa\n    pass\n", 0),
        ("x = 1  # flake8: noqa\n", 1),
        ("#flake8: noqa\n", 1),
        ("# flake8: off\n", 1),
        (f"x = {QUOTES}\n# flake8: noqa\n{QUOTES}\n", 1),
    ],
)
def test_flake8_noqa_is_for_the_whole_file_as_in_flake8(tree, text, code):
    answer = said(tree, text.encode() + module())
    assert answer.code == code
    assert ("write `# fixtests: ignore-file[FT101]`" in answer.err) == ("FT101" in text)
    assert fixtests("check", "--ignore-suppressions", folder=tree).code == 1


@pytest.mark.parametrize(
    ("above", "code"),
    [
        ("        # fixtests: ignore[FT101] a reason\n", 0),
        ("        # fixtests: ignore[literal-uuid]\n        # more words\n", 0),
        ("        # fixtests: ignore\n", 0),
        ("        # fixtests: ignore[FT101]\n\n", 1),
        ("        # fixtests: ignore[FT201]\n", 1),
        ("        x = 1  # fixtests: ignore[FT101]\n", 1),
        ("        # noqa: FT101\n", 1),
    ],
)
def test_comment_on_a_line_of_its_own_is_for_what_is_below(tree, above, code):
    head, _, line = module().rpartition(b"        self")
    answer = said(tree, head + above.encode() + b"        self" + line)
    assert answer.code == code
    assert ("unused suppression" in answer.err) == (code == 1)


def test_comment_above_a_statement_is_for_all_of_it(tree):
    call = b"        self.attach"
    text = module().replace(b".attach(", b".attach(\n            1,\n            ")
    answer = said(tree, text.replace(call, b"        # fixtests: ignore[FT101]\n" + call))
    assert (answer.code, answer.err) == (0, "Nothing to fix.\n")
