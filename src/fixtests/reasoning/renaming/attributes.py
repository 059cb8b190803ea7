"""Attributes and methods of the test cases of one file that may be called something else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.reasoning.renaming.kin import Kin
from fixtests.reasoning.renaming.naming import Naming, Stays, named, named_for, stays
from fixtests.reasoning.renaming.variables import Variables
from fixtests.syntax.queries import is_function
from fixtests.tree.files import is_test_module
from fixtests.tree.module import Class
from fixtests.tree.project import Project


class Attributes:
    """What `self` has in the classes of one file, with what new words make of its names."""

    def __init__(self, variables: Variables, project: Project) -> None:
        self.module = variables.module
        self.project = project
        self.words = variables.words
        self.variables = variables

    def all(self) -> Iterator[Naming]:
        """Yield each attribute once that classes of the file share."""
        done: set[tuple[ast.AST, str]] = set()
        for owner in self.module.classes.values():
            if not self.words.stands_at(owner.node, self.module.source):
                continue
            kin = Kin.of(owner, self.project)
            for name in sorted(kin.bound()):
                new = self.words.renamed(name)
                if new and (owner.node, name) not in done:
                    done.update((item.node, name) for item in kin.inside)
                    yield self._of_kin(owner, kin, name, new)

    def _of_kin(self, owner: Class, kin: Kin, name: str, new: str) -> Naming:
        nodes = kin.uses(name)
        try:
            self._may_change(owner, kin, name, new)
            doubt = self._doubt(name, kin, nodes)
        except Stays as told:
            return stays(name, nodes, str(told))
        return named(name, nodes, self.module, doubt)

    def _may_change(self, owner: Class, kin: Kin, name: str, new: str) -> None:
        """Raise Stays where something else may ask for the old name, or has the new one."""
        if not self.project.is_test_case(owner):
            raise Stays(f"what is tested may ask a `{owner.name}` for it")
        if found := kin.elsewhere(name):
            raise Stays(f"`{found}` has it, too")
        if kin.uses(new) or kin.elsewhere(new):
            raise Stays(f"`{new}` is something there already")
        if kin.speaks_of(name):
            raise Stays("a text there may reach it by its name")

    def _doubt(self, name: str, kin: Kin, nodes: list[ast.AST]) -> str:
        """Return what may speak against a change, else nothing. Raises Stays."""
        if reason := named_for(nodes, self.module, self.words.stands_in):
            raise Stays(reason)
        if any(is_function(item) for item in nodes):
            return self.variables.defined(name, nodes)
        if all(isinstance(getattr(item, "ctx", None), ast.Store) for item in nodes):
            raise Stays("nothing there asks for it, so that something else may")
        if kin.strangers:
            return f"`{kin.strangers[0].name}` outside of the tree may ask for it"
        if kin.heirs or not is_test_module(self.module.path):
            return "others may inherit it"
        given = kin.hand_on()
        return f"`{given}` is given `self` and may ask for it" if given else ""
