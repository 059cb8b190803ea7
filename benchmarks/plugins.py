"""How much processor time answers take with a plug-in and without one.

    python benchmarks/plugins.py TREE [--rounds N]

TREE is checked with what is installed, and again beside the plug-in of examples/, which is put on
the path: warm, from the cache, and cold, with `--no-cache`. The least of some rounds counts; the
two take turns.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from plugged import Site

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "django-habits"
CHECK = (sys.executable, "-m", "fixtests", "check", "--output-format", "json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("tree", type=Path)
    parser.add_argument("--rounds", type=int, default=21)
    given = parser.parse_args()
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    with tempfile.TemporaryDirectory() as scratch:
        site = Site(Path(scratch, "site"))
        offered = project["entry-points"]
        groups = {name.removeprefix("fixtests."): it for name, it in offered.items()}
        site.describe(project["name"], project["version"], **groups)
        ways = {}
        for name, offering in (("without", Site(Path(scratch, "bare"))), ("with", site)):
            path = f"{offering.env['PYTHONPATH']}{os.pathsep}{EXAMPLE}"
            ways[name] = {**offering.env, "PYTHONPATH": path}
        for name, env in ways.items():
            env["FIXTESTS_CACHE_DIR"] = str(Path(scratch, name))
        found = {}
        for _ in range(3):  # Python compiles, and the cache takes nothing that has just changed
            for name, env in ways.items():
                found[name], _ = run(given.tree, env)
            time.sleep(2.5)
        for kind, options in (("warm", ()), ("cold", ("--no-cache",))):
            rounds = given.rounds if kind == "warm" else max(given.rounds // 3, 1)
            times: dict[str, list[float]] = {name: [] for name in ways}
            for _ in range(rounds):
                for name, env in ways.items():
                    times[name].append(run(given.tree, env, *options)[1])
            best = {name: min(taken) for name, taken in times.items()}
            ratio = best["with"] / best["without"]
            print(f"{kind}: {best['without']:.3f} s, with {best['with']:.3f} s: {ratio:.2f} x")
        counts = {name: len(json.loads(text)) for name, text in found.items()}
        print(f"findings: {counts['without']}, with the plug-in {counts['with']}")


def run(tree: Path, env: dict[str, str], *options: str) -> tuple[str, float]:
    """Return what is printed, and how many seconds of processor time it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [*CHECK, *options], cwd=tree, env=env, capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return done.stdout, used


if __name__ == "__main__":
    main()
