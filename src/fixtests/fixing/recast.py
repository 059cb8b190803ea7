"""How a call becomes one of another method, with parts of its arguments as its own.

Lines stay broken where they were if that fits, and are as deep as the new name wants.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fixtests.fixing.exchange import LINES, both, moved
from fixtests.fixing.fragments import CannotPlaceError
from fixtests.fixing.nodes import Nodes
from fixtests.model import Span
from fixtests.syntax.queries import walk
from fixtests.text.line_breaking import INDENT


@dataclass(frozen=True)
class Look:
    """Where lines break: before which arguments, how deep, and before the closing bracket."""

    breaks: tuple[bool, ...]
    depth: int
    closing: str = ")"


class Recast:
    """A call of a method, that of another one in its place; lines hold `length` columns.

    `arguments` are parts of the call, in the order in which they are to be given.
    """

    def __init__(
        self, nodes: Nodes, call: Span, method: str, arguments: Sequence[Span], length: int
    ) -> None:
        self.nodes = nodes
        self.source = nodes.source
        self.method = method
        self.arguments = arguments
        self.length = length
        node = nodes.expression(call)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            raise CannotPlaceError("it is no call of a method")
        self.call, self.function = node, node.func
        self.end = call.end
        end = self.source.span(node.func).end
        self.start = end - len(node.func.attr.encode())
        self.opening = self.source.utf8.index(b"(", end) + 1

    def placed(self) -> tuple[Span, str]:
        """Return what to put in the place of which span.

        Raises CannotPlaceError where a comment has no place, or lines would be too long.
        """
        if any(isinstance(item, ast.JoinedStr) for item in self.nodes.parents.above(self.call)):
            raise CannotPlaceError("it stands inside an f-string")
        glue = self._glue()
        if any(b"#" in text for text in glue):
            raise CannotPlaceError("a comment stands beside what it compares")
        row, column = self.source.location(self.start)
        head = self._line(row)[: column - 1]
        last, column = self.source.location(self.end)
        tail = self._line(last)[column - 1 :]
        span = Span(self.start, self.end)
        texts = [self._text(look, head) for look in self._looks(glue, head, row)]
        longest = max(len(self._line(at)) for at in range(row, last + 1))
        for length in (self.length, max(self.length, longest)):
            for text in texts:
                if self._fits(head + text + tail, row, last, length):
                    self._prove(span, text)
                    return span, text
        raise CannotPlaceError(f"a line would be longer than {self.length} columns")

    def _line(self, row: int) -> str:
        return self.source.line(row).decode("utf-8", "surrogatepass").rstrip("\r\n")

    def _glue(self) -> list[bytes]:
        """Return what stands before, between and after the arguments, in the order of the text."""
        found, at = [], self.opening
        for span in sorted(self.arguments, key=lambda item: item.start):
            found.append(self.source.utf8[at : span.start])
            at = span.end
        return [*found, self.source.utf8[at : self.end - 1]]

    @property
    def _first(self) -> Span:
        return min(self.arguments, key=lambda item: item.start)

    def _looks(self, glue: list[bytes], head: str, row: int) -> Iterator[Look]:
        """Yield the ways to break lines, the least obtrusive first."""
        count = len(self.arguments)
        whole = (False,) * count
        visual = len(head) + len(self.method) + 1
        indent = len(self.nodes.indentation(row))
        flat = " ".join(self.source.slice(Span(self.start, self.end)).split())
        if len(head) + len(flat) > self.length or len(glue) <= len(self.call.args):
            yield Look(whole, visual)
        breaks = tuple(b"\n" in text or b"\r" in text for text in glue[:-1])
        depth = len(self.nodes.indentation(self.source.row(self._first.start)))
        yield Look(breaks, depth if breaks[0] else visual, self._closing(glue[-1]))
        yield Look((False, *[True] * (count - 1)), visual)
        yield Look((True, *whole[1:]), indent + len(INDENT))
        yield Look((True,) * count, indent + len(INDENT))

    def _closing(self, after: bytes) -> str:
        """Return the closing bracket as it stands, on a line of its own with a comma before it."""
        comma = "," if b"," in after else ""
        if b"\n" not in after and b"\r" not in after:
            return ")"
        last, _ = self.source.location(self.end)
        return f"{comma}{self.source.newline}{self.nodes.indentation(last)})"

    def _text(self, look: Look, head: str) -> str:
        """Return the call from the method's name on."""
        text = f"{self.method}("
        row, column = self.source.location(self.opening)
        filled = not look.breaks[0] and self.source.row(self._first.start) == row
        under = (column - 1, len(head + text)) if filled else None
        for at, (span, broken) in enumerate(zip(self.arguments, look.breaks, strict=True)):
            gap = "," if at else ""
            if broken:
                gap += self.source.newline + " " * look.depth
            elif at:
                gap += " "
            text += gap
            text += moved(self.nodes, span, head + text, under=under)
        return text + look.closing

    def _fits(self, text: str, first: int, last: int, length: int) -> bool:
        """Tell whether no line is longer than some columns that was not as long before."""
        old = {line.strip(): len(line) for line in map(self._line, range(first, last + 1))}
        return all(
            len(line) <= max(length, old.get(line.strip(), 0)) for line in LINES.split(text)[::2]
        )

    def _prove(self, span: Span, text: str) -> None:
        """Prove that the call is that of the other method, and that all around it stays."""
        fragment = self.nodes.fragment_of_call(self.call)
        old, before, after = both(fragment, span, text)
        offset = len(fragment.header.encode()) - fragment.start
        places = {
            (old.span(node).start - offset, old.span(node).end - offset): node
            for node in walk(before)
            if isinstance(node, ast.expr)
        }
        call = places.get((self.source.span(self.call).start, self.end))
        given = [places.get((item.start, item.end)) for item in self.arguments]
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            call.func.attr = self.method
            call.args = [item for item in given if item is not None]
            call.keywords = []
            if len(call.args) == len(given) and ast.dump(before) == ast.dump(after):
                return
        raise CannotPlaceError("the call would not be the same but for its method")
