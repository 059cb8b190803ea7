"""Which expressions are lists that were fetched: from a client, an HTTP body, a query, a helper.

The tree answers where it can (helpers are followed, their own checks count);
names answer for clients, objects and databases that it does not show.
"""

from __future__ import annotations

import ast
import re
from functools import reduce

from fixtests.reasoning import roles, stand_ins, words
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.fetched import asserted, lengths, rows
from fixtests.reasoning.fetched.dealing import Blocks
from fixtests.reasoning.fetched.flow import Flow, relevant
from fixtests.reasoning.fetched.known import BODIES, INDEXED, OPEN, Fetched, Kind, State, both
from fixtests.reasoning.fetched.standins import DATABASE, OBJECTS, StandIns
from fixtests.reasoning.objects import Objects, Shape
from fixtests.reasoning.summaries import Summaries
from fixtests.syntax.queries import called_name, constant_string, dotted, walk, walk_function
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project
from fixtests.tree.traits import Trait

QUERY = re.compile(r"query|select|execute|session|filter")
VERBS = frozenset({"get", "post", "put", "patch", "request"})
HTTP = frozenset({"httpx", "requests"})  # libraries whose functions send a request
YIELDS = (ast.Yield, ast.YieldFrom)
ONE_ROW = re.compile(r"select\s+(?:count|max|min|sum|avg)\s*\(", re.IGNORECASE)
WRITTEN = frozenset({"body", "content", "text"})


class Lists:
    """What the functions of one project return, followed where a list is indexed."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.calls = Calls.of(project)
        self.objects = Objects.of(project)
        self._summaries: Summaries[Fetched | None] = Summaries(project, "lists", OPEN, both)

    @classmethod
    def of(cls, project: Project) -> Lists:
        """Return the one instance of a project."""
        return project.memory.ask(cls, cls, project)

    def summary(self, run: Run) -> Fetched | None:
        """Return what a function of the tree gives back, None where that is no fetched list."""
        looks = fetched_by.looks(run.method, self.project, run.owner)
        return self._summaries.ask(run.key, lambda: self._returned(run), looks)

    def _returned(self, run: Run) -> Fetched | None:
        nodes = walk(run.method.node)
        if any(isinstance(item, YIELDS) for item in nodes):
            return None
        returns = [
            item.value
            for item in walk_function(run.method.node)
            if isinstance(item, ast.Return) and item.value is not None
        ]
        if not returns or self.objects.replies(run) - {Shape.BODY}:
            return None
        origins = Origins(self, run)
        names = relevant(nodes, returns)
        found = Flow(run.method.node, origins, origins.checked, names, origins.blocks).returned
        bodies = any(item is not None and item.kind is Kind.BODY for item in found)
        if not found or (bodies and asserted.measures(run.method.node, returns)):
            return None
        start: Fetched | None = OPEN
        return reduce(both, found, start)


@Trait
def fetched_by(method: Method, project: Project, owner: Class | None = None) -> Fetched | None:
    """Return what a function gives back as a class runs it, None where it fetched nothing."""
    return Lists.of(project).summary(Run(method, owner))


class Origins:
    """Answers for the expressions of one function."""

    def __init__(self, lists: Lists, run: Run) -> None:
        self.lists = lists
        self.project = lists.project
        self.run = run
        self.blocks = Blocks(run, self.project)
        self._stand_ins = StandIns(lists.project, run.method, run.owner)

    def __call__(self, node: ast.expr, state: State) -> Fetched | None:
        """Return what an expression fetched, None where it is nothing of the kind."""
        kind = state.kinds.get(lengths.text(node)) if not isinstance(node, ast.Call) else None
        if kind is not None:
            return Fetched(kind, state.length(node))
        listed = lengths.same_length(node)
        if listed is not node:
            found = self(listed, state)
            if found is None or found.kind not in INDEXED:
                return found if found is not None and found.open else None
            return Fetched(Kind.LIST, found.least)
        match node:
            case ast.Attribute(value=value, attr=attribute):
                return self._attribute(value, attribute, state)
            case ast.Subscript(value=value, slice=ast.Constant(value=str(key))):
                return self._keyed(value, key, state)
            case ast.ListComp(generators=[ast.comprehension(iter=source, ifs=conditions)]):
                found = self(source, state)
                if found is None or found.kind not in INDEXED:
                    return found if found is not None and found.open else None
                return Fetched(Kind.LIST, 0 if conditions else found.least)
            case ast.Call():
                return self._call(node, state)
        return None

    def checked(self, call: ast.Call) -> list[lengths.Fact]:
        """Return what a method of the test asserts of what its other methods give."""
        calls = self.lists.calls
        callee = calls.callee_in_tests(call.func, self.run) if _on_self(call.func) else None
        return [*asserted.after(call, callee.method, self.project)] if callee else []

    def _attribute(self, value: ast.expr, attribute: str, state: State) -> Fetched | None:
        if attribute in BODIES:
            found = self(value, state)
            if found is not None and found.kind is Kind.RESPONSE:
                return Fetched(Kind.BODY)
            return found if found is not None and found.open else None
        return None

    def _loaded(self, written: ast.expr, state: State) -> Fetched | None:
        """Answer for JSON that is read from a response."""
        if isinstance(written, ast.Attribute) and written.attr in WRITTEN:
            return self._attribute(written.value, "body", state)
        return None

    def _keyed(self, value: ast.expr, key: str, state: State) -> Fetched | None:
        if not words.plural_key(key):
            thing = self(value, state)
            return thing if thing is not None and thing.kind is Kind.THING else None
        found = self(value, state)
        if found is not None and found.open:
            return found
        if found is not None and found.kind is not Kind.RESPONSE:  # no list has a key
            return Fetched(Kind.LIST)
        return self._replied(value, key, state)

    def _replied(self, value: ast.expr, key: str, state: State) -> Fetched | None:
        """Answer for what a client's method is named for: `['ports']` of `create_bulk_ports()`."""
        call = _bound(value, state)
        if not isinstance(call, ast.Call) or key.removesuffix("s") not in called_name(call):
            return None
        holder = (dotted(call.func) or "").split(".")[-2:-1]
        found = Fetched(Kind.LIST)
        if not holder or not roles.REPLYING.fullmatch(holder[0]):
            return None
        return None if self._stand_ins.replay(call, found) else found

    def _call(self, call: ast.Call, state: State) -> Fetched | None:
        function = _bound(call.func, state)
        if function is not call.func and isinstance(function, ast.Attribute):
            call = ast.Call(function, call.args, call.keywords)  # a method under a shorter name
        name = called_name(call)
        if isinstance(call.func, ast.Attribute):
            if name == "json":
                return self._attribute(call.func.value, name, state)
            if name == "loads" and call.args:
                return self._loaded(call.args[0], state)
            if name == "deserialize" and call.args:
                return self._attribute(call.args[-1], "body", state)
            key = constant_string(call.args[0]) if name == "get" and call.args else None
            if key is not None and words.plural(key):
                found = self._keyed(call.func.value, key, state)
                if found is not None:
                    return found
        found = self._answered(call, name, state)
        if found is None or found.open or not self._stand_ins.replay(call, found):
            return found
        return None

    def _answered(self, call: ast.Call, name: str, state: State) -> Fetched | None:
        """Answer for a call by what it runs, by its name where that does not tell."""
        made = self.lists.objects.methods(call.func, self.run)
        shown = made or self._shown(call, name)
        found = self._followed(made, call)
        if found is None and any(item.method.module is self.run.method.module for item in made):
            return None
        found = found or self._named(call, name, state)
        found = found or self._followed(shown, call)
        shapes = {it for item in shown if found for it in self.lists.objects.replies(item)}
        body = found and found.kind is Kind.ANSWER and Shape.BODY in shapes
        return None if Shape.TUPLE in shapes else Fetched(Kind.BODY) if body else found

    def _shown(self, call: ast.Call, name: str) -> list[Run]:
        """Return the function of the tree that a call runs; product modules are seldom read."""
        calls = self.lists.calls
        fetches = words.FETCHES.match(name) or "get_all" in name or rows.is_stored(call)
        seek = calls.callee if fetches or not _elsewhere(call) else calls.callee_in_tests
        callee = seek(call.func, self.run)
        return [callee] if callee else []

    def _followed(self, shown: list[Run], call: ast.Call) -> Fetched | None:
        """Answer for a call by the functions that it may run."""
        start = OPEN if shown else None
        return reduce(both, (self._returned(item, call) for item in shown), start)

    def _returned(self, callee: Run, call: ast.Call) -> Fetched | None:
        """Answer for what a function of the tree gives back."""
        if not self.project.is_test(callee.method.module.path):  # it is what is tested
            return Fetched(Kind.LIST) if rows.gives_many(callee.method, call) else None
        return self.lists.summary(callee)

    def _named(self, call: ast.Call, name: str, state: State) -> Fetched | None:
        """Answer for a call by what it is called, and on what."""
        if not isinstance(call.func, ast.Attribute):
            return None
        if name in rows.ROWS and not call.args:
            asked = lengths.text(call.func.value)
            return Fetched(Kind.LIST) if QUERY.search(asked) and not ONE_ROW.search(asked) else None
        parts = (dotted(call.func) or "").split(".")[:-1]
        if not parts or stand_ins.names_stand_in(parts[0]):
            return None
        own = self.project.profile.requests
        if name == "get_response" or (name in (*VERBS, *own) and _requests(call)):
            return Fetched(Kind.RESPONSE)
        if name in VERBS and self.run.method.module.imports.get(parts[0]) in HTTP:
            return Fetched(Kind.RESPONSE)
        known = roles.CLIENT.fullmatch(parts[-1]) or _entered_client(call.func.value, state)
        if known or name in own or (words.lists_several(name) and self._is_client(call)):
            found = self._client_call(name)
            thing = roles.REPLYING.fullmatch(parts[-1]) and words.GIVES_ONE.match(name)
            return Fetched(Kind.THING) if found is None and thing else found
        named = any(roles.CLIENT.fullmatch(part) for part in parts)
        if name == "list" and (named or self._is_client(call)):
            return Fetched(Kind.LIST)
        if DATABASE.fullmatch(parts[-1]):
            many = words.FETCHES_ALL.fullmatch(name) and not roles.CREATES.match(name)
            sought = words.lists_several(words.OF_TABLE.sub("", name, count=1))
            return Fetched(Kind.LIST) if many or sought else None
        if OBJECTS.fullmatch(parts[-1]):
            return Fetched(Kind.LIST) if name.startswith(words.LISTS_OBJECTS) else None
        if "objects" in parts[:-1] and name.startswith("list"):
            return Fetched(Kind.LIST)
        return None

    def _is_client(self, call: ast.Call) -> bool:
        """Tell whether a method is called on something that is bound to a client."""
        holder = call.func.value if isinstance(call.func, ast.Attribute) else call.func
        return self.lists.objects.is_client(holder, self.run)

    def _client_call(self, name: str) -> Fetched | None:
        if name in VERBS or name in self.project.profile.requests:
            return Fetched(Kind.RESPONSE)
        for run in self.lists.objects.methods_of_clients(name):
            found = self.lists.summary(run)
            if found is not None:
                return found
        if words.lists_several(name) or name.startswith(words.LISTS_ALL):
            return Fetched(Kind.ANSWER)
        return Fetched(Kind.LIST) if name.endswith("_get_all") else None


def _bound(node: ast.expr, state: State) -> ast.expr:
    """Return what a name was assigned, the expression itself where that is not known."""
    origin = state.origins.get(node.id) if isinstance(node, ast.Name) else None
    return origin.value if isinstance(origin, ast.Assign) else node


def _requests(call: ast.Call) -> bool:
    """Tell whether a call is given the path of a request: `self.get(f'/users/{name}')`."""
    first = call.args[0] if call.args else None
    while isinstance(first, ast.BinOp):
        first = first.left
    if isinstance(first, ast.Call) and isinstance(first.func, ast.Attribute):
        first = first.func.value  # `'/users/{}'.format(name)`
    if isinstance(first, ast.JoinedStr) and first.values:
        first = first.values[0]
    return (constant_string(first) or "").startswith("/")


def _entered_client(node: ast.expr, state: State) -> bool:
    """Tell whether a name is a client that a `with` opened: `with self.test_client() as c`."""
    origin = state.origins.get(node.id) if isinstance(node, ast.Name) else None
    return isinstance(origin, ast.With) and any(
        isinstance(item.context_expr, ast.Call)
        and roles.REPLYING.fullmatch(called_name(item.context_expr))
        and item.optional_vars is not None
        and lengths.text(item.optional_vars) == lengths.text(node)
        for item in origin.items
    )


def _elsewhere(call: ast.Call) -> bool:
    """Tell whether a call is of something in a module: `api.find(x)`, not `self.find(x)`."""
    holder = call.func.value if isinstance(call.func, ast.Attribute) else None
    return holder is not None and not _on_self(call.func) and not isinstance(holder, ast.Call)


def _on_self(function: ast.expr) -> bool:
    """Tell whether a function is one of the test's own: `self.find`."""
    return isinstance(function, ast.Attribute) and dotted(function.value) in ("self", "cls")
