"""What is asked for, and what it comes to in each folder: settings, projects, jobs, results."""

from __future__ import annotations

import fnmatch
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fixtests.cache import output_cache
from fixtests.cache.result_cache import Kept
from fixtests.engine import check_file
from fixtests.files import discover
from fixtests.model import Applicability, FileResult, RunError, Status, digest
from fixtests.rules import registry
from fixtests.run import baseline
from fixtests.settings import config, tables
from fixtests.settings.config import Config, Layer
from fixtests.syntax import proof
from fixtests.text.source import Source, SourceError, read
from fixtests.tree import profile
from fixtests.tree.knowledge import Knowledge
from fixtests.tree.profile import Profile
from fixtests.tree.project import Project
from fixtests.tree.trail import Row

SELECTIONS = ("select", "extend-select", "ignore")
Key = tuple[Path, str, str | None]  # a root, its profile, the file that extends it


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line or by a migration; it beats configuration.

    `options` are keyed by rule name, then by option. With `writes`, what an
    earlier run kept is proved again, since it is to end in files.
    """

    paths: tuple[Path, ...] = (Path(),)
    root: Path | None = None
    config_file: Path | None = None
    isolated: bool = False
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool | None = None
    unsafe_fixes: bool | None = None
    silence: bool = True
    place: bool = True
    baseline: Path | None = None
    fix: bool = True
    writes: bool = False
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class UsageError(RunError):
    """A request or a configuration that cannot be followed."""


class Session:
    """One run's projects and jobs; files with one root and one configuration share them.

    `kept` is the folder for what is known of roots from run to run.
    Raises UsageError for a request that cannot be followed, and
    baseline.BaselineError.
    """

    def __init__(self, request: Request, kept: str | None = None) -> None:
        self.request = request
        self._kept = kept
        self._projects: dict[Key, Project] = {}
        self._profiles: dict[Key, Profile] = {}
        self._configs: dict[tuple[Path, Path], Config] = {}
        self._jobs: dict[tuple[Path, Path, frozenset[str]], check_file.Job] = {}
        self._results: dict[tuple[str, ...], Kept] = {}
        self._results_of: dict[check_file.Job, Kept] = {}
        self._files: set[Path] = set()
        self._excludes: dict[Path, Callable[[Path], bool]] = {}
        self._accepted = frozenset(baseline.load(request.baseline) if request.baseline else ())
        try:
            registry.select(request.select, request.extend_select, request.ignore)
        except registry.SelectionError as error:
            raise UsageError(str(error)) from None
        for rule in registry.every():
            self._options(rule.name, rule.options, Config())

    def files(self) -> list[Path | discover.Missing]:
        """Return the files of the run. Raises UsageError."""
        found: list[Path | discover.Missing] = []
        for given in self.request.paths:
            try:
                path = discover.real(given)
                settings = self.config(path if path.is_dir() else path.parent)
            except OSError as error:
                found.append(discover.unreadable(given, error))
                continue
            gitignore = self.request.respect_gitignore
            judge = discover.Judge(
                self._excluded,
                self.root,
                gitignore=settings.respect_gitignore if gitignore is None else gitignore,
                force=self.request.force_exclude or settings.force_exclude,
            )
            found += discover.files(path, judge)
        return list(dict.fromkeys(found))

    def _excluded(self, path: Path) -> bool:
        """Tell whether a path is excluded, as the folder it stands in has it."""
        folder = path.parent
        if folder not in self._excludes:
            settings = self.config(folder)
            patterns = self.request.exclude or settings.exclude or discover.EXCLUDED
            extra = (*settings.extend_exclude, *self.request.extend_exclude)
            root = self.root(folder)
            self._excludes[folder] = functools.cache(
                discover.Excludes((*patterns, *extra), root).match
            )
        return self._excludes[folder](path)

    def root(self, folder: Path) -> Path:
        """Return the root of the files in a folder."""
        if self.request.root is None:
            return discover.root_of(folder)
        root = self.request.root.resolve()
        if not folder.resolve().is_relative_to(root):
            raise UsageError(f"{folder} is not below --root {root}; name a folder above it")
        return root

    def config(self, folder: Path) -> Config:
        """Return what configuration files say for a folder. Raises UsageError."""
        root = self.root(folder)
        if (folder, root) not in self._configs:
            try:
                found = self._found(folder, root)
            except tables.TableError as error:
                raise UsageError(str(error)) from None
            for layer in found:
                _judge(layer)
                self._files.add(Path(layer.place.where))
            settings = config.merge(found)
            self.profile(root, settings)
            self._configs[folder, root] = settings
        return self._configs[folder, root]

    @property
    def configuration(self) -> str:
        """A digest of what the options and the configuration files of this run say."""
        request = sorted((name, str(value)) for name, value in vars(self.request).items())
        told = [(name, value) for name, value in request if name not in ("paths", "root")]
        files = sorted((str(path), digest(path.read_bytes())) for path in self._files)
        return digest(repr((told, files)).encode("utf-8", "surrogatepass"))

    def _found(self, folder: Path, root: Path) -> tuple[Layer, ...]:
        if self.request.isolated:
            return ()
        if self.request.config_file is not None:
            return (config.load(self.request.config_file, registry.option_types()),)
        return config.layers(folder, root, registry.option_types())

    def profile(self, root: Path, settings: Config) -> Profile:
        """Return the profile of a root, as a configuration extends it. Raises UsageError."""
        key = _key(root, settings)
        if key not in self._profiles:
            try:
                self._profiles[key] = profile.load(key[1], settings.extend_profile)
            except (profile.ProfileError, tables.TableError) as error:
                raise UsageError(str(error)) from None
        return self._profiles[key]

    def too_slow(self, pattern: str, path: Path, seconds: float) -> UsageError:
        """Return what is wrong where a pattern of a file's profile takes so long in it."""
        _, name, _ = _key(self.root(path.parent), settings := self.config(path.parent))
        place = profile.place_of(pattern, name, settings.extend_profile)
        return UsageError(
            str(
                place.error(
                    f"{place.name}: the pattern {pattern!r} takes more than {seconds} seconds "
                    f"in {path}; make it simpler: a repetition inside of a repetition, as in "
                    "'(?:a+)+', tries every way to divide a text"
                )
            )
        )

    def project(self, root: Path, settings: Config) -> Project:
        """Return what is known about a root. Raises UsageError."""
        key = _key(root, settings)
        if key not in self._projects:
            told = output_cache.known(self._kept, "tree", *_about(key)) if self._kept else None
            self._projects[key] = Project(root, self.profile(root, settings), Knowledge(told))
        return self._projects[key]

    def job(self, path: Path) -> check_file.Job:
        """Return what is to be done in a file. Raises UsageError."""
        root = self.root(path.parent)
        settings = self.config(path.parent)
        here = frozenset(_ignored_here(path, root, settings))
        key = (root, path.parent, here)
        if key not in self._jobs:
            self._jobs[key] = self._job(root, settings, here)
        return self._jobs[key]

    def start_over(self) -> None:
        """Forget all that was found out about the roots."""
        self._projects.clear()
        self._jobs.clear()
        self._results_of.clear()

    def keep(self) -> None:
        """Keep what is known of the roots for later runs."""
        for key, project in self._projects.items():
            if self._kept and project.knowledge.changed:
                output_cache.keep(project.knowledge.told(), self._kept, "tree", *_about(key))
        for about, results in self._results.items():
            if self._kept and results.changed:
                output_cache.keep(results.told(), self._kept, *about)

    @property
    def keeps(self) -> bool:
        """Whether results are kept for later runs."""
        return self._kept is not None

    def earlier(self, path: Path) -> FileResult | None:
        """Return the result of an earlier run, None where none is known that holds."""
        results = self._earlier(path)
        result = None if results is None else results.result(str(path))
        if result is None or not (result.result and self.request.writes):
            return result
        try:
            proof.prove(result, Source.decode(result.path, read(path)))
        except (OSError, SourceError, proof.ProofError):
            return None
        return result

    def remember(self, result: FileResult, rows: Iterable[Row]) -> None:
        """Keep a result for later runs, with what it was found from."""
        results = self._earlier(Path(result.path))
        if results is not None and result.status is not Status.FAILED:
            results.keep(result, rows)

    def rows(self, path: Path) -> list[Row]:
        """Return what was looked at for the result of a file that was the last one."""
        project = self.job(path).project
        return project.rows(project.trail.looked)

    def _earlier(self, path: Path) -> Kept | None:
        """Return what is known of the results of files that have one job."""
        if self._kept is None:
            return None
        job = self.job(path)
        if job not in self._results_of:
            settings = self.config(path.parent)
            extension = settings.extend_profile
            about = (
                *("results", *_about(_key(job.project.root, settings))),
                *(job.asked, repr(extension and extension.table)),
            )
            if about not in self._results:
                told = output_cache.known(self._kept, *about)
                self._results[about] = Kept(told, job.project.tells)
            self._results_of[job] = self._results[about]
        return self._results_of[job]

    def read_ahead(self, files: Iterable[Path | discover.Missing]) -> None:
        """Read what all files of the first root need, so that processes to come share it."""
        first = next((item for item in files if isinstance(item, Path)), None)
        if first is not None:
            self.job(first).project.texts.read_all()

    def forget(self, path: Path) -> None:
        """Let go of every syntax tree, and of all that is known of roots that a file is not in."""
        here = self.job(path).project
        for project in self._projects.values():
            if project is here:
                project.forget()
            else:
                project.release()

    def _job(self, root: Path, settings: Config, here: frozenset[str]) -> check_file.Job:
        request = self.request
        configured = registry.select(settings.select, settings.extend_select, settings.ignore)
        asked = registry.select(
            request.select, request.extend_select, request.ignore, start=configured
        )
        off = registry.select(here, (), ())
        rules = [rule for rule in asked if rule not in off]
        unsafe = settings.unsafe_fixes if request.unsafe_fixes is None else request.unsafe_fixes
        tiers = {Applicability.SAFE, *([Applicability.UNSAFE] if unsafe else [])}
        return check_file.Job(
            self.project(root, settings),
            [(rule, self._options(rule.name, rule.options, settings)) for rule in rules],
            place=request.place,
            tiers=frozenset(tiers) if request.fix else frozenset(),
            silence=request.silence,
            accepted=self._accepted,
            whole="ALL" in (request.select or settings.select or ()),
        )

    def _options(self, name: str, kind: type, settings: Config) -> Any:
        options = settings.options.get(name) or kind()
        given = self.request.options.get(name)
        if not given:
            return options
        try:
            built: Any = tables.build(kind, given, tables.Place(f"option of {name}"))
            fields = {key.replace("-", "_") for key in given}
            return replace(options, **{key: getattr(built, key) for key in fields})
        except (tables.TableError, ValueError) as error:
            raise UsageError(str(error)) from None


def _judge(layer: Layer) -> None:
    """Check the words of a configuration file that only rules and profiles know.

    Raises UsageError with the file's name, the line and the key.
    """
    for word, place in _words(layer):
        try:
            if place.keys[-1] == "profile":
                profile.find(word)
            else:
                registry.select((word,), (), ())
        except (registry.SelectionError, profile.ProfileError) as error:
            raise UsageError(str(place.error(f"{place.name}: {error}"))) from None


def _words(layer: Layer) -> Iterator[tuple[str, tables.Place]]:
    """Yield the profile that a configuration file names, then its selectors, with their places."""
    values, place = layer.values, layer.place
    if values.get("profile") is not None:
        yield values["profile"], place.at("profile")
    lists: dict[tuple[str, ...], Iterable[str]] = {
        (key,): values.get(key.replace("-", "_")) or () for key in SELECTIONS
    }
    for pattern, codes in values.get("per_file_ignores", {}).items():
        lists["per-file-ignores", pattern] = codes
    for keys, words in lists.items():
        for number, word in enumerate(words):
            yield word, place.at(*keys, number)


def _key(root: Path, settings: Config) -> Key:
    extension = settings.extend_profile
    name = profile.fitting(root) if settings.profile is None else settings.profile
    return root, name, extension.place.where if extension else None


def _about(key: Key) -> tuple[str, ...]:
    return tuple(map(str, key))


def _ignored_here(path: Path, root: Path, settings: Config) -> Iterator[str]:
    """Yield the rules that `per-file-ignores` turns off for a file."""
    for pattern, codes in settings.per_file_ignores.items():
        if fnmatch.fnmatch(path.name, pattern) or discover.below(path, root, pattern):
            yield from codes
