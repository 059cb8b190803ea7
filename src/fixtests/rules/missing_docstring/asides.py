"""What a comment says besides, or instead of, what its whole test is for."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable

from fixtests.reasoning import words
from fixtests.rules.missing_docstring import names, sentences, statements
from fixtests.rules.missing_docstring.comments import Block
from fixtests.syntax.queries import Function, bound_names, walk

LABELLED = re.compile(  # `empty graphs are equal. test 1`
    r"(?:^|\W)(?:test|case|part|step|scenario|variant|example|try|number|no\.?)\s*#?\d+\W*$",
    re.IGNORECASE,
)
# Why code is as it is, by those who wrote it.
WEIGHED = re.compile(
    r"\b(?:unfortunately|the best (?:that )?(?:we|one) can|gives us|we have no (?:way|choice))\b"
)
LIMIT = re.compile(r"\b(?:(?:can|may) only|only (?:can|may|works?|possible|supported|allowed))\b")
SUBJECT = re.compile(r"(?:each|every|all|the|these|this|those|both|an?)?\s*(?:of the )?(\w+)", re.I)
DEEDS = re.compile(
    r"(?:creates|deletes|builds|updates|lists|shows|rebuilds|resizes|migrates|attaches|detaches"
    r"|exercises|covers|reproduces|demonstrates|attempts|tries|extends|renames|removes|restores"
    r"|launches)\b"
)
ORDERS = re.compile(
    r"(?:create|set|setup|start|boot|mock|stub|first|now|next|make|build|use|add|enable|disable"
    r"|simulate|prepare|get|then|fake|patch|generate|pretend|launch)\b",
    re.IGNORECASE,
)
STEPS = re.compile(
    rf"{ORDERS.pattern}|(?-i:[A-Z])\w+ing\b|(?:list|verify|check|delete|update|show|call|send)\b"
    r"|(?:patch|post|put|head)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[.!?:]['\")]*$")


def said(block: Block, function: Function) -> str:
    """Return what keeps a comment from being about its whole test and no more, in words."""
    text = block.text
    if LABELLED.search(text):
        return "its first comment ends in a label"
    if WEIGHED.search(text.lower()):
        return "its first comment is a note to developers"
    if LIMIT.search(text.lower()) and not any(map(_looks, function.body)):
        return "its first comment speaks of the first step"  # it explains an argument
    _, *later = sentences.STOP.split(text)
    if any(speaks_of_data(item, function) for item in later):
        return "its first comment goes on to speak of the first step"
    return ""


def _looks(statement: ast.stmt) -> bool:
    return statements.checks(statement) or statements.expects(statement)


def speaks_of_data(line: str, function: Function) -> bool:
    """Tell whether a sentence begins with what the first statement writes down below."""
    match function.body[0]:
        case ast.Assign(targets=targets, value=ast.List() | ast.Tuple() | ast.Dict() | ast.Set()):
            bound = {name for target in targets for name in bound_names(target)}
            subject = SUBJECT.match(line)
            said = subject[1].lower() if subject else ""
            return any(names.stem(said) == names.stem(name) for name in bound if said)
    return False


def own_names(function: Function, things: Iterable[str]) -> set[str]:
    """Return the names of a test that a comment spells as code does.

    A verb, or a word for one of some things, is one of English, too.
    """
    found = {item.id for item in walk(function) if isinstance(item, ast.Name)}
    found |= bound_names(function.args)
    known = words.ORDERS.union(map(str.lower, things))
    return {name for name in found if known.isdisjoint((name, name.removesuffix("s")))}


def own_lines(block: Block, function: Function, verbs: tuple[str, ...]) -> int:
    """Return how many lines of a comment come before one that begins a thought of its own.

    A step does that, and what is written down; its lines can stay a comment of the code below.
    """
    deeds = words.widened(DEEDS, r"(?:{})\b", verbs)
    for at, (before, line) in enumerate(itertools.pairwise(map(str.strip, block.lines)), start=1):
        if not before or not line:
            continue
        ended = SENTENCE.search(before) is not None
        orders = ORDERS if ended else STEPS
        starts = orders.match(line) or deeds.match(line.lower())
        if starts and (ended or line[0].isupper()):
            return at
        if ended and speaks_of_data(line, function):
            return at
    return len(block.lines)
