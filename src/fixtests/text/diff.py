"""Unified diffs made from edits, written as the file's own bytes, fit for `git apply`.

Lines are split on LF alone: a lone CR taken for a line end makes a corrupt patch.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fixtests.model import Edit
from fixtests.text import edits as arithmetic
from fixtests.text.source import Source

CONTEXT = 3
NO_NEWLINE = b"\\ No newline at end of file\n"


@dataclass(frozen=True)
class Change:
    """Old lines `start` to `end` (from 0) replaced by new ones."""

    start: int
    end: int
    lines: tuple[bytes, ...]


@dataclass(frozen=True)
class Hunk:
    """One hunk: the lines with their ` `, `-` or `+`, and where they stand (from 1)."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    lines: tuple[tuple[bytes, bytes], ...]


def unified(source: Source, edits: Sequence[Edit], name: str, *, created: bool = False) -> bytes:
    """Return the diff of one file, empty where nothing changes.

    `name` is the path to put behind `a/` and `b/`; `created` says that the
    file does not exist yet.
    """
    found = hunks(source, edits)
    if not found:
        return b""
    old, new = _quoted("a/", name), _quoted("b/", name)
    tab = b"\t" if b" " in new else b""
    head = [b"diff --git " + old + b" " + new + b"\n"]
    head += (
        [b"new file mode 100644\n", b"--- /dev/null\n"]
        if created
        else [b"--- " + old + tab + b"\n"]
    )
    head.append(b"+++ " + new + tab + b"\n")
    body: list[bytes] = []
    for hunk in found:
        old_range = _range(hunk.old_start, hunk.old_count)
        new_range = _range(hunk.new_start, hunk.new_count)
        body.append(f"@@ -{old_range} +{new_range} @@\n".encode())
        for sign, line in hunk.lines:
            body.append(sign + line if line.endswith(b"\n") else sign + line + b"\n" + NO_NEWLINE)
    return b"".join((*head, *body))


def hunks(source: Source, edits: Sequence[Edit]) -> list[Hunk]:
    """Return the hunks of some edits, with context, as lines of the file's bytes."""
    old = _split(source.utf8)
    changes = _joined(_changes(source.utf8, old, edits))
    if source.mark:
        old = old or [b""]  # a mark alone is a line, too
        changes = _marked(changes, old)
    groups: list[list[Change]] = []
    for change in changes:
        if groups and change.start - groups[-1][-1].end <= 2 * CONTEXT:
            groups[-1].append(change)
        else:
            groups.append([change])
    found = []
    shift = 0
    for group in groups:
        hunk = _hunk(source, old, group, shift)
        shift += hunk.new_count - hunk.old_count
        found.append(hunk)
    return found


def _joined(changes: Iterable[Change]) -> list[Change]:
    """Make one change of those of neighbouring lines, as git shows them."""
    found: list[Change] = []
    for change in changes:
        if found and found[-1].end == change.start:
            last = found.pop()
            change = Change(last.start, change.end, (*last.lines, *change.lines))
        found.append(change)
    return found


def _marked(changes: list[Change], old: list[bytes]) -> list[Change]:
    """Let changes at the top take a first line along that stays, since it gains or loses the mark.

    The byte order mark belongs to whichever line comes first.
    """
    end = 0
    lines: list[bytes] = []
    waiting = list(changes)
    while waiting and waiting[0].start == end:
        change = waiting.pop(0)
        end = change.end
        lines += change.lines
    if len(waiting) == len(changes):
        return changes
    if not (end and lines):
        lines += filter(None, old[end : end + 1])
        end = min(end + 1, len(old))
    return [Change(0, end, tuple(lines) or (b"",)), *waiting]


def _hunk(source: Source, old: list[bytes], group: list[Change], shift: int) -> Hunk:
    start = max(group[0].start - CONTEXT, 0)
    end = min(group[-1].end + CONTEXT, len(old))
    lines: list[tuple[bytes, bytes]] = []
    at = start
    for change in group:
        lines += [(b" ", line) for line in _own(source, old, at, change.start)]
        lines += [(b"-", line) for line in _own(source, old, change.start, change.end)]
        first = change.start == 0
        lines += [
            (b"+", (source.mark if first and not number else b"") + _bytes(source, line))
            for number, line in enumerate(change.lines)
        ]
        at = change.end
    lines += [(b" ", line) for line in _own(source, old, at, end)]
    removed = sum(1 for sign, _ in lines if sign != b"+")
    added = sum(1 for sign, _ in lines if sign != b"-")
    old_start = start + 1 if removed else start
    new_start = start + shift + 1 if added else start + shift
    return Hunk(old_start, removed, new_start, added, tuple(lines))


def _changes(text: bytes, old: list[bytes], edits: Sequence[Edit]) -> Iterator[Change]:
    """Yield the runs of lines that edits replace, without the lines that stay the same."""
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    run: list[Edit] = []
    first = last = 0
    for edit in edits:
        begin, end = _rows(text, starts, edit)
        if run and (begin < last or _is_open(text, run, starts[last])):
            run.append(edit)
            last = max(last, end)
        else:
            if run:
                yield from _change(text, old, starts, run, first, last)
            run, first, last = [edit], begin, end
        if _is_open(text, run, starts[last]):
            last = min(last + 1, len(old))
    if run:
        yield from _change(text, old, starts, run, first, last)


def _rows(text: bytes, starts: list[int], edit: Edit) -> tuple[int, int]:
    """Return the old lines that an edit touches, none where it stands between lines.

    Nothing stands behind a last line without a line end: it is within that line.
    """
    begin = bisect.bisect_right(starts, edit.start) - 1
    if edit.start == len(text) and not text.endswith(b"\n"):
        begin = max(begin - 1, 0)
    end = bisect.bisect_right(starts, edit.end) - 1
    return begin, end + (edit.end > starts[end])


def _is_open(text: bytes, run: Sequence[Edit], end: int) -> bool:
    """Tell whether what some edits make of a text up to `end` stops within a line."""
    for edit in reversed(run):
        if edit.end < end:
            break
        if edit.content:
            return not edit.content.endswith("\n")
        end = edit.start
    return end > 0 and text[end - 1 : end] != b"\n"


def _change(
    text: bytes, old: list[bytes], starts: list[int], run: list[Edit], first: int, last: int
) -> Iterator[Change]:
    base = starts[first]
    moved = [Edit("", edit.start - base, edit.end - base, edit.content) for edit in run]
    new = _split(arithmetic.apply(text[base : starts[last]], moved))
    while first < last and new and old[first] == new[0]:
        first, new = first + 1, new[1:]
    while first < last and new and old[last - 1] == new[-1]:
        last, new = last - 1, new[:-1]
    if first < last or new:
        yield Change(first, last, tuple(new))


def _split(text: bytes) -> list[bytes]:
    parts = text.split(b"\n")
    lines = [part + b"\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


def _own(source: Source, old: list[bytes], start: int, end: int) -> Iterator[bytes]:
    for number in range(start, end):
        yield (b"" if number else source.mark) + _bytes(source, old[number])


def _bytes(source: Source, line: bytes) -> bytes:
    return source.encode(line)[len(source.mark) :]


def _range(start: int, count: int) -> str:
    return str(start) if count == 1 else f"{start},{count}"


def _quoted(prefix: str, name: str) -> bytes:
    """Write a path as git does: in C quotes where it has other than plain ASCII."""
    raw = prefix.encode() + name.encode("utf-8", "surrogateescape")
    if all(32 <= byte < 127 and byte not in b'"\\' for byte in raw):
        return raw
    escapes = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}
    text = "".join(
        f"\\{escapes[byte]}"
        if byte in escapes
        else chr(byte)
        if 32 <= byte < 127
        else f"\\{byte:03o}"
        for byte in raw
    )
    return f'"{text}"'.encode()
