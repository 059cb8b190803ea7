"""The target's interpreter: who runs its tests, what it imports from the tree, what it has."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fixtests.model import RunError
from fixtests.verify import copies

REMEDY = "set python in [tool.fixtests.verify] to an interpreter that can import the project"
PROBE = """
import json, os, sys
try:
    from importlib import metadata
    every = list(metadata.distributions())
    have = sorted({str(item.metadata["Name"]) + " " + item.version for item in every})
    own = {str(item.metadata["Name"]): [str(item.locate_file("")), item.read_text("direct_url.json")] for item in every}
except Exception as error:
    have, own = [repr(error)], {}
found = [os.path.abspath(item) for item in sys.path if item]
for name, module in list(sys.modules.items()):
    if name.startswith("__editable__"):
        for package, path in getattr(module, "MAPPING", {}).items():
            if os.path.basename(path) == package.rpartition(".")[2]:
                found.append(os.path.dirname(path))
print(json.dumps({"version": sys.version, "prefix": sys.prefix, "path": found, "have": have, "own": own}))
"""  # noqa: E501
# What our own process was started with, and what would make the target's another one.
OURS = frozenset(
    (
        *("PYTHONHOME", "PYTHONSTARTUP", "PYTHONSAFEPATH", "PYTHONPLATLIBDIR", "PYTHONINSPECT"),
        *("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONOPTIMIZE"),
        *("__PYVENV_LAUNCHER__", "PYTEST_CURRENT_TEST", "PYTEST_VERSION", "PYTEST_XDIST_WORKER"),
        *("PYTEST_XDIST_TESTRUNUID", "PYTEST_XDIST_WORKER_COUNT"),
        *("FIXTESTS_EVENTS", "FIXTESTS_REQUEST"),
    )
)


class NoInterpreterError(RunError):
    """The target's interpreter is not there or does not run."""


@dataclass(frozen=True)
class Interpreter:
    """One that runs the target's tests.

    `folders` are those of the tree, relative to its root, from which it imports by itself, such
    as `src` of a project that is installed as editable. `digest` stands for all that it has, `have`
    are the versions of what is installed, by name in lower case, `own` the names of what is
    installed from the tree or as editable. `version` is that of Python.
    """

    path: str
    folders: tuple[str, ...]
    digest: str
    have: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    version: str = ""

    def has(self, name: str) -> bool:
        """Tell whether a distribution is installed there."""
        return name in self.have


def find(root: Path, configured: str | None, environment: str = "", other: str = "") -> str:
    """Return the path of the target's interpreter.

    It is the configured one, that of an environment of tox where one is named, of a virtual
    environment in the root, of the active one unless that is ours, of the `other` environment of
    tox, of our own one, else python3.

    Raises NoInterpreterError where none is there.
    """
    if configured:
        found = shutil.which(str(_from(root, configured)))
        if found is None:
            raise NoInterpreterError(f"{configured}: is no interpreter; {REMEDY}")
        return found
    for place in _places(root, environment, other):
        found = shutil.which(place)
        if found is not None:
            return found
    told = f" in .tox/{environment}, where nothing is built" if environment else ""
    raise NoInterpreterError(f"{root}: no interpreter was found{told}; {REMEDY}")


def _from(root: Path, configured: str) -> str:
    """Return what was configured, from the root where it is a path."""
    path = Path(configured).expanduser()
    return str(root / path) if len(path.parts) > 1 else configured


def _places(root: Path, environment: str, other: str) -> Iterator[str]:
    if environment:
        yield _python(root / ".tox" / environment)
        return
    yield from (_python(root / name) for name in (".venv", "venv"))
    active = os.environ.get("VIRTUAL_ENV")
    if active and Path(active).resolve() != Path(sys.prefix).resolve():
        yield _python(Path(active))
    if other:
        yield _python(root / ".tox" / other)
    if active:
        yield _python(Path(active))
    yield from ("python3", "python")


def _python(environment: Path) -> str:
    inner = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
    return str(environment.joinpath(*inner))


def probe(path: str, root: Path) -> Interpreter:
    """Return what an interpreter says of itself, started in the root.

    Raises NoInterpreterError where it does not.
    """
    try:
        done = subprocess.run(
            [path, "-c", PROBE],
            cwd=Path(path).anchor or os.sep,  # not where modules of the tree hide others
            env=inherited(path),
            capture_output=True,
            check=True,
            timeout=60,
        )
        told = json.loads(done.stdout.splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        said = getattr(error, "stderr", None) or str(error).encode()
        raise NoInterpreterError(f"{path}: does not run: {_last(said)}; {REMEDY}") from None
    known = json.dumps([path, told["version"], told["prefix"], told["have"]])
    folders = tuple(dict.fromkeys(_inside(told["path"], root)))
    digest = hashlib.sha256(known.encode()).hexdigest()
    have = {name.lower(): version for name, _, version in map(_parts, told["have"])}
    own = frozenset(_own(told["own"], root))
    return Interpreter(path, folders, digest, have, own, told["version"].split()[0])


def _parts(item: str) -> tuple[str, str, str]:
    return item.partition(" ")


def _own(places: Mapping[str, tuple[str, str | None]], root: Path) -> Iterator[str]:
    """Yield the names of what is installed from the tree, or as editable from wherever."""
    for name, (folder, url) in places.items():
        is_editable = json.loads(url or "{}").get("dir_info", {}).get("editable", False)
        if is_editable or any(_inside([folder], root)):
            yield name.lower()


def _last(said: bytes) -> str:
    return (said.decode("utf-8", "replace").strip().splitlines() or ["no answer"])[-1]


def _inside(paths: list[str], root: Path) -> Iterator[str]:
    """Yield the folders of the tree among some paths, but those of environments in it."""
    for item in paths:
        path = Path(item).resolve()
        if path.is_relative_to(root) and path.is_dir():
            between = [path, *(above for above in path.parents if above.is_relative_to(root))]
            if not any(copies.is_left_out(above) for above in between if above != root):
                yield str(path.relative_to(root))


def inherited(path: str) -> dict[str, str]:
    """Return our environment without what is ours alone.

    The active virtual environment is not that of another's interpreter.
    """
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    active = kept.get("VIRTUAL_ENV")
    if active and not Path(path).absolute().is_relative_to(active):
        del kept["VIRTUAL_ENV"]
        own = str(Path(_python(Path(active))).parent)
        folders = kept.get("PATH", "").split(os.pathsep)
        kept["PATH"] = os.pathsep.join(item for item in folders if item != own)
    folder = Path(path).parent
    if (folder.parent / copies.ENVIRONMENT).exists():
        # What tests start by name is what the project has.
        kept["PATH"] = os.pathsep.join((str(folder), kept.get("PATH", os.defpath)))
    return kept


def search_path(copy: Path, root: Path, folders: tuple[str, ...], given: str, support: Path) -> str:
    """Return the PYTHONPATH for a copy: itself first, so that nothing is loaded from the root.

    `folders` are what the interpreter imports from, `given` what the variable held before.
    """
    inside = [copy]
    inside += [copy / "src"] if (copy / "src").is_dir() else []
    inside += [copy / name for name in folders]
    for item in filter(None, given.split(os.pathsep)):
        path = Path(os.path.normpath(copy / item))
        inside.append(copy / path.relative_to(root) if path.is_relative_to(root) else path)
    inside.append(support)
    return os.pathsep.join(dict.fromkeys(map(str, inside)))


def environment_for(
    interpreter: Interpreter, copy: Path, root: Path, more: Mapping[str, str], support: Path
) -> dict[str, str]:
    """Return the environment in which the target's tests run in a copy."""
    found = {**inherited(interpreter.path), **more}
    given = found.get("PYTHONPATH", "")
    found["PYTHONPATH"] = search_path(copy, root, interpreter.folders, given, support)
    found["PYTHONFAULTHANDLER"] = "1"  # a crash says where
    return found
