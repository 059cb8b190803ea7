"""What the texts of a profile must be, so that a wrong one is found where it is written.

A check raises ValueError with the end of a sentence that starts with the key.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from string import Formatter
from typing import Annotated

PLACEHOLDER = re.compile(r"\{([\w|]+)\}")  # in the arguments of a deletion


def regular_expression(text: str) -> None:
    """Check a regular expression."""
    try:
        re.compile(text)
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"is no regular expression: {error}") from None


def one_group(text: str) -> None:
    """Check a regular expression whose only group holds what is looked for."""
    regular_expression(text)
    if re.compile(text).groups != 1:
        raise ValueError("needs one group, in parentheses, around the version")


def version(text: str) -> None:
    """Check a version of two numbers."""
    if not re.fullmatch(r"[0-9]+\.[0-9]+", text):
        raise ValueError(f"is {text!r}, which is no version such as 2.1")


def method_name(text: str) -> None:
    """Check the name of a method."""
    if not text.isidentifier():
        raise ValueError(f"is {text!r}, which is no name of a method")


def dotted_name(text: str) -> None:
    """Check a name such as `package.module.Class`."""
    if not all(part.isidentifier() for part in text.split(".")):
        raise ValueError(f"is {text!r}, which is no dotted name")


def relative_path(text: str) -> None:
    """Check a path below the root."""
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or "\\" in text or str(path) != text or not text:
        raise ValueError(f"is {text!r}, which is no path below the root, such as nova/tests")


def import_statement(text: str) -> None:
    """Check an import of one name; an empty text says that none is needed."""
    if not text:
        return
    try:
        statements = ast.parse(text).body
    except (SyntaxError, ValueError):
        statements = []
    match statements:
        case [ast.Import(names=[_])]:
            return
        case [ast.ImportFrom(names=[ast.alias(name=name)], level=0)] if name != "*":
            return
    raise ValueError(f"is {text!r}, which is no absolute import of one name")


def template(*needed: str, known: tuple[str, ...] = ()) -> Callable[[str], None]:
    """Return the check of a Python expression with names in braces, all of `needed` among them."""

    def check(text: str) -> None:
        names = _names(text)
        for name in needed:
            if name not in names:
                raise ValueError(f"lacks {{{name}}}")
        valid = (*needed, *known)
        for name in names:
            if name not in valid:
                listed = ", ".join(f"{{{item}}}" for item in valid)
                raise ValueError(f"has {{{name}}}; valid are {listed}")
        try:
            ast.parse(text.format(**dict.fromkeys(valid, "name")), mode="eval")
        except (SyntaxError, ValueError, LookupError):
            raise ValueError(f"is {text!r}, which is no Python expression") from None

    return check


def template_or_nothing(*needed: str) -> Callable[[str], None]:
    """Return the check of a template that may be empty."""
    filled = template(*needed)
    return lambda text: filled(text) if text else None


def arguments(text: str) -> None:
    """Check the arguments of a deletion, in which other braces than those of names are Python's.

    They may be several, so they are read as those of a call.
    """
    if not PLACEHOLDER.search(text):
        raise ValueError("lacks {id}")
    try:
        ast.parse(f"delete({PLACEHOLDER.sub('name', text)})", mode="eval")
    except (SyntaxError, ValueError):
        raise ValueError(f"is {text!r}, which is no list of arguments") from None


def _names(text: str) -> list[str]:
    try:
        return [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise ValueError(f"is {text!r}, which is no template: {error}") from None


DottedName = Annotated[str, dotted_name]
ImportStatement = Annotated[str, import_statement]
MethodName = Annotated[str, method_name]
RegularExpression = Annotated[str, regular_expression]
RelativePath = Annotated[str, relative_path]
