"""Which functions can delete a resource at all: by what they say, or what they run says.

Most cannot, and need not be followed name by name. So what the calls of a function and of all that
it runs say of deletions is gathered once, for whichever resource is asked about.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cached_property

from fixtests.reasoning import lineage, roles
from fixtests.reasoning.any_heir import AnyHeir
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.objects import Objects
from fixtests.reasoning.orders import ANYTHING
from fixtests.reasoning.summaries import Summaries
from fixtests.rules.missing_cleanup.deletions import Word, given_as_deletion, is_for, says, words_of
from fixtests.rules.missing_cleanup.derived import ENDS
from fixtests.rules.missing_cleanup.origins import hangs_on_self
from fixtests.tree.files import is_test_module
from fixtests.tree.module import Class, Method
from fixtests.tree.profile import Profile
from fixtests.tree.profile_cleanups import Resource
from fixtests.tree.project import Project
from fixtests.tree.traits import Trait

Words = frozenset[Word]
ANY_WORD: Words = frozenset({("given", ANYTHING)})
ENDING = re.compile(ENDS)  # what is said in each deletion of a resource that is derived


class Reaching:
    """Knows what the functions of one project, and all that they run, say of deletions."""

    def __init__(self, project: Project, calls: Calls, objects: Objects) -> None:
        self.project = project
        self._calls = calls
        self._objects = objects
        self._reached: Summaries[Words] = Summaries(
            project, "reaching", frozenset(), frozenset.union
        )

    def reaches(self, run: Run, resource: Resource) -> bool:
        """Tell whether a function, or one that it runs, can delete a resource."""
        return any(is_for(word, resource) for word in self._words(run))

    def may_reach(self, run: Run, resource: Resource) -> bool:
        """Tell whether it can as the class or any below it runs it; see `AnyHeir`."""
        words = AnyHeir.of(self.project).gathered(run, "words", self._said_anyhow, ANY_WORD)
        return any(is_for(word, resource) for word in words)

    def _said_anyhow(self, method: Method) -> Words:
        return (
            ANY_WORD if self.clears_objects(method) else frozenset(words_said(method, self.project))
        )

    def may_clear_up(self, owner: Class, resource: Resource) -> bool:
        """Tell whether what is run around tests of a class or any below can delete a resource."""
        key = "clears up", resource.deleters, resource.url
        return self.somewhere_around(owner, key, lambda run: self.may_reach(run, resource))

    def somewhere_around(
        self, owner: Class, question: Hashable, told: Callable[[Run], bool]
    ) -> bool:
        """Tell whether something is so of what is run around tests of a class or any below it.

        What test modules define is asked as any class runs it (see `AnyHeir`), once for all.
        """

        def so(item: Class, runs_as: Class) -> bool:
            return any(told(Run(method, runs_as)) for method in self.around(item))

        def own(item: Class) -> frozenset[Class]:
            """Return a class of a shared module, and one of which it is so."""
            shared = not is_test_module(item.module.path)
            return frozenset([item] if shared or so(item, item) else [])

        found = lineage.family(owner, question, own, self.project)
        return any(is_test_module(item.module.path) or so(item, owner) for item in found)

    def clears_objects(self, method: Method) -> bool:
        """Tell whether a function clears up by the objects that hang on `self`, if it has any."""
        key = "on objects", method.node
        around = method.name in self.run_around
        return around and bool(self.project.memory.ask(key, self._on_objects, method))

    def _words(self, run: Run) -> Words:
        """Return what a function and all that it runs says that may be of a deletion."""
        run = self._calls.as_defined(run, self.run_around)
        return self._reached.ask(run.key, lambda: self._said(run))

    def _said(self, run: Run) -> Words:
        return frozenset(words_said(run.method, self.project)).union(*self._below(run))

    def _below(self, run: Run) -> Iterator[Words]:
        for step in self._calls.steps(run):
            yield self._words(step)
        for step, _ in self.of_objects(run):
            yield self._words(step)

    @cached_property
    def run_around(self) -> frozenset[str]:
        """The names of the methods that are run before and after tests."""
        return roles.preparing(self.project) | roles.clearing(self.project)

    def around(self, owner: Class) -> list[Method]:
        """Return the methods of one class that are run before and after tests."""
        key = "run around", owner.node
        return self.project.memory.ask(key, self._around, owner)

    def _around(self, owner: Class) -> list[Method]:
        return [method for name, method in owner.methods.items() if name in self.run_around]

    def of_objects(self, run: Run) -> list[tuple[Run, ast.Call]]:
        """Return what a function that clears up runs of the objects that hang on `self`."""
        if run.method.name not in self.run_around:
            return []
        key = ("of objects", run.method.node, run.owner and run.owner.node)
        return self.project.memory.ask(key, self._of_objects, run)

    def _of_objects(self, run: Run) -> list[tuple[Run, ast.Call]]:
        key = "on objects", run.method.node
        return [
            (step, call)
            for call in self.project.memory.ask(key, self._on_objects, run.method)
            for step in self._objects.methods(call.func, run)
            if self.project.is_test(step.method.module.path)
        ]

    def _on_objects(self, method: Method) -> list[ast.Call]:
        """Return the calls in a function of what hangs on an attribute of `self`."""
        return [
            call
            for call in Body.of(method, self.project).calls
            if isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Attribute)
            and hangs_on_self(call.func.value)
        ]


@Trait
def words_said(method: Method, project: Project) -> tuple[Word, ...]:
    """Return what the calls of a function say that may be of a deletion, sorted."""
    requests = project.profile.cleanups.requests
    found: set[Word] = set()
    body = Body.of(method, project)
    for call in body.calls:
        found.update(words_of(call, requests, body.assigned))
        for item in call.args:
            if (text := given_as_deletion(item, call)) is not None:
                found.add(("given", text))
    return Deleting.of(project).words(found)


class Deleting(dict[Word, bool]):
    """What can be of a deletion of any resource that a profile knows, or that is derived."""

    @classmethod
    def of(cls, project: Project) -> Deleting:
        """Return what is remembered of a project."""
        return project.memory.ask(cls, cls, project.profile)

    def words(self, said: Iterable[Word]) -> tuple[Word, ...]:
        """Return what of all that is said can be of a deletion, sorted."""
        return tuple(sorted(word for word in said if self[word]))

    def __init__(self, profile: Profile) -> None:
        super().__init__()
        self._deleters = frozenset(item.deleters for item in profile.resources)
        self._derived = profile.cleanups.derived

    def __missing__(self, word: Word) -> bool:
        kind, text = word
        self[word] = found = (
            kind in ("address", "clears")
            or text == ANYTHING
            or (kind == "called" and roles.CLEARS_ALL.fullmatch(text) is not None)
            or (self._derived and ENDING.search(text) is not None)
            or any(says(item, text) for item in self._deleters)
        )
        return found
