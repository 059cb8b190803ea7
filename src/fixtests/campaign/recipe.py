"""The file of a campaign: which clones there are, and by which command each gets its series."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Annotated
from typing import Literal as OneOf

from fixtests.files import user_folders
from fixtests.rules import registry
from fixtests.settings import tables
from fixtests.settings.tables import Place

CHOICE = ("select", "extend_select", "ignore", "microversion", "unsafe_fixes", "config")
DIGITS = 16  # of a digest in a name


def _of_rules(value: tuple[str, ...]) -> None:
    try:
        registry.select(value, (), ())
    except registry.SelectionError as error:
        raise ValueError(f"holds an {error}") from None


def _inside(value: tuple[str, ...]) -> None:
    for item in value:
        if PurePath(item).is_absolute() or ".." in PurePath(item).parts:
            raise ValueError(f"must name files and folders inside of a clone, not {item!r}")


Rules = Annotated[tuple[str, ...], _of_rules]
Paths = Annotated[tuple[str, ...], _inside]


@dataclass(frozen=True)
class Campaign:
    """The table `[campaign]`: clones, from the folder of the file, and what is done in each.

    What is said here beats the configuration of a clone, as options of the command line do.
    `script` is one for `fixtests migrate`, `config` a file to use instead of a clone's own,
    `reports` the folder for what is printed.
    """

    repositories: tuple[str, ...] = ()
    paths: Paths = ()
    select: Rules = ()
    extend_select: Rules = ()
    ignore: Rules = ()
    microversion: Mapping[str, str] = field(default_factory=dict)
    unsafe_fixes: bool = False
    config: str | None = None
    script: str | None = None
    verify: bool = False
    verify_command: str | None = None
    branch: str | None = None
    split: tuple[OneOf["rule", "directory", "applicability"], ...] = ()
    max_files: Annotated[int, tables.above_zero] | None = None
    max_lines: Annotated[int, tables.above_zero] | None = None
    reports: str | None = None


@dataclass(frozen=True)
class Clone:
    """A table `[[repository]]`: one more clone, whose `paths` are others."""

    path: str
    paths: Paths = ()


@dataclass(frozen=True)
class _File:
    campaign: Campaign
    repository: tuple[Clone, ...] = ()


@dataclass(frozen=True)
class Order:
    """What is to be done in one clone: a command of fixtests, whose `paths` begin at its top.

    `name` is the clone as the file has it, `report` what its reports are called. `branch` is the
    one that the series gets, `reads` are files elsewhere that say what is done.
    """

    name: str
    clone: Path
    options: tuple[str, ...]
    paths: tuple[str, ...]
    branch: str
    report: Path
    reads: tuple[Path, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The command, without what holds for one run of it only."""
        return ("commit", *self.options, "--", *self.paths)


@dataclass(frozen=True)
class Recipe:
    """A campaign as it was read: its orders, and the folder for what is known of it."""

    orders: tuple[Order, ...]
    state: Path


def read(file: Path) -> Recipe:
    """Read the file of a campaign. Raises tables.TableError."""
    written = tables.read(file)
    found = tables.build(_File, written.table, written.place)
    place = written.place.at("campaign")
    campaign = found.campaign
    file = file.resolve()
    _check(campaign, file.parent, place)
    options, reads = _options(campaign, file.parent)
    state = Path(user_folders.state()) / "campaigns" / _digest(str(file))
    folder = state if campaign.reports is None else file.parent / campaign.reports
    clones = list(_clones(found, file.parent, place))
    names = Counter(clone.name for _, clone, _ in clones)
    orders = [
        Order(
            name,
            clone,
            options,
            paths or campaign.paths or (".",),
            campaign.branch or _branch(campaign),
            folder / (clone.name if names[clone.name] == 1 else f"{clone.name}-{_digest(name)}"),
            reads,
        )
        for name, clone, paths in clones
    ]
    return Recipe(tuple(orders), state)


def _check(campaign: Campaign, folder: Path, place: Place) -> None:
    """Raise tables.TableError for what does not go together, and for files that are not there."""
    if campaign.config is not None and not (folder / campaign.config).is_file():
        raise place.at("config").error(f"{folder / campaign.config} is no file; correct its path")
    if campaign.script is not None:
        for name in CHOICE:
            if getattr(campaign, name):
                key = name.replace("_", "-")
                raise place.at(key).error(f"script says what is fixed; leave {key} out")
    if campaign.verify_command is not None and not campaign.verify:
        raise place.at("verify-command").error(
            "verify-command says how tests are run; add verify = true, or leave it out"
        )


def _clones(
    found: _File, folder: Path, place: Place
) -> Iterator[tuple[str, Path, tuple[str, ...]]]:
    """Yield each clone: its name, its folder, its own paths. Raises tables.TableError."""
    named: list[tuple[str, tuple[str, ...], Place]] = [
        (name, (), place.at("repositories", at))
        for at, name in enumerate(found.campaign.repositories)
    ]
    top = Place(place.where, place.text)
    named += [
        (clone.path, clone.paths, top.at("repository", at, "path"))
        for at, clone in enumerate(found.repository)
    ]
    if not named:
        raise place.error("there are no clones; name them in repositories, or in [[repository]]")
    seen: dict[Path, str] = {}
    for name, paths, where in named:
        clone = (folder / name).resolve()
        if clone in seen:
            raise where.error(f"{name} and {seen[clone]} are the same folder; leave one out")
        seen[clone] = name
        yield name, clone, paths


def _options(campaign: Campaign, folder: Path) -> tuple[tuple[str, ...], tuple[Path, ...]]:
    """Return the options of the command, and the files that they name."""
    named = {
        "script": campaign.script and folder / campaign.script,
        "config": campaign.config and folder / campaign.config,
    }
    files = {option: path for option, path in named.items() if path and path.is_file()}
    values = {
        "script": campaign.script,  # a name may mean another script in each clone
        **files,
        "select": ",".join(campaign.select),
        "extend-select": ",".join(campaign.extend_select),
        "ignore": ",".join(campaign.ignore),
        "verify-command": campaign.verify_command,
        "branch": campaign.branch,
        "split": ",".join(campaign.split),
        "max-files": campaign.max_files,
        "max-lines": campaign.max_lines,
    }
    words = [f"--{option}={value}" for option, value in values.items() if value]
    words += [f"--microversion={name}={it}" for name, it in campaign.microversion.items()]
    switches = {"unsafe-fixes": campaign.unsafe_fixes, "verify": campaign.verify}
    words += [f"--{option}" for option, is_on in switches.items() if is_on]
    return tuple(words), tuple(files.values())


def _branch(campaign: Campaign) -> str:
    return "fixtests" if campaign.script is None else f"fixtests-{Path(campaign.script).stem}"


def _digest(text: str) -> str:
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:DIGITS]
