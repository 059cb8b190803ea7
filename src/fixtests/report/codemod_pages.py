"""Codemods as pages: all of them in a list, and one with what it does and takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol


class Listed(Protocol):
    """What the list shows of a codemod."""

    @property
    def name(self) -> str:
        """What it is called with."""

    @property
    def form(self) -> str:
        """What it is written as."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The options of its own."""

    @property
    def summary(self) -> str:
        """The first line of its docstring."""

    @property
    def origin(self) -> str:
        """Which distribution or folder it comes from."""


def listing(codemods: Sequence[Listed]) -> Iterator[str]:
    """Yield the lines of a list: name, form, what it does, its arguments, where it is from."""
    width = max((len(item.name) for item in codemods), default=0)
    forms = max((len(item.form) for item in codemods), default=0)
    for item in codemods:
        own = f" [{' '.join(item.arguments)}]" if item.arguments else ""
        origin = "" if item.origin == "fixtests" else f" (from {item.origin})"
        yield f"{item.name:{width}}  {item.form:{forms}}  {item.summary}{own}{origin}"


def page(name: str, text: str, usage: str) -> list[str]:
    """Return the page of one codemod: its docstring, and its arguments as argparse shows them."""
    lines = [name, "", *text.splitlines()]
    _, marked, described = usage.partition("options:")
    if marked:
        lines += ["", "Arguments:", *described.strip("\n").splitlines()]
    return lines
