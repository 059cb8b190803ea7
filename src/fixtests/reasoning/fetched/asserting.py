"""Whether a function can assert: what shows that its class has the assertions of unittest."""

from __future__ import annotations

import ast
import re

from fixtests.reasoning import lineage, roles
from fixtests.reasoning.fetched import guards
from fixtests.syntax.queries import Function, spanning, walk
from fixtests.tree.module import Class, External
from fixtests.tree.project import Project
from fixtests.tree.resolution import ASSERTING

WORD = re.compile(rf"\b{roles.ASSERTION}".encode())
CLASS_LEVEL = frozenset({"classmethod", "staticmethod"})
# Who has one of these, and does not define it, has all assertions of unittest.
OF_UNITTEST = frozenset(
    {
        *("assertAlmostEqual", "assertCountEqual", "assertDictEqual", "assertEqual"),
        *("assertEquals", "assertFalse", "assertGreater", "assertGreaterEqual", "assertIn"),
        *("assertIs", "assertIsInstance", "assertIsNone", "assertIsNot", "assertIsNotNone"),
        *("assertItemsEqual", "assertLess", "assertLessEqual", "assertListEqual"),
        *("assertNotEqual", "assertNotIn", "assertRaises", "assertRaisesRegex", "assertRegex"),
        *("assertRaisesRegexp", "assertThat", "assertTrue"),
    }
)


def unable(function: Function, owner: Class | None, project: Project) -> str:
    """Say why nothing can be asserted in a function, nothing where `self` is a test's."""
    first = [item.arg for item in (*function.args.posonlyargs, *function.args.args)][:1]
    if first == ["cls"]:
        return (
            "a class method has no assertions; raise an exception where it is empty, "
            "`cls.skipException(...)` only where nothing that the class made is missing"
        )
    if _asserts(function, owner, project) and first == ["self"]:
        return ""
    return "no test's `self` is here to assert with; raise an exception where it is too short"


def is_plain(function: Function, owner: Class | None) -> bool:
    """Tell whether a test says `assert`, and its class has no other way to assert."""
    if owner is None:
        return False
    key = is_plain, function, owner.node
    return owner.module.noted(key, _is_plain, function, owner)


def _is_plain(function: Function, owner: Class) -> bool:
    plain = any(isinstance(item, ast.Assert) for item in walk(function))
    return plain and not _assertions(owner)


def is_pytest(function: Function, owner: Class | None, project: Project) -> bool:
    """Tell whether a function is a test of pytest's, which has `assert` and no need of a guard.

    It is one where all is known that its class inherits from, and nothing there is unittest's.
    """
    if not function.name.startswith("test"):
        return False
    if owner is None:
        return True
    return (
        lineage.outside(owner, project) <= {"object"}
        and not _asserts(function, owner, project)
        and not any(map(project.is_test_case, project.subclasses(owner)))
    )


def _asserts(function: Function, owner: Class | None, project: Project) -> bool:
    """Tell whether a function is a method of something with unittest's assertions."""
    if owner is None or owner.module.parents.of(function) is not owner.node:
        return False
    if any(
        isinstance(item, ast.Name) and item.id in CLASS_LEVEL for item in function.decorator_list
    ):
        return False
    if lineage.outside(owner, project) - {"object"} and (
        project.first(owner, "named a test case", _is_named)
        or guards.vocabulary(owner, project).base
    ):
        return True
    return not project.above(owner, "assertions", _assertions) <= project.methods(owner).keys()


def _is_named(item: Class | External) -> bool | None:
    """Tell of a class whose name says, more than that it is a test, that it is a test case."""
    return item.name.rpartition(".")[2].endswith(ASSERTING) or None


def _assertions(owner: Class) -> frozenset[str]:
    """Return the assertions of unittest that a class uses."""
    return frozenset(
        item.attr
        for item in spanning(owner.node, owner.module.rows(WORD))
        if isinstance(item, ast.Attribute)
        and item.attr in OF_UNITTEST
        and isinstance(item.value, ast.Name)
        and item.value.id == "self"
    )
