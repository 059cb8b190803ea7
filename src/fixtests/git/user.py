"""What a user has told git of themselves: who they are, and how their messages look."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fixtests.git.repository import GitError, Repository, decoded, encoded

WIDTH = 72  # columns of a message, where nobody says
UNKNOWN = re.compile(r"\b(?:ident|name|email)\b")  # what git says where it does not know its user
# A character that begins no line of a message: lines after that of the user's are no trailers.
PLAIN = ("-c", "core.commentChar=\x01")
ADDED = ("--where", "end", "--if-exists", "addIfDifferent", "--if-missing", "add")


def setting(repository: Repository, name: str) -> str | None:
    """Return a value of git's configuration, None where there is none. Raises GitError."""
    return _asked(repository, "--get", name)


def wants(repository: Repository, name: str) -> bool:
    """Tell whether a switch of git's configuration is on. Raises GitError."""
    return _asked(repository, "--type=bool", "--get", name) == "true"


def _asked(repository: Repository, *words: str) -> str | None:
    try:
        return decoded(repository.run("config", *words)).rstrip("\n")
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
            said = decoded(repository.run("var", kind))
        except GitError as error:
            if error.code < 0 or not UNKNOWN.search(str(error)):
                raise
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


def with_trailers(repository: Repository, message: str, trailers: Mapping[str, str]) -> str:
    """Return a message with trailers, by name, in its last paragraph, and those of the user's git.

    Their own sign-off comes with them where they have set `format.signOff`. Raises GitError.
    """
    own = dict(trailers)
    if wants(repository, "format.signOff"):
        own["Signed-off-by"] = identity(repository)
    if not own:
        return message
    separators = setting(repository, "trailer.separators") or ""
    settings = [f"trailer.separators={separators if ':' in separators else separators + ':'}"]
    settings += [f"trailer.{name}.key={name}: " for name in own]
    keys = [word for item in settings for word in ("-c", item)]
    options = [word for name, it in own.items() for word in ("--trailer", f"{name}={it}")]
    command = (*PLAIN, *keys, "interpret-trailers", "--no-divider", *ADDED, *options)
    return repository.run(*command, input=encoded(message)).decode("utf-8", "replace")
