"""Texts as lines: how two differ, hunk by hunk, and line ends taken away and given back."""

from __future__ import annotations

import difflib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import AnyStr

LINE_END = re.compile(r"\r\n|\r|\n")
MANY = 2_000_000  # pairs of equal lines, above which difflib takes minutes
CONTEXT = 3
Range = tuple[bool, int, int, int, int]  # equal or not, old start and end, new start and end


def ranges(old: Sequence[AnyStr], new: Sequence[AnyStr]) -> Iterator[Range]:
    """Yield the ranges of lines that two texts share, and those that differ, in order.

    Lines are compared one to one where no line moved, else by difflib, whose
    time grows with the square of the number of equal lines.
    """
    if _in_place(old, new):
        pairs = enumerate(zip(old, new, strict=True))
        for equal, run in groupby(pairs, lambda item: item[1][0] == item[1][1]):
            places = [at for at, _ in run]
            yield equal, places[0], places[-1] + 1, places[0], places[-1] + 1
        return
    counts, others = Counter(old), Counter(new)
    junk = sum(count * others[line] for line, count in counts.items()) > MANY
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=junk)
    for kind, first, last, begin, end in matcher.get_opcodes():
        yield kind == "equal", first, last, begin, end


def _in_place(old: Sequence[AnyStr], new: Sequence[AnyStr]) -> bool:
    if len(old) != len(new):
        return False
    differing = [(one, other) for one, other in zip(old, new, strict=True) if one != other]
    return not {one for one, _ in differing} & {other for _, other in differing}


def accepted(name: str, old: str, new: str, passes: Callable[[list[str]], bool]) -> str:
    """Return a text with the hunks that pass; each comes as Bowler shows it, headers first."""
    before, after = old.split("\n"), new.split("\n")
    kept: list[str] = []
    at = 0
    for group in _groups(list(ranges(before, after))):
        _, first, _, begin, _ = group[0]
        _, _, last, _, end = group[-1]
        hunk = _hunk(name, before, after, group)
        kept += before[at:first]
        kept += after[begin:end] if passes(hunk) else before[first:last]
        at = last
    return "\n".join((*kept, *before[at:]))


def _groups(found: list[Range]) -> Iterator[list[Range]]:
    """Yield the ranges of each hunk: changes that little lies between, with their context."""
    group: list[Range] = []
    for equal, first, last, begin, end in found:
        if not equal:
            group.append((equal, first, last, begin, end))
        elif group and last - first > 2 * CONTEXT:
            group.append((equal, first, first + CONTEXT, begin, begin + CONTEXT))
            yield group
            group = [(equal, last - CONTEXT, last, end - CONTEXT, end)]
        else:
            size = min(last - first, CONTEXT if not group else last - first)
            group.append((equal, last - size, last, end - size, end))
    if any(not equal for equal, *_ in group):
        yield group


def _hunk(name: str, old: list[str], new: list[str], group: list[Range]) -> list[str]:
    first, last, begin, end = group[0][1], group[-1][2], group[0][3], group[-1][4]
    place = f"@@ -{first + 1},{last - first} +{begin + 1},{end - begin} @@"
    hunk = [f"--- {name}", f"+++ {name}", place]
    for equal, start, stop, since, until in group:
        if equal:
            hunk += [f" {line}" for line in old[start:stop]]
        else:
            hunk += [f"-{line}" for line in old[start:stop]]
            hunk += [f"+{line}" for line in new[since:until]]
    return hunk


def plain(text: str) -> str:
    """Return a text with LF for line ends, and one at its end."""
    changed = LINE_END.sub("\n", text)
    return changed if changed.endswith("\n") else changed + "\n"


def restored(text: str, after: str) -> str:
    """Return what became of `plain(text)` with the line ends of the text.

    A line that stays, or is replaced by another, keeps its end; others get the
    end that the text uses first.
    """
    own = io.StringIO(text, newline="").readlines()
    old = [line.rstrip("\r\n") for line in own]
    ends = [line[len(bare) :] for line, bare in zip(own, old, strict=True)] or [""]
    usual = ends[0] or "\n"
    new = after.removesuffix("\n").split("\n")
    whole: list[str] = []
    for _, first, last, begin, end in ranges(old, new):
        kept = ends[first:last] if last - first == end - begin else [""] * (end - begin)
        pairs = zip(new[begin:end], kept, strict=True)
        whole += [line + (line_end or usual) for line, line_end in pairs]
    if not ends[-1]:
        whole[-1:] = new[-1:]
    return "".join(whole)
