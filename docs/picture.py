"""Draws `docs/terminal.svg`, the picture in README: what two commands print on the bundled demo."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

DOCS = Path(__file__).resolve().parent
PICTURE = DOCS / "terminal.svg"
FILE = "nova/tests/functional/test_list_servers.py"
COMMANDS = (("check", "--output-format", "concise", FILE), ("--dry-run", FILE))
WIDTH = 100


def drawn() -> str:
    """Return the picture."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "demo")
        shutil.copytree(DOCS.parent / "fixtures/demo", tree)
        for command in COMMANDS:
            console.print(Text("$ ", "bold green") + Text(" ".join(("fixtests", *command)), "bold"))
            console.print(Text.from_ansi(printed(command, tree)))
    svg = console.export_svg(title="fixtests", unique_id="terminal")
    return re.sub(r"\s*@font-face \{[^}]*\}", "", svg)  # no font from elsewhere


def printed(command: tuple[str, ...], tree: Path) -> str:
    """Return what a command prints on a terminal, in its colours."""
    done = subprocess.run(
        [sys.executable, "-m", "fixtests", *command, "--color", "always", "--no-cache"],
        cwd=tree,
        env={**os.environ, "FIXTESTS_STATE_DIR": str(tree.parent / "state")},
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
