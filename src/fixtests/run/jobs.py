"""What is to be done in each file of a run: which rules, with which options, and how far to go."""

from __future__ import annotations

import contextlib
import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from fixtests.engine.job import Job
from fixtests.engine.run_rules import Selected
from fixtests.engine.trust import Trust
from fixtests.files import discover
from fixtests.model import Applicability
from fixtests.rules import registry
from fixtests.rules.api import Rule
from fixtests.run.configuration import Configuration
from fixtests.run.projects import Projects
from fixtests.run.request import Request, UsageError
from fixtests.settings import tables
from fixtests.settings.config import Config


class Jobs:
    """The jobs of a run; files with one folder and one set of ignored rules share one.

    They are to do what `rules` say, where a script brings its own with their options. A file that
    the request names has to be Python as a whole.
    Raises UsageError for rules and options that cannot be followed, and
    baseline.BaselineError.
    """

    def __init__(
        self,
        request: Request,
        configuration: Configuration,
        projects: Projects,
        rules: Sequence[Selected] | None = None,
    ) -> None:
        self._request = request
        self._configuration = configuration
        self._projects = projects
        self._given = rules
        self._named = frozenset(_files(request))
        self._jobs: dict[tuple[Path, bool, frozenset[str]], Job] = {}
        self._accepted = cache(_accepted)
        if request.baseline is not None:
            self._accepted(request.baseline)
        if rules is None:
            self._check(request)

    def _check(self, request: Request) -> None:
        """Raise UsageError where the request names rules or options that there are not."""
        try:
            registry.select(request.select, request.extend_select, request.ignore)
            self._trust(Config())
            for codes in (request.per_file_ignores or {}).values():
                registry.select(codes, (), ())
        except registry.SelectionError as error:
            raise UsageError(str(error)) from None
        for rule in registry.every():
            self._options(rule.name, rule.options, Config())

    def of(self, path: Path) -> Job:
        """Return what is to be done in a file. Raises UsageError and BaselineError."""
        root = self._configuration.root(path.parent)
        settings = self._configuration.at(path.parent)
        ignores = self._request.per_file_ignores
        patterns = settings.per_file_ignores if ignores is None else ignores
        here = frozenset(_ignored_here(path, root, patterns))
        key = (path.parent, path in self._named, here)
        if key not in self._jobs:
            job = self._job(root, path.parent, settings, here)
            self._jobs[key] = replace(job, whole=True) if path in self._named else job
        return self._jobs[key]

    def clear(self) -> None:
        """Forget the jobs, and with them what they know of the roots."""
        self._jobs.clear()

    def _job(self, root: Path, folder: Path, settings: Config, here: frozenset[str]) -> Job:
        request = self._request
        unsafe = settings.unsafe_fixes if request.unsafe_fixes is None else request.unsafe_fixes
        configured_baseline = settings.baseline if request.accepts else None
        known = request.baseline or (Path(configured_baseline) if configured_baseline else None)
        tiers = {Applicability.SAFE, *([Applicability.UNSAFE] if unsafe else [])}
        return Job(
            self._projects.project(root, settings),
            self._rules(settings, here) if self._given is None else self._given,
            self._configuration.layout(folder, root),
            tiers=frozenset(tiers) if request.fix else frozenset(),
            silence=request.silence,
            silencing=settings.suppression_comment if request.silencing else None,
            accepted=self._accepted(known) if known else frozenset(),
            whole="ALL" in (request.select or settings.select or ()),
            trust=self._trust(settings),
        )

    def _rules(self, settings: Config, here: frozenset[str]) -> list[Selected]:
        """Return the rules that are on and not off `here`, with their options."""
        request = self._request
        configured = registry.select(settings.select, settings.extend_select, settings.ignore)
        asked = registry.select(
            request.select, request.extend_select, request.ignore, start=configured
        )
        off = registry.select(here, (), ())
        return [
            (rule, self._options(rule.name, rule.options, settings))
            for rule in asked
            if rule not in off
        ]

    def _trust(self, settings: Config) -> Trust:
        """Return how far fixes go, as configured and then as asked for, which beats that.

        Raises registry.SelectionError.
        """
        fixed = registry.every()
        safe: Sequence[Rule] = ()
        unsafe: Sequence[Rule] = ()
        for said in (settings, self._request):
            fixed = registry.select(said.fixable, (), said.unfixable, start=fixed)
            named = said.extend_safe_fixes, said.extend_unsafe_fixes
            safe = registry.select(None, *named, start=safe)
            unsafe = registry.select(None, named[1], (), start=unsafe)
            unsafe = [rule for rule in unsafe if rule not in safe]
        others = set(registry.every()) - set(fixed)
        return Trust(*(frozenset(rule.code for rule in part) for part in (others, safe, unsafe)))

    def _options(self, name: str, kind: type, settings: Config) -> Any:
        options = settings.options.get(name) or kind()
        given = self._request.options.get(name)
        if not given:
            return options
        try:
            built: Any = tables.build(kind, given, tables.Place(f"option of {name}"))
            fields = {key.replace("-", "_") for key in given}
            return replace(options, **{key: getattr(built, key) for key in fields})
        except (tables.TableError, ValueError) as error:
            raise UsageError(str(error)) from None


def _accepted(path: Path) -> frozenset[str]:
    """Return the fingerprints that a baseline accepts. Raises BaselineError."""
    from fixtests.run import baseline

    return frozenset(baseline.load(path))


def _files(request: Request) -> Iterator[Path]:
    """Yield the files that a request names, as a run knows them."""
    for given in request.paths:
        with contextlib.suppress(OSError):  # what cannot be looked at is named by the run
            path = discover.real(given)
            if path.is_file() or path in request.contents:
                yield path.resolve()


def _ignored_here(path: Path, root: Path, patterns: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the rules that `per-file-ignores` turns off for a file."""
    for pattern, codes in patterns.items():
        if fnmatch.fnmatch(path.name, pattern) or discover.below(path, root, pattern):
            yield from codes
