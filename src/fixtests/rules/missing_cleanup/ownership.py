"""Whether somebody deletes what a call creates: here, in helpers, in the class or in callers.

Follows the reply by what it is bound to, put into, returned as and passed to.
Errs towards "deleted": a deletion of something looked up counts for all.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.reasoning import roles
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.orders import order
from fixtests.reasoning.stand_ins import Replacements
from fixtests.reasoning.summaries import Summaries
from fixtests.rules.missing_cleanup.clients import Clients
from fixtests.rules.missing_cleanup.creations import Creations
from fixtests.rules.missing_cleanup.deletions import (
    came_from,
    cleared_client,
    deletes,
    given_for,
    is_refused,
    names_deletion,
)
from fixtests.rules.missing_cleanup.derived import Derived
from fixtests.rules.missing_cleanup.naming import naming_any
from fixtests.rules.missing_cleanup.origins import MADE, UNKNOWN, Origins, Token, made_by, spot
from fixtests.rules.missing_cleanup.reaching import Reaching
from fixtests.syntax.queries import called_name, values_given
from fixtests.tree.module import Class, Method
from fixtests.tree.profile_cleanups import Resource
from fixtests.tree.project import Project

Target = frozenset[Token]
Targets = frozenset[Target]
NOTHING: Targets = frozenset()


class Ownership:
    """Knows what the functions of one project delete, for one resource after the other."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.calls = Calls.of(project)
        self.clients = Clients(project)
        self.creations = Creations(project, self.clients)
        self._targets: Summaries[Targets] = Summaries(project, "targets", NOTHING, frozenset.union)
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
        for receiver in owners:
            targets = self.targets(Run(run.method, receiver), resource)
            if any(named & target for target in targets):
                return True
        stored = self.stored(call, token, run, resource)
        of_each = run.method.name in roles.PREPARES_EACH
        return origins.handed(token) or self._in_class(stored, owners, resource, of_each=of_each)

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
                [
                    *(
                        target
                        for call in Body.of(run.method, self.project).calls
                        for target in self.targets_of(call, run, resource)
                    ),
                    *self._emptied(run, resource),
                ]
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

    def _deletes(self, call: ast.Call, resource: Resource, origins: Origins) -> bool:
        requests = self.project.profile.cleanups.requests
        return deletes(call, resource, requests, origins.body.assigned)

    def targets_of(self, call: ast.Call, run: Run, resource: Resource) -> Iterator[Target]:
        """Yield what one call of a function deletes may come from, for each deletion in it."""
        origins = self.origins(run.method, run.owner)
        name = called_name(call)
        if roles.CLEARS_ALL.fullmatch(name):
            yield frozenset({UNKNOWN})
        elif client := cleared_client(call):
            yield frozenset(("self", made_by(item)) for item in origins.attributes(client))
        elif (deletion := self._deletes(call, resource, origins)) and (call.args or call.keywords):
            arguments = values_given(call)
            yield came_from(origins, arguments, resource, empty=False)
        else:
            callee = self.calls.callee_in_tests(call.func, run)
            shown = self._mapped(call.args, call.keywords, callee, origins, resource)
            unseen = [came_from(origins, [call.func], resource, empty=True)] if deletion else []
            yield from shown or unseen
        passes = any(
            isinstance(item, ast.Attribute | ast.Name) or names_deletion(item, resource, call)
            for item in call.args
        )
        if not passes or roles.EXPECTS.fullmatch(name) or is_refused(call):
            return
        found: list[Target] = []
        for place, argument in enumerate(call.args):
            rest = call.args[place + 1 :]
            if names_deletion(argument, resource, call):
                told = [argument] if order(argument) else []
                given = [*told, *rest, *(item.value for item in call.keywords)]
                found.append(came_from(origins, given, resource, empty=not given))
            elif isinstance(argument, ast.Attribute | ast.Name):
                passed = self.calls.callee_in_tests(argument, run)
                found += self._mapped(rest, call.keywords, passed, origins, resource)
        if found and not Replacements.of(self.project).replaces(call, run):
            yield from found

    def _mapped(
        self,
        args: list[ast.expr],
        keywords: list[ast.keyword],
        callee: Run | None,
        origins: Origins,
        resource: Resource,
    ) -> list[Target]:
        """Return what a called function deletes, in the names of its caller."""
        if callee is None:
            return []
        mapped: list[Target] = []
        for target in self.targets(callee, resource):
            found: set[Token] = set()
            for token in target:
                if token[0] == "parameter":
                    values = [*given_for(str(token[1]), callee.method, args, keywords)]
                    found |= {it for value in values for it in origins.of(value)}
                    if values and not found and isinstance(resource, Derived):
                        found.add(UNKNOWN)
                elif token[0] in ("self", "unknown"):
                    found.add(token)
            mapped.append(frozenset(found))
        return mapped
