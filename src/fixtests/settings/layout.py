"""How a project's own linters want its files laid out: lines, imports, docstrings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fixtests.settings.linters import USUAL

if TYPE_CHECKING:
    from configparser import RawConfigParser

# Where isort is told, by itself and as a part of ruff, and with which keys.
IN_TOML = (
    (".ruff.toml", ("lint", "isort")),
    ("ruff.toml", ("lint", "isort")),
    ("pyproject.toml", ("tool", "ruff", "lint", "isort")),
    ("pyproject.toml", ("tool", "isort")),
)
IN_SECTIONS = (
    (".isort.cfg", "settings"),
    ("setup.cfg", "isort"),
    ("tox.ini", "isort"),
    ("setup.cfg", "flake8"),
    ("tox.ini", "flake8"),
    (".flake8", "flake8"),
)
# Where ruff's formatter and black are told, and where black's command line stands.
OF_FORMATTERS = (
    (".ruff.toml", ("format",)),
    ("ruff.toml", ("format",)),
    ("pyproject.toml", ("tool", "ruff", "format")),
    ("pyproject.toml", ("tool", "black")),
)
WITH_COMMANDS = ("tox.ini", ".pre-commit-config.yaml")
FILES = dict.fromkeys(
    (*(name for name, _ in (*IN_TOML, *IN_SECTIONS, *OF_FORMATTERS)), *WITH_COMMANDS)
)
NEEDLE = re.compile(
    rb"magic-trailing-comma|\bblack\b|isort|\b(?:I(?:0\d*)?|ALL|H4(?:05?)?)\b|\[settings\]"
)
SORTED = re.compile(r"I(?:0(?:01?)?)?|ALL")  # what selects isort's check in ruff
SKIPPING = re.compile(
    r"--skip-magic-trailing-comma\b|^[^#\n]*\bblack\b[^#\n]*\s-C\b"
    r"|\bid: *black\b(?:\n(?! *- *(?:id|repo):)[^\n]*)*?\n *args:[^\n]*[\s\[\"',]-C\b",
    re.MULTILINE,
)
MANY_LINES = re.compile(r"\bH4(?:05?)?\b")  # one of the words with which flake8 ignores H405


@dataclass(frozen=True)
class Layout:
    """How the lines of a file are laid out.

    Lines have at most `line_length` characters. `after_imports` blank lines stand between
    imports and code, None where nobody says. With `straight_first`, `import x` stands before
    `from a import x` in a block. `long_summary` says that a docstring may begin with more than
    one line, `skips_commas` that brackets stand on one line where there is room for what they
    hold, whether or not a comma ends it.
    """

    line_length: int = USUAL
    after_imports: int | None = None
    straight_first: bool = False
    long_summary: bool = False
    skips_commas: bool = False


Said = Mapping[str, Any]  # some fields of a layout


class Layouts:
    """What linters are told in the folders of a run; each is looked at once.

    A file that cannot be read says nothing here: whoever asks for its line length says why.
    """

    def __init__(self) -> None:
        self._in = cache(_said_in)

    def of(self, folder: Path, root: Path, line_length: int | None) -> Layout:
        """Return the layout of a folder's files: what the nearest folder says, up to the root."""
        said: dict[str, Any] = {}
        for place in (folder, *folder.parents):
            said = {**self._in(place), **said}
            if place == root:
                break
        return Layout(line_length or USUAL, **said)


def _said_in(folder: Path) -> Said:
    said: dict[str, Any] = {}
    texts = {name: _text(folder / name) for name in FILES}
    tables = {name: _toml(texts[name]) for name, _ in (*IN_TOML, *OF_FORMATTERS)}
    parsers = {name: _parser(texts[name]) for name, _ in IN_SECTIONS if texts[name]}
    for name, keys in IN_TOML:
        found = _table(tables[name], keys)
        selected = (
            _selected(_table(tables[name], keys[:-1])) if keys[-2:] == ("lint", "isort") else False
        )
        if found or selected:
            said = {**_of_isort(found), **said}
    for name, section in IN_SECTIONS:
        if name in parsers and parsers[name].has_section(section):
            found = dict(parsers[name].items(section))
            own = _of_flake8(found) if section == "flake8" else _of_isort(found)
            said = {**own, **said}
    return {**_of_formatters(tables, texts), **said}


def _of_formatters(tables: Mapping[str, Said], texts: Mapping[str, str]) -> Said:
    """Return what formatters are told of a comma at the end, nothing where they are not."""
    for name, keys in OF_FORMATTERS:
        skips = _table(tables[name], keys).get("skip-magic-trailing-comma")
        if isinstance(skips, bool):
            return {"skips_commas": skips}
    skips = any(SKIPPING.search(texts[name]) for name in WITH_COMMANDS)
    return {"skips_commas": True} if skips else {}


def _of_isort(table: Said) -> Said:
    values = {str(key).replace("-", "_"): value for key, value in table.items()}
    mixed = str(values.get("force_sort_within_sections", "")).lower() in ("true", "1")
    said: dict[str, Any] = {"straight_first": not mixed}
    lines = str(values.get("lines_after_imports", ""))
    return {**said, "after_imports": int(lines)} if lines.isdecimal() else said


def _of_flake8(table: Said) -> Said:
    values = {str(key).replace("-", "_"): str(value) for key, value in table.items()}
    ignored = " ".join(values.get(key, "") for key in ("ignore", "extend_ignore"))
    return {"long_summary": True} if MANY_LINES.search(ignored) else {}


def _selected(lint: Said) -> bool:
    """Tell whether ruff looks at the order of imports."""
    codes = [*_list(lint.get("select")), *_list(lint.get("extend-select"))]
    return any(isinstance(code, str) and SORTED.fullmatch(code) for code in codes)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(table: Any, keys: tuple[str, ...]) -> Said:
    for key in keys:
        table = table.get(key) if isinstance(table, Mapping) else None
    return table if isinstance(table, Mapping) else {}


def _toml(text: str) -> Said:
    if not text:
        return {}
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _parser(text: str) -> RawConfigParser:
    """Return what the sections of a text say, nothing where it is wrong."""
    from configparser import Error, RawConfigParser

    parser = RawConfigParser()
    try:
        parser.read_string(text)
    except Error:
        return RawConfigParser()
    return parser


def _text(path: Path) -> str:
    """Return the text of a file that may say something, else nothing."""
    try:
        content = path.read_bytes() if path.is_file() else b""
    except OSError:
        return ""
    return content.decode("utf-8-sig", "replace") if NEEDLE.search(content) else ""
