"""Places fixes: the verbs of `rule.Editor` as edits of the smallest statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import TypeVar

from fixtests.fixing import fragments, imports
from fixtests.fixing.fragments import CannotPlaceError, Fragment
from fixtests.model import Declaration, Edit, Finding, Fix, Span
from fixtests.rules.api import Rule
from fixtests.syntax.queries import children, first_row, is_function, spanning
from fixtests.text import line_breaking
from fixtests.tree.module import Module
from fixtests.tree.project import Project

T = TypeVar("T", ast.stmt, ast.expr)
__all__ = ["CannotPlaceError", "Rewriter"]


class Rewriter:
    """Places the fixes of one file; those of `expected` findings, which are looked up at once."""

    def __init__(self, module: Module, project: Project, expected: Iterable[Finding] = ()) -> None:
        self.module = module
        self.project = project
        self.source = module.source
        self.parents = module.parents
        self._rows: dict[int, list[ast.AST]] = {}
        spans = (span for item in expected for span in (item.span, item.anchor))
        self._look_up({self.source.row(span.start) for span in spans})

    def place(self, rule: Rule, finding: Finding) -> Fix:
        """Return a finding's fix.

        Raises CannotPlaceError where the source leaves no place for it.
        """
        editor = _Editor(self, finding)
        try:
            rule.fix(finding, editor)
        except RecursionError:
            raise CannotPlaceError("the statement is nested too deeply for LibCST") from None
        title = f"{rule.code} {rule.name}"
        return Fix(
            title,
            finding.applicability,
            tuple(dict.fromkeys(editor.edits)),
            tuple(editor.declarations),
        )

    def statement(self, span: Span) -> ast.stmt:
        """Return the statement with a span."""
        found = self._at(span, ast.stmt)
        if found is None:
            raise CannotPlaceError("the statement is not where it was found")
        return found

    def expression(self, span: Span) -> ast.expr:
        """Return the expression with a span."""
        found = self._at(span, ast.expr)
        if found is None:
            raise CannotPlaceError("the expression is not where it was found")
        return found

    def _at(self, span: Span, kind: type[T]) -> T | None:
        """Return the innermost node of a kind with a span."""
        row = self.source.row(span.start)
        if row not in self._rows:
            self._look_up({row})
        found = [
            node
            for node in self._rows[row]
            if isinstance(node, kind) and self.source.span(node) == span
        ]
        return found[-1] if found else None

    def _look_up(self, rows: set[int]) -> None:
        """Find the nodes that begin on some rows."""
        self._rows.update((row, []) for row in rows)
        for node in spanning(self.module.tree, sorted(rows)) if rows else ():
            if getattr(node, "lineno", None) in rows:
                self._rows[node.lineno].append(node)  # type: ignore[attr-defined]

    def lines_of(self, first: ast.stmt, last: ast.stmt) -> Span:
        """Return the whole lines of some statements, decorators included."""
        rows = [first.lineno]
        if is_function(first) or isinstance(first, ast.ClassDef):
            rows += [item.lineno for item in first.decorator_list]
        starts = self.source.starts
        end_row = last.end_lineno or last.lineno
        end = starts[end_row] if end_row < len(starts) else len(self.source.utf8)
        return Span(starts[min(rows) - 1], end)

    def alone(self, first: ast.stmt, last: ast.stmt) -> bool:
        """Tell whether nothing else stands on the lines of some statements."""
        lines = self.lines_of(first, last)
        start = self.source.span(first).start
        head = self.source.utf8[lines.start : start].lstrip(b" \t\f")
        tail = self.source.utf8[self.source.span(last).end : lines.end].strip()
        elif_ = self.source.utf8[start : start + 4] == b"elif"
        return (
            (not head or head.startswith(b"@"))
            and (not tail or tail.startswith(b"#"))
            and not elif_
        )

    def indentation(self, row: int) -> str:
        """Return the white space that opens a line."""
        match = re.match(rb"[ \t]*", self.source.line(row).lstrip(b"\f"))
        return match.group().decode() if match else ""

    def fragment(self, statement: ast.stmt) -> Fragment:
        """Cut out the smallest lines around a statement that stand alone.

        Raises CannotPlaceError where they do not go through LibCST unchanged.
        """
        node: ast.stmt = statement
        while True:
            first, last = self._neighbours(node)
            if self.alone(first, last):
                break
            above = next(
                (item for item in self.parents.above(node) if isinstance(item, ast.stmt)), None
            )
            if above is None:
                raise CannotPlaceError("the statement does not stand on lines of its own")
            node = above
        lines = self.lines_of(first, last)
        text = self.source.slice(lines)
        start = lines.start + len(text) - len(text.lstrip("\f"))
        text = text.lstrip("\f")
        header = f"if 1:{self.source.newline}" if text[:1] in (" ", "\t") else ""
        return Fragment(start, text, header)

    def _neighbours(self, node: ast.stmt) -> tuple[ast.stmt, ast.stmt]:
        """Return the first and last statement of those that `;` puts on one line."""
        above = self.parents.of(node)
        block = next(
            (
                value
                for _, value in ast.iter_fields(above or self.module.tree)
                if isinstance(value, list) and node in value
            ),
            [node],
        )
        at = block.index(node)
        first = last = at
        while first and block[first - 1].end_lineno == block[first].lineno:
            first -= 1
        while last + 1 < len(block) and block[last + 1].lineno == block[last].end_lineno:
            last += 1
        return block[first], block[last]


class _Editor:
    """The verbs for one finding; collects edits."""

    def __init__(self, rewriter: Rewriter, finding: Finding) -> None:
        self.rewriter = rewriter
        self.source = rewriter.source
        self.finding = finding
        self.edits: list[Edit] = []
        self.declarations: list[Declaration] = []

    def replace(self, text: str, span: Span | None = None) -> None:
        span = span or self.finding.span
        node = self.rewriter.expression(span)
        if any(isinstance(item, ast.JoinedStr) for item in self.rewriter.parents.above(node)):
            raise CannotPlaceError("it stands inside an f-string")
        if self._touches_word(span):
            raise CannotPlaceError("no space divides it from the word beside it")
        fragment = self.rewriter.fragment(self.rewriter.parents.statement(node))
        above = fragments.kinds(self.rewriter.parents.above(node))
        if fragments.above(fragment, span, text) != above:
            raise CannotPlaceError("the replacement would change what stands around it")
        joined = self._joined(node, text)
        if self._fits_without_brackets(span, text) and self._owns_brackets(fragment, span, above):
            self._add(self._with_brackets(span), text)
        elif joined:
            self._add(*joined)
        else:
            self._add(*self._wrapped(node, text))

    def insert_before(self, text: str) -> None:
        anchor = self.rewriter.statement(self.finding.anchor)
        if not self.rewriter.alone(anchor, anchor):
            self._insert_beside(anchor, text, after=False)
            return
        lines = self.rewriter.lines_of(anchor, anchor)
        row, _ = self.source.location(lines.start)
        while row > 1 and self._is_comment_of(row - 1, anchor):
            row -= 1
        start = self.source.starts[row - 1]
        indent = self.rewriter.indentation(anchor.lineno)
        self._add(Span(start, start), self._line(indent, text), order=1)

    def insert_after(self, text: str) -> None:
        anchor = self.rewriter.statement(self.finding.anchor)
        if not self.rewriter.alone(anchor, anchor):
            self._insert_beside(anchor, text, after=True)
            return
        lines = self.rewriter.lines_of(anchor, anchor)
        line = self._line(self.rewriter.indentation(anchor.lineno), text)
        if not self.source.utf8[lines.start : lines.end].endswith((b"\n", b"\r")):
            newline = self.source.newline
            line = newline + line.removesuffix(newline)
        self._add(Span(lines.end, lines.end), line)

    def promote(self, first: int, last: int, text: str) -> None:
        indent = self.rewriter.indentation(first)
        if first < 2 or not self._are_comments(first, last):
            raise CannotPlaceError("the comment is not where it was found")
        above = self.source.line(first - 1)
        end_of_line = above[len(above.rstrip(b"\r\n")) :]
        # With the line end above, so that nothing is inserted between the two in the same round.
        start = self.source.starts[first - 1] - len(end_of_line)
        end = self.source.starts[last - 1] + len(self.source.line(last).rstrip(b"\r\n"))
        lines = ["", *(indent + line if line else "" for line in text.splitlines())]
        self._add(Span(start, end), end_of_line.decode().join(lines))

    def extract(self, first: int, last: int, head: str, result: str, call: str) -> None:
        tree = self.rewriter.module.tree
        methods = [item for item in spanning(tree, [first]) if is_function(item)]
        if not methods:
            raise CannotPlaceError("the lines stand in no function")
        method = max(methods, key=lambda item: item.lineno)
        moved = [item for item in method.body if first <= first_row(item) <= last]
        end = self.source.starts[last - 1] + len(self.source.line(last))
        lines = Span(self.source.starts[first - 1], end)
        body = self.source.slice(lines).rstrip("\r\n")
        outer, inner = self.rewriter.indentation(method.lineno), self.rewriter.indentation(first)
        added = [outer + head, body, *([inner + result] if result else [])]
        if not moved or not fragments.holds(added, moved, bool(result), self.source.newline):
            raise CannotPlaceError("the method would not hold the same statements")
        row = self.source.row(self.rewriter.lines_of(method, method).start)
        while row > 1 and self._is_comment_of(row - 1, method):
            row -= 1
        newline, start = self.source.newline, self.source.starts[row - 1]
        self._add(Span(start, start), newline.join([*added, "", ""]), order=1)
        self._add(
            Span(lines.start, lines.start + len(body.encode("utf-8", "surrogatepass"))),
            inner + call,
        )

    def _are_comments(self, first: int, last: int) -> bool:
        """Tell whether some rows hold comments only, which nothing goes on around."""
        rows = range(first, last + 1)
        around = [
            node
            for node in spanning(self.rewriter.module.tree, rows)
            if isinstance(node, ast.expr | ast.stmt) and not getattr(node, "body", None)
        ]
        return all(self.source.line(row).lstrip().startswith(b"#") for row in rows) and not any(
            node.lineno <= last and first <= (node.end_lineno or 0) for node in around
        )

    def require_import(self, text: str) -> None:
        edit = imports.insertion(self.rewriter.module, text)
        if edit is not None:
            self._add(Span(edit.offset, edit.offset), edit.text, order=edit.order)

    def declare_constant(self, name: str, value: str, module: str | None = None) -> None:
        if module is not None:
            path = str(self.rewriter.project.root / module)
            self.declarations.append(Declaration(path, name, value))
            return
        offset, gap, line = imports.declaration(self.rewriter.module, name, value)
        if gap:  # an edit of its own, so that several constants share it
            self._add(Span(offset, offset), gap, order=4)
        self._add(Span(offset, offset), line, order=5)

    def declare_class_constant(self, owner: str, name: str, value: str) -> None:
        module = self.rewriter.module
        try:
            place = imports.class_declaration(module, module.classes[owner].node, name, value)
        except ValueError as error:
            raise CannotPlaceError(str(error)) from None
        offset, before, line, after = place
        for order, text in enumerate((before, line, after), start=4):
            if text:  # blank lines are edits of their own, so that several constants share them
                self._add(Span(offset, offset), text, order=order)

    def _touches_word(self, span: Span) -> bool:
        """Tell whether a letter stands right before or after a span, as in `x if y else'z'`."""
        text = self.source.utf8
        beside = text[max(span.start - 1, 0) : span.start] + text[span.end : span.end + 1]
        return bool(re.search(rb"[A-Za-z]", beside))

    def _with_brackets(self, span: Span) -> Span:
        """Return a span with the round brackets that directly enclose it."""
        before = self.source.utf8[: span.start].rstrip()
        after = self.source.utf8[span.end :]
        skipped = len(after) - len(after.lstrip())
        return Span(len(before) - 1, span.end + skipped + 1)

    def _owns_brackets(self, fragment: Fragment, span: Span, above: list[fragments.Kind]) -> bool:
        """Tell whether the brackets around a span are there for it alone: no call's, say."""
        try:
            return fragments.above(fragment, self._with_brackets(span), "None") == above
        except CannotPlaceError:
            return False

    def _fits_without_brackets(self, span: Span, text: str) -> bool:
        """Tell whether brackets that only broke a line can go, since the line is short now."""
        outer = self._with_brackets(span)
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
        old = self.source.slice(span)
        needed = "\n" in old or around + len(old) > line_breaking.LINE_LENGTH
        return needed and around + len(text) <= line_breaking.LINE_LENGTH

    def _joined(self, node: ast.expr, text: str) -> tuple[Span, str] | None:
        """Return how to undo a line break that only the length of the old expression needed.

        It stands before the value of a key, or before the only argument of a call.
        """
        element, bracket = self._element(node)
        span, first = self.source.span(node), self.source.span(element)
        row, column = self.source.location(first.start)
        if row == 1 or node.end_lineno != row or len(self.rewriter.indentation(row)) < column - 1:
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
        if not around + len(text) <= line_breaking.LINE_LENGTH < around + span.end - span.start:
            return None
        start = self.source.starts[row - 2] + len(above.encode("utf-8", "surrogatepass"))
        return Span(start, span.end), gap + lead + text

    def _add(self, span: Span, content: str, order: int = 0) -> None:
        self.edits.append(Edit(self.finding.path, span.start, span.end, content, order))

    def _line(self, indent: str, text: str) -> str:
        """Return a statement as lines of the file, folded where it is too long."""
        text = line_breaking.call(indent, text)
        newline = self.source.newline
        lines = re.split(r"\r\n|\r|\n", indent + text)
        return newline.join(lines) + newline

    def _is_comment_of(self, row: int, anchor: ast.stmt) -> bool:
        """Tell whether a line is a comment as deep as the statement below it."""
        line = self.source.line(row)
        own = self.rewriter.indentation(anchor.lineno).encode()
        if not (line.startswith(own) and line[len(own) :].startswith(b"#")):
            return False
        start = self.source.starts[row - 1]
        block = self.rewriter.parents.of(anchor)
        return not any(
            self.source.span(item).start <= start < self.source.span(item).end
            for item in children(block or self.rewriter.module.tree)
            if isinstance(item, ast.stmt) and item is not anchor
        )

    def _insert_beside(self, anchor: ast.stmt, text: str, *, after: bool) -> None:
        """Insert where `;` or a one-line suite puts other code on the statement's line."""
        if self.source.slice(self.finding.anchor).startswith("elif"):
            raise CannotPlaceError("nothing can stand before an `elif`")
        fragment = self.rewriter.fragment(anchor)
        changed = fragments.inserted(fragment, self.source.span(anchor), text, after=after)
        start, end, content = fragments.changed_lines(fragment.text, changed)
        self._add(
            Span(
                fragment.start + len(fragment.text[:start].encode()),
                fragment.start + len(fragment.text[:end].encode()),
            ),
            content,
        )

    def _wrapped(self, node: ast.expr, text: str) -> tuple[Span, str]:
        """Return span and text of a replacement, with breaks where the line is too long."""
        span = self.source.span(node)
        row, column = self.source.location(span.start)
        line = self.source.line(row).decode("utf-8", "surrogatepass").rstrip("\r\n")
        before = line[: column - 1]
        tail = line[len(before) + len(self.source.slice(span)) :] if node.end_lineno == row else ""
        if (
            len(line) > line_breaking.LINE_LENGTH
            or len(before + text + tail) <= line_breaking.LINE_LENGTH
        ):
            return span, text
        element, bracket = self._element(node)
        _, start = self.source.location(self.source.span(element).start)
        parent = self.rewriter.parents.of(node)
        slot = line_breaking.Slot(
            indent=self.rewriter.indentation(row),
            head=line[: start - 1] if element.lineno == row else before,
            lead=line[start - 1 : column - 1] if element.lineno == row else "",
            tail=tail,
            newline=self.source.newline,
            alone=isinstance(parent, ast.Assign | ast.Return) and parent.end_lineno == row,
            indents=self._indents(element, bracket),
        )
        way = line_breaking.fitted(slot, text)
        if way is None or (bracket is None and not slot.alone):
            raise CannotPlaceError(
                f"a line would be longer than {line_breaking.LINE_LENGTH} columns"
            )
        begin = self.source.starts[row - 1] + len(way.head.encode("utf-8", "surrogatepass"))
        return Span(begin, span.end + way.eaten), way.text

    def _indents(
        self, element: ast.expr | ast.keyword, bracket: ast.expr | None
    ) -> tuple[str, ...]:
        """Return how deep a line may stand that begins with an argument, keyword or item."""
        row, column = self.source.location(self.source.span(element).start)
        indent = self.rewriter.indentation(row)
        if bracket is None or bracket.lineno == row:
            return (indent + line_breaking.INDENT,)
        value = isinstance(bracket, ast.Dict) and len(indent) < column - 1
        return (indent + line_breaking.INDENT, indent) if value else (indent,)

    def _element(self, node: ast.expr) -> tuple[ast.expr | ast.keyword, ast.expr | None]:
        """Return the argument, keyword or item that a node is, with the bracket around it."""
        above = self.rewriter.parents.of(node)
        if isinstance(above, ast.keyword):
            call = self.rewriter.parents.of(above)
            return above, call if isinstance(call, ast.Call) else None
        if isinstance(above, ast.Dict | ast.List | ast.Tuple | ast.Set):
            return node, above
        if isinstance(above, ast.Call) and node in above.args:
            return node, above
        return node, None
