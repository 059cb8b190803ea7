"""Scripts that run their Bowler queries themselves: these are caught before they run."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from bowler import Query

from fixtests.migrate import running
from fixtests.migrate.catalogue import ScriptError


@dataclass(frozen=True)
class Queries:
    """The queries that a script runs, in order; each searches the paths that it names itself."""

    queries: tuple[Any, ...]


def queries(path: Path, tree: ast.Module) -> Queries:
    """Run a script that runs its queries itself, and return them; none of them runs.

    Raises ScriptError.
    """
    found: list[Any] = []

    def note(query: Any, **_: Any) -> Any:
        query.retcode = 0
        found.append(query)
        return query

    module = ModuleType("__main__")
    module.__file__ = str(path)
    execute, words, main = Query.execute, sys.argv, sys.modules["__main__"]
    Query.execute, sys.argv, sys.modules["__main__"] = note, [str(path)], module
    try:
        running.executed(path, tree, module, spared=(SystemExit,))
        if not found and callable(vars(module).get("main")):  # as `bowler run` calls it
            module.main()
    except SystemExit as end:
        if end.code not in (None, 0):
            raise ScriptError(f"{path}: ends with {end.code!r}; correct the script") from None
    finally:
        Query.execute, sys.argv, sys.modules["__main__"] = execute, words, main
    if not found:
        raise ScriptError(
            f"{path}: runs no query; let it end in .diff(), .write() or .execute(), "
            "or give it a function `query(paths)`"
        )
    return Queries(tuple(found))
