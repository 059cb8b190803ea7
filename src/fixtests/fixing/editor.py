"""Places fixes: the verbs of `rules.api.Editor` as edits of the smallest statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from fixtests.fixing import (
    alignment,
    folding,
    fragments,
    import_changes,
    imports,
    joining,
    rewriting,
    together,
)
from fixtests.fixing.exchange import Exchange
from fixtests.fixing.fragments import CannotPlaceError
from fixtests.fixing.nodes import Nodes
from fixtests.fixing.recast import Recast
from fixtests.fixing.replacement import Replacement
from fixtests.model import Declaration, Edit, Finding, Fix, Span
from fixtests.rules.api import Rule
from fixtests.settings.layout import Layout
from fixtests.syntax.queries import first_row, is_function, spanning
from fixtests.text import edits, line_breaking
from fixtests.tree.module import Module
from fixtests.tree.project import Project

__all__ = ["CannotPlaceError", "Rewriter"]

SHOWN = 40  # characters of what is changed twice


class Rewriter:
    """Places the fixes of one file, as its project lays files out.

    The nodes of `expected` findings are looked up at once.
    """

    def __init__(
        self,
        module: Module,
        project: Project,
        layout: Layout,
        expected: Iterable[Finding] = (),
    ) -> None:
        self.project = project
        self.layout = layout
        spans = (span for item in expected for span in (item.span, item.anchor))
        self.nodes = Nodes(module, {module.source.row(span.start) for span in spans})

    def settled(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return findings whose fixes are placed, as they are made beside each other.

        Those that shorten the same lines join them, and those that go together are all made.
        """
        kept = together.all_or_none(findings, self.nodes.source)
        join = folding.rows if self.layout.skips_commas else joining.rows
        return join(kept, self.nodes, self.layout.line_length)

    def place(self, rule: Rule, finding: Finding) -> Fix:
        """Return a finding's fix.

        Raises CannotPlaceError where the source leaves no place for it.
        """
        editor = _Editor(self, finding)
        try:
            rule.fix(finding, editor)
        except RecursionError:
            raise CannotPlaceError("the statement is nested too deeply for LibCST") from None
        self._judge(editor.edits)
        return Fix(
            rule.title,
            finding.applicability,
            tuple(dict.fromkeys(editor.edits)),
            tuple(editor.declarations),
        )

    def _judge(self, made: Iterable[Edit]) -> None:
        """Look whether what one verb changes is changed by no other. Raises CannotPlaceError."""
        for one, other in pairwise(edits.ordered(dict.fromkeys(made))):
            if edits.clash(one, other):
                text = self.nodes.source.slice(Span(other.start, max(one.end, other.end)))
                shown = " ".join(text.split())[:SHOWN]
                raise CannotPlaceError(f"two verbs of the fix change `{shown}`")


class _Editor:
    """The verbs for one finding; collects edits."""

    def __init__(self, rewriter: Rewriter, finding: Finding) -> None:
        self.nodes = rewriter.nodes
        self.source = rewriter.nodes.source
        self.root = rewriter.project.root
        self.layout = rewriter.layout
        self.line_length = rewriter.layout.line_length
        self.finding = finding
        self.edits: list[Edit] = []
        self.declarations: list[Declaration] = []

    def replace(self, text: str, span: Span | None = None) -> None:
        replacement = Replacement(self.nodes, span or self.finding.span, text, self.layout)
        for place, content in replacement.placed():
            self._add(place, content)

    def rewrite(self, texts: Mapping[Span, str]) -> None:
        for span, text in rewriting.rewritten(self.nodes, texts, self.line_length):
            self._add(span, text)

    def reword(self, words: Mapping[Span, str]) -> None:
        by_line: dict[tuple[int, int], list[tuple[Span, str]]] = {}
        for span, text in words.items():
            if self.source.row(span.start) != self.source.row(span.end):
                raise CannotPlaceError("what is worded anew goes on in another line")
            line = self.nodes.logical_line(self.source.row(span.start))
            by_line.setdefault(line, []).append((span, text))
        for (first, last), its in by_line.items():
            self._relay(first, last, its)

    def _relay(self, first: int, last: int, changes: Sequence[tuple[Span, str]]) -> None:
        """Change some rows, and lay them out again; those that stay at either end are no edit."""
        start, newline = self.source.starts[first - 1], self.source.newline
        end = self.source.starts[last - 1] + len(self.source.line(last).rstrip(b"\r\n"))
        before = self.source.slice(Span(start, end)).replace(newline, "\n")
        if "\r" in before or "\f" in before:
            raise CannotPlaceError("its lines end in more than one way")
        inside = [
            (self._column(start, span.start), self._column(start, span.end), text)
            for span, text in changes
        ]
        after = alignment.changed(before, inside, self.line_length)
        head, tail, content = alignment.difference(before, after)
        sizes = [len(before[:at].replace("\n", newline).encode()) for at in (head, tail)]
        self._add(Span(start + sizes[0], start + sizes[1]), content.replace("\n", newline))

    def _column(self, start: int, offset: int) -> int:
        """Return how many characters stand between two offsets, a line end being one."""
        return len(self.source.slice(Span(start, offset)).replace(self.source.newline, "\n"))

    def exchange(self, first: Span, second: Span) -> None:
        call = self.finding.span
        self._add(*Exchange(self.nodes, call, first, second, self.line_length).placed())

    def recast(self, method: str, arguments: Sequence[Span]) -> None:
        call = self.finding.span
        self._add(*Recast(self.nodes, call, method, arguments, self.line_length).placed())

    def insert_before(self, text: str, *, below_comment: bool = False) -> None:
        anchor = self.nodes.statement(self.finding.anchor)
        if not self.nodes.alone(anchor, anchor):
            self._insert_beside(anchor, text, after=False)
            return
        lines = self.nodes.lines_of(anchor, anchor)
        row, _ = self.source.location(lines.start)
        while row > 1 and not below_comment and self.nodes.is_comment_of(row - 1, anchor):
            row -= 1
        start = self.source.starts[row - 1]
        indent = self.nodes.indentation(anchor.lineno)
        self._add(Span(start, start), self._line(indent, text), order=1)
        stands_apart = is_function(anchor) or isinstance(anchor, ast.ClassDef)
        if stands_apart and not text.endswith("\n"):
            self._add(Span(start, start), self.source.newline, order=2)

    def insert_after(self, text: str) -> None:
        anchor = self.nodes.statement(self.finding.anchor)
        if not self.nodes.alone(anchor, anchor):
            self._insert_beside(anchor, text, after=True)
            return
        lines = self.nodes.lines_of(anchor, anchor)
        line = self._line(self.nodes.indentation(anchor.lineno), text)
        if not self.source.utf8[lines.start : lines.end].endswith((b"\n", b"\r")):
            newline = self.source.newline
            line = newline + line.removesuffix(newline)
        self._add(Span(lines.end, lines.end), line)

    def remove(self, span: Span, *, alone: bool = False) -> None:
        gone = self.nodes.statement(span)
        if not self.nodes.alone(gone, gone):
            raise CannotPlaceError("it shares its line with other code")
        if self.nodes.has_comments(gone):
            raise CannotPlaceError("a comment in its lines would go with it")
        lines = self.nodes.lines_of(gone, gone)
        row = self.source.row(lines.start)
        while row > 1 and not alone and self.nodes.is_comment_of(row - 1, gone):
            row -= 1
        if row > 1 and not alone and not self.source.line(row - 1).strip():
            row -= 1
        self._add(Span(self.source.starts[row - 1], lines.end), "")

    def promote(self, first: int, last: int, text: str) -> None:
        indent = self.nodes.indentation(first)
        if first < 2 or not self.nodes.are_comments(first, last):
            raise CannotPlaceError("the comment is not where it was found")
        above = self.source.line(first - 1)
        end_of_line = above[len(above.rstrip(b"\r\n")) :]
        # With the line end above, so that nothing is inserted between the two in the same round.
        start = self.source.starts[first - 1] - len(end_of_line)
        end = self.source.starts[last - 1] + len(self.source.line(last).rstrip(b"\r\n"))
        lines = ["", *(indent + line if line else "" for line in text.splitlines())]
        self._add(Span(start, end), end_of_line.decode().join(lines))

    def extract(self, first: int, last: int, head: str, result: str, call: str) -> None:
        tree = self.nodes.module.tree
        methods = [item for item in spanning(tree, [first]) if is_function(item)]
        if not methods:
            raise CannotPlaceError("the lines stand in no function")
        method = max(methods, key=lambda item: item.lineno)
        moved = [item for item in method.body if first <= first_row(item) <= last]
        end = self.source.starts[last - 1] + len(self.source.line(last))
        lines = Span(self.source.starts[first - 1], end)
        body = self.source.slice(lines).rstrip("\r\n")
        outer, inner = self.nodes.indentation(method.lineno), self.nodes.indentation(first)
        added = [outer + head, body, *([inner + result] if result else [])]
        if not moved or not fragments.holds(added, moved, bool(result), self.source.newline):
            raise CannotPlaceError("the method would not hold the same statements")
        row = self.source.row(self.nodes.lines_of(method, method).start)
        while row > 1 and self.nodes.is_comment_of(row - 1, method):
            row -= 1
        newline, start = self.source.newline, self.source.starts[row - 1]
        self._add(Span(start, start), newline.join([*added, "", ""]), order=1)
        self._add(
            Span(lines.start, lines.start + len(body.encode("utf-8", "surrogatepass"))),
            inner + call,
        )

    def require_import(self, text: str) -> None:
        edit = imports.insertion(self.nodes.module, text, self.layout)
        if edit is not None:
            self._add(Span(edit.offset, edit.offset), edit.text, order=edit.order)

    def replace_imports(self, changes: Sequence[tuple[Span, Sequence[str], Sequence[str]]]) -> None:
        moves = [import_changes.Move(self.nodes, *change) for change in changes]
        for edit in import_changes.replaced(self.nodes, moves, self.layout):
            self._add(Span(edit.start, edit.end), edit.text, order=edit.order)

    def declare_constant(self, name: str, value: str, module: str | None = None) -> None:
        if module is not None:
            path = str(self.root / module)
            self.declarations.append(Declaration(path, name, value))
            return
        offset, gap, line = imports.declaration(self.nodes.module, name, value, self.layout)
        if gap:  # an edit of its own, so that several constants share it
            self._add(Span(offset, offset), gap, order=4)
        self._add(Span(offset, offset), line, order=5)

    def declare_class_constant(self, owner: str, name: str, value: str) -> None:
        module = self.nodes.module
        try:
            place = imports.class_declaration(module, module.classes[owner].node, name, value)
        except ValueError as error:
            raise CannotPlaceError(str(error)) from None
        offset, before, line, after = place
        for order, text in enumerate((before, line, after), start=4):
            if text:  # blank lines are edits of their own, so that several constants share them
                self._add(Span(offset, offset), text, order=order)

    def _add(self, span: Span, content: str, order: int = 0) -> None:
        self.edits.append(Edit(self.finding.path, span.start, span.end, content, order))

    def _line(self, indent: str, text: str) -> str:
        """Return a statement as lines of the file, folded where it is too long."""
        text = line_breaking.call(indent, text, self.line_length)
        newline = self.source.newline
        lines = re.split(r"\r\n|\r|\n", indent + text)
        return newline.join(lines) + newline

    def _insert_beside(self, anchor: ast.stmt, text: str, *, after: bool) -> None:
        """Insert where `;` or a one-line suite puts other code on the statement's line."""
        if self.source.slice(self.finding.anchor).startswith("elif"):
            raise CannotPlaceError("nothing can stand before an `elif`")
        fragment = self.nodes.fragment(anchor)
        changed = fragments.inserted(fragment, self.source.span(anchor), text, after=after)
        start, end, content = fragments.changed_lines(fragment.text, changed)
        self._add(
            Span(
                fragment.start + len(fragment.text[:start].encode()),
                fragment.start + len(fragment.text[:end].encode()),
            ),
            content,
        )
