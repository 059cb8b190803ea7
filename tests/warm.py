"""Runs of the command line that find the tool loaded.

Each run is a process of its own, as a user's is; it comes from one that has imported the tool
already, which takes four fifths of the time of a short run. What is decided while Python starts
(its options, the encoding) is as in the tests' own process: `is_alike` says whether it may be.
Folders may stand on the path beside those of this process, for plug-ins.
"""

import atexit
import functools
import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import re
import select
import socket
import subprocess
import sys
from pathlib import Path

import fixtests

DECIDED_AT_START = ("PYTHON", "LC_", "LANG", "COVERAGE")
DECIDED_LATER = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
CUSTOM = ("sitecustomize", "usercustomize")  # which Python loads when it starts
HERE = dict(os.environ)
# What other processes load, under other names.
FOR_OTHERS = ("fixtests.verify.support.", "fixtests.testing.fake_api.")
MOST = 1 << 20  # bytes of a request
PIPES = 2


def at_start(variables):
    """What Python is told by variables when it starts, but for what can be told later."""
    return {
        name: it
        for name, it in variables.items()
        if name.startswith(DECIDED_AT_START) and name not in DECIDED_LATER
    }


def added(env, own):
    """The folders that variables put in front of those of `own`, None where they do otherwise."""
    path, rest = (variables.get("PYTHONPATH", "") for variables in (env, own))
    if path == rest:
        return []
    before, between, after = path.rpartition(os.pathsep + rest) if rest else (path, os.pathsep, "")
    return before.split(os.pathsep) if between and not after else None


def is_beside(folder):
    """Whether a folder can be put on the path of a process that runs: what it holds is new."""
    names = {path.name.partition(".")[0] for path in Path(folder).iterdir()}
    return not any(name in CUSTOM or importlib.util.find_spec(name) for name in names)


def is_alike(env):
    """Whether Python starts with these variables as it started here, or can be told later."""
    if env is None:
        return True
    folders = added(env, HERE)
    return (
        at_start(env) == at_start(HERE)
        and folders is not None
        and all(Path(folder).is_absolute() and is_beside(folder) for folder in folders)
    )


class Warm:
    """A process that has the tool loaded and divides for each run.

    It is of this interpreter, with these variables, unless others are named.
    """

    def __init__(self, python=sys.executable, env=None):
        self._here, there = socket.socketpair()
        self._process = subprocess.Popen(
            [python, __file__, str(there.fileno())],
            stdin=subprocess.DEVNULL,
            env=env,
            pass_fds=[there.fileno()],
        )
        there.close()
        atexit.register(self._close)

    def run(self, arguments, folder, env, timeout, stdin=os.devnull):
        """The exit code, output and errors of a run; `stdin` is the file that it reads from."""
        pipes = [os.pipe() for _ in range(PIPES)]
        variables = dict(os.environ if env is None else env)
        request = [list(arguments), str(folder), variables, str(stdin)]
        data = json.dumps(request).encode()
        assert len(data) < MOST
        socket.send_fds(self._here, [data + b"\n"], [there for _, there in pipes])
        for _, there in pipes:
            os.close(there)
        texts = dict.fromkeys((here for here, _ in pipes), b"")
        waiting = set(texts)
        while waiting:
            ready, _, _ = select.select(list(waiting), [], [], timeout)
            if not ready:
                self._process.kill()
                raise subprocess.TimeoutExpired(arguments, timeout)
            for here in ready:
                data = os.read(here, MOST)
                texts[here] += data
                if not data:
                    waiting.remove(here)
                    os.close(here)
        return int(self._here.recv(16)), *texts.values()

    def _close(self):
        """End the process, which waits for requests until nobody can send one."""
        self._here.close()
        self._process.wait()


@functools.cache
def load():
    """Import the tool, and have it learn what holds for every run: rules, profiles, words."""
    re._MAXCACHE = 1 << 16  # the patterns of reviews are compiled anew for each run
    for module in pkgutil.walk_packages(fixtests.__path__, "fixtests."):
        if not module.name.endswith("__main__") and not module.name.startswith(FOR_OTHERS):
            importlib.import_module(module.name)
    for name in sys.modules["fixtests.tree.known_profiles"].ranked():
        sys.modules["fixtests.tree.known_profiles"].load(name)
    rules = sys.modules["fixtests.rules.registry"].every()
    topics = sys.modules["fixtests.review.topics"].Topics(rules, {}, {})
    topics.meant(sys.modules["fixtests.review.claim"].Claim("", "", "Something."))
    gc.collect()
    gc.freeze()


def forget():
    """Have nothing known that depends on which plug-ins there are."""
    for name, module in [*sys.modules.items()]:
        if name.startswith("fixtests."):
            for it in vars(module).values():
                if isinstance(it, functools._lru_cache_wrapper):
                    it.cache_clear()


def serve(connection):
    """Divide for each request until nobody asks any more."""
    load()
    while True:
        data, given, _, _ = socket.recv_fds(connection, MOST, PIPES)
        while data and not data.endswith(b"\n"):
            data += connection.recv(MOST)
        if not data:
            return
        if (child := os.fork()) == 0:
            connection.close()
            answer(*json.loads(data), given)
        for it in given:
            os.close(it)
        _, status = os.waitpid(child, 0)
        connection.send(str(os.waitstatus_to_exitcode(status)).encode())


def answer(arguments, folder, env, stdin, given):
    """Be a run of the command line."""
    for number, it in enumerate([os.open(stdin, os.O_RDONLY), *given]):
        os.dup2(it, number)
        os.close(it)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.dont_write_bytecode = bool(env.get("PYTHONDONTWRITEBYTECODE"))
    sys.path[0] = folder  # as `python -m` has it
    if folders := added(env, HERE):
        sys.path[1:1] = folders
        forget()
    main = importlib.import_module("fixtests.__main__")
    sys.argv[:] = [str(Path(main.__file__)), *arguments]
    main.main()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
