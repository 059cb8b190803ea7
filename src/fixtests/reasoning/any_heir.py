"""What a function of the tests may run, whichever class runs it of those that inherit it.

That is asked once for a function, where what it runs as one class is asked for each that inherits
it: what is so of no class need not be asked of each.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from fixtests.reasoning import lineage
from fixtests.reasoning.calls import Calls, Run, Step, steps_of
from fixtests.reasoning.summaries import Summaries
from fixtests.tree.files import is_test_module
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project

Thing = TypeVar("Thing")


class AnyHeir:
    """Follows the calls of functions; the class of a `Run` stands for all below it as well."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._calls = Calls.of(project)
        self._gathered: Summaries[frozenset[Any]] = Summaries(
            project, "gathered as any heir", frozenset(), frozenset.union
        )

    @classmethod
    def of(cls, project: Project) -> AnyHeir:
        """Return what is remembered of a project."""
        return project.memory.ask(cls, cls, project)

    def run(self, method: Method, owner: Class | None) -> Run:
        """Return a function as a class and all below it run it, and maybe others.

        What a test module defines is followed as all that inherit it, so that it is so once.
        Modules of shared helpers have heirs all over a tree: nobody looks for those.
        """
        holder = method.owner
        if owner is None or holder is None or holder is owner:
            return Run(method, owner)
        shared = not is_test_module(holder.module.path)
        return Run(method, owner if shared or owner not in self._below(holder) else holder)

    def gathered(
        self,
        run: Run,
        question: Hashable,
        told: Callable[[Method], frozenset[Thing]],
        unknown: frozenset[Thing],
    ) -> frozenset[Thing]:
        """Return what a function and all of the tests that it may run or pass on tell together.

        `question` stands for it, `unknown` is told where nobody can say what is run.
        """

        def work() -> frozenset[Thing]:
            steps = self._project.memory.ask(("any heir runs", *run.key), self._steps, run)
            if steps is None:
                return unknown
            below = (self.gathered(step, question, told, unknown) for step in steps)
            return told(run.method).union(*below)

        return self._gathered.ask((question, *run.key), work)

    def _steps(self, run: Run) -> list[Run] | None:
        found: dict[Run, None] = {}
        for step in steps_of(run.method, self._project):
            taken = self._taken(step, run)
            if taken is None:
                return None
            found.update(dict.fromkeys(taken))
        return list(found)

    def callees(self, named: ast.expr, run: Run) -> list[Run] | None:
        """Return what of the tests an expression may be, None where nobody can tell."""
        step = self._calls.step(named, run.method, is_called=True)
        return self._taken(step, run) if step else []

    def _taken(self, step: Step, run: Run) -> list[Run] | None:
        owner = run.owner
        if owner is not None and step.of == "self":
            return [self.run(method, owner) for method in self._named(step.name, owner)]
        if owner is not None and step.of != "module" and self._have_several_bases(owner):
            return None
        found = self._calls.taken(step, run)
        return [self.run(*found)] if found else []

    def _named(self, name: str, owner: Class) -> frozenset[Method]:
        """Return the methods of a name that a class and those below it have, inherited or not."""

        def own(item: Class) -> frozenset[Method]:
            return frozenset([item.methods[name]] if name in item.methods else [])

        if name not in lineage.family(owner, "names of methods", _names, self._project):
            return frozenset()
        return lineage.family(owner, ("named", name), own, self._project)

    def _have_several_bases(self, owner: Class) -> bool:
        """Tell whether a class below one has several bases, so that `super()` may be another."""

        def several(item: Class) -> frozenset[Class]:
            return frozenset([item] if len(self._project.bases(item)) > 1 else [])

        return bool(self._project.below(owner, "several bases", several) - {owner})

    def _below(self, owner: Class) -> frozenset[Class]:
        """Return the classes of the tests below a class."""
        key = "classes below", owner.node
        return self._project.memory.ask(key, lambda: frozenset(self._calls.heirs(owner)))


def _names(owner: Class) -> frozenset[str]:
    return frozenset(owner.methods)
