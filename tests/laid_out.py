"""The bundled samples as trees on disk, laid out without importing the package.

So what compares two versions of it, whose modules stand elsewhere, can use them too.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Collection
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
FIXTURES = TOP / "fixtures"
DEMO = "demo"
_spec = importlib.util.spec_from_file_location(
    "roots", TOP / "src" / "fixtests" / "testing" / "roots.py"
)
_roots = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_roots)
KINDS, Root = _roots.KINDS, _roots.Root


def lay_out(folder: Path, kinds: Collection[str] = ()) -> list[Root]:
    """Lay out the demo and every sample below a folder, each as a tree of its own.

    With `kinds` only samples of those. The folder gets a configuration, so that
    nothing above it is taken for its project.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fixtests.toml").write_text("root = true\n")
    roots = [Root(FIXTURES / DEMO, folder / DEMO)]
    for start in sorted(FIXTURES.rglob("*.*")):
        kind = start.name.removesuffix(".py").rpartition(".")[2]
        inside_another = any("." in part for part in start.parent.relative_to(FIXTURES).parts)
        sample = start.is_dir() or start.suffix == ".py"
        if sample and not inside_another and kind in (kinds or (*KINDS, "after", "unsafe")):
            name = start.relative_to(FIXTURES).with_name(start.name.removesuffix(".py"))
            roots.append(Root(start, folder / name))
    return roots
