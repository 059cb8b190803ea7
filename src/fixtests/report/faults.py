"""Exceptions in words, whatever they are: also those whose own text cannot be had."""

from __future__ import annotations

from pathlib import Path

LONGEST = 500  # characters of an exception's text


def text(error: BaseException) -> str:
    """Return the kind of an exception and what it says, on one line."""
    try:
        said = " ".join(str(error).split())
    except BaseException:  # its own code runs here
        said = "(its text cannot be had)"
    return f"{type(error).__name__}: {said[:LONGEST]}"


def is_interruption(error: BaseException | None) -> bool:
    """Tell whether Ctrl-C is behind an error: what is being imported then wraps it."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def described(error: BaseException, folder: Path | None = None) -> str:
    """Return where an exception comes from, with its text.

    That is the last place in a folder, and behind it, in brackets, what was called there.
    """
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    places = [(it, f"{Path(it.filename).name}:{it.lineno}") for it in frames]
    within = [at for it, at in places if folder and Path(it.filename).is_relative_to(folder)]
    *first, last = [*within[-1:], *(at for _, at in places[-1:])] or [""]
    where = f"{first[0]} ({last})" if first and first[0] != last else last
    return f"at {where}: {text(error)}" if where else text(error)
