"""Run fixtests under a profiler and print how its own time divides into stages, as Markdown.

Usage: stages.py ARGUMENTS OF fixtests

The profiler makes every call of Python code dearer, so read the shares, not the seconds.
"""

from __future__ import annotations

import contextlib
import cProfile
import os
import pstats
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from fixtests.cli import main as cli

PACKAGE = Path(cli.__file__).parent
PARSE = "parse (compile)"
SEARCH = "regular expressions"
MODULES = {
    "ast.py": "ast (walks)",
    "pathlib.py": "pathlib",
    "dataclasses.py": "imports, dataclasses",
    "<frozen importlib._bootstrap>": "imports, dataclasses",
    "<frozen importlib._bootstrap_external>": "imports, dataclasses",
}
SMALL = 0.005  # the share below which a stage has no row of its own
BUILTIN = "~"  # what the profiler calls the file of functions that are not written in Python

Function = tuple[str, int, str]


def main() -> None:
    profiler = cProfile.Profile()
    del os.fork  # so that a run does its work in this process, which the profiler sees
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        try:
            profiler.runcall(cli.main, sys.argv[1:])
        except SystemExit as leaving:
            if leaving.code not in (0, 1):  # anything else is a run that failed
                raise
    seconds = by_stage(pstats.Stats(profiler).stats)  # type: ignore[attr-defined]  # not in typeshed
    total = sum(seconds.values())
    print("| stage | own seconds | share |\n|---|---:|---:|")
    rows = Counter({name: spent for name, spent in seconds.items() if spent >= SMALL * total})
    for name, spent in rows.most_common():
        print(f"| {name} | {spent:.2f} | {spent / total:.0%} |")
    print(f"| smaller stages | {total - sum(rows.values()):.2f} | |")
    print(f"| all | {total:.2f} | 100% |")


def by_stage(stats: dict[Function, Any]) -> Counter[str]:
    """Add up own time; builtins that are no stage count for who called them."""
    seconds: Counter[str] = Counter()
    for function, (_, _, own, _, callers) in stats.items():
        named = stage(function)
        if named or not callers:
            seconds[named or "other"] += own
            continue
        for caller, (_, _, spent, _) in callers.items():
            seconds[stage(caller) or "other"] += spent
    return seconds


def stage(function: Function) -> str:
    """Return the stage of a function, empty for a builtin that has none of its own."""
    file, _, name = function
    if file == BUILTIN:
        return builtin_stage(name)
    path = Path(file)
    if path.is_relative_to(PACKAGE):
        inner = path.relative_to(PACKAGE).parts
        return f"fixtests.{inner[0].removesuffix('.py')}"
    if "libcst" in path.parts:
        return "libcst"
    return MODULES.get(path.name, "other")


def builtin_stage(name: str) -> str:
    if name == "<built-in method builtins.compile>":
        return PARSE
    if "'re.Pattern'" in name or "'re.Match'" in name:
        return SEARCH
    return "libcst" if "libcst" in name or "native" in name else ""


if __name__ == "__main__":
    main()
