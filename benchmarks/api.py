"""Keep what the public API is like, for `tests/test_stability.py` to hold later versions to.

    python benchmarks/api.py

Writes docs/api.json; a step of a release, and of nothing else.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import described

if __name__ == "__main__":
    described.KEPT.write_text(described.text(described.today()))
    print(f"{described.KEPT}: {described.KEPT.stat().st_size:,} bytes")
