"""What a fix must hold: a result that does not is never written, and how to see it is said."""

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import module
from fixtests.engine import check_file
from fixtests.model import Status
from fixtests.run import one_file
from fixtests.run.request import Request
from fixtests.run.session import Session

DRIVER = """
import sys
from fixtests.engine import check_file
from fixtests.text import edits
from fixtests.model import Edit
from fixtests.rules.literal_uuid.rule import LiteralUuid

def fix(self, finding, edit):
    start, end = finding.span.start, finding.span.end
    path = finding.path
    edit.edits += {edits}

LiteralUuid.fix = fix
check_file.LARGE = {large}
from fixtests.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ("[Edit(path, start, end, 'a b')]", "the result would not parse (line 7: "),
        ("[Edit(path, 0, 0, '')]", "line 7: FT101 is still there after 10 rounds"),
        (
            "[Edit(path, start, start, 'a) or (')]",
            "line 7: column 9: the fix would change code outside",
        ),
    ],
    ids=["no-python", "still-there", "outside"],
)
@pytest.mark.parametrize("arguments", [[], ["--dry-run"], ["plan"]], ids=["fix", "dry-run", "plan"])
@pytest.mark.parametrize("large", [0, 300_000], ids=["large", "small"])
def test_result_that_does_not_hold_is_reported_and_not_written(
    tree, made, reason, arguments, large
):
    (tree / "tests/test_two.py").write_text("x = 1\n")
    done = subprocess.run(
        [sys.executable, "-c", DRIVER.format(edits=made, large=large), *arguments, "--jobs", "1"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert f"error: tests/test_one.py: {reason}" in done.stderr
    path = tree / "tests/test_one.py"
    again = f"fixtests --dry-run --no-cache --select FT101 {path}"
    assert f"the file was left as it was; please report this with it: {again}" in done.stderr
    assert path.read_bytes() == module()


@pytest.mark.parametrize("large", [0, 300_000], ids=["large", "small"])
def test_what_nobody_looks_at_must_be_python_where_the_file_is_written(tree, monkeypatch, large):
    monkeypatch.setattr(check_file, "LARGE", large)
    path = tree / "tests/test_one.py"
    path.write_bytes(b"class A:\n    def test_a(self):\n        x = (\n\n\n" + module())
    (result,) = run(path)
    assert result.status is Status.FAILED
    assert result.detail.startswith("line 3: '(' was never closed; make it valid")


@pytest.mark.slow("all samples, each as if it were large")
def test_large_results_are_those_of_small_ones(monkeypatch):
    """A file alone has no profile, so nothing to fix; those of trees have."""
    folder = Path(__file__).parents[1] / "fixtures"
    found = {path: run(path)[0] for path in sorted(folder.glob("*/*/**/*.py"))}
    changed = {path: it for path, it in found.items() if it.status is Status.CHANGED}
    assert len(changed) > 50
    monkeypatch.setattr(check_file, "LARGE", 0)
    assert {path: run(path)[0] for path in changed} == changed


def run(path):
    """Return the result of one file, all rules and tiers of fixes asked for."""
    session = Session(Request((path,), select=("ALL",), unsafe_fixes=True))
    return list(one_file.run(session, [path], lambda: None))
