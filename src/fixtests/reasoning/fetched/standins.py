"""Whether a call of a test reaches the real thing, or a stand-in that the test put in its place.

Only the tests' text is asked: what they patch, and which names they give to mocks.
"""

from __future__ import annotations

import ast
import re
from functools import cached_property

from fixtests.reasoning import roles, stand_ins
from fixtests.reasoning.calls import Run
from fixtests.reasoning.fetched import lengths
from fixtests.reasoning.fetched.known import Fetched, Kind
from fixtests.reasoning.stand_ins import Replacements
from fixtests.syntax.queries import called_name, constant_string, dotted, walk
from fixtests.tree.files import within
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project

DATABASE = re.compile(r"(.*_)?(db|dbapi|db_api)|.*_db_api")
OBJECTS = re.compile(r"[A-Z]\w*List")
APPLICATION = re.compile(r"(.*_)?app")
OF_DATABASE = re.compile(r"\bdb|_db\b|dbapi|sqlalchemy")
# What all functions of the database stand on, or all of them.
MACHINERY = re.compile(
    r".*(session|engine|query|connection|context_manager|execute|get_instance)"
    r"|_?(db|api|db_api|dbapi|impl|sqlalchemy|sqlalchemy_api)",
    re.IGNORECASE,
)
NAMED = re.compile(r"\w+")
QUOTED = re.compile(r"['\"]([\w.]+)['\"]")
LIVE = frozenset({"functional", "integrated"})


class StandIns:
    """What stands in for the real thing in one function."""

    def __init__(self, project: Project, method: Method, owner: Class | None) -> None:
        self.project = project
        self.method = method
        self.owner = owner

    def replay(self, call: ast.Call, found: Fetched) -> bool:
        """Tell whether a call's results come from stand-ins, as far as the tests' text shows."""
        name = called_name(call)
        if live(self.method.module.path, self.project):
            return name in self._mocked
        parts = (dotted(call.func) or "").split(".")[:-1]
        holder = parts[-1] if parts else ""
        if DATABASE.fullmatch(holder):
            return name in self._mocked or any(_hides(item, name) for item in self._texts)
        if OBJECTS.fullmatch(holder) or "objects" in parts[:-1]:
            subject = holder.removesuffix("List")
            return name in self._mocked or any(_feeds(item, subject) for item in self._texts)
        if found.kind in (Kind.RESPONSE, Kind.BODY):
            if APPLICATION.fullmatch(holder) or name in ("get_response", "loads"):
                return name in self._mocked
            if holder in ("self", "cls"):
                return name in self._mocked or any(map(roles.TRANSPORT.search, self._texts))
        return bool(self._texts)

    @cached_property
    def _prepared(self) -> list[ast.AST]:
        """The function, and what prepares it."""
        parts: list[ast.AST] = [self.method.node]
        if self.owner is not None:
            parts += self.owner.node.decorator_list
        for found in roles.preparations(self.owner, self.project):
            if found.owner is self.owner or found.module is self.method.module:
                parts.append(found.node)
        return parts

    @cached_property
    def _texts(self) -> list[str]:
        """The texts of the calls and names that make, place or set up stand-ins."""
        found = []
        for node in (item for part in self._prepared for item in walk(part)):
            match node:
                case ast.Call() if self._involves_stand_in(node):
                    if not roles.GIVES_CLIENT.search(called_name(node)):
                        found.append(ast.unparse(node))
                case ast.Attribute(attr="return_value" | "side_effect"):
                    found.append(lengths.text(node))
                case ast.arg(arg=name) if stand_ins.names_stand_in(name):
                    found.append(name)
        return found

    @cached_property
    def _mocked(self) -> set[str]:
        """The names of the functions that stand-ins replace."""
        ask = self.project.memory.ask
        keys = ((part, self.owner and self.owner.node) for part in self._prepared)
        return set().union(*(ask(("replaced", *key), self._replaced, key[0]) for key in keys))

    def _replaced(self, part: ast.AST) -> set[str]:
        """Return the names of the functions that the stand-ins of a function replace."""
        names: set[str] = set()
        for node in walk(part):
            match node:
                case ast.Attribute(
                    value=ast.Attribute(attr=name), attr="return_value" | "side_effect"
                ):
                    names.add(name)
                case ast.Attribute(attr=name, ctx=ast.Store()):
                    names.add(name)
                case ast.Call():
                    words = [*filter(None, map(constant_string, node.args[:2]))]
                    if words and self._involves_stand_in(node):
                        names.update(word.rpartition(".")[2] for word in words)
        return names

    def _involves_stand_in(self, call: ast.Call) -> bool:
        """Tell whether a call makes, places or sets up a stand-in."""
        words = NAMED.findall(lengths.text(call.func))
        if any(map(stand_ins.names_stand_in, words)):
            return True
        return Replacements.of(self.project).replaces(call, Run(self.method, self.owner))


def live(path: str, project: Project) -> bool:
    """Tell whether a test file talks to running services, not to stand-ins."""
    relative = project.relative(path)
    return bool(LIVE & set(relative.split("/"))) or within(relative, project.profile.tests)


def _hides(text: str, name: str) -> bool:
    """Tell whether a stand-in takes the place of a database function, or of what is below it."""
    return re.search(rf"\b{re.escape(name)}\b", text) is not None or _undermines(text)


def _feeds(text: str, subject: str) -> bool:
    """Tell whether a stand-in takes the place of a kind of objects, or of where they come from."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", subject).lower()
    stored = OF_DATABASE.search(text) and re.search(
        rf"(?<![a-z]){re.escape(words)}s?(?![a-z])", text
    )
    return bool(stored or re.search(rf"\b{re.escape(subject)}", text)) or _undermines(text)


def _undermines(text: str) -> bool:
    """Tell whether a stand-in replaces the database itself, not one of its functions."""
    replaced = [word.rpartition(".")[2] for word in QUOTED.findall(text)]
    machinery = not replaced or any(map(MACHINERY.fullmatch, replaced))
    return machinery and OF_DATABASE.search(text) is not None
