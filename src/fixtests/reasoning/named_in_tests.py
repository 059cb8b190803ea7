"""What of the tests a dotted name stands for; where it leads out of them, nothing is read."""

from __future__ import annotations

from fixtests.tree.module import Class, Method, Module
from fixtests.tree.project import Project


def class_of(name: str, module: Module, project: Project) -> Class | None:
    """Return the class of the tests that a dotted name in a module is, or is a method of."""
    return project.memory.ask(("class in tests", module, name), _class_of, name, module, project)


def _class_of(name: str, module: Module, project: Project) -> Class | None:
    found = project.lookup(module, name) if may_be(name, module, project) else None
    owner = found.owner if isinstance(found, Method) else found
    if isinstance(owner, Class) and project.is_test(owner.module.path):
        return owner
    return None


def may_be(name: str, module: Module, project: Project) -> bool:
    """Tell whether a dotted name in a module can be of the tests."""
    home = module.imports.get(name.partition(".")[0])
    if home is None:
        return True
    modules = (home, home.rpartition(".")[0])  # a module, or a name in one
    stems = [f"{project.root}/{item.replace('.', '/')}" for item in modules if item]
    places = [f"{stems[0]}/x.py", *(f"{stem}.py" for stem in stems)]
    return any(map(project.is_test, places))
