"""Where the program begins: an answer from the cache, or else the command line."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

INTERRUPTED = 130


def main() -> NoReturn:
    """Answer a command line and leave with its exit code."""
    try:
        code = _answered()
    except KeyboardInterrupt:  # before the command line could hear of it
        os.write(2, b"Interrupted; every file is whole.\n")
        code = INTERRUPTED
    _leave(code)


def _answered() -> int:
    """Answer a command line; what was answered before needs nothing loaded."""
    gc.set_threshold(50_000)  # what is loaded stays, and nearly all that is made is made to stay
    from fixtests.cache import output_cache
    from fixtests.files import user_folders

    entry = None if user_folders.is_run_open() else output_cache.place(sys.argv[1:])
    answer = output_cache.read(entry) if entry else None
    if answer is not None:
        return _given(answer.parts, answer.code)
    from fixtests.cli import main as cli

    return cli.recorded(entry) if entry else cli.outcome()


def _given(parts: Sequence[tuple[bool, bytes]], code: int) -> int:
    """Print an earlier answer again and return its exit code."""
    try:
        for to_stderr, data in parts:
            stream = sys.stderr if to_stderr else sys.stdout
            if stream is not None:
                stream.buffer.write(data)
                stream.buffer.flush()
    except BrokenPipeError:  # nobody reads on
        return 1
    except OSError as error:
        with contextlib.suppress(OSError):
            os.write(2, f"error: cannot write the output: {error.strerror}\n".encode())
        return 2
    return code


def _leave(code: int) -> NoReturn:
    """End at once: taking memory apart is the system's work."""
    os._exit(code)


if __name__ == "__main__":
    main()
