"""Variables, parameters and constants of one file that may be called something else."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from fixtests.model import Span
from fixtests.reasoning.renaming import occurrences
from fixtests.reasoning.renaming.keyword_calls import KeywordCalls
from fixtests.reasoning.renaming.naming import (
    Naming,
    Stays,
    named,
    named_for,
    stays,
    still_said,
)
from fixtests.reasoning.scopes import COMPREHENSIONS
from fixtests.syntax.queries import is_function, walk
from fixtests.text.source import Source
from fixtests.text.word_forms import WordForms
from fixtests.tree.files import is_test_module
from fixtests.tree.module import Module
from fixtests.tree.project import Project

BY_NAME = "a call there reaches variables by their names"
DEFINED = "runs and records may know it by that name"


class Variables:
    """The names that the scopes of one file bind, with what new words make of them."""

    def __init__(
        self,
        module: Module,
        project: Project,
        words: WordForms,
        changing: Collection[ast.AST] = (),
    ) -> None:
        self.module = module
        self.words = words
        self.changing = changing  # texts that are to be others
        self.calls = KeywordCalls(module, project)

    def all(self) -> Iterator[Naming]:
        """Yield the names of functions, lambdas and comprehensions, then those of the module."""
        kinds = (*occurrences.LAMBDAS, *COMPREHENSIONS)
        for scope in walk(self.module.tree):
            if isinstance(scope, kinds) and self.words.stands_at(scope, self.module.source):
                for name in sorted(occurrences.own(scope)):
                    if new := self.words.renamed(name):
                        yield self._of_scope(scope, name, new)
        for name in sorted(occurrences.own(self.module.tree)):
            if (new := self.words.renamed(name)) and name not in self.module.imports:
                yield self._of_module(name, new)

    def _of_scope(self, scope: ast.AST, name: str, new: str) -> Naming:
        nodes, more = occurrences.occurrences(scope, name, self.module.source), list[Span]()
        doubt = ""
        try:
            _taken(scope, new, self.module.source)
            if any(isinstance(item, ast.arg) for item in nodes):
                nodes += self._keywords(scope, name, new)
                doubt = self.calls.doubt(scope)
                more += self._described(scope, name)
            self._reached(nodes)
        except Stays as told:
            return stays(name, nodes, str(told))
        return named(name, nodes, self.module, doubt, tuple(more))

    def _reached(self, nodes: list[ast.AST]) -> None:
        """Raise Stays where a name is that of something else."""
        if reason := named_for(nodes, self.module, self.words.stands_in):
            raise Stays(reason)

    def _keywords(self, scope: ast.AST, name: str, new: str) -> list[ast.keyword]:
        """Return the keywords that give a parameter. Raises Stays."""
        if not isinstance(scope, occurrences.LAMBDAS):
            return []
        listed = [*scope.args.args, *scope.args.kwonlyargs]
        return self.calls.of(scope, name, new) if name in {item.arg for item in listed} else []

    def _described(self, scope: ast.AST, name: str) -> Iterator[Span]:
        """Yield where the docstring of a function describes a parameter."""
        if not is_function(scope) or ast.get_docstring(scope, clean=False) is None:
            return
        span = self.module.source.span(scope.body[0])
        pattern = re.compile(rb":(?:param|type)(?: +\w+)? +(%s):" % name.encode())
        for match in pattern.finditer(self.module.source.utf8, span.start, span.end):
            yield Span(match.start(1), match.end(1))

    def defined(self, name: str, nodes: list[ast.AST]) -> str:
        """Return what may speak against another name of a class, function or method.

        Raises Stays.
        """
        if not is_test_module(self.module.path):
            raise Stays("others may call it by that name")
        if said := still_said(name, nodes, self.module, self.words, self.changing):
            raise Stays(f"it is about `{said}`, which stays")
        return DEFINED

    def _of_module(self, name: str, new: str) -> Naming:
        nodes = occurrences.occurrences(self.module.tree, name, self.module.source)
        try:
            self.calls.only_here(name)
            _taken(self.module.tree, new, self.module.source)
            doubt = "" if is_test_module(self.module.path) else "others may import it"
            if any(is_function(item) or isinstance(item, ast.ClassDef) for item in nodes):
                doubt = self.defined(name, nodes)
        except Stays as told:
            return stays(name, nodes, str(told))
        return named(name, nodes, self.module, doubt)


def _taken(scope: ast.AST, new: str, source: Source) -> None:
    """Raise Stays where a scope has the new name already, or may reach the old one as a text."""
    if occurrences.mentions(scope, new, source):
        raise Stays(f"`{new}` is something there already")
    if occurrences.speaks_of_names(scope):
        raise Stays(BY_NAME)
