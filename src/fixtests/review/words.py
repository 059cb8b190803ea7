"""Files of words: how reviews speak of a rule, or of what no rule judges.

Those of a plug-in are the work of others, so that what is wrong in them is named with its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from fixtests.plugins import loading
from fixtests.review import phrases
from fixtests.settings import tables


def _is_phrase(text: str) -> None:
    try:
        phrases.either(*phrases.NAMED.findall(text))
        phrases.near(text)
    except KeyError as error:
        raise ValueError(f"names <{error.args[0]}>, which phrases.toml does not have") from None
    except (re.error, ValueError):
        raise ValueError(f"is no phrase: {text!r}; write a regular expression") from None


def _is_pattern(text: str) -> None:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is no regular expression: {text!r}: {error}") from None


Phrase = Annotated[str, _is_phrase]


@dataclass(frozen=True)
class Words:
    """What says that a review speaks of a topic, as regular expressions over small letters.

    `says` says it, `hints` only hints at it, `against` speaks against it; `half` says that
    something may be done in part, `denied` what a claim has to say for it to be denied, `shows`
    what a line of code holds that it may be about, `things` what claims call the things that it
    judges, all names of one thing in one expression.
    `examples` are sentences, one a line; `literal` says that it is about a text in the code, which
    stands on a line or does not. `beside` is the code of the rule that comes nearest to
    what no rule judges.
    """

    says: tuple[Phrase, ...] = ()
    hints: tuple[Phrase, ...] = ()
    against: tuple[Phrase, ...] = ()
    half: tuple[Phrase, ...] = ()
    denied: tuple[Phrase, ...] = ()
    shows: tuple[Annotated[str, _is_pattern], ...] = ()
    things: tuple[Annotated[str, _is_pattern], ...] = ()
    examples: str = ""
    literal: bool = False
    beside: str = ""


@cache
def of_rule(path: Path) -> Words:
    """Return what a file beside a rule says; that of a plug-in may be missing.

    One that cannot be used is named, and says nothing.
    """
    if not path.is_file():
        return Words()
    try:
        written = tables.read(path)
        return tables.build(Words, written.table, written.place)
    except tables.TableError as error:
        loading.note(f"{error}; docs/api.md says what words.toml may hold")
        return Words()


@cache
def of_matters(path: Path) -> dict[str, Words]:
    """Return what our own file says of each topic that no rule judges. Raises TableError."""
    written = tables.read(path)
    return {
        name: tables.build(Words, table, written.place.at(name))
        for name, table in written.table.items()
    }
