"""One script: found, read, and judged; it must say what it is for and hold one migration."""

from __future__ import annotations

import ast
import contextlib
import inspect
import os
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from fixtests.files import discover
from fixtests.migrate.selection import Rules
from fixtests.model import RunError
from fixtests.report import faults
from fixtests.text.source import Source, SourceError

FOLDER = "codemods"
FORMS = "`RULES = Rules(...)`, a class derived from CodemodCommand, or a function `query(paths)`"


class ScriptError(RunError):
    """A script that cannot be run; the message names file, place and remedy."""


@dataclass(frozen=True)
class Script:
    """A script and its migration: Rules, a CodemodCommand class or a function to a Query."""

    path: Path
    migration: Any

    @classmethod
    def load(cls, name: str, root: Path | None = None) -> Script:
        """Read a script named by its path, or by its bare name in `codemods/`.

        That folder is looked for below `root`, the current folder and its root;
        last come the scripts that are shipped.

        Raises ScriptError.
        """
        path = _found(name, root)
        module = _run(path)
        migrations = dict(_migrations(module, path))
        if len(migrations) != 1:
            held = f"holds {' and '.join(migrations)}" if migrations else "holds no migration"
            raise ScriptError(f"{path}: {held}; a script holds exactly one: {FORMS}")
        return cls(path, next(iter(migrations.values())))

    def running(
        self, failure: type[Exception], remedy: str, spared: tuple[type[Exception], ...] = ()
    ) -> contextlib.AbstractContextManager[None]:
        """Run code of the script in a block: what it raises is raised as `failure`.

        The message says where in the script, and the remedy. What is `spared`
        and Ctrl-C are raised as they are.
        """
        return _running(self.path, failure, remedy, spared)


def _found(name: str, root: Path | None) -> Path:
    given = Path(name)
    places = [given.absolute()] if given.suffix == ".py" else []
    if len(given.parts) == 1:
        here = Path.cwd()
        folders = (*([root.absolute()] if root else []), here, discover.root_of(here))
        file = given.name if given.suffix == ".py" else f"{given.name}.py"
        places += [*(folder / FOLDER / file for folder in folders), _shipped() / file]
    for place in places:
        if place.is_file():
            return place.resolve()
    if not places:
        raise ScriptError(f"{name}: is no .py file; name one, or a script of {FOLDER}/ by its name")
    looked = ", ".join(dict.fromkeys(map(str, places)))
    raise ScriptError(f"{name}: not found, looked for {looked}; check the name")


def _shipped() -> Path:
    """Return the folder of the scripts that come with the tool, installed or in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / FOLDER
    return installed if installed.is_dir() else package.parents[1] / FOLDER


def _run(path: Path) -> ModuleType:
    """Run a script that has a docstring as a module of its own; no bytecode is written."""
    try:
        text = Source.decode(str(path), path.read_bytes()).text
        tree = ast.parse(text, str(path))
    except OSError as error:
        raise ScriptError(
            f"{path}: cannot be read: {error.strerror}; check its permissions"
        ) from None
    except SourceError as error:
        raise ScriptError(f"{path}: {error}") from None
    except SyntaxError as error:
        line = error.lineno or 1
        raise ScriptError(f"{path}: line {line}: {error.msg}; correct the script") from None
    if not (ast.get_docstring(tree) or "").strip():
        raise ScriptError(
            f"{path}: line 1: has no docstring; "
            "say what the script does, why, and when it may be deleted"
        )
    module = ModuleType(f"codemod_{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses and pickles look their module up
    try:
        code = compile(tree, str(path), "exec")
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise ScriptError(f"{path}: {faults.text(error)}; correct the script") from None
    with contextlib.redirect_stdout(sys.stderr), _running(path, ScriptError, "correct the script"):
        exec(code, module.__dict__)
    return module


@contextlib.contextmanager
def _running(
    path: Path, failure: type[Exception], remedy: str, spared: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Run code of a script: whatever it raises is a failure of its own, but for Ctrl-C."""
    try:
        with _contained():
            yield
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, *spared)):
            raise
        raise failure(f"{_blame(path, error)}; {remedy}") from None


@contextlib.contextmanager
def _contained() -> Iterator[None]:
    """Keep the code of a script from ending this process, or changing how deep it may go.

    A script that ends the process at once would end the run as if all were done.
    """
    system = sys.modules.get("posix") or sys.modules["nt"]
    leave, depth = os._exit, sys.getrecursionlimit()
    modules: tuple[Any, ...] = (os, system)

    def refuse(code: int) -> NoReturn:
        raise SystemExit(f"it ends the process with os._exit({code!r})")

    for module in modules:
        module._exit = refuse
    try:
        yield
    finally:
        sys.setrecursionlimit(depth)
        for module in modules:
            module._exit = leave


def _migrations(module: ModuleType, path: Path) -> Iterator[tuple[str, Any]]:
    """Yield what a script defines that is a migration, by name. Raises ScriptError."""
    held = vars(module)
    if "RULES" in held:
        rules = held["RULES"]
        known = isinstance(rules, Rules)
        if problem := rules.problem() if known else f"is {rules!r}, not Rules(...)":
            raise ScriptError(f"{path}: RULES: {problem}; correct the script")
        yield "RULES", rules
    for name, item in held.items():
        if getattr(item, "__module__", None) != module.__name__:
            continue
        if name == "query" and inspect.isfunction(item):
            yield "query()", item
        elif _is_command(item):
            yield f"class {item.__name__}", item


def _is_command(item: Any) -> bool:
    """Tell whether something is a command that can run; LibCST is not imported for it."""
    codemod = sys.modules.get("libcst.codemod")  # imported by any script that derives from it
    if codemod is None or not isinstance(item, type) or inspect.isabstract(item):
        return False
    return issubclass(item, codemod.CodemodCommand)


def _blame(path: Path, error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    place = f"{path}: line {lines[-1]}" if lines else str(path)
    return f"{place}: {faults.text(error)}"
