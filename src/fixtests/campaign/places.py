"""Where the pieces of a campaign are done: here, or wherever else there are machines."""

from __future__ import annotations

import threading
from typing import Protocol

from fixtests.campaign import piece as pieces
from fixtests.campaign.piece import Piece
from fixtests.verify.process import Ended


class Place(Protocol):
    """Some machines that do pieces; any thread may ask for one."""

    @property
    def machines(self) -> int:
        """How many there are when a campaign begins."""

    def look(self) -> None:
        """See what became of them. Raises SchedulerError where that cannot be known any more."""

    def run(self, piece: Piece, stopping: threading.Event) -> Ended:
        """Run a piece to its end.

        Raises process.StoppedError when `stopping`, and RunError where nobody can run it, or it is
        not known how it ended.
        """


class Here:
    """The machine that the campaign was started on."""

    machines = 1

    def look(self) -> None:
        """See nothing: who looks is here."""

    def run(self, piece: Piece, stopping: threading.Event) -> Ended:
        """Run a piece to its end. Raises process.StoppedError and OutputError."""
        return pieces.run(piece, stopping)
