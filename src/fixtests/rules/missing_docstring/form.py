"""How the lines of a comment become a docstring that OpenStack's style takes.

hacking's checks: no space first (H401), punctuation at the end of a single
line (H402), closing quotes on a line of their own (H403), no empty first line
(H404), a summary line before an empty one (H405, unless the project ignores that).
"""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Container, Iterator, Sequence

from fixtests.reasoning import words
from fixtests.rules.missing_docstring import sentences
from fixtests.settings.layout import Layout

QUOTES = '"""'
LONG_TITLE = 4  # words, below which a test's name is no sentence
SENTENCE_END = re.compile(r"(?<![.\s]\w)(?<!\betc)(?<!\bvs)[.!?]['\")]*\s+(?=[A-Z`'\"(])")
OPENS = re.compile(
    r"(?:This|These|It|The|An?|We|If|When|There|On|In|For|But|So|Then|After|Before|Also|Since"
    r"|Because|However|Otherwise|List|Verify|Check)\b"
)
STOPPED = re.compile(r"\w{3}[.!?]$(?<!\betc\.)")
RAGGED = 10  # columns; a line with more of them left over was not broken for its length
LINKED = re.compile(r"https?://\S+$")
JOINS = re.compile(r"\b(?:to|and|or|not|can|cannot|will|should|must|may|might|could|would)$")
JOINING = re.compile(
    r"(?:and|or|but|so|as|because|since|which|who|that|than|if|when|where|while|until|then)\b"
)
ENDED = re.compile(r"[.!?:;,(-]['\")]*$|\b(?:and|or|the|an?|of|to|in|on|for|with|by|from|that)$")
NAMED = re.compile(  # a name goes on
    r"[A-Z]\w*[a-z]\w*(?:'s|\(|\.\w|[A-Z])|[A-Z][a-z]+ (?:API|service)\b"
)
WORD = re.compile(r"(?=\S*[aeiouy])[a-z]+(?:'[a-z]+)?(?=[\s,]|$)")  # no name such as dhcp


def docstring(
    lines: Sequence[str], layout: Layout, indent: int, names: Container[str] = ()
) -> str | None:
    """Return the lines of a docstring without their indentation, None where none fits.

    `indent` is how much of a line stands before them, `names` are spelled as they are.
    """
    width = layout.line_length - indent
    paragraphs = _paragraphs(lines, names)
    paragraphs[-1] = _closed(paragraphs[-1])
    if len(paragraphs) == 1 and len(paragraphs[0]) <= width - 2 * len(QUOTES):
        return f"{QUOTES}{paragraphs[0]}{QUOTES}"
    summary, rest = _divided(paragraphs[0])
    if len(summary) > width - len(QUOTES) or not (rest or paragraphs[1:]):
        if not layout.long_summary:
            return None
        summary, rest = paragraphs[0], ""
    return _laid_out([summary, *([rest] if rest else []), *paragraphs[1:]], width)


def titled(lines: Sequence[str], name: str, layout: Layout, indent: int) -> str | None:
    """Return a docstring whose summary is a test's name, None where none fits.

    `test_create_server_twice` is `Test creating server twice`.
    """
    width = layout.line_length - indent
    first, *rest = [word for word in name.split("_")[1:] if word] or [""]
    opening = words.gerund(first) if words.acts(first) else first
    if first == "try" and rest and words.acts(rest[0]):
        opening = "trying to"
    title = f"Test {opening} {' '.join(rest)}."
    paragraphs = _paragraphs(lines)
    fits = len(title) <= width - len(QUOTES) and len(rest) + 2 >= LONG_TITLE
    if not fits or paragraphs[0].lower().startswith(title[:-1].lower()):
        return None
    return _laid_out([title, *paragraphs[:-1], _closed(paragraphs[-1])], width)


def _laid_out(paragraphs: Sequence[str], width: int) -> str | None:
    first, *others = paragraphs
    text = "\n\n".join(_wrapped(item, width) for item in (QUOTES + first, *others))
    fits = all(len(line) <= width for line in text.splitlines())
    return f"{text}\n{QUOTES}" if fits else None


def _paragraphs(lines: Sequence[str], names: Container[str] = ()) -> list[str]:
    """Join the lines that an empty comment line divides; the first word gets its capital.

    A thought that begins on a line of its own, without need, is divided from the one before.
    """
    groups = itertools.groupby(lines, lambda line: bool(line.strip()))
    found = [
        " ".join(part)
        for full, group in groups
        if full
        for part in _thoughts([line.strip() for line in group])
    ]
    if (word := WORD.match(found[0])) and word.group() not in names:
        found[0] = found[0][0].upper() + found[0][1:]
    return found


def _thoughts(lines: list[str]) -> Iterator[list[str]]:
    """Yield runs of lines, a new one where a sentence begins after one without a stop."""
    run = lines[:1]
    for before, line in itertools.pairwise(lines):
        if OPENS.match(line) and not ENDED.search(before):
            run[-1] = _closed(before)
            yield run
            run = []
        run.append(line)
    yield run


def are_phrases(lines: Sequence[str], layout: Layout, indent: int) -> bool:
    """Tell whether lines are phrases of their own, which nothing divides or joins.

    One begins with a capital, and would have had room on the line before; or it begins in small
    letters where a sentence has ended, or where one ends without a stop.
    """
    for before, line in itertools.pairwise(item.strip() for item in lines):
        if before and STOPPED.search(before) and WORD.match(line):
            return True
        if not (before and line) or ENDED.search(before) or OPENS.match(line):
            continue
        first = line.split()[0]
        room = layout.line_length - len("# ") - len(before) - len(first)
        if first[0].isupper() and not first.isupper() and room > 1 and not NAMED.match(line):
            return True
        if room > RAGGED and _begins_anew(before, line):
            return True
        if room > indent and not JOINING.match(line) and sentences.are_two(before, line):
            return True
    return False


def _begins_anew(before: str, line: str) -> bool:
    """Tell whether a line in small letters is a thought of its own, after one that ends early."""
    first = line.split()[0]
    if LINKED.search(before) or first.startswith("_") or first[0].isdecimal():
        return True
    return first in words.ORDERS and not JOINS.search(before)


def _closed(text: str) -> str:
    """End a text in punctuation, but for an address, which a stop behind it would change."""
    return text if text.endswith((".", "!", "?")) or LINKED.search(text) else f"{text}."


def _divided(text: str) -> tuple[str, str]:
    """Divide a text after its first sentence."""
    match = SENTENCE_END.search(text)
    return (text[: match.end()].rstrip(), text[match.end() :]) if match else (text, "")


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
