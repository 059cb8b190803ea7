"""How the lines of a comment become a docstring that OpenStack's style takes.

hacking's checks: no space first (H401), punctuation at the end of a single
line (H402), closing quotes on a line of their own (H403), no empty first line
(H404), a summary line before an empty one (H405).
"""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Sequence

QUOTES = '"""'
SENTENCE_END = re.compile(r"(?<![.\s]\w)(?<!\betc)(?<!\bvs)[.!?]['\")]*\s+(?=[A-Z`'\"(])")
WORD = re.compile(r"(?=\S*[aeiouy])[a-z]+(?:'[a-z]+)?(?=[\s,]|$)")  # no name such as dhcp


def docstring(lines: Sequence[str], width: int) -> str | None:
    """Return the lines of a docstring without their indentation, None where none fits.

    `width` is what the indentation leaves of a line.
    """
    paragraphs = _paragraphs(lines)
    paragraphs[-1] = _closed(paragraphs[-1])
    if len(paragraphs) == 1 and len(paragraphs[0]) <= width - 2 * len(QUOTES):
        return f"{QUOTES}{paragraphs[0]}{QUOTES}"
    summary, rest = _divided(paragraphs[0])
    more = [rest, *paragraphs[1:]] if rest else paragraphs[1:]
    if not more or len(summary) > width - len(QUOTES):
        return None
    text = "\n\n".join([QUOTES + summary, *(_wrapped(item, width) for item in more)])
    fits = all(len(line) <= width for line in text.splitlines())
    return f"{text}\n{QUOTES}" if fits else None


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Join the lines that an empty comment line divides; the first word gets its capital."""
    groups = itertools.groupby(lines, lambda line: bool(line.strip()))
    found = [" ".join(line.strip() for line in group) for full, group in groups if full]
    if WORD.match(found[0]):
        found[0] = found[0][0].upper() + found[0][1:]
    return found


def _closed(text: str) -> str:
    """End a text in punctuation."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _divided(text: str) -> tuple[str, str]:
    """Divide a text after its first sentence."""
    match = SENTENCE_END.search(text)
    return (text[: match.end()].rstrip(), text[match.end() :]) if match else (text, "")


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
