"""What the calls of one function delete: where the deleted things may come from, in its names."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from fixtests.reasoning import roles
from fixtests.reasoning.any_heir import AnyHeir
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.orders import order
from fixtests.reasoning.stand_ins import Replacements
from fixtests.rules.missing_cleanup.deletions import (
    came_from,
    cleared_client,
    deletes,
    given_for,
    is_refused,
    names_deletion,
)
from fixtests.rules.missing_cleanup.derived import Derived
from fixtests.rules.missing_cleanup.origins import UNKNOWN, Origins, Token, made_by
from fixtests.syntax.queries import called_name, calls, values_given
from fixtests.tree.profile_cleanups import Resource
from fixtests.tree.project import Project

Target = frozenset[Token]
Targets = frozenset[Target]
NOTHING: Targets = frozenset()
ANY: Target = frozenset({UNKNOWN})
SEVERAL = 2


class Deletions:
    """What the calls of a function delete, as one class runs it.

    `targets` tells that of the functions that it runs.
    """

    MORE = False  # whether what it is called like counts, too, where a function is known

    def __init__(
        self,
        origins: Origins,
        resource: Resource,
        targets: Callable[[Run], Targets],
        calls: Calls,
    ) -> None:
        self._origins = origins
        self._resource = resource
        self._targets = targets
        self._calls = calls
        self._run = Run(origins.method, origins.owner)
        self._requests = calls.project.profile.cleanups.requests

    def all(self) -> Iterator[Target]:
        """Yield what each deletion of the function may be of."""
        for call in self._origins.body.calls:
            yield from self.of(call)

    def of(self, call: ast.Call) -> Iterator[Target]:
        """Yield what one call deletes may come from, for each deletion in it."""
        origins, resource = self._origins, self._resource
        name = called_name(call)
        if roles.CLEARS_ALL.fullmatch(name):
            yield ANY
        elif client := cleared_client(call):
            yield frozenset(("self", made_by(item)) for item in origins.attributes(client))
        elif (deletion := self._deletes(call)) and (call.args or call.keywords):
            arguments = values_given(call)
            yield came_from(origins, arguments, resource, empty=False)
        else:
            shown = self._mapped(call.func, call.args, call.keywords)
            unseen = [came_from(origins, [call.func], resource, empty=True)] if deletion else []
            yield from [*shown, *unseen] if self.MORE else shown or unseen
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
                found += self._mapped(argument, rest, call.keywords)
        if found and not self._replaces(call):
            yield from found

    def _deletes(self, call: ast.Call) -> bool:
        return deletes(call, self._resource, self._requests, self._origins.body.assigned)

    def _mapped(
        self, named: ast.expr, args: list[ast.expr], keywords: list[ast.keyword]
    ) -> list[Target]:
        """Return what a called function deletes, in the names of its caller."""
        mapped: list[Target] = []
        for callee in self._callees(named):
            for target in self._targets(callee):
                found: set[Token] = set()
                for token in target:
                    if token[0] == "parameter":
                        values = [*given_for(str(token[1]), callee.method, args, keywords)]
                        found |= {it for value in values for it in self._origins.of(value)}
                        if values and not found and isinstance(self._resource, Derived):
                            found.add(UNKNOWN)
                    elif token[0] in ("self", "unknown"):
                        found.add(token)
                mapped.append(frozenset(found))
        return mapped

    def _callees(self, named: ast.expr) -> Iterable[Run]:
        callee = self._calls.callee_in_tests(named, self._run)
        return [callee] if callee else []

    def _replaces(self, call: ast.Call) -> bool:
        return Replacements.of(self._calls.project).replaces(call, self._run)


class AnyDeletions(Deletions):
    """What they may delete as the class or any below it runs it, or more than that.

    Where nobody can tell, that is anything.
    """

    MORE = True

    def _mapped(
        self, named: ast.expr, args: list[ast.expr], keywords: list[ast.keyword]
    ) -> list[Target]:
        if self._any_heir.callees(named, self._run) is None:
            return [ANY]
        mapped = super()._mapped(named, args, keywords)
        return [item | ANY for item in mapped] if isinstance(self._resource, Derived) else mapped

    def _callees(self, named: ast.expr) -> Iterable[Run]:
        return self._any_heir.callees(named, self._run) or ()

    @cached_property
    def _any_heir(self) -> AnyHeir:
        return AnyHeir.of(self._calls.project)

    def _replaces(self, call: ast.Call) -> bool:
        return False


class AnyOrigins(Origins):
    """Where the values in a function may come from, whatever a class creates by its calls."""

    def __init__(self, run: Run, may_create: Callable[[str], bool], project: Project) -> None:
        super().__init__(run, lambda _: False, project)
        self._may_create = may_create

    def _named(self, name: str, seen: frozenset[str | ast.AST]) -> set[Token]:
        found = super()._named(name, seen)
        return found | ANY if self._is_of_several(name) else found

    def _is_of_several(self, name: str) -> bool:
        """Tell whether a name may hold things that are created one after the other."""
        values = self.body.assigned.get(name, ())
        made = (
            value
            for value in (values if len(values) >= SEVERAL else ())
            if any(self._may_create(called_name(call)) for call in calls(value))
        )
        return len([*made]) >= SEVERAL
