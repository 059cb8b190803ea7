"""Run fixtests and say how much processor time its rules' decisions took, and how much all else.

Usage: decisions.py ARGUMENTS OF fixtests

All else is to start, list, read, search, parse, place, prove and print: what a
run with these findings would take if every decision were free. Needs --jobs 1.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from fixtests import __main__
from fixtests.engine import run_rules

spent = 0.0
decide = run_rules.findings


def timed(*given: Any) -> Any:
    global spent
    start = time.process_time()
    found = decide(*given)
    spent += time.process_time() - start
    return found


def leave(code: int) -> None:
    whole = time.process_time()
    sys.stdout.flush()
    print(f"decisions {spent:.2f} s, all else {whole - spent:.2f} s", file=sys.stderr)
    os._exit(code)


if __name__ == "__main__":
    run_rules.findings = timed
    __main__._leave = leave  # type: ignore[assignment]
    __main__.main()
