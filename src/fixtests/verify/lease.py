"""Leave to run tests for another machine: it ends by itself where nobody renews it.

Whoever gave it may have died, or may not be reached, and gives the same tests to somebody else when
it has ended.
"""

from __future__ import annotations

import threading
import time


class Lease:
    """Leave to run tests, `seconds` long from when it was asked for; any thread may renew it.

    What is let run on by it for as long again has therefore ended twice that time after the
    last answer to who asked.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._changed = threading.Condition()
        self._asked = float("-inf")
        self._is_over = False

    @property
    def asked(self) -> float:
        """Return when was asked for what was given last, on the monotonic clock."""
        return self._asked

    @property
    def is_held(self) -> bool:
        """Tell whether tests may run."""
        return not self._is_over and time.monotonic() - self._asked < self.seconds

    def renew(self, asked: float) -> None:
        """Take note that it was given to who asked at some time."""
        with self._changed:
            self._asked = asked
            self._changed.notify_all()

    def end(self) -> None:
        """Take note that it is not given any more."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def wait(self) -> bool:
        """Wait until it is given for the first time, or not; tell whether it is."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or self.is_held, self.seconds)
            return self.is_held
