"""What came of each clone of a campaign when it was last done, kept in the state folder."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtests import __version__
from fixtests.campaign.clones import Seen
from fixtests.campaign.recipe import Order
from fixtests.model import RunError
from fixtests.write import outputs


class ReportError(RunError):
    """A run that has not reported; the message says so."""


@dataclass(frozen=True)
class Done:
    """A clone whose run has come to its end.

    `recipe` and `holds` are digests of what was to be done and of what the clone held, `tip` is
    the commit that the branch was set to, None where there was nothing to commit. `failed` is how
    many files failed.
    """

    recipe: str
    holds: str
    tip: str | None
    commits: int
    new: int
    files: int
    fixes: int
    left: int
    failed: int
    seconds: float

    @classmethod
    def reported(cls, order: Order, seen: Seen, report: Path, seconds: float) -> Done:
        """Return what a run reports of itself. Raises ReportError where it has not."""
        try:
            body: dict[str, Any] = json.loads(report.read_bytes())
            commits = body["commits"]
            return cls(
                recipe(order),
                seen.holds,
                body["tip"],
                len(commits),
                sum(item["new"] for item in commits),
                len({name for item in commits for name in item["files"]}),
                body["fixes"],
                body["left"],
                len(body["failed"]),
                seconds,
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ReportError(f"{report}: is not the report of a run ({error})") from None

    def is_still_so(self, order: Order, seen: Seen) -> bool:
        """Tell whether the same would be done in the same clone, and the branch stands."""
        same = (self.recipe, self.holds) == (recipe(order), seen.holds)
        return same and self.tip in (None, seen.tip)


class Progress:
    """What is known of the clones of one campaign."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, order: Order) -> Done | None:
        """Return how a clone was last done, None where it never was, or that cannot be read."""
        try:
            return Done(**json.loads(self._place(order).read_bytes()))
        except (OSError, ValueError, TypeError):
            return None

    def keep(self, order: Order, done: Done) -> None:
        """Take note of it. Raises OutputError."""
        outputs.save_own(self._place(order), json.dumps(dataclasses.asdict(done)).encode())

    def _place(self, order: Order) -> Path:
        name = hashlib.sha256(os.fsencode(order.clone)).hexdigest()[:16]
        return self._folder / "done" / f"{name}.json"


def recipe(order: Order) -> str:
    """Return a digest of what is to be done: the command, the files it names, the tool's version.

    Raises OSError.
    """
    found = hashlib.sha256("\0".join((__version__, *order.words)).encode("utf-8", "surrogatepass"))
    for path in order.reads:
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
