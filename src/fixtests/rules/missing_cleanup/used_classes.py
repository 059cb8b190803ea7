"""Which classes of the tests a function uses: by a method, by an object of it, or as a fixture."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.reasoning import mocks, named_in_tests
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import OWN, Run
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.syntax.queries import called_name, dotted
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project
from fixtests.tree.traits import Trait

NAMES_CLASS = re.compile(r"\b_*[A-Z]")  # over a dotted name
OF_SELF = tuple(f"{item}." for item in OWN)
Names = tuple[str, ...]


def helpers(run: Run, ownership: Ownership) -> Iterator[Class]:
    """Yield the classes of the tests that a function makes objects of, or calls a method of."""
    project = ownership.project
    used, _, nested = classes_used(run.method, project)
    if used or nested:
        kin = [*project.mro(run.owner), *ownership.calls.heirs(run.owner)] if run.owner else []
        yield from (item for item in _classes(used, run.method, project) if item not in kin)
        for name in nested:
            if (found := _nested(name, run, ownership)) is not None:
                yield found


def bare_fixtures(run: Run, ownership: Ownership) -> list[Class]:
    """Return the fixtures that a function uses and gives nothing.

    They know of nothing that a test creates, unless its module holds that for all.
    """
    _, bare, _ = classes_used(run.method, ownership.project)
    return _classes(bare, run.method, ownership.project)


def _classes(names: Names, method: Method, project: Project) -> list[Class]:
    """Return the classes of the tests that names in a function are, or are methods of."""
    found = (named_in_tests.class_of(item, method.module, project) for item in names)
    return [item for item in found if item is not None]


@Trait
def classes_used(method: Method, project: Project) -> tuple[Names, Names, Names]:
    """Return the names of classes of the tests in a function, of bare fixtures, and of `self`."""
    body = Body.of(method, project)
    fixtures = {
        dotted(item.func)
        for call in body.calls
        if called_name(call) == mocks.USES
        for item in call.args
        if isinstance(item, ast.Call) and not (item.args or item.keywords)
    }
    names = [item for item in body.functions if isinstance(item, str) and item not in fixtures]
    of_self = [item.split(".")[1] for item in names if item.startswith(OF_SELF)]
    others = (item for item in names if NAMES_CLASS.search(item) and not item.startswith(OF_SELF))
    used, bare = (
        tuple(it for it in names if named_in_tests.class_of(it, method.module, project))
        for names in (others, sorted(filter(None, fixtures)))
    )
    return used, bare, tuple(item for item in of_self if NAMES_CLASS.match(item))


def _nested(name: str, run: Run, ownership: Ownership) -> Class | None:
    """Return the class of a name that stands in the body of the class of `self`, or of a base."""
    for item in ownership.project.mro(run.owner) if run.owner else ():
        if isinstance(item, Class):
            for node in item.node.body:
                if isinstance(node, ast.ClassDef) and node.name == name:
                    return item.module.class_at(node.body[0])
    return None
