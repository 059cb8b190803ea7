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
CAPITAL = re.compile(r"(?<!\\)[A-Z]")
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


class Near:
    """A phrase of a topic, which begins where a word does; it is looked for in small letters.

    The expression itself says nothing of where a word begins, so that it is quickly found
    where it cannot stand.
    """

    def __init__(self, phrase: str) -> None:
        parts = [_filled(part) for part in phrase.split(BOTH)]
        if len(parts) > 1:
            one, other = parts
            parts = [f"(?:{one}){NEAR}{_begun(other)}", f"(?:{other}){NEAR}{_begun(one)}"]
        self._begins = len(parts) > 1 or _is_word(parts[0])
        self._pattern = re.compile(CAPITAL.sub(lambda match: match[0].lower(), "|".join(parts)))

    def is_in(self, text: str) -> bool:
        """Tell whether a text in small letters holds the phrase."""
        match = self._pattern.search(text)
        while match and self._begins and match.start() and _goes_on(text, match.start()):
            match = self._pattern.search(text, match.start() + 1)
        return match is not None


def unwrapped(text: str) -> str:
    """Return a text whose lines go on where one breaks off within a sentence."""
    return WRAPPED.sub(" ", text)


def _filled(phrase: str) -> str:
    """Return a phrase with those that it names."""
    return NAMED.sub(lambda match: rf"(?:{'|'.join(_phrases()[match[1]])})\b", phrase)


def _begun(phrase: str) -> str:
    return rf"\b(?:{phrase})" if _is_word(phrase) else f"(?:{phrase})"


def _is_word(phrase: str) -> bool:
    return phrase[:1].isalpha() or phrase.startswith("(?:")


def _goes_on(text: str, at: int) -> bool:
    """Tell whether a word goes on at a place of a text, which begins before it."""
    before, here = text[at - 1], text[at]
    return (before.isalnum() or before == "_") and (here.isalnum() or here == "_")


@cache
def _phrases() -> dict[str, list[str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
