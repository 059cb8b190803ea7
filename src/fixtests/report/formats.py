"""Every format that findings are printed in, by name; a printer is imported when it is used."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator

from fixtests.report.contents import Report

Printer = Callable[[Report], Iterator[str]]
PRINTERS = {
    "full": ("text", "full"),
    "concise": ("text", "concise"),
    "json": ("json", "array"),
    "json-lines": ("json", "lines"),
    "sarif": ("sarif", "lines"),
    "github": ("github", "lines"),
    "junit": ("junit", "lines"),
}


def printer(name: str) -> Printer:
    """Return the printer of a format: it yields lines."""
    module, function = PRINTERS[name]
    found: Printer = getattr(importlib.import_module(f"fixtests.report.{module}"), function)
    return found
