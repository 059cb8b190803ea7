"""Whether a literal stands for a host, seen from what is around it, and what to call that."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterator

from fixtests.reasoning import roles
from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import called_name, constant_string, is_function

TELLING = re.compile(  # `host1`, not `compute`
    r".*[\d_.-].*|.+(host|compute|node)|(host|compute|node).+", re.IGNORECASE
)
HOSTS = re.compile(
    r"\w*(host|comput|node|src|source|dest|target|service|migrat|evacuat|hypervisor)", re.I
)
OTHERS = re.compile(
    r"(\w*_)?(name|binary|topic|zone|az|cell(_name)?|aggregate|flavor|image|group|key|id|uuid|desc"
    r"|description|role|prefix|suffix|tags?|traits?|status|state|event|action|msg|message)",
    re.IGNORECASE,
)
HOST_NAMES = re.compile(r"\w*(host|compute|node|hypervisor)_?(name|id)", re.IGNORECASE)
TEXT = re.compile(r"(get|set|has|del)attr|encode|replace|strip|split|join|format")
OF_HOST = re.compile(r"HOST|COMPUTE|NODE|SERVER|SRC|SOURCE|DEST|DST|TARGET|[0-9]$")
PARTS = re.compile(r"[A-Za-z0-9]+")


def stands_for_host(
    node: ast.Constant,
    value: str,
    parents: Parents,
    hosts: Container[str],
    things: Container[str],
) -> bool:
    """Tell whether a literal, whose value is the host of a service, means that host here.

    `hosts` are all hosts of services; tables that have one for a key stay as they are.
    `things` are what has a name of its own.
    """
    if not _replaceable(node, parents) or _is_in_table(node, parents, hosts):
        return False
    words = [word for word in _words(node, parents, things) if word]
    if words and OTHERS.fullmatch(words[0]) and not HOST_NAMES.fullmatch(words[0]):
        return False
    if TELLING.fullmatch(value):
        return True
    return any(HOSTS.match(word) for word in words)


def _is_held(node: ast.Constant, parents: Parents) -> bool:
    """Tell whether a literal is bound to a name or an attribute as it is."""
    above = parents.of(node)
    match above:
        case ast.Assign(targets=[ast.Subscript()]):
            return False
        case ast.Assign() | ast.AnnAssign() | ast.NamedExpr():
            return True
        case ast.Tuple(elts=items) | ast.List(elts=items):
            match parents.of(above):
                case ast.Assign(targets=[ast.Tuple(elts=names)]):
                    return len(names) == len(items)
    return False


def _replaceable(node: ast.Constant, parents: Parents) -> bool:
    """Tell whether a name could stand there: no key, text, default, annotation or pattern."""
    if node.lineno != node.end_lineno or _is_held(node, parents):
        return False
    inner: ast.AST = node
    for above in parents.above(node):
        match above:
            case ast.JoinedStr() | ast.arguments() | ast.arg() | ast.pattern():
                return False
            case ast.Expr() | ast.BinOp() if inner is node:
                return False
            case ast.Dict(keys=keys) if inner in keys:
                return False
            case ast.AnnAssign(annotation=annotation) if inner is annotation:
                return False
            case ast.Call() if inner is node and TEXT.fullmatch(called_name(above)):
                return False
        if is_function(above) and inner not in above.body:
            return False  # in a decorator
        inner = above
    return True


def _is_in_table(node: ast.AST, parents: Parents, hosts: Container[str]) -> bool:
    """Tell whether a literal stands in a dict with the names of hosts for keys."""
    for above in parents.above(node):
        if isinstance(above, ast.stmt):
            return False
        if isinstance(above, ast.Dict) and any(constant_string(key) in hosts for key in above.keys):
            return True
    return False


def _words(node: ast.Constant, parents: Parents, things: Container[str]) -> Iterator[str]:
    """Yield the identifiers that say what a literal is, nearest first."""
    inner: ast.AST = node
    for above in parents.above(node):
        match above:
            case ast.keyword(arg=str(name)):
                yield name
            case ast.Dict(keys=keys, values=values):
                key = keys[values.index(inner)] if inner in values else None
                yield constant_string(key) or ""
            case ast.Subscript(value=owner) if inner is above.slice:
                yield from _last(owner)
                return
            case ast.Compare(left=left, comparators=[right]):
                yield from _last(right if inner is left else left)
                return
            case ast.Call(args=arguments) if inner in arguments:
                yield from _of_call(above, inner, things)
            case ast.Assign(targets=[target]):
                yield from _last(target)
            case ast.For() | ast.comprehension() if inner is above.iter:
                yield from _last(above.target)
        if isinstance(above, ast.stmt):
            return
        inner = above


def _of_call(call: ast.Call, argument: ast.AST, things: Container[str]) -> Iterator[str]:
    """Yield the other side of an assertion, or what a called function is about."""
    name = called_name(call)
    if name.startswith(roles.ASSERTION) and len(call.args) > 1:
        for other in call.args:
            if other is not argument:
                yield from _last(other)
    elif roles.creates_one(name, things) and argument is call.args[0]:
        yield "name"
    else:
        yield f"{name}()"  # says what is done, and at times with what: no name of a value


def _last(node: ast.AST) -> Iterator[str]:
    """Yield the last word of an expression: `host` for `server['host']` and `server.host`."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(attr=name):
            yield name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            yield name.rpartition(":")[2]
        case ast.Subscript(value=owner):
            yield from _last(owner)
        case ast.Call(func=ast.Name(id="set" | "sorted" | "list" | "tuple"), args=[inner]):
            yield from _last(inner)
        case ast.Call():
            yield called_name(node)


def named(host: str) -> str:
    """Return a constant's name for a host: `HOST1`, and `TEST_HOST` where a word says little."""
    plain = "_".join(PARTS.findall(host)).upper()
    if not plain[:1].isalpha():
        return f"HOST_{plain}".rstrip("_")
    return plain if OF_HOST.search(plain) else f"{plain}_HOST"
