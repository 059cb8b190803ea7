"""Markdown as a terminal shows it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator

WIDEST = 100  # columns that are read with ease
CODE = "ansi_dark"  # the terminal's own colours
PROSE = {"markdown.code": "cyan"}  # rich's own has a black ground


def laid_out(lines: Iterable[str], *, colored: bool) -> Iterator[str]:
    """Yield the lines of a page as they are to be printed, as wide as the terminal is."""
    from rich.console import Console
    from rich.markdown import Markdown
    from rich.theme import Theme

    page = Console(
        file=io.StringIO(),
        width=min(shutil.get_terminal_size().columns, WIDEST),
        force_terminal=True,
        color_system="standard" if colored else None,
        legacy_windows=False,
        theme=Theme(PROSE),
    )
    with page.capture() as captured:
        page.print(Markdown("\n".join(lines), code_theme=CODE))
    yield from (line.rstrip() for line in captured.get().splitlines())
