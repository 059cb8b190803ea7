"""Compares files on request: a line of JSON in, a line of JSON out."""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from in_memory import stand_ins


def serve(tree: Path) -> None:
    """Load a tree, then answer requests until there are no more."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    stand_ins.take_over(tree)
    for name in ("integrated_helpers", "api.client"):
        importlib.import_module(f"nova.tests.functional.{name}")
    # What inputs import anyway is not loaded anew in each process.
    for name in ("concurrent.futures.thread", "unittest.mock", "threading", "contextlib"):
        importlib.import_module(name)
    from in_memory.comparing import compare

    gc.freeze()  # so that no child copies what it does not change
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        answer = compare(Path(asked["before"]), Path(asked["after"]), asked["rule"])
        out.write(f"{json.dumps(asdict(answer))}\n")
        out.flush()


serve(Path(sys.argv[1]).resolve())
