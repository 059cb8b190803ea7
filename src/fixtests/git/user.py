"""What a user has told git of themselves: who they are, and how their messages look."""

from __future__ import annotations

from collections.abc import Sequence

from fixtests.git.repository import GitError, Repository

WIDTH = 72  # columns of a message, where nobody says


def setting(repository: Repository, name: str) -> str | None:
    """Return a value of git's configuration, None where there is none. Raises GitError."""
    return _asked(repository, "--get", name)


def wants(repository: Repository, name: str) -> bool:
    """Tell whether a switch of git's configuration is on. Raises GitError."""
    return _asked(repository, "--type=bool", "--get", name) == "true"


def _asked(repository: Repository, *words: str) -> str | None:
    try:
        return repository.run("config", *words).decode("utf-8", "replace").rstrip("\n")
    except GitError as error:
        if error.code == 1:  # as git has it for what is not there
            return None
        raise


def identity(repository: Repository) -> str:
    """Return the user's name and address, `Name <address>`.

    Raises GitError where git does not know who they are.
    """
    for kind in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        try:
            said = repository.run("var", kind).decode("utf-8", "replace")
        except GitError as error:
            raise GitError(
                f"{repository.root}: git does not know who you are; run `git config --global"
                " user.name NAME` and `git config --global user.email ADDRESS`",
                error.code,
            ) from None
    return said.rpartition(">")[0] + ">"


def width(repository: Repository) -> int:
    """Return how many columns the user's messages have."""
    told = setting(repository, "gui.commitMsgWidth") or ""
    return int(told) if told.isdecimal() and int(told) > 0 else WIDTH


def with_trailers(repository: Repository, message: str, trailers: Sequence[str]) -> str:
    """Return a message with trailers in its last paragraph, as the user's git places them.

    Their own sign-off comes with them where they have set `format.signOff`. Raises GitError.
    """
    own = list(trailers)
    if wants(repository, "format.signOff"):
        own.append(f"Signed-off-by: {identity(repository)}")
    options = [word for item in own for word in ("--trailer", item)]
    if not options:
        return message
    command = ("interpret-trailers", "--no-divider", *options)
    return repository.run(*command, input=message.encode()).decode("utf-8", "replace")
