"""One thread's work in order, and what it does when nobody asks for anything.

It is the main thread's, which alone may be told that a file takes too long.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from fixtests.run.cycles import uncollected

Answer = TypeVar("Answer")
QUIET = 0.5  # seconds without a request, after which there is time for something else


class Worker:
    """Requests in the order in which they came; `idle` does a step, and tells if one is left."""

    def __init__(self, idle: Callable[[], bool]) -> None:
        self._idle = idle
        self._requests: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()

    def ask(self, work: Callable[..., Answer], *given: Any) -> Future[Answer]:
        """Have something done; the answer comes from another thread."""
        answer: Future[Answer] = Future()

        def do() -> None:
            try:
                answer.set_result(work(*given))
            except Exception as error:
                answer.set_exception(error)

        self._requests.put(do)
        return answer

    def end(self) -> None:
        """Let the thread go when all is done that it was asked for until now."""
        self._requests.put(None)

    def run(self) -> None:
        """Do what is asked for until the end."""
        due = False
        while True:
            try:
                request = self._requests.get(timeout=QUIET if due else None)
            except queue.Empty:
                due = self._step()
                continue
            if request is None:
                return
            with uncollected():
                request()
            due = True

    def _step(self) -> bool:
        """Do a step while nobody asks; a fault of ours must not end the server."""
        try:
            with uncollected():
                return self._idle()
        except Exception:
            logging.getLogger(__name__).exception("what was open could not be looked at again")
            return False
