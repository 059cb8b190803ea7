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
from fixtests.syntax.suppressions import NOQA, OWN
from fixtests.text.source import Source

FORMS: Mapping[SuppressionComment, str] = {
    "fixtests": "# fixtests: ignore[{code}]",
    "noqa": "# noqa: {code}",
}
# How comments of a form are read, and what stands between two of their codes.
READ: Mapping[SuppressionComment, re.Pattern[str]] = {"fixtests": OWN, "noqa": NOQA}
SEPARATORS: Mapping[SuppressionComment, str] = {"fixtests": ", ", "noqa": ","}
IGNORE = "ignore"  # the verb of a comment of ours for a line
NAMED = re.compile(r"[\w-]\Z")  # codes, and no comma behind the last one
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
        rows = (self._source.row(finding.span.start), self._source.row(finding.anchor.start))
        above = [self._above(row, finding.code) for row in rows]
        at = self._on_lines(finding)
        for edit in filter(None, above if self._apart else (*at[:-1], *above, at[-1])):
            return edit
        raise CannotPlaceError(f"no line of it has room within {self._longest} characters")

    def on_line(self, finding: Finding) -> Edit | None:
        """Return what silences a finding on a line of its own, None where none may be so."""
        return next(filter(None, self._on_lines(finding)), None)

    def _on_lines(self, finding: Finding) -> list[Edit | None]:
        """Return what silences a finding on each line of what is flagged, and where it ends."""
        first, last = self._source.row(finding.span.start), self._source.row(finding.span.end)
        rows = (*range(first, last + 1), self._source.row(finding.anchor.end))
        return [self._at(row, finding.code) for row in rows]

    def _at(self, row: int, code: str) -> Edit | None:
        """Return what ends a row with a comment, or lengthens the one that does, if it may."""
        if row not in self._ends:
            return None
        line, start = self._line(row), self._ends[row]
        comment = line[start:].rstrip()
        forms = dict.fromkeys((self._form, *READ)) if self._form == "noqa" else (self._form,)
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
    match = READ[form].search(comment)
    codes = (match["codes"] or "").rstrip() if match else ""
    verb = match.groupdict().get("verb", IGNORE) if match else ""
    if not match or verb.lower() != IGNORE or not NAMED.search(codes):
        return ""
    at = match.start("codes") + len(codes)
    return f"{comment[:at]}{SEPARATORS[form]}{code}{comment[at:]}"
