"""Which constants mean one thing wherever a test runs: bound once and without a condition."""

from __future__ import annotations

import ast
import re

from fixtests.reasoning import reflection
from fixtests.reasoning.bindings import begin
from fixtests.syntax.queries import bound_by, called_name, dotted, walk
from fixtests.tree.module import Class, External, Method, Module, Value
from fixtests.tree.project import Project

ENUM = re.compile(r"(Enum|Flag)$")  # whose members are no plain values
FOLLOWED = 10  # how many names that are bound to names are followed


def is_settled(module: Module, name: str) -> bool:
    """Tell whether a statement of the module's own body binds a name, and nothing else does.

    A name that begins with two underscores means something else inside of a class.
    """
    if name.startswith("__") and not name.endswith("__"):
        return False
    bound = [node for node in module.near_word(name) if name in bound_by(node)]
    if len(bound) != 1 or is_spoken_of(module, name) or reflection.reaches_names(module):
        return False
    statement = module.parents.statement(bound[0])
    if module.parents.of(statement) is not module.tree or not _binds(statement, bound[0]):
        return False
    stars = module.noted(_stars, _stars, module)
    return not any(begin(star) > begin(statement) for star in stars)


def _stars(module: Module) -> list[ast.ImportFrom]:
    """Return the imports of everything that stand in the module's own body."""
    return [
        node
        for node in module.tree.body
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    ]


def _binds(statement: ast.stmt, node: ast.AST) -> bool:
    """Tell whether a statement binds a name by an assignment or an import of its own."""
    match statement:
        case ast.Assign(targets=targets):
            return node in targets
        case ast.AnnAssign(target=target, value=value):
            return node is target and value is not None
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return node in names
    return False


def is_spoken_of(module: Module, name: str) -> bool:
    """Tell whether a text or an argument in a module may bind a name or an attribute from outside.

    `mock.patch`, `setattr`, `globals()` and `exec` take names as texts, `update` as arguments.
    """

    def speaks() -> bool:
        return any(_speaks(node, name, module) for node in module.near_word(name))

    return module.noted((is_spoken_of, name), speaks)


def _speaks(node: ast.AST, name: str, module: Module) -> bool:
    match node:
        case ast.keyword(arg=str(given)) if given == name:
            call = module.parents.of(node)
            return isinstance(call, ast.Call) and called_name(call) in ("update", "dict", "patch")
        case ast.Constant(value=str(text)):
            above = module.parents.of(node)
            if isinstance(above, ast.Expr):
                return False  # a docstring
            if isinstance(above, ast.Dict):
                call = module.parents.of(above)
                made = isinstance(call, ast.Call) and called_name(call) in ("update", "type")
                return made and text == name
            run = isinstance(above, ast.Call) and called_name(above) in ("exec", "eval")
            return text.rpartition(".")[2] == name or (run and _has_word(text, name))
    return False


def _has_word(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def is_settled_in_class(
    owner: Class, name: str, project: Project, *, of_class: bool = False
) -> bool:
    """Tell whether a class constant has the value that its class gives it, whoever `self` is.

    Its body binds it once and without a condition, no heir and no method binds it, and no text
    speaks of it. Members of enumerations are no plain values. One that is read `of_class`, by its
    name, is none that an object may set by a name put together.
    """
    parents = owner.module.parents
    bindings = [
        node
        for node in walk(owner.node)
        if name in bound_by(node) and parents.class_of(node) is owner.node
    ]
    if len(bindings) != 1 or parents.of(parents.of(bindings[0]) or owner.node) is not owner.node:
        return False
    heirs = project.subclasses(owner)
    kin = [*heirs, *project.mro(owner)]
    if any(isinstance(item, External) and ENUM.search(item.name) for item in kin):
        return False
    if any(name in item.attributes or name in item.methods for item in heirs):
        return False
    modules = {item.module for item in kin if isinstance(item, Class)}
    return not any(may_bind(module, name, of_class=of_class) for module in modules) and not (
        reflection.is_made_otherwise(owner, project)
    )


def may_bind(module: Module, name: str, *, of_class: bool = False) -> bool:
    """Tell whether a module may bind an attribute of that name, whoever's it is, or of a class."""
    set_ = sets_attribute(module, name) or is_spoken_of(module, name)
    return set_ or reflection.may_set(module, name, of_class=of_class)


def leads_to(module: Module, name: str, project: Project) -> str:
    """Return the dotted name of what a name at a module's level stands for in the end.

    Names that are bound to names are followed: `CONF = config.CONF` leads to where that is made.
    """
    found = project.lookup(module, name)
    seen: list[Value] = []
    while isinstance(found, Value) and (origin := dotted(found.node)) and len(seen) < FOLLOWED:
        seen.append(found)
        found = project.lookup(found.module, origin)
    match found:
        case External(name=target):
            return target
        case Class():
            return found.qualified
        case Value() | Method():
            return f"{found.module.name}.{found.name}"
    return found.name if found else ""


def name_for(module: Module, target: str, project: Project) -> str:
    """Return the name, or the attribute of a module, that a file has for a target, "" for none."""
    home, _, attribute = target.rpartition(".")
    names = [attribute, *module.imports, *module.values]
    found = next((name for name in names if leads_to(module, name, project) == target), "")
    if found:
        return found
    for name in module.imports:
        path = f"{name}.{attribute}"
        used = leads_to(module, name, project) == home and re.search(
            rf"\b{re.escape(path)}\b".encode(), module.source.utf8
        )
        other = name == home.rpartition(".")[2] and leads_to(module, name, project) != home
        if (used or other) and leads_to(module, path, project) == target:
            return path
    return ""


def binds_otherwise(module: Module, target: str, project: Project) -> str:
    """Return which of a target's last two names a file has for something else, "" for none."""
    home, _, attribute = target.rpartition(".")
    taken = {*module.imports, *module.values, *module.functions, *module.classes}
    for name in (attribute, home.rpartition(".")[2]):
        if name in taken and leads_to(module, name, project) not in (home, target):
            return name
    return ""


def sets_attribute(module: Module, attribute: str) -> bool:
    """Tell whether a module sets or deletes an attribute of that name, whoever's it is."""

    def sets() -> bool:
        return any(
            isinstance(node, ast.Attribute)
            and node.attr == attribute
            and not isinstance(node.ctx, ast.Load)
            for node in module.near_word(attribute)
        )

    return module.noted((sets_attribute, attribute), sets)
