"""Where pieces of work are done: in copies here, or wherever else there are slots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

from fixtests.verify import attempts
from fixtests.verify.attempts import Attempt
from fixtests.verify.copies import Copy
from fixtests.verify.in_place import InPlace
from fixtests.verify.runners import Place
from fixtests.verify.shards import Known


class LostError(Exception):
    """A slot that is no more: what it was given is done nowhere now, and is left to others."""


class UnfitError(LostError):
    """A slot that cannot do what is asked for, and has begun nothing; others may."""


class Slot(Protocol):
    """Does one piece of work at a time."""

    def attempts(self, files: Mapping[str, bytes], tests: Sequence[Known]) -> Iterable[Attempt]:
        """Return what is known of some tests in the tree in which some files are changed.

        Raises process.StoppedError, and LostError before anything is known.
        """


class Slots(Protocol):
    """The slots that there are, be it at any time others."""

    def now(self) -> Sequence[Slot]:
        """Return those that can be given something.

        Raises RunError where there are none and none will come.
        """


class LocalSlot:
    """A slot of this machine, whose copy `make` makes when it is needed.

    `place` says how tests run in a copy, with a folder for what is ours.
    """

    def __init__(
        self,
        folder: Path,
        make: Callable[[], Copy | InPlace],
        place: Callable[[Path, Path], Place],
    ) -> None:
        self._folder = folder
        self._make = make
        self._place_in = place

    @cached_property
    def copy(self) -> Copy | InPlace:
        """The copy, or the tree itself."""
        return self._make()

    @cached_property
    def place(self) -> Place:
        """Where tests run."""
        return self._place_in(self.copy.root, self._folder)

    def attempts(self, files: Mapping[str, bytes], tests: Sequence[Known]) -> Iterable[Attempt]:
        """Return what is known of some tests, as it comes. Raises process.StoppedError."""
        return attempts.attempts(self.place, self.copy, files, tests)


class LocalSlots:
    """Slots of this machine."""

    def __init__(self, slots: Sequence[LocalSlot]) -> None:
        self._slots = slots

    def now(self) -> Sequence[LocalSlot]:
        """Return them."""
        return self._slots
