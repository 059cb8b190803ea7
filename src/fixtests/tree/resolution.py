"""How resolution orders are merged, the methods that a class has by one, and what names tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from fixtests.tree.module import Class, External, Method

# How the names of classes end that have unittest's assertions, and of those outside the tree.
ASSERTING = ("TestCase", "TestCaseBase")
ELSEWHERE = (*ASSERTING, "Test")


class Methods(Mapping[str, Method]):
    """The methods of a class, those of its one base among them, by name.

    Where many classes inherit from each other in a line, what each has is not copied.
    """

    def __init__(self, own: dict[str, Method], above: Methods | None = None) -> None:
        self._own = own
        self._above = above
        self._known: dict[str, Method | None] = {}

    def __getitem__(self, name: str) -> Method:
        below: list[Methods] = []
        at: Methods | None = self
        found = None
        while at is not None and found is None:
            if name in at._known:
                found = at._known[name]
                break
            below.append(at)
            found, at = at._own.get(name), at._above
        for item in below:
            item._known[name] = found
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._merged())

    def __len__(self) -> int:
        return len(self._merged())

    def _merged(self) -> dict[str, Method]:
        line: list[Methods] = [self]
        while line[-1]._above is not None:
            line.append(line[-1]._above)
        found: dict[str, Method] = {}
        for item in reversed(line):
            found.update(item._own)
        return found


def merged(lines: list[Sequence[Class | External]]) -> list[Class | External]:
    """Merge resolution orders as C3 does; where they contradict, in order of appearance."""
    lines = [line for line in lines if line]
    places = [0] * len(lines)
    behind = Counter(item for line in lines for item in line[1:])  # how often it stands behind
    begun: dict[Class | External, list[int]] = {}  # the lines that begin with it
    for number, line in enumerate(lines):
        begun.setdefault(line[0], []).append(number)
    order: dict[Class | External, None] = {}
    first = 0
    while first < len(lines):
        if places[first] == len(lines[first]):
            first += 1
            continue
        left = (n for n in range(first, len(lines)) if places[n] < len(lines[n]))
        heads = (lines[number][places[number]] for number in left)
        head = next((item for item in heads if not behind[item]), lines[first][places[first]])
        order[head] = None
        for number in begun.pop(head):
            line, place = lines[number], places[number] + 1
            while place < len(line) and line[place] in order:
                place += 1
            places[number] = place
            if place < len(line):
                behind[line[place]] -= 1
                begun.setdefault(line[place], []).append(number)
    return list(order)


def is_asserting(item: Class | External) -> bool | None:
    """Tell of a class whose name says that it has unittest's assertions."""
    ends = ASSERTING if isinstance(item, Class) else ELSEWHERE
    return item.name.rpartition(".")[2].endswith(ends) or None
