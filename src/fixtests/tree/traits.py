"""What a function says in one respect: who asks for that depends on no more of its body."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, TypeVar

from fixtests.tree.module import Method
from fixtests.tree.project import Project

Answer = TypeVar("Answer")
PACKAGE = __name__.partition(".")[0]


class Trait(Generic[Answer]):
    """A question about one function that is told plainly, as often as it is asked.

    The answer holds no nodes, nothing of which places in the file are a part, and is written in a
    form that is another one for another answer. Whatever else it follows from, such as what names
    stand for, is looked at as ever.
    """

    def __init__(self, says: Callable[[Method, Project], Answer]) -> None:
        self._says = says
        self._name = f"{says.__module__}.{says.__qualname__}"
        update_wrapper(self, says)

    def __call__(self, method: Method, project: Project) -> Answer:
        """Return what a function says, and look at that instead of its body."""
        return project.memory.ask((self._name, method.node), self._asked, method, project)

    def _asked(self, method: Method, project: Project) -> Answer:
        number = method.module.numbers.get(method.node)
        if number is None:
            return self._says(method, project)
        body = f"{method.module.path}\n{number}"
        asked = f"{body} {self._name} {project.fits}"
        return project.trail.instead(("body", body), ("trait", asked), self._says, method, project)


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
