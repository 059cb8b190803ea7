"""What the clients in tests may do: which class stands behind `self.api`, and who it acts as."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from enum import IntEnum

from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import OWN, Calls, Run
from fixtests.reasoning.objects import Objects
from fixtests.rules.missing_cleanup.verbs import CREATES, DELETES
from fixtests.syntax.queries import constant_string, dotted, keyword, walk
from fixtests.tree.files import is_test_module
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project

# Which methods of a client delete a thing whose kind, in plural, they are told first.
DELETES_ANY = tuple(f"{DELETES}{noun}" for noun in ("obj", "object", "resource", "entity"))
KIND = re.compile(r"(?:obj|object|res|resource|entity)?_?(?:type|kind)|obj|res|resource|entity")
# What a class names that makes its methods of their names.
PREFIXES = tuple(frozenset({creates, DELETES}) for creates in CREATES)


class User(IntEnum):
    """Who a client acts as, the least able first."""

    LIMITED = 0
    MEMBER = 1
    ADMIN = 2


@dataclass(frozen=True)
class Client:
    """A client as far as the tree shows it; no owners where it stands outside the tree."""

    owners: frozenset[Class]
    user: User


class Clients:
    """Finds out what the clients of one project are."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.profile = project.profile.cleanups
        self.objects = Objects.of(project)

    def client(self, node: ast.expr, run: Run) -> Client | None:
        """Return the client that an expression in a function is, None where nothing shows it."""
        found = self.objects.instances(node, run)
        if found:
            ask = self.project.memory.ask
            user = min(ask(("user", item.made), self._user, item.made) for item in found)
            return Client(frozenset(instance.owner for instance in found), user)
        name = dotted(node)
        if not self.profile.known:
            return Client(frozenset(), User.MEMBER)
        if name in self.profile.clients and run.owner and self.inherits_known(run.owner):
            flag = self.objects.flag(run.owner, self.profile.admin_flag)
            admin = flag or name in self.profile.admins
            return Client(frozenset(), User.ADMIN if admin else User.MEMBER)
        return None

    def users(self, node: ast.expr, run: Run) -> frozenset[User]:
        """Return who a client in a function acts as, in its class or a class of the tests below."""

        def user(owner: Class | None) -> frozenset[User]:
            client = self.client(node, Run(run.method, owner))
            return frozenset([client.user] if client else [])

        name = dotted(node) or ""
        if run.owner is not None and name.partition(".")[0] in OWN:
            return self.project.below(run.owner, ("users", name), user)
        owners = (run.owner, *Calls.of(self.project).heirs(run.owner))
        return frozenset[User]().union(*map(user, owners))

    def offers(self, client: Client, name: str) -> bool:
        """Tell whether a client has a method."""
        return all(answers(owner, name, self.project) for owner in client.owners)

    def host(self, owner: Class | None) -> Class | None:
        """Return a class, or for a mixin in a module of tests the first test case that has it.

        Modules of shared helpers have heirs all over a tree: they are left.
        """
        if owner is None or self._is_case(owner) or not is_test_module(owner.module.path):
            return owner
        return next(filter(self._is_case, Calls.of(self.project).heirs(owner)), owner)

    def _is_case(self, owner: Class) -> bool:
        return self.project.is_test_case(owner) or self.inherits_known(owner)

    def inherits_known(self, owner: Class) -> bool:
        """Tell whether a class has a base outside the tree whose clients are known."""
        ask = self.project.memory.ask
        return ask(("inherits known", owner.node), self._inherits_known, owner)

    def _inherits_known(self, owner: Class) -> bool:
        return any(self.project.derives(owner, base) for base in self.profile.bases)

    def _user(self, made: ast.expr) -> User:
        """Return who a client acts as, by the names and roles it is made with."""
        words = {constant_string(node) for node in walk(made)}
        if self.profile.admin in words:
            return User.ADMIN
        roles = keyword(made, self.profile.roles) if isinstance(made, ast.Call) else None
        if isinstance(roles, ast.List) and self.profile.member not in words:
            return User.LIMITED
        return User.MEMBER


def answers(owner: Class, name: str, project: Project) -> bool:
    """Tell whether a class has a method, or makes such methods when they are asked for."""
    if project.method(owner, name) is not None:
        return True
    maker = None
    if name.startswith((*CREATES, DELETES)):
        maker = project.method(owner, "__getattr__")
    return maker is not None and any(Body.of(maker, project).texts >= it for it in PREFIXES)


def generic_deletion(owner: Class, project: Project) -> Method | None:
    """Return the method of a client that deletes things of whichever kind it is told."""
    methods = filter(None, (project.method(owner, name) for name in DELETES_ANY))
    return next((item for item in methods if _takes_kind(item)), None)


def _takes_kind(method: Method) -> bool:
    return any(KIND.fullmatch(item.arg) for item in method.node.args.args[1:2])


def noun_of(name: str) -> str:
    """Return what the name of a creating method says after its verb, empty for other names."""
    verb = next(filter(name.startswith, CREATES), "")
    return name.removeprefix(verb) if verb else ""


def made_alike(client: ast.expr) -> str:
    """Return how to make a client once more, which a call with texts and numbers alone makes."""
    match client:
        case ast.Call(func=func, args=args, keywords=[]) if dotted(func):
            return ast.unparse(client) if all(isinstance(it, ast.Constant) for it in args) else ""
    return ""
