"""`--add-ignore`: a comment for each finding, where comments may stand, and nothing else."""

import ast
from dataclasses import replace

import pytest

from conftest import A_UUID, fixtests, git, module
from fixtests.fixing import silencing
from fixtests.model import Applicability, Finding, Span
from fixtests.testing import samples
from fixtests.text.source import Source
from laid_out import Root

OTHER = "11111111-2222-3333-4444-555555555555"
HEAD = """\
import unittest


class OneTest(unittest.TestCase):

    def test_attach(self):
"""
QUOTES = '"' * 3


def body(*lines):
    return HEAD + "".join(f"        {line}\n" for line in lines)


def silenced(tree, text, *arguments):
    """Return what `--add-ignore` makes of a test module, which is then clean and stays so."""
    path = tree / "tests/test_one.py"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    preview = fixtests("--add-ignore", "--dry-run", *arguments, folder=tree)
    answer = fixtests("--add-ignore", *arguments, folder=tree)
    assert answer.code == 0, answer.err
    assert answer.err.startswith("Silenced ")
    after = path.read_bytes()
    assert preview.code == 1
    assert preview.err.startswith("Would silence ")
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(text))
    check = fixtests("check", *arguments, folder=tree)
    assert (check.code, check.err) == (0, "Nothing to fix.\n")
    again = fixtests("--add-ignore", *arguments, folder=tree)
    assert (again.code, again.err) == (0, "Nothing to fix.\n")
    assert path.read_bytes() == after
    return after.decode()


def test_comment_ends_the_line_where_it_has_room(tree):
    line = f"use('{OTHER}')"
    assert silenced(tree, body(line)) == body(f"{line}  # fixtests: ignore[FT101]")


def test_comment_stands_above_where_the_line_has_no_room(tree):
    line = f"self.attach(volume_id='{A_UUID}')"
    assert silenced(tree, body(line)) == body("# fixtests: ignore[FT101]", line)


def test_lines_stay_as_long_as_the_project_has_them(tree):
    (tree / "fixtests.toml").write_text("root = true\nline-length = 100\n")
    line = f"self.attach(volume_id='{A_UUID}')"
    assert silenced(tree, body(line)) == body(f"{line}  # fixtests: ignore[FT101]")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"use('{OTHER}')  # why", f"use('{OTHER}')  # why  # fixtests: ignore[FT101]"),
        (
            f"use('{OTHER}')  # fixtests: ignore[FT2] x",
            f"use('{OTHER}')  # fixtests: ignore[FT2, FT101] x",
        ),
        (
            f"use('{OTHER}')  # noqa: E501",
            f"use('{OTHER}')  # noqa: E501  # fixtests: ignore[FT101]",
        ),
        (f"use('{OTHER}')   ", f"use('{OTHER}')  # fixtests: ignore[FT101]"),
        (
            f"use('# fixtests: ignore[FT2]', '{OTHER}')",
            f"# fixtests: ignore[FT101]\n        use('# fixtests: ignore[FT2]', '{OTHER}')",
        ),
    ],
    ids=["words", "own", "noqa", "blanks", "string"],
)
def test_comment_that_is_there_stays(tree, before, after):
    path = tree / "tests/test_one.py"
    (tree / "fixtests.toml").write_text("root = true\nline-length = 96\n")
    path.write_text(body(before))
    assert fixtests("--add-ignore", folder=tree).code == 0
    assert path.read_text() == body(after)


def test_codes_of_one_line_share_a_comment(tree):
    text = body("servers = self.api.get_servers()", f"use(servers[0], '{OTHER}')")
    (tree / "fixtests.toml").write_text("root = true\nline-length = 100\n")
    after = silenced(tree, text)
    assert after == text.replace("')", "')  # fixtests: ignore[FT201, FT101]")
    noqa = 'root = true\nline-length = 100\nsuppression-comment = "noqa"\n'
    (tree / "fixtests.toml").write_text(noqa)
    after = silenced(tree, text)
    assert after == text.replace("')", "')  # noqa: FT201,FT101")


def test_noqa_that_is_there_gets_one_more_code(tree):
    (tree / "fixtests.toml").write_text(
        'root = true\nsuppression-comment = "noqa"\nline-length = 90\n'
    )
    line = f"use('{OTHER}')  # noqa: E501"
    assert silenced(tree, body(line)) == body(f"{line},FT101")


def test_comment_of_noqa_without_room_is_ours_above(tree):
    (tree / "fixtests.toml").write_text('root = true\nsuppression-comment = "noqa"\n')
    line = f"self.attach(volume_id='{A_UUID}')  # a word"
    assert silenced(tree, body(line)) == body("# fixtests: ignore[FT101]", line)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("use(1, \\", f"    '{OTHER}', \\", "    2)"),
            ("# fixtests: ignore[FT101]", "use(1, \\", f"    '{OTHER}', \\", "    2)"),
        ),
        (
            (f"use({QUOTES}", f"words{QUOTES}, '{OTHER}', {QUOTES}", f"more{QUOTES})"),
            (
                "# fixtests: ignore[FT101]",
                f"use({QUOTES}",
                f"words{QUOTES}, '{OTHER}', {QUOTES}",
                f"more{QUOTES})",
            ),
        ),
        (
            (f"use('{OTHER}', {QUOTES}", f"more{QUOTES})"),
            ("# fixtests: ignore[FT101]", f"use('{OTHER}', {QUOTES}", f"more{QUOTES})"),
        ),
        (
            ("use(", f"'{OTHER}', [", "2])"),
            ("use(", f"'{OTHER}', [  # fixtests: ignore[FT101]", "2])"),
        ),
    ],
    ids=["backslash", "inside of strings", "before a string", "brackets"],
)
def test_comment_is_never_in_a_string_or_behind_a_backslash(tree, lines, expected):
    text = body(*lines)
    for line in lines[1:]:
        text = text.replace(f"        {line}\n", f"{line}\n") if QUOTES in line else text
    after = silenced(tree, text)
    assert [line.strip() for line in after.splitlines()[6:]] == [line.strip() for line in expected]


def test_comment_that_would_hide_what_is_flagged_stands_above(tree):
    index = ("servers = self.api.get_servers()", "server = servers[", "    1", "]")
    comment = "# fixtests: ignore[FT201]"
    assert silenced(tree, body(*index)) == body(index[0], comment, *index[1:])


def test_where_there_is_no_room_at_all_the_finding_stays_and_says_so(tree):
    (tree / "fixtests.toml").write_text("root = true\nline-length = 20\n")
    answer = fixtests("--add-ignore", folder=tree)
    assert answer.code == 1
    assert " = not silenced\n  = no line of it has room within 20 characters\n" in answer.text
    assert (tree / "tests/test_one.py").read_bytes() == module()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_missing_one_stay(tree, end):
    text = body(f"use('{OTHER}')").rstrip("\n").replace("\n", end)
    path = tree / "tests/test_one.py"
    path.write_bytes(text.encode())
    assert fixtests("--add-ignore", folder=tree).code == 0
    assert path.read_bytes().decode() == f"{text}  # fixtests: ignore[FT101]"
    text = body(f"self.attach(volume_id='{A_UUID}')").replace("\n", end)
    path.write_bytes(text.encode())
    assert fixtests("--add-ignore", folder=tree).code == 0
    comment = f"        # fixtests: ignore[FT101]{end}"
    assert path.read_bytes().decode() == text.replace("        self", f"{comment}        self")


def test_test_without_docstring_is_silenced_at_its_head(tree):
    text = body("pass")
    head = "def test_attach(self):"
    after = silenced(tree, text, "--select", "FT601")
    assert after == text.replace(head, f"{head}  # fixtests: ignore[FT601]")


def test_run_can_be_taken_back_wholly_and_by_rule(tree):
    path = tree / "tests/test_one.py"
    text = body("servers = self.api.get_servers()", "use(servers[0])", f"use('{OTHER}')")
    path.write_text(text)
    assert fixtests("--add-ignore", folder=tree).code == 0
    assert fixtests("undo", "--rule", "FT201", folder=tree).code == 0
    assert path.read_text() == text.replace("')", "')  # fixtests: ignore[FT101]")
    assert fixtests("undo", folder=tree).code == 0
    assert path.read_text() == text


def test_preview_is_a_patch_that_gives_what_is_written(tree):
    git(tree, "init", "-q")
    preview = fixtests("--add-ignore", "--dry-run", folder=tree)
    git(tree, "apply", stdin=preview.out)
    patched = (tree / "tests/test_one.py").read_bytes()
    (tree / "tests/test_one.py").write_bytes(module())
    fixtests("--add-ignore", folder=tree)
    assert (tree / "tests/test_one.py").read_bytes() == patched != module()


def test_only_what_remains_gets_a_comment(tree):
    two = tree / "tests/test_two.py"
    two.write_bytes(module())
    fixtests("baseline", "accepted.json", "tests/test_two.py", folder=tree)
    answer = fixtests("--add-ignore", "--baseline", "accepted.json", folder=tree)
    assert (answer.code, answer.err) == (0, "Silenced 1 finding in 1 file.\n")
    assert two.read_bytes() == module()


def test_only_changed_lines_get_comments_with_since(tree):
    path = tree / "tests/test_one.py"
    path.write_text(body(f"use('{OTHER}')"))
    git(tree, "init", "-q")
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "all")
    path.write_text(body(f"use('{OTHER}')", f"use(2, '{A_UUID}')"))
    assert fixtests("--add-ignore", "--since", "HEAD", folder=tree).code == 0
    comment = "# fixtests: ignore[FT101]"
    assert path.read_text() == body(f"use('{OTHER}')", comment, f"use(2, '{A_UUID}')")


def test_kept_results_are_of_comments_and_not_of_fixes(tree, cache_dir):
    first = fixtests("--dry-run", folder=tree)
    comments = fixtests("--dry-run", "--add-ignore", folder=tree)
    assert first.out != comments.out
    assert fixtests("--dry-run", "--add-ignore", folder=tree) == comments
    fixtests("--add-ignore", folder=tree)
    assert b"ignore[FT101]" in (tree / "tests/test_one.py").read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        ["--unsafe-fixes"],
        ["--verify"],
        ["--interactive"],
        ["--commit"],
        ["--exit-non-zero-on-fix"],
        ["--ignore-suppressions"],
        ["--microversion", "compute=2.1"],
        ["--fixable", "FT1"],
        ["--unfixable", "FT1"],
        ["--extend-safe-fixes", "FT1"],
        ["--extend-unsafe-fixes", "FT1"],
    ],
    ids=lambda options: options[0],
)
def test_what_is_said_of_fixes_is_refused(tree, options):
    answer = fixtests("--add-ignore", *options, folder=tree)
    assert (answer.code, answer.out) == (2, b"")
    assert answer.err == (
        f"error: --add-ignore fixes nothing, it writes comments; leave {options[0]} out\n"
    )
    assert (tree / "tests/test_one.py").read_bytes() == module()


def test_unknown_form_is_named(tree):
    (tree / "fixtests.toml").write_text('root = true\nsuppression-comment = "nosec"\n')
    answer = fixtests("check", folder=tree)
    assert answer.code == 2
    assert "suppression-comment is 'nosec'; valid are fixtests, noqa" in answer.err


EVERY = samples.every()
REST = "a twelfth of the samples is with the other tests"


@pytest.mark.parametrize(
    "sample",
    [
        pytest.param(item, id=item.name, marks=[pytest.mark.slow(REST)] if at % 12 else [])
        for at, item in enumerate(EVERY)
        if item.kind != "unchanged"
    ],
)
def test_every_sample_is_silenced_once_for_all(sample, tmp_path):
    root = Root(sample.start, tmp_path / "root")
    asked = replace(samples.request(root, sample.rule), silencing=True)
    results = samples.run(asked)
    for name, text in samples.texts(root, results).items():
        path = root.folder / name
        if path.suffix == ".py" and text != path.read_bytes():
            assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(path.read_bytes()))
            path.write_bytes(text)
    for before, after in zip(results, samples.run(asked), strict=True):
        assert [item for item in after.findings if not item.suppressed] == []
        assert len(after.problems) == len(before.problems)


def test_places_are_found_on_every_line_that_python_lets_a_comment_end():
    text = 'x = (1,\n     2)\ny = """\n"""\nz = 1 + \\\n    2\n\nf = f"""{\n1}"""\n'
    source = Source.decode("f.py", text.encode())
    found = silencing.Places(source, "fixtests", 79)._ends
    for row in range(1, len(source.starts)):
        lines = text.split("\n")
        lines[row - 1] += "  # a comment"
        try:
            same = ast.dump(ast.parse("\n".join(lines))) == ast.dump(ast.parse(text))
        except SyntaxError:
            same = False
        assert not (row in found and not same), row
    assert {1, 2, 4, 6, 7} <= found.keys()


def test_comment_is_made_by_code_alone():
    text = "x = [1]\n"
    source = Source.decode("f.py", text.encode())
    span = Span(0, 1)
    finding = Finding("FT1", "some", "f.py", span, span, "it is", Applicability.DISPLAY)
    (found,) = silencing.placed([finding], silencing.Places(source, "noqa", 79))
    assert found.fix.applicability is Applicability.SAFE
    assert found.fix.edits[0].content == "  # noqa: FT1\n"
