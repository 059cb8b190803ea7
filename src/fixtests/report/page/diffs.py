"""A finding's lines, with what its fix makes of them: side by side, or one above the other.

What changes stands in `del` and `ins`, what stays in two copies, of which narrow screens and those
who hear the page get one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from fixtests.model import Finding
from fixtests.report.page.coloring import Colors, Line, colored, marked_up
from fixtests.text import diff
from fixtests.text import edits as arithmetic
from fixtests.text.source import Source

AROUND = 3  # lines above and below what is flagged
LONGEST = 12  # lines of a flagged place that are shown


def of_fix(finding: Finding, source: Source, colors: Colors) -> str:
    """Return the diff of a finding's own fix as markup, empty where it changes nothing here.

    The line on which the flagged place begins stands above it where it is not in it.
    """
    edits = arithmetic.ordered(dict.fromkeys(finding.fix.edits)) if finding.fix else ()
    hunks = diff.hunks(source, edits)
    parts = ["".join(_hunk(hunk, finding, source, colors)) for hunk in hunks]
    first = colors.row(finding.span.start)
    if hunks and not any(0 <= first + 1 - hunk.old_start < hunk.old_count for hunk in hunks):
        parts.insert(0, _same(colors, finding, first, first + 1))
    return "".join(f"<pre class=diff>{part}</pre>" for part in parts)


def excerpt(finding: Finding, colors: Colors) -> str:
    """Return the lines around what a finding flags, as markup."""
    first = colors.row(finding.span.start)
    last = min(colors.row(max(finding.span.end - 1, finding.span.start)), first + LONGEST)
    start, end = max(first - AROUND, 0), min(last + 1 + AROUND, colors.count)
    return f"<pre class=diff>{_same(colors, finding, start, end)}</pre>"


def _same(colors: Colors, finding: Finding, start: int, end: int) -> str:
    return f"<span class=same>{''.join(_old(colors, finding, start, end))}</span>"


def _hunk(hunk: diff.Hunk, finding: Finding, source: Source, colors: Colors) -> Iterator[str]:
    """Yield the parts of a hunk; rows are counted from 0 here, and shown from 1."""
    old = hunk.old_start - 1 if hunk.old_count else hunk.old_start
    new = hunk.new_start - 1 if hunk.new_count else hunk.new_start
    for sign, group in groupby(hunk.lines, key=lambda line: line[0]):
        lines = [line for _, line in group]
        if sign == b"+":
            yield f"<ins>{''.join(_numbered(_new(lines, source), new))}</ins>"
            new += len(lines)
            continue
        own = "".join(_old(colors, finding, old, old + len(lines)))
        if sign == b" ":
            copy = "".join(_numbered(colors.lines(old, old + len(lines)), new))
            yield f"<span class=same>{own}</span><span class=copy aria-hidden=true>{copy}</span>"
            new += len(lines)
        else:
            yield f"<del>{own}</del>"
        old += len(lines)


def _new(lines: Sequence[bytes], source: Source) -> list[Line]:
    text = b"".join(lines).removeprefix(source.mark).decode(source.encoding, "replace")
    return colored(text)[: len(lines)]


def _numbered(lines: Sequence[Line], first: int) -> Iterator[str]:
    for number, line in enumerate(lines, first + 1):
        yield marked_up(line, number)


def _old(colors: Colors, finding: Finding, start: int, end: int) -> Iterator[str]:
    """Yield the markup of lines of the file; what the finding flags in them is marked."""
    for number, line in enumerate(colors.lines(start, end), start):
        text = "".join(part for _, part in line).encode("utf-8", "surrogatepass")
        begin = colors.start(number)
        left = text[: max(finding.span.start - begin, 0)].decode("utf-8", "surrogatepass")
        flagged = text[: max(finding.span.end - begin, 0)].decode("utf-8", "surrogatepass")
        indent = len(text) - len(text.lstrip()) if finding.span.start < begin else 0
        yield marked_up(line, number + 1, range(max(len(left), indent), len(flagged)))
