"""What a fix must hold: a result that does not is never written, and how to see it is said."""

import subprocess
import sys

import pytest

from conftest import module

DRIVER = """
import sys
from fixtests import edits
from fixtests.model import Edit
from fixtests.rules.literal_uuid import LiteralUuid

def fix(self, finding, edit):
    start, end = finding.span.start, finding.span.end
    path = finding.path
    edit.edits += {edits}

LiteralUuid.fix = fix
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
def test_result_that_does_not_hold_is_reported_and_not_written(tree, made, reason, arguments):
    (tree / "tests/test_two.py").write_text("x = 1\n")
    done = subprocess.run(
        [sys.executable, "-c", DRIVER.format(edits=made), *arguments, "--jobs", "1"],
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
