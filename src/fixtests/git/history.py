"""What a file held in the commits that changed it."""

from __future__ import annotations

import os
from pathlib import Path

from fixtests.git.repository import GitError, Repository


def of(path: Path, most: int) -> list[tuple[str, bytes]]:
    """Return the day of each of the last commits that changed a real file, and what it held then.

    The oldest comes first. Nothing is known outside of a repository, and where git refuses.
    """
    try:
        repository = Repository.find(path)
        if repository is None:
            return []
        name = os.fsencode(path.relative_to(repository.root).as_posix())
        asked = ("log", f"--max-count={most}", "--diff-filter=AM", "--format=%H %cs", "--")
        lines = repository.run(*asked, b":(literal)" + name).decode().splitlines()
        found = []
        for line in reversed(lines):
            commit, _, day = line.partition(" ")
            found.append((day, repository.run("cat-file", "blob", commit.encode() + b":" + name)))
        return found
    except GitError:
        return []
