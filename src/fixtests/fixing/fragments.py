"""The smallest statement that stands alone is parsed, changed and proved.

An expression is replaced as text, and the standard library's parser says what
came of it; a line that has to be divided is LibCST's, which keeps every comment.

A fragment is whole lines. It is never dedented (that would change
triple-quoted strings) but put under an `if 1:` header.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixtests.model import Span
from fixtests.syntax.queries import children
from fixtests.text import line_breaking
from fixtests.text.source import Source, SourceError

if TYPE_CHECKING:
    import libcst

Kind = tuple[str, int]
PLAIN = re.compile(r"[^\r\n\f\\#]+")  # neither goes on below nor hides what follows
IN_BRACKETS = (ast.NamedExpr, ast.Starred, ast.Yield, ast.YieldFrom)  # what may need them


class CannotPlaceError(Exception):
    """A fix that has no place in the source; the message says why."""


@dataclass(frozen=True)
class Fragment:
    """Whole lines of a file, as LibCST gets them."""

    start: int
    text: str
    header: str


def _parsed(fragment: Fragment) -> libcst.Module:
    import libcst as cst

    try:
        module = cst.parse_module(fragment.header + fragment.text)
    except cst.ParserSyntaxError as error:
        raise CannotPlaceError(f"LibCST cannot read the statement: {error.message}") from None
    except (cst.CSTValidationError, TypeError) as error:  # as for `return(lambda: x)`
        raise CannotPlaceError(f"LibCST cannot read the statement: {error}") from None
    if module.code != fragment.header + fragment.text:
        raise CannotPlaceError("LibCST does not give the statement back unchanged")
    return module


def _node_at(fragment: Fragment, span: Span) -> tuple[libcst.Module, libcst.CSTNode]:
    """Return a fragment's module, and its small statement with a span of the file."""
    import libcst as cst
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

    wrapper = MetadataWrapper(_parsed(fragment), unsafe_skip_copy=True)
    start = span.start - fragment.start + len(fragment.header)
    for node, place in wrapper.resolve(ByteSpanPositionProvider).items():
        found = (place.start, place.length) == (start, span.end - span.start)
        if found and isinstance(node, cst.BaseSmallStatement):
            return wrapper.module, node
    raise CannotPlaceError("LibCST sees another shape there")


def above(fragment: Fragment, span: Span, text: str) -> list[Kind]:
    """Return what would stand above an expression in the place of a span, nearest first.

    The last one is the statement. Raises CannotPlaceError where the result is
    not Python, or the text no expression of its own there.
    """
    head = fragment.header.encode()
    body = fragment.text.encode("utf-8", "surrogatepass")
    start, end = span.start - fragment.start, span.end - fragment.start
    expression = text.encode("utf-8", "surrogatepass")
    whole = head + body[:start] + expression + body[end:]
    source = Source("", whole, "utf-8", b"", whole)
    try:
        waiting: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(source.parse(), ())]
    except SourceError:
        raise CannotPlaceError("the expression does not fit there") from None
    place = Span(len(head) + start, len(head) + start + len(expression))
    while waiting:
        node, outer = waiting.pop()
        if hasattr(node, "end_col_offset"):
            here = source.span(node)
            if here == place and isinstance(node, ast.expr):
                return kinds(outer)
            if not here.start <= place.start <= place.end <= here.end or _is_text(node):
                continue
        waiting += [(child, (node, *outer)) for child in children(node)]
    raise CannotPlaceError("the replacement would change what stands around it")


def alone(text: str) -> ast.expr | None:
    """Return the expression that a line is by itself, None where it is none without brackets."""
    if not PLAIN.fullmatch(text):
        return None
    try:
        node = ast.parse(f"(\n{text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    end = len(text.encode("utf-8", "surrogatepass"))
    place = node.lineno, node.col_offset, node.end_lineno, node.end_col_offset
    return node if place == (2, 0, 2, end) and not isinstance(node, IN_BRACKETS) else None


def kinds(outer: Iterable[ast.AST]) -> list[Kind]:
    """Return kind and number of children of the nodes above one, up to its statement."""
    found = []
    for node in outer:
        found.append((type(node).__name__, len(children(node))))
        if isinstance(node, ast.stmt):
            break
    return found


def holds(lines: Sequence[str], moved: Sequence[ast.stmt], result: bool, newline: str) -> bool:
    """Tell whether the lines of a method hold some statements, and nothing but a result more."""
    header = "if 1:" + newline if lines[0][:1] in (" ", "\t") else ""
    try:
        tree = ast.parse(header + newline.join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    block = tree.body[0].body if header and isinstance(tree.body[0], ast.If) else tree.body
    if len(block) != 1 or not isinstance(block[0], ast.FunctionDef):
        return False
    body = block[0].body[: -1 if result else None]
    return [ast.dump(item) for item in body] == [ast.dump(item) for item in moved]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr)  # positions inside are wrong before 3.12


def inserted(fragment: Fragment, span: Span, text: str, *, after: bool) -> str:
    """Return a fragment with a statement put beside another one on the same line."""
    import libcst as cst

    module, node = _node_at(fragment, span)
    added = cst.parse_statement(text)

    class Split(cst.CSTTransformer):
        def _lines(self, body: Iterable[cst.BaseSmallStatement]) -> list[cst.BaseStatement]:
            lines: list[cst.BaseStatement] = []
            for item in body:
                bare = item.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
                line = cst.SimpleStatementLine([bare])
                pair = [line, added] if after else [added, line]
                lines += pair if item is node else [line]
            return lines

        def leave_SimpleStatementLine(  # noqa: N802 - LibCST's name
            self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
        ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
            if node not in original_node.body:
                return updated_node
            lines = self._lines(original_node.body)
            lines[0] = lines[0].with_changes(leading_lines=updated_node.leading_lines)
            lines[-1] = lines[-1].with_changes(trailing_whitespace=updated_node.trailing_whitespace)
            return cst.FlattenSentinel(lines)

        def leave_SimpleStatementSuite(  # noqa: N802 - LibCST's name
            self, original_node: cst.SimpleStatementSuite, updated_node: cst.SimpleStatementSuite
        ) -> cst.BaseSuite:
            if node not in original_node.body:
                return updated_node
            lines = self._lines(original_node.body)
            lines[-1] = lines[-1].with_changes(trailing_whitespace=updated_node.trailing_whitespace)
            unit = "\t" if fragment.text.startswith("\t") else line_breaking.INDENT
            return cst.IndentedBlock(lines, indent=unit)

    changed = module.visit(Split()).code
    return changed[len(fragment.header) :]


def changed_lines(before: str, after: str) -> tuple[int, int, str]:
    """Return start and end in `before`, and the new text, of the lines that differ."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    start = sum(map(len, old[:head]))
    end = len(before) - sum(map(len, old[len(old) - tail :]))
    return start, end, "".join(new[head : len(new) - tail])
