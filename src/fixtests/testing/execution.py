"""Runs the tests of samples before and after their fixes, in a process that has nothing else.

What a project's tests need and is not there is made up: see `fake_api`.
"""

from __future__ import annotations

import atexit
import functools
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from fixtests.files import interpreter
from fixtests.testing import samples
from fixtests.testing.roots import Root

HERE = Path(__file__).resolve().parent
Answers = dict[str, dict[str, Any]]


class Runner:
    """The process that runs samples; it answers one request after the other.

    `stand_ins` is a file with what a plug-in's tests need beside what is made up: `PROVIDED`, names
    by module, such as a base class; `FIXTURES`, what makes fixtures of pytest, by their names; by
    the name of a rule, `MAY_ASSERT` and `MAY_DROP`, how assertions begin that its fix may add, and
    that may go.
    """

    def __init__(self, stand_ins: Path | None = None) -> None:
        more = [str(stand_ins.resolve())] if stand_ins else []
        self._process = subprocess.Popen(
            [interpreter.own(), "-E", "-S", "-m", "fake_api", *more],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if self._read() != "ready\n":
            raise RuntimeError("the world of stand-ins did not begin; see above")

    def compare(self, before: Path, after: Path, rule: str) -> Answers:
        """Return, for each test, why it cannot run or how its fixed form differs."""
        request = {"before": str(before), "after": str(after), "rule": rule}
        stdin = self._process.stdin
        if stdin is None:
            raise RuntimeError("the world of stand-ins hears nothing")
        stdin.write(f"{json.dumps(request)}\n")
        stdin.flush()
        answers: Answers = json.loads(self._read())
        return answers

    def check(self, root: Root, rule: str, *, unsafe_fixes: bool | None = None) -> Answers:
        """Return what becomes of each test of a tree by the fixes of a rule."""
        after = root.folder.with_name("fixed")
        shutil.copytree(root.folder, after)
        for name, content in samples.fixed(root, rule, unsafe_fixes=unsafe_fixes).items():
            path = after / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return self.compare(root.folder, after, rule)

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=60)

    def _read(self) -> str:
        return self._process.stdout.readline() if self._process.stdout else ""


@functools.cache
def running(stand_ins: Path | None) -> Runner:
    """Return a runner that lasts as long as this process."""
    found = Runner(stand_ins)
    atexit.register(found.close)
    return found
