"""The tests of a file that are too long, with names for helpers that clash with nothing."""

from __future__ import annotations

import ast

from fixtests.reasoning.flow import dropping
from fixtests.rules.long_test.flow import Reads
from fixtests.rules.long_test.phases import Described, described, phases
from fixtests.syntax.queries import Function, children, is_function, walk
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.project import Project

HOLDERS = (ast.ClassDef, ast.If, ast.Try)
LITERALS = (ast.Dict, ast.List, ast.Set, ast.Tuple, ast.Constant, ast.JoinedStr)


def size(test: Function, first: int = 0, last: int = 0) -> int:
    """Return how many lines a test has, or some of its rows.

    Its decorators are left out, and of a literal what follows its first line: that is data, which
    no method would make shorter. The docstring counts.
    """
    first, last = first or test.lineno, last or test.end_lineno or test.lineno
    return last - first + 1 - len(_data(test).intersection(range(first, last + 1)))


def _data(test: Function) -> set[int]:
    """Return the rows of a function on which a literal goes on that began above."""
    documented = ast.get_docstring(test, clean=False) is not None
    return {
        row
        for statement in test.body[documented:]
        for node in walk(statement)
        if isinstance(node, LITERALS)
        for row in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }


def lines(test: Function) -> int:
    """Return how many lines a function has, whatever stands on them."""
    return (test.end_lineno or test.lineno) - test.lineno + 1


def is_long(test: Function, limit: int) -> bool:
    """Tell whether a function is a test of more lines than allowed."""
    return test.name.startswith("test_") and lines(test) > limit and size(test) > limit


def _is_helper(test: Function, owner: ast.ClassDef, case: Class, project: Project) -> bool:
    """Tell whether a function needs arguments, which unittest gives to no test.

    A decorator may, and so does pytest.
    """
    arguments = test.args
    listed = [*arguments.posonlyargs, *arguments.args]
    needed = len(listed) - len(arguments.defaults) > 1 or None in arguments.kw_defaults
    decorated = test.decorator_list or owner.decorator_list
    return needed and not decorated and project.is_test_case(case)


def listed(module: Module, project: Project, limit: int) -> dict[ast.AST, list[Described]]:
    """Return the long tests of a file with their phases; no two have a helper of one name."""
    key = "long tests", module, limit
    return project.memory.ask(key, _listed, module, project, limit)


def _listed(module: Module, project: Project, limit: int) -> dict[ast.AST, list[Described]]:
    source = module.source  # how long a test is depends on all of it
    found: dict[ast.AST, list[Described]] = {}
    taken: set[str] = set()
    for test, owner in _long_tests(module, project, limit):
        reads = reads_of(test, owner, project)
        methods = _methods(owner, project)
        found[test] = described(test, phases(test, source), reads, methods, taken)
        taken |= {item.name for item in found[test] if item.name}
    return found


def _long_tests(module: Module, project: Project, limit: int) -> list[tuple[Function, Class]]:
    """Return the long tests of a file by name, so that their order in it names no helper."""
    found = []
    waiting: list[ast.AST] = [module.tree]
    for node in waiting:
        waiting += [item for item in children(node) if isinstance(item, HOLDERS)]
        if isinstance(node, ast.ClassDef):
            owner = _class(node, module)
            tests = [item for item in node.body if is_function(item) and is_long(item, limit)]
            tests = [item for item in tests if not _is_helper(item, node, owner, project)]
            found += [(test, owner) for test in tests]
    return sorted(found, key=lambda item: (item[0].name, item[1].name))


def is_free(name: str, owner: Class, project: Project, limit: int) -> bool:
    """Tell whether no test of the tree has a name or gets it in this run."""
    import unittest

    here = owner.module
    if name.encode() in here.source.utf8 or hasattr(unittest.TestCase, name):
        return False
    modules = project.below(owner, "modules", lambda item: project.above(item, "modules", _home))
    planned = {
        item.name
        for module in modules - {here}
        for items in listed(module, project, limit).values()
        for item in items
    }
    return name not in planned and not project.mentions(name)


def _home(item: Class) -> frozenset[Module]:
    return frozenset({item.module})


def reads_of(test: Function, owner: Class, project: Project) -> Reads:
    """Return what tells which names the statements of a test read and bind."""
    return Reads(dropping(Method(owner.module, owner, test), owner, project))


def _class(node: ast.ClassDef, module: Module) -> Class:
    known = module.classes.get(node.name)
    return known if known and known.node is node else Class(module, node)


def _methods(owner: Class, project: Project) -> frozenset[str]:
    """Return the names of all methods that a class has or inherits."""
    return project.above(owner, "methods", lambda item: frozenset(item.methods))
