"""What a plug-in adds to the world: classes that samples need, assertions that fixes may make."""

from __future__ import annotations

import runpy
from typing import Any

from fake_api import cases, modules, pytests, search


def take(path: str) -> None:
    """Take up what a file of stand-ins defines."""
    told: dict[str, Any] = runpy.run_path(path)
    for module, names in told.get("PROVIDED", {}).items():
        for item in names.values():
            if isinstance(item, type) and issubclass(item, cases.Case):
                cases.note_assertions(item)
        modules.PROVIDED.setdefault(module, {}).update(names)
    pytests.FIXTURES.update(told.get("FIXTURES", {}))
    search.MAY_ASSERT.update(told.get("MAY_ASSERT", {}))
    search.MAY_DROP.update(told.get("MAY_DROP", {}))
