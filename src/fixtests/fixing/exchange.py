"""How two arguments of a call change places: with their lines, and the indentation that they need.

What stands between them stays, as long as the lines are not too long.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize

from fixtests.fixing.fragments import CannotPlaceError, Fragment
from fixtests.fixing.nodes import Nodes
from fixtests.model import Span
from fixtests.syntax.queries import walk
from fixtests.text.source import Source, SourceError

LINES = re.compile(r"(\r\n|\r|\n)")
OPENING, CLOSING = frozenset("([{"), frozenset(")]}")
FIRST = 2  # the row of the first line, below a bracket of the call
BLANK = frozenset((tokenize.COMMENT, tokenize.NL))
TEXTS = frozenset((tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)))


class Exchange:
    """The first two arguments of a call, with brackets of their own; lines hold `length` columns.

    `first` and `second` are where they stand.
    """

    def __init__(self, nodes: Nodes, call: Span, first: Span, second: Span, length: int) -> None:
        self.nodes = nodes
        self.source = nodes.source
        self.call = nodes.expression(call)
        self.first = first
        self.second = second
        self.length = length

    def placed(self) -> tuple[Span, str]:
        """Return what to put in the place of which span.

        Raises CannotPlaceError where the lines would be too long or would mean something else.
        """
        span = Span(self.first.start, self.second.end)
        row, column = self.source.location(span.start)
        head = self._line(row)[: column - 1]
        last, column = self.source.location(span.end)
        tail = self._line(last)[column - 1 :]
        allowed = max(self.length, *(len(self._line(at)) for at in range(row, last + 1)))
        observed = moved(self.nodes, self.second, head)
        for gap in self._gaps(head, observed):
            text = observed + gap
            text += moved(self.nodes, self.first, head + text, hanging=True)
            if all(len(line) <= allowed for line in LINES.split(head + text + tail)):
                self._prove(span, text)
                return span, text
        raise CannotPlaceError(f"a line would be longer than {self.length} columns")

    def _line(self, row: int) -> str:
        return self.source.line(row).decode("utf-8", "surrogatepass").rstrip("\r\n")

    def _gaps(self, head: str, text: str) -> tuple[str, ...]:
        """Return what may stand between the two: what does, or a line break below the first.

        Nothing is aligned with the first where its last line ends farther left, and what goes on
        below it in no bracket of its own goes on below itself. A second one that was not aligned
        with a first one of several lines is aligned now.
        """
        gap = self.source.slice(Span(self.first.end, self.second.start))
        last = LINES.split(text)[-1]
        if head.strip() and last != text and len(last) - len(last.lstrip()) < len(head):
            gap = ", " if LINES.search(gap) else gap
            return (gap,)
        below = f",{self.source.newline}{' ' * len(head)}"
        lines = LINES.split(self.source.slice(self.first))[::2]
        if head.strip() and lines[1:] and LINES.search(gap) and not gap.endswith(below[1:]):
            return (below,)
        outside = _fixed(lines, hanging=True) - _fixed(lines, hanging=False)
        goes_on = any(0 < at < len(lines) for at in outside)
        return (below,) if goes_on and not LINES.search(gap) else (gap, below)

    def _prove(self, span: Span, text: str) -> None:
        """Prove that nothing but the order of the two arguments is another one."""
        fragment = self.nodes.fragment_of_call(self.call)
        old, before, after = both(fragment, span, text)
        place = self.source.span(self.call).start - fragment.start + len(fragment.header)
        for node in walk(before):
            if isinstance(node, ast.Call) and old.span(node).start == place and len(node.args) > 1:
                node.args[:2] = node.args[1::-1]
                if ast.dump(before) == ast.dump(after):
                    return
                node.args[:2] = node.args[1::-1]
        raise CannotPlaceError("the call would not be the same with its values swapped")


def moved(
    nodes: Nodes,
    span: Span,
    before: str,
    *,
    hanging: bool = False,
    under: tuple[int, int] | None = None,
) -> str:
    """Return an argument as it stands after some text, its lines as deep as they were below it.

    Lines that were not below it, but as deep as the line that it began on wants, stay so, and
    where it is `hanging`, as the first argument is, those in no bracket of its own: they hang
    on that of the call. `under` says which column such lines stood at, and which they are to.
    """
    row, column = nodes.source.location(span.start)
    old_indent, old = len(nodes.indentation(row)), column - 1
    line = LINES.split(before)[-1]
    new_indent, new = len(line) - len(line.lstrip()), len(line)
    parts = LINES.split(nodes.source.slice(span))
    fixed = _fixed(parts[::2], hanging=hanging)
    below = _fixed(parts[::2], hanging=True) - _fixed(parts[::2], hanging=False) if under else ()
    brackets = _brackets(parts[::2], old)
    shifts = {0: new_indent - old_indent}
    for at in range(1, len(parts) // 2 + 1):
        text = parts[2 * at].lstrip(" ")
        depth = len(parts[2 * at]) - len(text)
        shifts[at] = 0
        if under and at in below and depth == under[0]:
            parts[2 * at] = " " * under[1] + text
        elif at not in fixed and text and not text.startswith("\t"):
            opened, content = brackets.get(at, (0, None))
            if at in brackets and content is None and old == old_indent:
                shift = shifts[opened]
            else:
                shift = new - old if depth >= old else new_indent - old_indent
            if at in brackets and old_indent < old == depth:
                # it was aligned with the argument itself, in a bracket behind it
                shift = 0 if content is None else shift + content - depth
            shifts[at] = shift
            parts[2 * at] = " " * max(depth + shift, 0) + text
    return "".join(parts)


def both(fragment: Fragment, span: Span, text: str) -> tuple[Source, ast.Module, ast.Module]:
    """Return a fragment's text, and its trees before and after a text takes the place of a span.

    Raises CannotPlaceError where either is no Python.
    """
    whole = fragment.text.encode("utf-8", "surrogatepass")
    start, end = span.start - fragment.start, span.end - fragment.start
    placed = whole[:start] + text.encode("utf-8", "surrogatepass") + whole[end:]
    old, before = _parsed(fragment, whole)
    return old, before, _parsed(fragment, placed)[1]


def _parsed(fragment: Fragment, text: bytes) -> tuple[Source, ast.Module]:
    """Return some text in the place of a fragment's, parsed.

    Raises CannotPlaceError where it is no Python.
    """
    content = fragment.header.encode() + text
    source = Source("", content, "utf-8", b"", content)
    try:
        return source, source.parse()
    except SourceError:
        raise CannotPlaceError("the values cannot be swapped there") from None


def _brackets(lines: list[str], column: int) -> dict[int, tuple[int, int | None]]:
    """Return for lines in a bracket of their argument where it opens, and the column behind it.

    `column` is the first line's. There is no column behind a bracket that ends its line.
    """
    found: dict[int, tuple[int, int | None]] = {}
    opened: list[tuple[int, int | None]] = []
    text = "\n".join(("(", *lines, ")\n"))
    row, opens = 0, False
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            at = token.start[0] - FIRST
            if token.type in BLANK or at < 0:
                continue
            if opens and at == row:
                opened[-1] = (row, token.start[1] + (0 if row else column))
            elif at > row and opened:
                found[at] = opened[-1]
            row, opens = token.end[0] - FIRST, token.string in OPENING
            if opens:
                opened.append((row, None))
            elif token.string in CLOSING and opened:
                opened.pop()
    except (tokenize.TokenError, SyntaxError):
        return {}
    return found


def _fixed(lines: list[str], *, hanging: bool) -> set[int]:
    """Return which of some lines begin inside of a string.

    Where they are `hanging`, those are among them that are in no bracket of the first line.
    """
    text = "\n".join(("(", *lines, ")\n"))
    found: set[int] = set()
    opened: list[int] = []  # the rows of brackets
    row = 1
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in TEXTS:
                found.update(range(token.start[0] - 1, token.end[0] - 1))
            if hanging and token.start[0] > row and opened[1:2] != [FIRST]:
                found.add(token.start[0] - FIRST)
            row = token.end[0]
            if token.string in OPENING:
                opened.append(row)
            elif token.string in CLOSING:
                opened.pop()
    except (tokenize.TokenError, SyntaxError):
        return set(range(len(lines)))
    return found
