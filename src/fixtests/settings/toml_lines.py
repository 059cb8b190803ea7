"""Where the keys of a TOML text stand: tomllib tells no lines, and an error should name one."""

from __future__ import annotations

import re
from collections.abc import Sequence

Keys = tuple[str | int, ...]
BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
SPACE = re.compile(r"[ \t]*")
HEADER = re.compile(r"\[\[?")
BARE = re.compile(r"[A-Za-z0-9_-]+")
QUOTED = re.compile(r'"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'')
LONG = re.compile(r'"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:\'{0,2})', re.DOTALL)
PLAIN = re.compile(r"[^,\]}#\r\n]+")


def line_of(text: str, keys: Sequence[str | int]) -> int | None:
    """Return the line, from 1, where a key first stands in a valid TOML text.

    `keys` lead from the top to a value: strings for tables, numbers for
    lists. A key that is not written has the line of what would hold it; None
    where not even that is written.
    """
    try:
        offsets = _Scan(text).offsets
    except (ValueError, RecursionError):
        return None
    for length in range(len(keys), 0, -1):
        offset = offsets.get(tuple(keys[:length]))
        if offset is not None:
            return text.count("\n", 0, offset) + 1
    return None


class _Scan:
    """One walk over a TOML text; `offsets` holds where each key and each element starts.

    Raises ValueError at what no TOML text has there.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.offsets: dict[Keys, int] = {}
        self._lengths: dict[Keys, int] = {}  # how many headers an array of tables has had
        table: Keys = ()
        while self._skip(BLANK) < len(text):
            if text.startswith("[", self.position):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Keys:
        """Read `[a.b]` or `[[a.b]]` and return the table that it opens."""
        start = self.position
        nested = self._take(HEADER) == "[["
        table: Keys = ()
        names = self._names()
        for at, name in enumerate(names, 1):
            table = (*table, name)
            self.offsets.setdefault(table, start)
            if nested and at == len(names):
                self._lengths[table] = self._lengths.get(table, 0) + 1
            if table in self._lengths:
                table = (*table, self._lengths[table] - 1)
                self.offsets.setdefault(table, start)
        self._expect("]]" if nested else "]")
        return table

    def _pair(self, table: Keys) -> None:
        """Read `key = value`."""
        start = self.position
        for name in self._names():
            table = (*table, name)
            self.offsets.setdefault(table, start)
        self._expect("=")
        self._value(table)

    def _names(self) -> list[str]:
        """Read a key, dotted or not."""
        import tomllib

        names = []
        while True:
            self._skip(SPACE)
            if self.text.startswith(('"', "'"), self.position):
                names.append(tomllib.loads(f"name = {self._take(QUOTED)}")["name"])
            else:
                names.append(self._take(BARE))
            self._skip(SPACE)
            if not self.text.startswith(".", self.position):
                return names
            self._expect(".")

    def _value(self, keys: Keys) -> None:
        self._skip(SPACE)
        first = self.text[self.position : self.position + 1]
        if first in ("[", "{"):
            self._items(keys, "]" if first == "[" else "}")
        elif self.text.startswith(('"""', "'''"), self.position):
            self._take(LONG)
        else:
            self._take(QUOTED if first in ('"', "'") else PLAIN)

    def _items(self, keys: Keys, end: str) -> None:
        """Read a list or an inline table."""
        self.position += 1
        count = 0
        while self._skip(BLANK) < len(self.text) and self.text[self.position] != end:
            if end == "}":
                self._pair(keys)
            else:
                self.offsets[*keys, count] = self.position
                self._value((*keys, count))
            count += 1
            self._skip(BLANK)
            if not self.text.startswith(end, self.position):
                self._expect(",")
        self._expect(end)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.position)
        self.position = found.end() if found else self.position
        return self.position

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.position)
        if found is None:
            raise ValueError(f"unexpected text at {self.position}")
        self.position = found.end()
        return found.group()

    def _expect(self, word: str) -> None:
        if not self.text.startswith(word, self.position):
            raise ValueError(f"no {word} at {self.position}")
        self.position += len(word)
