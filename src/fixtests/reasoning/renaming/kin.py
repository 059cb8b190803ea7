"""What a test class and its kin in one module call something of theirs, and who else may use it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property

from fixtests.reasoning.calls import OWN, Calls
from fixtests.reasoning.renaming.occurrences import LAMBDAS, occurrences
from fixtests.reasoning.roles import is_of_framework
from fixtests.syntax.queries import called_name, constant_string, dotted, parameters, walk
from fixtests.tree.module import Class, External, Module
from fixtests.tree.project import Project

# Calls that take the name of an attribute as a text.
BY_NAME = frozenset(
    ("setattr", "getattr", "hasattr", "delattr", "object", "attrgetter", "methodcaller", "patch")
)
SCENARIOS = re.compile(rb"\b(?:test)?scenarios\b")  # whose keys become attributes
AS_TEXTS = re.compile(rb"__dict__|\bvars\(")
# Calls that are given `self` and ask nothing of it that is not written beside it.
HARMLESS = frozenset({"super", "isinstance", "type", "id", "repr", "str", "len", "object"})


@dataclass(frozen=True, eq=False)
class Kin:
    """The classes of one module that share their attributes, the others of theirs, and strangers.

    `heirs` tells that a class of another module inherits from one of them; `strangers` are bases
    outside of the tree that no test framework has.
    """

    module: Module
    inside: tuple[Class, ...]
    outside: tuple[Class, ...]
    strangers: tuple[External, ...]
    heirs: bool

    @classmethod
    def of(cls, owner: Class, project: Project) -> Kin:
        """Return the kin of a class in its module."""
        return project.memory.ask(("kin", owner.node), cls._of, owner, project)

    @classmethod
    def _of(cls, owner: Class, project: Project) -> Kin:
        calls = Calls.of(project)
        found: dict[ast.AST, Class | External] = {owner.node: owner}
        strangers: dict[str, External] = {}
        heirs = False
        waiting = [owner]
        for item in waiting:
            near = [*project.mro(item)]
            if item.module.path == owner.module.path:
                below = calls.heirs(item)
                heirs = heirs or any(heir.module is not owner.module for heir in below)
                near += below
            for other in near:
                if isinstance(other, External):
                    if not is_of_framework(other):
                        strangers[other.name] = other
                elif other.node not in found:
                    found[other.node] = other
                    waiting.append(other)
        inside = [item for item in waiting if item.module.path == owner.module.path]
        outside = [item for item in waiting if item.module.path != owner.module.path]
        return cls(owner.module, (*inside,), (*outside,), (*strangers.values(),), heirs)

    def bound(self) -> set[str]:
        """Return the names that the classes of the module bind, in their bodies or by `self`."""
        found = {name for owner in self.inside for name in (*owner.methods, *owner.attributes)}
        for name, nodes in self._attributes.items():
            if any(isinstance(node.ctx, ast.Store) for node in nodes):
                found.add(name)
        return found

    def uses(self, name: str) -> list[ast.AST]:
        """Return the nodes in the module that bind or use an attribute of the classes."""
        found: list[ast.AST] = [*self._attributes.get(name, ())]
        for owner in self.inside:
            found += occurrences(owner.node, name, self.module.source)
        return found

    @cached_property
    def _attributes(self) -> dict[str, list[ast.Attribute]]:
        """What is asked of `self`, `super()` and the classes by their names, in the classes."""
        own = {*OWN, *(item.name for item in self.inside)}
        found: dict[str, list[ast.Attribute]] = {}
        for owner in self.inside:
            for node in walk(owner.node):
                match node:
                    case ast.Attribute(value=ast.Name(id=holder)) if holder in own:
                        pass
                    case ast.Attribute(value=ast.Call(func=ast.Name("super"))):
                        pass
                    case _:
                        continue
                if self._is_of(node, owner):
                    found.setdefault(node.attr, []).append(node)
        return found

    def _is_of(self, node: ast.AST, owner: Class) -> bool:
        """Tell whether a node stands in a class, and `self` there is an object of it."""
        parents = self.module.parents
        if parents.class_of(node) is not owner.node:
            return False
        for item in parents.above(node):
            if isinstance(item, LAMBDAS) and {arg.arg for arg in parameters(item.args)} & {*OWN}:
                return parents.of(item) is owner.node
        return True

    def hand_on(self) -> str:
        """Return what `self` is given to as a whole, where anything may be asked of it."""
        parents = self.module.parents
        for owner in self.inside:
            for node in walk(owner.node):
                if not (isinstance(node, ast.Name) and node.id in OWN):
                    continue
                above = parents.of(node)
                if isinstance(above, ast.Attribute):
                    continue
                if isinstance(above, ast.Call) and called_name(above) in HARMLESS:
                    continue
                return dotted(above.func) or "a call" if isinstance(above, ast.Call) else "a name"
        return ""

    def speaks_of(self, name: str) -> bool:
        """Tell whether a text in the module may reach an attribute of that name."""
        scenarios = SCENARIOS.search(self.module.source.utf8) is not None
        for node in self.module.near_word(name):
            if constant_string(node) != name:
                continue
            above = self.module.parents.of(node)
            if scenarios or (isinstance(above, ast.Call) and called_name(above) in BY_NAME):
                return True
        return AS_TEXTS.search(self.module.source.utf8) is not None

    def elsewhere(self, name: str) -> str:
        """Return a class of another module that has or asks for an attribute of that name."""
        for owner in self.outside:
            source = owner.module.source
            span = source.span(owner.node)
            if not re.search(rb"\b%s\b" % name.encode(), source.utf8[span.start : span.end]):
                continue
            if name in owner.methods or name in owner.attributes:
                return owner.name
            if any(_asks(node, name) for node in walk(owner.node)):
                return owner.name
        return ""


def _asks(node: ast.AST, name: str) -> bool:
    """Tell whether a node is an attribute of a name, or a text that may be one."""
    attribute = isinstance(node, ast.Attribute) and node.attr == name
    return attribute or constant_string(node) == name
