"""How a target's tests are run: by a runner that is known here, or by a command of the project."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fixtests.model import RunError
from fixtests.settings.config import Verification
from fixtests.verify import interpreters
from fixtests.verify.interpreters import Interpreter

RUNNERS = ("stestr", "pytest", "unittest")
NAMES = (*RUNNERS, "tox")
PLACEHOLDERS = ("{ids}", "{modules}", "{files}", "{list-file}")
OF_PYTEST = ("pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml")
JUNIT = "{junit}"
EXTRA = "pip install 'fixtests[verify]'"


class NoPresetError(RunError):
    """What is configured does not say how tests are run."""


@dataclass(frozen=True)
class Preset:
    """How tests are run.

    `name` is that of a runner, or `command`, and then `command` has the words with placeholders.
    `tops` are the folders, relative to the root, that ids of tests begin in, where the project
    says so. `environment` is what the project sets for its tests.
    """

    name: str
    interpreter: Interpreter
    command: tuple[str, ...] = ()
    tops: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_of_pytest(self) -> bool:
        """Tell whether ids of tests are those that pytest has."""
        return any("pytest" in word for word in (self.name, *self.command))


def find(root: Path, settings: Verification) -> Preset:
    """Return how the tests of a tree are run: as settings say, else as its configuration says.

    Raises NoPresetError, and interpreters.NoInterpreterError, where that does not work.
    """
    root = root.resolve()
    written = settings.command or ""
    environment = _built(root) if written == "tox" else ""
    path = interpreters.find(root, settings.python, environment, _other(root))
    interpreter = interpreters.probe(path, root)
    sets = _set_by_tox(root) if environment else {}
    if written and written not in NAMES:
        return Preset("command", interpreter, _words(written, root), environment=sets)
    name = written if written in RUNNERS else _named(root, interpreter)
    if name == "stestr" and not find_spec("subunit"):
        raise NoPresetError(f"stestr: python-subunit is needed to read its results: {EXTRA}")
    if name == "stestr" and not _has_stestr(root):
        raise NoPresetError(f"{root}: has no configuration of stestr, such as .stestr.conf")
    if name != "unittest" and not interpreter.has(name):
        raise NoPresetError(f"{path}: has no {name}; {interpreters.REMEDY}")
    return Preset(name, interpreter, tops=_tops(root), environment=sets)


def _words(command: str, root: Path) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise NoPresetError(f"{command}: cannot be divided into words: {error}") from None
    if words and not shutil.which(words[0]) and not (root / words[0]).is_file():
        raise NoPresetError(f"{words[0]}: there is no such command; correct --verify-command")
    if not any(item in word for word in words for item in PLACEHOLDERS):
        known = ", ".join(PLACEHOLDERS)
        raise NoPresetError(f"{command}: does not say where tests are named: put one of {known}")
    return words


def _named(root: Path, interpreter: Interpreter) -> str:
    """Return the runner that the configuration speaks of and the interpreter has."""
    for name in _spoken_of(root):
        is_there = name == "unittest" or interpreter.has(name)
        if is_there and (name != "stestr" or find_spec("subunit")):
            return name
    return "unittest"


def _spoken_of(root: Path) -> Iterator[str]:
    tools = _toml(root / "pyproject.toml").get("tool", {})
    tox, setup = _sections(root / "tox.ini"), _sections(root / "setup.cfg")
    if _has_stestr(root):
        yield "stestr"
    own = any((root / name).is_file() for name in OF_PYTEST)
    if own or "pytest" in tools or "tool:pytest" in setup or "pytest" in tox:
        yield "pytest"
    commands = " ".join(tox[name].get("commands", "") for name in tox if name != "DEFAULT")
    commands += str(tools.get("tox", ""))
    yield from (name for name in RUNNERS if re.search(rf"\b{name}\b", commands))
    if (root / "conftest.py").is_file() or any(root.glob("*/conftest.py")):
        yield "pytest"


def _has_stestr(root: Path) -> bool:
    tools = _toml(root / "pyproject.toml").get("tool", {})
    return (
        (root / ".stestr.conf").is_file()
        or "stestr" in tools
        or "stestr" in _sections(root / "tox.ini")
    )


def _tops(root: Path) -> tuple[str, ...]:
    """Return the folder that stestr finds tests from, where it is told."""
    said: Mapping[str, Any] = _toml(root / "pyproject.toml").get("tool", {}).get("stestr", {})
    own = _sections(root / ".stestr.conf")
    if "DEFAULT" in own:
        said = {**said, **own["DEFAULT"]}
    top = str(said.get("top_dir", said.get("top_path", "")) or "")
    return (os.path.normpath(top),) if top and not Path(top).is_absolute() else ()


def _built(root: Path) -> str:
    """Return the environment of tox that tests run in: one that is there, the newest Python first.

    Raises NoPresetError where none is there.
    """
    names = [item.name for item in (root / ".tox").glob("py*") if (item / "bin/python").exists()]
    if not names:
        remedy = "build one with tox, or " + interpreters.REMEDY
        raise NoPresetError(f"{root / '.tox'}: no environment for tests is there; {remedy}")
    return max(names, key=lambda name: [int(item) for item in re.findall(r"\d+", name)])


def _other(root: Path) -> str:
    """Return an environment of tox that may do where nothing else is at hand."""
    try:
        return _built(root)
    except NoPresetError:
        return ""


def _set_by_tox(root: Path) -> dict[str, str]:
    """Return the variables that tox sets for tests, but those that it puts together."""
    lines = _sections(root / "tox.ini")
    if "testenv" not in lines:
        return {}
    found = {}
    sets = lines["testenv"]
    for line in sets.get("setenv", sets.get("set_env", "")).splitlines():
        name, is_set, value = (item.strip() for item in line.partition("="))
        if is_set and name.isidentifier() and "{" not in value:
            found[name] = value
    return {name: value for name, value in found.items() if name not in interpreters.OURS}


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _sections(path: Path) -> configparser.RawConfigParser:
    found = configparser.RawConfigParser(strict=False)
    try:
        found.read_string(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, configparser.Error):
        return configparser.RawConfigParser()
    return found
