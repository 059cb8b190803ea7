"""Strike a run at every operation, and at random moments; print cases and losses as Markdown.

Usage: faults.py [--seed N] [--kills N] [--kind NAME ...]

It takes some minutes, writes only below the folder for temporary files and
leaves nothing there. As root it mounts small disks there. Exits 1 on any loss.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import fault_cases

KILLS = 200
RANDOM = {
    f"{word.lower()}_from_outside": getattr(signal, word)
    for word in ("SIGKILL", "SIGTERM", "SIGINT")
}
TIMES = 10  # repetitions of two runs at once


def main() -> int:
    names = {kind.__name__: kind for kind in fault_cases.KINDS}
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--kills",
        type=int,
        default=KILLS,
        help="from outside; a quarter of that for each other signal",
    )
    parser.add_argument("--kind", action="append", choices=[*names, *RANDOM])
    options = parser.parse_args()
    chosen = options.kind or [*names, *RANDOM]
    print("| fault | cases | losses | seconds |\n|---|---:|---:|---:|", flush=True)
    total, lost, told, between = 0, 0, [], []
    for name in chosen:
        start = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            if name in RANDOM:
                struck = fault_cases.RandomSignals(Path(folder), Random(options.seed), RANDOM[name])
                times = options.kills if "kill" in name else options.kills // 4
                cases = list(struck.cases(times))
                between.append(f"{name}: {struck.between} between the first and the last rename")
            else:
                every = TIMES if name == "concurrent" else 1
                cases = list(names[name](Path(folder), every))
        losses = [(name, number, case) for number, case in enumerate(cases, 1) if case]
        spent = time.monotonic() - start
        print(f"| {name} | {len(cases)} | {len(losses)} | {spent:.0f} |", flush=True)
        total, lost, told = total + len(cases), lost + len(losses), told + losses
        if not cases:
            print(f"<!-- {name}: nothing of the kind can be had here -->")
    print(f"| all | {total} | {lost} | |")
    print(f"\nseed of the random moments: {options.seed}")
    print(*between, sep="\n")
    for name, number, case in told:
        print(f"\n{name}, case {number}:\n", *case, sep="\n- ")
    print(f"\ncases: {total}, losses: {lost}")
    return 1 if lost or not total else 0


if __name__ == "__main__":
    sys.exit(main())
