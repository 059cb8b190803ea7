"""What a script is called with beside files: declared by its options, or by its own parser."""

from __future__ import annotations

import argparse
import dataclasses
import shlex
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from fixtests.migrate.codemod import HELP, LEADING, METAVAR
from fixtests.model import RunError

PATHS = "paths"


class ArgumentError(RunError):
    """Arguments that a script cannot be called with; the message names the remedy."""


class Parser(argparse.ArgumentParser):
    """A parser that raises ArgumentError, and leaves help to the command.

    `typed` is how the command line names the script.
    """

    def __init__(self, name: str, typed: str) -> None:
        super().__init__(prog=name, add_help=False, allow_abbrev=False)
        self._typed = typed

    @property
    def flags(self) -> list[str]:
        """The options that it reads, as they are typed."""
        return [item for action in self._actions for item in action.option_strings]

    def error(self, message: str) -> NoReturn:
        """Refuse what was given."""
        command = shlex.join(["fixtests", "migrate", self._typed, "--help"])
        raise ArgumentError(f"{self.prog}: {message}; see `{command}`")


def of_options(name: str, typed: str, kind: type) -> Parser:
    """Return the parser of a codemod whose options are a dataclass."""
    parser = Parser(name, typed)
    hints = typing.get_type_hints(kind)
    for item in dataclasses.fields(kind):
        parser.add_argument(f"--{item.name.replace('_', '-')}", **_described(item, hints))
    return parser


def _described(item: dataclasses.Field[Any], hints: Mapping[str, Any]) -> dict[str, Any]:
    """Return how an option is told to argparse; what is not given is not there."""
    about: dict[str, Any] = {
        "dest": item.name,
        "help": item.metadata.get(HELP),
        "default": argparse.SUPPRESS,
    }
    kind = hints[item.name]
    if kind is bool:
        return {**about, "action": argparse.BooleanOptionalAction}
    about["metavar"] = item.metadata.get(METAVAR) or item.name.upper()
    if typing.get_origin(kind) is tuple:
        return {**about, "action": "extend", "type": lambda text: text.split(",")}
    if typing.get_origin(kind) is not None:  # a mapping
        return {**about, "action": "append", "type": _pair}
    return {**about, "type": kind}


def _pair(text: str) -> tuple[str, str]:
    old, sign, new = text.partition("=")
    if not (old and sign and new):
        raise argparse.ArgumentTypeError(f"{text!r} is not OLD=NEW")
    return old, new


def options(parser: Parser, kind: type, words: Sequence[str]) -> tuple[Any, tuple[Path, ...]]:
    """Return a codemod's options as some words give them, and the paths that are left.

    Raises ArgumentError.
    """
    hints = typing.get_type_hints(kind)
    leading = [item.name for item in dataclasses.fields(kind) if item.metadata.get(LEADING)]
    first = 0
    if leading:
        while first < len(words) and "=" in words[first] and not words[first].startswith("-"):
            first += 1
    values, paths = parsed(parser, words[first:])
    for field in leading:
        given = [*map(_leading(parser), words[:first]), *values.get(field, ())]
        if given:
            values[field] = given
    for field, value in values.items():
        origin = typing.get_origin(hints[field])
        if origin is not None:
            values[field] = tuple(value) if origin is tuple else dict(value)
    try:
        return kind(**values), paths
    except ValueError as error:
        parser.error(str(error))


def _leading(parser: Parser) -> typing.Callable[[str], tuple[str, str]]:
    def pair(word: str) -> tuple[str, str]:
        try:
            return _pair(word)
        except argparse.ArgumentTypeError as error:
            parser.error(str(error))

    return pair


def parsed(
    parser: argparse.ArgumentParser, words: Sequence[str]
) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """Return what a parser reads, and the paths that are left. Raises ArgumentError."""
    parser.add_argument(PATHS, nargs="*", type=Path, help=argparse.SUPPRESS)
    values = vars(parser.parse_intermixed_args(list(words)))
    return values, tuple(values.pop(PATHS))
