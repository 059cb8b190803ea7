"""The profiles of a root and of the file that is being looked at, loaded where they are asked.

What functions say may depend on the profile that a file is looked at with.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from fixtests.tree import known_profiles
from fixtests.tree.module import Module

if TYPE_CHECKING:
    from fixtests.tree.profile import Profile

Traits = Callable[[str], Callable[..., object] | None]


class Fitted:
    """What fits a root is either given as `profile`, or `home` is its name.

    `load` gives the profiles of files by name, None where all of them have that of the root. A
    file that can have no finding is not looked at with any. `traits` gives by its name what is
    asked of functions.
    """

    def __init__(
        self,
        profile: Profile | None,
        home: str,
        load: Callable[[str], Profile] | None,
        traits: Traits,
    ) -> None:
        if profile is not None:
            self.home = profile
        self.home_name = home if profile is None else profile.name
        self.has_one_profile = load is None
        self._load = load or known_profiles.load
        self._traits = traits
        self.fits = self.home_name  # what the profile is called that is looked with

    @cached_property
    def home(self) -> Profile:
        """The profile of the root."""
        return self._load(self.home_name)

    @cached_property
    def profile(self) -> Profile:
        """The profile of the file that is being looked at."""
        return self.home if self.fits == self.home_name else self._load(self.fits)

    def look_as(self, name: str) -> None:
        """Look at files with the profile of a name."""
        self.fits = name
        vars(self).pop("profile", None)

    def told(self, asked: str, module: Module) -> str:
        """Return a digest of what a function of a module says in one respect.

        It is empty where that cannot be said.
        """
        raise NotImplementedError
