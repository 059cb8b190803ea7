"""Run the property tests and the fuzz tests with many examples, and count them.

    python benchmarks/properties.py [TIMES]

TIMES is how often the number of examples of the test command is tried, 125 by
default, which makes more than ten thousand modules and forty thousand malformed
plans, configurations and comments. It prints a line for each test, and how many
examples passed and failed in all.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

TESTS = (
    *("tests/test_properties.py", "tests/test_fuzz.py", "tests/test_flow.py"),
    *("tests/test_reasoning.py", "tests/test_review_properties.py"),
    *("tests/test_verify_isolate.py", "tests/test_verify_marks.py"),
)
NAME = re.compile(r"^tests/\S+::(\S+):$", re.MULTILINE)
COUNTS = re.compile(r"(\d+) passing, (\d+) failing,? (?:and )?(\d+) invalid")


def main():
    times = sys.argv[1] if len(sys.argv) > 1 else "125"
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--hypothesis-show-statistics", *TESTS],
        cwd=root,
        env={**os.environ, "FIXTESTS_EXAMPLES": times},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    parts = NAME.split(done.stdout)[1:]
    passed = failed = 0
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        counts = [list(map(int, found)) for found in COUNTS.findall(text)]
        good, bad = (sum(column) for column in list(zip(*counts, strict=True))[:2])
        print(f"{good:>7} examples, {bad} failures  {name}")
        passed += good
        failed += bad
    print(f"{passed:>7} examples, {failed} failures in all")
    if done.returncode or not passed:
        print(done.stdout)
    return done.returncode or (0 if passed else 1)


if __name__ == "__main__":
    sys.exit(main())
