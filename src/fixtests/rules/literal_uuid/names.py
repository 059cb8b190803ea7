"""Which name each UUID of a module is to have: known, bound in the tree, or new."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from pathlib import Path

from fixtests.reasoning import changing, reflection
from fixtests.reasoning.bindings import begin
from fixtests.reasoning.module_names import is_settled, is_settled_in_class
from fixtests.reasoning.receivers import is_lent
from fixtests.rules.literal_uuid import counted, evidence, naming, packages, uuids
from fixtests.rules.literal_uuid.bindings import Binding, bindings, reached
from fixtests.rules.literal_uuid.bound import Bound
from fixtests.rules.literal_uuid.literal import Literal, Verdict
from fixtests.rules.literal_uuid.naming import Role
from fixtests.rules.literal_uuid.parameters import Parameters
from fixtests.syntax.queries import Function, bound_by, constant_string, is_function, walk
from fixtests.tree import known_profiles
from fixtests.tree.files import is_test_module
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.project import Project

METACLASS = "the metaclass of a class may say what names mean in its body"
SENTINELS = "oslo_utils.fixture.uuidsentinel"


@dataclass(frozen=True)
class Name:
    """An expression for a value, with the import it needs and what stands in its way."""

    expression: str
    import_: str = ""
    doubt: str = ""
    obstacle: str = ""


class Names:
    """The names that a module can use for values that its tree binds already."""

    def __init__(self, module: Module, project: Project) -> None:
        self.module = module
        self.project = project
        self.words = project.profile.words
        self.literals = uuids.literals(module, project)
        self.bound = Bound(module)
        self._found: dict[ast.Constant, Name | None] = {}
        self._roles: dict[ast.Constant, Role | None] = {}
        self._held: dict[ast.ClassDef, dict[str, list[str]]] = {}
        self._counts: dict[Function, Counter[str]] = {}

    def of(self, literal: Literal) -> Name | None:
        """Return the name that the tree has for a literal's value where it stands, if any.

        It is doubted where the same function has the value for something else, too.
        """
        name = self._alone(literal)
        if name is None or name.doubt or name.obstacle:
            return name
        same = self.literals.by_value[literal.value]
        beside = (item for item in same if item.open and item.function is literal.function)
        for item in beside:
            other = self._alone(item)
            if other is not None and other.expression == name.expression and other.doubt:
                where = f"line {item.node.lineno} has the value for something else"
                return replace(name, doubt=f"`{name.expression}` has it, but {where}")
        return name

    def _alone(self, literal: Literal) -> Name | None:
        """Return the name for a literal, whatever stands beside it."""
        if literal.node not in self._found:
            self._found[literal.node] = self._unless_local(literal, self._of(literal))
        return self._found[literal.node]

    def _of(self, literal: Literal) -> Name | None:
        """Find a name: of the module itself, else of a constants module, else of the package."""
        own = self._own(literal)
        shared = self._shared(literal)
        if own and not (own.doubt and shared and not shared.obstacle):
            return own
        return shared or self._of_package(literal)

    def _unless_local(self, literal: Literal, name: Name | None) -> Name | None:
        """Return a name, doubted where a local of a function around says something else."""
        if name is None or name.doubt:
            return name
        if reflection.binds_by_itself(literal.node, self.module):
            return replace(name, doubt=METACLASS)
        around = set(filter(is_function, self.literals.parents.above(literal.node)))
        doubts = (
            naming.mismatch(item.words[:1], name.expression, self.words)
            for item in self.literals.by_value[literal.value]
            if item.named and item.function in around
        )
        return replace(name, doubt=next(filter(None, doubts), ""))

    @cached_property
    def keeps_values(self) -> bool:
        """Whether unnamed values belong in the module: a sample, or a module without tests."""
        path = self.module.path
        if self.project.is_sample(path):
            return True
        owners = self.module.classes.values()
        return not is_test_module(path) and not any(map(self.project.is_test_case, owners))

    def role(self, literal: Literal) -> Role | None:
        """Return what a literal stands for by what is around it."""
        if literal.node not in self._roles:
            self._roles[literal.node] = self._role(literal.node)
        return self._roles[literal.node]

    def _role(self, node: ast.Constant) -> Role | None:
        hints = evidence.hints(node, self.literals.parents, self._parameters)
        found = naming.role(hints, self.words, self._prefixes)
        name, number = counted.holder(node, self.literals.parents)
        if found is None or self._has_another(node, found.name):
            return None
        if not number:
            return found
        about = naming.subject("_".join(naming.words(name)), self.words)
        return replace(found, number=number) if about == found.subject else found

    def _has_another(self, node: ast.Constant, name: str) -> bool:
        """Tell whether a dict has a key for the id that its own is taken for: `id`, `vim_id`."""
        about = naming.about(name, self.words)
        keys = evidence.others_beside(node, self.literals.parents)
        return any(about and naming.about(key, self.words) == about for key in keys)

    @cached_property
    def _prefixes(self) -> set[str]:
        """The words of projects and packages, which say nothing of a thing that has an id."""
        packages = {target.partition(".")[0] for target in self.module.imports.values()}
        names = (*known_profiles.names(), *packages)
        return {name.upper() for name in names} - {*self.words.things}

    @cached_property
    def _parameters(self) -> Parameters:
        return Parameters(self.module, self.project)

    def sentinels(self) -> Name:
        """Return the name under which the module has, or can have, oslo.utils' sentinels."""
        for local, target in self.module.imports.items():
            if target == SENTINELS:
                return Name(local)
        obstacle = "the name `uuids` means something else here" if "uuids" in self.bound else ""
        package, _, module = SENTINELS.rpartition(".")
        return Name("uuids", f"from {package} import {module} as uuids", obstacle=obstacle)

    def _own(self, literal: Literal) -> Name | None:
        names = [*self._constants(literal), *self._attributes(literal)]
        if not names:
            return None
        about = naming.resources(literal.words, self.words)
        names.sort(key=lambda name: not about & naming.resources([name], self.words))
        doubt = naming.mismatch(literal.words, names[0], self.words)
        return Name(names[0], doubt=doubt or self._later(names[0], literal))

    def _constants(self, literal: Literal) -> list[str]:
        """Return the module's own constants that hold a value and mean it where it stands."""
        return [
            name
            for name in self._holders.get(literal.value, ())
            if is_settled(self.module, name) and not self._shadowed(name, literal)
        ]

    def _later(self, name: str, literal: Literal) -> str:
        """Say that a constant of the module is bound below what may run before that."""
        value = self.module.values.get(name)
        outer = [literal.node, *self.literals.parents.above(literal.node)][-2]
        if value is None or begin(value) < begin(outer):
            return ""
        return f"`{name}` is bound further down"

    @cached_property
    def _holders(self) -> dict[str, list[str]]:
        """The names at module level that hold each string."""
        found: dict[str, list[str]] = {}
        for name, node in self.module.values.items():
            value = constant_string(node)
            if value is not None:
                found.setdefault(value, []).append(name)
        return found

    def _attributes(self, literal: Literal) -> list[str]:
        """Return the class constants that a method reaches through its first argument."""
        owner = self.literals.parents.class_of(literal.node)
        methods = [item for item in self.literals.parents.above(literal.node) if is_function(item)]
        if owner is None or len(methods) != 1 or self.literals.parents.of(methods[0]) is not owner:
            return []
        first = methods[-1].args.args[:1]
        if not first or first[0].arg not in ("self", "cls"):
            return []
        if self._bound_in(methods[-1])[first[0].arg] > 1:
            return []  # the method binds it to something else
        known = self.module.classes.get(owner.name)
        if known is None or known.node is not owner:
            return []
        if is_lent(Method(self.module, known, methods[0]), self.project):
            return []
        above = takewhile(lambda item: isinstance(item, Class), self.project.mro(known))
        return [
            f"{first[0].arg}.{name}"
            for holder in above
            if isinstance(holder, Class) and holder.module is self.module
            for name in self._held_by(holder.node).get(literal.value, ())
            if self._is_given(known, name, holder)
        ]

    def _is_given(self, owner: Class, name: str, holder: Class) -> bool:
        """Tell whether a class and all that inherit it have a constant as one above binds it."""
        heirs = (owner, *self.project.subclasses(owner)) if owner is not holder else ()
        bound = (self.project.attribute(item, name) for item in heirs)
        settled = is_settled_in_class(holder, name, self.project)
        return settled and all(item is holder.attributes.get(name) for item in bound)

    def _held_by(self, owner: ast.ClassDef) -> dict[str, list[str]]:
        """Return the names in a class body that hold each string."""
        if owner not in self._held:
            held = self._held[owner] = {}
            for node in owner.body:
                value = constant_string(node.value) if isinstance(node, ast.Assign) else None
                for target in node.targets if isinstance(node, ast.Assign) else ():
                    if value is not None and isinstance(target, ast.Name):
                        held.setdefault(value, []).append(target.id)
        return self._held[owner]

    def _bound_in(self, function: Function) -> Counter[str]:
        """Return how many nodes of a function bind each name."""
        if function not in self._counts:
            bound = (set(bound_by(node)) for node in walk(function))
            self._counts[function] = Counter(name for names in bound for name in names)
        return self._counts[function]

    def _shared(self, literal: Literal) -> Name | None:
        binding = bindings(self.project).of(literal.value)
        if binding is None or binding.origin == self.module.name:
            return None
        return self.reaching(binding, literal)

    def reaching(self, binding: Binding, literal: Literal) -> Name | None:
        """Return how the module reaches a name of another one where a literal stands, if it can."""
        doubt = naming.mismatch(literal.words[:1], binding.expression, self.words)
        if not doubt and changing.changes(self.module, binding.expression):
            doubt = f"this file may change what `{binding.expression}` holds"
        way = reached(self.module, binding.full)
        if way is not None:
            rest = binding.expression.removeprefix(binding.member)
            shadow = way.partition(".")[0]
            obstacle = self._shadowed(shadow, literal) or self._unsettled(shadow)
            return Name(f"{way}{rest}", doubt=doubt, obstacle=obstacle)
        if not binding.import_:
            return None
        alias = ast.parse(binding.import_).body[0].names[0]  # type: ignore[attr-defined]
        local = alias.asname or alias.name
        obstacle = ""
        if local in self.bound:
            obstacle = f"the name `{local}` means something else in this module"
        elif self._is_imported_by(binding.origin):
            obstacle = f"`{binding.origin}` imports this module"
        return Name(f"{local}.{binding.expression}", binding.import_, doubt, obstacle)

    def _is_imported_by(self, origin: str) -> bool:
        """Tell whether a module imports this one, directly or not."""
        path = self.module.path
        named = self.project.texts.imports(Path(path).stem)
        return named and path in bindings(self.project).imports(origin)

    def _of_package(self, literal: Literal) -> Name | None:
        """Return a constant of the package that has the value and speaks of the same resource."""
        if literal.verdict is Verdict.HELD:
            return None
        for origin, name in packages.constants(self.module, literal.value, self.project):
            about = naming.resources(literal.words, self.words)
            if not about & naming.resources([name], self.words):
                continue  # what a plain FAKE_UUID is for, nobody can tell
            way = reached(self.module, f"{origin.name}.{name}")
            if way is not None:
                first = way.partition(".")[0]
                obstacle = self._shadowed(first, literal) or self._unsettled(first)
                return Name(way, obstacle=obstacle)
            package, _, local = origin.name.rpartition(".")
            if package and local not in self.bound and not self._is_imported_by(origin.name):
                return Name(f"{local}.{name}", f"from {package} import {local}")
        return None

    def _shadowed(self, name: str, literal: Literal) -> str:
        for item in self.literals.parents.above(literal.node):
            if is_function(item) and name in self._bound_in(item):
                return f"`{name}` is bound to something else in this function"
        return ""

    def _unsettled(self, name: str) -> str:
        if is_settled(self.module, name):
            return ""
        return f"`{name}` is not bound once and without a condition in this module"
