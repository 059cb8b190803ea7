"""The tests of a tree, and one run of one of them in one world."""

from __future__ import annotations

import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import SkipTest

from fake_api import pytests
from fake_api.cases import Case
from fake_api.modules import FINDER
from fake_api.takeover import CLOCK
from fake_api.world import LimitReachedError, Met, World, enter, now

HOOKS = ("setUp", "tearDown", "setUpClass", "tearDownClass", "resource_setup", "resource_cleanup")
HOOKS += ("setup_clients", "setup_credentials", "skip_checks", "cleanUp")
HOOKS += ("setup_method", "teardown_method")


@dataclass(frozen=True)
class Entry:
    """A test, or a method of a sample that none of its tests calls.

    One that is a function of its module is of no `case`.
    """

    module: str
    case: str
    method: str

    def __str__(self) -> str:
        return f"{self.module}:{'.'.join(filter(None, (self.case, self.method)))}"


@dataclass
class Run:
    """What came of a run: an empty verdict where the test passed."""

    verdict: str
    world: World


class Tree:
    """The modules of one folder that hold tests or what tests are derived from."""

    def __init__(self, root: Path) -> None:
        self.root = root
        files = [file.relative_to(root) for file in sorted(root.rglob("*.py"))]
        files = [file for file in files if "tests" in file.parts and file.stem != "__init__"]
        self.files = {".".join(file.with_suffix("").parts): file for file in files}

    def entries(self) -> list[Entry]:
        """Return what can be run, in the order of the files."""
        enter(World({}))
        found = []
        for module in FINDER.load(self.root, list(self.files)):
            source = (self.root / self.files[module.__name__]).read_text()
            for name, item in vars(module).items():
                if getattr(item, "__module__", "") != module.__name__:
                    continue
                if isinstance(item, type):
                    found += [Entry(module.__name__, name, it) for it in _methods(item, source)]
                elif isinstance(item, types.FunctionType) and name.startswith("test"):
                    found.append(Entry(module.__name__, "", name))
        return found

    def run(self, entry: Entry, answers: dict[str, object], met: Met | None = None) -> Run:
        """Run a test in a world of its own."""
        world = World(answers, met)
        enter(world)
        CLOCK.sleeps = 0
        try:
            module = FINDER.load(self.root, [entry.module])[0]
            verdict = _verdict(world, module, entry)
        except (Exception, LimitReachedError) as error:
            verdict = _text(error)
        return Run(verdict, world)


def _methods(case: type, source: str) -> list[str]:
    """Return the tests of a class, and its own methods that nothing in the module calls.

    Of a test case that has neither, setUp is run. A mixin is run as a test case of its own, and so
    is a class of tests of pytest; other classes that are no test cases stand in modules without
    tests.
    """
    own = [
        name
        for name, value in vars(case).items()
        if isinstance(value, (types.FunctionType, classmethod))
        and not name.startswith(("test", "__"))
        and name not in HOOKS
        and not hasattr(value, pytests.IS_FIXTURE)
        and f".{name}" not in source
    ]
    inherited = dict.fromkeys(name for base in case.__mro__ for name in vars(base))
    tests = [name for name in inherited if name.startswith("test")]
    if issubclass(case, Case):
        return tests + own or ["setUp"]
    if not case.__module__.rpartition(".")[2].startswith("test_"):
        return []
    return tests + own if case.__name__.startswith("Test") else own


def _verdict(world: World, module: types.ModuleType, entry: Entry) -> str:
    """Return why a test failed; an empty text where it passed."""
    method = entry.method
    if entry.case:
        case = getattr(module, entry.case)
        if not issubclass(case, Case):
            case = type(case.__name__, (case, Case), {"__module__": case.__module__})
    else:
        case = type("Function", (Case,), {method: staticmethod(getattr(module, method))})
    world.phase = "test"
    problems: list[str] = []
    instance: Any = None
    try:
        case.setUpClass()
        instance = case(method)
        instance.setUp()
        if method != "setUp":
            pytests.call(module, instance, getattr(instance, method))
    except (Exception, SkipTest) as error:
        problems.append(_text(error))
    world.phase = "cleanup"
    steps = [instance.tearDown, *_cleanups(instance, "_cleanups")] if instance else []
    steps += [case.resource_cleanup, case.tearDownClass, *_cleanups(case, "_class_cleanups")]
    for step in steps:
        try:
            step()
        except Exception as error:
            problems.append(f"in cleanup: {_text(error)}")
    return "; ".join(problems)


def _cleanups(holder: Any, name: str) -> list[Any]:
    """Return what was registered, last in first out."""
    found = reversed(vars(holder).get(name, []))
    return [lambda it=it: it[0](*it[1], **it[2]) for it in found]


def _text(error: BaseException) -> str:
    said = str(error)
    if isinstance(error, AssertionError) and not said:  # a bare assertion, which is told
        said = "".join(now().asserted[-1:])
    lines = [line for line in said.splitlines() if line.strip()]
    return f"{type(error).__name__}: {' / '.join(lines[:3])}"[:300]
