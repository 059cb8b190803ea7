"""Which name each UUID of a module is to have: known, bound in the tree, or new."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath, PurePosixPath

from fixtests.rules.literal_uuid import naming, packages, uuids
from fixtests.rules.literal_uuid.bindings import bindings, reached
from fixtests.rules.literal_uuid.uuids import Literal, Verdict
from fixtests.syntax.syntax import bound_by, bound_names, constant_string, is_function, walk
from fixtests.tree.module import Module
from fixtests.tree.project import Project

OPEN = {Verdict.FIX, Verdict.NAMED, Verdict.HELD}

SENTINELS = "oslo_utils.fixture.uuidsentinel"


@dataclass(frozen=True)
class Name:
    """An expression for a value, with the import it needs and what stands in its way."""

    expression: str
    import_: str = ""
    doubt: str = ""
    obstacle: str = ""


class Bound:
    """The names that a module binds anywhere, asked one by one."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(
            name in bound_by(node) for node in self._module.near_word(name)
        )


class Names:
    """The names that a module can use for values that its tree binds already."""

    def __init__(self, module: Module, project: Project) -> None:
        self.module = module
        self.project = project
        self.words = project.profile.words
        self.literals = uuids.literals(module, project)
        self.bound = Bound(module)

    def of(self, literal: Literal) -> Name | None:
        """Return the name that the tree has for a literal's value where it stands, if any.

        A name of the module itself wins over one of a constants module, and
        that over one of the package.
        """
        own = self._own(literal)
        shared = self._shared(literal)
        if own and not (own.doubt and shared and not shared.obstacle):
            return own
        return shared or self._of_package(literal)

    @cached_property
    def keeps_values(self) -> bool:
        """Whether unnamed values belong in the module: a sample, or a module without tests."""
        path = self.module.path
        if self.project.is_sample(path):
            return True
        owners = self.module.classes.values()
        return not packages.is_test_module(path) and not any(map(self.project.is_test_case, owners))

    def fresh(self, *, sentinels: bool = False) -> dict[str, str]:
        """Return the new names that the module needs, by value; none means two things.

        A value that other files of the package name as well has one name
        there. Sentinels share their names with all others that the module uses.
        """
        asked = self._asked(self.module)
        if sentinels:
            used = {
                node.attr.upper()
                for node in walk(self.module.tree)
                if isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and self.module.imports.get(node.value.id) == SENTINELS
            }
            return naming.distinct(asked, self.words, used, self.bound)
        folder = Path(self.module.path).parent
        package = packages.shared(folder, self.project, self._asked)
        common = {value: name for value, name in package.items() if name not in self.bound}
        named = {value: common[value] for value in asked if value in common}
        rest = {value: names for value, names in asked.items() if value not in named}
        return {**named, **naming.distinct(rest, self.words, named.values(), self.bound)}

    def _asked(self, module: Module) -> dict[str, list[str]]:
        """Return the names that the values of a module ask for, remembered."""
        return self.project.memory.ask(
            ("asked", module), lambda: wanted([Names(module, self.project)], self.words.unnamed)
        )

    def sentinels(self) -> Name:
        """Return the name under which the module has, or can have, oslo.utils' sentinels."""
        for local, target in self.module.imports.items():
            if target == SENTINELS:
                return Name(local)
        obstacle = "the name `uuids` means something else here" if "uuids" in self.bound else ""
        package, _, module = SENTINELS.rpartition(".")
        return Name("uuids", f"from {package} import {module} as uuids", obstacle=obstacle)

    def _own(self, literal: Literal) -> Name | None:
        # A local may keep a value that a module constant holds for others: were it replaced,
        # a fix that makes such a constant would call for a second one.
        constants = [] if literal.verdict is Verdict.HELD else self._constants(literal.value)
        names = [*constants, *self._attributes(literal)]
        if not names:
            return None
        about = naming.resources(literal.words, self.words)
        names.sort(key=lambda name: not about & naming.resources([name], self.words))
        return Name(names[0], doubt=self._mismatch(literal.words, names[0]))

    def _constants(self, value: str) -> list[str]:
        """Return the module's own constants that hold a value and are bound once."""
        return [name for name in self._holders.get(value, ()) if self._bound_once(name)]

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
        above = list(self.literals.parents.above(literal.node))
        owner = next((item for item in above if isinstance(item, ast.ClassDef)), None)
        methods = [item for item in above if is_function(item)]
        if owner is None or not methods or methods[-1] not in owner.body:
            return []
        first = methods[-1].args.args[:1]
        if not first or first[0].arg not in ("self", "cls") or len(methods) > 1:
            return []
        return [
            f"{first[0].arg}.{target.id}"
            for node in owner.body
            if isinstance(node, ast.Assign) and constant_string(node.value) == literal.value
            for target in node.targets
            if isinstance(target, ast.Name) and not self._replaced(owner, target.id)
        ]

    def _shared(self, literal: Literal) -> Name | None:
        binding = bindings(self.project).of(literal.value)
        if binding is None or binding.origin == self.module.name:
            return None
        doubt = self._mismatch(literal.words[:1], binding.expression)
        way = reached(self.module, binding.full)
        if way is not None:
            rest = binding.expression.removeprefix(binding.member)
            shadow = way.partition(".")[0]
            obstacle = self._shadowed(shadow, literal)
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
                return Name(way, obstacle=self._shadowed(way.partition(".")[0], literal))
            package, _, local = origin.name.rpartition(".")
            if package and local not in self.bound and not self._is_imported_by(origin.name):
                return Name(f"{local}.{name}", f"from {package} import {local}")
        return None

    def _shadowed(self, name: str, literal: Literal) -> str:
        for item in self.literals.parents.above(literal.node):
            if is_function(item) and name in bound_names(item):
                return f"`{name}` is bound to something else in this function"
        return ""

    def _bound_once(self, name: str) -> bool:
        stores = [
            node
            for node in self.module.near_word(name)
            if (
                isinstance(node, ast.Name)
                and node.id == name
                and not isinstance(node.ctx, ast.Load)
            )
            or (isinstance(node, ast.arg) and node.arg == name)
        ]
        return len(stores) == 1

    def _mismatch(self, words: Iterable[str], name: str) -> str:
        """Say where a name speaks of another resource than the words around a literal."""
        about, kinds = naming.resources(words, self.words), naming.resources([name], self.words)
        if about and kinds and not about & kinds:
            return f"`{name}` has the same value but names another resource"
        return ""

    def _replaced(self, owner: ast.ClassDef, attribute: str) -> bool:
        """Tell whether an instance or a subclass gives a class attribute another value."""
        known = self.module.classes.get(owner.name)
        heirs = self.project.subclasses(known) if known and known.node is owner else []
        return any(attribute in heir.attributes for heir in heirs) or any(
            isinstance(node, ast.Attribute)
            and node.attr == attribute
            and not isinstance(node.ctx, ast.Load)
            for node in self.module.near_word(attribute)
        )


def wanted(modules: Iterable[Names], unnamed: str) -> dict[str, list[str]]:
    """Return the names that values without one ask for, in order of appearance.

    A value is among them where at least one of its literals must be named;
    its other literals have a say in the name, those that stay as they are
    only where no place to be named says what the value is and all want `unnamed`.
    """
    found: dict[str, list[str]] = {}
    kept: dict[str, list[str]] = {}
    needed: set[str] = set()
    for names in modules:
        if names.keeps_values:
            continue
        for literal in names.literals.found:
            if literal.verdict not in OPEN or names.of(literal) is not None:
                continue
            stays = literal.absent or literal.verdict is Verdict.HELD
            asked = kept if stays else found
            name = naming.constant(literal.words, names.words)
            asked.setdefault(literal.value, []).append(name)
            if literal.verdict is Verdict.FIX and not stays:
                needed.add(literal.value)
    return {
        value: asked if {*asked} != {unnamed} else [*asked, *kept.get(value, ())]
        for value, asked in found.items()
        if value in needed
    }


def across(project: Project, target: str) -> dict[str, str]:
    """Return the constants of a shared module: those it has, and those the whole tree needs.

    The tree is read whole, so that a name never depends on which files are
    checked.
    """
    return project.memory.ask_plain(("shared constants", target), _across, project, target)


def _across(project: Project, target: str) -> dict[str, str]:
    module = project.at(project.root / target)
    values = module.values if module else {}
    known = {value: name for name, node in values.items() if (value := constant_string(node))}
    readers = [
        Names(found, project)
        for path in project.texts.holding(uuids.NEEDLE)
        if (found := project.at(path)) and not holds_data(project, str(path))
    ]
    missing = {
        value: names
        for value, names in wanted(readers, project.profile.words.unnamed).items()
        if value not in known
    }
    return {**naming.distinct(missing, project.profile.words, values), **known}


def holds_data(project: Project, path: str) -> bool:
    """Tell whether a file only holds data; of a test module, its folder tells."""
    return project.is_data(
        str(PurePath(path).with_name("tests.py")) if packages.is_test_module(path) else path
    )


def module_name(target: str) -> str:
    """Return the dotted name of the module in a file below the root."""
    return ".".join(PurePosixPath(target.removeprefix("src/")).with_suffix("").parts)
