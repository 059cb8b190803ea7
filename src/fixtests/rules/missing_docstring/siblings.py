"""Comments of tests beside a test: its own is a step where theirs of the same form are steps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fixtests.rules.missing_docstring import comments
from fixtests.syntax.queries import Function
from fixtests.text.source import Source

STEP = re.compile(r"(?!(?:re)?tests?\b)(\w+) (?:(?:an?|the) )?(\w+(?: \w+)?)\.?", re.IGNORECASE)
NUMBER = re.compile(r"_?\d+$")


def steps(tests: Sequence[Function], source: Source) -> dict[str, set[str]]:
    """Return what steps of some tests do something with, each with the names of these tests.

    A step is a short order in a comment that others stand above: `Delete the lamp`. They are
    looked for where a test begins with such a comment.
    """
    found: dict[str, set[str]] = {}
    opening = (comments.leading(test, source) for test in tests)
    if not any(block is not None and STEP.fullmatch(block.text) for block in opening):
        return found
    for test in tests:
        for block in comments.others(test, source):
            step = STEP.fullmatch(block.text)
            if step is not None:
                found.setdefault(step[2].lower(), set()).add(test.name)
    return found


def is_step(text: str, test: Function, others: Mapping[str, set[str]]) -> bool:
    """Tell whether a comment has the form of steps that other tests take with the same thing."""
    step = STEP.fullmatch(text)
    return step is not None and bool(others.get(step[2].lower(), set()) - {test.name})


def series(test: Function, source: Source) -> tuple[str, bool] | None:
    """Return what the numbered tests of one name have in common, if a comment opens this one.

    That is the name without its number, and whether the comment begins with a verb that says what
    is done (`fetches`) or with an order.
    """
    block, number = comments.leading(test, source), NUMBER.search(test.name)
    if block is None or number is None:
        return None
    first = block.text.split()[0].lower() if block.text else ""
    return test.name[: number.start()], first.endswith("s")
