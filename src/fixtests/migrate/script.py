"""One script: read, run and judged; it must say what it is for and hold one migration."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from fixtests.migrate import catalogue, running
from fixtests.migrate.catalogue import ScriptError
from fixtests.migrate.codemod import PREFIX, Codemod
from fixtests.migrate.selection import Rules
from fixtests.migrate.steps import Steps
from fixtests.report import faults
from fixtests.report.location import shown

FORMS = (
    "`RULES = Rules(...)`, `STEPS = Steps(...)`, a class derived from Codemod or CodemodCommand, "
    "or a function `query(paths)`"
)


@dataclass(frozen=True)
class Script:
    """A script and its migration.

    That is Rules, Steps, a subclass of Codemod, a CodemodCommand, a function to a Query, or the
    list of Queries that a script of Bowler's own kind runs. `page` says what it is for; a
    command that is named with dots has what its class says. `needles` must all stand in a
    file that it can change. With `mended`, what it leaves is laid out as the project has it.
    """

    path: Path
    name: str
    migration: Any
    page: str = ""
    needles: tuple[str, ...] = ()
    mended: bool = False

    @property
    def typed(self) -> str:
        """How a command line in the current folder names it."""
        is_file = self.path.stem == self.name
        leads_here = is_file and catalogue.file_of(self.name, None) == self.path
        return shown(str(self.path)) if is_file and not leads_here else self.name

    @classmethod
    def load(cls, name: str, root: Path | None = None) -> Script:
        """Read a script named by its path, its bare name, or a command by its dotted name.

        A bare name is looked for in `codemods/` below `root`, the current folder and its root,
        then among the scripts that are shipped, then among entry points.

        Raises ScriptError.
        """
        path = catalogue.file_of(name, root)
        if path is not None:
            return _of_file(path)
        if "." in name:
            return _of_class(name, name)
        entry = catalogue.entry_point(name)
        if entry is None:
            raise catalogue.unknown(name, root)
        dotted = f"{entry.module}.{entry.attribute}" if entry.attribute else ""
        return _of_class(name, dotted, entry.module)

    def running(
        self, failure: type[Exception], remedy: str, spared: tuple[type[Exception], ...] = ()
    ) -> contextlib.AbstractContextManager[None]:
        """Run code of the script in a block: what it raises is raised as `failure`.

        The message says where in the script, and the remedy. What is `spared`
        and Ctrl-C are raised as they are.
        """
        return running.guarded(self.path, failure, remedy, spared)


def _of_file(path: Path) -> Script:
    tree = running.parsed(path)
    page = (ast.get_docstring(tree) or "").strip()
    if catalogue.runs_queries(tree):
        from fixtests.migrate import recorded

        return Script(path, path.stem, recorded.queries(path, tree), page)
    if not page:
        raise ScriptError(
            f"{path}: line 1: has no docstring; "
            "say what the script does, why, and when it may be deleted"
        )
    module = ModuleType(f"{PREFIX}{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses and pickles look their module up
    running.executed(path, tree, module)
    return _of_module(module, path, path.stem, page)


def _of_module(module: ModuleType, path: Path, name: str, page: str) -> Script:
    migrations = dict(_migrations(module, path))
    if len(migrations) != 1:
        held = f"holds {' and '.join(migrations)}" if migrations else "holds no migration"
        raise ScriptError(f"{path}: {held}; a script holds exactly one: {FORMS}")
    needles = getattr(module, "NEEDLES", ())
    if not isinstance(needles, tuple) or not all(isinstance(item, str) for item in needles):
        raise ScriptError(f'{path}: NEEDLES must be a tuple of texts such as ("utils",)')
    mended = bool(getattr(module, "MENDED", False))
    return Script(path, name, next(iter(migrations.values())), page, needles, mended)


def _of_class(name: str, dotted: str, of_module: str = "") -> Script:
    """Return the script of a class, or of a module that is installed. Raises ScriptError."""
    place, _, attribute = dotted.rpartition(".") if dotted else (of_module, "", "")
    with _importing(name):
        module = importlib.import_module(place)
    path = Path(module.__file__ or place)
    if not attribute:
        return _of_module(module, path, name, inspect.cleandoc(module.__doc__ or ""))
    found = getattr(module, attribute, None)
    if found is None:
        raise ScriptError(f"{name}: {path} has no {attribute!r}; check the name")
    if not (_is_command(found) or _is_codemod(found)):
        raise ScriptError(f"{name}: is no CodemodCommand and no Codemod; name a class of these")
    return Script(path, name.rpartition(".")[2], found, inspect.getdoc(found) or "")


@contextlib.contextmanager
def _importing(name: str) -> Iterator[None]:
    """Import what a user named, also from the current folder; what fails is a ScriptError."""
    here = str(Path.cwd())
    sys.path.append(here)
    try:
        with contextlib.redirect_stdout(sys.stderr), running.contained():
            yield
    except Exception as error:
        remedy = "check the name, and that it is installed beside fixtests"
        raise ScriptError(f"{name}: cannot be imported: {faults.text(error)}; {remedy}") from None
    finally:
        sys.path.remove(here)


def _migrations(module: ModuleType, path: Path) -> Iterator[tuple[str, Any]]:
    """Yield what a script defines that is a migration, by name. Raises ScriptError."""
    held = vars(module)
    for name, kind in (("RULES", Rules), ("STEPS", Steps)):
        if name in held:
            given = held[name]
            wrong = not isinstance(given, kind)
            problem = f"is {given!r}, not {kind.__name__}(...)" if wrong else given.problem()
            if problem:
                raise ScriptError(f"{path}: {name}: {problem}; correct the script")
            yield name, given
    for name, item in held.items():
        if getattr(item, "__module__", None) != module.__name__:
            continue
        if name == "query" and inspect.isfunction(item):
            yield "query()", item
        elif _is_command(item) or _is_codemod(item):
            yield f"class {item.__name__}", item


def _is_codemod(item: Any) -> bool:
    """Tell whether something is a codemod that can run."""
    return isinstance(item, type) and issubclass(item, Codemod) and item is not Codemod


def _is_command(item: Any) -> bool:
    """Tell whether something is a command that can run; LibCST is not imported for it."""
    codemod = sys.modules.get("libcst.codemod")  # imported by any script that derives from it
    if codemod is None or not isinstance(item, type) or inspect.isabstract(item):
        return False
    return issubclass(item, codemod.CodemodCommand)
