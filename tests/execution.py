"""Runs the tests of samples before and after their fixes, in a process that has nothing else.

As a script it says how many of them can run and which fixes break one, the unsafe ones, too.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import samples
from samples import Root, Sample

HERE = Path(__file__).resolve().parent
Answers = dict[str, dict[str, Any]]


class Runner:
    """The process that runs samples; it answers one request after the other."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-E", "-S", "-m", "fake_api"],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._read() == "ready\n"

    def compare(self, before: Path, after: Path, rule: str) -> Answers:
        """Return, for each test, why it cannot run or how its fixed form differs."""
        request = {"before": str(before), "after": str(after), "rule": rule}
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(request)}\n")
        self._process.stdin.flush()
        answers: Answers = json.loads(self._read())
        return answers

    def check(self, root: Root, rule: str, **changes: object) -> Answers:
        """Return what becomes of each test of a tree by the fixes of a rule."""
        after = root.folder.with_name("fixed")
        shutil.copytree(root.folder, after)
        for name, content in samples.fixed(root, rule, **changes).items():
            path = after / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return self.compare(root.folder, after, rule)

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=60)

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def report(found: list[Sample], runner: Runner, **changes: object) -> str:
    """Return how many tests of samples run, and which of them the fixes break."""
    lines, count = [], 0
    for sample in found:
        with tempfile.TemporaryDirectory() as folder:
            root = Root(sample.start, Path(folder) / "root")
            answers = runner.check(root, sample.rule, **changes)
        count += len(answers)
        for test, answer in answers.items():
            if answer["cannot"]:
                lines.append(f"  {sample.name} {test}: passes in no world: {answer['cannot']}")
            lines += [f"  {sample.name} {test}: {problem}" for problem in answer["broken"]]
    return "\n".join([f"{len(found)} samples with {count} tests; of these", *lines])


def main() -> None:
    """Report on the safe fixes of all samples, then on the unsafe ones."""
    runner, every = Runner(), samples.every()
    safe = [item for item in every if item.kind == "before"]
    unsafe = [item for item in every if item.result("unsafe").exists()]
    sys.stdout.write(f"safe fixes: {report(safe, runner)}\n")
    sys.stdout.write(f"unsafe fixes: {report(unsafe, runner, unsafe_fixes=True)}\n")
    runner.close()


if __name__ == "__main__":
    main()
