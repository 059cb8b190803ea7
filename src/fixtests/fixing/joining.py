"""How two lines become one again, where only a long expression kept brackets from fitting on it."""

from __future__ import annotations

import ast

from fixtests.fixing.nodes import Nodes
from fixtests.model import Span
from fixtests.syntax.queries import walk

OPENED = ("(", "[", "{")
TWO = 2  # keywords, which stand on lines of their own


def joined(nodes: Nodes, node: ast.expr, span: Span, text: str, length: int) -> Span | None:
    """Return the line break that is not needed any more with a text in the place of an expression.

    It is the only one in the brackets around. A comma at their end asks for lines of their own, a
    comment needs one, and keys of a dict or keywords of a call stand on lines of theirs.
    """
    source = nodes.source
    bracket = next((item for item in nodes.parents.above(node) if _is_divided(item)), None)
    if bracket is None or not isinstance(bracket, ast.expr) or not _is_row(bracket):
        return None
    row, last = _opening(bracket), bracket.end_lineno or 0
    above, below = (source.line(at).decode("utf-8", "surrogatepass") for at in (row, last))
    above, end = above.rstrip(), source.span(bracket).end
    tail = source.slice(Span(end, source.starts[last - 1] + len(source.line(last)))).rstrip()
    inner = source.slice(Span(source.starts[last - 1], end - 1)).rstrip()
    if (
        last != row + 1
        or source.utf8[end - 1 : end] not in (b")", b"]", b"}")
        or not above.endswith((",", *OPENED))
        or inner.endswith(",")
        or "#" in above + below
        or tail.endswith(OPENED)
        or any(map(_is_text_on_lines, walk(bracket)))
    ):
        return None
    whole = len(above) + above.endswith(",") + len(below.strip())
    if not whole - len(source.slice(span)) + len(text) <= length < whole:
        return None
    start = source.starts[row - 1] + len(above.encode("utf-8", "surrogatepass"))
    return Span(start, source.starts[last - 1] + len(below) - len(below.lstrip()))


def _is_divided(node: ast.AST) -> bool:
    """Tell whether a node is one in brackets, which stand on more than one line, or a statement."""
    if isinstance(node, ast.Call | ast.List | ast.Tuple | ast.Set | ast.Dict):
        return _opening(node) != node.end_lineno
    return isinstance(node, ast.stmt)


def _opening(bracket: ast.expr) -> int:
    """Return the row on which the brackets of an expression open."""
    return (bracket.func.end_lineno or 0) if isinstance(bracket, ast.Call) else bracket.lineno


def _is_row(bracket: ast.expr) -> bool:
    """Tell whether what brackets hold stands in a row as long as there is room for it."""
    if isinstance(bracket, ast.Call):
        return len(bracket.keywords) < TWO
    return isinstance(bracket, ast.List | ast.Tuple | ast.Set)


def _is_text_on_lines(node: ast.AST) -> bool:
    text = isinstance(node, ast.JoinedStr | ast.Constant)
    return text and node.lineno != node.end_lineno  # type: ignore[attr-defined]
