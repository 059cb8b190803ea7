"""Places comments that silence findings: on a line of what is flagged, else on one above it.

A comment may end a line where Python's own tokenizer ends one: not in a string, and not behind a
backslash.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import re
import tokenize
from collections.abc import Iterable, Mapping
from functools import cached_property

from fixtests.fixing.fragments import CannotPlaceError
from fixtests.model import Applicability, Edit, Finding, Fix
from fixtests.settings.config import SuppressionComment
from fixtests.text.source import Source

FORMS: Mapping[SuppressionComment, str] = {
    "fixtests": "# fixtests: ignore[{code}]",
    "noqa": "# noqa: {code}",
}
# A comment that has codes already, with what stands before and after the place of one more.
LISTS: Mapping[SuppressionComment, re.Pattern[str]] = {
    "fixtests": re.compile(r"(.*#\s*fixtests\s*:\s*ignore\s*\[[^\]]*[\w-])(\s*\].*)", re.I),
    "noqa": re.compile(r"(.*#\s*noqa\s*:\s*[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)(.*)", re.I),
}
SEPARATORS: Mapping[SuppressionComment, str] = {"fixtests": ", ", "noqa": ","}
LINE_END = re.compile(r"[\r\n]*$")
PARTS = {"FSTRING_START": 1, "FSTRING_END": -1, "TSTRING_START": 1, "TSTRING_END": -1}


def placed(found: Iterable[Finding], places: Places) -> list[Finding]:
    """Return findings with a comment for their fix; where there is no room for it, say so."""
    silenced = []
    for finding in found:
        if not finding.suppressed:
            try:
                title = f"{finding.code} {finding.name}, silenced"
                fix = Fix(title, Applicability.SAFE, (places.edit(finding),))
                finding = dataclasses.replace(finding, fix=fix)
            except CannotPlaceError as error:
                message = f"{finding.message}; not silenced: {error}"
                finding = dataclasses.replace(finding, message=message)
        silenced.append(finding)
    return silenced


class Places:
    """Where comments of a form may stand in one file, with lines of `longest` characters at most.

    With `apart`, they get lines of their own.
    """

    def __init__(
        self, source: Source, form: SuppressionComment, longest: int, *, apart: bool = False
    ) -> None:
        self._source = source
        self._form = form
        self._longest = longest
        self._apart = apart

    def edit(self, finding: Finding) -> Edit:
        """Return what silences a finding. Raises CannotPlaceError."""
        code, source = finding.code, self._source
        first, last = source.row(finding.span.start), source.row(finding.span.end)
        begins, ends = source.row(finding.anchor.start), source.row(finding.anchor.end)
        above = [self._above(row, code) for row in (first, begins)]
        at = [self._at(row, code) for row in (*range(first, last + 1), ends)]
        for edit in filter(None, above if self._apart else (*at[:-1], *above, at[-1])):
            return edit
        raise CannotPlaceError(f"no line of it has room within {self._longest} characters")

    def _at(self, row: int, code: str) -> Edit | None:
        """Return what ends a row with a comment, or lengthens the one that does, if it may."""
        if row not in self._ends:
            return None
        line, start = self._line(row), self._ends[row]
        comment = line[start:].rstrip()
        forms = dict.fromkeys((self._form, *LISTS)) if self._form == "noqa" else (self._form,)
        longer = (_lengthened(comment, form, code) for form in forms)
        after = next(filter(None, longer), "")
        if not after:
            start = len(line.rstrip())
            after = f"  {FORMS[self._form].format(code=code)}"
        return self._from(row, start, after)

    def _above(self, row: int, code: str) -> Edit | None:
        """Return what puts a comment of ours on a line of its own above a row, if it may."""
        if row > 1 and row - 1 not in self._ends:
            return None
        over = self._line(row - 1).rstrip() if row > 1 else ""
        longer = _lengthened(over.lstrip(), "fixtests", code) if over.lstrip()[:1] == "#" else ""
        if longer:
            return self._from(row - 1, len(over) - len(over.lstrip()), longer)
        line = self._line(row)
        indent = line[: len(line) - len(line.lstrip(" \t\f"))]
        comment = f"{indent}{FORMS['fixtests'].format(code=code)}"
        if len(comment) > self._longest:
            return None
        start = self._source.starts[row - 1]
        text = f"{comment}{self._line_end(row) or self._source.newline}{indent}"
        return Edit(self._source.path, start, start + len(indent), text)

    def _from(self, row: int, column: int, text: str) -> Edit | None:
        """Return what gives a row another text from a column on, if that is short enough."""
        line = self._line(row)
        if column + len(text) > self._longest:
            return None
        head = len(line[:column].encode("utf-8", "surrogatepass"))
        start = self._source.starts[row - 1]
        end = start + len(self._source.line(row))
        return Edit(self._source.path, start + head, end, f"{text}{self._line_end(row)}")

    def _line(self, row: int) -> str:
        return LINE_END.sub("", self._whole(row))

    def _line_end(self, row: int) -> str:
        return self._whole(row)[len(self._line(row)) :]

    def _whole(self, row: int) -> str:
        return self._source.line(row).decode("utf-8", "surrogatepass")

    @cached_property
    def _ends(self) -> dict[int, int]:
        """The rows that a comment may end, each with the column at which its code ends."""
        found: dict[int, int] = {}
        comments: dict[int, int] = {}
        inside = 0  # of strings that are several tokens, as formatted ones are from Python 3.12 on
        lines = io.StringIO(self._source.text, newline=None)
        with contextlib.suppress(tokenize.TokenError, SyntaxError):  # what is behind stays as it is
            for token in tokenize.generate_tokens(lines.readline):
                row, column = token.start
                inside += PARTS.get(tokenize.tok_name[token.type], 0)
                if token.type == tokenize.COMMENT:
                    comments[row] = column
                elif token.type in (tokenize.NL, tokenize.NEWLINE) and not inside:
                    found[row] = comments.get(row, column)
        return found


def _lengthened(comment: str, form: SuppressionComment, code: str) -> str:
    """Return a comment with one more code, empty where it is no comment of a form."""
    match = LISTS[form].fullmatch(comment)
    return f"{match[1]}{SEPARATORS[form]}{code}{match[2]}" if match else ""
