"""What the code of a file says: its text without comments and lines that hold nothing else.

Only what is a comment for certain is left out; two texts whose rest is the same are the same
code, at other places maybe.
"""

from __future__ import annotations

import bisect
import re
import sys
from collections.abc import Iterator

from fixtests.syntax.triple_quoted import CODE, Strings, strings
from fixtests.text.source import Source

EMPTY = re.compile(rb"\n(?:[ \t]*+(?:#[^\n]*+)?\n)++")  # lines of comments, and blank ones
BLANKS = bytes.maketrans(bytes(range(256)), bytes(10 if it == 10 else 32 for it in range(256)))
OPENING = re.compile(rb"[\"'](?<=[fFtTrR].)")
PREFIX = re.compile(rb"(?<!\w)(?:[fFtT][rR]?|[rR][fFtT])\Z")
# Texts with values in them, in which no quote may end another text than it seems to.
PLAIN = re.compile(
    rb'"""(?:[^"{}\\]|\\.|"(?!"")|{{|}}|{[^{}"\'\n#\\]*})*+"""'
    rb"|'''(?:[^'{}\\]|\\.|'(?!'')|{{|}}|{[^{}\"'\n#\\]*})*+'''"
    rb'|"(?!"")(?:[^"{}\\\n]|\\.|{{|}}|{(?:[^{}"\'\n#\\]|\'[^"\'{}\n\\]*\')*+})*+"'
    rb"|'(?!'')(?:[^'{}\\\n]|\\.|{{|}}|{(?:[^{}\"'\n#\\]|\"[^\"'{}\n\\]*\")*+})*+'"
)
NESTING = sys.version_info >= (3, 12)  # whether a text may hold its own quotes in its values


class Uncommented:
    """What is left of a text."""

    def __init__(self, source: Source) -> None:
        self._text = source.utf8
        self._spans = _left_out(self._text) if source.encoding == "utf-8" else []

    @property
    def masked(self) -> bytes:
        """The text with blanks in the place of what is left out: all else stands where it stood."""
        return b"".join(self._pieces(BLANKS)) if self._spans else self._text

    @property
    def code(self) -> bytes:
        """The text without what is left out."""
        code = b"".join(self._pieces(None))
        return code if code.endswith(b"\n") else code + b"\n"

    def between(self, start: int, end: int) -> bytes:
        """Return what is left of the text from one offset to another."""
        found, at = [], start
        for left, right in self._spans[max(bisect.bisect_right(self._spans, (start,)) - 1, 0) :]:
            if left >= end:
                break
            found.append(self._text[at : max(left, at)])
            at = max(at, min(right, end))
        return b"".join([*found, self._text[at:end]])

    def _pieces(self, instead: bytes | None) -> Iterator[bytes]:
        at = 0
        for start, end in self._spans:
            yield self._text[at:start]
            if instead:
                yield self._text[start:end].translate(instead)
            at = end
        yield self._text[at:]


def _left_out(text: bytes) -> list[tuple[int, int]]:
    """Return the comments of a text, and the whole lines that say nothing."""
    found = None if NESTING and may_nest(text) else strings(text)
    if found is None:
        return []
    lines = [
        (start, end)
        for start, end in ((it.start(), it.end() - 1) for it in EMPTY.finditer(b"\n" + text))
        if not text.endswith(b"\\\n", 0, start) and not found.around(start)
    ]
    return sorted((*lines, *_beside_code(text, found, Strings(lines))))


def _beside_code(text: bytes, found: Strings, lines: Strings) -> Iterator[tuple[int, int]]:
    """Yield the comments behind code, with the blanks before them, and the one that ends a text.

    What may belong to a text that goes on from the line before is left where it is.
    """
    at = text.find(b"#")
    while at >= 0:
        behind = lines.around(at + 1) or found.around(at)
        if not behind:
            start, behind = found.line(text, at)
            code = CODE.match(text, start, behind)
            place = code.end() if code else behind
            if text[place : place + 1] == b"#" and not _goes_on(text, start):
                end = start + len(text[start:place].rstrip(b" \t"))
                if not text.endswith(b"\\", start, end):
                    yield end, behind
        at = text.find(b"#", behind)


def _goes_on(text: bytes, offset: int) -> bool:
    """Tell whether the line around an offset goes on from the one before it."""
    return text.endswith(b"\\\n", 0, text.rfind(b"\n", 0, offset) + 1)


def may_nest(text: bytes) -> bool:
    """Tell whether a text with values in it may hold its own quotes there, as of Python 3.12."""
    for match in OPENING.finditer(text):
        if PREFIX.search(text, max(match.start() - 2, 0), match.start()) and not PLAIN.match(
            text, match.start()
        ):
            return True
    return False
