"""Runs files on request: a path a line in, a line of JSON out that says what became of each test.

Modules that the files call stand in the second folder; what these note they write themselves.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

from in_memory import stand_ins


def serve(tree: Path, support: str) -> None:
    """Load a tree, then answer requests until there are no more."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    stand_ins.take_over(tree)
    sys.path.append(support)
    importlib.import_module("nova.tests.functional.integrated_helpers")
    from in_memory.running import apart

    for line in sys.stdin:
        found = {name: ran.verdict for name, ran in apart(Path(line.strip()), "full").items()}
        out.write(f"{json.dumps(found)}\n")
        out.flush()


serve(Path(sys.argv[1]).resolve(), sys.argv[2])
