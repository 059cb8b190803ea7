"""What LibCST does: the smallest statement that stands alone is parsed, changed and proved.

A fragment is whole lines. It is never dedented (that would change
triple-quoted strings) but put under an `if 1:` header.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fixtests import layout
from fixtests.model import Span

if TYPE_CHECKING:
    import libcst


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


def _node_at(
    fragment: Fragment, span: Span, kinds: tuple[type, ...]
) -> tuple[libcst.Module, libcst.CSTNode]:
    """Return the outermost node of some kinds with a span of the file."""
    module, nodes = _spans(fragment)
    start = span.start - fragment.start + len(fragment.header)
    for node in nodes.get((start, span.end - span.start), ()):
        if isinstance(node, kinds):
            return module, node
    raise CannotPlaceError("LibCST sees another shape there")


@lru_cache(maxsize=8)  # one statement often holds several findings
def _spans(
    fragment: Fragment,
) -> tuple[libcst.Module, dict[tuple[int, int], list[libcst.CSTNode]]]:
    """Return a fragment's module, and its nodes by start and length, the outermost first."""
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

    wrapper = MetadataWrapper(_parsed(fragment), unsafe_skip_copy=True)
    found: dict[tuple[int, int], list[libcst.CSTNode]] = {}
    for node, place in wrapper.resolve(ByteSpanPositionProvider).items():
        found.setdefault((place.start, place.length), []).append(node)
    return wrapper.module, found


def replaced(fragment: Fragment, span: Span, text: str) -> bool:
    """Prove that a replacement fits, and tell whether brackets of its own stand around it.

    Raises CannotPlaceError where it would change what stands around it.
    """
    import libcst as cst

    module, node = _node_at(fragment, span, (cst.BaseExpression,))
    assert isinstance(node, cst.BaseExpression)  # for the type checker
    try:
        new = cst.parse_expression(text).with_changes(lpar=node.lpar, rpar=node.rpar)
        changed = module.deep_replace(node, new)
        assert isinstance(changed, cst.Module)  # for the type checker
        code = changed.code
    except (cst.CSTValidationError, TypeError) as error:
        raise CannotPlaceError(f"the expression does not fit there: {error}") from None
    before = (fragment.header + fragment.text).encode("utf-8", "surrogatepass")
    start = span.start - fragment.start + len(fragment.header)
    end = start + span.end - span.start
    if code.encode("utf-8", "surrogatepass") != before[:start] + text.encode() + before[end:]:
        raise CannotPlaceError("the replacement would change what stands around it")
    return len(node.lpar) == 1


def inserted(fragment: Fragment, span: Span, text: str, *, after: bool) -> str:
    """Return a fragment with a statement put beside another one on the same line."""
    import libcst as cst

    module, node = _node_at(fragment, span, (cst.BaseSmallStatement,))
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
            unit = "\t" if fragment.text.startswith("\t") else layout.INDENT
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
