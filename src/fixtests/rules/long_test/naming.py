"""What a helper for a phase would be called: after its comment, or its most telling call."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Sequence

from fixtests.reasoning import roles
from fixtests.syntax.queries import called_name, calls, dotted

FILLERS = frozenset(
    {"a", "an", "the", "of", "to", "and", "that", "this", "it", "its", "is", "are", "be", "we"}
    | {"our", "so", "just", "now", "then", "also", "there", "here", "should", "will", "which"}
    | {"been", "has", "have", "was", "were", "some", "any", "first", "next", "as", "let", "s"}
)
NO_NAME = re.compile(r"(?:NOTE|TODO|FIXME|XXX|note ?\(|https?:|\W|\d)")
SENTENCE = re.compile(r"[.:;,!?](?:\s|$)|\s[-(]")
PLAIN = re.compile(r"[a-z][a-z0-9_]*")
GENERIC = frozenset(
    {"list", "dict", "set", "len", "sorted", "str", "int", "format", "join", "flags", "append"}
    | {"get", "post", "put", "patch", "delete", "copy", "deepcopy", "object", "addCleanup"}
    | {"dumps", "loads", "items", "keys", "values", "range", "print", "deepcopy", "split", "strip"}
    | {"useFixture", "update", "stub_out", "Mock", "MagicMock", "mock_object", "side_effect"}
)
DANGLING = frozenset(
    {"for", "with", "in", "on", "at", "from", "by", "when", "because", "if", "into", "not", "or"}
    | {"all", "after", "before", "using", "via", "per", "but", "while", "where", "their", "until"}
)
NEGATIONS = frozenset({"not", "no", "never", "cannot", "without"})  # a name may be cut before one
MOST_WORDS = 5
LONGEST = 40


def is_told(comment: str) -> bool:
    """Tell whether a comment gives a helper its name."""
    return bool(_from_comment(comment))


def name_of(comment: str, statements: Sequence[ast.stmt], gives: Sequence[str]) -> str:
    """Return a name for a helper, with a leading underscore."""
    return f"_{_from_comment(comment) or _from_calls(statements) or _from_names(gives)}"


def _from_comment(comment: str) -> str:
    return "" if NO_NAME.match(comment) else _from_words(SENTENCE.split(comment)[0])


def _from_words(text: str) -> str:
    """Return a name that an order gives; what begins otherwise tells a fact and gives none."""
    plain = [word.strip("'\"`").lower() for word in text.split()]
    if not plain or plain[0] in FILLERS | DANGLING or NEGATIONS.intersection(plain):
        return ""
    named = itertools.takewhile(PLAIN.fullmatch, plain)
    words = [word for word in named if word not in FILLERS][:MOST_WORDS]
    while words and (words[-1] in DANGLING or len("_".join(words)) > LONGEST):
        words.pop()
    return "_".join(words) if len(words) > 1 else ""


def _from_calls(statements: Sequence[ast.stmt]) -> str:
    """Return the name of the call that says most: the longest that is no assertion."""
    told = [(called_name(call).strip("_"), call) for item in statements for call in calls(item)]
    telling = [
        f"run_{name.removeprefix('run_')}"
        if dotted(call.func) in (f"self.{name}", f"self._{name}")
        else name
        for name, call in told
        if PLAIN.fullmatch(name) and name not in GENERIC and not roles.only_asserts(name)
    ]
    if telling:
        return max(telling, key=lambda name: (name.removeprefix("run_").count("_"), len(name)))
    return "check_it" if any(roles.only_asserts(name) for name, _ in told) else ""


def _from_names(gives: Sequence[str]) -> str:
    return f"prepare_{gives[0].lower()}" if gives else "prepare"
