"""Whether the first comment of a test can become a docstring, whatever it says."""

from __future__ import annotations

import ast
import itertools
import re

from fixtests.rules.missing_docstring import origins
from fixtests.rules.missing_docstring.code import is_code
from fixtests.rules.missing_docstring.comments import Block
from fixtests.syntax.queries import Function
from fixtests.text.comments import DIRECTIVE

NOTE = re.compile(
    r"(?:TODO|FIXME|XXX|NOTE|HACK|REVISIT|WARNING|IMPORTANT|N\.?B\.?)\b|note\s*(?:\(|:)|to-?do\s*(?:\(|:)"
    r"|.*\b(?:TODO|FIXME|XXX|NOTE|REVISIT)\s*[(:]",
)
NOTE_LOWER = re.compile(r"(?:note|todo|fixme)\s*(?:\(|:)", re.IGNORECASE)
LINK = re.compile(
    r"\W*(?:https?://\S+|(?:(?:closes|related|partial)-)?(?:bug|lp|story|task)\b\W*\d+"
    r"|(?:[a-z]{2,8}\b\W*)?#\d+)\W*$",
    re.I,
)
LISTED = re.compile(
    r" {2,}|\t| ?(?:[-*+o] |\(?\d+(?:[.)]|st|nd|rd|th)\s|\(?[a-z]\)\s|>>>|\|)|\W*$|\W*##"
)
PART = re.compile(r"[A-Za-z]+ ?\d+\W*$")  # `User1`: what heads the first of several parts
LONGEST = 12  # lines; what is longer tells more than what a test is for


def unfit(block: Block, function: Function) -> str:
    """Return why a comment cannot be promoted whatever it says, in words; else nothing."""
    if all(isinstance(item, ast.Pass) for item in function.body):
        return "its comment says why nothing is tested"
    if block.apart:
        return "its first comment does not stand right below the `def`"
    if any(DIRECTIVE.match(line) for line in block.lines):
        return "its first comment is written for a tool"
    if any(map(is_note, block.lines)):
        return "its first comment is a note to developers"
    if any(LINK.match(line) for line in block.lines):
        return "its first comment names a bug or a page"
    if not block.even or any(line and not line.startswith(" ") for line in block.lines):
        return "its first comment is laid out by hand"
    if len(block.lines) > LONGEST:
        return "its first comment is too long to be a docstring as it is"
    full = [line for line in block.lines if line.strip()]
    if not full or _is_row(full) or any(LISTED.match(line[1:]) for line in full):
        return "its first comment holds a list or a drawing"
    if len(full) > 1 and PART.match(full[-1].strip()):
        return "its first comment holds a list or a drawing"
    if any(is_code(line.strip()) for line in full):
        return "its first comment holds code"
    text = " ".join(line.strip() for line in full)
    return origins.said(text, function) or _unwritable(text, function)


def _is_row(lines: list[str]) -> bool:
    """Tell whether a line after an open one begins as the first one does, as in a list."""
    opening = lines[0].split()[0]
    return len(opening) > 3 and any(
        line.split()[0] == opening and before[-1].isalnum()
        for before, line in itertools.pairwise(lines)
    )


def _unwritable(text: str, function: Function) -> str:
    if "\\" in text or '"""' in text or '"' in (text[0], text[-1]) or not text.isprintable():
        return "its first comment holds characters that a docstring would have to escape"
    if function.decorator_list and ("{" in text or "}" in text):
        return "its first comment holds braces, which decorators such as ddt would fill in"
    return ""


def is_note(line: str) -> bool:
    """Tell whether a line of a comment is a note to developers."""
    text = line.strip()
    return NOTE.match(text) is not None or NOTE_LOWER.match(text) is not None
