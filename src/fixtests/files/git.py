"""What git says of a tree; everything works without git too."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from fixtests.git.variables import OF_HOOKS, PLACES

IGNORED = ("--ignored", "--directory")
asked: dict[str, bytes | None] = {}  # what git answered in this run, by folder


@cache
def top(folder: Path) -> Path | None:
    """Return the top level of the git work tree around a folder, None outside of one."""
    return next((item for item in (folder, *folder.parents) if (item / ".git").exists()), None)


def listed(folder: Path) -> list[Path] | None:
    """Return the files below a folder that git tracks or does not ignore.

    None outside of a work tree, and where git is missing or refuses.
    """
    if top(folder) is None:
        return None
    answer = asked[str(folder)] = ask(str(folder))
    if answer is None:
        return None
    names = set(answer.split(b"\0")) - {b""}
    return [folder / os.fsdecode(name) for name in sorted(names)]


def ignored(folder: Path) -> list[Path]:
    """Return the Python files, and folders, below a folder that git ignores; none where it refuses.

    What Python itself keeps is left out.
    """
    answer = ask(str(folder), *IGNORED) if top(folder) is not None else None
    names = (answer or b"").split(b"\0")
    found = [folder / os.fsdecode(name) for name in names if name.endswith((b"/", b".py"))]
    return [item for item in found if item.name != "__pycache__"]


def ask(folder: str, *which: str) -> bytes | None:
    """Return the names that git lists below a folder, each ended by NUL; None where it refuses.

    `which` are options of `git ls-files`; without any it is what git tracks or does not ignore.
    """
    import subprocess

    command = ["git", "ls-files", "-z", "--others", "--exclude-standard", *(which or ("--cached",))]
    env = _surroundings()
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, check=True, env=env).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


def revision(folder: Path) -> str | None:
    """Return the commit that the work tree around a folder stands on, None where there is none."""
    import subprocess

    command = ["git", "rev-parse", "--verify", "-q", "HEAD"]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, check=True, text=True, env=_surroundings()
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _surroundings() -> dict[str, str]:
    """Return the environment without what means the repository whose hook has started this run."""
    away = (*PLACES, *OF_HOOKS)
    return {name: value for name, value in os.environ.items() if name not in away}
