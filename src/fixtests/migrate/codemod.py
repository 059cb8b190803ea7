"""Migrations that decide as rules do: from the tree, with a reason, a fix in the editor's verbs."""

from __future__ import annotations

import re
from dataclasses import field
from typing import Any, ClassVar

from fixtests.rules.api import Rule
from fixtests.syntax.suppressions import CODEMOD as SUPPRESSED

PREFIX = "codemod_"  # of the modules that scripts are run as
HELP, METAVAR, LEADING = "help", "metavar", "leading"


class Codemod(Rule):
    """One migration over a tree, with all that rules have.

    It is a rule that runs when it is asked for by name: `needles`, `visits`, `check`, `fix`,
    an applicability for each change, the project's layout, suppression comments (as
    `ignore[codemod:NAME]`), and the layer that knows what calls lead to. `options` is a
    dataclass, whose fields are the script's arguments; see `argument`.
    """

    default: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        cls.code = cls.__module__.rpartition(".")[2].removeprefix(PREFIX)

    def needles_for(self, options: Any) -> tuple[re.Pattern[bytes], ...]:
        """Return the needles of a run with some options, where these say what is looked for."""
        return self.needles

    @property
    def name(self) -> str:
        """What suppression comments call it."""
        return f"{SUPPRESSED}{self.code}"

    @property
    def title(self) -> str:
        """What its fixes are called."""
        return self.code


def argument(help: str, *, default: Any, metavar: str = "", leading: bool = False) -> Any:  # noqa: A002 - argparse's word
    """Return a field of a codemod's options: what its help says, and what it is by default.

    Its annotation is `str`, `int`, `bool`, `tuple[str, ...]`, which is given as `A,B` or more than
    once, or `Mapping[str, str]`, which is given as `OLD=NEW`. A `leading` one is also given by the
    words with a `=` right after the script's name.
    """
    about = {HELP: help, METAVAR: metavar, LEADING: leading}
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=about)
    return field(default=default, metadata=about)
