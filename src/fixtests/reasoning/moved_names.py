"""What one module imports of what moves, what it calls it from now on, and what that changes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from fixtests.reasoning.imported import Imported, Imports, holds_other
from fixtests.reasoning.moves import Change, Moves, Use
from fixtests.syntax.queries import constant_string, dotted, walk
from fixtests.tree.module import Module


class Renaming:
    """What one module imports of what moves, and what it calls it from now on."""

    def __init__(self, module: Module, moves: Moves) -> None:
        self.module = module
        self.moves = moves
        self.imports = Imports.of(module)
        self._exported = _exported(module)
        self._holders: dict[tuple[ast.AST, str], str] = {}  # names for modules, by their scope

    @classmethod
    def of(cls, module: Module, moves: Moves) -> Renaming:
        """Return what is remembered of a module."""
        key = cls, tuple(moves.names.items()), tuple(moves.called.items())
        return module.noted(key, cls, module, moves)

    def local(self, item: Imported) -> str:
        """Return what a file calls from now on what an import binds."""
        new = self.target(item)
        wanted = self.moves.called.get(new or "")
        if new is None or item.whole or (item.alias.asname and not wanted):
            return item.name
        last = wanted or new.rpartition(".")[2]
        if last == item.name or not self.imports.alone(item) or item.name in self._exported:
            return item.name
        if any(map(self._is_in_text, self.imports.uses(item))):
            return item.name
        there = self._bound_to(new, item)
        if there is not None:
            return there.name
        return last if self.imports.is_free(last, item) else item.name

    def _is_in_text(self, node: ast.AST) -> bool:
        """Tell whether an expression stands in an f-string, where Python 3.11 misplaces it."""
        return any(isinstance(item, ast.JoinedStr) for item in self.module.parents.above(node))

    def target(self, item: Imported) -> str | None:
        """Return what an import leads to from now on, None where that does not move.

        What it takes from a module that takes it from elsewhere itself goes by that one's name.
        """
        new = self.moves.new(item.target)
        if new is not None or item.whole or isinstance(item.statement, ast.Import):
            return new
        origin, _, name = item.target.rpartition(".")
        return self.behind(origin, name)

    def behind(self, origin: str, name: str) -> str | None:
        """Return what a name is from now on that another module of the tree imports."""
        if not any(old.rpartition(".")[2] == name for old in self.moves.names):
            return None
        module = self.moves.project.module(origin)
        if module is None or module is self.module:
            return None
        other = Renaming.of(module, self.moves)
        item = other.imports.named(name, (module.tree,))
        new = other.local(item) if item else name
        return None if new == name else f"{origin}.{new}"

    def _bound_to(self, target: str, item: Imported) -> Imported | None:
        """Return another import of the same scope that leads to something."""
        return next(
            (
                other
                for other in self.imports.every
                if other.target == target
                and other.scope is item.scope
                and not other.whole
                and self.imports.alone(other)
                and self._reaches(other.name, item)
            ),
            None,
        )

    def _reaches(self, name: str, item: Imported) -> bool:
        """Tell whether a name of the module means itself wherever an import's name is used."""
        uses = self.imports.uses(item)
        found = [self.imports.named(name, self.imports.chain_of(use)) for use in uses]
        return all(other is not None and other.scope is item.scope for other in found)

    @cached_property
    def changes(self) -> list[Change]:
        """What becomes of the import statements that lead to what moves."""
        found: dict[ast.stmt, Change] = {}
        for item in self.imports.every:
            change = found.setdefault(item.statement, Change(item.statement))
            if self._moves_along(item):
                continue
            if item.whole:
                self._whole(item, change)
            elif self.target(item) is not None:
                self._bound(item, change)
            elif self.moves.holds_what_moves(item.target):
                self._behind_name(item, change)
        for change in found.values():
            if any(self._is_in_text(use.node) for use in change.uses):
                change.obstacle = "an f-string leads to it, too"
        return [item for item in found.values() if item.names or item.uses or item.obstacle]

    def _moves_along(self, item: Imported) -> bool:
        """Tell whether a relative import moves together with what it leads to."""
        here, there = self.moves.match(self.module.name), self.moves.match(item.target)
        relative = isinstance(item.statement, ast.ImportFrom) and item.statement.level
        return bool(relative and here and here == there)

    def _bound(self, item: Imported, change: Change) -> None:
        """Import what moves from where it goes, and rename what it is called by."""
        new, name = self.target(item) or "", self.local(item)
        staying = dict(self._staying(item))
        behind = {first: (node, to) for first, node, _, to in self._behind(item)}
        uses = [node for node in self.imports.uses(item) if node not in (staying | behind)]
        change.moved.append((item.target, new))
        change.names.append(item.alias.asname or item.alias.name)
        there = self._bound_to(new, item)
        below = any(to.rpartition(".")[0] == new for _, to in behind.values())
        if (uses or below or not behind) and (there is None or there.name != name):
            change.add(new, name, straight=self._stays_straight(item, new, name))
        if name != item.name:
            change.uses += [Use(node, name) for node in uses]
        for node, module in staying.values():
            change.uses.append(Use(node, self._name_for(module, item, change)))
        for node, to in behind.values():
            origin, _, last = to.rpartition(".")
            holder = name if origin == new else self._name_for(origin, item, change)
            change.uses.append(Use(node, f"{holder}.{last}"))

    def _stays_straight(self, item: Imported, new: str, name: str) -> bool:
        """Tell whether what `import a.b as c` becomes is not said by `from` instead.

        It is where `as` would say the name's last word again, which hacking's checks report,
        unless the package has something else of that name.
        """
        origin, _, last = new.rpartition(".")
        if not isinstance(item.statement, ast.Import) or name != last:
            return isinstance(item.statement, ast.Import)
        package = self.moves.project.module(origin)
        project = self.moves.project
        return package is not None and holds_other(package, last, (item.target, new), project)

    def _staying(self, item: Imported) -> Iterator[tuple[ast.expr, tuple[ast.expr, str]]]:
        """Yield the uses of a package's name that lead to modules in it which stay, and those."""
        for chain, words in self._chains(item):
            if words and self.moves.match(f"{item.target}.{words}") is None:
                module = item.target
                for part in words.split("."):
                    if self.moves.project.path_of(f"{module}.{part}") is None:
                        break
                    module = f"{module}.{part}"
                yield chain[0], (chain[module.count(".") - item.target.count(".")], module)

    def _chains(self, item: Imported) -> Iterator[tuple[list[ast.expr], str]]:
        """Yield the uses of an import's name: the name, what stands behind it, and its words."""
        parents = self.module.parents
        for node in self.imports.uses(item):
            chain: list[ast.expr] = [node]
            words = []
            above = parents.of(node)
            while isinstance(above, ast.Attribute):
                chain.append(above)
                words.append(above.attr)
                above = parents.of(above)
            yield chain, ".".join(words)

    def _behind(self, item: Imported) -> Iterator[tuple[ast.expr, ast.expr, str, str]]:
        """Yield the uses of a name that lead behind it to what moves: there, what, where to."""
        for chain, words in self._chains(item):
            found = self.moves.match(f"{item.meaning}.{words}") if words else None
            depth = found[0].count(".") - item.meaning.count(".") if found else 0
            if found and depth > 0:
                yield chain[0], chain[depth], *found

    def _whole(self, item: Imported, change: Change) -> None:
        """Rename what stands behind the name of a package, and import what does so."""
        new = self.moves.new(item.target)
        same = [other for other in self.imports.every if other.whole and other.name == item.name]
        mine = [other for other in same if other.scope is item.scope]
        behind = [*self._behind(item)] if item is mine[0] and self.imports.settled(item) else []
        change.uses += [Use(node, to) for _, node, _, to in behind]
        change.moved += [(old, to) for _, _, old, to in behind]
        if new is None:
            outside = {to for *_, to in behind if to.partition(".")[0] != item.name}
            if outside:
                change.obstacle = f"`{min(outside)}` is of another package, which is not imported"
            return
        change.moved.append((item.target, new))
        change.names.append(item.alias.name)
        change.add(new, new, straight=True)
        if new.partition(".")[0] != item.name:
            rest = len(self.imports.uses(item)) - len(behind)
            if len(mine) > 1 or rest or not self.imports.is_free(new.partition(".")[0], item):
                change.obstacle = f"`{item.name}` is used for something else, too"

    def _behind_name(self, item: Imported, change: Change) -> None:
        """Lead to what moves out of an imported module by a name for where it goes."""
        behind = [*self._behind(item)]
        if not behind:
            return
        if not self.imports.alone(item):
            change.obstacle = f"`{item.name}` is bound more than once"
            return
        for _, node, old, new in behind:
            origin, _, last = new.rpartition(".")
            text = f"{self._name_for(origin, item, change)}.{last}"
            if text != dotted(node):
                change.uses.append(Use(node, text))
            change.moved.append((old, new))
        if self._goes(item):
            change.names.append(item.alias.asname or item.alias.name)

    def _goes(self, item: Imported) -> bool:
        """Tell whether nothing is left to an imported module's name when names in it move."""
        behind = [*self._behind(item)]
        return (
            self.target(item) is None
            and self.imports.alone(item)
            and len(behind) == len(self.imports.uses(item))
            and all(to.rpartition(".")[0] != item.target for *_, to in behind)
            and item.name not in self._exported
            and not self._is_asked_for(item)
        )

    def _is_asked_for(self, item: Imported) -> bool:
        """Tell whether tests may speak of what stays behind a name of the module, as texts show."""
        if item.scope is not self.module.tree:
            return False
        package, _, own = self.module.name.rpartition(".")
        moved = (old.rpartition(".")[2] for old in self.moves.names if self._is_below(old, item))
        there = rf"{item.name}\b(?!\.(?:{'|'.join(moved)})\b)"
        called = rf"from {re.escape(package)} import (?:{own} as )?(\w+)\b(?s:.*)\b\1"
        texts = self.moves.project.texts
        return any(
            texts.holding(re.compile(pattern.encode()))
            for pattern in (
                rf"\b{re.escape(self.module.name)}\.{there}",
                rf"{called}(?:\.{there}|, *[\"']{item.name}[\"'])",
            )
        )

    def _is_below(self, old: str, item: Imported) -> bool:
        return old.rpartition(".")[0] == item.target

    def led_by(self, item: Imported, new: str) -> str | None:
        """Return what the module's own uses call from now on what holds a moved name, if any do."""
        origin = new.rpartition(".")[0]
        change = next((it for it in self.changes if it.statement is item.statement), None)
        used = any(to.rpartition(".")[0] == origin for *_, to in self._behind(item))
        return (
            self._name_for(origin, item, change)
            if used and change and not change.obstacle
            else None
        )

    def _name_for(self, origin: str, item: Imported, change: Change) -> str:
        """Return what a file calls a module that something goes to, imported by the change."""
        there = self._bound_to(origin, item)
        if there is not None:
            return there.name
        if origin == self.module.name:
            change.obstacle = "the file is where it goes: nothing stands before its name there"
        name = self.moves.called.get(origin) or origin.rpartition(".")[2]
        ways = [name, "_".join(origin.split(".")[-2:])]
        given = {way: other for (scope, other), way in self._holders.items() if scope is item.scope}
        free = [
            way
            for way in ways
            if given.get(way, origin) == origin
            and (self.imports.is_free(way, item) or (way == item.name and self._goes(item)))
        ]
        if not free:
            change.obstacle = f"`{name}` means something else in the file"
            return name
        self._holders[item.scope, origin] = free[0]
        if not any(free[0] in " ".join(names).split() for names in change.added.values()):
            change.add(origin, free[0])
        return free[0]


def _exported(module: Module) -> set[str]:
    """Return the names that a module lists as its own."""
    node = module.values.get("__all__")
    return {text for item in walk(node) if (text := constant_string(item))} if node else set()
