"""Compares trees on request: a line of JSON in, a line of JSON out, each in its own process."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from fake_api import stand_ins
from fake_api.running import Tree
from fake_api.search import Answer, compare
from fake_api.takeover import take_over

SECONDS = 30
_dumps, _loads = json.dumps, json.loads


def answers(request: dict[str, str]) -> dict[str, Answer]:
    """Return what came of each test of a tree and of its fixed form."""
    before, after = Tree(Path(request["before"])), Tree(Path(request["after"]))
    try:
        return {str(it): compare(before, after, it, request["rule"]) for it in before.entries()}
    except Exception as error:
        return {"all": Answer(cannot=f"{type(error).__name__}: {error}")}


def serve() -> None:
    """Answer requests until there are no more; a sample that hangs is killed."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    sys.stdout = sys.stderr = io.StringIO()  # what samples print
    take_over()
    for path in sys.argv[1:]:
        stand_ins.take(path)
    sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != Path.cwd()]
    say(out, "ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.alarm(SECONDS)
            found = {test: asdict(answer) for test, answer in answers(_loads(line)).items()}
            say(out, _dumps(found))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            killed = {"all": asdict(Answer(cannot=f"the process ended with status {status}"))}
            say(out, _dumps(killed))


def say(out: TextIO, text: str) -> None:
    """Write one line at once."""
    out.write(f"{text}\n")
    out.flush()


if __name__ == "__main__":
    serve()
