"""What a helper for a phase is called: its comment, where that is a short order and all of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from fixtests.reasoning import roles, words
from fixtests.syntax.queries import called_name, calls

FILLERS = frozenset(
    {"a", "an", "the", "that", "this", "these", "those", "its", "our", "we", "just", "now", "then"}
    | {"also", "there", "here", "some", "any"}
)
PLAIN = re.compile(r"[a-z][a-z0-9_]*")
DANGLING = frozenset(
    {"for", "with", "in", "on", "at", "from", "by", "when", "because", "if", "into", "or", "and"}
    | {"to", "of", "after", "before", "using", "via", "per", "but", "while", "where", "until"}
)
NEGATIONS = frozenset({"not", "no", "never", "cannot", "without"})  # two thoughts for a name
UNCLEAR = frozenset({"it", "them", "they", "us"})  # they say nothing by themselves
STATING = frozenset({"is", "are", "was", "were", "has", "have"})  # only a check is of what is so
MOST_WORDS = 6
LONGEST = 40
FETCHING = re.compile(r"_(?:get|fetch|find|list|load|read|retrieve)_")  # it gives something back


def name_of(comment: str, statements: Sequence[ast.stmt]) -> str:
    """Return a name for a helper, with a leading underscore; empty where the comment gives none.

    It has all words of the comment but articles and the like. One that begins with a check has
    to assert something, any other one has to do something.
    """
    said = [word.strip("'\"`").lower() for word in comment.removesuffix(".").split()]
    if not said or not all(map(PLAIN.fullmatch, said)) or (NEGATIONS | UNCLEAR).intersection(said):
        return ""
    told = [word for word in said if word not in FILLERS]
    if not 1 < len(told) <= MOST_WORDS or told[0] != said[0] or told[-1] in DANGLING:
        return ""
    if STATING.intersection(told) and told[0] not in words.CHECKING:
        return ""
    name = f"_{'_'.join(told)}"
    return name if len(name) <= LONGEST and _does(told[0], statements) else ""


def _does(verb: str, statements: Sequence[ast.stmt]) -> bool:
    """Tell whether statements do what a word says, as far as such words tell it.

    What calls nothing, or once only, is a value that was written down.
    """
    asserting = [
        any(roles.ASSERTS.match(called_name(call)) for call in calls(item)) for item in statements
    ]
    if verb in words.CHECKING:
        return any(asserting)
    calling = [any(True for _ in calls(item)) for item in statements]
    return verb in words.DOING and sum(calling) > 1 and not all(asserting)
