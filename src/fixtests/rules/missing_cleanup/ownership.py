"""Whether somebody deletes what a call creates: here, in helpers, in the class or in callers.

Follows the reply by what it is bound to, put into, returned as and passed to.
Errs towards "deleted": a deletion of something looked up counts for all.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterator

from fixtests.reasoning import lineage, roles
from fixtests.reasoning.any_heir import AnyHeir
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.summaries import Summaries
from fixtests.rules.missing_cleanup.clients import Clients
from fixtests.rules.missing_cleanup.creations import Creations
from fixtests.rules.missing_cleanup.naming import naming, naming_any
from fixtests.rules.missing_cleanup.origins import MADE, UNKNOWN, Origins, Token, made_by, spot
from fixtests.rules.missing_cleanup.reaching import Reaching
from fixtests.rules.missing_cleanup.targets import (
    ANY,
    NOTHING,
    AnyDeletions,
    AnyOrigins,
    Deletions,
    Target,
    Targets,
)
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_cleanups import Resource
from fixtests.tree.project import Project

FEW = 8  # classes of which each is asked rather than any of them; see `AnyHeir`


class Ownership:
    """Knows what the functions of one project delete, for one resource after the other."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.calls = Calls.of(project)
        self.clients = Clients(project)
        self.creations = Creations(project, self.clients)
        self._targets: Summaries[Targets] = Summaries(project, "targets", NOTHING, frozenset.union)
        self._any_targets: Summaries[Targets] = Summaries(
            project, "targets as any heir", NOTHING, frozenset.union
        )
        self._any_heir = AnyHeir.of(project)
        self._reaching = Reaching(project, self.calls, self.clients.objects)

    @classmethod
    def of(cls, project: Project) -> Ownership:
        """Return what is remembered of a project."""
        return project.memory.ask(cls, cls, project)

    def origins(self, method: Method, owner: Class | None) -> Origins:
        """Return the bindings of a function."""
        key = ("origins", method.node, owner and owner.qualified)
        return self.project.memory.ask(key, self._origins, method, owner)

    def _origins(self, method: Method, owner: Class | None) -> Origins:
        def creates(call: ast.Call) -> bool:
            return self.creations.match(call, method, owner) is not None

        return Origins(Run(method, owner), creates, self.project)

    def deleted(
        self, call: ast.Call, method: Method, owner: Class | None, resource: Resource
    ) -> bool:
        """Tell whether anything in reach deletes what a call gives, or whoever gets it returned."""
        seen: set[Token] = set()
        waiting = [(call, Run(method, owner))]
        while waiting:
            call, run = waiting.pop()
            token: Token = ("call", *spot(run.method, call))
            if token in seen:
                continue
            seen.add(token)
            if self.releases(call, token, run, resource):
                return True
            returns = self.returns(token, run)
            if not returns and run.method.name.startswith("test"):
                continue
            for above, over in self.calls.callers(run):
                if any(UNKNOWN in item for item in self.targets(over, resource)):
                    return True
                if returns:
                    waiting.append((above, over))
        return False

    def releases(self, call: ast.Call, token: Token, run: Run, resource: Resource) -> bool:
        """Tell whether a function, or the class it is run as, deletes what a call in it gives."""
        origins = self.origins(run.method, run.owner)
        owners = [run.owner, *self.calls.heirs(run.owner)]
        named = self._named(call, token, origins)
        if len(owners) <= FEW or self._may_delete(named, run, resource):
            for receiver in owners:
                targets = self.targets(Run(run.method, receiver), resource)
                if not all(map(named.isdisjoint, targets)):
                    return True
        stored = self.stored(call, token, run, resource)
        of_each = run.method.name in roles.PREPARES_EACH
        return origins.handed(token) or self._in_class(stored, owners, resource, of_each=of_each)

    def _may_delete(self, named: set[Token], run: Run, resource: Resource) -> bool:
        """Tell whether a function may delete something named, as its class or one below that."""
        targets = self.any_targets(self._any_heir.run(run.method, run.owner), resource)
        return not all(map(named.isdisjoint, targets))

    def _named(self, call: ast.Call, token: Token, origins: Origins) -> set[Token]:
        """Return what names what a call gives: itself, what it is given, and what is looked up."""
        given = {it for it in origins.given(call) if not str(it[-1]).endswith(MADE)}
        return {token, UNKNOWN, *given}

    def stored(self, call: ast.Call, token: Token, run: Run, resource: Resource) -> set[str]:
        """Return the attributes of `self` that hold what a call gives, or what names it."""
        origins = self.origins(run.method, run.owner)
        kept = {token} if resource.has_id else self._named(call, token, origins) - {UNKNOWN}
        found = {name for item in kept for name in origins.stored(item)} | origins.named(call)
        if not resource.has_id:
            named = {name for value in call.args for name in origins.attributes(value)}
            found |= {name for name in named if not roles.NAMES_CLIENT.search(name)}
        if isinstance(call.func, ast.Attribute):
            clients = self.clients.objects.names(call.func.value, run)
            found |= {made_by(name.partition(".")[2]) for name in clients}
        return found

    def returns(self, token: Token, run: Run) -> bool:
        """Tell whether a function gives back what comes from a token."""
        origins = self.origins(run.method, run.owner)
        return any(token in origins.of(value) for value in origins.body.returned)

    def _in_class(
        self,
        attributes: set[str],
        owners: list[Class | None],
        resource: Resource,
        *,
        of_each: bool,
    ) -> bool:
        """Tell whether some methods delete what hangs on `self`, or clear up whatever there is.

        What is made for each test, a test deletes for itself only.
        """
        first = owners[0]
        if first and len(owners) > FEW and not self._may_clear_up(attributes, first, resource):
            return False
        for owner in owners:
            found = self.deleting(attributes, owner, resource)
            if not of_each:
                if next(found, None) is not None:
                    return True
                continue
            tests = {name for name in (owner.methods if owner else ()) if name.startswith("test")}
            names = {item.name for item in found}
            if names - tests or (tests and tests <= names):
                return True
        return False

    def _may_clear_up(self, attributes: set[str], owner: Class, resource: Resource) -> bool:
        """Tell whether any method may delete so, of a class or one below it; see `deleting`."""
        project = self.project

        def is_named(attribute: str) -> bool:
            def own(item: Class) -> frozenset[bool]:
                return frozenset([True] if naming(item, attribute, project) else [])

            return bool(lineage.family(owner, ("is named", attribute), own, project))

        may_name = any(map(is_named, filter(str.isidentifier, attributes)))
        return may_name or self._reaching.may_clear_up(owner, resource)

    def deleting(
        self, attributes: set[str], owner: Class | None, resource: Resource
    ) -> Iterator[Method]:
        """Yield the methods that delete what hangs on `self`, or clear up whatever there is."""
        tokens: set[Token] = {("self", name) for name in attributes}
        for method in self._methods(owner, attributes, resource):
            clears = method.name in self._reaching.run_around
            counted = tokens | self.origins(method, owner).looked_up if clears else tokens
            for target in self.targets(Run(method, owner), resource):
                if counted & target:
                    yield method
                    break

    def _methods(
        self, owner: Class | None, attributes: set[str], resource: Resource
    ) -> list[Method]:
        """Return the methods, inherited ones too, that may delete what hangs on `self`.

        They name an attribute, or are run around tests and delete something.
        """
        key = "around", owner and owner.node, resource
        around = self.project.memory.ask(key, self._around, owner, resource)
        names = frozenset(filter(str.isidentifier, attributes))
        return self.project.memory.ask((*key, names), self._naming, around, names)

    def _around(self, owner: Class | None, resource: Resource) -> list[tuple[Class, list[Method]]]:
        """Return what deletes around tests, for each class in order."""
        found = []
        for item in self.project.mro(owner) if owner else ():
            if isinstance(item, Class):
                around = self.around(item)
                deleting = [one for one in around if self.targets(Run(one, owner), resource)]
                found.append((item, deleting))
        return found

    def _naming(
        self, around: list[tuple[Class, list[Method]]], names: frozenset[str]
    ) -> list[Method]:
        """Return what deletes around tests, with what names an attribute, class by class."""
        return [
            method
            for owner, deleting in around
            for method in (*deleting, *naming_any(owner, names, self.project))
        ]

    def somewhere_around(
        self, owner: Class, question: Hashable, told: Callable[[Run], bool]
    ) -> bool:
        """Tell whether something is so of what is run around tests of a class or any below it."""
        return self._reaching.somewhere_around(owner, question, told)

    def around(self, owner: Class) -> list[Method]:
        """Return the methods of one class that are run before and after tests."""
        return self._reaching.around(owner)

    def targets(self, run: Run, resource: Resource) -> Targets:
        """Return, for each deletion that a function runs, what the deleted thing may come from."""
        if not self.reaches(run, resource):
            return NOTHING
        return self._targets.ask(
            (resource.deleters, *run.key),
            lambda: frozenset(
                [*self._deletions(run, resource).all(), *self._emptied(run, resource)]
            ),
        )

    def _emptied(self, run: Run, resource: Resource) -> Iterator[Target]:
        """Yield what the objects of a test delete that a function clears up with."""
        origins = self.origins(run.method, run.owner)
        for step, call in self._reaching.of_objects(run):
            holder = frozenset(origins.of(call.func))
            for target in self.targets(step, resource):
                if any(token[0] == "self" for token in target):
                    yield holder

    def reaches(self, run: Run, resource: Resource) -> bool:
        """Tell whether a function, or one that it runs, can delete a resource at all."""
        return self._reaching.reaches(run, resource)

    def targets_of(self, call: ast.Call, run: Run, resource: Resource) -> Iterator[Target]:
        """Yield what one call of a function deletes may come from, for each deletion in it."""
        return self._deletions(run, resource).of(call)

    def _deletions(self, run: Run, resource: Resource) -> Deletions:
        origins = self.origins(run.method, run.owner)
        return Deletions(origins, resource, lambda it: self.targets(it, resource), self.calls)

    def any_targets(self, run: Run, resource: Resource) -> Targets:
        """Return what `targets` may give as the class or any below it runs it; see `AnyHeir`."""
        if not self._reaching.may_reach(run, resource):
            return NOTHING
        return self._any_targets.ask((resource, *run.key), lambda: self._of_any(run, resource))

    def _of_any(self, run: Run, resource: Resource) -> Targets:
        if self._reaching.clears_objects(run.method):
            return frozenset({ANY})
        origins = AnyOrigins(run, self.creations.may_be, self.project)
        known = AnyDeletions(
            origins, resource, lambda it: self.any_targets(it, resource), self.calls
        )
        return frozenset(known.all())
