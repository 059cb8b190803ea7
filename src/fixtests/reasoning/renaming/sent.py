"""Keys, keywords and attributes of what is not the file's own, and what else says an old word."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import OWN, Calls, Run
from fixtests.reasoning.objects import Objects
from fixtests.reasoning.renaming.naming import Naming, Stays, named, stays
from fixtests.reasoning.renaming.values import Values
from fixtests.reasoning.roles import CALLED_WITH
from fixtests.syntax.queries import (
    called_name,
    constant_string,
    dotted,
    last_name,
    parameters,
    walk,
)
from fixtests.text.word_forms import WordForms
from fixtests.tree.module import Module
from fixtests.tree.project import Project

READS_KEY = frozenset({"get", "pop", "setdefault"})
DOUBT = "what is sent, asked for or compared is another one"
PART = "a part of a text"


class Sent:
    """What one file says to others by old words; `told` are nodes that were looked at."""

    def __init__(
        self, module: Module, project: Project, words: WordForms, told: Collection[ast.AST]
    ) -> None:
        self.module = module
        self.project = project
        self.words = words
        self.values = Values(module, project, words)
        self._calls = Calls.of(project)
        self._told = told

    def all(self, names: Mapping[type[ast.AST], Collection[str]]) -> Iterator[Naming]:
        """Yield what stands in each function, by its name: some change, all others stay.

        `names` are those that change, of keys, keywords and attributes.
        """
        changing: dict[tuple[Any, str], list[ast.AST]] = {}
        left: dict[tuple[Any, str, str], list[ast.AST]] = {}
        both: dict[tuple[Any, str], str] = {}
        for node in walk(self.module.tree):
            name = self._name(node)
            if not name or node in self._told:
                continue
            around = self.module.parents.function(node)
            try:
                if name not in names.get(type(node), ()):
                    raise Stays(self._meaning(node))
                if beside := self._beside(node, around, self.words.renamed(name)):
                    both[around, name] = beside
                self._may_change(node)
                changing.setdefault((around, name), []).append(node)
            except Stays as told:
                left.setdefault((around, name, str(told)), []).append(node)
        for (around, name), nodes in changing.items():
            if found := both.get((around, name)):
                yield stays(name, nodes, found)
            else:
                yield self._changed(name, nodes)
        for (_, name, reason), nodes in left.items():
            yield stays(name, nodes, reason)

    def _name(self, node: ast.AST) -> str:
        """Return what a node says by an old word, nothing where it says none."""
        match node:
            case ast.keyword(arg=str(name)) | ast.Attribute(attr=name):
                pass
            case ast.Constant(value=str(name)):
                if isinstance(self.module.parents.of(node), ast.Expr | ast.JoinedStr):
                    return ""  # a docstring
            case _:
                return ""
        return name if self.words.renamed(name) else ""

    def _changed(self, name: str, nodes: list[ast.AST]) -> Naming:
        texts = [node for node in nodes if isinstance(node, ast.Constant)]
        others = [node for node in nodes if not isinstance(node, ast.Constant)]
        found = named(name, others, self.module, DOUBT)
        if others and not found.places:
            return stays(name, nodes, found.reason)
        spans = (*found.places, *self.values.places(texts, name))
        return Naming(name, tuple(nodes), found.kind, DOUBT, spans)

    def _beside(self, node: Any, around: ast.AST | None, new: str) -> str:
        """Return how a function speaks of the same thing by both names, else nothing."""
        above: Any = self.module.parents.of(node)
        match above:
            case ast.Call(keywords=given) if isinstance(node, ast.keyword):
                if any(item.arg == new for item in given):
                    return f"`{new}` is given beside it"
            case ast.Dict(keys=keys):
                if any(constant_string(item) == new for item in keys):
                    return f"`{new}` is a key beside it"
        asked = _asked(node, above)
        if asked is None or around is None:
            return ""
        for item in walk(around):
            same = isinstance(item, type(node)) and _named(item) == new
            other = _asked(item, self.module.parents.of(item)) if same else None
            if other is not None and ast.dump(other) == ast.dump(asked):
                return f"`{new}` of it is asked for, too"
        return ""

    def _may_change(self, node: ast.AST) -> None:
        """Raise Stays where a key or keyword of a name that may change stays."""
        above: Any = self.module.parents.of(node)
        match node:
            case ast.keyword():
                self._defined(above, node.arg or "", self.words.renamed(node.arg or ""))
            case ast.Constant():
                self._key(node, above)

    def _key(self, node: ast.Constant, above: Any) -> None:
        if not self.values.is_quoted(node):
            raise Stays(PART)
        match above:
            case ast.Dict(keys=keys) if node in keys:
                pass
            case ast.Subscript():
                pass
            case ast.Call(args=[first, *_]) if first is node and called_name(above) in READS_KEY:
                pass
            case _:
                raise Stays(self._meaning(node))

    def _defined(self, call: Any, old: str, new: str) -> None:
        """Raise Stays where a function of the tree takes an argument by the old name alone."""
        method = self.module.method_at(call) if isinstance(call, ast.Call) else None
        if method is None or CALLED_WITH.fullmatch(called_name(call)):
            return
        seen: set[Run] = set()
        for found in self._callees(call.func, Run(method, method.owner)):
            self._taken_by(found, old, new, seen)

    def _callees(self, called: ast.expr, run: Run) -> list[Run]:
        """Return the functions of the tree that a call may run.

        What a mixin calls on `self` are all of the tests that have the name.
        """
        found = self._calls.callee(called, run)
        if found is not None:
            return [found]
        if isinstance(called, ast.Attribute) and last_name(called.value) in OWN:
            key = ("methods of a name", called.attr)
            return self.project.memory.ask(key, self._methods_named, called.attr)
        return Objects.of(self.project).methods(called, run)

    def _methods_named(self, name: str) -> list[Run]:
        pattern = re.compile(rb"\bdef %s\b" % name.encode())
        modules = [self.project.at(path) for path in self.project.texts.holding(pattern)]
        owners = [owner for module in modules if module for owner in module.classes.values()]
        return [Run(owner.methods[name], owner) for owner in owners if name in owner.methods]

    def _taken_by(self, run: Run, old: str, new: str, seen: set[Run]) -> None:
        """Raise Stays where a function takes the old name alone, or passes it on to one that does.

        What it takes by any name it may read by that one.
        """
        if run in seen:
            return
        seen.add(run)
        taken, name = run.method.node.args, run.method.name
        listed = {item.arg for item in parameters(taken)}
        if old in listed or (new not in listed and taken.kwarg is None):
            raise Stays(f"`{name}` has a parameter of that name")
        if new in listed or taken.kwarg is None:
            return
        body = Body.of(run.method, self.project)
        if old in body.texts:
            raise Stays(f"`{name}` asks for it by that name")
        for call in body.calls:
            if any(item.arg is None and _is(item.value, taken.kwarg.arg) for item in call.keywords):
                for found in self._callees(call.func, run):
                    self._taken_by(found, old, new, seen)

    def _meaning(self, node: ast.AST) -> str:
        """Return what something is that stays."""
        above: Any = self.module.parents.of(node)
        match node:
            case ast.keyword():
                return f"a keyword of `{_called(above)}`"
            case ast.Attribute():
                return f"an attribute of `{dotted(node.value) or 'something'}`"
        match above:
            case ast.Dict(keys=keys) if node in keys:
                return f"a key of {self._given(above)}"
            case ast.Subscript(value=value):
                return f"a key of `{dotted(value) or 'a reply'}`"
            case ast.Call() if called_name(above) in READS_KEY:
                return "a key of what is asked"
            case ast.Call():
                return f"a text that `{_called(above)}` is given"
        return "a text"

    def _given(self, node: ast.AST) -> str:
        """Return what a dictionary is given to."""
        for item in self.module.parents.above(node):
            if isinstance(item, ast.Call):
                return f"what `{_called(item)}` is given"
            if isinstance(item, ast.stmt):
                break
        return "a dictionary"


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _named(node: Any) -> str:
    return node.attr if isinstance(node, ast.Attribute) else constant_string(node) or ""


def _asked(node: ast.AST, above: Any) -> ast.expr | None:
    """Return what an attribute or a key is asked of, None where it is not asked for."""
    match above:
        case ast.Subscript(value=held, slice=key) if key is node:
            return held
        case ast.Call(func=ast.Attribute(value=held, attr=attr), args=[first, *_]):
            if first is node and attr in READS_KEY:
                return held
    return node.value if isinstance(node, ast.Attribute) else None


def _called(node: Any) -> str:
    return called_name(node) or "a call" if isinstance(node, ast.Call) else "a call"
