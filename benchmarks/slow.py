"""Run the tests that the test command skips: what takes long, or needs what few machines have.

    python benchmarks/slow.py [OPTIONS OF PYTEST...]

The mark `slow` of a test says why it is one of them. They run on all processors
and take about half an hour on two; `-k WORD` chooses some.
"""

import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    command = [sys.executable, "-m", "pytest", "-m", "slow", "-n", "auto", *sys.argv[1:]]
    sys.exit(
        subprocess.run(command, cwd=Path(__file__).resolve().parents[1], check=False).returncode
    )
