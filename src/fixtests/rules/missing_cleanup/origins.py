"""Where the values in one function come from: names, parameters, attributes and calls."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cached_property

from fixtests.reasoning import roles, words
from fixtests.reasoning.bodies import Body, is_own
from fixtests.reasoning.calls import Run
from fixtests.reasoning.flow import Reaching
from fixtests.rules.missing_cleanup.verbs import DELETES
from fixtests.syntax.queries import called_name, calls, children, keyword, last_name
from fixtests.tree.module import Method
from fixtests.tree.project import Project

# What a value may come from: ("parameter", name), ("self", attribute), ("call", file, place...)
# or UNKNOWN for what was looked up or is passed in by somebody unseen.
Token = tuple[str | int, ...]
UNKNOWN: Token = ("unknown",)
UNPACK = frozenset({"get", "pop", "popitem", "items", "values", "copy", "keys", "popleft"})
SEVERAL = 2
MADE = "()"  # after a client's name: what it has made
PASSING = frozenset({"enumerate", "zip", "range", "reversed", "sorted", "list", "tuple", "str"})


def spot(method: Method, node: ast.expr | ast.stmt) -> Token:
    """Name a node by its place, the same however often its file is parsed."""
    return (
        method.module.path,
        node.lineno,
        node.col_offset,
        node.end_lineno or 0,
        node.end_col_offset or 0,
    )


class Origins:
    """Where the values in one function come from, for one class of `self`.

    `creates` tells which calls make something new whatever they are given.
    """

    def __init__(self, run: Run, creates: Callable[[ast.Call], bool], project: Project) -> None:
        self.body = Body.of(run.method, project)
        self.method = run.method
        self.owner = run.owner
        self.creates = creates
        self._project = project

    def of(self, node: ast.AST, seen: frozenset[str | ast.AST] = frozenset()) -> set[Token]:
        """Return what a value may come from."""
        match node:
            case ast.Name(id=name):
                reaching = self._reaching(node) if node not in seen else None
                if reaching is None:
                    return self._named(name, seen)
                return {it for value in reaching for it in self.of(value, seen | {node})}
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
                return {("self", attr)} | self._bound(f"self.{attr}", seen)
            case ast.Attribute(ast.Attribute(ast.Name("self" | "cls"), holder), attr) if (
                attr.endswith("s") and roles.NAMES_CLIENT.search(holder)
            ):
                return {("self", made_by(holder))} | self.of(node.value, seen)
            case ast.Attribute(value=ast.Attribute() | ast.Call() as holder, attr=attr) if is_own(
                holder
            ):
                return {("self", attr)} | self._bound(f"self.{attr}", seen)
            case ast.Attribute(value=value):
                return self.of(value, seen)
            case ast.Call():
                return self._called(node, seen)
            case ast.Lambda() | ast.Constant():
                return set()
        return {token for child in children(node) for token in self.of(child, seen)}

    def stored(self, token: Token) -> set[str]:
        """Return the attributes of `self` that hold what comes from a token."""
        return {
            name
            for name, values in self.body.attributes.items()
            if any(token in self.of(value) for value in values)
        }

    def given(self, call: ast.Call) -> set[Token]:
        """Return where a call's arguments come from: a name in them may name what it creates."""
        values: list[ast.AST] = [*call.args, *call.keywords]
        return {token for value in values for token in self.of(value)} - {UNKNOWN}

    def named(self, call: ast.Call) -> set[str]:
        """Return the attributes of `self` that what a call creates gets its name from."""
        name = keyword(call, "name")
        return self.attributes(name) if name else set()

    def attributes(self, node: ast.AST) -> set[str]:
        """Return the attributes of `self` that a value may come from."""
        return {str(token[1]) for token in self.of(node) if token[0] == "self"}

    def handed(self, token: Token) -> bool:
        """Tell whether what comes from a token is put into a parameter, or hung on one.

        A function that stands outside of any class is given its `self` or `cls` by somebody.
        """
        if self.method.owner is None and self.stored(token):
            return True
        return any(
            token in self.of(value)
            for name in self.body.parameters
            for value in self.body.sources.get(name, ())
        )

    @cached_property
    def looked_up(self) -> frozenset[Token]:
        """What stands for what the function finds by asking a client and deletes one by one.

        Whoever clears up so walks through whatever there is, be it in something that is kept.
        """
        deleted = {
            token
            for call in self.body.calls
            if any(map(_deletes, (call.func, *call.args)))
            for value in call.args
            for token in self.of(value)
        }
        asked = (
            ("call", *spot(self.method, call))
            for call in self.body.calls
            if isinstance(call.func, ast.Attribute)
            and called_name(call).startswith(words.LOOKS_UP)
            and roles.CLIENT.fullmatch(last_name(call.func.value))
        )
        return frozenset({UNKNOWN, *deleted.intersection(asked)})

    def _reaching(self, node: ast.Name) -> list[ast.expr] | None:
        """Return what a name may hold at one place, None where that is all it ever holds.

        It tells things apart that are created one after the other under one name.
        """
        values = self.body.assigned.get(node.id, ())
        if len(values) < max(SEVERAL, len(self.body.sources.get(node.id, ()))):
            return None
        made = [value for value in values if any(map(self.creates, calls(value)))]
        if len(made) < SEVERAL:
            return None
        held = Reaching.of(self.method, self.owner, self._project).values(node)
        found = [value for value in held if value is not None]
        return found if found and len(found) == len(held) else None

    def _named(self, name: str, seen: frozenset[str | ast.AST]) -> set[Token]:
        found: set[Token] = {("parameter", name)} if name in self.body.parameters else set()
        if name in self.body.sources:
            return found | self._bound(name, seen)
        if name in self.body.inner:
            found.add(UNKNOWN)
        return found

    def _bound(self, name: str, seen: frozenset[str | ast.AST]) -> set[Token]:
        if name in seen or name not in self.body.sources:
            return set()
        if not seen:
            return self._project.memory.ask((self, name), self._sources, name, seen)
        return self._sources(name, seen)

    def _sources(self, name: str, seen: frozenset[str | ast.AST]) -> set[Token]:
        below = seen | {name}
        return {token for value in self.body.sources[name] for token in self.of(value, below)}

    def _called(self, call: ast.Call, seen: frozenset[str | ast.AST]) -> set[Token]:
        found: set[Token] = {("call", *spot(self.method, call))}
        if self.creates(call):
            return found
        if isinstance(call.func, ast.Name) and call.func.id in PASSING:
            found.clear()
        parts: list[ast.AST] = [*call.args, *call.keywords]
        name = called_name(call)
        if isinstance(call.func, ast.Attribute) and (
            name in UNPACK or not hangs_on_self(call.func.value)
        ):
            parts.append(call.func.value)
        tokens = {token for part in parts for token in self.of(part, seen)}
        requests = self._project.profile.requests
        if (
            not tokens
            and (name.startswith(words.LOOKS_UP) or name in requests)
            and not any(isinstance(part, ast.Name) and part.id in seen for part in parts)
        ):
            found.add(UNKNOWN)
        return found | tokens


def made_by(client: str) -> str:
    """Return what stands for all that a client has made, in the place of an attribute's name."""
    return f"{client}{MADE}"


def _deletes(function: ast.expr) -> bool:
    return last_name(function).lstrip("_").startswith(DELETES)


def hangs_on_self(node: ast.expr) -> bool:
    """Tell whether something is an attribute of `self`, or of one of its attributes."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ("self", "cls")
