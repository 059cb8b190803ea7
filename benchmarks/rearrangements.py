"""What must change nothing: the order of methods, branches and files, and which files are given.

    python benchmarks/rearrangements.py FOLDER TESTS [--shuffles N] [--tool COMMAND]

Looks at the files below TESTS of a project's folder with all rules, and again
in a copy whose classes have their methods in reverse, in one whose `if c: A else: B`
are `if not (c): B else: A`, with the files in other orders, and with each file
alone. Each time the same code has to flag the same text in the same function,
with a fix as far to be trusted. It prints how many places were compared and
every difference, each of which is a fault, and exits 1 where there is one. Nothing
is kept between runs; it takes some minutes, most of them for the files alone.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import unchanging
from observed import COMMAND, Tool
from unchanging import Comparison

SHUFFLES = 3
AT_ONCE = 100  # files alone, between two lines of output


def main() -> int:
    """Compare and print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("tests", help="a folder or file, from there")
    parser.add_argument(
        "--shuffles", type=int, default=SHUFFLES, help="random orders of the files (%(default)s)"
    )
    parser.add_argument("--tool", default=shlex.join(COMMAND), help="what to run (%(default)s)")
    options = parser.parse_args()
    tool = Tool(tuple(shlex.split(options.tool)))
    differences = 0
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, options.folder.resolve().name)
        shutil.copytree(options.folder, root, symlinks=True)
        (root / "setup.cfg").touch()  # the root of the project, whatever is around it
        start = time.monotonic()
        for what, found in comparisons(tool, root, options.tests, options.shuffles):
            spent, start = time.monotonic() - start, time.monotonic()
            print(
                f"{what}: {found.compared} places compared,"
                f" {len(found.differences)} differences; {spent:.0f} s",
                *(f"  {line}" for line in found.differences),
                sep="\n",
                flush=True,
            )
            differences += len(found.differences)
    print(f"{options.folder.name}: {differences} differences in all")
    return 1 if differences else 0


def comparisons(
    tool: Tool, root: Path, tests: str, shuffles: int
) -> Iterator[tuple[str, Comparison]]:
    """Yield what is compared, and how, for one project whose files change meanwhile."""
    before = tool.findings(root, [tests])
    within = root / tests
    files = sorted(within.rglob("*.py")) if within.is_dir() else [within]
    paths = [path.relative_to(root).as_posix() for path in files]
    yield f"{len(paths)} files by name", unchanging.compare(before, tool.findings(root, paths))
    for name, order in unchanging.orders(paths, shuffles):
        yield f"{len(paths)} files {name}", unchanging.in_order(tool, root, order, before)
    for name, change in unchanging.REARRANGEMENTS.items():
        modules = sorted(root.rglob("*.py"))
        kept = {path: path.read_bytes() for path in modules}
        count = unchanging.rearrange(modules, change)
        after = tool.findings(root, [tests])
        yield f"{name}, {count} in {len(modules)} files", unchanging.compare(before, after)
        for path, content in kept.items():
            path.write_bytes(content)
    for first in range(0, len(paths), AT_ONCE):
        part = paths[first : first + AT_ONCE]
        found = [unchanging.alone(tool, root, [path], before) for path in part]
        both = Comparison(
            sum(item.compared for item in found),
            tuple(line for item in found for line in item.differences),
        )
        yield f"{len(part)} files alone", both


if __name__ == "__main__":
    raise SystemExit(main())
