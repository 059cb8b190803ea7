"""Running a script's own code: as a module, contained, and blamed by line for what it raises."""

from __future__ import annotations

import ast
import contextlib
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from fixtests.migrate.catalogue import ScriptError
from fixtests.report import faults
from fixtests.text.source import Source, SourceError


def parsed(path: Path) -> ast.Module:
    """Return the tree of a script. Raises ScriptError."""
    try:
        text = Source.decode(str(path), path.read_bytes()).text
        return ast.parse(text, str(path))
    except OSError as error:
        raise ScriptError(
            f"{path}: cannot be read: {error.strerror}; check its permissions"
        ) from None
    except SourceError as error:
        raise ScriptError(f"{path}: {error}") from None
    except SyntaxError as error:
        line = error.lineno or 1
        raise ScriptError(f"{path}: line {line}: {error.msg}; correct the script") from None


def executed(
    path: Path, tree: ast.Module, module: ModuleType, spared: tuple[type[BaseException], ...] = ()
) -> None:
    """Run a script as a module; no bytecode is written.

    Raises ScriptError, and what is `spared`.
    """
    try:
        code = compile(tree, str(path), "exec")
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise ScriptError(f"{path}: {faults.text(error)}; correct the script") from None
    remedy = "correct the script"
    with contextlib.redirect_stdout(sys.stderr), guarded(path, ScriptError, remedy, spared):
        exec(code, module.__dict__)


@contextlib.contextmanager
def guarded(
    path: Path, failure: type[Exception], remedy: str, spared: tuple[type[BaseException], ...] = ()
) -> Iterator[None]:
    """Run code of a script: whatever it raises is a failure of its own, but for Ctrl-C."""
    try:
        with contained():
            yield
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, *spared)):
            raise
        raise failure(f"{_blame(path, error)}; {remedy}") from None


@contextlib.contextmanager
def contained() -> Iterator[None]:
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


def _blame(path: Path, error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    place = f"{path}: line {lines[-1]}" if lines else str(path)
    return f"{place}: {faults.text(error)}"
