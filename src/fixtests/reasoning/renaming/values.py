"""Texts that one file makes up, and keys of dictionaries that never leave their function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fixtests.model import Applicability, Span
from fixtests.reasoning.renaming.naming import Naming, Stays, stays
from fixtests.reasoning.renaming.occurrences import LAMBDAS, occurrences, own
from fixtests.reasoning.roles import decides
from fixtests.syntax.queries import called_name, constant_string, walk
from fixtests.text.word_forms import WordForms
from fixtests.tree.files import is_test_module
from fixtests.tree.module import Module
from fixtests.tree.project import Project

VALUE = re.compile(r"[A-Za-z0-9_.@ -]+")
# Over a value: that somebody made it up.
MADE_UP = re.compile(
    r"(?i)(?<![a-z])(?:fake|test|my|some|dummy|foo|bar|bogus|invalid|other|another|different)(?![a-z])"
    r"|\d|[_ -](?:one|two|three|a|b|c|x|y|foo|bar)\b"
)
QUOTED = re.compile(r"[rRbBuU]*(?:'[^'\\]*'|\"[^\"\\]*\")")
# Calls that take a key, or the name of something, for their first argument.
TAKES_KEY = frozenset(("get", "pop", "setdefault", "patch", "object", "getattr", "setattr", "has"))
DOUBT = "what is tested may compare it with a value of its own"


class Values:
    """What the texts and keys of one file are called, with what new words make of it."""

    def __init__(self, module: Module, project: Project, words: WordForms) -> None:
        self.module = module
        self.project = project
        self.words = words

    def all(self) -> Iterator[Naming]:
        """Yield the keys of dictionaries, then each text once."""
        for scope in walk(self.module.tree):
            if isinstance(scope, LAMBDAS) and self.words.stands_at(scope, self.module.source):
                yield from self._keys(scope)
        texts: dict[str, list[ast.AST]] = {}
        for node in walk(self.module.tree):
            if text := constant_string(node):
                texts.setdefault(text, []).append(node)
        for text, nodes in texts.items():
            new = self.words.renamed(text) if VALUE.fullmatch(text) else ""
            if new and MADE_UP.search(text):
                yield self._text(text, nodes, new in texts)

    def _text(self, text: str, nodes: list[ast.AST], taken: bool) -> Naming:
        source = self.module.source
        try:
            if taken:
                raise Stays(f"'{self.words.renamed(text)}' is another one there already")
            if not all(self._is_value(node) for node in nodes):
                raise Stays("it is a key or a name somewhere, too")
            if all(self._is_checked(node) for node in nodes):
                raise Stays("nothing there gives it")
            if source.utf8.count(text.encode()) != len(nodes):
                raise Stays("it is a part of other texts, too")
            self._only_here(text)
        except Stays as told:
            return stays(text, nodes, str(told))
        return Naming(text, tuple(nodes), Applicability.UNSAFE, DOUBT, self.places(nodes, text))

    def _is_value(self, node: Any) -> bool:
        """Tell whether a text stands where a value is given, in a form that can be changed."""
        above: Any = self.module.parents.of(node)
        if not self.is_quoted(node):
            return False
        match above:
            case ast.Dict():
                return node not in above.keys
            case ast.Call():
                return not (above.args[:1] == [node] and called_name(above) in TAKES_KEY)
            case ast.Assign() | ast.AnnAssign() | ast.keyword() | ast.Return():
                return True
            case ast.List() | ast.Tuple() | ast.BoolOp() | ast.IfExp() | ast.arguments():
                return True
            case ast.Compare(ops=[ast.Eq() | ast.NotEq()]):
                return True
        return False

    def _only_here(self, text: str) -> None:
        """Raise Stays where a file holds a text that it may share with this one."""
        own_path, here = Path(self.module.path), self.module.source.utf8
        pattern = re.compile(rb"(?<!\w)%s(?!\w)" % re.escape(text.encode()))
        for path in self.project.texts.holding(pattern):
            if path == own_path:
                continue
            apart = is_test_module(str(path)) and is_test_module(str(own_path))
            there = self.project.texts[path]
            if not apart or _mentions(here, path) or _mentions(there, own_path):
                raise Stays(f"{path.name} has it, too")

    def _keys(self, scope: ast.AST) -> Iterator[Naming]:
        """Yield the keys of dictionaries that a function makes and reads, and gives to nobody."""
        for name in sorted(own(scope)):
            nodes = occurrences(scope, name, self.module.source)
            keys = self._read_keys(nodes) if nodes else None
            for key in sorted(keys or ()):
                new = self.words.renamed(key)
                if new and keys and new not in keys:
                    found = keys[key]
                    yield Naming(key, tuple(found), Applicability.SAFE, "", self.places(found, key))

    def _read_keys(self, nodes: list[ast.AST]) -> dict[str, list[ast.AST]] | None:
        """Return the keys of a variable that is only made and read by keys, None otherwise."""
        keys: dict[str, list[ast.AST]] = {}
        for node in nodes:
            found = self._keys_at(node)
            if found is None:
                return None
            for key in found:
                text = constant_string(key)
                if text is None or not self.is_quoted(key):
                    return None
                keys.setdefault(text, []).append(key)
        return keys

    def _keys_at(self, node: ast.AST) -> list[Any] | None:
        """Return the keys that one use of a variable names; None for another use."""
        above: Any = self.module.parents.of(node)
        match above:
            case ast.Assign(targets=[target], value=ast.Dict(keys=listed)) if target is node:
                return listed
            case ast.Subscript(value=held, slice=key) if held is node:
                return [key]
            case ast.Attribute(value=held, attr="get") if held is node:
                call: Any = self.module.parents.of(above)
                return call.args[:1] if isinstance(call, ast.Call) else None
        return None

    def _is_checked(self, node: ast.AST) -> bool:
        """Tell whether a text stands in a statement that asserts."""
        statement = self.module.parents.statement(node)
        call = statement.value if isinstance(statement, ast.Expr) else None
        return isinstance(call, ast.Call) and decides(called_name(call))

    def is_quoted(self, node: ast.AST) -> bool:
        """Tell whether a text is written on one line in plain quotes."""
        return QUOTED.fullmatch(self.module.source.slice(self.module.source.span(node))) is not None

    def places(self, nodes: Sequence[ast.AST], text: str) -> tuple[Span, ...]:
        """Return where a text stands in its quotes."""
        ends = [self.module.source.span(node).end - 1 for node in nodes]
        return tuple(Span(end - len(text.encode()), end) for end in ends)


def _mentions(text: bytes, path: Path) -> bool:
    return re.search(rb"\b%s\b" % re.escape(path.stem.encode()), text) is not None
