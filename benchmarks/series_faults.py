"""Make series of commits under every fault of the suite; print cases and losses as Markdown.

Usage: series_faults.py [--kind NAME ...] [--every N]

It makes series some thousand times, writes only below the folder for temporary
files and leaves nothing there. As root it mounts small disks there. Exits 1 on any loss.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import series_cases


def main() -> int:
    names = {kind.__name__: kind for kind in series_cases.KINDS}
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kind", action="append", choices=names)
    parser.add_argument("--every", type=int, default=1, help="only each of so many cases")
    options = parser.parse_args()
    print("| fault | cases | losses | seconds |\n|---|---:|---:|---:|", flush=True)
    total, lost, told = 0, 0, []
    for name in options.kind or names:
        start = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            cases = list(names[name](Path(folder), options.every))
        losses = [(name, number, case) for number, case in enumerate(cases, 1) if case]
        spent = time.monotonic() - start
        print(f"| {name} | {len(cases)} | {len(losses)} | {spent:.0f} |", flush=True)
        total, lost, told = total + len(cases), lost + len(losses), told + losses
        if not cases:
            print(f"<!-- {name}: nothing of the kind can be had here -->")
    for name, number, case in told:
        print(f"\n{name}, case {number}:\n", *case, sep="\n- ")
    print(f"\n{total} cases, {lost} losses")
    return 1 if lost or not total else 0


if __name__ == "__main__":
    sys.exit(main())
