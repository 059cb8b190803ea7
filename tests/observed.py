"""What fixtests tells of a tree: each finding with the function around it and the text it flags.

Everything here is asked of the command line, which stays what it is while the
modules behind it move, and of any other command that takes the same arguments.
"""

from __future__ import annotations

import ast
import bisect
import json
import os
import re
import subprocess
import sys
import tokenize
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

COMMAND = (sys.executable, "-m", "fixtests")
CHECK = ("check", "--output-format", "json", "--select", "ALL", "--no-cache")
LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++\Z")
UTF8_LINE = re.compile(LINE.pattern.encode())


class Place(NamedTuple):
    """A finding without its words and its row: what is to stay where code only moves."""

    path: str
    code: str
    function: str
    text: str
    applicability: str


class Text:
    """The text of a file, and the function around each of its rows."""

    def __init__(self, content: bytes) -> None:
        encoding = tokenize.detect_encoding(BytesIO(content).readline)[0]
        self._text = content.decode(encoding).removeprefix("\ufeff")
        self._starts = [match.start() for match in LINE.finditer(self._text)]
        self._utf8 = self._text.encode()
        self._utf8_starts = [match.start() for match in UTF8_LINE.finditer(self._utf8)]
        self._functions = [""] * (len(self._starts) + 1)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(content)
        except (SyntaxError, ValueError, RecursionError):
            return  # the functions of what is no Python have no names
        self._name(tree, ())

    def _name(self, node: ast.AST, around: tuple[str, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            names = around
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                names = (*around, child.name)
                first = min([child.lineno, *(item.lineno for item in child.decorator_list)])
                rows = range(first, (child.end_lineno or first) + 1)
                self._functions[rows.start : rows.stop] = [".".join(names)] * len(rows)
            self._name(child, names)

    def at(self, start: tuple[int, int], end: tuple[int, int]) -> tuple[str, str]:
        """Return function and text between two places, of rows and columns from 1."""
        first, last = (self._starts[row - 1] + column - 1 for row, column in (start, end))
        return self._functions[start[0]], self._text[first:last]

    def at_offsets(self, start: int, end: int) -> tuple[str, str]:
        """Return function and text between two offsets of the text as UTF-8."""
        row = bisect.bisect_right(self._utf8_starts, start)
        return self._functions[row], self._utf8[start:end].decode()


@dataclass(frozen=True)
class Tool:
    """A command line that takes the arguments of fixtests."""

    command: tuple[str, ...] = COMMAND

    def run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run the command in a folder, without what it kept of other runs.

        Raises SystemExit where it does not even answer; a file that it could
        not read is no reason for that.
        """
        done = subprocess.run(
            [*self.command, *arguments],
            cwd=folder,
            env=_environment(),
            capture_output=True,
            check=False,
        )
        if done.returncode not in (0, 1, 2) or not done.stdout:
            words = done.stderr.decode(errors="replace").strip()
            shown = " ".join([*self.command, *arguments])
            raise SystemExit(f"error: exit {done.returncode} of `{shown}` in {folder}: {words}")
        return done

    def findings(
        self, folder: Path, paths: Iterable[str] = (".",), *options: str
    ) -> list[dict[str, Any]]:
        """Return the entries of `check` for paths below a folder.

        Each has a `path` from there instead of its file name, and `function` and `text`.
        """
        done = self.run(folder, *CHECK, *options, "--", *paths)
        return described(folder, json.loads(done.stdout))


def place_of(entry: Mapping[str, Any]) -> Place:
    """Return where a finding is, by what is around it."""
    return Place(*(entry[name] for name in Place._fields))


def described(folder: Path, entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return entries of `check` with paths from a folder, functions and flagged texts."""
    texts: dict[str, Text] = {}
    found = []
    for entry in entries:
        name = entry["filename"]
        function = text = ""
        if entry["code"]:  # what could not be read has none
            if name not in texts:
                texts[name] = Text(Path(name).read_bytes())
            ends = (
                (entry[end]["row"], entry[end]["column"]) for end in ("location", "end_location")
            )
            function, text = texts[name].at(*ends)
        own = {**entry, "function": function, "text": text}
        _shorten(own, folder)
        for edit in (own.get("fix") or {}).get("edits", ()):
            if "filename" in edit:
                _shorten(edit, folder)
        found.append(own)
    return found


def _shorten(entry: dict[str, Any], folder: Path) -> None:
    """Put the path from a folder in the place of a file's whole name."""
    entry["path"] = Path(entry.pop("filename")).relative_to(folder.resolve()).as_posix()


def _environment() -> dict[str, str]:
    """Return the environment for a run elsewhere: its modules are none of the tree's."""
    found = {**os.environ, "PYTHONSAFEPATH": "1"}
    if "PYTHONPATH" in found:
        parts = found["PYTHONPATH"].split(os.pathsep)
        found["PYTHONPATH"] = os.pathsep.join(str(Path(part).resolve()) for part in parts)
    return found
