"""The phrases of reviews, which are data: `phrases.toml` holds them as regular expressions.

`<name>` in a phrase stands for the phrases of that name, and `one && other` for both of them
near one another, whichever comes first.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("phrases.toml")
BOTH = " && "
NEAR = ".{0,60}?"  # what may stand between two phrases that belong together
WRAPPED = re.compile(r"(?<=[\w,;)`'\"/-])\n[ \t]*(?=[a-z0-9(`'\"])")
NAMED = re.compile(r"(?<!\?P)<(\w+)>")


def pattern(name: str, template: str = "{}") -> re.Pattern[str]:
    """Return the phrases of a name as one expression, in the place of `{}` in another one."""
    return re.compile(template.replace("{}", either(name)), re.IGNORECASE)


def either(*names: str) -> str:
    """Return the phrases of some names as the alternatives of an expression."""
    listed = [phrase for name in names for phrase in _phrases()[name]]
    return f"(?:{'|'.join(map(_filled, listed))})"


def near(phrase: str) -> re.Pattern[str]:
    """Return a phrase of a topic as an expression; it begins where a word does."""
    parts = [_whole(_filled(part)) for part in phrase.split(BOTH)]
    if len(parts) > 1:
        one, other = parts
        parts = [f"{one}{NEAR}{other}", f"{other}{NEAR}{one}"]
    return re.compile("|".join(parts), re.IGNORECASE)


def unwrapped(text: str) -> str:
    """Return a text whose lines go on where one breaks off within a sentence."""
    return WRAPPED.sub(" ", text)


def _filled(phrase: str) -> str:
    """Return a phrase with those that it names."""
    return NAMED.sub(lambda match: rf"(?:{'|'.join(_phrases()[match[1]])})\b", phrase)


def _whole(phrase: str) -> str:
    start = r"\b" if phrase[:1].isalpha() or phrase.startswith("(?:") else ""
    return f"{start}(?:{phrase})"


@cache
def _phrases() -> dict[str, list[str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
