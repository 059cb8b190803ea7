"""Which streams are coloured, and in which colours what stands there: decided here alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TextIO

import click

Paint = Callable[[str, str], str]  # a text and its role, to the text as it is printed
STYLES: dict[str, dict[str, Any]] = {
    "error": {"fg": "red", "bold": True},
    "code": {"fg": "red", "bold": True},
    "mark": {"fg": "cyan"},
    "place": {"bold": True},
    "gutter": {"fg": "blue", "bold": True},
    "flag": {"fg": "red", "bold": True},
    "question": {"fg": "blue", "bold": True},
    "header": {"bold": True},
    "hunk": {"fg": "cyan"},
    "removed": {"fg": "red"},
    "added": {"fg": "green"},
}
OF_DIFFS = (
    (b"diff ", "header"),
    (b"--- ", "header"),
    (b"+++ ", "header"),
    (b"@@", "hunk"),
    (b"-", "removed"),
    (b"+", "added"),
)


def wanted(choice: str, stream: TextIO | None) -> bool:
    """Tell whether a stream is coloured: by `--color`, else the environment, else a terminal is."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_terminal(stream)


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a stream leads to a terminal that understands more than text."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def painter(colored: bool) -> Paint:
    """Return what prints texts in their colours, or as they are."""
    return styled if colored else plain


def plain(text: str, role: str) -> str:
    """Return a text as it is."""
    return text


def styled(text: str, role: str) -> str:
    """Return a text in the colours of its role."""
    return click.style(text, **STYLES[role]) if role and text else text


def role_in_diff(line: bytes) -> str:
    """Return the role of a line of a diff, empty for one that has none."""
    return next((role for prefix, role in OF_DIFFS if line.startswith(prefix)), "")


def diff(text: bytes) -> bytes:
    """Return a diff in its colours, line by line."""
    return b"".join(_painted(line) + b"\n" for line in text.split(b"\n")[:-1])


def _painted(line: bytes) -> bytes:
    role = role_in_diff(line)
    if not role:
        return line
    on, _, off = styled("\0", role).partition("\0")
    return on.encode() + line + off.encode()
