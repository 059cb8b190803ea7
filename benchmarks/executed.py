"""Safe fixes by what they do: many generated tests are run before and after them.

    python benchmarks/executed.py [--count N] [--seed S] [--only WORDS] [--tool COMMAND]
    python benchmarks/executed.py --inputs FOLDER

Each input is a test module in a copy of the bundled tree. The safe fixes of its rule are
applied, and both forms are run against an API in memory, with long and with short lists. A test
that passed has to pass, to assert the same and to ask for the same in the same order, and to leave
nothing more behind. It prints, for each kind of input, how many there were, how many tests passed
before, in how many inputs something was found, the safe fixes, the tests broken, the fixes thrown
away with an internal error, other failures, guards where there is one, inputs in which something
is to be found and nothing is, and tests whose requests changed; then the shortest input of each
kind that is wrong. Exits 1 where a test is broken or a fix thrown away. The files of a FOLDER are
named after their rule, as `ft101_why.py`. Two thousand inputs take about a minute.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import executed
from inputs import KINDS, generate
from inputs.shapes import Input


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=2000, help="how many inputs (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="what they follow from (%(default)s)")
    parser.add_argument("--only", default="", help="a part of the rule and kind, as printed")
    parser.add_argument("--inputs", type=Path, help="a folder of files to run instead")
    parser.add_argument("--tool", default=shlex.join(executed.COMMAND), help="what to run")
    parser.add_argument("--write", type=Path, help="a folder for each input that is wrong")
    options = parser.parse_args()
    if options.inputs:
        given = [_read(path) for path in sorted(options.inputs.glob("*.py"))]
    else:
        kinds = [kind for kind in KINDS if options.only in f"{kind.rule} {kind.name}"]
        given = list(generate(options.count, options.seed, kinds))
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcomes = executed.check(given, Path(folder), shlex.split(options.tool))
    if options.inputs:
        for outcome in outcomes:
            why = [*outcome.broken, outcome.thrown_away, *outcome.answer["failed"].values()][0]
            print(f"{outcome.verdict:<12} {outcome.given.kind}  {why}".rstrip())
    print(*executed.table(outcomes), "", *executed.reproducers(outcomes), sep="\n")
    print(f"{len(outcomes)} inputs in {time.monotonic() - start:.0f} s")
    if options.write:
        _write(outcomes, options.write)
    return 1 if any(it.verdict in ("broken", "thrown away") for it in outcomes) else 0


def _read(path: Path) -> Input:
    return Input(path.stem.partition("_")[0].upper(), path.stem, path.read_bytes().decode())


def _write(outcomes: list[executed.Outcome], folder: Path) -> None:
    """Write each input that is wrong, with its fixed form and what is wrong, below a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for at, outcome in enumerate(outcomes):
        if outcome.verdict != "fine":
            words = "".join(it if it.isalnum() else "_" for it in outcome.given.kind)
            name = f"{outcome.given.rule.lower()}_{words}_{at}"
            (folder / f"{name}.py").write_text(outcome.given.text)
            (folder / f"{name}.after").write_text(outcome.after)
            told = "\n".join([outcome.verdict, *outcome.broken, outcome.thrown_away])
            (folder / f"{name}.why").write_text(f"{told.strip()}\n")


if __name__ == "__main__":
    raise SystemExit(main())
