"""One git repository, asked by its own program and always in the same surroundings.

Names are bytes, as git has them: a file's name need not be text in any encoding.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from fixtests.git.variables import MISLEADING, OF_HOOKS, PLACES
from fixtests.model import RunError

# What would change how git prints names and patches, or what it takes for a change.
SETTINGS = (
    *("core.quotePath=false", "diff.noprefix=false", "diff.mnemonicPrefix=false"),
    "diff.autoRefreshIndex=true",
)


class GitError(RunError):
    """What git refuses, in its own words.

    `code` is its exit code, 127 where it is not there, minus the signal where one has ended it.
    """

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class Repository:
    """A repository with a work tree, whose top level is `root`, a real path."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def find(cls, path: Path) -> Repository | None:
        """Return the repository around a real file or folder, None outside of one.

        Raises GitError where git does not want to work there.
        """
        folders = (path, *path.parents) if path.is_dir() else path.parents
        for folder in folders:
            if (folder / ".git").exists():
                return cls.at(folder)
        return None

    @classmethod
    def at(cls, top: Path) -> Repository:
        """Return the repository whose `.git` stands in a real folder.

        Raises GitError where git does not want to work there.
        """
        found = cls(top)
        root = found._path("--show-toplevel")
        if not root.samefile(top):
            raise GitError(f"{top}: is a repository whose work tree is {root}; name files there", 1)
        return found

    def run(
        self,
        *arguments: str | bytes,
        input: bytes | None = None,  # noqa: A002 - as subprocess calls it
        env: Mapping[str, str] | None = None,
    ) -> bytes:
        """Return what git prints when it is run at the top level.

        `input` is what it reads; `env` are variables in addition. Nothing is locked that git can
        do without. Raises GitError.
        """
        import subprocess

        settings = [word for item in SETTINGS for word in ("-c", item)]
        command = [encoded(word) for word in ("git", *settings, *arguments)]
        surroundings = {**self._surroundings, **(env or {})}
        try:
            done = subprocess.run(
                command,
                cwd=self.root,
                env=surroundings,
                input=input or b"",
                capture_output=True,
                check=False,
            )
        except OSError as error:
            reason = f"{self.root}: git cannot be run: {error.strerror}; install git"
            raise GitError(reason, 127) from None
        if done.returncode:
            said = _words(done.stderr, done.returncode)
            raise GitError(f"{self.root}: git {_command(arguments)}: {said}", done.returncode)
        return done.stdout

    @cached_property
    def common_dir(self) -> Path:
        """The folder that all work trees of the repository share. Raises GitError."""
        return self.root / self._path("--git-common-dir")

    def _path(self, question: str) -> Path:
        return Path(os.fsdecode(self.run("rev-parse", question).removesuffix(b"\n")))

    @cached_property
    def _surroundings(self) -> dict[str, str]:
        """The environment of git: that of the caller, without what leads it astray."""
        away = {*MISLEADING, *PLACES, *OF_HOOKS}
        kept = {name: value for name, value in os.environ.items() if name not in away}
        if self._is_callers():
            for name in OF_HOOKS:
                if name in os.environ:  # relative ones start at the caller's folder
                    kept[name] = os.pathsep.join(
                        map(os.path.abspath, os.environ[name].split(os.pathsep))
                    )
        return {**kept, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}

    def _is_callers(self) -> bool:
        """Tell whether the current folder stands in this work tree, and in none inside of it."""
        try:
            here = Path.cwd()
        except OSError:
            return False
        top = next((item for item in (here, *here.parents) if (item / ".git").exists()), None)
        return top == self.root


def decoded(name: bytes) -> str:
    """Return a name of git's, other than that of a file, as text, whatever the user's locale."""
    return name.decode("utf-8", "surrogateescape")


def encoded(name: str | bytes) -> bytes:
    """Return what `decoded` made a text of."""
    return name.encode("utf-8", "surrogateescape") if isinstance(name, str) else name


def _command(arguments: Sequence[str | bytes]) -> str:
    """Return which of git's commands is called, after settings for it alone."""
    while arguments[0] == "-c":
        arguments = arguments[2:]
    return decoded(encoded(arguments[0]))


def _words(stderr: bytes, code: int) -> str:
    """Return what git says is wrong, in one line."""
    lines = stderr.decode("utf-8", "replace").split("\n")
    said = [line.removeprefix("fatal: ").removeprefix("error: ") for line in lines if line]
    silent = f"was ended by signal {-code}" if code < 0 else "refuses, and does not say why"
    return "; ".join(said) or silent
