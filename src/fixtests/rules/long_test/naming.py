"""What a helper for a phase is called: its comment, where that is a short order and all of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from fixtests.reasoning import roles
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
CHECKS = frozenset({"assert", "check", "confirm", "ensure", "test", "validate", "verify"})
ACTS = frozenset(
    {"add", "allocate", "append", "apply", "assign", "associate", "attach", "boot", "build"}
    | {"call", "change", "clean", "clear", "close", "collect", "configure", "connect", "copy"}
    | {"create", "define", "delete", "deploy", "detach", "disable", "discover", "enable", "evacuate"}
    | {"fail", "fetch", "fill", "find", "force", "generate", "get", "grant", "import", "initialize"}
    | {"insert", "install", "invoke", "launch", "list", "load", "lock", "make", "merge", "migrate"}
    | {"mock", "modify", "move", "open", "paint", "patch", "populate", "post", "prepare", "put"}
    | {"read", "rebalance", "reboot", "rebuild", "register", "release", "remove", "rename", "reset"}
    | {"resize", "restart", "restore", "resume", "retrieve", "revert", "revoke", "run", "save"}
    | {"schedule", "send", "set", "setup", "shelve", "show", "shut", "simulate", "start", "stop"}
    | {"store", "stub", "submit", "suspend", "swap", "switch", "trigger", "unlock", "unshelve"}
    | {"update", "upload", "wait", "write"}
)
MOST_WORDS = 6
LONGEST = 40


def name_of(comment: str, statements: Sequence[ast.stmt]) -> str:
    """Return a name for a helper, with a leading underscore; empty where the comment gives none.

    It has all words of the comment but articles and the like. One that begins with a check has
    to assert something, any other one has to do something.
    """
    words = [word.strip("'\"`").lower() for word in comment.removesuffix(".").split()]
    if not words or not all(map(PLAIN.fullmatch, words)) or NEGATIONS.intersection(words):
        return ""
    told = [word for word in words if word not in FILLERS]
    if not 1 < len(told) <= MOST_WORDS or told[0] != words[0] or told[-1] in DANGLING:
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
    if verb in CHECKS:
        return any(asserting)
    calling = [any(True for _ in calls(item)) for item in statements]
    return verb in ACTS and sum(calling) > 1 and not all(asserting)
