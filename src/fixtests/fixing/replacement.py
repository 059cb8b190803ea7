"""How an expression takes the place of another one on its lines.

Brackets that only broke a line go with the need for them, a line that got short
is joined, and one that would get too long is broken.
"""

from __future__ import annotations

import ast
import re
from functools import cached_property

from fixtests.fixing import folding, fragments, joining
from fixtests.fixing.fragments import CannotPlaceError
from fixtests.fixing.nodes import Nodes
from fixtests.model import Span
from fixtests.settings.layout import Layout
from fixtests.text import line_breaking

DEEP = 50  # nodes above an expression: far from what the parser refuses
PRIMARY = (ast.Attribute, ast.Call, ast.Name, ast.Subscript)
EXCUSE = re.compile(r"\s*#\s*noqa:\s*E501$")


class Replacement:
    """A text for an expression, and where it may stand on lines as `layout` has them."""

    def __init__(self, nodes: Nodes, span: Span, text: str, layout: Layout) -> None:
        self.nodes = nodes
        self.source = nodes.source
        self.node = nodes.expression(span)
        self.span = span
        self.text = text
        self.length = layout.line_length
        self.skips_commas = layout.skips_commas

    def placed(self) -> list[tuple[Span, str]]:
        """Return what to put in the place of which spans.

        Raises CannotPlaceError where the source leaves no place for it.
        """
        if any(isinstance(item, ast.JoinedStr) for item in self.nodes.parents.above(self.node)):
            raise CannotPlaceError("it stands inside an f-string")
        if self._touches_word(self.span):
            raise CannotPlaceError("no space divides it from the word beside it")
        if not self._may_stand_there():
            self._prove()
        change = self.span, self.text
        if self.skips_commas and (gaps := folding.folds(self.nodes, [change], self.length)):
            return [change, *gaps]
        joined = self._joined() or self._folded()
        joined = joined or joining.continued(self.nodes, self.node, self.text, self.length)
        gaps = self._gaps() if joined is None else ()
        if self._fits_without_brackets() and self._owns_brackets():
            return [(self._with_brackets(), self.text)]
        if gaps:
            return [(self.span, self.text), *gaps]
        return [joined or self._excused() or self._wrapped()]

    def _may_stand_there(self) -> bool:
        """Tell whether the statement is the same around the text, whatever else is in it.

        Proof: the grammar has a primary, such as a name or a call, wherever an expression is read,
        and any expression for a value of brackets or of a keyword. A text that is one by itself
        takes the place of another one there.
        """
        above, made = self.nodes.parents.of(self.node), fragments.alone(self.text)
        if made is None or len(self._kinds) > DEEP or isinstance(self.node, ast.GeneratorExp):
            return False  # a generator may have the brackets of its call
        if not isinstance(getattr(self.node, "ctx", ast.Load()), ast.Load):
            return False
        match above:
            case ast.pattern():
                return False
            case ast.List() | ast.keyword(arg=str()):
                return True
            case ast.Dict(keys=keys) if None not in keys:  # `**` asks for less
                return True
            case ast.Call(func=function) if function is not self.node:
                return True
        return isinstance(made, PRIMARY)

    def _prove(self) -> None:
        """Raise CannotPlaceError where the statement with the text in it would be another one."""
        if self._above(self.span, self.text) != self._kinds:
            raise CannotPlaceError("the replacement would change what stands around it")

    def _above(self, span: Span, text: str) -> list[fragments.Kind]:
        fragment = self.nodes.fragment(self.nodes.parents.statement(self.node))
        return fragments.above(fragment, span, text)

    @cached_property
    def _kinds(self) -> list[fragments.Kind]:
        return fragments.kinds(self.nodes.parents.above(self.node))

    def _touches_word(self, span: Span) -> bool:
        """Tell whether a letter stands right before or after a span, as in `x if y else'z'`."""
        text = self.source.utf8
        beside = text[max(span.start - 1, 0) : span.start] + text[span.end : span.end + 1]
        return bool(re.search(rb"[A-Za-z]", beside))

    def _with_brackets(self) -> Span:
        """Return the span with the round brackets that directly enclose it."""
        before = self.source.code_before(self.span.start)
        return Span(before - 1, self.source.code_after(self.span.end) + 1)

    def _owns_brackets(self) -> bool:
        """Tell whether the brackets around are there for the expression alone: no call's, say."""
        try:
            return self._above(self._with_brackets(), "None") == self._kinds
        except CannotPlaceError:
            return False

    def _fits_without_brackets(self) -> bool:
        """Tell whether brackets that only broke a line can go, since the line is short now."""
        outer = self._with_brackets()
        edges = (
            self.source.utf8[outer.start : outer.start + 1]
            + self.source.utf8[outer.end - 1 : outer.end]
        )
        row, column = self.source.location(outer.start)
        last, _ = self.source.location(outer.end)
        if edges != b"()" or row == last or self._touches_word(outer):
            return False
        tail = self.source.line(last)[outer.end - self.source.starts[last - 1] :].rstrip()
        around = column - 1 + len(tail.decode("utf-8", "surrogatepass"))
        old = self.source.slice(self.span)
        needed = "\n" in old or around + len(old) > self.length
        return needed and around + len(self.text) <= self.length

    def _joined(self) -> tuple[Span, str] | None:
        """Return how to undo a line break that only the length of the old expression needed.

        It stands before the value of a key, or before the only argument of a call.
        """
        element, bracket = self._element(self.node)
        span, first = self.span, self.source.span(element)
        row, column = self.source.location(first.start)
        if row == 1 or self.node.end_lineno != row or len(self.nodes.indentation(row)) < column - 1:
            return None
        above = self.source.line(row - 1).decode("utf-8", "surrogatepass").rstrip()
        tail = self.source.line(row)[span.end - self.source.starts[row - 1] :].decode(
            "utf-8", "surrogatepass"
        )
        only = isinstance(bracket, ast.Call) and len(bracket.args) + len(bracket.keywords) == 1
        if only and above.endswith("(") and tail.startswith(")"):
            gap = ""
        elif isinstance(bracket, ast.Dict) and above.endswith(":"):
            gap = " "
        else:
            return None
        lead = self.source.slice(Span(first.start, span.start))
        around = len(above + gap + lead + tail.rstrip())
        needed = self.length < around + span.end - span.start
        needed = needed or joining.is_only_one_below(bracket, self.node)
        if around + len(self.text) > self.length or not needed:
            return None
        start = self.source.starts[row - 2] + len(above.encode("utf-8", "surrogatepass"))
        return Span(start, span.end), gap + lead + self.text

    def _folded(self) -> tuple[Span, str] | None:
        """Return how to put what brackets hold, on a line of its own, back between them.

        A comma at its end asks for lines of their own, and a comment needs one.
        """
        row, _ = self.source.location(self.span.start)
        last = self.node.end_lineno == row < len(self.source.starts)
        if row == 1 or not last:
            return None
        above, line, below = (
            self.source.line(at).decode("utf-8", "surrogatepass").rstrip()
            for at in (row - 1, row, row + 1)
        )
        closing = below.lstrip()
        opened, closed = above[-1:], closing[:1]
        if f"{opened}{closed}" not in ("()", "[]", "{}") or line.endswith(",") or "#" in line:
            return None
        whole = len(above + closing) + len(line.strip())
        changed = whole - (self.span.end - self.span.start) + len(self.text)
        start = self.source.starts[row - 2] + len(above.encode("utf-8", "surrogatepass"))
        end = self.source.starts[row] + len(below) - len(closing)  # after blanks
        if not changed <= self.length < whole or not self._ends_at(end + 1):
            return None
        lead = self.source.slice(Span(self.source.starts[row - 1], self.span.start)).lstrip()
        tail = self.source.line(row)[self.span.end - self.source.starts[row - 1] :]
        rest = tail.decode("utf-8", "surrogatepass").rstrip()
        return Span(start, end), f"{lead}{self.text}{rest}"

    def _gaps(self) -> tuple[tuple[Span, str], ...]:
        """Return how to join the lines of the brackets around that hold a row of values."""
        if "\n" in self.source.slice(self.span):
            return ()
        found = joining.dividing(self.nodes, self.node)
        saved = len(self.source.slice(self.span)) - len(self.text)
        if found is None or not found.columns - saved <= self.length < found.columns:
            return ()
        return found.gaps

    def _excused(self) -> tuple[Span, str] | None:
        """Return how to drop the excuse for a long line together with the need for it."""
        row, _ = self.source.location(self.span.start)
        line = self.source.line(row).decode("utf-8", "surrogatepass").rstrip()
        excuse = EXCUSE.search(line)
        if excuse is None or self.node.end_lineno != row:
            return None
        long = excuse.start()
        if not long + len(self.text) - (self.span.end - self.span.start) <= self.length < long:
            return None
        end = self.source.starts[row - 1] + len(line.encode("utf-8", "surrogatepass"))
        tail = EXCUSE.sub("", self.source.slice(Span(self.span.end, end)))
        return Span(self.span.start, end), self.text + tail

    def _ends_at(self, offset: int) -> bool:
        """Tell whether an expression around ends at an offset."""
        return any(
            isinstance(item, ast.expr) and self.source.span(item).end == offset
            for item in self.nodes.parents.above(self.node)
        )

    def _wrapped(self) -> tuple[Span, str]:
        """Return span and text of a replacement, with breaks where the line is too long."""
        span, text = self.span, self.text
        row, column = self.source.location(span.start)
        line = self.source.line(row).decode("utf-8", "surrogatepass").rstrip("\r\n")
        before = line[: column - 1]
        tail = (
            line[len(before) + len(self.source.slice(span)) :]
            if self.node.end_lineno == row
            else ""
        )
        if len(line) > self.length or len(before + text + tail) <= self.length:
            return span, text
        element, bracket = self._element(self.node)
        if isinstance(bracket, ast.Dict):
            element = self._first_key(bracket) or self._key_in_row(bracket) or element
        _, start = self.source.location(self.source.span(element).start)
        parent = self.nodes.parents.of(self.node)
        slot = line_breaking.Slot(
            indent=self.nodes.indentation(row),
            head=line[: start - 1] if element.lineno == row else before,
            lead=line[start - 1 : column - 1] if element.lineno == row else "",
            tail=tail,
            newline=self.source.newline,
            alone=isinstance(parent, ast.Assign | ast.Return) and parent.end_lineno == row,
            indents=self._indents(element, bracket),
        )
        way = line_breaking.fitted(slot, text, self.length)
        if way is None or (bracket is None and not slot.alone):
            raise CannotPlaceError(f"a line would be longer than {self.length} columns")
        begin = self.source.starts[row - 1] + len(way.head.encode("utf-8", "surrogatepass"))
        return Span(begin, span.end + way.eaten), way.text

    def _indents(
        self, element: ast.expr | ast.keyword, bracket: ast.expr | None
    ) -> tuple[str, ...]:
        """Return how deep a line may stand that begins with an argument, keyword or item."""
        row, column = self.source.location(self.source.span(element).start)
        indent = self.nodes.indentation(row)
        if isinstance(bracket, ast.Dict) and element in bracket.keys[1:]:
            return (self._keys_stand_at(bracket, row),)
        if bracket is None or bracket.lineno == row:
            return (indent + line_breaking.INDENT,)
        value = isinstance(bracket, ast.Dict) and len(indent) < column - 1
        return (indent + line_breaking.INDENT, indent) if value else (indent,)

    def _first_key(self, bracket: ast.Dict) -> ast.expr | None:
        """Return the first key of a dict that opens before it, where the node is its value."""
        key, value = bracket.keys[0], bracket.values[0]
        together = key is not None and bracket.lineno == key.lineno == self.node.lineno
        return key if value is self.node and together else None

    def _key_in_row(self, bracket: ast.Dict) -> ast.expr | None:
        """Return the key of the node where others stand before it, and keys have a column."""
        at = next((n for n, item in enumerate(bracket.values) if item is self.node), 0)
        key, before = bracket.keys[at], bracket.values[at - 1]
        if not at or key is None or key.lineno != self.node.lineno:
            return None
        in_row = before.end_lineno == key.lineno
        return key if in_row and self._keys_stand_at(bracket, key.lineno) else None

    def _keys_stand_at(self, bracket: ast.Dict, row: int) -> str:
        """Return the indentation of the lines that begin with a key of a dict, but for one line."""
        for key in filter(None, bracket.keys):
            at, column = self.source.location(self.source.span(key).start)
            indent = self.nodes.indentation(at)
            if at != row and len(indent) == column - 1:
                return indent
        return ""

    def _element(self, node: ast.expr) -> tuple[ast.expr | ast.keyword, ast.expr | None]:
        """Return the argument, keyword or item that a node is, with the bracket around it."""
        above = self.nodes.parents.of(node)
        if isinstance(above, ast.keyword):
            call = self.nodes.parents.of(above)
            return above, call if isinstance(call, ast.Call) else None
        if isinstance(above, ast.Dict | ast.List | ast.Tuple | ast.Set):
            return node, above
        if isinstance(above, ast.Call) and node in above.args:
            return node, above
        return node, None
