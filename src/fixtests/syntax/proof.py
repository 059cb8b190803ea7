"""Proof that a result differs from its original only where the edits say so."""

from __future__ import annotations

import ast
import bisect
from collections import Counter
from collections.abc import Iterator, Sequence

from fixtests.model import Edit, FileResult, digest
from fixtests.syntax.queries import children
from fixtests.text import edits as arithmetic
from fixtests.text.source import Source

BLOCKS = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor),
    *(ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.ExceptHandler),
)
Shape = tuple[str, int, int, int]  # kind, start, end, depth


class ProofError(Exception):
    """A result that does not hold what a fix promises."""


def prove(result: FileResult, source: Source) -> None:
    """Prove a result that comes from a file: of a plan, or of what an earlier run kept.

    Its edits must be those of the fixes that it lists, round by round, and each
    round must parse and change nothing else. Raises ProofError, and SourceError
    where a text is not Python.
    """
    current, tree = source, source.parse()
    rounds = []
    for findings in (result.fixed, *result.later):
        _, changes = arithmetic.compatible(findings)
        after = Source.decode(source.path, current.encode(arithmetic.apply(current.utf8, changes)))
        new = after.parse()
        same_outside(current, tree, after, new, changes)
        rounds.append(changes)
        current, tree = after, new
    if arithmetic.compose(len(source.utf8), rounds) != result.edits:
        raise ProofError("the edits are not those of the fixes that are listed")
    if digest(current.content) != result.result:
        raise ProofError("the edits do not give what was planned")


def same_outside(
    before: Source, old: ast.Module, after: Source, new: ast.Module, edits: Sequence[Edit]
) -> None:
    """Compare the two syntax trees node by node outside the edits.

    Raises ProofError with the line of the first node that differs.
    """
    touched = [(edit.start, edit.end) for edit in edits]
    placed: list[tuple[int, int]] = []
    shift = 0
    for edit in edits:
        size = len(edit.content.encode("utf-8", "surrogatepass"))
        placed.append((edit.start + shift, edit.start + shift + size))
        shift += size - (edit.end - edit.start)
    expected = Counter(_shapes(before, old, touched, touched))
    found = Counter(_shapes(after, new, placed, touched))
    if expected != found:
        _, start, _, _ = min((expected - found) or (found - expected), key=lambda item: item[1])
        row, column = before.location(start)
        raise ProofError(
            f"line {row}: column {column}: the fix would change code outside its edits"
        )


def _shapes(
    source: Source, tree: ast.Module, own: list[tuple[int, int]], original: list[tuple[int, int]]
) -> Iterator[Shape]:
    """Yield the nodes that no edit touches, with offsets into the original text.

    What no edit meets is yielded and not entered: the same text at the same
    depth is the same tree. A statement with a block of its own may grow or
    shrink by an edit at its end, up to where the next one begins that no edit
    holds, so it is known by where it starts.
    """
    starts = [start for start, _ in own]
    ends = [end for _, end in own]
    waiting: list[tuple[ast.AST, int, int]] = [(tree, 0, len(source.utf8) + 1)]
    while waiting:
        node, depth, bound = waiting.pop()
        if hasattr(node, "end_col_offset"):
            start = source.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]
            end = source.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
            first = max(bisect.bisect_right(starts, start) - 1, 0)
            last = bisect.bisect_right(starts, bound) - 1
            met = isinstance(node, BLOCKS) and first <= last and start <= ends[last]
            end = start + 1 if met else end
            if not _is_met(start, end, own, first):
                passed = bisect.bisect_right(ends, start)
                shift = own[passed - 1][1] - original[passed - 1][1] if passed else 0
                yield type(node).__name__, start - shift, end - shift, depth
                if isinstance(node, ast.stmt) and not met:
                    continue
        if not isinstance(node, ast.JoinedStr):  # positions inside are wrong before 3.12
            for child in reversed(children(node)):
                waiting.append((child, depth + 1, bound))
                if isinstance(child, ast.stmt):
                    start = source.offset(child.lineno, child.col_offset)
                    last = max(bisect.bisect_right(starts, start) - 1, 0)
                    if not (own and own[last][0] <= start < own[last][1]):
                        bound = start


def _is_met(start: int, end: int, edits: list[tuple[int, int]], first: int) -> bool:
    """Tell whether a range is met by one of some edits, which are sorted, from a first one on."""
    for at in range(first, len(edits)):
        low, high = edits[at]
        if low > end:
            return False
        if (start < high and low < end) if low < high else start < low < end:
            return True
    return False
