"""What holds in the folders of a run: their root, their settings and their profile."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fixtests.files import discover
from fixtests.model import digest
from fixtests.report import formats
from fixtests.rules import registry
from fixtests.run.request import Request, UsageError
from fixtests.settings import config, tables
from fixtests.settings.config import Config, Layer
from fixtests.settings.layout import Layout, Layouts
from fixtests.settings.linters import USUAL, Linters
from fixtests.tree import fitting, known_profiles
from fixtests.tree.known_profiles import ProfileError

if TYPE_CHECKING:
    from fixtests.tree.profile import Profile

SELECTIONS = (
    *("select", "extend-select", "ignore"),
    *("fixable", "unfixable", "extend-safe-fixes", "extend-unsafe-fixes"),
)
Key = tuple[Path, str, str | None]  # a root, its profile, the file that extends it


class Configuration:
    """What configuration files say for each folder, read once and judged when they are read."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self._settings: dict[tuple[Path, Path], Config] = {}
        self._profiles: dict[Key, Profile] = {}
        self._excludes: dict[Path, Callable[[Path], bool]] = {}
        self._files: set[Path] = set()
        self.unread: dict[Path, Path] = {}  # configuration files, and those that come before them
        self._linters = Linters()
        self._layouts = Layouts()

    @property
    def digest(self) -> str:
        """A digest of what the options and the configuration files of this run say."""
        request = sorted((name, str(value)) for name, value in vars(self.request).items())
        told = [(name, value) for name, value in request if name not in ("paths", "root")]
        files = sorted((str(path), digest(path.read_bytes())) for path in self._files)
        return digest(repr((told, files)).encode("utf-8", "surrogatepass"))

    @property
    def files(self) -> list[Path]:
        """The configuration files that were read, the project's linters' among them."""
        return sorted(self._files)

    def root(self, folder: Path) -> Path:
        """Return the root of the files in a folder. Raises UsageError."""
        if self.request.root is None:
            return discover.root_of(folder)
        root = self.request.root.resolve()
        if not folder.resolve().is_relative_to(root):
            raise UsageError(f"{folder} is not below --root {root}; name a folder above it")
        return root

    def at(self, folder: Path) -> Config:
        """Return what configuration files say for a folder. Raises UsageError."""
        root = self.root(folder)
        if (folder, root) not in self._settings:
            try:
                found = self._found(folder, root)
                for layer in found:
                    _judge(layer)
                    self._files.add(Path(layer.place.where))
                    self.unread |= dict.fromkeys(layer.unread, Path(layer.place.where))
                settings = self._limited(config.merge(found), folder, root)
            except tables.TableError as error:
                raise UsageError(str(error)) from None
            if settings.profile is not None or settings.extend_profile is not None:
                self.profile(root, settings)  # so that what is wrong with it is said at once
            self._settings[folder, root] = settings
        return self._settings[folder, root]

    def _found(self, folder: Path, root: Path) -> tuple[Layer, ...]:
        if self.request.isolated:
            return ()
        if self.request.config_file is not None:
            return (config.load(self.request.config_file, registry.option_types),)
        return config.layers(folder, root, registry.option_types)

    def _limited(self, settings: Config, folder: Path, root: Path) -> Config:
        """Add how long lines may be, where only the project's linters say it."""
        if settings.line_length is not None or self.request.isolated:
            return settings
        limit = self._linters.limit(folder, root)
        if limit is None:
            return settings
        self._files.add(limit.path)
        return replace(settings, line_length=limit.length)

    def layout(self, folder: Path, root: Path) -> Layout:
        """Return how the files of a folder are laid out. Raises UsageError."""
        line_length = self.at(folder).line_length
        if self.request.isolated:
            return Layout(line_length or USUAL)
        return self._layouts.of(folder, root, line_length)

    def first(self) -> Config:
        """Return what holds in the folder of the first path. Raises UsageError."""
        try:
            path = discover.real(self.request.paths[0])
        except OSError:  # what cannot be looked at is named by the run
            return Config()
        return self.at(path if path.is_dir() else path.parent)

    def format(self) -> str:
        """Return how findings are printed, as the first path has it. Raises UsageError."""
        return self.first().output_format or formats.USUAL

    def baseline(self) -> Path | None:
        """Return the baseline that the first path has, unless one is named. Raises UsageError."""
        configured = self.first().baseline
        return self.request.baseline or (Path(configured) if configured else None)

    def excluded(self, path: Path) -> bool:
        """Tell whether a path is excluded, as the folder it stands in has it."""
        folder = path.parent
        if folder not in self._excludes:
            usual = () if self.request.exclude or self.at(folder).exclude else discover.EXCLUDED
            patterns = (*usual, *self.excludes(folder))
            self._excludes[folder] = functools.cache(
                discover.Excludes(patterns, self.root(folder)).match
            )
        return self._excludes[folder](path)

    def excludes(self, folder: Path) -> tuple[str, ...]:
        """Return the patterns of excluded paths that the request and the settings name."""
        settings = self.at(folder)
        instead = self.request.exclude or settings.exclude or ()
        return (*instead, *settings.extend_exclude, *self.request.extend_exclude)

    def profile(self, root: Path, settings: Config) -> Profile:
        """Return the profile of a root, as a configuration extends it. Raises UsageError."""
        key = key_of(root, settings)
        if key not in self._profiles:
            try:
                self._profiles[key] = known_profiles.load(key[1], settings.extend_profile)
            except (ProfileError, tables.TableError) as error:
                raise UsageError(str(error)) from None
        return self._profiles[key]

    def others(self, root: Path, settings: Config) -> Callable[[str], Profile] | None:
        """Return what gives the profile of a name to files of a root, None where one is chosen."""
        if settings.profile is not None:
            return None
        return lambda name: self.profile(root, replace(settings, profile=name))

    def too_slow(self, pattern: str, path: Path, seconds: float) -> UsageError:
        """Return what is wrong where a pattern of a file's profile takes so long in it."""
        _, name, _ = key_of(self.root(path.parent), settings := self.at(path.parent))
        place = known_profiles.place_of(pattern, name, settings.extend_profile)
        return UsageError(
            str(
                place.error(
                    f"{place.name}: the pattern {pattern!r} takes more than {seconds} seconds "
                    f"in {path}; make it simpler: a repetition inside of a repetition, as in "
                    "'(?:a+)+', tries every way to divide a text"
                )
            )
        )


def key_of(root: Path, settings: Config) -> Key:
    """Return what decides how a root is looked at."""
    extension = settings.extend_profile
    name = fitting.of_root(root) if settings.profile is None else settings.profile
    return root, name, extension.place.where if extension else None


def _judge(layer: Layer) -> None:
    """Check the words of a configuration file that only rules and profiles know.

    Raises UsageError with the file's name, the line and the key.
    """
    for known, word, place in _words(layer):
        try:
            known(word)
        except (registry.SelectionError, ProfileError, formats.FormatError) as error:
            raise UsageError(str(place.error(f"{place.name}: {error}"))) from None


def _words(layer: Layer) -> Iterator[tuple[Callable[[str], object], str, tables.Place]]:
    """Yield what looks a word up that a configuration file holds, the word and its place.

    These are the profile and the format that it names, the rules that it has words for, and its
    selectors.
    """
    values, place = layer.values, layer.place
    if values.get("profile") is not None:
        yield known_profiles.find, values["profile"], place.at("profile")
    if values.get("output_format") is not None:
        yield formats.find, values["output_format"], place.at("output-format")
    for rule in values.get("aliases", {}):
        yield registry.find, rule, place.at("aliases", rule)
    lists: dict[tuple[str, ...], Iterable[str]] = {
        (key,): values.get(key.replace("-", "_")) or () for key in SELECTIONS
    }
    for pattern, codes in values.get("per_file_ignores", {}).items():
        lists["per-file-ignores", pattern] = codes
    for keys, words in lists.items():
        for number, word in enumerate(words):
            yield _select, word, place.at(*keys, number)


def _select(word: str) -> object:
    return registry.select((word,), (), ())
