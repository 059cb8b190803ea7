"""The language server in a real tree: how soon it answers, and whether it is right after each edit.

Usage: lsp.py latency TREE FILE [EDITS]
       lsp.py edits TREE FILE [EDITS [SEED]]

`latency` types into a file, letter by letter and waiting each time for what is shown, and holds
that against `ast.parse` of the same text: 1.5 times as long and 0.1 s are the limit. `edits` plays
random edits of lines, words and letters (tests/edited.py) and compares what is shown with what
`check` finds in a copy of the tree that holds the same text. Neither writes into TREE. Exit 1
where the median is over the limit, or where anything shown is wrong or of an older text.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import editor as editors

PARSES, SECONDS = 1.5, 0.1
TYPED = 100
EDITS = 1000
COMMENT = "        # typed letter by letter"


def main() -> int:
    """Do what is asked for and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=("latency", "edits"))
    parser.add_argument("tree", type=Path)
    parser.add_argument("file", help="what is edited, relative to it")
    parser.add_argument("count", nargs="?", type=int, metavar="EDITS")
    parser.add_argument(
        "seed", nargs="?", type=int, default=1, help="what random edits follow from"
    )
    options = parser.parse_args()
    root = options.tree.resolve()
    editor = editors.Editor(root)
    path = root / options.file
    editor.open(path, path.read_bytes().decode())
    editor.shown(path)
    if options.what == "latency":
        return latency(editor, root, path, options.count or TYPED)
    return edits(editor, root, path, options.count or EDITS, options.seed)


def latency(editor: editors.Editor, root: Path, path: Path, count: int) -> int:
    """Type and measure, print both and return the exit code."""
    text = editor.texts[path]
    rng = random.Random(1)
    waited, parsed, worked = [], [], []  # seconds by the clock, and of the processor for parsing
    used = processor(editor.number)
    while len(waited) < count:
        lines = text.splitlines(keepends=True)
        at = rng.randrange(len(lines))
        for end in range(9, len(COMMENT), 5):
            new = "".join([*lines[:at], COMMENT[:end], "\n", *lines[at:]])
            before = time.process_time()
            try:
                parse = seconds(lambda text=new: ast.parse(text))
            except SyntaxError:  # inside of a text or an expression that ends there
                break
            parsed.append(parse)
            worked.append(time.process_time() - before)
            editor.change(path, new)
            waited.append(seconds(lambda: editor.shown(path)))
    used = (processor(editor.number) - used) / len(waited)
    size = f"{len(text.splitlines()):,} lines, {len(waited)} edits, load {os.getloadavg()[0]:.1f}"
    print(f"{path.relative_to(root)}: {size}; milliseconds")
    limits = [limit(parse) for parse in parsed]
    within = sum(it <= most for it, most in zip(waited, limits, strict=True))
    middle, most = statistics.median(waited), limit(statistics.median(parsed))
    print(f"ast.parse {ms(parsed)}, so that the limit is {most * 1000:.0f}")
    print(f"shown after {ms(waited)}, {within} of {len(waited)} within the limit of their text")
    print(
        f"processor time: ast.parse {ms(worked)}, the server {used * 1000:.0f},"
        f" limit {limit(statistics.median(worked)) * 1000:.0f}"
    )
    return 0 if middle <= most else 1


def limit(parse: float) -> float:
    """Return how long an answer may take for a text that is parsed in so many seconds."""
    return PARSES * parse + SECONDS


def edits(editor: editors.Editor, root: Path, path: Path, count: int, seed: int) -> int:
    """Edit and compare, print what is wrong and return the exit code."""
    wrong = 0
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, root.name)
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        (copy / "setup.cfg").touch()
        played = editors.play(
            editor, path, copy / path.relative_to(root), random.Random(seed), count
        )
        for number, (what, right) in enumerate(played, 1):
            wrong += not right
            if not right:
                print(number, what)
    took = time.perf_counter() - start
    print(f"{path.relative_to(root)}: {count} edits, {wrong} wrong or stale; {took:.0f} s")
    return 1 if wrong or editor.end() or editor.said else 0


def processor(number: int) -> float:
    """Return the processor time of a process in seconds."""
    return time.clock_gettime(~number << 3 | 2)  # as Linux numbers the clocks of processes


def seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ms(times: list[float]) -> str:
    """Return the median of some seconds, and what 95 of a hundred stay below, in milliseconds."""
    most = sorted(times)[len(times) * 95 // 100]
    return f"{statistics.median(times) * 1000:.0f} (95%: {most * 1000:.0f})"


if __name__ == "__main__":
    sys.exit(main())
