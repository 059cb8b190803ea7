"""A scheduler of Dask and workers on the loopback interface, as a user starts them."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

WAIT = 60  # seconds until a process has said where it is


class Machine:
    """A scheduler or a worker in a process of its own, and the address that it has."""

    def __init__(self, folder, said, *words, **more):
        folder.mkdir(parents=True)
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
                env={**os.environ, "DASK_LOGGING__DISTRIBUTED": "info", **more},
            )
        end = time.monotonic() + WAIT
        while not (found := re.search(said, self.log.read_text())):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)
        self.address = found[1]

    def is_running_tests(self):
        """Tell whether one of its processes is a guard of tests."""
        for item in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                parent = int(item.read_text().rpartition(")")[2].split()[1])
                words = item.with_name("cmdline").read_bytes()
                if parent == self.process.pid and b"guard.py" in words:
                    return True
        return False

    def is_alive(self):
        return self.process.poll() is None

    def send(self, number):
        self.process.send_signal(number)

    def end(self):
        for number in (signal.SIGCONT, signal.SIGKILL):
            if self.is_alive():
                self.send(number)
        self.process.wait()


@contextmanager
def machines(folder, *environments):
    """Start a scheduler and a worker with one thread in each environment; yield all machines."""
    loopback = ("--host", "127.0.0.1", "--no-dashboard")
    started = [
        Machine(
            folder / "scheduler",
            r"Scheduler at:\s+(tcp://\S+)",
            *("dask_scheduler", *loopback, "--port", "0"),
        )
    ]
    try:
        address = started[0].address
        for number, more in enumerate(environments):
            started.append(
                Machine(
                    folder / f"worker{number}",
                    r"Start worker at:\s+(tcp://\S+)",
                    *("dask_worker", address, *loopback, "--nthreads", "1", "--no-nanny"),
                    *("--local-directory", str(folder)),
                    **more,
                )
            )
        yield started
    finally:
        for machine in reversed(started):
            machine.end()
