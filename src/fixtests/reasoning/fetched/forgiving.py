"""Whether who runs a function may count on an exception from it, in words.

Those are callers and their callers, blocks that expect an exception, whoever is handed the
function, its decorators, and the class that runs its tests in a way of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from fixtests.reasoning import helpers, reflection, roles
from fixtests.reasoning.calls import OWN, Calls, Run
from fixtests.reasoning.expectations import EXITS
from fixtests.reasoning.fetched.dealing import (
    APART,
    FAILED,
    INDEX,
    Kind,
    deals,
    holds_handler,
    run_at,
)
from fixtests.reasoning.module_names import is_spoken_of, sets_attribute
from fixtests.syntax.queries import (
    Function,
    called_name,
    dotted,
    is_function,
    last_name,
    values_given,
    walk,
)
from fixtests.tree.module import Class, Module, Value
from fixtests.tree.project import Project

FORGIVEN = (
    "who calls the method deals with a list that is too short; look whether it counts on that"
)
POLLED = (
    "the method is handed to code that waits for it; look whether it should tell that the list is "
    "not there yet"
)
APART_FROM_IT = "`{}` runs the method and keeps what it raises; look whether somebody counts on it"
HANDED = "the method is handed on; look whether who runs it deals with a list that is too short"
DECORATED = "`@{}` may deal with a list that is too short; look whether it counts on that"
EXPECTED_TO_FAIL = "the test is expected to fail; look whether it is for this index"
RUN_OTHERWISE = "its class runs tests in a way of its own; look whether an index error ends them"
RUNNING = ("run", "_callTestMethod", "_run_test_method", "__call__", "debug")
GETS_ITEM = "__getitem__"
ENDS_ITERATION = "an index error of `__getitem__` ends a loop; look whether one counts on that"
NEVER_CAUGHT = frozenset({"addCleanup", "addClassCleanup", "addModuleCleanup"})


def of_callers(function: Function, module: Module, project: Project, kind: Kind = INDEX) -> str:
    """Return why those who run a function may count on an exception from it, in words."""
    waiting, seen = [function], {function}
    for item in waiting:
        reason, callers = project.memory.ask(
            (of_callers, item, kind), _of_function, item, module, project, kind
        )
        if reason:
            return reason
        for caller in callers:
            if caller not in seen:
                seen.add(caller)
                waiting.append(caller)
    return ""


def reads_failure(call: ast.Call, module: Module, project: Project) -> bool:
    """Tell whether the text of a failed assertion may be read by those who run it."""
    above = [*module.parents.above(call)]
    ask = project.memory.ask
    if any(
        ask(("reads failure", it, part), deals, it, part, module, project, FAILED)
        for part, it in pairwise([call, *above])
    ):
        return True
    functions = [item for item in above if is_function(item)]
    return any(of_callers(item, module, project, FAILED) for item in functions)


def _of_function(
    function: Function, module: Module, project: Project, kind: Kind
) -> tuple[str, list[Function]]:
    """Return why who runs a function itself may count on an exception, and who calls it."""
    mentions = [*_mentions(function, module)]
    reasons = (
        ENDS_ITERATION if function.name == GETS_ITEM and not kind.is_read else "",
        *(_of_decorator(it, module, project, kind, function) for it in _decorators(function)),
        POLLED if not kind.is_read and _is_polled(function, module, project) else "",
        _of_class(function, module, project, kind),
        *(APART_FROM_IT.format(name) for name in _apart(mentions, module)[:1] if not kind.is_read),
        FORGIVEN if _deals(mentions, module, project, kind) else "",
        HANDED if not kind.is_read and _is_handed_on(function, mentions, module, project) else "",
    )
    callers = (module.parents.function(node) for node in mentions)
    return next(filter(None, reasons), ""), [item for item in callers if item is not None]


def _apart(mentions: list[ast.expr], module: Module) -> list[str]:
    """Return what runs a function elsewhere that it is given: `submit`."""
    found = []
    for node in mentions:
        above = module.parents.of(node)
        call = module.parents.of(above) if isinstance(above, ast.keyword) else above
        if isinstance(call, ast.Call) and call.func is not node and called_name(call) in APART:
            found.append(called_name(call))
    return found


def _deals(mentions: list[ast.expr], module: Module, project: Project, kind: Kind) -> bool:
    """Tell whether what surrounds a mention of a function deals with an exception from it."""
    return any(
        deals(above, part, module, project, kind)
        for node in mentions
        for part, above in pairwise([node, *module.parents.above(node)])
    )


def _decorators(function: Function) -> Iterator[ast.expr]:
    for item in function.decorator_list:
        yield item.func if isinstance(item, ast.Call) else item


def _of_decorator(
    decorator: ast.expr, module: Module, project: Project, kind: Kind, function: Function
) -> str:
    name = last_name(decorator)
    if name == roles.EXPECTED_FAILURE:
        return EXPECTED_TO_FAIL
    waits = roles.WAITS.fullmatch(name) is not None and not kind.is_read
    runs = _wrappers(decorator, function, module, project)
    if waits or any(holds_handler(it, at, project, kind) or _leaves(it) for it, at in runs):
        return DECORATED.format(dotted(decorator) or name)
    return ""


def _wrappers(
    decorator: ast.expr, function: Function, module: Module, project: Project
) -> list[tuple[ast.AST, Module]]:
    """Return the functions and classes that a decorator is, or may be where nobody knows which.

    That is each function of the file for one that is kept in it under another name.
    """
    run, owner = run_at(function, module), module.class_at(function)
    path = dotted(decorator) or ""
    found = project.lookup(module, path) if path else None
    if isinstance(found, Class):
        return [(found.node, found.module)]
    callee = Calls.of(project).callee(decorator, run) if run else None
    if callee is not None:
        return [(callee.method.node, callee.method.module)]
    of_class = owner.methods.get(path) if owner else None
    if of_class is not None:
        return [(of_class.node, module)]
    if isinstance(found, Value) or not path:
        return [(item.node, module) for item in module.functions.values()]
    return []


def _leaves(node: ast.AST) -> bool:
    """Tell whether a class is told how a block ended, and so may drop an exception."""
    return isinstance(node, ast.ClassDef) and any(
        is_function(item) and item.name in EXITS for item in node.body
    )


def _of_class(function: Function, module: Module, project: Project, kind: Kind) -> str:
    """Say that the class of a test runs it in a way of its own, which deals with an exception."""
    owner = module.class_at(function)
    if owner is None or module.parents.of(function) is not owner.node:
        return ""
    if not kind.is_read and sets_attribute(module, function.name):
        return HANDED
    if not function.name.startswith("test"):
        return ""

    def told(item: Class) -> frozenset[bool]:
        methods = (item.methods[name] for name in RUNNING if name in item.methods)
        runs = any(holds_handler(it.node, it.module, project, kind) for it in methods)
        return frozenset([True] if runs else [])

    runs = project.above(owner, ("runs otherwise", kind), told) or _is_made(owner)
    made = not kind.is_read and reflection.is_made_otherwise(owner, project)
    return RUN_OTHERWISE if runs or made else ""


def _is_made(owner: Class) -> bool:
    """Tell whether a file makes a test case itself, to run one of its tests."""
    return any(
        isinstance(node, ast.Call) and bool(node.args) and last_name(node.func) == owner.name
        for node in owner.module.near_word(owner.name)
    )


def _mentions(function: Function, module: Module) -> Iterator[ast.expr]:
    """Yield where a module names a function, or may ask for it by a text that it puts together."""
    for node in module.near_word(function.name):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name == function.name:
                yield node
    for call in reflection.asked_by_text(module, function.name):
        if not _is_given_more(call, function, module):
            yield call


def _is_given_more(call: ast.Call, function: Function, module: Module) -> bool:
    """Tell whether what a text asks for is called with more than a function takes, and so is none.

    A test takes nothing.
    """
    called, takes = module.parents.of(call), function.args
    if not isinstance(called, ast.Call) or called.func is not call:
        return False
    takes_nothing = not (takes.vararg or takes.kwarg or takes.kwonlyargs) and len(takes.args) == 1
    return takes_nothing and any((*called.args, *called.keywords))


def _is_handed_on(
    function: Function, mentions: list[ast.expr], module: Module, project: Project
) -> bool:
    """Tell whether somebody who is not followed may run a function and deal with its exception."""
    if is_spoken_of(module, function.name):
        return True
    for node in mentions:
        above = module.parents.of(node)
        if isinstance(node, ast.Attribute) and dotted(node.value) not in OWN:
            continue
        called = isinstance(above, ast.Call) and above.func is node
        loads = isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load)
        if loads and not called and not isinstance(above, ast.Attribute):
            kept = isinstance(module.parents.statement(node), ast.Return | ast.ClassDef)
            run = run_at(node, module) if module.parents.function(node) and not kept else None
            if run is None or _deals_unseen(above, run, project):
                return True
    return False


def _deals_unseen(above: ast.AST | None, run: Run, project: Project) -> bool:
    """Tell whether who is handed a function may deal with an exception, or who keeps it in a list.

    What nobody knows may do so, and a function of the tests that has a handler, or runs one.
    """
    known, starts = Calls.of(project), [run]
    if isinstance(above, ast.keyword):
        above = run.method.module.parents.of(above)
    if isinstance(above, ast.Call):
        if called_name(above) in NEVER_CAUGHT:
            return False
        callee = known.callee_in_tests(above.func, run)
        if callee is None:
            return True
        starts = [callee]
    reached = known.reached(starts, lambda it: project.is_test(it.method.module.path))
    return any(holds_handler(it.method.node, it.method.module, project) for it in reached)


def _is_polled(function: Function, module: Module, project: Project) -> bool:
    """Tell whether a method is what its module waits for: `wait_until_true(self._is_up)`."""
    return any(
        isinstance(call, ast.Call)
        and _hands_over(call, function.name)
        and _repeats(call, module, project)
        for call in module.near_word(function.name)
    )


def _hands_over(call: ast.Call, name: str) -> bool:
    """Tell whether a method of `self` stands among what a call is given."""
    return any(
        isinstance(item, ast.Attribute)
        and item.attr == name
        and isinstance(item.value, ast.Name)
        and item.value.id == "self"
        for given in values_given(call)
        for item in walk(given)
    )


def _repeats(call: ast.Call, module: Module, project: Project) -> bool:
    run = run_at(call, module)
    return helpers.repeats(call, run, project) if run else roles.waits(call)
