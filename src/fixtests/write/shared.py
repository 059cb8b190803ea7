"""Constants that fixes put into shared modules, and files that an undo would leave without them.

Plans in the journal say which modules these are. Who uses them is told from the
imports of files: those that the undo changes, and all others below the root.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtests.text.source import Source, SourceError
from fixtests.tree.statements import import_targets, module_name
from fixtests.tree.test_files import SKIPPED
from fixtests.write import record
from fixtests.write.run_folder import Run

Content = Callable[[Path], bytes | None]  # what a file holds, None where there is none


@dataclass(frozen=True)
class Loss:
    """A file that would name a constant of a module which does not hold it."""

    user: Path
    module: Path
    name: str


def losses(
    runs: Iterable[Run], touched: Collection[Path], now: Content, after: Content
) -> Iterator[Loss]:
    """Yield what files would lose by a change of those that are `touched`.

    Raises record.JournalError.
    """
    for (root, module), names in _declared(runs).items():
        users = [path for path in touched if path.is_relative_to(root)]
        if not users and module not in touched:
            continue
        lacking = names - _bound(after(module), names)
        lacked = names - _bound(now(module), names)
        if lacking - lacked:
            users += _python_files(root)
        for user in dict.fromkeys(users):
            if lacking and user != module:
                named = _named(after(user), user, module, root) & lacking
                if named and named - (_named(now(user), user, module, root) & lacked):
                    yield Loss(user, module, min(named))


def _declared(runs: Iterable[Run]) -> dict[tuple[Path, Path], set[str]]:
    """Return the constants of shared modules, by root and module, that the plans of runs hold."""
    found: dict[tuple[Path, Path], set[str]] = {}
    for run in runs:
        plan: Any = run.told.get("plan")
        try:
            for item in plan["files"] if plan else ():
                for finding in item["findings"]:
                    for constant in (finding["fix"] or {}).get("declarations", ()):
                        root, module = (
                            record.absolute(f"/{path}") for path in (item["root"], constant["path"])
                        )
                        module.relative_to(root)
                        found.setdefault((root, module), set()).add(str(constant["name"]))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            what = f"plan: does not say what its fixes share ({error!r})"
            raise record.unfit(run.folder / "run.json", what) from None
    return found


def _python_files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name[0] != "." and name not in SKIPPED]
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(".py"))


def _bound(text: bytes | None, names: set[str]) -> set[str]:
    """Return which of some names a module binds: all of them where that cannot be told."""
    tree = _parsed(text or b"")
    if tree is None:
        return names
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found |= names if node.name == "*" else {node.asname or node.name.partition(".")[0]}
    return names & found


def _named(text: bytes | None, user: Path, module: Path, root: Path) -> set[str]:
    """Return the names of a module that a file imports, or names by way of an import."""
    if text is None or not re.search(rb"\b%s\b" % re.escape(os.fsencode(module.stem)), text):
        return set()
    tree = _parsed(text)
    if tree is None:
        return set()
    own, wanted = (module_name(path.relative_to(root).as_posix()) for path in (user, module))
    targets: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            targets |= import_targets(node, own, package=False)
    dotted = {_dotted(node, targets) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    begin = f"{wanted}."
    return {
        name.removeprefix(begin).partition(".")[0]
        for name in (*dotted, *targets.values())
        if name.startswith(begin)
    }


def _dotted(node: ast.expr, targets: dict[str, str]) -> str:
    """Return what an expression names, as far as imports say, empty where it is no name."""
    if isinstance(node, ast.Name):
        return targets.get(node.id, "")
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value, targets)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _parsed(text: bytes) -> ast.Module | None:
    try:
        return Source.decode("", text).parse()
    except SourceError:
        return None
