"""Configuration: `[tool.fixtests]` in pyproject.toml, else fixtests.toml, nearest file first."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from typing import Literal as OneOf

from fixtests.plugins import loading
from fixtests.settings import nearest, tables
from fixtests.settings.tables import Place, Written

FILES = ("pyproject.toml", "fixtests.toml")
OptionTypes = Callable[[], Mapping[str, type]]  # of rules, which are loaded only for a file
LATER = {"options", "extend_profile"}  # fields that are no plain values
SuppressionComment = OneOf["fixtests", "noqa"]  # whose form a comment has that silences a finding


@dataclass(frozen=True)
class Reviews:
    """What a project says of reviews.

    `linters` are commands that are run on the files of a review, to say what they report
    where no rule judges; `matters` are words for what no rule judges, by its name.
    """

    linters: tuple[str, ...] = ()
    matters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Verification:
    """How a project's own tests are run to prove fixes.

    `command` is the name of a preset or a command with placeholders, `python` the interpreter
    that has the project; both are looked for where nobody says. `timeout` is how many seconds
    may pass in which no test begins or ends.
    """

    command: str | None = None
    python: str | None = None
    timeout: Annotated[int, tables.above_zero] = 300


@dataclass(frozen=True)
class Commits:
    """How a project wants a plan to be divided into commits, and what these say.

    `split` are words out of rule, directory and applicability, `template` is the path of a file
    with the text of a message, from the folder of the configuration.
    """

    split: tuple[OneOf["rule", "directory", "applicability"], ...] = ("rule", "directory")
    max_files: Annotated[int, tables.above_zero] | None = None
    max_lines: Annotated[int, tables.above_zero] | None = None
    template: str | None = None


@dataclass(frozen=True)
class Config:
    """What configuration files may say; `options` holds each rule's own table.

    `select` and `fixable` are None where nobody chose, `line_length` where nobody says.
    `baseline` is an absolute path: in a file it starts at the folder of that file.
    `extend_profile` is kept as it was written: what fits in it depends on the
    profile that it extends.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fixable: tuple[str, ...] | None = None
    unfixable: tuple[str, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend_unsafe_fixes: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True
    unsafe_fixes: bool = False
    suppression_comment: SuppressionComment = "fixtests"
    baseline: str | None = None
    output_format: str | None = None
    review: Reviews = Reviews()
    verify: Verification = Verification()
    commit: Commits = Commits()
    line_length: Annotated[int, tables.above_zero] | None = None
    profile: str | None = None
    extend_profile: Written | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


class Layer(NamedTuple):
    """One configuration file: where its keys stand, what it sets, whether the search ends.

    `unread` are those beside it, which it comes before.
    """

    place: Place
    values: Mapping[str, Any]
    last: bool
    unread: tuple[Path, ...] = ()


def layers(folder: Path, root: Path, option_types: OptionTypes) -> tuple[Layer, ...]:
    """Return the configuration files that hold for a folder, nearest first.

    They are looked for up to the root; `root = true` in one stops the search.

    Raises tables.TableError where one cannot be used.
    """
    found = []
    for place in (folder, *folder.parents):
        layer = _read(place, option_types)
        if layer is not None:
            found.append(layer)
            if layer.last:
                break
        if place == root:
            break
    return tuple(found)


def load(path: Path, option_types: OptionTypes) -> Layer:
    """Read one configuration file, of either kind.

    Raises tables.TableError where it cannot be used.
    """
    written = tables.read(path)
    if path.name != "pyproject.toml":
        return _layer(written.table, written.place, option_types)
    tools, place = written.table.get("tool", {}), written.place.at("tool")
    if not isinstance(tools, Mapping):
        raise place.error("tool must be a table")
    return _layer(tools.get("fixtests", {}), place.at("fixtests"), option_types)


def merge(found: tuple[Layer, ...]) -> Config:
    """Put layers together, key by key, the nearest first."""
    values: dict[str, Any] = {}
    for layer in reversed(found):
        options = {**values.get("options", {}), **layer.values.get("options", {})}
        values.update(layer.values)
        values["options"] = options
    return Config(**values)


def _read(folder: Path, option_types: OptionTypes) -> Layer | None:
    places = [folder / name for name in FILES]
    found = [path for path in places if path.is_file()]
    found = [path for path in found if path.name != "pyproject.toml" or _has_table(path)]
    if not found:
        return None
    return load(found[0], option_types)._replace(unread=tuple(found[1:]))


def _has_table(path: Path) -> bool:
    """Tell whether a pyproject.toml speaks of us; most do not, and need no parsing.

    Raises tables.TableError where it cannot be used.
    """
    try:
        if b"fixtests" not in path.read_bytes():
            return False
    except OSError as error:
        raise tables.TableError(f"{path}: cannot be read: {error.strerror}") from None
    tools = tables.read(path).table.get("tool", {})
    return isinstance(tools, Mapping) and "fixtests" in tools


def _layer(table: Any, place: Place, option_types: OptionTypes) -> Layer:
    if not isinstance(table, Mapping):
        raise place.error(f"{place.name} must be a table")
    of_rules = option_types()
    kinds = dataclasses.fields(Config)
    fields = {item.name.replace("_", "-") for item in kinds if item.name not in LATER}
    valid = {*fields, *of_rules, "extend-profile", "root"}
    for name in table:
        if name not in valid:
            if isinstance(table[name], Mapping) and loading.faults():
                continue  # the options of a rule that cannot be used, as is said
            here = place.at(name)
            raise here.error(f"unknown key {here.name!r}{nearest.meant(name, valid)}")
    general = {name: value for name, value in table.items() if name in fields}
    config = tables.build(Config, general, place)
    values = {name.replace("-", "_"): getattr(config, name.replace("-", "_")) for name in general}
    if config.baseline is not None:
        values["baseline"] = str(Path(place.where).resolve().parent / config.baseline)
    if "extend-profile" in table:
        values["extend_profile"] = _written(table["extend-profile"], place.at("extend-profile"))
    values["options"] = {
        name: tables.build(kind, table[name], place.at(name))
        for name, kind in of_rules.items()
        if name in table
    }
    last = tables.convert(bool, table.get("root", False), place.at("root"))
    return Layer(place, values, last)


def _written(table: Any, place: Place) -> Written:
    if not isinstance(table, Mapping):
        raise place.error(f"{place.name} must be a table")
    return Written(table, place)
