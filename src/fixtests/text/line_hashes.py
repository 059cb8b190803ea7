"""Hashes by which GitHub's code scanning knows the line of a finding again when it has moved.

That of a line is a polynomial over the 100 UTF-16 units from its beginning on, without blanks and
tabs, and with each end of a line as LF; 0xFFFF stands at the end of the file, and zeros after it.
They are what github/codeql-action gives results without a fingerprint.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from itertools import accumulate

LENGTH = 100  # units
FACTOR = 37
MASK = (1 << 64) - 1
END = 0xFFFF
LF = 0x0A
LINE_END = re.compile(r"\r\n?")
BLANKS = str.maketrans("", "", " \t")
NATIVE = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"


def of(content: bytes) -> list[str]:
    """Return the hash of each line of a file, with the number of lines up to it that have it."""
    text = LINE_END.sub("\n", content.decode("utf-8", "replace")).translate(BLANKS)
    units = [*memoryview(text.encode(NATIVE)).cast("H"), END]
    starts = [0, *(at for at, unit in enumerate(units, start=1) if unit == LF)]
    # The polynomial over all units before each place, so that each line is a difference of two.
    sums = [*accumulate((*units, *[0] * LENGTH), _next, initial=0)]
    weight = pow(FACTOR, LENGTH, MASK + 1)
    seen: Counter[str] = Counter()
    found = []
    for start in starts:
        line = f"{(sums[start + LENGTH] - sums[start] * weight) & MASK:x}"
        seen[line] += 1
        found.append(f"{line}:{seen[line]}")
    return found


def _next(total: int, unit: int) -> int:
    return (total * FACTOR + unit) & MASK
