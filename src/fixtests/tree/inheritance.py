"""Who inherits what from whom: resolution orders, inherited methods and attributes, subclasses.

Classes may inherit from each other in a line that is longer than Python's stack, and what is
known of a class is not worked out again for each that inherits it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from fixtests.syntax.queries import dotted
from fixtests.tree.changing import Changing
from fixtests.tree.module import Class, Definition, External, Method, Module
from fixtests.tree.resolution import Methods, is_asserting, merged

Thing = TypeVar("Thing")


class Inheritance(Changing):
    """The classes of one root."""

    def lookup(self, module: Module, name: str) -> Definition | None:
        """Follow a dotted name as it is written in a module to its definition."""
        raise NotImplementedError

    def bases(self, owner: Class) -> list[Class | External]:
        """Return the direct bases of a class."""
        return self.memory.ask(("bases", owner), self._bases, owner)

    def _bases(self, owner: Class) -> list[Class | External]:
        found: list[Class | External] = []
        for node in owner.node.bases:
            name = dotted(node)
            target = self.lookup(owner.module, name) if name else None
            found.append(target if isinstance(target, Class | External) else External(name or "?"))
        return found

    def mro(self, owner: Class) -> tuple[Class | External, ...]:
        """Return the method resolution order (C3), External bases included.

        A class that seems to inherit from itself, as one does whose base has its name, has
        all that it inherits from in its order, nearest first.
        """
        known: tuple[Class | External, ...] | None = self.memory.recall(owner)
        if known is not None:
            return known
        above, rings = self._unknown(owner, self.bases, lambda item: item)
        for item in above:
            self.memory.ask(item, self._order, item, rings)
        return self.memory.ask(owner, self._order, owner, rings)

    def _unknown(
        self,
        owner: Class,
        onwards: Callable[[Class], Iterable[Class | External]],
        key: Callable[[Class], Hashable],
    ) -> tuple[list[Class], bool]:
        """Return the classes that one leads to and of which nothing is known, farthest first.

        So a line of classes may be longer than Python's stack. The other part tells whether
        any of them may lead to itself.
        """
        found: dict[Class, None] = {}
        path: dict[Class, Iterator[Class | External]] = {owner: iter(onwards(owner))}
        rings = False
        while path:
            last, left = next(reversed(path.items()))
            item = next(left, None)
            if item is None:
                del path[last]
                found[last] = None
            elif item in path:
                rings = True
            elif not isinstance(item, Class) or item in found:
                continue
            elif self.memory.recall(key(item)) is None:
                path[item] = iter(onwards(item))
        del found[owner]
        return list(found), rings

    def _order(self, owner: Class, rings: bool) -> tuple[Class | External, ...]:
        bases = self.bases(owner)
        if rings:
            above = dict.fromkeys(bases)
            waiting = list(above)
            for item in waiting:
                for base in self.bases(item) if isinstance(item, Class) else ():
                    if base not in above:
                        above[base] = None
                        waiting.append(base)
            if owner in above:
                return (owner, *(item for item in above if item is not owner))
        lines: list[Sequence[Class | External]] = [
            self.mro(base) if isinstance(base, Class) else [base] for base in bases
        ]
        return (owner, *(lines[0] if len(lines) == 1 else merged([*lines, bases])))

    def first(
        self,
        owner: Class,
        question: Hashable,
        told: Callable[[Class | External], Any],
    ) -> Any:
        """Return what the first class of a resolution order tells that tells something, else None.

        `question` stands for it: what a base tells is worked out once for all that inherit it.
        """
        below: list[tuple[Class, int]] = []
        passed: set[Class] = set()
        answer = None
        item: Class | External | None = owner
        above = 0
        while item is not None:
            if not isinstance(item, Class):
                answer, above = self.trail.follow(told, item)
                break
            known = self.memory.recall((question, item))
            if known is not None:
                answer, above = known
                break
            passed.add(item)
            bases, looked = self.trail.follow(self.bases, item)
            answer, more = self.trail.follow(told, item)
            below.append((item, looked | more))
            if answer is None and bases and (len(bases) > 1 or bases[0] in passed):
                answer, above = self.trail.follow(self._first_above, item, told)
                break
            item = bases[0] if answer is None and bases else None
        for item, looked in reversed(below):
            above |= looked
            self.memory.learn((question, item), (answer, above), above)
        return answer

    def _first_above(self, owner: Class, told: Callable[[Class | External], Any]) -> Any:
        """Return what the first class above one tells that tells something."""
        found = map(told, self.mro(owner)[1:])
        return next((answer for answer in found if answer is not None), None)

    def derives(self, owner: Class, base: str, *, within: bool = False) -> bool:
        """Tell whether a class has a base of that dotted name in its resolution order.

        With `within`, the name may be that of a package or module which holds the base.
        """

        def told(item: Class | External) -> bool | None:
            name = item.qualified if isinstance(item, Class) else item.name
            return name == base or (within and name.startswith(f"{base}.")) or None

        return self.first(owner, ("derives", base, within), told) is not None

    def is_test_case(self, owner: Class) -> bool:
        """Tell whether a class inherits unittest's assertions, as far as names show."""
        return self.first(owner, "test case", is_asserting) is not None

    def method(self, owner: Class, name: str, *, after: Class | None = None) -> Method | None:
        """Return the method that `self.name` finds; with `after`, what `super()` finds there."""
        if after is None:
            return self.methods(owner).get(name)
        order = self.mro(owner)
        if after in order:
            order = order[order.index(after) + 1 :]
        for item in order:
            if isinstance(item, Class) and name in item.methods:
                return item.methods[name]
        return None

    def methods(self, owner: Class) -> Methods:
        """Return the methods that `self` has in a class, inherited ones too, by name."""
        known: Methods | None = self.memory.recall(("methods", owner))
        if known is not None:
            return known
        line = {owner: None}
        bases = self.bases(owner)
        while len(bases) == 1 and isinstance(bases[0], Class) and bases[0] not in line:
            if self.memory.recall(("methods", bases[0])) is not None:
                break
            line[bases[0]] = None
            bases = self.bases(bases[0])
        for item in reversed(line):
            found = self.memory.ask(("methods", item), self._methods, item)
        return found

    def _methods(self, owner: Class) -> Methods:
        order, bases = self.mro(owner), self.bases(owner)
        if len(bases) == 1 and isinstance(bases[0], Class) and owner not in self.mro(bases[0]):
            return Methods(owner.methods, self.methods(bases[0]))
        found: dict[str, Method] = {}
        for item in reversed(order):
            if isinstance(item, Class):
                found.update(item.methods)
        return Methods(found)

    def attribute(self, owner: Class, name: str) -> ast.expr | None:
        """Return what a class attribute is bound to, inherited ones included."""

        def told(item: Class | External) -> ast.expr | None:
            return item.attributes.get(name) if isinstance(item, Class) else None

        value: ast.expr | None = self.first(owner, ("attribute", name), told)
        return value

    def subclasses(self, owner: Class) -> list[Class]:
        """Return the classes of the tree's tests that inherit from a class, nearest first."""
        known: list[Class] | None = self.memory.recall(("subclasses", owner))
        if known is not None:
            return known
        line = {owner: None}
        heirs = self._heirs(owner)
        while len(heirs) == 1 and heirs[0] not in line:
            if self.memory.recall(("subclasses", heirs[0])) is not None:
                break
            line[heirs[0]] = None
            heirs = self._heirs(heirs[0])
        for item in reversed(line):
            found = self.memory.ask(("subclasses", item), self._subclasses, item)
        return found

    def _subclasses(self, owner: Class) -> list[Class]:
        heirs = self._heirs(owner)
        if len(heirs) == 1:
            known = self.memory.recall(("subclasses", heirs[0]))
            if known is not None:
                return [*heirs, *known]
        found = dict.fromkeys(heirs)
        waiting = list(found)
        for base in waiting:
            for heir in self._heirs(base):
                if heir not in found:
                    found[heir] = None
                    waiting.append(heir)
        return waiting

    def above(
        self, owner: Class, question: Hashable, told: Callable[[Class], frozenset[Thing]]
    ) -> frozenset[Thing]:
        """Return what a class and all that it inherits from tell together.

        `question` stands for it, as for `first`.
        """
        return self._gathered(owner, ("above", question), told, self.bases)

    def below(
        self, owner: Class, question: Hashable, told: Callable[[Class], frozenset[Thing]]
    ) -> frozenset[Thing]:
        """Return what a class and all its subclasses in the tests tell together."""
        return self._gathered(owner, ("below", question), told, self._heirs)

    def somewhere_below(
        self, owner: Class, question: Hashable, told: Callable[[Class], bool]
    ) -> bool:
        """Tell whether something is so of a class or a subclass of it."""
        return bool(
            self.below(owner, question, lambda item: frozenset([True] if told(item) else []))
        )

    def _gathered(
        self,
        owner: Class,
        question: Hashable,
        told: Callable[[Class], frozenset[Thing]],
        onwards: Callable[[Class], Sequence[Class | External]],
    ) -> frozenset[Thing]:
        def key(item: Class) -> Hashable:
            return question, item

        def gather(item: Class) -> frozenset[Thing]:
            known = (self.memory.recall(key(x)) for x in onwards(item) if isinstance(x, Class))
            return told(item).union(*filter(None, known))

        known: frozenset[Thing] | None = self.memory.recall(key(owner))
        if known is not None:
            return known
        others, rings = self._unknown(owner, onwards, key)
        if rings:
            reached = dict.fromkeys([owner])
            waiting = [owner]
            for item in waiting:
                new = [x for x in onwards(item) if isinstance(x, Class) and x not in reached]
                reached.update(dict.fromkeys(new))
                waiting += dict.fromkeys(new)
            return frozenset[Thing]().union(*map(told, reached))
        for item in others:
            self.memory.ask(key(item), gather, item)
        return self.memory.ask(key(owner), gather, owner)

    def _heirs(self, base: Class) -> list[Class]:
        """Return the classes of the tree's tests that have a class for a base."""
        return self.memory.ask(("heirs", base), self._found_heirs, base)

    def _found_heirs(self, base: Class) -> list[Class]:
        found: dict[Class, None] = {}
        for path, name in self.texts.heirs(base.name):
            module = self.at(path)
            heir = module.classes.get(name) if module else None
            if heir and base in self.bases(heir):
                found[heir] = None
        return list(found)
