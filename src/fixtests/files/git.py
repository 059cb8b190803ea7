"""What git says of a tree; everything works without git too."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from fixtests.git.variables import OF_HOOKS, PLACES

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


def ask(folder: str) -> bytes | None:
    """Return the names that git lists below a folder, each ended by NUL; None where it refuses."""
    import subprocess

    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
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
