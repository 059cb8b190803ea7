"""What a test does that puts a deletion at its end at risk: stubs, policies, stopped services.

A test's facts are short texts, `call stop` or `text ERROR`, that the hazards
of a profile are regular expressions over.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.reasoning import roles
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Run
from fixtests.reasoning.stand_ins import Replacements, replaced_by
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.syntax.queries import called_name, constant_string, dotted, keyword, walk
from fixtests.tree.files import is_test_module
from fixtests.tree.module import Class, Method
from fixtests.tree.patterns import pattern
from fixtests.tree.profile_cleanups import Hazard, Resource
from fixtests.tree.project import Project

TELLING = frozenset({ast.Call, ast.Constant, ast.Dict, ast.Assign})
CHOSEN = {"new", "new_callable", "return_value", "side_effect", "wraps", None}


def hazard(
    ownership: Ownership, resource: Resource, method: Method, owner: Class | None
) -> str | None:
    """Return why a deletion registered in a function may not work at its end, else None."""
    key = ("hazards around", method.node, owner and owner.node)
    found = ownership.project.memory.ask(key, _around, ownership, method, owner)
    return next(
        (
            item.reason
            for item in ownership.project.profile.cleanups.hazards
            if item in found and (not item.of or resource.name in item.of)
        ),
        None,
    )


def _around(ownership: Ownership, method: Method, owner: Class | None) -> set[Hazard]:
    """Return the hazards of a test, of its module's helpers, and of what prepares it and its heirs.

    What replaces something by a plain mock before a test starts lasts until
    its deletions are through: they meet what the test met.
    """
    project = ownership.project
    found = set(_hazards(method, project))
    for callee in _reached(method, owner, ownership):
        found |= _hazards(callee, project)
    lasting = not roles.prepares(method.name, project)
    return found.union(_of_family(owner, project, lasting=lasting)) if owner else found


def _of_family(owner: Class, project: Project, *, lasting: bool) -> frozenset[Hazard]:
    """Return the hazards of what prepares the tests of a class and its heirs.

    What other modules than those of tests inherit to it counts where a class defines it.
    """

    def prepared(item: Class) -> frozenset[Hazard]:
        names = roles.preparing(project)
        methods = (found for name, found in item.methods.items() if name in names)
        return frozenset().union(*(_hazards(one, project, lasting=lasting) for one in methods))

    def of_tests(item: Class) -> frozenset[Hazard]:
        return prepared(item) if is_test_module(item.module.path) else frozenset()

    def of_class(item: Class) -> frozenset[Hazard]:
        inherited = project.above(item, ("prepared hazards", lasting), of_tests)
        return inherited.union(prepared(item), _of_class(item, project))

    return project.below(owner, ("hazards", lasting), of_class)


def _hazards(method: Method, project: Project, *, lasting: bool = False) -> frozenset[Hazard]:
    """Return the hazards of one function; with `lasting`, of one that is through before."""
    return project.memory.ask(
        ("hazards", method.node, lasting), _of_function, method, project, lasting
    )


def _of_function(method: Method, project: Project, lasting: bool) -> frozenset[Hazard]:
    facts = project.memory.ask(("facts", method.node), _facts, method, project)
    if lasting:
        facts = {fact for fact in facts if not fact.startswith("mock ")}
    return _matching(facts, project)


def _matching(facts: set[str], project: Project) -> frozenset[Hazard]:
    of_facts = project.memory.ask(_OfFacts, _OfFacts, project.profile.cleanups.hazards)
    return frozenset(item for fact in facts for item in of_facts[fact])


class _OfFacts(dict[str, tuple[Hazard, ...]]):
    """The hazards of each fact, of which few are told apart in a whole tree."""

    def __init__(self, hazards: tuple[Hazard, ...]) -> None:
        super().__init__()
        self._hazards = [(item, pattern(item.find)) for item in hazards]

    def __missing__(self, fact: str) -> tuple[Hazard, ...]:
        self[fact] = found = tuple(item for item, find in self._hazards if find.fullmatch(fact))
        return found


def _reached(method: Method, owner: Class | None, ownership: Ownership) -> list[Method]:
    """Return the functions that a test runs, as far as they stand in modules of tests."""

    def enters(run: Run) -> bool:
        return run.method.node is not method.node and _beside(run.method, method, project)

    project, calls = ownership.project, ownership.calls
    starts = (found for _, found in calls.called(Run(method, owner)))
    return [run.method for run in calls.reached(starts, enters)]


def _beside(found: Method, method: Method, project: Project) -> bool:
    """Tell whether a function stands in the same file, or in another file of tests."""
    if found.module.path == method.module.path:
        return True
    return is_test_module(found.module.path) and project.is_test(found.module.path)


def _facts(method: Method, project: Project) -> set[str]:
    """Return the facts of one function."""
    found = {f"decorator {name}" for name in _decorators(method.node)}
    nodes = Body.of(method, project).nodes
    blocks = _with_items(nodes)
    for node in nodes:
        if node.__class__ in TELLING and node not in blocks:
            found.update(_of(node, method, project))
    return found


def _of_class(owner: Class, project: Project) -> frozenset[Hazard]:
    """Return the hazards of a class, its methods left out."""
    return project.memory.ask(
        ("hazards", owner.node), lambda: _matching({*_facts_of_class(owner)}, project)
    )


def _facts_of_class(owner: Class) -> Iterator[str]:
    yield from (f"decorator {name}" for name in _decorators(owner.node))
    texts = map(constant_string, owner.attributes.values())
    yield from (f"text {text}" for text in texts if text is not None)


def _of(node: ast.AST, method: Method, project: Project) -> Iterator[str]:
    match node:
        case ast.Call():
            yield from _of_call(node, method, project)
        case ast.Constant(value=str(text)) if len(text) < 60:
            yield f"text {text}"
        case ast.Dict(keys=keys):
            names = Body.of(method, project).assigned
            for key in filter(None, keys):
                values = names.get(key.id, []) if isinstance(key, ast.Name) else [key]
                yield from (f"key {constant_string(value)}" for value in values)
        case ast.Assign(targets=targets):
            for target in targets:
                if name := dotted(target):
                    yield f"set {name}"


def _of_call(call: ast.Call, method: Method, project: Project) -> Iterator[str]:
    name = called_name(call)
    yield f"call {name}"
    if name == "dict":
        yield from (f"key {item.arg}" for item in call.keywords if item.arg)
        pairs = [item for given in call.args for item in walk(given) if isinstance(item, ast.Tuple)]
        yield from (f"key {constant_string(item.elts[0])}" for item in pairs if item.elts)
    if roles.EXPECTS.fullmatch(name):
        yield from (f"refuse {_last(argument)}" for argument in call.args[1:2])
        return
    changes = name in project.profile.cleanups.policies
    fact = f"{'mock' if _plain(call) else 'stub'} {replaced_by(call)}"
    if changes or project.memory.ask(("hazards", fact), _matching, {fact}, project):
        # Seldom so, and what a call leads to is not found out for nothing.
        if Replacements.of(project).replaces(call, Run(method, method.owner)):
            yield fact
        elif changes:
            yield from (f"policy {rule}" for rule in _rules(call))


def _plain(call: ast.Call) -> bool:
    """Tell whether a patch puts a mock in place that takes whatever it is given."""
    name = called_name(call)
    target = 2 if name.lower().endswith("object") else 1
    return (
        name in ("patch", "object", "MockPatch", "MockPatchObject")
        and len(call.args) == target
        and not CHOSEN & {item.arg for item in call.keywords}
    )


def _rules(call: ast.Call) -> Iterator[str]:
    """Yield the policy rules that a call changes but to allow everybody; empty for any at all."""
    overwrite = keyword(call, "overwrite")
    match call.args:
        case [ast.Dict(keys=keys, values=values)] if _is_false(overwrite):
            for key, value in zip(keys, values, strict=True):
                if constant_string(value) != "@":
                    yield constant_string(key) or dotted(key) or "" if key else ""
        case _:
            yield ""


def _is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _last(node: ast.expr) -> str:
    return (dotted(node) or "").rpartition(".")[2]


def _with_items(nodes: list[ast.AST]) -> set[ast.AST]:
    """Return the calls of `with` statements: what they patch is put back when the block ends."""
    return {
        item.context_expr for node in nodes if isinstance(node, ast.With) for item in node.items
    }


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[str]:
    for item in node.decorator_list:
        yield dotted(item.func if isinstance(item, ast.Call) else item) or ""
