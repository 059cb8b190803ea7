"""What a name that nothing has may be meant for: said in the same words by everything that asks."""

from __future__ import annotations

from collections.abc import Iterable


def known(name: str, valid: Iterable[str]) -> str | None:
    """Return the valid name that comes nearest to one, None where none comes near."""
    import difflib  # takes as long to load as a whole file to look at

    return next(iter(difflib.get_close_matches(name, sorted(valid), 1)), None)


def meant(name: str, valid: Iterable[str], otherwise: str | None = None) -> str:
    """Return `; did you mean 'x'?`, else `otherwise`, by default the list of what is valid."""
    names = sorted(valid)
    near = known(name, names)
    if near is not None:
        return f"; did you mean {near!r}?"
    return f"; valid are {', '.join(names)}" if otherwise is None else otherwise
