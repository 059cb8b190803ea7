"""What was looked at in a tree to find something out, so that it is known what it depends on.

What is found out once and asked for again leads to what it was learnt from again.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any, TypeVar

ONE = re.compile("1")
Answer = TypeVar("Answer")
Look = tuple[str, str]  # a kind of question and what it is asked of
Row = tuple[str, str, str]  # a look and what it told
# Looks at what a file says, at its code, at parts of that: a path, and for some a line that says
# which part.
OF_PARTS = frozenset({"outline", "body", "trait", "word at", "match at"})
OF_FILES = OF_PARTS | {"file", "code"}


class Trail:
    """Collects looks at a tree; a set of them is a number with a bit for each."""

    def __init__(self) -> None:
        self.looked = 0
        self._bits: dict[Look, int] = {}
        self._all: list[Look] = []  # in the order of their bits
        self._about: dict[str, int] = {}  # sets of looks at files, by their paths

    def look(self, kind: str, at: str) -> None:
        """Note a look."""
        look = kind, at
        bit = self._bits.get(look)
        if bit is None:
            bit = self._bits[look] = 1 << len(self._all)
            self._all.append(look)
            if kind in OF_FILES:
                path = path_of(look)
                self._about[path] = self._about.get(path, 0) | bit
        self.looked |= bit

    def bit(self, kind: str, at: str) -> int:
        """Return the set that holds one look, empty where it was never taken."""
        return self._bits.get((kind, at), 0)

    def about(self, path: str) -> int:
        """Return the set of all looks at what a file says."""
        return self._about.get(path, 0)

    def asked(self, kind: str) -> list[str]:
        """Return what was asked in all looks of a kind."""
        return [at for known, at in self._all if known == kind]

    def looks(self, looked: int) -> list[Look]:
        """Return the looks of a set, in the order in which they were first taken."""
        return [self._all[number] for number in members(looked)]

    def follow(self, work: Callable[..., Answer], *given: Any) -> tuple[Answer, int]:
        """Return what some work gives, and what it looked at."""
        before, self.looked = self.looked, 0
        try:
            answer = work(*given)
            return answer, self.looked
        finally:
            self.looked |= before

    def instead(
        self, looks: tuple[Look, Look] | None, work: Callable[..., Answer], *given: Any
    ) -> Answer:
        """Return what some work gives; of two looks, the second is taken for the first one."""
        before = self.looked
        answer, looked = self.follow(work, *given)
        if looks is not None:
            self.looked = before | (looked & ~self.bit(*looks[0]))
            self.look(*looks[1])
        return answer


def path_of(look: Look) -> str:
    """Return the path of the file that a look is at."""
    kind, at = look
    return at if kind in ("file", "code", "outline") else at.rpartition("\n")[0]


def written(pattern: re.Pattern[bytes]) -> str:
    """Return a pattern as a look has it, on one line; see `pattern_of`."""
    return f"{pattern.flags}/{pattern.pattern!r}"


def pattern_of(look: str) -> re.Pattern[bytes]:
    """Return the pattern that was looked for."""
    flags, _, pattern = look.partition("/")
    return re.compile(ast.literal_eval(pattern), int(flags))


def members(numbers: int) -> list[int]:
    """Return which bits of a number are set, the lowest first."""
    return [match.start() for match in ONE.finditer(f"{numbers:b}"[::-1])]


class Memory:
    """Remembers what was learnt, and what was looked at for it.

    What `older` knows counts as well, as far as it does not come from a look
    of `changed`.
    """

    def __init__(self, trail: Trail, older: Memory | None = None, changed: int = 0) -> None:
        self._trail = trail
        self._older = older._known if older else {}
        self._changed = changed
        self._known: dict[object, tuple[Any, int]] = {}
        self._plain: set[object] = set()

    def clear(self) -> None:
        """Forget everything but plain answers."""
        plain = [(key, self._known[key]) for key in self._plain if key in self._known]
        self._known.clear()
        self._known.update(plain)

    def ask(self, key: object, learn: Callable[..., Answer], *given: Any) -> Answer:
        """Return what is remembered under a key, learnt now where that is nothing."""
        known = self._known.get(key)
        if known is None and self._older:
            known = self._kept(key)
        if known is None:
            known = self._known[key] = self._trail.follow(learn, *given)
        else:
            self._trail.looked |= known[1]
        answer: Answer = known[0]
        return answer

    def recall(self, key: object) -> Any:
        """Return the answer under a key, None where there is none."""
        known = self._known.get(key)
        if known is None and self._older:
            known = self._kept(key)
        if known is None:
            return None
        self._trail.looked |= known[1]
        return known[0]

    def learn(self, key: object, answer: Any, looked: int) -> None:
        """Remember an answer, and what was looked at for it."""
        self._known[key] = answer, looked

    def _kept(self, key: object) -> tuple[Any, int] | None:
        """Return what was known before under a key and still counts: an answer and its looks."""
        known = self._older.get(key)
        if known is None or known[1] & self._changed:
            return None
        self._known[key] = known
        return known

    def ask_plain(self, key: object, learn: Callable[..., Answer], *given: Any) -> Answer:
        """Return what `ask` does; key and answer hold nothing of a syntax tree, and are kept."""
        self._plain.add(key)
        return self.ask(key, learn, *given)
