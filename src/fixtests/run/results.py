"""The results of files from earlier runs, and those that later runs are to have."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fixtests.cache import entries
from fixtests.cache.result_cache import Kept
from fixtests.engine.job import Job
from fixtests.model import FileResult
from fixtests.run.configuration import Configuration, key_of
from fixtests.run.jobs import Jobs
from fixtests.run.projects import named
from fixtests.text.source import Source, SourceError, read
from fixtests.tree.trail import Row


class Results:
    """The kept results of a run's files; `kept` is their folder, None where nothing is kept.

    Those of a run that writes are proved again.
    """

    def __init__(self, configuration: Configuration, jobs: Jobs, kept: str | None) -> None:
        self._configuration = configuration
        self._jobs = jobs
        self._kept = kept
        self.known: set[str] = set()  # paths of files whose results are those of an earlier run
        self._by_name: dict[tuple[str, ...], Kept] = {}
        self._by_job: dict[Job, Kept] = {}

    @property
    def are_kept(self) -> bool:
        """Whether results are kept for later runs."""
        return self._kept is not None

    def earlier(self, path: Path) -> FileResult | None:
        """Return the result of an earlier run, None where none is known that holds."""
        results = self._beside(path)
        result = None if results is None else results.result(str(path))
        if result is None:
            return None
        if result.result and self._configuration.request.writes:
            from fixtests.syntax import proof

            try:
                proof.prove(result, Source.decode(result.path, read(path)))
            except (OSError, SourceError, proof.ProofError):
                return None
        self.known.add(result.path)
        return result

    def remember(self, result: FileResult, rows: Iterable[Row]) -> None:
        """Keep a result for later runs, with what it was found from."""
        results = self._beside(Path(result.path))
        if results is not None:
            results.keep(result, rows)

    def rows(self, path: Path) -> list[Row]:
        """Return what was looked at for the result of a file that was the last one.

        A rule of a plug-in may tell where the code of other files stands.
        """
        job = self._jobs.of(path)
        foreign = any(rule.origin for rule, _ in job.rules)
        return job.project.rows(job.project.trail.looked, whole=foreign)

    def clear(self) -> None:
        """Forget which jobs have which results."""
        self._by_job.clear()

    def keep(self) -> None:
        """Keep the results for later runs."""
        for name, results in self._by_name.items():
            if self._kept and results.changed:
                entries.keep(results.told(), self._kept, *name)

    def _beside(self, path: Path) -> Kept | None:
        """Return what is known of the results of files that have one job."""
        if self._kept is None:
            return None
        job = self._jobs.of(path)
        if job not in self._by_job:
            settings = self._configuration.at(path.parent)
            extension = settings.extend_profile
            name = (
                *("results", *named(key_of(job.project.root, settings))),
                *(job.asked, repr(extension and extension.table)),
            )
            if name not in self._by_name:
                told = entries.known(self._kept, *name)
                self._by_name[name] = Kept(told, job.project.holds)
            self._by_job[job] = self._by_name[name]
        return self._by_job[job]
