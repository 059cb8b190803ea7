"""What a test says of itself that is to fail: in its name, its docstring, its comments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixtests.source import Source
from fixtests.syntax import Function

NAMED = re.compile(
    r"_(fails?|raises?|no_valid_host|rejected|refused)"
    r"(_(with|due|because|for|as|without)_\w+)?$|_raises?_\w+$"
)
VAGUE = re.compile(r"_(failure|error|exception|forbidden|denied|conflict)$")
UNCLAIMED = re.compile(
    r"_(no|not|never|without|ignor\w*|doesnt|dont|wont|cannot|handl\w*|after|avoid\w*|if|when|while"
    r"|recover\w*|previous\w*|clean\w*|log\w*|first|once|retr\w*|swallow\w*)_(\w+_)?"
    r"(fail|raise|error|exception|reject|refuse|denied|forbidden|conflict)"
    r"|_(on|un)_(fail|raise|error|exception|reject|conflict)"
)
FAILING = r"(?:fail|fails|raise|raises|error|errors|be (?:rejected|refused|denied|forbidden))"
TOLD = re.compile(
    rf"(?i)\b(?:should|must|will|shall|(?:is|are) (?:expected|supposed) to) {FAILING}\b"
    r"|\b(?:results?|resulting|ends?) (?:in|with) (?:an? |the )?(?:\d{3}\b|\w*Exception\b"
    r"|NoValidHost|error\b|failure\b)"
    r"|\braises? (?:an? |the )?(?:\w+\.)*(?-i:[A-Z][a-z]+[A-Z]\w+)\b"
    r"|\bfails? with (?:an? |the )?(?:\w+\.)*(?:\w*(?-i:Exception|Error)|NoValidHost|\d{3}|error)\b"
    r"|\bexpect(?:s|ed)? (?:an? |the )?(?:\w+ )?(?:failure|error|exception)\b"
)
DENIED = re.compile(
    r"(?i)\b(?:not|no|never|without|n't|doesn't|don't|won't|instead of|rather than|previously"
    r"|before|used to|bug|if|when|otherwise|else|might|may|unless|until|would|could"
    r"|avoid\w*|prevent\w*|ignor\w*)\b"
)


@dataclass(frozen=True)
class Claim:
    """A failure that a test claims: in which words, on which row.

    A `vague` one may be about a failure that is dealt with.
    """

    words: str
    row: int
    vague: bool = False


def claim(function: Function, source: Source) -> Claim | None:
    """Return the first failure that a test claims, None where it claims none."""
    named = not UNCLAIMED.search(function.name)
    if named and NAMED.search(function.name):
        return Claim(function.name, function.lineno)
    for row, text in _texts(function, source):
        for sentence in re.split(r"(?<=[.;:!?])\s", text):
            told = TOLD.search(sentence)
            if told and not DENIED.search(sentence):
                return Claim(told.group(), row)
    if named and VAGUE.search(function.name):
        return Claim(function.name, function.lineno, vague=True)
    return None


def _texts(function: Function, source: Source) -> Iterator[tuple[int, str]]:
    """Yield the docstring and each block of comments with its row, as single lines."""
    written = ast.get_docstring(function)
    if written:
        yield function.body[0].lineno, " ".join(written.split())
    block: list[str] = []
    last = function.end_lineno or function.lineno
    for row in range(function.lineno, last + 2):
        line = source.line(row).strip() if row <= last else b""
        if line.startswith(b"#"):
            block.append(line.lstrip(b"# ").decode(errors="replace"))
        elif block:
            yield row - len(block), " ".join(block)
            block = []
