"""Suppression comments: `# noqa: FT101`, `# fixtests: ignore[FT101] reason`, `ignore-file`.

`# noqa` and `# flake8: noqa` mean what they mean to flake8: codes are prefixes, and the latter, on
a line of its own, is for the whole file whatever follows it. They speak to linters: a codemod
goes on, since a name that has moved is gone whatever flake8 was told of its import.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from fixtests.model import Finding, Problem
from fixtests.settings import nearest
from fixtests.syntax import triple_quoted
from fixtests.text.source import Source

NEEDLE = re.compile(rb"#\s*(?:noqa|fixtests\s*:|flake8[:=]\s*noqa)", re.IGNORECASE)
CODEMOD = "codemod:"  # before the name of a codemod, which only its own run knows
CODE = re.compile(r"[A-Za-z]+[0-9]+")
NOQA = re.compile(r"#\s*noqa(?:\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.I)
OF_FLAKE8 = re.compile(r"# flake8[:=]\s*noqa(?:\s*:[\s,\w]*?\b(?P<code>FT[0-9]+))?", re.I)
OWN = re.compile(
    r"#\s*fixtests\s*:\s*(?P<verb>[\w-]*)\s*(?:\[(?P<codes>[^\]]*)\]|(?P<odd>[\[(:=]))?", re.I
)


@dataclass
class Suppression:
    """One comment; `codes` (codes and names of rules) is empty where it silences everything.

    One that is `alone` on its line is for the line below it, too.
    """

    row: int
    codes: frozenset[str]
    whole_file: bool = False
    ours: bool = True
    alone: bool = False
    used: set[str] = field(default_factory=set)

    def silences(self, finding: Finding) -> bool:
        """Tell whether the comment silences a finding where it stands, and note that it did."""
        if not self.ours and finding.name.startswith(CODEMOD):
            return False
        if not self.codes:
            self.used.add(finding.code)
            return True
        named = {code for code in self.codes if self._is_named(code, finding)}
        self.used |= named
        return bool(named)

    def _is_named(self, code: str, finding: Finding) -> bool:
        if code in (finding.code, finding.name):
            return True
        return not self.ours and finding.code.startswith(code)

    def idle(self, active: frozenset[str], known: frozenset[str]) -> list[str]:
        """Return what is named and silenced nothing, though all rules that it means were active.

        `known` are the codes and names of all rules.
        """
        found = []
        for code in sorted(self.codes - self.used):
            meant = {code} if self.ours else {it for it in known if it.startswith(code)}
            if meant and meant <= active:
                found.append(code)
        return found


@dataclass
class Suppressions:
    """All suppressions of one file."""

    source: Source
    comments: list[Suppression]
    problems: list[Problem]

    @classmethod
    def read(cls, source: Source) -> Suppressions:
        """Collect the suppression comments of a file that parses."""
        found = cls(source, [], [])
        if NEEDLE.search(source.utf8):
            for row, text in _comments(source):
                found._add(row, text)
        return found

    def silence(self, finding: Finding) -> bool:
        """Tell whether a comment silences a finding.

        It may stand on any line of what is flagged, or on the last line of
        the statement; one of ours that is alone on its line also above one of
        these or above the statement.
        """
        first, _ = self.source.location(finding.span.start)
        last, _ = self.source.location(finding.span.end)
        end, _ = self.source.location(finding.anchor.end)
        rows = {*range(first, last + 1), end}
        here = [it for row in rows & self._on_row.keys() for it in self._on_row[row]]
        if self._above:
            rows.add(self.source.row(finding.anchor.start))
            above = [it for row in rows & self._above.keys() for it in self._above[row]]
            here += [it for it in above if it.row not in rows]
        answers = [comment.silences(finding) for comment in here]  # all note it
        return any(answers) or self._is_off(finding)

    def _is_off(self, finding: Finding) -> bool:
        """Tell whether a comment silences a rule in the whole file."""
        if finding.code not in self._off:
            whole = [comment for comment in self.comments if comment.whole_file]
            answers = [comment.silences(finding) for comment in whole]  # all note it
            self._off[finding.code] = any(answers)
        return self._off[finding.code]

    @cached_property
    def _on_row(self) -> dict[int, list[Suppression]]:
        found: dict[int, list[Suppression]] = {}
        for comment in self.comments:
            if not comment.whole_file:
                found.setdefault(comment.row, []).append(comment)
        return found

    @cached_property
    def _above(self) -> dict[int, list[Suppression]]:
        """The comments of ours that stand alone, by the row below them that is no comment."""
        found: dict[int, list[Suppression]] = {}
        below: dict[int, int] = {}  # by the row of a comment
        for comment in reversed(self.comments):
            if comment.alone and not comment.whole_file:
                row = comment.row + 1
                while row not in below and row <= len(self.source.starts) and self._is_comment(row):
                    row += 1
                below[comment.row] = below.get(row, row)
                found.setdefault(below[comment.row], []).append(comment)
        return found

    def _is_comment(self, row: int) -> bool:
        return self.source.line(row).lstrip().startswith(b"#")

    @cached_property
    def _off(self) -> dict[str, bool]:
        return {}

    def idle(self, active: frozenset[str], known: frozenset[str]) -> Iterator[Problem]:
        """Yield the comments that silenced nothing and those not understood.

        `active` holds the codes and names of the rules that ran, `known` those
        of all; other linters' codes and a bare `# noqa` are nobody's business
        here.
        """
        yield from self.problems
        for comment in self.comments:
            if comment.ours:
                for code in sorted(comment.codes - known):
                    if code.startswith(CODEMOD):
                        continue
                    hint = nearest.meant(code, known)
                    yield Problem(comment.row, f"suppression of unknown rule {code!r}{hint}")
            idle = comment.idle(active, known)
            if idle:
                yield Problem(comment.row, f"unused suppression of {', '.join(idle)}; remove it")
            elif not comment.codes and comment.ours and not comment.used:
                yield Problem(comment.row, "unused suppression; remove it")

    def _add(self, row: int, text: str) -> None:
        alone = self._is_comment(row)
        if alone and (whole := OF_FLAKE8.match(text)):
            self.comments.append(Suppression(row, frozenset(), whole_file=True, ours=False))
            if whole["code"]:
                message = (
                    "`# flake8: noqa` silences the whole file, whatever codes follow; for one rule"
                    f" write `# fixtests: ignore-file[{whole['code'].upper()}]`"
                )
                self.problems.append(Problem(row, message))
        if own := OWN.search(text):
            codes = _codes(re.split(r"[,\s]+", own["codes"] or ""))
            if own["verb"] not in ("ignore", "ignore-file"):
                message = (
                    f"unknown suppression {own['verb']!r}; write ignore[CODE] or ignore-file[CODE]"
                )
                self.problems.append(Problem(row, message))
            elif own["odd"]:
                message = f"suppression with {own['odd']!r}; write {own['verb']}[CODE]"
                self.problems.append(Problem(row, message))
            elif own["codes"] is not None and not codes:
                self.problems.append(Problem(row, "empty suppression; name a code: ignore[FT101]"))
            else:
                whole_file = own["verb"] == "ignore-file"
                self.comments.append(Suppression(row, codes, whole_file, alone=alone))
        if noqa := NOQA.search(text):
            codes = _codes(CODE.findall(noqa["codes"] or ""))
            self.comments.append(Suppression(row, codes, ours=False))


def _codes(words: list[str]) -> frozenset[str]:
    upper = (word.upper() if CODE.fullmatch(word) else word for word in words)
    return frozenset(upper) - {""}


def _comments(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the comments that may be suppressions, with their rows."""
    strings = triple_quoted.strings(source.utf8)
    found = None if strings is None else list(_plain_comments(source, strings))
    if found is None or None in found:
        yield from _tokenized(source)
    else:
        yield from filter(None, found)


def _plain_comments(
    source: Source, strings: triple_quoted.Strings
) -> Iterator[tuple[int, str] | None]:
    """Yield comments with their rows; None for one that only a tokenizer can judge."""
    for row in source.rows(NEEDLE):
        start = source.starts[row - 1]
        line = source.line(row)
        goes_on = source.utf8.endswith(b"\\\n", 0, start)  # a string may, too
        if goes_on or strings.touches(start, start + len(line)):
            yield None
            continue
        match = triple_quoted.CODE.match(line)
        at = match.end() if match else 0
        if line.startswith((b"'", b'"'), at):
            yield None
        elif at < len(line):
            yield row, line[at:].decode("utf-8", "surrogatepass").rstrip()


def _tokenized(source: Source) -> Iterator[tuple[int, str]]:
    lines = io.StringIO(source.text, newline=None)
    try:
        for token in tokenize.generate_tokens(lines.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    except (tokenize.TokenError, SyntaxError):
        return  # what `ast` accepts and `tokenize` refuses has no comment after this point
