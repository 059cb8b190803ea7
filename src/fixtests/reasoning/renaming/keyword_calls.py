"""Which calls give a function of the tests an argument by its name, as far as all can be known."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from fixtests.reasoning import roles
from fixtests.reasoning.calls import OWN, Calls
from fixtests.reasoning.renaming.kin import Kin
from fixtests.reasoning.renaming.naming import Stays
from fixtests.reasoning.renaming.occurrences import occurrences
from fixtests.syntax.queries import Function, called_name, constant_string, is_function, last_name
from fixtests.tree.files import is_test_module
from fixtests.tree.module import Class, External, Method, Module
from fixtests.tree.project import Project

TEST = "test"  # how the names of tests begin


class KeywordCalls:
    """The calls of functions of one module that name their parameters."""

    def __init__(self, module: Module, project: Project) -> None:
        self.module = module
        self.project = project
        self.parents = module.parents

    def of(self, function: Function | ast.Lambda, old: str, new: str) -> list[ast.keyword]:
        """Return the keywords that give a function a parameter, all of them in its module.

        Raises Stays where others may give it so, or give something of the `new` name.
        """
        if isinstance(function, ast.Lambda):
            raise Stays("whoever is given the lambda may name its parameters")
        owner = self.module.class_at(function)
        around = self.parents.function(function)
        if around is not None and self.parents.of(function) is not getattr(owner, "node", None):
            named = [*self._inside(function, around)]
        elif owner is None:
            named = [*self._of_module(function)]
        else:
            named = [*self._of_class(Method(self.module, owner, function), owner, {old, new})]
        return [word for call in named for word in self._given(call, old, new)]

    def doubt(self, function: ast.AST) -> str:
        """Return what may speak against another name of a parameter whose calls are known."""
        if not is_function(function) or self.parents.function(function) is not None:
            return ""
        owner = self.module.class_at(function)
        shared = owner is not None and any(
            item.module is not self.module for item in Calls.of(self.project).heirs(owner)
        )
        if shared or not is_test_module(self.module.path):
            return "others may call it"
        strangers = Kin.of(owner, self.project).strangers if owner else ()
        return f"`{strangers[0].name}` outside of the tree may call it" if strangers else ""

    def _given(self, call: ast.Call, old: str, new: str) -> Iterator[ast.keyword]:
        for word in call.keywords:
            if word.arg is None:
                raise Stays("a call gives it arguments whose names are not written there")
            if word.arg == new:
                raise Stays(f"a call gives it `{new}`")
            if word.arg == old:
                yield word

    def _inside(self, function: Function, around: ast.AST) -> Iterator[ast.Call]:
        """Yield the calls of a function inside another one."""
        name = function.name
        if function.decorator_list:
            raise Stays("a decorator gets it")
        scope = self.parents.of(function)
        if isinstance(scope, ast.ClassDef):
            raise Stays("it is of a class that stands in a function")
        for node in occurrences(around, name, self.module.source):
            if node is not function:
                yield _called(node, self.module)

    def _of_module(self, function: Function) -> Iterator[ast.Call]:
        """Yield the calls of a function of the module, which no other file may mention."""
        name = function.name
        if function.decorator_list:
            raise Stays("a decorator gets it")
        self.only_here(name)
        for node in occurrences(self.module.tree, name, self.module.source):
            if node is not function:
                yield _called(node, self.module)

    def only_here(self, name: str) -> None:
        """Raise Stays where another file of the tests mentions a name and this module."""
        own = Path(self.module.path)
        if self.module.package:
            raise Stays("others may take it from the package")
        near = {*self._mentioning(own.stem)}
        for path in self._mentioning(name):
            if path != own and (path in near or self._leads_here(path, name)):
                raise Stays(f"{path.name} mentions it, too")
        self._no_text(name)

    def _leads_here(self, path: Path, name: str) -> bool:
        """Tell whether a name in another file is that of this module, by way of a third one."""
        module = self.project.at(path)
        if module is None or not (name in module.imports or module.stars):
            return False
        found = self.project.lookup(module, name)
        return not isinstance(found, External) and getattr(found, "module", None) is self.module

    def _mentioning(self, name: str) -> list[Path]:
        return self.project.memory.ask(("mentions", name), self.project.mentions, name)

    def _no_text(self, name: str) -> None:
        for node in self.module.near_word(name):
            text = constant_string(node) or ""
            above = self.parents.of(node) if text else None
            if text.rpartition(".")[2] == name and isinstance(above, ast.Call | ast.List):
                raise Stays("a text names it")

    def _of_class(self, method: Method, owner: Class, given: set[str]) -> Iterator[ast.Call]:
        """Yield the calls of a method of a test class."""
        name, kin = method.name, Kin.of(owner, self.project)
        if name.startswith(TEST):
            raise Stays("what runs the test gives it")
        if not self.project.is_test_case(owner):
            raise Stays(f"what is tested may call methods of `{owner.name}`")
        if any(last_name(item) not in ("staticmethod", "classmethod") for item in _wraps(method)):
            raise Stays("a decorator gets it")
        others = [item for item in (*kin.inside, *kin.outside) if name in item.methods]
        if len(others) > 1 or roles.prepares(name, self.project):
            raise Stays("another class has a method of that name")
        self._no_text(name)
        self._check_elsewhere(name, kin, given)
        for node in self.module.near_word(name):
            if not isinstance(node, ast.Attribute) or node.attr != name:
                continue
            call = _called(node, self.module)
            holder = self.module.class_at(node)
            of_kin = holder is not None and any(item.node is holder.node for item in kin.inside)
            if of_kin or last_name(node.value) not in OWN:
                yield call

    def _check_elsewhere(self, name: str, kin: Kin, given: set[str]) -> None:
        """Raise Stays where a call in another file may give a method something by some names."""
        kinds = {(item.module.path, item.name) for item in kin.outside}
        for path in self._mentioning(name):
            module = self.project.at(path)
            if module is None or module.path == self.module.path:
                continue
            for node in module.near_word(name):
                if not isinstance(node, ast.Attribute) or node.attr != name:
                    continue
                holder = module.class_at(node)
                akin = holder is not None and (module.path, holder.name) in kinds
                if akin or (last_name(node.value) not in OWN and not _is_super(node.value)):
                    words = {word.arg for word in _called(node, module).keywords}
                    if None in words or words & given:
                        raise Stays(f"{path.name} may name it in a call")


def _called(node: ast.AST, module: Module) -> ast.Call:
    """Return the call that a mention of a function is. Raises Stays where it is none."""
    above = module.parents.of(node)
    if isinstance(above, ast.Call) and above.func is node:
        return above
    raise Stays("it is handed on, and whoever gets it may name its parameters")


def _wraps(method: Method) -> list[ast.expr]:
    return [
        item.func if isinstance(item, ast.Call) else item for item in method.node.decorator_list
    ]


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called_name(node) == "super"
