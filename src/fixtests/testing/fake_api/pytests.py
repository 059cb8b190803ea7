"""What tests of pytest are written with: fixtures, marks, `raises`; all else of it is made up.

A fixture is one of the sample's module or class, or of `FIXTURES` of the stand-ins, else made up.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest import SkipTest

from fake_api.paths import shown
from fake_api.unknown import Failure, Unknown
from fake_api.world import LimitReachedError, now

FIXTURES: dict[str, Callable[[], Any]] = {}  # of the stand-ins
MARKS, IS_FIXTURE = "marks_of_pytest", "is_fixture_of_pytest"
BY_ORDER = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def note(name: str, *arguments: object, **named: object) -> None:
    """Note an assertion, but not one that another one calls."""
    if not now().asserting:
        texts = [*map(shown, arguments), *(f"{key}={shown(it)}" for key, it in named.items())]
        now().asserted.append(f"{name}({', '.join(texts)})")


class Raises:
    """Expects an exception in a block, and holds it afterwards."""

    def __init__(self, expected: Any, match: str | None = None) -> None:
        self.expected, self.pattern = expected, match
        self.type: Any = None
        self.value: Any = None

    def __enter__(self) -> Raises:
        now().expected.append(self.expected)
        return self

    def __exit__(self, kind: Any, value: Any, trace: Any) -> bool:
        now().expected.pop()
        if kind is None:
            raise AssertionError(f"did not raise {shown(self.expected)}")
        if not issubclass(kind, self.expected):
            return False
        self.type, self.value = kind, value
        if self.pattern is not None:
            self._match(self.pattern)
        return True

    def match(self, pattern: str) -> bool:
        note("match", pattern)
        self._match(pattern)
        return True

    def _match(self, pattern: str) -> None:
        """Look for a pattern in what the exception says, if that is not made up."""
        if not isinstance(self.value, Failure) and not re.search(pattern, str(self.value)):
            raise AssertionError(f"{pattern!r} does not match {str(self.value)!r}")


def raises(expected: Any, *called: Any, match: str | None = None, **named: Any) -> Raises:
    """Expect an exception in the block that follows, or of the function that is given."""
    note("raises", expected, **({} if match is None else {"match": match}))
    found = Raises(expected, match)
    if called:
        with found:
            called[0](*called[1:], **named)
    return found


def fail(reason: str = "", pytrace: bool = True) -> None:
    """Fail the test."""
    note("fail", reason)
    raise AssertionError(reason)


def skip(reason: str = "", **named: Any) -> None:
    """Leave the test, which does not pass."""
    raise SkipTest(reason)


def fixture(function: Any = None, **named: Any) -> Any:
    """Note that a function is a fixture."""
    if function is None:
        return lambda it: fixture(it, **named)
    setattr(function, IS_FIXTURE, named)
    return function


def param(*values: Any, **named: Any) -> Any:
    """Return the values of one call of a test."""
    return values if len(values) > 1 else values[0]


class _Mark:
    """One mark, with what it is given."""

    def __init__(self, name: str, arguments: tuple[Any, ...] = (), named: Any = None) -> None:
        self.name, self.arguments, self.named = name, arguments, named or {}

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if len(arguments) == 1 and isinstance(arguments[0], (types.FunctionType, type)):
            marked = arguments[0]
            setattr(marked, MARKS, [self, *vars(marked).get(MARKS, ())])
            return marked
        return _Mark(self.name, arguments, named)


class _Marks:
    """All marks, by their names."""

    def __getattr__(self, name: str) -> _Mark:
        return _Mark(name)


PROVIDED = {
    "raises": raises,
    "fixture": fixture,
    "param": param,
    "skip": skip,
    "fail": fail,
    "mark": _Marks(),
}


@dataclass
class Given:
    """What one call of a test is given: the values of its parameters, and its fixtures."""

    module: types.ModuleType
    instance: Any
    values: dict[str, Any]
    opened: list[Iterator[Any]] = field(default_factory=list)

    def of(self, name: str) -> Any:
        """Return what stands for a name, the same one each time."""
        if name not in self.values:
            self.values[name] = self._made(name)
        return self.values[name]

    def _made(self, name: str) -> Any:
        own = self._own().get(name)
        if own is None:
            return FIXTURES[name]() if name in FIXTURES else Unknown(f"argument#{name}")
        needed = [it.name for it in inspect.signature(own).parameters.values()]
        done = own(**{it: self.of(it) for it in needed})
        if inspect.isgenerator(done):
            self.opened.append(done)
            return next(done)
        return done

    def _own(self) -> dict[str, Any]:
        """Return the fixtures of the test's module and class, by their names."""
        found = dict(vars(self.module))
        for base in type(self.instance).__mro__[::-1]:
            found |= {name: getattr(self.instance, name) for name in vars(base)}
        return {
            getattr(it, IS_FIXTURE).get("name") or name: it
            for name, it in found.items()
            if inspect.isroutine(it) and hasattr(it, IS_FIXTURE)
        }

    def call(self, function: Any) -> None:
        """Call a test, after the fixtures that every test has, and end those that it was given."""
        marks = _marks(self.instance, function)
        asked = [name for mark in marks if mark.name == "usefixtures" for name in mark.arguments]
        every = [name for name, it in self._own().items() if getattr(it, IS_FIXTURE).get("autouse")]
        for name in (*every, *asked):
            self.of(name)
        try:
            self._step("setup_method", function)
            _finish(function(**self._arguments(function)))
        finally:
            self._step("teardown_method", function)
            for opened in self.opened[::-1]:
                next(opened, None)

    def _step(self, name: str, function: Any) -> None:
        """Do what a class of tests does before or after each of them."""
        if any(name in vars(base) for base in type(self.instance).__mro__):
            step = getattr(self.instance, name)
            step(*[function] * len(inspect.signature(step).parameters))

    def _arguments(self, function: Any) -> dict[str, Any]:
        """Return something for each argument that a test needs, or may be given."""
        needed = [
            it for it in inspect.signature(function).parameters.values() if it.kind in BY_ORDER
        ]
        patched = len(getattr(function, "patchings", ()))
        return {
            it.name: self.of(it.name)
            for it in needed[: len(needed) - patched]
            if it.name in self.values
            or it.default is it.empty
            or now().ask(f"argument#{it.name}", "given", (False, True))
        }


def call(module: types.ModuleType, instance: Any, function: Any) -> None:
    """Call a test with each of the values that it is given by a mark, one after the other."""
    for values in _values(_marks(instance, function)):
        Given(module, instance, values).call(function)


def _marks(instance: Any, function: Any) -> list[_Mark]:
    """Return the marks of a test and of its class."""
    marked = [*map(vars, type(instance).__mro__), getattr(function, "__dict__", {})]
    return [mark for names in marked for mark in names.get(MARKS, ())]


def _values(marks: list[_Mark]) -> list[dict[str, Any]]:
    """Return what marks give to parameters: each with each."""
    found: list[dict[str, Any]] = [{}]
    for mark in marks:
        if mark.name == "parametrize":
            names, rows = (*mark.arguments, *mark.named.values())[:2]
            names = re.split(r"\s*,\s*", names.strip()) if isinstance(names, str) else names
            more = [
                dict(zip(names, row if len(names) > 1 else (row,), strict=True)) for row in rows
            ]
            found = [{**one, **other} for one in found for other in more]
    return found


def _finish(done: Any) -> None:
    if inspect.iscoroutine(done):
        try:
            done.send(None)
        except StopIteration:
            return
        raise LimitReachedError("a coroutine that waits for something real")
