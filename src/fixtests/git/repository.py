"""One git repository, asked by its own program and always in the same surroundings.

Names are bytes, as git has them: a file's name need not be text in any encoding.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from fixtests.model import RunError

# What would change how git prints names and patches, or what it takes for a change.
SETTINGS = (
    *("core.quotePath=false", "diff.noprefix=false", "diff.mnemonicPrefix=false"),
    "diff.autoRefreshIndex=true",
)
# Variables that git reads beside its configuration, and that change what it prints.
MISLEADING = frozenset(
    (
        *("GIT_DIFF_OPTS", "GIT_EXTERNAL_DIFF", "GIT_NAMESPACE", "GIT_PREFIX"),
        *("GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_LITERAL_PATHSPECS"),
        "GIT_NOGLOB_PATHSPECS",
    )
)
# Variables that say where a repository is: those of the caller may mean another one.
PLACES = frozenset(("GIT_COMMON_DIR", "GIT_DIR", "GIT_IMPLICIT_WORK_TREE", "GIT_WORK_TREE"))
# Variables that hold for the caller's own repository: a hook finds what is to be committed there.
OF_HOOKS = ("GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")


class GitError(RunError):
    """What git refuses, in its own words; `code` is its exit code, 127 where it is not there."""

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
        command = ["git", *settings, *arguments]
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
            raise GitError(f"{self.root}: {_words(done.stderr, arguments)}", done.returncode)
        return done.stdout

    @cached_property
    def git_dir(self) -> Path:
        """The folder in which git keeps what is this work tree's own. Raises GitError."""
        return self._path("--absolute-git-dir")

    @cached_property
    def common_dir(self) -> Path:
        """The folder that all work trees of the repository share. Raises GitError."""
        return self.root / self._path("--git-common-dir")

    def _path(self, question: str) -> Path:
        return Path(os.fsdecode(self.run("rev-parse", question).removesuffix(b"\n")))

    @cached_property
    def _surroundings(self) -> dict[str, str]:
        """The environment of git: that of the caller, without what leads it astray."""
        away = MISLEADING | PLACES | set(OF_HOOKS)
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


def _words(stderr: bytes, arguments: tuple[str | bytes, ...]) -> str:
    """Return what git says is wrong, in one line."""
    lines = stderr.decode("utf-8", "replace").split("\n")
    said = [line.removeprefix("fatal: ").removeprefix("error: ") for line in lines if line]
    asked = arguments[0] if isinstance(arguments[0], str) else os.fsdecode(arguments[0])
    return f"git {asked}: {'; '.join(said) or 'refuses, and does not say why'}"
