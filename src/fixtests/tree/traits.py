"""What a function says in one respect: who asks for that depends on no more of its body."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache, update_wrapper
from typing import Generic, TypeVar

from fixtests.tree.module import Class, Method, Module
from fixtests.tree.project import Project
from fixtests.tree.trail import Look

Answer = TypeVar("Answer")
Given = Class | Module | None
PACKAGE = __name__.partition(".")[0]


class Trait(Generic[Answer]):
    """A question about one function, maybe as it runs as a class, or beside a file.

    The answer holds no nodes, nothing of which places in the file are a part, and is written in a
    form that is another one for another answer. Whatever else it follows from, such as what names
    stand for, is looked at as ever.
    """

    def __init__(self, says: Callable[..., Answer]) -> None:
        self._says = says
        self._name = f"{says.__module__}.{says.__qualname__}"
        update_wrapper(self, says)

    def __call__(self, method: Method, project: Project, *given: Given) -> Answer:
        """Return what a function says, and look at that instead of its body."""
        key = self._name, method.node, *given
        return project.memory.ask(key, self._asked, method, project, *given)

    def _asked(self, method: Method, project: Project, *given: Given) -> Answer:
        looks = self.looks(method, project, *given)
        return project.trail.instead(looks, self._says, method, project, *given)

    def looks(
        self, method: Method, project: Project, given: Given = None
    ) -> tuple[Look, Look] | None:
        """Return the look at the body of a function, and the one that is taken instead.

        None where nobody can tell by names which function that is, or which class it runs as.
        """
        number = method.module.numbers.get(method.node)
        if number is None:
            return None
        body = f"{method.module.path}\n{number}"
        beside = ""
        if isinstance(given, Module):
            beside = f"\t\t{given.path}"
        elif given is not None:
            if given.module.classes.get(given.name) is not given:
                return None
            beside = f"\t{given.name}\t{given.module.path}"
        return ("body", body), ("trait", f"{body}\t{self._name}\t{project.fits}{beside}")


@cache
def find(name: str) -> Trait[object] | None:
    """Return what is asked under a name, None for a name under which nothing is."""
    module, _, last = name.rpartition(".")
    if module.partition(".")[0] != PACKAGE:
        return None
    try:
        found = getattr(importlib.import_module(module), last, None)
    except ImportError:
        return None
    return found if isinstance(found, Trait) else None
