"""Signals that wait until the file at hand is done."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


@contextlib.contextmanager
def patient() -> Iterator[Callable[[], bool]]:
    """Put signals off until the block has ended; the function given tells whether one came."""
    came: list[int] = []
    before = {}
    with contextlib.suppress(ValueError):  # not in the main thread, where signals never come
        for number in SIGNALS:
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, lambda given, _: came.append(given))
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])
