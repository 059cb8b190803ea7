"""Whether a worker has what tests need: the interpreter of the project, with the same in it.

Else they would come out there in another way than where they are asked for.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from fixtests.verify import interpreters, presets
from fixtests.verify.interpreters import Interpreter, NoInterpreterError
from fixtests.verify.presets import NoPresetError, Preset

VARIABLE = "FIXTESTS_WORKER_PYTHON"
REMEDY = f"give it the project's environment, or name the interpreter there by {VARIABLE}"
NAMED = 3  # differences


def fitted(preset: Preset, tree: Path) -> Preset:
    """Return how tests of a tree are run here that are run elsewhere by a preset.

    Raises NoInterpreterError and NoPresetError where they would not run as they do there.
    """
    wanted = preset.interpreter
    named = os.environ.get(VARIABLE) or wanted.path
    path = shutil.which(named)
    if path is None:
        raise NoInterpreterError(f"has no interpreter {named}: {REMEDY}")
    found = interpreters.probe(path, tree)
    lacks = list(_differences(wanted, found))
    if lacks:
        more = f" and {len(lacks) - NAMED:,} more" if len(lacks) > NAMED else ""
        raise NoInterpreterError(f"{path} has no {', '.join(lacks[:NAMED])}{more}: {REMEDY}")
    if preset.name == "stestr" and not find_spec("subunit"):
        raise NoPresetError(f"has no python-subunit, to read what stestr says: {presets.EXTRA}")
    words = preset.command[:1]
    if not all(shutil.which(word) or (tree / word).is_file() for word in words):
        raise NoPresetError(f"has no command {words[0]}")
    return replace(preset, interpreter=replace(found, folders=wanted.folders))


def _differences(wanted: Interpreter, found: Interpreter) -> Iterator[str]:
    """Yield what is not there, with what is there instead."""
    for name, version, other in (
        ("Python", _minor(wanted.version), _minor(found.version)),
        *((name, it, found.have.get(name, "")) for name, it in sorted(wanted.have.items())),
    ):
        if version != other and name not in wanted.own:
            yield f"{name} {version}" + (f" (but {other})" if other else "")


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
