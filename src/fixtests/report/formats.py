"""Every format that findings are printed in, by name; a printer is imported when it is used."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from fixtests.report.contents import Report

USUAL = "full"
READ = ("full", "concise")  # by people
PAGE = "html"
Printer: TypeAlias = "Callable[[Report], Iterator[str]]"
PRINTERS = {
    "full": ("text", "full"),
    "concise": ("text", "concise"),
    "json": ("json", "array"),
    "json-lines": ("json", "lines"),
    "sarif": ("sarif", "lines"),
    "github": ("github", "lines"),
    "gitlab": ("gitlab", "lines"),
    "junit": ("junit", "lines"),
    "zuul": ("zuul", "lines"),
    "gerrit": ("gerrit", "lines"),
    PAGE: ("page.printing", "lines"),
}
EXTRA = "pip install 'fixtests[html]'"


class FormatError(Exception):
    """A format that there is not, or that needs what is not installed; the message says which."""


def find(name: str) -> str:
    """Return the name of a format. Raises FormatError where there is none of that name."""
    if name not in PRINTERS:
        raise FormatError(f"there is no format {name!r}; valid are {', '.join(PRINTERS)}")
    return name


def printer(name: str) -> Printer:
    """Return the printer of a format: it yields lines. Raises FormatError."""
    module, function = PRINTERS[name]
    try:
        found: Printer = getattr(importlib.import_module(f"fixtests.report.{module}"), function)
    except ModuleNotFoundError as error:
        raise FormatError(
            f"--output-format {name}: {error.name} is not installed: {EXTRA}"
        ) from None
    return found
