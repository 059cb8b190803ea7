"""Whether a call of a test reaches the real thing, or a stand-in that the test put in its place.

Only the tests' text is asked: what they patch, and which names they give to mocks.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import cached_property

from fixtests.reasoning import roles, stand_ins
from fixtests.reasoning.built_texts import told
from fixtests.reasoning.calls import Run
from fixtests.reasoning.fetched import lengths
from fixtests.reasoning.fetched.known import Fetched, Kind
from fixtests.reasoning.stand_ins import Replacements
from fixtests.syntax.queries import called_name, calls, constant_string, dotted, walk
from fixtests.tree.files import within
from fixtests.tree.module import Class, Method, Module
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
NOTHING: frozenset[str] = frozenset()
Read = Callable[[ast.AST, Run, Project], frozenset[str]]


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
    def _texts(self) -> frozenset[str]:
        """The texts of the calls and names that make, place or set up stand-ins."""
        return self._told(_texts)

    @cached_property
    def _mocked(self) -> frozenset[str]:
        """The names of the functions that stand-ins replace."""
        return self._told(_replaced)

    def _told(self, read: Read) -> frozenset[str]:
        """Return what the function tells, and what prepares it: what surrounds its class, too."""
        run, owner = Run(self.method, self.owner), self.owner
        found = self._read(read, self.method.node, run)
        if owner is None:
            return found
        around = (self._read(read, item, run) for item in owner.node.decorator_list)
        key = read, owner.node, self.method.module
        before = self.project.memory.ask(key, self._before, read, owner, self.method.module)
        return found.union(before, *around)

    def _read(self, read: Read, part: ast.AST, run: Run) -> frozenset[str]:
        """Return what a part of a function tells that is run as a class."""
        key = read, part, run.owner and run.owner.node
        return self.project.memory.ask(key, read, part, run, self.project)

    def _before(self, read: Read, owner: Class, module: Module) -> frozenset[str]:
        """Return what tells that is run before the tests of a class, as far as a module has it."""

        def told(item: Class, runs_as: Class | None = None) -> frozenset[str]:
            if item is not owner and item.module is not module:
                return NOTHING
            methods = roles.preparations(item, self.project)
            parts = (self._read(read, one.node, Run(one, runs_as or item)) for one in methods)
            return NOTHING.union(*parts)

        if self._rewired(owner):
            order = (item for item in self.project.mro(owner) if isinstance(item, Class))
            return NOTHING.union(*(told(item, owner) for item in order))
        return told(owner) | self.project.above(owner, (read, module), told)

    def _rewired(self, owner: Class) -> bool:
        """Tell whether what prepares tests may call something else in a class than in its base."""
        above, bases = self.project.above, self.project.bases

        def told(item: Class) -> frozenset[bool]:
            inside = [base for base in bases(item) if isinstance(base, Class)]
            called = NOTHING.union(*(above(base, "called before", self._called) for base in inside))
            again = (called & item.methods.keys()) - roles.preparing(self.project)
            return frozenset([True] if again or len(inside) > 1 else [])

        return True in above(owner, "rewired", told)

    def _called(self, item: Class) -> frozenset[str]:
        """Return the names of what is called before the tests of a class."""
        parts = (one.node for one in roles.preparations(item, self.project))
        return frozenset(called_name(call) for part in parts for call in calls(part))


def _texts(part: ast.AST, run: Run, project: Project) -> frozenset[str]:
    """Return the texts of the calls and names that make, place or set up stand-ins in a part."""
    found = set()
    for node in walk(part):
        match node:
            case ast.Call() if _involves_stand_in(node, run, project):
                if not roles.GIVES_CLIENT.search(called_name(node)):
                    found.add(ast.unparse(node))
            case ast.Attribute(attr="return_value" | "side_effect"):
                found.add(lengths.text(node))
            case ast.arg(arg=name) if stand_ins.names_stand_in(name):
                found.add(name)
    return frozenset(found)


def _replaced(part: ast.AST, run: Run, project: Project) -> frozenset[str]:
    """Return the names of the functions that the stand-ins of a part replace."""
    names: set[str] = set()
    for node in walk(part):
        match node:
            case ast.Attribute(value=ast.Attribute(attr=name), attr="return_value" | "side_effect"):
                names.add(name)
            case ast.Attribute(attr=name, ctx=ast.Store()):
                names.add(name)
            case ast.Call():
                words = _texts_given(node, run)
                if words and _involves_stand_in(node, run, project):
                    names.update(word.rpartition(".")[2] for word in words)
    return frozenset(names)


def _texts_given(call: ast.Call, run: Run) -> list[str]:
    """Return the texts that a call is given first, those that are put together for a patcher."""
    name, first = called_name(call), call.args[:2]
    if name in stand_ins.BELOW or stand_ins.REPLACES.fullmatch(name):
        return [text for item in first for text in told(item, run.method.module)]
    return [*filter(None, map(constant_string, first))]


def _involves_stand_in(call: ast.Call, run: Run, project: Project) -> bool:
    """Tell whether a call makes, places or sets up a stand-in."""
    words = NAMED.findall(lengths.text(call.func))
    if any(map(stand_ins.names_stand_in, words)):
        return True
    return Replacements.of(project).replaces(call, run)


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
