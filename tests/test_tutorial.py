"""The tutorial on migrations, typed word by word."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]
PAGE = (TOP / "docs" / "migrations.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What each block of the page prints."""
    folder = tmp_path_factory.mktemp("tutorial") / "tree"
    folder.mkdir()
    scripts = folder.parent / "bin"
    scripts.mkdir()
    (scripts / "fixtests").write_text(f'#!/bin/sh\nexec {sys.executable} -m fixtests "$@"\n')
    (scripts / "fixtests").chmod(0o755)
    state = {f"FIXTESTS_{kind}_DIR": str(folder.parent / kind) for kind in ("CACHE", "STATE")}
    path = f"{scripts}{os.pathsep}{os.environ['PATH']}"
    return [
        subprocess.run(
            ["/bin/sh", "-ec", block],
            cwd=folder,
            env={**os.environ, **state, "PATH": path},
            check=True,
            capture_output=True,
            text=True,
        )
        for block in BLOCKS
    ]


def test_each_command_of_the_tutorial_does_what_it_says(said):
    _, mined, written, dry, applied, series = said
    assert mined.stdout.count("Show the body") == 1
    assert len(re.findall(r"test_servers.py:\d+:", mined.stdout)) == 3
    assert "--helper HELPER" in written.stdout
    listed = re.sub(" +", " ", written.stdout)
    assert "assert_status codemod Compare the status of responses" in listed
    assert "[--helper]" in listed
    assert "+        self.assert_status(204, response)" in dry.stdout
    assert "self.status" not in dry.stdout.replace(
        "         self.assertEqual(200, self.status)", ""
    )
    assert "the body is not shown where this fails" in applied.stdout
    assert "1 file changed, 2 insertions(+), 2 deletions(-)" in applied.stdout
    assert "Took back run" in applied.stderr
    assert series.stdout.count("Apply assert_status in tests") == 3
