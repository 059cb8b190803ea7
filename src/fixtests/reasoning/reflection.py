"""Where a file reads or sets names and attributes that it does not write, or its own text and code.

What is renamed, declared anew or worded otherwise is seen there, whatever else is asked of a name.
Asked of the rows that hold one of a few words, most files have none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import partial

from fixtests.reasoning.built_texts import ANY, like, may_be
from fixtests.reasoning.stand_ins import may_replace
from fixtests.syntax.queries import (
    SCOPES,
    called_name,
    calls,
    constant_string,
    dotted,
    spanning,
)
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.project import Project

CODE = re.compile(
    rb"\b(?:getsource(?:lines|file)?|getcomments|getfile\b|get_source\b|__loader__|linecache|tokenize"
    rb"|runpy\b|(?:import|from) marshal\b|getclosurevars|get_instructions|Bytecode|TextTestRunner"
    rb"|co_(?:consts|names|varnames|lines|firstlineno)|[ft]b?_lineno|Path\(__file__\)\.(?:read|open)"
    rb"|(?:open|stat|getsize|basename|run_path)\((?:[\w.]+\[__name__\]\.)?__file__)"
)
NAMES = re.compile(
    rb"\b(?:globals|dir|vars|locals|exec|eval|__globals__|f_globals|getmembers\w*|__name__|builtins"
    rb"|__builtins__|__getattr__)\b"
)
MEMBERS = re.compile(
    rb"\b(?:[gs]etattr|delattr|hasattr|__[sg]etattr(?:ibute)?__|__delattr__|__dict__|vars|dir"
    rb"|getmembers\w*|attrgetter|methodcaller|create_autospec|__slots__|__annotations__|type|spec(?:_set)?)\b"
)
OWN_NAMES = frozenset({"globals", "getmembers", "getmembers_static"})  # called with anything
BODY = frozenset({"dir", "vars", "locals"})  # called with nothing, of the body around
RUN = frozenset({"exec", "eval"})
LISTS = frozenset({"dir", "vars", "getmembers", "getmembers_static"})  # called with an object
SPECIFIES = frozenset({"create_autospec"})
SETS = frozenset({"setattr", "delattr", "__setattr__", "__delattr__"})
GETTERS = frozenset({"attrgetter", "methodcaller"})
LISTED = frozenset({"__dict__", "__annotations__"})
HOOKS = frozenset({"__getattribute__", "__init_subclass__", "__class_getitem__"})
# Over what a text is like: it begins as `self.controller` does, whichever way it is put together.
ATTRIBUTE = re.compile(r"(?:\(\?:)?\w+\\\.[^|]*")
GIVEN_DEFAULT = 3  # arguments of a `getattr` that says what to take where nothing is


def reads_code(module: Module) -> int | None:
    """Return the row where a file reads its own text, or what its functions were compiled to."""
    return module.noted(reads_code, lambda: next(iter(module.rows(CODE)), None))


def reaches_names(module: Module) -> int | None:
    """Return the row where a file reads or sets names of its module without writing them."""
    return module.noted(reaches_names, _first, module, NAMES, _reaches)


def _first(
    module: Module, words: re.Pattern[bytes], tells: Callable[[ast.AST, Module], bool]
) -> int | None:
    rows = (
        node.lineno  # type: ignore[attr-defined]
        for node in _near(module, words)
        if tells(node, module)
    )
    return min(rows, default=None)


def _near(module: Module, words: re.Pattern[bytes]) -> list[ast.AST]:
    """Return the nodes of the statements with one of some words in their code."""
    rows = module.noted(("rows", words), module.rows, words)
    return module.noted(("near", words), spanning, module.tree, rows) if rows else []


def _reaches(node: ast.AST, module: Module) -> bool:
    match node:
        case ast.Attribute(attr="__globals__" | "f_globals"):
            return True
        case ast.Attribute(value=ast.Name(id="builtins" | "__builtins__"), ctx=ast.Store()):
            return True
        case ast.FunctionDef(name="__getattr__"):
            return module.parents.of(node) is module.tree
        case ast.Call(args=[ast.Name(id="__name__"), *_]):
            return called_name(node) in ("import_module", "__import__")
        case ast.Subscript(value=ast.Attribute(attr="modules"), slice=ast.Name(id="__name__")):
            return not _is_put_elsewhere(node, module.parents.of(node))
        case ast.Call(func=ast.Name(id=name), args=[code, *_]) if name in RUN:
            reads = name == "eval" and ATTRIBUTE.fullmatch(like(code, module))
            return constant_string(code) is None and not reads
        case ast.Call(args=[], keywords=[]) if called_name(node) in BODY:
            return module.parents.function(node) is None
        case ast.Call():
            return called_name(node) in OWN_NAMES
    return False


def _is_put_elsewhere(node: ast.AST, above: ast.AST | None) -> bool:
    """Tell whether something is put in the place of another thing, and so only read."""
    return isinstance(above, ast.Call) and above.args[1:2] == [node] and may_replace(above)


def may_set(module: Module, name: str, *, of_class: bool = False) -> bool:
    """Tell whether a file sets attributes of tests by names put together, which may be that one.

    What is set on `self` is not set `of_class`.
    """
    told = partial(_set, of_class=of_class)
    found = module.noted((may_set, of_class), _patterns, module, told)
    return any(re.fullmatch(it, name) for it in found)


def may_read(module: Module, name: str) -> bool:
    """Tell whether a file lists the attributes of tests, or asks for one that may be that one."""
    found = module.noted(may_read, _patterns, module, _read)
    return any(re.fullmatch(it, name) for it in found)


def lists_attributes(module: Module, name: str) -> int | None:
    """Return the row where a file lists the attributes of something, or asks for one by a text.

    Which it is nobody can tell, or it may be that one; a `match` on attributes counts as well.
    """

    def tells(node: ast.AST, module: Module) -> bool:
        match node:
            case ast.Attribute(attr="__dict__", ctx=ast.Load()):
                return True
            case ast.Call(args=[owner, asked, *_]) if called_name(node) == "getattr":
                return (
                    "uuid" not in (dotted(owner) or "")
                    and constant_string(asked) is None
                    and may_be(asked, name, module)
                )
            case ast.Call(args=[asked, *_]) if called_name(node) == "attrgetter":
                return may_be(asked, name, module)
            case ast.Call(args=[_, *_]):
                return called_name(node) in LISTS
        return False

    listed = module.noted((lists_attributes, name), _first, module, MEMBERS, tells)
    matched = (
        node.lineno
        for node in module.near_word(name)
        if isinstance(node, ast.MatchClass) and name in node.kwd_attrs
    )
    return listed or min(matched, default=None)


def asked_by_text(module: Module, name: str, *, unknown: bool = True) -> list[ast.Call]:
    """Return the calls of a file that ask for an attribute by a text that may be a name.

    No text that is written as it stands is among them, which shows when its word is looked for.
    One of which nothing is known is where it is asked of tests, and `unknown` ones count.
    """
    return [
        call
        for call, pattern in module.noted(asked_by_text, _asked, module)
        if re.fullmatch(pattern, name) and (unknown or pattern != ANY)
    ]


def _asked(module: Module) -> list[tuple[ast.Call, str]]:
    found = []
    for node in _near(module, MEMBERS):
        match node:
            case ast.Call(args=[_, ast.Constant(), *_]) | ast.Call(args=[ast.Constant(), *_]):
                continue
            case ast.Call(args=[owner, asked, *_]) if called_name(node) == "getattr":
                found.append((node, asked, _is_of_tests(owner)))
            case ast.Call(args=[asked, *_]) if called_name(node) in GETTERS:
                found.append((node, asked, False))
    told = ((it, like(text, module), of_tests) for it, text, of_tests in found)
    return [(it, text) for it, text, of_tests in told if of_tests or text != ANY]


def _patterns(module: Module, told: Callable[[ast.AST, Module], Iterator[str]]) -> frozenset[str]:
    return frozenset(item for node in _near(module, MEMBERS) for item in told(node, module))


def _set(node: ast.AST, module: Module, *, of_class: bool) -> Iterator[str]:
    """Yield what the names of attributes are like that a node sets without writing them."""
    match node:
        case ast.Call(args=[ast.Name(id="self"), _, *_]) if of_class and called_name(node) in SETS:
            return
        case ast.Call(args=[owner, name, *_]) if called_name(node) in SETS:
            yield from _of_text(name, owner, module)
        case ast.Call(func=ast.Attribute(value=listed, attr="update")) if _lists(listed):
            named = [it.arg for it in node.keywords]
            yield from (ANY if it is None or node.args else re.escape(it) for it in named or [None])
        case ast.Subscript(value=listed, slice=key, ctx=ast.Store()) if _lists(listed):
            yield like(key, module)
        case ast.Call(func=ast.Name(id="type"), args=[_, _, namespace]):
            keys = namespace.keys if isinstance(namespace, ast.Dict) else [None]
            yield from (like(key, module) if key is not None else ANY for key in keys)
        case ast.Assign(targets=[ast.Name(id="__slots__")], value=value):
            items = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
            yield from (like(item, module) for item in items)


def _read(node: ast.AST, module: Module) -> Iterator[str]:
    """Yield what the names of attributes are like that a node reads without writing them."""
    match node:
        case ast.Call(args=[owner, name]) if called_name(node) == "hasattr":
            yield from _of_text(name, owner, module)
        case ast.Call(args=[owner, name, *rest]) if called_name(node) == "getattr":
            if len(rest) + 2 == GIVEN_DEFAULT or like(name, module) != ANY:
                yield from _of_text(name, owner, module)
        case ast.Call(args=[owner, *_]) if called_name(node) in LISTS | SPECIFIES:
            yield from [ANY] if _is_of_tests(owner) else []
        case ast.Attribute(value=owner, attr=name) if name in LISTED:
            match module.parents.of(node):
                case ast.Attribute(attr="update") | ast.Subscript(slice=ast.Constant()):
                    return
            yield from [ANY] if _is_of_tests(owner) else []
        case ast.keyword(arg="spec" | "spec_set", value=ast.Name(id="self")):
            yield ANY


def _of_text(name: ast.expr, owner: ast.expr, module: Module) -> Iterator[str]:
    """Yield what a text is like by which an attribute is reached, of a test or by what it says."""
    told = like(name, module)
    says = told != ANY and constant_string(name) is None
    yield from [told] if says or _is_of_tests(owner) else []


def _lists(node: ast.expr) -> bool:
    """Tell whether an expression is the dict of an object's attributes."""
    match node:
        case ast.Attribute(value=owner, attr="__dict__"):
            return _is_of_tests(owner)
        case ast.Call(func=ast.Name(id="vars"), args=[owner]):
            return _is_of_tests(owner)
    return False


def _is_of_tests(node: ast.expr) -> bool:
    """Tell whether an expression is a test, or a class: `self`, `type(self)`, or by a name."""
    match node:
        case ast.Call(func=ast.Name(id="type" | "super")):
            return True
        case ast.Attribute(attr="__class__"):
            return True
        case ast.Name(id=name):
            is_class = name[:1].isupper() and not name.isupper()
            return is_class or name in ("self", "cls", "case", "klass")
    return False


def is_made_otherwise(owner: Class, project: Project) -> bool:
    """Tell whether code of the tree has a hand in what the attributes of a class are.

    That is a metaclass, a class decorator, `__init_subclass__` or `__getattribute__`, of the class
    itself, of what it inherits from, or of what inherits it.
    """

    def told(item: Class) -> frozenset[bool]:
        return frozenset([True] if _is_made(item, project) else [])

    def above(item: Class) -> frozenset[bool]:
        return project.above(item, is_made_otherwise, told)

    return bool(project.below(owner, is_made_otherwise, above))


def _is_made(owner: Class, project: Project) -> bool:
    if not HOOKS.isdisjoint(owner.methods):
        return True
    makers = [item.value for item in owner.node.keywords if item.arg == "metaclass"]
    decorators = owner.node.decorator_list
    makers += [item.func if isinstance(item, ast.Call) else item for item in decorators]
    found = (project.lookup(owner.module, dotted(item) or "") for item in makers)
    if any(isinstance(item, Class | Method) for item in found):
        return True
    module, parents = owner.module, owner.module.parents
    return any(
        _reaches(node, module)
        and parents.class_of(node) is owner.node
        and parents.function(node) is parents.function(owner.node)
        for node in _near(module, NAMES)
    )


def binds_by_itself(node: ast.AST, module: Module) -> bool:
    """Tell whether a node stands in the body of a class that may give names a meaning of its own.

    Its metaclass says what these are looked up in first, by `__prepare__`.
    """
    scope = next((it for it in module.parents.above(node) if isinstance(it, SCOPES)), None)
    if not isinstance(scope, ast.ClassDef):
        return False
    own = any(item.arg == "metaclass" for item in scope.keywords)
    own = own or any(called_name(it) in BODY | RUN for it in calls(scope))
    return own or bool(scope.bases and module.rows_of_word("__prepare__"))
