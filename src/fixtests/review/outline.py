"""Reviews in YAML as the tables that JSON would hold, as far as reviews use it.

Lists and tables in lines of their own, texts with or without quotes, and texts of several lines.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fixtests.review.records import Node, whole

SUFFIXES = (".yaml", ".yml")
ITEM = re.compile(r"-(?: +|$)")
PAIR = re.compile(r"(?P<key>[\w-][\w .-]{0,40}|\"[^\"]+\"|'[^']+'):(?:\s+(?P<value>.*)|)$")
BLOCK = re.compile(r"[|>][-+]?\d?")  # what a text of several lines begins with
EMPTY = re.compile(r"\s*(?:#.*|---|\.\.\.)?\s*")
INLINE = re.compile(r"\[(?P<items>[^\[\]{}]*)\]")
Line = tuple[int, int, str]  # row, depth, text


class OutlineError(Exception):
    """Something that is not read as YAML."""


def loaded(path: Path, text: str) -> Any:
    """Return what a text of YAML holds, None for what is none, or is written in other ways."""
    if path.suffix.lower() not in SUFFIXES:
        return None
    lines = [
        (row, len(line) - len(line.lstrip()), line.strip())
        for row, line in enumerate(text.splitlines(), 1)
        if not EMPTY.fullmatch(line)
    ]
    reader = _Reader(lines)
    try:
        value = reader.value(0)
    except OutlineError:
        return None
    return value if reader.is_done() and isinstance(value, dict | list) else None


class _Reader:
    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = [*lines]
        self._at = 0

    def is_done(self) -> bool:
        """Tell whether all lines are read."""
        return self._at == len(self._lines)

    def value(self, least: int) -> Any:
        """Return what stands in the lines from here on that are as deep as the first of them."""
        if self.is_done() or self._lines[self._at][1] < least:
            return None
        _, depth, text = self._lines[self._at]
        return self._list(depth) if ITEM.match(text) else self._table(depth)

    def _list(self, depth: int) -> list[Any]:
        found: list[Any] = []
        while not self.is_done() and self._lines[self._at][1] == depth:
            row, _, text = self._lines[self._at]
            mark = ITEM.match(text)
            if mark is None:
                break
            rest = text[mark.end() :]
            inner = depth + mark.end()
            if PAIR.match(rest) or ITEM.match(rest):
                self._lines[self._at] = row, inner, rest
                found.append(self.value(inner))
            else:
                self._at += 1
                found.append(self._text(rest, depth) if rest else self.value(depth + 1))
        return found

    def _table(self, depth: int) -> Node:
        node = Node()
        node.row = self._lines[self._at][0]
        while not self.is_done() and self._lines[self._at][1] == depth:
            pair = PAIR.match(self._lines[self._at][2])
            if pair is None:
                break
            self._at += 1
            key, value = pair["key"].strip("\"'"), pair["value"].strip() if pair["value"] else ""
            if value and not value.startswith("#"):
                node[key] = self._text(value, depth)
            else:
                below = self.is_done() or not ITEM.match(self._lines[self._at][2])
                node[key] = self.value(depth + 1 if below else depth)
        if not node:
            raise OutlineError  # a line that is neither item nor pair
        return node

    def _text(self, begun: str, depth: int) -> Any:
        """Return a text, with the lines that go on with it."""
        parts = [] if BLOCK.fullmatch(begun) else [begun]
        while not self.is_done() and self._lines[self._at][1] > depth:
            parts.append(self._lines[self._at][2])
            self._at += 1
        text = ("\n" if begun.startswith("|") else " ").join(parts)
        if items := INLINE.fullmatch(text):
            return [_plain(item.strip()) for item in items["items"].split(",") if item.strip()]
        return _plain(text)


def _plain(text: str) -> Any:
    if text.isdecimal():
        return whole(text)
    if text[:1] == "'" and text[-1:] == "'":
        return text[1:-1].replace("''", "'")
    if text[:1] == '"' and text[-1:] == '"':
        try:
            return str(ast.literal_eval(text))
        except (SyntaxError, ValueError):
            return text.strip('"')
    return re.sub(r"\s+#.*$", "", text)
