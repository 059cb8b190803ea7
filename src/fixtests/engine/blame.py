"""Rules of plug-ins at work: one that raises is left out of the file, and named."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from fixtests.report import faults
from fixtests.rules.api import Rule


class RuleFaultError(Exception):
    """A rule of a plug-in that raised; the message says which, where, and what to do."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(said)
        self.code = code


@contextlib.contextmanager
def blamed(rule: Rule, spared: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Raise what a rule of a plug-in raises in a block as RuleFaultError, but what is `spared`."""
    try:
        yield
    except (Exception, SystemExit) as error:
        if not rule.origin or isinstance(error, spared) or faults.is_interruption(error):
            raise
        described = faults.described(error, _package(rule))
        raise RuleFaultError(rule.code, said(rule, described)) from error


def _package(rule: Rule) -> Path:
    """Return the folder of the package that a rule comes from."""
    return rule.words.parents[type(rule).__module__.count(".") - 1]


def said(rule: Rule, problem: str) -> str:
    """Return what is to be said of a rule that is left out, with the remedy."""
    return (
        f"{rule.code} of {rule.origin} was left out: {problem}; report that to its authors, "
        f"or run with --ignore {rule.code}"
    )
