"""Constants that fixes put into shared modules: who uses them, and who would be left without.

Plans in the journal say which files a fix spans, so that a module is not taken
back while files still name what it holds.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtests import record
from fixtests.journal import Run
from fixtests.model import digest


@dataclass(frozen=True)
class Use:
    """A constant of a shared module that a run's fix has a file name.

    `before` is the digest of the file without any fix.
    """

    user: Path
    module: Path
    name: str
    run: int
    before: str | None


def uses(runs: Iterable[Run]) -> Iterator[Use]:
    """Yield the uses that the fixes of runs made. Raises record.JournalError."""
    for run in runs:
        before: dict[Path, str | None] = {}
        for user, module, name in _declared(run):
            before = before or {item.path: item.before for item in run.entries}
            yield Use(user, module, name, run.number, before.get(user))


def _declared(run: Run) -> Iterator[tuple[Path, Path, str]]:
    """Yield users, modules and names of the constants in the plan of a run."""
    plan: Any = run.told.get("plan")
    try:
        for item in plan["files"] if plan else ():
            for finding in item["findings"]:
                for declaration in (finding["fix"] or {}).get("declarations", ()):
                    yield (
                        Path("/", item["path"]),
                        Path("/", declaration["path"]),
                        str(declaration["name"]),
                    )
    except (AttributeError, KeyError, TypeError) as error:
        what = f"plan: does not say what its fixes share ({error!r})"
        raise record.unfit(run.folder / "run.json", what) from None


def missing(
    found: Iterable[Use], touched: Collection[Path], content: Callable[[Path], bytes | None]
) -> Iterator[Use]:
    """Yield the uses that are to be there without the constant that they name.

    `content` gives what a file is to hold, None where there is to be none; uses
    between files of which none is `touched` are not looked at.
    """
    bound: dict[Path, frozenset[str] | None] = {}
    for use in found:
        if use.user not in touched and use.module not in touched:
            continue
        text = content(use.user)
        if text is None or digest(text) == use.before:
            continue
        if not re.search(rb"\b%s\b" % re.escape(use.name.encode()), text):
            continue
        if use.module not in bound:
            bound[use.module] = _bound(content(use.module))
        names = bound[use.module]
        if names is not None and use.name not in names:
            yield use


def _bound(text: bytes | None) -> frozenset[str] | None:
    """Return the names that a module binds, None where that cannot be told."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text or b"")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
    return None if "*" in found else frozenset(found)
