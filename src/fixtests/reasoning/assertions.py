"""What an assertion asks, and which more specific one asks the same.

`assertTrue(a in b)` asks what `assertIn(a, b)` does; whether it asks exactly that hangs on the
operators of its values, which `doubt` looks at.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from enum import Enum

from fixtests.reasoning import roles
from fixtests.reasoning.calls import Run
from fixtests.reasoning.objects import Objects
from fixtests.syntax.queries import (
    called_name,
    calls,
    constant_int,
    dotted,
    last_name,
    values_given,
    walk,
)
from fixtests.tree.module import Method, Module
from fixtests.tree.project import Project

TRUTHS = {"assertTrue": True, "assertFalse": False}
EQUAL = {"assertEqual": True, "assertEquals": True, "assertNotEqual": False}
EQUAL["assertNotEquals"] = False
SAME = {"assertIs": True, "assertIsNot": False}
METHODS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("assertEqual", "assertNotEqual"),
    ast.NotEq: ("assertNotEqual", "assertEqual"),
    ast.In: ("assertIn", "assertNotIn"),
    ast.NotIn: ("assertNotIn", "assertIn"),
    ast.Is: ("assertIs", "assertIsNot"),
    ast.IsNot: ("assertIsNot", "assertIs"),
    ast.Gt: ("assertGreater", "assertLessEqual"),
    ast.GtE: ("assertGreaterEqual", "assertLess"),
    ast.Lt: ("assertLess", "assertGreaterEqual"),
    ast.LtE: ("assertLessEqual", "assertGreater"),
}
NONE = {"assertEqual": "assertIsNone", "assertIs": "assertIsNone"}
NONE |= {"assertNotEqual": "assertIsNotNone", "assertIsNot": "assertIsNotNone"}
ORDERS = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)
GIVES_TRUTH = frozenset({"all", "any", "bool", "callable", "hasattr", "isinstance", "issubclass"})
RUNS_NO_CODE = frozenset({"dict", "float", "int", "len", "list", "set", "sorted", "str", "tuple"})
READS = frozenset({"get", "items", "keys", "lower", "strip", "upper", "values"})  # of a value
HOLDER = re.compile(r"self|cls|_*test\w*|\w*(?:test|case)|tc")  # what has assertions, by its name
# Over the name of a test or of its class.
TESTS_EQUALITY = re.compile(
    r"(?:^|_)_*(?:n?eq|ne|cmp|hash)_*(?:_|$)|equal|equiv|compar|(?:^|_)operators?(?:_|$)",
    re.IGNORECASE,
)
COMPARED = 2  # arguments of an assertion before its message


class Doubt(Enum):
    """Why an assertion may ask something else than the more specific one."""

    TRUTH = "`assertEqual` takes no other values for it, such as 1 or a text that is not empty"
    HEIRS = "it would take instances of heirs, too"
    EQUALITY = "it seems to be a test of `==` itself"
    OBJECTS = "whether it is a test of `==` itself cannot be told: both sides are names"
    OPERATOR = "it runs another operator, which is not sure to be the opposite"
    VAGUE = "it is not told what else the value may be"
    HOLDER = "nothing shows that this has all assertions of unittest"
    LOOKED_AT = "what it says is looked at where it fails"


@dataclass(frozen=True)
class Meant:
    """The method that asks what an assertion does, and which parts of it are its arguments."""

    method: str
    arguments: tuple[ast.expr, ...]
    doubt: Doubt | None = None


def meant(call: ast.Call) -> Meant | None:
    """Return the more specific assertion for a call, None where there is none."""
    name = called_name(call)
    count = 1 if name in TRUTHS else COMPARED
    values = values_given(call)
    named = all(item.arg in ("msg", "message") for item in call.keywords)
    starred = any(isinstance(item, ast.Starred) for item in call.args)
    if not isinstance(call.func, ast.Attribute) or not named or starred:
        return None
    if len(call.args) < count or len(values) > count + 1:
        return None
    if name in TRUTHS:
        found = asked(values[0], TRUTHS[name])
    elif name in EQUAL:
        found = _of_constant(values[0], values[1], EQUAL[name])
    elif name in SAME:
        found = _of_none(values[0], values[1], name)
    else:
        return None
    return replace(found, arguments=(*found.arguments, *values[count:])) if found else None


def asked(test: ast.expr, truth: bool) -> Meant | None:
    """Return the assertion that a condition holds, or that it does not."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            plain = Meant("assertFalse" if truth else "assertTrue", (operand,))
            return asked(operand, not truth) or plain
        case ast.Call(func=ast.Name(id="isinstance"), args=[item, kind], keywords=[]):
            if isinstance(item, ast.Starred) or isinstance(kind, ast.Starred):
                return None
            return Meant("assertIsInstance" if truth else "assertNotIsInstance", (item, kind))
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _compared(left, operator, right, truth)
    return None


def _compared(left: ast.expr, operator: ast.cmpop, right: ast.expr, truth: bool) -> Meant | None:
    method = METHODS[type(operator)][0 if truth else 1]
    if isinstance(operator, ORDERS):
        sure = truth or _is_number(left) or _is_number(right)
        return Meant(method, (left, right), None if sure else Doubt.OPERATOR)
    if isinstance(operator, ast.In | ast.NotIn):
        return Meant(method, (left, right))
    found = _of_none(left, right, method)
    if found is None and method in EQUAL:
        found = _of_constant(left, right, EQUAL[method])
        if found is None and any(map(_is_truth, (left, right))):
            return None
    if found is None:
        first, second = _ordered(left, right)
        found = Meant(method, (first, second))
    return found


def _of_none(one: ast.expr, other: ast.expr, method: str) -> Meant | None:
    """Return the assertion that something is `None`, or is not."""
    for value, rest in ((one, other), (other, one)):
        if _is(value, None) and not _is(rest, None):
            return Meant(NONE[method], (rest,))
    return None


def _of_constant(one: ast.expr, other: ast.expr, truth: bool) -> Meant | None:
    """Return the assertion for two equal values, one of which is `None`, a truth or a type."""
    found = _of_none(one, other, "assertEqual" if truth else "assertNotEqual")
    if found is not None:
        return found
    for value, rest in ((one, other), (other, one)):
        if _is_truth(value) and not isinstance(rest, ast.Constant) and truth:
            wanted = _is(value, True)
            plain = Meant("assertTrue" if wanted else "assertFalse", (rest,))
            if _gives_truth(rest):
                return asked(rest, wanted) or plain
            return replace(plain, doubt=Doubt.TRUTH)
        match value, rest:
            case ast.Call(func=ast.Name(id="type"), args=[item], keywords=[]), ast.expr() if truth:
                if dotted(rest) is not None:
                    return Meant("assertIsInstance", (item, rest), Doubt.HEIRS)
    return None


def _ordered(left: ast.expr, right: ast.expr) -> tuple[ast.expr, ast.expr]:
    """Return the two sides of a comparison, the one that seems to be expected first.

    In a condition, it is the second one where nothing else shows it.
    """
    ranks = [_rank(left), _rank(right)]
    if ranks[0] > ranks[1] or not (_runs_no_code(left) or _runs_no_code(right)):
        return left, right
    return right, left


def _rank(node: ast.expr) -> int:
    """Return how much a value seems to be the expected one."""
    if isinstance(node, ast.Constant) or constant_int(node) is not None:
        return 3
    names = (item for item in walk(node) if isinstance(item, ast.Name | ast.Attribute))
    if any(roles.NAMES_EXPECTED.match(last_name(item)) for item in names):
        return 2
    return int(last_name(node).isupper() or isinstance(node, ast.List | ast.Tuple | ast.Dict))


def _runs_no_code(node: ast.expr) -> bool:
    """Tell whether it makes no difference when a value is worked out."""
    for item in walk(node):
        match item:
            case ast.Call(func=ast.Name(id=name)) if name in RUNS_NO_CODE:
                continue
            case ast.Call(func=ast.Attribute(attr=name)) if name in READS:
                continue
            case ast.Call() | ast.Await() | ast.NamedExpr() | ast.Yield() | ast.YieldFrom():
                return False
    return True


def _is(node: ast.expr, value: bool | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _is_truth(node: ast.expr) -> bool:
    return _is(node, True) or _is(node, False)


def _is_number(node: ast.expr) -> bool:
    """Tell whether a value is sure to be a number that is ordered as all others."""
    return constant_int(node) is not None or (
        isinstance(node, ast.Call) and dotted(node.func) == "len"
    )


def _gives_truth(node: ast.expr) -> bool:
    """Tell whether a value is sure to be `True` or `False`."""
    match node:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in GIVES_TRUTH
        case ast.Compare(ops=[ast.In() | ast.NotIn() | ast.Is() | ast.IsNot()]):
            return True
    return False


def is_own(call: ast.Call, method: str, module: Module, project: Project) -> bool:
    """Tell whether the tree defines an assertion itself, or the one that would take its place.

    One that only wants the very `True`, or `False`, is as good as unittest's.
    """
    owner = module.class_at(call)
    methods = {} if owner is None else project.methods(owner)
    own = methods.get(called_name(call))
    return method in methods or (own is not None and not _wants_truth(own))


def _wants_truth(method: Method) -> bool:
    """Tell whether an assertion of the tree is that its argument is `True`, or `False`, itself."""
    wanted = TRUTHS.get(method.name)
    for item in calls(method.node):
        match item:
            case ast.Call(func=ast.Attribute(attr="assertIs"), args=[value, ast.Name(), *_]):
                return wanted is not None and _is(value, wanted)
    return False


def doubt(call: ast.Call, found: Meant, module: Module, project: Project) -> Doubt | None:
    """Return why an assertion may ask something else than what it would become."""
    holder = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    if HOLDER.fullmatch(last_name(holder)) is None:
        return Doubt.HOLDER
    if roles.is_looked_at(call, module):
        return Doubt.LOOKED_AT
    if called_name(call) in TRUTHS and _compares(call.args[0]):
        return _of_equality(call, found, module, project)
    return None


def _compares(test: ast.expr) -> bool:
    """Tell whether a condition is one of equality."""
    while isinstance(test, ast.UnaryOp):
        test = test.operand
    return isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq | ast.NotEq)


def _of_equality(call: ast.Call, found: Meant, module: Module, project: Project) -> Doubt | None:
    """Return why a comparison may be what a test is about."""
    method, owner = module.method_at(call), module.class_at(call)
    for name in (method.name if method else "", owner.name if owner else ""):
        if TESTS_EQUALITY.search(name):
            return Doubt.EQUALITY
    sides = found.arguments[:COMPARED] if found.method in EQUAL else found.arguments[:1]
    run = Run(method, owner) if method else None
    if run is not None and any(_has_equality(item, run, project) for item in sides):
        return Doubt.EQUALITY
    named = [item for item in sides if dotted(item) and not _rank(item)]
    return Doubt.OBJECTS if len(named) == COMPARED else None


def _has_equality(node: ast.expr, run: Run, project: Project) -> bool:
    """Tell whether a value is of a class of the tree that says itself what is equal."""
    return any(
        name in project.methods(item.owner)
        for item in Objects.of(project).instances(node, run)
        for name in ("__eq__", "__ne__")
    )
