"""Run fixtests under a profiler and print how its own time divides into stages, as Markdown.

Usage: stages.py ARGUMENTS OF fixtests

The profiler makes every call of Python code dearer, so read the shares, not the seconds.
"""

from __future__ import annotations

import contextlib
import cProfile
import io
import pstats
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from fixtests import cli

PACKAGE = Path(cli.__file__).parent
PARSE = "parse (compile)"
SEARCH = "regular expressions"
BUILTIN = "~"  # what the profiler calls the file of functions that are not written in Python

Function = tuple[str, int, str]


def main() -> None:
    profiler = cProfile.Profile()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        profiler.runcall(cli.main, sys.argv[1:])
    seconds = by_stage(pstats.Stats(profiler).stats)  # type: ignore[attr-defined]
    total = sum(seconds.values())
    print("| stage | own seconds | share |\n|---|---:|---:|")
    for stage, spent in seconds.most_common():
        print(f"| {stage} | {spent:.2f} | {spent / total:.0%} |")
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
    return "ast (walks)" if path.name == "ast.py" else "other"


def builtin_stage(name: str) -> str:
    if name == "<built-in method builtins.compile>":
        return PARSE
    if "'re.Pattern'" in name or "'re.Match'" in name:
        return SEARCH
    return "libcst" if "libcst" in name or "native" in name else ""


if __name__ == "__main__":
    main()
