"""The host names of a module's classes: where each stands, and the constant that takes its place.

A class that starts a service and the classes of its module that inherit from
it share one constant, which the first of them declares.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from fixtests.reasoning import receivers
from fixtests.reasoning.calls import Run
from fixtests.reasoning.module_names import (
    is_settled,
    is_settled_in_class,
    is_spoken_of,
    sets_attribute,
)
from fixtests.reasoning.stand_ins import Replacements
from fixtests.rules.literal_hostname import free, meanings
from fixtests.rules.literal_hostname.services import Services, spread, starters_of
from fixtests.rules.literal_hostname.staying import Staying
from fixtests.syntax.queries import constant_string, walk
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.project import Project


@dataclass(frozen=True)
class Use:
    """One literal that stands for a host, and the name of `self` there."""

    node: ast.Constant
    value: str
    method: Method
    receiver: str


@dataclass
class Family:
    """One host of one class and its heirs in the module."""

    owner: Class
    value: str
    uses: list[Use] = field(default_factory=list)


@dataclass(frozen=True)
class Constant:
    """What takes the literals' place: `declared` says whether it is there already.

    `doubt` is why nobody can tell whether the name is free.
    """

    name: str
    declared: bool
    in_class: bool
    doubt: str = ""

    def expression(self, receiver: str) -> str:
        """Return how a method writes it."""
        return f"{receiver}.{self.name}" if self.in_class else self.name


class Hosts:
    """The families of one module."""

    def __init__(self, module: Module, project: Project) -> None:
        self.module = module
        self.project = project
        self.services = Services(project)
        self._chosen: dict[str, str] = {}  # fresh names and their values
        self._staying = Staying(module, project)

    def families(self) -> list[Family]:
        """Return the hosts that stand twice, or once where a constant has the value already."""
        started = {item: self._started(item) for item in self.module.classes.values()}
        found: dict[tuple[Class, str], Family] = {}
        values = set().union(*started.values()) if started else set()
        starters: dict[Class, dict[str, Class]] = {}
        for owner in started if values else ():
            starters[owner] = starters_of(owner, started, starters, self.project)
            for use in self._literals(owner, values):
                starter = starters[owner].get(use.value)
                if starter is not None:
                    family = Family(starter, use.value)
                    found.setdefault((starter, use.value), family).uses.append(use)
        return sorted(found.values(), key=_position)

    def named(self) -> list[tuple[Family, Constant, str]]:
        """Return the hosts that are to have a constant, and what speaks against it, if anything.

        All hosts of a test have one, or none: where one of them has to stay as it is, the others
        of its tests do.
        """
        families = self.families()
        chosen = {at: found for at, item in enumerate(families) if (found := self._constant(item))}
        tests = [{use.method for use in item.uses} for item in families]
        of_test: dict[Method, list[int]] = {}
        for at, methods in enumerate(tests):
            for method in methods:
                of_test.setdefault(method, []).append(at)
        seen: set[Method] = set()
        waiting = list(chosen)
        while waiting:
            for other in sorted(_beside(tests[waiting.pop()], of_test, seen)):
                if other not in chosen:
                    chosen[other] = self._new(families[other])
                    waiting.append(other)
        named = {
            method: {families[at].value for at in its if at in chosen}
            for method, its in of_test.items()
        }
        reasons = {
            at: "" if constant.declared else self._reason(families[at], named)
            for at, constant in chosen.items()
        }
        waiting = [at for at, reason in reasons.items() if reason]
        ranks, seen = {at: rank for rank, at in enumerate(chosen)}, set()
        while waiting:
            at = waiting.pop()
            others = [item for item in _beside(tests[at], of_test, seen) if item in chosen]
            for other in sorted(others, key=ranks.__getitem__):
                if not reasons[other]:
                    reasons[other] = f"`{families[at].value}` beside it has to stay: {reasons[at]}"
                    waiting.append(other)
        return [(families[at], chosen[at], reasons[at]) for at in sorted(chosen)]

    def _reason(self, family: Family, named: Mapping[Method, Container[str]]) -> str:
        methods = list(dict.fromkeys(use.method for use in family.uses))
        found = self._staying.reason(family.value, family.owner, methods)
        return found or self._staying.unnamed(family.value, methods, named)

    def _constant(self, family: Family) -> Constant | None:
        """Return the constant of a host, None where one use alone is no reason for a new one."""
        declared = self._declared(family)
        return self._new(family) if declared is None and len(family.uses) > 1 else declared

    def _new(self, family: Family) -> Constant:
        """Return a constant with a name that nothing else has."""
        plain = meanings.named(family.value)
        number, name = 1, plain
        while self._chosen.get(name, family.value) != family.value or self._taken(name, family):
            number += 1
            name = f"{plain}_NAME" if number == 2 else f"{plain}_NAME_{number}"
        self._chosen[name] = family.value
        doubt = free.doubt(name, family.owner, self.project)
        return Constant(name, declared=False, in_class=True, doubt=doubt)

    def _started(self, owner: Class) -> set[str]:
        """Return the names of the hosts on which a class starts services."""
        found = set()
        for method in owner.methods.values():
            for call in walk(method.node):
                if isinstance(call, ast.Call):
                    for host in self.services.hosts(call, method, owner) or ():
                        for item in spread(host, method.node):
                            found.add(self._value(item, owner))
        return {item for item in found if item}

    def _value(self, host: ast.expr, owner: Class) -> str:
        """Return the text that an expression for a host is known to be."""
        match host:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name) if name.isupper():
                return constant_string(self.project.attribute(owner, name)) or ""
            case ast.Name(id=name) if name.isupper():
                return constant_string(self.module.values.get(name)) or ""
        return constant_string(host) or ""

    def _literals(self, owner: Class, values: set[str]) -> Iterator[Use]:
        """Yield the literals of a class that are hosts."""
        parents, things = self.module.parents, self.project.profile.words.things
        for method in owner.methods.values():
            receiver = receivers.receiver(method)
            for node in walk(method.node) if receiver else ():
                if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                    continue
                if node.value not in values or not receivers.is_meant(node, receiver, method):
                    continue
                means_host = meanings.stands_for_host(node, node.value, parents, values, things)
                if means_host and self._is_host(node, method, owner):
                    yield Use(node, node.value, method, receiver)

    def _is_host(self, node: ast.Constant, method: Method, owner: Class) -> bool:
        """Tell whether a literal, where a service is started with it, is the service's host.

        What a call replaces is named in a text, which is none.
        """
        replacements, run = Replacements.of(self.project), Run(method, owner)
        for above in self.module.parents.above(node):
            if isinstance(above, ast.Call):
                if node in above.args and replacements.replaces(above, run):
                    return False
                hosts = self.services.hosts(above, method, owner)
                if hosts is not None:
                    return any(node in walk(host) for host in hosts)
            elif isinstance(above, ast.stmt):
                return True
        return True

    def _declared(self, family: Family) -> Constant | None:
        """Return a constant that holds a host already: of the class, else of the module."""
        held = family.value in self.project.above(family.owner, "held in capitals", _held)
        for item in self.project.mro(family.owner) if held else ():
            if not isinstance(item, Class):
                continue
            for name, node in item.attributes.items():
                if (
                    name.isupper()
                    and constant_string(node) == family.value
                    and is_settled_in_class(item, name, self.project)
                    and self._same_everywhere(name, family)
                ):
                    return Constant(name, declared=True, in_class=True)
        for name, node in self.module.values.items():
            holds = name.isupper() and constant_string(node) == family.value
            if holds and is_settled(self.module, name):
                return Constant(name, declared=True, in_class=False)
        return None

    def _same_everywhere(self, name: str, family: Family) -> bool:
        """Tell whether a class constant has its value in every class that can be `self`."""
        heirs = (family.owner, *self.project.subclasses(family.owner))
        found = (constant_string(self.project.attribute(item, name)) for item in heirs)
        return all(value == family.value for value in found) and not self._set(name, family.owner)

    def _taken(self, name: str, family: Family) -> bool:
        """Tell whether a class that can be `self`, or a base of one, uses a name already."""
        named = self.module.near_word(name)
        read = any(isinstance(node, ast.Attribute) and node.attr == name for node in named)
        return read or name in self._names(family.owner) or self._set(name, family.owner)

    def _names(self, owner: Class) -> frozenset[str]:
        """Return what each class that can be `self`, or a base of one, binds."""

        def own(item: Class) -> frozenset[str]:
            return frozenset({*item.attributes, *item.methods})

        return self.project.below(
            owner, "names", lambda item: self.project.above(item, "names", own)
        )

    def _set(self, name: str, owner: Class) -> bool:
        """Tell whether the module of a class, or of one of its bases, sets an attribute."""
        modules = free.modules(owner, self.project)
        return any(sets_attribute(module, name) or is_spoken_of(module, name) for module in modules)


def _beside(tests: set[Method], of_test: dict[Method, list[int]], seen: set[Method]) -> set[int]:
    """Return the hosts of some tests, but of those that were seen before."""
    found = {at for method in tests - seen for at in of_test[method]}
    seen |= tests
    return found


def _held(item: Class) -> frozenset[str]:
    """Return the texts that the constants of a class hold."""
    texts = (constant_string(node) for name, node in item.attributes.items() if name.isupper())
    return frozenset(text for text in texts if text is not None)


def _position(family: Family) -> tuple[int, int]:
    """Return where a host is named first; the constants are declared in that order."""
    places = [(item.node.lineno, item.node.col_offset) for item in family.uses]
    return min(places, default=(0, 0))
