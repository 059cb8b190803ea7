"""Why the name of a host is better left as it is: a dict, a default or a local holds it."""

from __future__ import annotations

import ast
from collections.abc import Container, Mapping, Sequence

from fixtests.reasoning import receivers
from fixtests.syntax.queries import constant_string, walk
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.project import Project


class Staying:
    """What holds the names of hosts in one module."""

    def __init__(self, module: Module, project: Project) -> None:
        self.module = module
        self.project = project
        self._keys_of: dict[Class | None, set[str]] = {}
        self._held_in: dict[Method, dict[str, str]] = {}
        self._numbered_in: dict[Method, dict[str, list[str]]] = {}

    def reason(self, value: str, owner: Class, methods: Sequence[Method]) -> str:
        """Return why a name is better left as it is that a class and its heirs use in methods.

        Empty where nothing speaks for it.
        """
        if value in self.project.above(owner, "texts by default", self._texts_by_default):
            for item in self.project.mro(owner):
                if isinstance(item, Class) and value in self._defaults(item):
                    return f"it is the default of `{self._defaults(item)[value]}`"
        classes: set[Class | None] = {owner, *(method.owner for method in methods)}
        if value in self._keys(None) or any(value in self._keys(item) for item in classes if item):
            return "it is a key of a dict"
        for method in methods:
            if target := self._held(method).get(value):
                return f"`{target}` holds it already"
            if receivers.is_lent(method, self.project):
                return (
                    f"`{method.name}` is also run with something else than an object of its class"
                )
        return ""

    def unnamed(
        self, value: str, methods: Sequence[Method], named: Mapping[Method, Container[str]]
    ) -> str:
        """Say which text of the methods differs from a name in its number, and gets no constant."""
        stem = _stem(value)
        for method in methods if stem else ():
            for text in self._numbered(method).get(stem, ()):
                if text not in named[method]:
                    return f"`{text}` beside it gets no constant: name them together by hand"
        return ""

    def _numbered(self, method: Method) -> dict[str, list[str]]:
        """Return the texts of a function that end in a number, by what is before it."""
        if method not in self._numbered_in:
            found = self._numbered_in[method] = {}
            for node in walk(method.node):
                if (text := constant_string(node)) and (stem := _stem(text)):
                    found.setdefault(stem, []).append(text)
        return self._numbered_in[method]

    def _defaults(self, item: Class) -> dict[str, str]:
        return self.project.memory.ask(("defaults", item.node), _defaults, item)

    def _texts_by_default(self, item: Class) -> frozenset[str]:
        return frozenset(self._defaults(item))

    def _keys(self, owner: Class | None) -> set[str]:
        """Return the keys of the dicts of a class, for None of what stands around the classes."""
        if owner not in self._keys_of:
            body: list[ast.stmt] = [owner.node] if owner else self.module.tree.body
            around = [item for item in body if owner or not isinstance(item, ast.ClassDef)]
            self._keys_of[owner] = {
                key
                for outer in around
                for node in walk(outer)
                if isinstance(node, ast.Dict)
                for key in map(constant_string, node.keys)
                if key is not None
            }
        return self._keys_of[owner]

    def _held(self, method: Method) -> dict[str, str]:
        """Return what a function assigns first, by the text that it holds."""
        if method not in self._held_in:
            held = self._held_in[method] = {}
            for node in walk(method.node):
                if isinstance(node, ast.Assign) and (text := constant_string(node.value)):
                    held.setdefault(text, ast.unparse(node.targets[0]))
        return self._held_in[method]


def _defaults(item: Class) -> dict[str, str]:
    """Return the first method of a class that has a text for a default, by that."""
    found: dict[str, str] = {}
    for name, method in item.methods.items():
        for value in (*method.node.args.defaults, *method.node.args.kw_defaults):
            if (text := constant_string(value)) is not None:
                found.setdefault(text, name)
    return found


def _stem(text: str) -> str:
    """Return what a name has before the number at its end, empty for one without."""
    stem = text.rstrip("0123456789")
    return stem if stem != text else ""
