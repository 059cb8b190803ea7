"""Which blocks and calls expect an exception, or drop one, so that what is in them may fail.

unittest's own come first, then what the tree defines (a context manager whose
`yield` stands in such a block, a class whose `__exit__` swallows); names
alone answer for what stands outside of the tree.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce

from fixtests.reasoning import contexts, roles, words
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.summaries import Summaries
from fixtests.syntax.queries import called_name, calls, dotted, values_given, walk, walk_function
from fixtests.tree.module import Class, External, Method, Value
from fixtests.tree.project import Project

MANAGERS = {"contextmanager", "asynccontextmanager"}
EXITS = ("__exit__", "__aexit__")
YIELDS = (ast.Yield, ast.YieldFrom)


@dataclass(frozen=True)
class Expectation:
    """The exceptions that a block takes, by the last part of their names.

    `parameters` are those of the function around it that may be more of them;
    with `unknown`, others may be taken as well. Where it is `demanded` that one
    is raised, a test fails if none is; else they are only dropped. `by_helper` says
    that the tree's own code takes them, which may do more with them.
    """

    names: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    unknown: bool = False
    demanded: bool = False
    by_helper: bool = False

    @property
    def is_open(self) -> bool:
        """Whether exceptions may be taken that are not among the names."""
        return self.unknown or bool(self.parameters)

    def takes(self, *names: str) -> bool:
        """Tell whether one of some exceptions is among the names."""
        return not self.names.isdisjoint(names)

    def joined(self, other: Expectation) -> Expectation:
        """Return what both take."""
        return Expectation(
            self.names | other.names,
            self.parameters | other.parameters,
            self.unknown or other.unknown,
            self.demanded or other.demanded,
            self.by_helper or other.by_helper,
        )


UNSEEN = Expectation(unknown=True, by_helper=True)


class Expectations:
    """What the blocks in the tests of one project expect."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._calls = Calls.of(project)
        self._taken: Summaries[Expectation | None] = Summaries(project, "taken", None, _either)
        self._asking = Summaries[bool](project, "asking", False, bool.__or__)
        self._swallowing = Summaries[bool](project, "swallowing", False, bool.__or__)

    @classmethod
    def of(cls, project: Project) -> Expectations:
        """Return the one instance of a project."""
        return project.memory.ask(cls, cls, project)

    def around(self, block: ast.With | ast.AsyncWith, run: Run) -> Expectation | None:
        """Return what a `with` in a function takes, None where exceptions pass through it."""
        return _joined(
            self.entered(call, run) if call else UNSEEN
            for call in contexts.around(block, run, self.project)
        )

    def entered(self, context: ast.Call, run: Run) -> Expectation | None:
        """Return what a context manager takes, None where exceptions pass through it."""
        name = contexts.meant(context, run, self.project)
        named = roles.EXPECTS.fullmatch(name) is not None
        if name not in roles.EXPECTS_IN_UNITTEST:
            shown = self._shown(context, run)
            if shown is not None:
                takes = shown.names or shown.is_open
                return replace(shown, by_helper=True) if takes else None
        return self._listed(context, name, run.method) if named else None

    def called(self, call: ast.Call, run: Run) -> bool:
        """Tell whether a call demands that a function fails which it is given, or its block."""
        if called_name(call) in roles.EXPECTS_IN_UNITTEST:
            return True
        callee = self._calls.callee(call.func, run)
        if callee is not None and self._asks(callee):
            return True
        found = self.entered(call, run)
        return found is not None and found.demanded

    def _asks(self, callee: Run) -> bool:
        """Tell whether a function expects that a function fails which is its parameter."""
        return self._asking.ask(callee.key, lambda: self._asks_anew(callee))

    def _asks_anew(self, callee: Run) -> bool:
        given = set(Body.of(callee.method, self.project).parameters)
        for node in walk_function(callee.method.node):
            if isinstance(node, ast.Call) and any(_is_one(item, given) for item in node.args[1:2]):
                if self.called(node, callee):
                    return True
            elif isinstance(node, ast.With) and any(
                _is_one(item.func, given) for part in node.body for item in calls(part)
            ):
                found = self.around(node, callee)
                if found is not None and found.demanded:
                    return True
        return False

    def _shown(self, call: ast.Call, run: Run) -> Expectation | None:
        """Return what the tree shows that a call takes, an empty one for nothing.

        None where the tree does not show what is called, or nothing of the kind in it.
        """
        path = dotted(call.func)
        target = self.project.lookup(run.method.module, path) if path else None
        if isinstance(target, Class):
            return self._of_class(target, call, run.method)
        callee = self._calls.callee(call.func, run)
        if callee is None:
            return None
        found = self._taken.ask(callee.key, lambda: self._of_function(callee))
        return found and self._filled(found, callee.method, call, run.method)

    def _of_function(self, callee: Run) -> Expectation | None:
        """Return what a context manager that is a function takes, in its own parameters."""
        if _is_manager(callee.method.node):
            return _joined(self._blocks(callee)) or Expectation()
        returned = (
            node.value for node in walk_function(callee.method.node) if isinstance(node, ast.Return)
        )
        return _joined(
            self.entered(value, callee) for value in returned if isinstance(value, ast.Call)
        )

    def _blocks(self, callee: Run) -> Iterator[Expectation | None]:
        """Yield what the blocks take that a generator yields in."""
        for node in walk_function(callee.method.node):
            match node:
                case ast.With() | ast.AsyncWith() if _yields(node.body):
                    yield self.around(node, callee)
                case ast.Try(body=body, handlers=handlers, orelse=orelse) if _yields(body):
                    demanded = any(map(_fails, (*body, *orelse)))
                    for handler in handlers:
                        if not any(isinstance(item, ast.Raise) for item in walk(handler)):
                            kinds = [handler.type or ast.Name("BaseException")]
                            found = self._kinds(kinds, callee.method)
                            yield replace(found, demanded=demanded)

    def _of_class(self, target: Class, call: ast.Call, method: Method) -> Expectation | None:
        """Return what an object takes whose class is in the tree."""
        known = [found for name in EXITS if (found := self.project.method(target, name))]
        if not known:
            outside = (item.name.rpartition(".")[2] for item in self.project.mro(target))
            drops = next((name for name in outside if name in roles.DROPS), "")
            return self._listed(call, drops, method) if drops else None
        if not any(self._swallows(Run(found, target)) for found in known):
            return Expectation()
        demanded = any(_fails(item) for found in known for item in found.node.body)
        return replace(self._listed(call, called_name(call), method), demanded=demanded)

    def _swallows(self, leaving: Run) -> bool:
        """Tell whether an `__exit__` may return something true, by itself or through `super()`."""
        return self._swallowing.ask(leaving.key, lambda: self._swallows_anew(leaving))

    def _swallows_anew(self, leaving: Run) -> bool:
        for node in walk_function(leaving.method.node):
            match node:
                case ast.Return(value=None) | ast.Return(value=ast.Constant(value=None | False)):
                    continue
                case ast.Return(value=ast.Call(func=ast.Attribute(attr=name)) as call) if (
                    name in EXITS
                ):
                    above = self._calls.callee(call.func, leaving)
                    if above is not None and self._swallows(above):
                        return True
                case ast.Return():
                    return True
        return False

    def _listed(self, call: ast.Call, name: str, method: Method) -> Expectation:
        """Return what a call of something takes that lists exceptions among its arguments."""
        given = values_given(call)
        if name not in roles.DROPS:
            given = given[:1]  # the others are texts, or a function and its arguments
        found = self._kinds(given, method)
        return replace(
            found,
            unknown=found.unknown or not (found.names or found.parameters),
            demanded=name not in roles.DROPS,
        )

    def _kinds(self, given: Iterable[ast.expr], method: Method) -> Expectation:
        """Return the exceptions that some expressions are, in the parameters of a function."""
        parameters = {item.arg for item in walk(method.node.args) if isinstance(item, ast.arg)}
        found = Expectation()
        for item in given:
            if isinstance(item, ast.Tuple):
                found = found.joined(self._kinds(item.elts, method))
            elif isinstance(item, ast.Name) and item.id in parameters:
                found = found.joined(Expectation(parameters=frozenset({item.id})))
            else:
                found = found.joined(self._kind(item, method))
        return found

    def _kind(self, item: ast.expr, method: Method) -> Expectation:
        path = dotted(item) or ""
        value = self.project.lookup(method.module, path) if path else None
        if isinstance(value, Value):
            parts = value.node.elts if isinstance(value.node, ast.Tuple) else [value.node]
            paths = [dotted(part) or "" for part in parts]
        else:
            paths = [value.name if isinstance(value, External) else path]
        names = {item.rpartition(".")[2] for item in paths}
        classes = frozenset(name for name in names if words.is_exception(name))
        return Expectation(classes, unknown=len(classes) < len(names))

    def _filled(
        self, found: Expectation, callee: Method, call: ast.Call, method: Method
    ) -> Expectation:
        """Return what a function takes in the words of a call of it."""
        result = replace(found, parameters=frozenset())
        for name in found.parameters:
            given = _given(name, callee, call)
            result = result.joined(
                self._kinds([given], method) if given else Expectation(unknown=True)
            )
        return result


def _given(name: str, callee: Method, call: ast.Call) -> ast.expr | None:
    """Return what a call gives for a parameter, its default where it gives nothing."""
    arguments = callee.node.args
    listed = [item.arg for item in (*arguments.posonlyargs, *arguments.args)]
    defaults = dict(zip(listed[::-1], arguments.defaults[::-1], strict=False))
    names = [item for item in listed if item not in ("self", "cls")]
    for item in call.keywords:
        if item.arg == name:
            return item.value
    if name in names and names.index(name) < len(call.args):
        return call.args[names.index(name)]
    return defaults.get(name)


def _joined(found: Iterable[Expectation | None]) -> Expectation | None:
    return reduce(_either, found, None)


def _either(one: Expectation | None, other: Expectation | None) -> Expectation | None:
    return one.joined(other) if one and other else one or other


def _is_manager(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = ((dotted(item) or "").rpartition(".")[2] for item in function.decorator_list)
    return not MANAGERS.isdisjoint(names)


def _yields(body: Iterable[ast.stmt]) -> bool:
    return any(isinstance(item, YIELDS) for part in body for item in (part, *walk_function(part)))


def _fails(node: ast.AST) -> bool:
    """Tell whether a statement fails a test somewhere."""
    return any(
        isinstance(item, ast.Raise)
        or (isinstance(item, ast.Call) and called_name(item) == roles.FAILS)
        for item in walk(node)
    )


def _is_one(node: ast.expr, names: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names
