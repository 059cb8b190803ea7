"""The phrases of reviews, which are data: `phrases.toml` holds them as regular expressions.

`<name>` in a phrase stands for the phrases of that name, and `one && other` for both of them
near one another, whichever comes first. `concepts.toml` holds what means one thing in topics.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

FILES = [Path(__file__).with_name(f"{name}.toml") for name in ("phrases", "concepts")]
CAPITAL = re.compile(r"(?<!\\)[A-Z]")
BOTH = " && "
GAP = 60  # characters that may stand between two phrases that belong together
NEAR = f".{{0,{GAP}}}?"
WRAPPED = re.compile(r"(?<=[\w,;)`'\"/-])\n[ \t]*(?=[a-z0-9(`'\"])")
NAMED = re.compile(r"(?<!\?P)<(\w+)>")
Span = tuple[int, int]


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
        named = [NAMED.fullmatch(part) for part in phrase.split(BOTH)]
        together = len(named) > 1 and all(named)
        self._concepts = [match[1] for match in named if match] if together else []
        self.is_loose = together  # concepts near one another, in whatever words
        parts = [_filled(part) for part in phrase.split(BOTH)] if not self._concepts else [""]
        if len(parts) > 1:
            one, other = parts
            parts = [f"(?:{one}){NEAR}{_begun(other)}", f"(?:{other}){NEAR}{_begun(one)}"]
        self._begins = len(parts) > 1 or _is_word(parts[0])
        self._pattern = re.compile(CAPITAL.sub(lambda match: match[0].lower(), "|".join(parts)))

    def is_in(self, text: str) -> bool:
        """Tell whether a text in small letters holds the phrase."""
        if self._concepts:
            return _are_near([_standing(name, text) for name in self._concepts], text)
        match = self._pattern.search(text)
        while match and self._begins and match.start() and _goes_on(text, match.start()):
            match = self._pattern.search(text, match.start() + 1)
        return match is not None


@cache
def near(phrase: str) -> Near:
    """Return a phrase of a topic, made of an expression once. Raises re.error, KeyError."""
    return Near(phrase)


def unwrapped(text: str) -> str:
    """Return a text whose lines go on where one breaks off within a sentence."""
    return WRAPPED.sub(" ", text)


def _are_near(found: Sequence[Sequence[Span]], text: str) -> bool:
    """Tell whether one span of each kind stands near the others, on one line of a text."""
    ends: dict[int, int] = {}
    spans = sorted((*span, kind) for kind, listed in enumerate(found) for span in listed)
    for start, end, kind in spans:
        others = [ends.get(other, start + 1) for other in range(len(found)) if other != kind]
        first = min(others)
        if max(others) <= start <= first + GAP * len(others) and "\n" not in text[first:start]:
            return True
        ends[kind] = end
    return False


@lru_cache(1_000)
def _standing(name: str, text: str) -> tuple[Span, ...]:
    """Return where phrases of a name stand in a text, as whole words."""
    return tuple(match.span() for match in _concept(name).finditer(text))


@cache
def _concept(name: str) -> re.Pattern[str]:
    filled = (_filled(phrase) for phrase in _phrases()[name])
    listed = "|".join(CAPITAL.sub(lambda match: match[0].lower(), phrase) for phrase in filled)
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)")


def _filled(phrase: str) -> str:
    """Return a phrase with those that it names, and those that these name."""
    return NAMED.sub(lambda match: rf"(?:{'|'.join(map(_filled, _phrases()[match[1]]))})\b", phrase)


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
    found: dict[str, list[str]] = {}
    for file in FILES:
        found |= tomllib.loads(file.read_text(encoding="utf-8"))
    return found
