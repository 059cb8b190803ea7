"""What is known of the roots of a run, from this run and from earlier ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fixtests.cache import entries
from fixtests.plugins import loading
from fixtests.run.configuration import Configuration, Key, key_of
from fixtests.settings.config import Config
from fixtests.tree.knowledge import Knowledge
from fixtests.tree.project import Project
from fixtests.tree.traits import find


class Projects:
    """One project for each root and profile; `kept` is the folder of what earlier runs knew.

    `contents` is what some files are taken to hold.
    """

    def __init__(
        self, configuration: Configuration, kept: str | None, contents: Mapping[Path, bytes]
    ) -> None:
        self._configuration = configuration
        self._kept = kept
        self._contents = dict(contents)
        self._projects: dict[Key, Project] = {}

    def project(self, root: Path, settings: Config) -> Project:
        """Return what is known about a root. Raises UsageError."""
        key = key_of(root, settings)
        if key not in self._projects:
            told = entries.known(self._kept, "tree", *named(key)) if self._kept else None
            load = self._configuration.others(root, settings)
            profile = None if load else self._configuration.profile(root, settings)
            self._projects[key] = Project(
                root, profile, Knowledge(told), load, self._contents, home=key[1], traits=find
            )
        return self._projects[key]

    def forget(self, here: Project) -> None:
        """Let go of every syntax tree, and of all that is known of the other roots."""
        for project in self._projects.values():
            if project is here:
                project.forget()
            else:
                project.release()

    def clear(self) -> None:
        """Forget all that was found out."""
        self._projects.clear()

    def keep(self) -> None:
        """Keep what is known for later runs."""
        for key, project in self._projects.items():
            if self._kept and project.knowledge.changed:
                entries.keep(project.knowledge.told(), self._kept, "tree", *named(key))
        self.leave()

    def leave(self) -> None:
        """Leave what was kept as it is: nothing is known by now that is not in it."""
        for project in self._projects.values():
            project.knowledge.changed = False


def named(key: Key) -> tuple[str, ...]:
    """Return the words that what is kept of a root is found by."""
    return *map(str, key), loading.state()
