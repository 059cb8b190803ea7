"""What is kept of a series: which commit each part became, and what was told of it since.

The record of a series is named by the commit that its branch is set to, and written before that:
what the branch does not stand at was never made, and what somebody else made has no record.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fixtests.files import user_folders
from fixtests.git.repository import Repository
from fixtests.model import RunError
from fixtests.write import leftovers, outputs

VERSION = 1
TOLD = "told"


class RecordError(RunError):
    """A record that cannot be read; the message names it, and the remedy."""


@dataclass(frozen=True)
class Change:
    """What a commit does to one file: its blobs before and after, "" before for a new one."""

    before: str
    after: str


@dataclass(frozen=True)
class Made:
    """One commit of a series.

    `key` names the shard, `needs` that on which it stands, empty for none; `block` and `folder`
    say where its files were dealt out to; `text` is the digest of the message without trailers.
    """

    key: str
    subject: str
    commit: str
    text: str
    needs: str = ""
    change_id: str = ""
    branch: str = ""
    folder: str = ""
    block: int = 0
    files: Mapping[str, Change] = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    """A series as its branch stands.

    `base` is the commit that it was made for, `trunk` the branch that this was on, by full name,
    empty for none; `target` is the name of the branch that it is for, as a server has it, and
    `repository` that of the project. `arguments` and `folder` are the command that made it, and
    where, from the top. `gone` are shards of before that the plan does not have any more.
    """

    branch: str
    tip: str
    base: str
    trunk: str
    target: str
    repository: str
    arguments: tuple[str, ...]
    folder: str
    made: tuple[Made, ...]
    gone: tuple[Made, ...] = ()

    def first(self, made: Made) -> Made:
        """Return the commit on which one of them stands in the end, be it itself."""
        by_key = {item.key: item for item in self.made}
        while made.needs in by_key:
            made = by_key[made.needs]
        return made

    def since(self, made: Made) -> dict[str, set[str]]:
        """Return what the files of a commit hold after those that stand on it, by path."""
        found: dict[str, set[str]] = {name: set() for name in made.files}
        above = {made.key}
        for item in self.made:
            if item.needs in above:
                above.add(item.key)
                for name in found.keys() & item.files.keys():
                    found[name].add(item.files[name].after)
        return found

    @property
    def blocks(self) -> dict[str, int]:
        """The number of each file's block."""
        return {name: item.block for item in self.made for name in item.files if item.block}


@dataclass
class Told:
    """What became known: the ids of changes that were closed, and the commits pushed, by key."""

    closed: list[str] = field(default_factory=list)
    pushed: dict[str, str] = field(default_factory=dict)


class Records:
    """The records of the series of one repository."""

    def __init__(self, repository: Repository) -> None:
        self._common = str(repository.common_dir.resolve()).encode("utf-8", "surrogateescape")
        name = hashlib.sha256(self._common).hexdigest()[:16]
        self.folder = Path(user_folders.state()) / "series" / name

    def of(self, branch: str, tip: str) -> Series | None:
        """Return the series whose branch stands at a commit, None where it is none of ours.

        Raises RecordError.
        """
        body = self._read(self._place(branch) / f"{tip}.json")
        if body is None:
            return None
        made, gone = (tuple(map(_made, body.pop(name))) for name in ("made", "gone"))
        arguments = tuple(body.pop("arguments"))
        return Series(**body, arguments=arguments, made=made, gone=gone)

    def branches(self) -> list[str]:
        """Return the branches that ever held a series, by name."""
        return [
            place.read_text(encoding="utf-8", errors="surrogateescape")
            for place in sorted(self.folder.glob("*/branch"))
        ]

    def commits(self, branch: str) -> set[str]:
        """Return all commits that were ever to be on a branch or those of its parts."""
        found = set()
        for path in self._place(branch).glob("*.json"):
            series = self.of(branch, path.stem) if path.stem != TOLD else None
            if series:
                found |= {series.tip, *(item.commit for item in series.made)}
        return found

    def keep(self, series: Series) -> None:
        """Write a record, before its branch is set. Raises OutputError."""
        place = self._place(series.branch)
        self._write(self.folder / leftovers.REPOSITORY, self._common)
        self._write(place / "branch", series.branch.encode("utf-8", "surrogateescape"))
        self._write(place / f"{series.tip}.json", _text(dataclasses.asdict(series)))

    def told(self, branch: str) -> Told:
        """Return what became known of a branch's shards. Raises RecordError."""
        body = self._read(self._place(branch) / f"{TOLD}.json")
        return Told() if body is None else Told(**body)

    def tell(self, branch: str, told: Told) -> None:
        """Keep what became known of a branch's shards. Raises OutputError."""
        self._write(self._place(branch) / f"{TOLD}.json", _text(dataclasses.asdict(told)))

    def pull_request(self, branch: str, made: Made) -> Path:
        """Return the file for the body of a commit's pull request; `.title` is beside it."""
        return self._place(branch) / "pull-requests" / f"{made.branch.rpartition('/')[2]}.md"

    def _place(self, branch: str) -> Path:
        name = hashlib.sha256(branch.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return self.folder / name

    def _read(self, path: Path) -> dict[str, Any] | None:
        try:
            body = json.loads(path.read_bytes())
            if body.pop("version") != VERSION:
                raise ValueError("another version of fixtests wrote it")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise RecordError(f"{path}: cannot be read ({error}); remove it") from None
        return dict(body)

    def _write(self, path: Path, content: bytes) -> None:
        outputs.save_own(path, content)


def _made(item: Mapping[str, Any]) -> Made:
    files = {name: Change(**change) for name, change in item["files"].items()}
    return Made(**{**item, "files": files})


def _text(body: Mapping[str, Any]) -> bytes:
    return json.dumps({"version": VERSION, **body}, indent=1).encode("utf-8", "surrogatepass")
