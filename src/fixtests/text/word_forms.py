"""Names and prose in which a word takes the place of another one, in its case and number."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

from fixtests.text.source import Source

SEPARATORS = re.compile(r"[\W_]+")


class WordForms:
    """Old words with new ones; what holds one of the `kept` phrases is left as it is.

    A word is a part of a name between its underscores, digits and capitals, in small letters,
    with a capital or all in capitals, with or without a plural's `s`.
    """

    def __init__(self, words: Mapping[str, str], kept: Iterable[str] = ()) -> None:
        self._new: dict[str, str] = {}
        for old, new in words.items():
            for form in (str.lower, _capital, str.upper):
                self._new.setdefault(form(old), form(new))
        self._kept = tuple(_plain(phrase) for phrase in kept if phrase)
        longest = sorted(self._new, key=len, reverse=True)
        self._part = re.compile("|".join(map(_form, longest)) or r"\Z\A")
        self._both = re.compile(
            "|".join(re.escape(_plain(new)) for new in words.values()) or r"\Z\A"
        )
        prose = "|".join(map(re.escape, longest))
        self.prose = re.compile(rf"(?<![\w'\"`./:=%{{<-])(?:{prose})s?(?![\w\"`/:=}}>-]|\.\w|\()")
        pattern = "|".join(re.escape(old) for old in words)
        self.needle = re.compile(pattern.encode() or rb"\Z\A", re.IGNORECASE)

    def stands_at(self, node: ast.AST, source: Source) -> bool:
        """Tell whether an old word stands somewhere in the text of a node."""
        span = source.span(node)
        return self.needle.search(source.utf8, span.start, span.end) is not None

    def stands_in(self, name: str) -> bool:
        """Tell whether a name holds an old word, kept or not."""
        return self._part.search(name) is not None

    def renamed(self, name: str) -> str:
        """Return a name with the new words; nothing where it stays, as one with both words does."""
        new = self._part.sub(lambda match: self._new[match[0]], name)
        both = self._both.search(_plain(name)) is not None
        return "" if new == name or both or self.keeps(name) else new

    def alike(self, part: str, name: str) -> bool:
        """Tell whether a name that holds an old word is a part of another one, in any spelling."""
        return self.stands_in(part) and _plain(part) in _plain(name)

    def keeps(self, text: str) -> bool:
        """Tell whether a text holds a phrase that stays."""
        plain = _plain(text)
        return any(phrase in plain for phrase in self._kept)

    def reworded(self, word: str) -> str:
        """Return the new form of a word of prose."""
        return self._part.sub(lambda match: self._new[match[0]], word)


def _plain(text: str) -> str:
    return SEPARATORS.sub("", text).lower()


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:].lower()


def _form(word: str) -> str:
    """Return a pattern of a word as a part of a name."""
    if word.isupper():
        return rf"(?<![A-Za-z]){word}(?=S?(?![A-Za-z]))"
    before = "" if word[:1].isupper() else r"(?<![A-Za-z])"
    return rf"{before}{re.escape(word)}(?=s?(?![a-z]))"
