"""Keys, keywords and attributes of what is not the file's own, and what else says an old word."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import Any

from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.evaluating import parameters
from fixtests.reasoning.renaming.naming import Naming, Stays, named, stays
from fixtests.reasoning.renaming.values import Values
from fixtests.reasoning.roles import CALLED_WITH
from fixtests.syntax.queries import called_name, constant_string, dotted, walk
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

    def all(self, names: Collection[str]) -> Iterator[Naming]:
        """Yield what stands in each function, by its name: some names change, all others stay."""
        changing: dict[tuple[Any, str], list[ast.AST]] = {}
        left: dict[tuple[Any, str, str], list[ast.AST]] = {}
        for node in walk(self.module.tree):
            name = self._name(node)
            if not name or node in self._told:
                continue
            around = self.module.parents.function(node)
            try:
                if name not in names:
                    raise Stays(self._meaning(node))
                self._may_change(node, self.words.renamed(name))
                changing.setdefault((around, name), []).append(node)
            except Stays as told:
                left.setdefault((around, name, str(told)), []).append(node)
        for (_, name), nodes in changing.items():
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

    def _may_change(self, node: ast.AST, new: str) -> None:
        """Raise Stays where a key, keyword or attribute of a name that may change stays."""
        above: Any = self.module.parents.of(node)
        match node:
            case ast.keyword():
                if any(item.arg == new for item in getattr(above, "keywords", ())):
                    raise Stays(f"`{new}` is given beside it")
                self._defined(above, node.arg or "", new)
            case ast.Constant():
                self._key(node, above, new)

    def _key(self, node: ast.Constant, above: Any, new: str) -> None:
        if not self.values.is_quoted(node):
            raise Stays(PART)
        match above:
            case ast.Dict(keys=keys) if node in keys:
                if any(constant_string(item) == new for item in keys):
                    raise Stays(f"`{new}` is a key beside it")
            case ast.Subscript():
                pass
            case ast.Call(args=[first, *_]) if first is node and called_name(above) in READS_KEY:
                pass
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]) if left is node:
                pass
            case _:
                raise Stays(self._meaning(node))

    def _defined(self, call: Any, old: str, new: str) -> None:
        """Raise Stays where a function of the tree takes an argument by the old name alone."""
        method = self.module.method_at(call) if isinstance(call, ast.Call) else None
        if method is None or CALLED_WITH.fullmatch(called_name(call)):
            return
        found = self._calls.callee(call.func, Run(method, method.owner))
        if found is None:
            return
        taken = found.method.node.args
        listed = {item.arg for item in parameters(taken)}
        if old in listed or (new not in listed and taken.kwarg is None):
            raise Stays(f"`{found.method.name}` has a parameter of that name")

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


def _called(node: Any) -> str:
    return called_name(node) or "a call" if isinstance(node, ast.Call) else "a call"
